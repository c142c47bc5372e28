"""How many units does Amazon show?

What the shop can sell, less what Amazon sold and the shop has not booked yet, rounded down, less the buffer,
at most the maximum, never below nothing.  A product whose stock is not managed shows a fixed number.  A
product that must not be sold shows none.  A person may set a lower number; nobody can show more than the shop
has.  For a SKU that Amazon ships itself (FBA) the channel never sends a quantity.

A quantity above the one that Amazon shows waits until orders were read past that moment: the lower number may
be a sale that we have not seen yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from flask_amazon_channel.rules.listing import Override
from flask_amazon_channel.rules.phrases import Word
from flask_amazon_channel.rules.reasons import Reason, Step, because
from flask_amazon_channel.rules.settings import StoreRules
from flask_amazon_channel.rules.values import FulfilledBy, ShopProduct

FRESH = timedelta(minutes=10)
"""How long a complete reading of orders vouches for a quantity above the live one."""


@dataclass(frozen=True, slots=True)
class QuantityDecision:
    """The quantity wanted at Amazon.

    `value` is None where the channel sends none (FBA, ended, without a product).  `is_wanted` says whether
    this store wants the SKU sold at all.  `waits` says why the value is not sent now.  `available` is
    what there is to sell: nothing above it may ever be sent.
    """

    value: int | None
    steps: tuple[Step, ...] = ()
    is_wanted: bool = False
    waits: Reason | None = None
    available: int = 0

    @property
    def to_send(self) -> int | None:
        """The quantity that may leave now, or None."""
        return self.value if self.waits is None else None

    def as_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "steps": [step.as_json() for step in self.steps],
            "waits": self.waits.as_json() if self.waits else None,
        }


def sellable(product: ShopProduct | None, held: int) -> Decimal | int | None:
    """Return what can still be sold: the shop's quantity less what Amazon sold and the shop has not booked.

    None where the shop does not manage its stock.  Below zero where more was sold than there is.
    """
    if product is None:
        return 0
    return None if product.quantity is None else product.quantity - held


def wanted_quantity(
    product: ShopProduct | None,
    held: int,
    rules: StoreRules,
    override: Override[int] | None,
    now: datetime,
    eligible: bool,
    fulfilled_by: FulfilledBy = FulfilledBy.MERCHANT,
) -> QuantityDecision:
    """Return how many units this store wants Amazon to show, with the steps of the calculation."""
    if fulfilled_by is FulfilledBy.AMAZON:
        text = "Amazon ships this SKU from its own stock: the channel sends no quantity."
        return QuantityDecision(None, (Step(text, ""),), is_wanted=eligible)
    if not eligible or product is None:
        return QuantityDecision(0, (Step("Something speaks against selling it.", 0),))
    if product.quantity is None:
        return _unmanaged(rules, override, now)
    return _managed(product.quantity, held, rules, override, now)


def _unmanaged(rules: StoreRules, override: Override[int] | None, now: datetime) -> QuantityDecision:
    value = rules.quantity.unmanaged
    steps = [Step("The shop does not manage the stock: the fixed quantity.", value)]
    if override is not None and override.holds(now):
        value = max(0, override.value)
        steps.append(Step("Set by hand{why}.", value, {"why": _why(override)}))
    else:
        value = _at_most(rules.quantity.maximum, value, steps)
    return QuantityDecision(value, tuple(steps), is_wanted=True, available=value)


def _managed(
    quantity: Decimal | int, held: int, rules: StoreRules, override: Override[int] | None, now: datetime
) -> QuantityDecision:
    steps = [Step("In the shop.", quantity)]
    rest = quantity - held
    if held:
        steps.append(Step("{held} sold at Amazon and not yet booked in the shop.", rest, {"held": held}))
    units = rest if isinstance(rest, int) else int(rest.to_integral_value(ROUND_FLOOR))
    if units != rest:
        steps.append(Step("Rounded down.", units))
    available = max(0, units)
    if override is not None and override.holds(now):
        value = max(0, min(override.value, units))
        text = "Set by hand to {set}{why}, but never more than there is."
        steps.append(Step(text, value, {"set": override.value, "why": _why(override)}))
        return QuantityDecision(value, tuple(steps), is_wanted=True, available=available)
    value = units - rules.quantity.buffer
    if rules.quantity.buffer:
        steps.append(Step("{buffer} held back.", value, {"buffer": rules.quantity.buffer}))
    value = _at_most(rules.quantity.maximum, value, steps)
    if value < 0:
        value = 0
        steps.append(Step("Never below nothing.", 0))
    return QuantityDecision(value, tuple(steps), is_wanted=True, available=available)


def _at_most(maximum: int, value: int, steps: list[Step]) -> int:
    if value <= maximum:
        return value
    steps.append(Step("Never more than {maximum}.", maximum, {"maximum": maximum}))
    return maximum


def _why(override: Override[Any]) -> str:
    return f" ({override.reason})" if override.reason else ""


def sendable(
    wanted: int,
    observed: int | None,
    observed_at: datetime | None,
    ever_live: bool,
    orders_read_until: datetime | None,
    now: datetime,
) -> Reason | None:
    """Return None if this quantity may be sent now, else why it waits and for what.

    Without an observation only the age of the last reading of orders counts.
    """
    if not ever_live or wanted <= (observed or 0):
        return None
    shown = Word("an unknown number") if observed is None else observed
    numbers = {"wanted": wanted, "observed": shown, "read_until": orders_read_until}
    if orders_read_until is None:
        text = (
            "A quantity of {wanted} is wanted, Amazon shows {observed}; it waits for the first complete reading of "
            "orders."
        )
        return because("orders_never_read", text, "orders", **numbers)
    if observed_at is not None and orders_read_until <= observed_at:
        text = (
            "A quantity of {wanted} is wanted, Amazon shows {observed}, perhaps after a sale: orders were read only "
            "until {read_until}.  It waits for the next reading, usually five minutes."
        )
        return because("sale_perhaps_unseen", text, "orders", **numbers)
    if now - orders_read_until >= FRESH:
        text = (
            "A quantity of {wanted} is wanted, Amazon shows {observed}, and orders were last read at {read_until}, "
            "more than ten minutes ago.  It waits for the next reading, usually five minutes."
        )
        return because("orders_read_too_long_ago", text, "orders", **numbers)
    return None


def shared_quantity(per_store: Iterable[QuantityDecision]) -> QuantityDecision:
    """Return the one quantity that the seller account sends for a SKU, from the wishes of all its stores.

    The smallest quantity of the stores that want it counts; it is 0 only if none of them does.  A paused
    store has no say in the number, but its listing is not sold out for another store's reasons.
    """
    known = [decision for decision in per_store if decision.value is not None]
    if not known:
        return QuantityDecision(None)
    wishes = [decision for decision in known if decision.is_wanted] or known
    counted = [decision for decision in wishes if not _is_held_back(decision)] or wishes
    smallest = min(counted, key=lambda decision: decision.value or 0)
    if len({decision.value for decision in counted}) == 1:
        return smallest
    step = Step("The stores of this account differ: the smallest counts.", smallest.value or 0)
    return replace(smallest, steps=(*smallest.steps, step))


def _is_held_back(decision: QuantityDecision) -> bool:
    return decision.waits is not None and decision.waits.code in {"store_paused", "not_published"}


def withdraws_offer(this: QuantityDecision, is_eligible: bool, others: Iterable[QuantityDecision]) -> bool:
    """Return whether an ineligible listing at Amazon is stopped by withdrawing this marketplace's offer.

    A quantity of 0 would stop the other stores of the account too, and for FBA there is no quantity to send.
    """
    return not is_eligible and (this.value is None or any(other.is_wanted for other in others))
