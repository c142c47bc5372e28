"""The goods of Fjellstad & Sons, read from `catalogue.csv`.

Titles, makers and numbers are invented, the check digits are right.  Prices are US dollars.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from example_store.models import Product

FILE = Path(__file__).parent / "catalogue.csv"


def goods() -> list[Product]:
    """Return the products of the catalogue, in its order, not yet stored."""
    with FILE.open(encoding="utf-8", newline="") as rows:
        return [_product(row) for row in csv.DictReader(rows)]


def _product(row: dict[str, str]) -> Product:
    ean = row["ean"] or None
    return Product(
        sku=row["sku"],
        category=row["category"],
        title=row["title"],
        brand=row["brand"],
        description=row["description"],
        kind=row["kind"],
        condition=row["condition"],
        enabled=row["enabled"] == "yes",
        hold_price=row["hold_price"] == "yes",
        stock=int(row["stock"]),
        price=Decimal(row["price"]),
        cost=_money(row["cost"]),
        list_price=_money(row["list_price"]),
        sale_price=_money(row["sale_price"]),
        ean=ean,
        isbn=ean if ean and ean.startswith("978") else None,
        asin=row["asin"] or None,
    )


def _money(text: str) -> Decimal | None:
    return Decimal(text) if text else None
