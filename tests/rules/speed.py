"""How many decisions a second does one core make?  `python -m tests.rules.speed` says it."""

from __future__ import annotations

from decimal import Decimal
from time import perf_counter

from flask_amazon_channel.rules.decision import decide
from flask_amazon_channel.rules.settings import PriceGuards, QuantityRules
from tests.rules.making import DAY, MINUTE, NOW, make_facts, make_product, make_rules


def decisions_per_second(count: int = 50_000) -> float:
    """Decide on a product that takes every step: conversion, VAT, guards, buffer, maximum, held stock."""
    product = make_product(quantity=Decimal("80.5"), sell_until=NOW + DAY)
    guards = PriceGuards(Decimal(1), Decimal(99), Decimal(50))
    rules = make_rules(
        currency="GBP",
        exchange_rate=Decimal("0.85"),
        vat_percent=Decimal(20),
        guards=guards,
        quantity=QuantityRules(maximum=10, buffer=2),
    )
    facts = make_facts()
    begun = perf_counter()
    for _ in range(count):
        decide(product, 3, facts, rules, NOW - MINUTE, NOW)
    return count / (perf_counter() - begun)


if __name__ == "__main__":
    print(f"{decisions_per_second():,.0f} decisions/s")
