from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_amazon_channel.rules.money import from_minor, rounded, to_minor

currencies = st.sampled_from(["USD", "EUR", "GBP", "JPY", "SEK"])


@settings(derandomize=True)
@given(st.integers(-(10**12), 10**12), currencies)
def test_minor_units_survive_the_way_out_and_back(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


@settings(derandomize=True)
@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=4), currencies)
def test_rounding_moves_an_amount_by_half_a_unit_at_most_and_only_once(amount: Decimal, currency: str) -> None:
    once = rounded(amount, currency)
    assert abs(once - amount) * 2 <= from_minor(1, currency)
    assert rounded(once, currency) == once


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        pytest.param("6.392", "USD", "6.39", id="down below half"),
        pytest.param("0.125", "USD", "0.13", id="half goes up, not to the even one"),
        pytest.param("40.941", "EUR", "40.94", id="forty euros"),
        pytest.param("1980.5", "JPY", "1981", id="yen have no minor unit"),
    ],
)
def test_amounts_are_rounded_half_up(amount: str, currency: str, expected: str) -> None:
    assert str(rounded(Decimal(amount), currency)) == expected
