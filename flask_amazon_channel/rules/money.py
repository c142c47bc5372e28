"""Money is a `Decimal` with a currency outside the database, whole minor units inside it, never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_WITHOUT_MINOR_UNIT = frozenset({"JPY"})
"""ISO 4217 exponent 0 among the currencies of Amazon's marketplaces; all others have 2."""

_SMALLEST = {0: Decimal(1), 2: Decimal("0.01")}


def exponent(currency: str) -> int:
    """Return how many decimals the currency has."""
    return 0 if currency in _WITHOUT_MINOR_UNIT else 2


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up (away from zero) to the currency's minor unit."""
    return amount.quantize(_SMALLEST[exponent(currency)], rounding=ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return whole minor units (cents, yen), rounded half up."""
    return int(rounded(amount, currency).scaleb(exponent(currency)))


def from_minor(minor: int, currency: str) -> Decimal:
    """Return the amount of so many minor units."""
    return Decimal(minor).scaleb(-exponent(currency))


def plain(number: Decimal) -> Decimal:
    """Return the number without trailing zeros, as people write it: 18.600000 is 18.6, and 100 stays 100."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def currencies_without_minor_unit() -> frozenset[str]:
    """Return the currencies whose amounts are whole: for conditions over rows of several currencies."""
    return _WITHOUT_MINOR_UNIT
