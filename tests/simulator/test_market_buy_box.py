"""The rule that chooses the featured offer."""

from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.simulator.market.buy_box import expected_price, featured
from flask_amazon_channel.simulator.market.offers import MarketOffer

CENT = Decimal("0.01")
NEW = MarketOffer("A1", None, "New", "new", Decimal("20.00"), Decimal(0), 0, False, False, 95, 100, (24, 48), "DE")


def offer(seller: str, price: str | None, **facts: Any) -> MarketOffer:
    amount = None if price is None else Decimal(price)
    shipping = Decimal(facts.pop("shipping", "0"))
    return NEW._replace(seller=seller, price=amount, shipping=shipping, **facts)


def winner(*offers: MarketOffer, reference: str | None = None, prime: bool = True) -> str | None:
    found = featured(offers, None if reference is None else Decimal(reference), prime)
    return found.seller if found else None


def test_the_lowest_landed_price_wins_not_the_lowest_price() -> None:
    assert winner(offer("CHEAP", "18.00", shipping="4.00"), offer("FREE", "20.00")) == "FREE"


def test_points_count_as_money_given_back() -> None:
    assert winner(offer("PLAIN", "2000"), offer("POINTS", "2010", points=20)) == "POINTS"


@pytest.mark.parametrize(("amazons", "wins"), [("20.61", "AMAZON"), ("20.63", "MERCHANT")])
def test_an_offer_shipped_by_amazon_may_cost_three_percent_more(amazons: str, wins: str) -> None:
    assert winner(offer("AMAZON", amazons, by_amazon=True, prime=True), offer("MERCHANT", "20.00")) == wins


@pytest.mark.parametrize(("primes", "wins"), [("20.40", "PRIME"), ("20.42", "MERCHANT")])
def test_a_prime_offer_of_a_merchant_may_cost_two_percent_more(primes: str, wins: str) -> None:
    assert winner(offer("PRIME", primes, prime=True), offer("MERCHANT", "20.00")) == wins


def test_customers_without_prime_see_the_lowest_price() -> None:
    offers = offer("AMAZON", "20.50", by_amazon=True, prime=True), offer("MERCHANT", "20.00")
    assert winner(*offers, prime=False) == "MERCHANT"
    assert winner(*offers, prime=True) == "AMAZON"


@pytest.mark.parametrize(("percent", "ratings", "wins"), [(80, 5, "CHEAP"), (79, 500, "DEAR"), (100, 4, "DEAR")])
def test_bad_or_little_feedback_never_wins(percent: int, ratings: int, wins: str) -> None:
    assert winner(offer("CHEAP", "1.00", percent=percent, ratings=ratings), offer("DEAR", "20.00")) == wins


def test_equal_prices_are_decided_by_feedback_and_then_by_name() -> None:
    assert winner(offer("A1", "20.00"), offer("A2", "20.00", percent=96)) == "A2"
    assert winner(offer("A1", "20.00"), offer("A2", "20.00", ratings=101)) == "A2"
    assert winner(offer("A2", "20.00"), offer("A1", "20.00")) == "A1"


def test_an_offer_without_a_price_never_wins() -> None:
    assert winner(offer("A1", None)) is None
    assert winner(offer("A1", None), offer("A2", "99.00")) == "A2"


@pytest.mark.parametrize(("price", "wins"), [("24.00", "A1"), ("24.01", None)])
def test_nobody_wins_far_above_the_price_of_other_retailers(price: str, wins: str | None) -> None:
    assert winner(offer("A1", price), reference="20.00") == wins


RIVALS = [
    [offer("R1", "20.00")],
    [offer("R1", "20.00", by_amazon=True, prime=True)],
    [offer("R1", "18.33", shipping="2.99", prime=True), offer("R2", "40.00")],
    [offer("R1", "21.00", percent=99), offer("R2", "1.00", percent=10)],
    [offer("R1", "19.00", percent=95, ratings=100)],
]


@pytest.mark.parametrize("rivals", RIVALS)
@pytest.mark.parametrize("mine", [offer("ME", "30.00"), offer("ME", "30.00", by_amazon=True, shipping="1.50")])
@pytest.mark.parametrize("reference", [None, Decimal("16.00")])
def test_the_expected_price_wins_and_a_cent_more_does_not(
    mine: MarketOffer, rivals: list[MarketOffer], reference: Decimal | None
) -> None:
    price = expected_price(mine, rivals, reference, CENT)
    assert price is not None
    at, above = mine._replace(price=price), mine._replace(price=price + CENT)
    assert featured([at, *rivals], reference) == at
    assert featured([above, *rivals], reference) != above


def test_there_is_no_expected_price_without_anything_to_compare_with_or_below_zero() -> None:
    assert expected_price(offer("ME", "30.00"), [], None, CENT) is None
    assert expected_price(offer("ME", "30.00", shipping="5"), [offer("R1", "0.02")], None, CENT) is None
