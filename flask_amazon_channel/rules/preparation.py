"""What does the shop's catalogue lack for Amazon?  Counting, product by product, in a shape that can be stored.

    {"products": 812, "offerable": 790, "sources": ["sku", "asin", "ean", ...],
     "filled": {"ean": 640, ...}, "valid": {"ean ean": 631, "isbn ean": 12, ...},
     "lacking": {"ean": [["7", "MUG-7", "Mug"], ...]}, "wrong": {"ean ean": [["8", "MUG-8", "123"], ...]},
     "conditions": {"new": 700, ...}, "condition_lacking": [...], "conditions_unknown": 3}

A source is an attribute of the shop that may hold an identifier; `valid` and `wrong` are counted for every kind of
identifier and every source, so that a mapping can be chosen by what it would find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_amazon_channel.rules.eligibility import SUPPORTED_KINDS
from flask_amazon_channel.rules.identifiers import normal_form
from flask_amazon_channel.rules.values import ShopAttribute, ShopProduct

Counts = dict[str, Any]

KINDS = ("asin", "ean", "upc", "isbn", "gcid")
EXAMPLES = 5
MOST_SOURCES = 30
MOST_CONDITIONS = 30

_CONDITIONS = {
    "new": "new_new",
    "refurbished": "refurbished_refurbished",
    "renewed": "refurbished_refurbished",
    **{
        f"{family} {grade}": f"{family}_{grade.replace(' ', '_')}"
        for family in ("used", "collectible")
        for grade in ("like new", "very good", "good", "acceptable")
    },
}


def condition_known(text: str) -> str | None:
    """Return Amazon's `condition_type` that a shop's condition names by its own words, or None."""
    words = " ".join(re.findall(r"[a-z]+", text.lower()))
    half, _, rest = words.partition(" ")
    return _CONDITIONS.get(half if half == rest else words)


def sources_of(attributes: Iterable[ShopAttribute]) -> list[str]:
    """Return the attributes that may hold an identifier: the SKU, the identifiers, and the shop's texts and numbers."""
    own = [one.name for one in attributes if one.type in ("text", "number")]
    return list(dict.fromkeys(["sku", *KINDS, *own]))[:MOST_SOURCES]


def begin(sources: Iterable[str]) -> Counts:
    """Return the counts before the first product."""
    return {
        "products": 0,
        "offerable": 0,
        "sources": list(sources),
        "filled": {},
        "valid": {},
        "lacking": {},
        "wrong": {},
        "conditions": {},
        "conditions_unknown": 0,
        "condition_lacking": [],
    }


def add(counts: Counts, products: Iterable[ShopProduct]) -> None:
    """Count these products, too.  What Amazon does not sell one by one is only counted as such."""
    for product in products:
        counts["products"] += 1
        if product.kind in SUPPORTED_KINDS:
            counts["offerable"] += 1
            for source in counts["sources"]:
                _count_source(counts, product, source)
            _count_condition(counts, product)


def _count_source(counts: Counts, product: ShopProduct, source: str) -> None:
    value = value_of(product, source)
    if value is None:
        _keep(counts["lacking"], source, [product.id, product.sku, product.title[:80]])
        return
    _one_more(counts["filled"], source)
    for kind in KINDS:
        key = f"{kind} {source}"
        if normal_form(kind, value) is None:
            _keep(counts["wrong"], key, [product.id, product.sku, value[:40]])
        else:
            _one_more(counts["valid"], key)


def _count_condition(counts: Counts, product: ShopProduct) -> None:
    condition = (product.condition or "").strip()[:60]
    if not condition:
        if len(counts["condition_lacking"]) < EXAMPLES:
            counts["condition_lacking"].append([product.id, product.sku, product.title[:80]])
        return
    if condition in counts["conditions"] or len(counts["conditions"]) < MOST_CONDITIONS:
        _one_more(counts["conditions"], condition)
    else:
        counts["conditions_unknown"] += 1


def value_of(product: ShopProduct, source: str) -> str | None:
    """Return what the attribute holds, as text; None: nothing.  The order is that of `Shop.find_products`."""
    if source == "sku":
        found: Any = product.sku
    elif source in product.identifiers:
        found = product.identifiers[source]
    else:
        found = product.attributes.get(source)
    text = "" if found is None or isinstance(found, list | tuple | dict | set) else str(found).strip()
    return text or None


def _one_more(tally: dict[str, int], name: str) -> None:
    tally[name] = tally.get(name, 0) + 1


def _keep(examples: dict[str, list[Any]], name: str, example: list[str]) -> None:
    kept = examples.setdefault(name, [])
    if len(kept) < EXAMPLES:
        kept.append(example)
