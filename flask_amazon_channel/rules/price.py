"""What does it cost at Amazon?

The price comes from the attribute that the store names; where a product has none there, from its ordinary
price.  It is converted into the marketplace's currency, VAT is added once, and it is rounded half up, once,
at the end.  A price set by hand replaces all of that.  Nothing replaces the guards: a price outside them is
refused and shown, never bent until it fits.  A person may let one refused price through.

A sale price with its dates is a field of its own at Amazon and no part of this price.

A running price is either net in the shop's currency or final in the marketplace's.  It starts net.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_amazon_channel.rules.listing import Override
from flask_amazon_channel.rules.money import rounded
from flask_amazon_channel.rules.reasons import Reason, Step, because
from flask_amazon_channel.rules.settings import PriceGuards, StoreRules
from flask_amazon_channel.rules.values import ShopProduct

_HUNDRED = Decimal(100)
_BEYOND_MONEY = Decimal(10) ** 12
"""No price of anything; such a number cannot even be rounded safely."""


@dataclass(frozen=True, slots=True)
class PriceDecision:
    """The price wanted at Amazon, in the store's currency.

    `value` is None where no price may be sent; then `missing` says what is needed to compute one, or
    `refused` which guard stood in the way of `computed`.  `waits` says why the value is not sent now.
    """

    value: Decimal | None
    computed: Decimal | None = None
    refused: Reason | None = None
    missing: Reason | None = None
    steps: tuple[Step, ...] = ()
    changes_at: datetime | None = None
    waits: Reason | None = None

    @property
    def to_send(self) -> Decimal | None:
        """The price that may leave now, or None."""
        return self.value if self.waits is None else None

    def as_json(self) -> dict[str, Any]:
        return {
            "value": None if self.value is None else str(self.value),
            "computed": None if self.computed is None else str(self.computed),
            "refused": self.refused.as_json() if self.refused else None,
            "missing": self.missing.as_json() if self.missing else None,
            "steps": [step.as_json() for step in self.steps],
            "waits": self.waits.as_json() if self.waits else None,
        }


@dataclass(frozen=True, slots=True)
class RunningPrice:
    """An amount on its way to a price: net in the shop's currency, or final in the marketplace's."""

    amount: Decimal
    currency: str
    is_final: bool = False


def wanted_price(
    product: ShopProduct,
    rules: StoreRules,
    override: Override[Decimal] | None,
    observed_price: Decimal | None,
    now: datetime,
    released_price: Decimal | None = None,
) -> PriceDecision:
    """Return the price that this store wants at Amazon, with the steps of the calculation."""
    steps: list[Step] = []
    changes_at = None
    if override is not None and override.holds(now):
        changes_at = override.until
        price = _by_hand(override, rules, steps)
    else:
        start = _start(product, rules, steps)
        outcome = _finished(start, rules, steps) if isinstance(start, RunningPrice) else start
        if isinstance(outcome, Reason):
            return PriceDecision(None, missing=outcome, steps=tuple(steps))
        price = outcome
    refused = refusal(price, rules, observed_price)
    if refused is not None and _is_price(price) and price == released_price:
        steps.append(Step("Refused by a guard, and let through by hand.", price))
        refused = None
    value = price if refused is None else None
    return PriceDecision(value, price, refused, None, tuple(steps), changes_at)


def _by_hand(override: Override[Decimal], rules: StoreRules, steps: list[Step]) -> Decimal:
    price = _rounded(override.value, rules.currency)
    why = f" ({override.reason})" if override.reason else ""
    steps.append(Step("Set by hand{why}.", price, {"why": why}))
    return price


def _start(product: ShopProduct, rules: StoreRules, steps: list[Step]) -> RunningPrice | Reason:
    """Return the net price that everything else starts from."""
    amount = product.prices.get(rules.price_source) if rules.price_source != "price" else None
    currency = product.currency or rules.shop_currency or rules.currency
    if amount is not None:
        steps.append(Step("{source} of the product in {currency}.", amount, _source(rules, currency)))
    elif product.price is not None:
        amount = product.price
        empty = "{source} is empty, so the ordinary price of the product in {currency}."
        text = "Price of the product in {currency}." if rules.price_source == "price" else empty
        steps.append(Step(text, amount, _source(rules, currency)))
    else:
        return because("no_price", "The product has no price.", "product")
    if not amount.is_finite():
        return because("no_price", "The shop's price is {amount}, which is no number.", "product", amount=amount)
    return RunningPrice(amount, currency)


def _source(rules: StoreRules, currency: str) -> dict[str, str]:
    return {"source": rules.price_source, "currency": currency}


def _finished(running: RunningPrice, rules: StoreRules, steps: list[Step]) -> Decimal | Reason:
    """Convert, add VAT, round: in this order, and each once."""
    amount = running.amount
    if not running.is_final:
        if running.currency != rules.currency:
            rate = rules.exchange_rate if running.currency == rules.shop_currency else None
            if rate is None or not rate.is_finite() or rate <= 0:
                text = "There is no exchange rate from {from_currency} to {to_currency}."
                currencies = {"from_currency": running.currency, "to_currency": rules.currency}
                return Reason("no_exchange_rate", text, "exchange-rates", currencies)
            amount = amount * rate
            steps.append(Step("Converted to {to} at {rate}.", amount, {"to": rules.currency, "rate": rate}))
        if rules.vat_percent:
            amount = amount * (_HUNDRED + rules.vat_percent) / _HUNDRED
            steps.append(Step("With {vat} % VAT.", amount, {"vat": rules.vat_percent}))
    price = _rounded(amount, rules.currency)
    if price != amount:
        steps.append(Step("Rounded half up.", price))
    return price


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return rounded(amount, currency) if amount.is_finite() and abs(amount) < _BEYOND_MONEY else amount


def refusal(price: Decimal, rules: StoreRules, observed_price: Decimal | None) -> Reason | None:
    """Return why such a price may not be sent, or None.  Ask it once more right before sending."""
    if not _is_price(price):
        return because("not_a_price", "{price} is not a price.", "product", price=price)
    guards: PriceGuards = rules.guards
    if guards.minimum is not None and price < guards.minimum:
        text = "{price} {currency} is below the store's minimum of {guard}."
        return _refused("price_below_minimum", text, price, rules.currency, guards.minimum)
    if guards.maximum is not None and price > guards.maximum:
        text = "{price} {currency} is above the store's maximum of {guard}."
        return _refused("price_above_maximum", text, price, rules.currency, guards.maximum)
    return _too_great_a_step(price, rules, observed_price)


def _is_price(price: Decimal) -> bool:
    return price.is_finite() and 0 < price < _BEYOND_MONEY


def _too_great_a_step(price: Decimal, rules: StoreRules, observed_price: Decimal | None) -> Reason | None:
    greatest = rules.guards.greatest_step_percent
    if greatest is None or not observed_price or abs(price - observed_price) * _HUNDRED <= greatest * observed_price:
        return None
    text = "From {observed} to {price} {currency} is more than {guard} % in one step."
    return _refused("price_step_too_great", text, price, rules.currency, greatest, observed=observed_price)


def _refused(code: str, text: str, price: Decimal, currency: str, guard: Decimal, **more: Decimal) -> Reason:
    return because(code, text, "price-guards", price=price, currency=currency, guard=guard, **more)
