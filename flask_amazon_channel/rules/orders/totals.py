"""Do the parts add up to what Amazon says the buyer pays?

Every part of the order, discounts taken off, must add up to the grand total, and each part to its lines.  A
difference of one smallest unit is rounding; more is shown on the order.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask_amazon_channel.rules.amazon import OrderSnapshot
from flask_amazon_channel.rules.money import to_minor
from flask_amazon_channel.rules.orders.stock import quantity
from flask_amazon_channel.rules.reasons import Reason, because
from flask_amazon_channel.rules.values import Totals

DISCOUNTS = frozenset({"DISCOUNT", "PROMOTION"})
"""Amazon's documentation says DISCOUNT; PROMOTION has been seen in its answers."""

_ZERO = Decimal(0)
_PARTS = {"ITEM": "items", "SHIPPING": "shipping", "GIFT_WRAP": "gift_wrap", "TAX": "tax"}


def order_totals(order: OrderSnapshot) -> Totals:
    """Return what the buyer pays, by part.  `discount` is how much was taken off, never below zero."""
    parts = _signed(order.breakdown) if order.breakdown else _from_lines(order)
    known = {field: parts.get(name, _ZERO) for name, field in _PARTS.items()}
    discount = sum((-parts.get(name, _ZERO) for name in DISCOUNTS), _ZERO)
    total = sum(parts.values(), _ZERO)
    other = total - sum(known.values(), _ZERO) + discount
    grand_total = total if order.grand_total is None else order.grand_total
    return Totals(**known, discount=discount, other=other, grand_total=grand_total)


def totals_differ(order: OrderSnapshot) -> Reason | None:
    """Return the first sum that is wrong by more than one minor unit, or None."""
    if order.currency is None or not order.breakdown:
        return None
    parts = _signed(order.breakdown)
    if order.grand_total is not None:
        text = "The parts of the order add up to {found} {currency}, Amazon's total is {expected}."
        difference = _difference(text, sum(parts.values(), _ZERO), order.grand_total, order.currency)
        if difference is not None:
            return difference
    return _lines_differ(order, parts, order.currency)


def _lines_differ(order: OrderSnapshot, parts: Mapping[str, Decimal], currency: str) -> Reason | None:
    lines = [_signed(item.breakdown) for item in order.items]
    for name in sorted({name for line in lines for name in line}):
        found = sum((line.get(name, _ZERO) for line in lines), _ZERO)
        text = "The lines' {part} adds up to {found} {currency}, the order's is {expected}."
        difference = _difference(text, found, parts.get(name, _ZERO), currency, part=name)
        if difference is not None:
            return difference
    return None


def _difference(text: str, found: Decimal, expected: Decimal, currency: str, **more: str) -> Reason | None:
    if abs(to_minor(found, currency) - to_minor(expected, currency)) <= 1:
        return None
    return because("totals_differ", text, "order", found=found, expected=expected, currency=currency, **more)


def _signed(breakdown: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """A discount always lowers the total, whichever sign it came with."""
    return {name: -abs(amount) if name in DISCOUNTS else amount for name, amount in breakdown.items()}


def _from_lines(order: OrderSnapshot) -> dict[str, Decimal]:
    return {
        "ITEM": sum(((item.unit_price or _ZERO) * quantity(item) for item in order.items), _ZERO),
        "TAX": sum((item.tax for item in order.items), _ZERO),
        "DISCOUNT": -sum((abs(item.discount) for item in order.items), _ZERO),
    }
