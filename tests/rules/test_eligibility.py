from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.rules.eligibility import reasons_against
from flask_amazon_channel.rules.quantity import sellable
from flask_amazon_channel.rules.settings import QuantityRules
from flask_amazon_channel.rules.values import Kind
from tests.rules.making import DAY, FBA, NOW, make_facts, make_product, make_rules, make_unlisted


def codes(product: Any, facts: Any = None, held: int = 0, **settings: Any) -> list[str]:
    stock = sellable(product, held)
    found = reasons_against(product, facts or make_unlisted(), make_rules(**settings), stock, NOW)
    return [reason.code for reason in found]


def test_nothing_speaks_against_an_ordinary_product() -> None:
    assert codes(make_product()) == []


def test_a_product_that_the_storefront_no_longer_has_is_gone() -> None:
    assert codes(None) == ["product_gone"]


def test_all_reasons_are_given_not_only_the_first() -> None:
    product = make_product(enabled=False, kind=Kind.BUNDLE, quantity=0, sell_from=NOW + DAY)
    assert codes(product) == ["disabled", "unsupported_kind", "not_yet_on_sale", "too_little_stock"]


@pytest.mark.parametrize("kind", [Kind.BUNDLE, Kind.GROUPED, Kind.GIFT_CARD, Kind.PARENT, Kind.OTHER])
def test_only_simple_products_and_variants_can_be_sold(kind: Kind) -> None:
    assert codes(make_product(kind=kind)) == ["unsupported_kind"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"sell_from": NOW + DAY}, ["not_yet_on_sale"], id="before it begins"),
        pytest.param({"sell_from": NOW}, [], id="from the very moment on"),
        pytest.param({"sell_until": NOW + DAY}, [], id="before it ends"),
        pytest.param({"sell_until": NOW}, ["no_longer_on_sale"], id="at the very end"),
    ],
)
def test_a_product_is_sold_between_its_dates(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(make_product(**changes)) == expected


@pytest.mark.parametrize(
    ("quantity", "held", "threshold", "buffer", "is_eligible"),
    [
        pytest.param(1, 0, 0, 0, True, id="one is enough"),
        pytest.param(0, 0, 0, 0, False, id="none is too little even with threshold 0"),
        pytest.param(5, 0, 5, 0, True, id="as many as the threshold"),
        pytest.param(4, 0, 5, 0, False, id="fewer than the threshold"),
        pytest.param(3, 0, 0, 3, False, id="all of it is buffer"),
        pytest.param(4, 0, 0, 3, True, id="one more than the buffer"),
        pytest.param(8, 8, 0, 0, False, id="all of it sold at Amazon"),
        pytest.param(2, 4, 0, 0, False, id="more sold than there is"),
        pytest.param(Decimal("0.9"), 0, 0, 0, False, id="less than a whole one"),
        pytest.param(None, 0, 500, 50, True, id="stock that nobody counts"),
    ],
)
def test_a_product_needs_enough_stock(quantity: Any, held: int, threshold: int, buffer: int, is_eligible: bool) -> None:
    found = codes(
        make_product(quantity=quantity),
        None,
        held,
        threshold=threshold,
        quantity=QuantityRules(buffer=buffer),
    )
    assert found == ([] if is_eligible else ["too_little_stock"])


def test_the_sentence_says_the_numbers() -> None:
    rules = make_rules(threshold=20, quantity=QuantityRules(buffer=2))
    [reason] = reasons_against(make_product(quantity=12), make_unlisted(), rules, 12, NOW)
    assert reason.sentence == "12 can be sold, 20 needed (threshold 20, buffer 2)."


@pytest.mark.parametrize(
    ("facts", "product"),
    [
        pytest.param(make_facts(fulfilled_by=FBA), make_product(quantity=0), id="Amazon shows it as FBA"),
        pytest.param(make_unlisted(), make_product(quantity=0, fulfilled_by=FBA), id="the product will be FBA"),
    ],
)
def test_the_shops_stock_does_not_matter_where_amazon_ships(facts: Any, product: Any) -> None:
    assert codes(product, facts) == []


def test_what_amazon_shows_beats_what_the_product_says_about_who_ships() -> None:
    assert codes(make_product(quantity=0, fulfilled_by=FBA), make_facts()) == ["too_little_stock"]
