from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_amazon_channel.rules.breaker import (
    enough_live,
    is_drastic,
    is_explained_by_orders,
    is_too_much,
    mass_change,
)
from tests.rules.making import NOW


@pytest.mark.parametrize(
    ("changing", "live", "too_much"),
    [(49, 60, False), (50, 60, True), (50, 250, False), (51, 250, True), (200, 1000, False), (201, 1000, True)],
)
def test_it_takes_fifty_and_more_than_a_fifth(changing: int, live: int, too_much: bool) -> None:
    assert is_too_much(changing, live) is too_much


@given(changing=st.integers(0, 10**6), live=st.integers(0, 10**7))
def test_counting_the_live_ones_may_end_where_more_of_them_change_nothing(changing: int, live: int) -> None:
    enough = enough_live(changing)
    assert is_too_much(changing, min(live, enough)) == is_too_much(changing, live)


@pytest.mark.parametrize(
    ("aspect", "old", "new", "drastic"),
    [
        ("quantity", 5, 0, True),
        ("quantity", 5, 1, False),
        ("quantity", 0, 0, False),
        ("quantity", None, 0, False),
        ("price", Decimal("20.00"), Decimal("10.00"), False),
        ("price", Decimal("20.00"), Decimal("9.99"), True),
        ("price", Decimal("20.00"), Decimal("30.00"), False),
        ("price", Decimal("20.00"), Decimal("30.01"), True),
        ("price", None, Decimal("0.01"), False),
    ],
)
def test_drastic_is_a_new_zero_or_more_than_half_of_the_price(
    aspect: str, old: Decimal | int | None, new: Decimal | int, drastic: bool
) -> None:
    assert is_drastic(aspect, old, new) is drastic


def test_units_sold_explain_a_zero_only_if_they_are_all_that_were_shown() -> None:
    assert is_explained_by_orders(3, 3)
    assert not is_explained_by_orders(3, 2)
    assert not is_explained_by_orders(None, 2)


@pytest.mark.parametrize("aspect", ["quantity", "price"])
def test_the_reason_has_the_numbers(aspect: str) -> None:
    reason = mass_change(aspect, 60, 70, NOW)
    assert "60 or more of the" in reason.sentence
    assert "70" in reason.sentence
    assert "2026-11-20 12:00 UTC" in reason.sentence
