"""What the catalogue says of products whose sellers did not say it: decided by product type and ASIN.

Assumed: classifications, sales ranks and dimensions are made up; they are always the same for the same ASIN.
"""

from hashlib import blake2b
from typing import Any

from flask_amazon_channel.simulator.shelves.items import Item

_GROUPS = ("Home & Kitchen", "Sports & Outdoors", "Stationery & Office Supplies")


def classification_id(name: str) -> str:
    return str(10**9 + int.from_bytes(blake2b(name.encode(), digest_size=6).digest()) % 10**10)


def node_name(product_type: str) -> str:
    return product_type.replace("_", " ").title()


def classification(item: Item) -> dict[str, Any]:
    """The browse node of a product type, and the one above it."""
    above = group(item)
    return {
        "displayName": node_name(item.product_type),
        "classificationId": classification_id(item.product_type),
        "parent": {"displayName": above, "classificationId": classification_id(above)},
    }


def group(item: Item) -> str:
    return _GROUPS[int(classification_id(item.product_type)) % len(_GROUPS)]


def dimensions(item: Item, inches: bool) -> dict[str, Any]:
    """In inches and pounds in North America, else in centimetres and kilograms."""
    sides = {name: 4 + item.number(name, 400) / 10 for name in ("height", "length", "width")}
    weight = 0.1 + item.number("weight", 300) / 100
    return {"item": _measures(sides, weight, inches), "package": _measures(_more(sides, 2), weight + 0.2, inches)}


def _more(sides: dict[str, float], margin: float) -> dict[str, float]:
    return {name: side + margin for name, side in sides.items()}


def _measures(sides: dict[str, float], weight: float, inches: bool) -> dict[str, Any]:
    length_unit, weight_unit = ("inches", "pounds") if inches else ("centimeters", "kilograms")
    measures = {
        name: {"unit": length_unit, "value": round(side / (2.54 if inches else 1), 2)} for name, side in sides.items()
    }
    return {**measures, "weight": {"unit": weight_unit, "value": round(weight * (2.2046 if inches else 1), 3)}}
