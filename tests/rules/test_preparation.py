"""What the catalogue has and lacks is counted product by product."""

from __future__ import annotations

from typing import Any

import pytest

from flask_amazon_channel.rules import preparation
from flask_amazon_channel.rules.values import Kind, ShopAttribute
from tests.rules.making import make_product

EAN = "4006381333931"


def counted(*products: Any, sources: tuple[str, ...] = ("sku", "ean", "barcode")) -> preparation.Counts:
    counts = preparation.begin(sources)
    preparation.add(counts, products)
    return counts


def test_each_source_is_counted_for_each_kind_of_identifier() -> None:
    counts = counted(
        make_product(identifiers={"ean": EAN}),
        make_product(identifiers={"ean": "9780306406157"}),
        make_product(identifiers={"ean": "123"}, attributes={"barcode": EAN}),
    )
    assert counts["filled"] == {"sku": 3, "ean": 3, "barcode": 1}
    assert (counts["valid"]["ean ean"], counts["valid"]["isbn ean"], counts["valid"]["upc barcode"]) == (2, 1, 1)
    assert counts["wrong"]["ean ean"] == [["7", "MUG-1", "123"]]
    assert counts["lacking"]["barcode"] == [["7", "MUG-1", "A mug"]] * 2


def test_only_the_first_examples_are_kept() -> None:
    counts = counted(*[make_product()] * 20)
    assert len(counts["lacking"]["ean"]) == preparation.EXAMPLES


def test_what_amazon_does_not_sell_one_by_one_is_counted_apart() -> None:
    counts = counted(make_product(kind=Kind.BUNDLE), make_product())
    assert (counts["products"], counts["offerable"]) == (2, 1)
    assert counts["filled"] == {"sku": 1}


def test_conditions_are_counted_by_what_the_shop_calls_them() -> None:
    counts = counted(make_product(condition="New"), make_product(condition="New"), make_product())
    assert counts["conditions"] == {"New": 2}
    assert len(counts["condition_lacking"]) == 1


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("new", "new_new"),
        ("New", "new_new"),
        ("new_new", "new_new"),
        ("Used; Like New", "used_like_new"),
        ("used_very_good", "used_very_good"),
        ("Collectible - Good", "collectible_good"),
        ("Renewed", "refurbished_refurbished"),
        ("shabby", None),
        ("used", None),
        ("", None),
    ],
)
def test_amazons_conditions_are_known_by_their_words(text: str, condition: str | None) -> None:
    assert preparation.condition_known(text) == condition


def test_sources_are_the_sku_the_identifiers_and_the_shops_texts_and_numbers() -> None:
    attributes = [ShopAttribute("barcode", "Bar code"), ShopAttribute("fragile", "Fragile", "yes_no")]
    assert preparation.sources_of(attributes) == ["sku", "asin", "ean", "upc", "isbn", "gcid", "barcode"]
