"""What does the shop want of this listing, and why?

One answer from all the rules: the state, every reason against it, what is missing, the quantity and the price
with their steps, what holds them back, and the moment at which the calendar alone will change the answer.
Whoever sends and whoever explains asks this one function, so they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_amazon_channel.rules.eligibility import fulfilled_by, reasons_against, undecided
from flask_amazon_channel.rules.listing import ListingFacts, Override
from flask_amazon_channel.rules.permission import Owner, not_owned, not_published, paused
from flask_amazon_channel.rules.phrases import readable
from flask_amazon_channel.rules.price import PriceDecision, wanted_price
from flask_amazon_channel.rules.quantity import (
    QuantityDecision,
    sellable,
    sendable,
    wanted_quantity,
)
from flask_amazon_channel.rules.reasons import Reason, Step, because_many
from flask_amazon_channel.rules.settings import StoreRules
from flask_amazon_channel.rules.state import (
    ListingState,
    Note,
    StateDecision,
    no_product,
    state_of,
    what_is_missing,
)
from flask_amazon_channel.rules.values import ShopProduct


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything the rules say about one listing at one moment.

    `reasons` speak against selling it, `missing` is what it lacks, `warnings` change nothing.  `changes_at`
    is the earliest moment at which the calendar alone would change the answer.  `stopped` is what keeps everything of
    the store from being sent, whatever is wanted.
    """

    status: StateDecision
    reasons: tuple[Reason, ...]
    missing: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    quantity: QuantityDecision
    price: PriceDecision
    changes_at: datetime | None
    stopped: Reason | None = None

    @property
    def state(self) -> ListingState:
        return self.status.state

    @property
    def note(self) -> Note | None:
        return self.status.note

    @property
    def reason(self) -> Reason | None:
        """Why it is in this state, where the state needs a reason."""
        return self.status.reason

    @property
    def is_eligible(self) -> bool:
        return not self.reasons

    def as_json(self) -> dict[str, Any]:
        return {
            **self.status.as_json(),
            "reasons": [reason.as_json() for reason in self.reasons],
            "missing": [reason.as_json() for reason in self.missing],
            "warnings": [warning.as_json() for warning in self.warnings],
            "quantity": self.quantity.as_json(),
            "price": self.price.as_json(),
            "changes_at": self.changes_at.isoformat() if self.changes_at else None,
            "stopped": self.stopped.as_json() if self.stopped else None,
        }

    def sentences(self) -> list[str]:
        """Return the explanation as a person reads it, a sentence or step per line."""
        lines = [f"State: {self.state.label}" + (f" ({self.note.value})" if self.note else "")]
        shown = [*self.reasons, *self.missing]
        if self.reason is not None and self.reason not in shown:
            shown.insert(0, self.reason)
        lines += [f"  {reason.sentence}" for reason in shown]
        lines += [f"  Warning: {warning.sentence}" for warning in self.warnings]
        lines += _explained("Quantity", self.quantity.value, self.quantity.steps, self.quantity.waits)
        price = self.price
        lines += _explained("Price", price.value, price.steps, price.refused or price.missing or price.waits)
        if self.changes_at is not None:
            lines.append(f"The calendar changes this at {readable(self.changes_at)}.")
        if self.stopped is not None:
            lines.append(self.stopped.sentence)
        return lines


def _explained(name: str, value: int | Decimal | None, steps: tuple[Step, ...], held_back: Reason | None) -> list[str]:
    lines = [f"{name}: {'none is sent' if value is None else value}"]
    lines += [
        f"  {step.sentence} {f'-> {readable(step.value)}' if step.value != '' else ''}".rstrip() for step in steps
    ]
    if held_back is not None:
        lines.append(f"  {held_back.sentence}")
    return lines


def decide(
    product: ShopProduct | None,
    held: int,
    facts: ListingFacts,
    rules: StoreRules,
    orders_read_until: datetime | None,
    now: datetime,
) -> Decision:
    """Return what the shop wants of this listing now.

    `product` is None where the storefront does not have it.  `held` is what Amazon sold of it and the shop
    has not booked yet.  `orders_read_until` is the moment up to which all orders of the account were read.
    """
    if facts.product_id is None or facts.ended_at is not None:
        return replace(_unmanaged(facts, rules, now), stopped=rules.stopped)
    stock = sellable(product, held)
    reasons = reasons_against(product, facts, rules, stock, now)
    unknown = undecided(product, rules)
    missing = () if product is None else what_is_missing(product, facts, rules)
    if unknown is not None:
        missing = (unknown, *missing)
    price = _price(product, facts, rules, now)
    if price.missing is not None:
        missing = (*missing, price.missing)
    return Decision(
        status=state_of(facts, reasons, _blocking(missing, price), rules, now),
        reasons=reasons,
        missing=missing,
        warnings=_warnings(product, stock, unknown if facts.on_amazon else None),
        quantity=_not_raised(
            _quantity(product, held, facts, rules, orders_read_until, now, not reasons), unknown, facts
        ),
        price=price,
        changes_at=_next_change(product, facts, now),
        stopped=rules.stopped,
    )


def _blocking(missing: tuple[Reason, ...], price: PriceDecision) -> tuple[Reason, ...]:
    """Return why it cannot be created: nothing is listed without a price."""
    return missing if price.refused is None else (*missing, price.refused)


def _unmanaged(facts: ListingFacts, rules: StoreRules, now: datetime) -> Decision:
    """Decide on a listing that the channel leaves alone: it has no product, or a person ended it."""
    text = "A person ended it." if facts.ended_at is not None else "The channel leaves alone what has no product."
    steps = (Step(text, ""),)
    reasons = () if facts.product_id is not None or facts.on_amazon else (no_product(facts),)
    status = state_of(facts, reasons, (), rules, now)
    return Decision(status, reasons, (), (), QuantityDecision(None, steps), PriceDecision(None, steps=steps), None)


def _quantity(
    product: ShopProduct | None,
    held: int,
    facts: ListingFacts,
    rules: StoreRules,
    orders_read_until: datetime | None,
    now: datetime,
    eligible: bool,
) -> QuantityDecision:
    shipper = fulfilled_by(product, facts, rules)
    decision = wanted_quantity(product, held, rules, facts.quantity_override, now, eligible, shipper)
    if decision.value is None:
        return decision
    waits = _held_back(rules, rules.publishes_quantity, "quantities", facts.quantity_owner)
    if waits is None:
        waits = sendable(
            decision.value,
            facts.observed_quantity,
            facts.observed_at,
            facts.ever_live,
            orders_read_until,
            now,
        )
    return decision if waits is None else replace(decision, waits=waits)


def _not_raised(decision: QuantityDecision, unknown: Reason | None, facts: ListingFacts) -> QuantityDecision:
    """Where the listing rule cannot say whether it is offered, no more of it is offered than is now."""
    if unknown is None or decision.value is None or decision.value <= (facts.observed_quantity or 0):
        return decision
    return replace(decision, waits=decision.waits or unknown)


def _price(product: ShopProduct | None, facts: ListingFacts, rules: StoreRules, now: datetime) -> PriceDecision:
    if product is None:
        return PriceDecision(None, steps=(Step("Without the product there is no price.", ""),))
    decision = wanted_price(product, rules, facts.price_override, facts.observed_price, now, facts.released_price)
    waits = _held_back(rules, rules.publishes_price, "prices", facts.price_owner)
    return decision if waits is None else replace(decision, waits=waits)


def _held_back(rules: StoreRules, is_published: bool, what: str, owner: Owner) -> Reason | None:
    return (
        paused(rules.name, rules.is_active)
        or not_published(rules.name, is_published, what)
        or not_owned(owner, {"prices": "price", "quantities": "quantity"}[what])
    )


def _warnings(product: ShopProduct | None, stock: Decimal | int | None, unknown: Reason | None) -> tuple[Reason, ...]:
    found = [unknown] if unknown is not None else []
    if product is not None and stock is not None and stock < 0:
        found.append(
            because_many(
                "oversold", "{n} more was sold than there is.", "{n} more were sold than there are.", "stock", n=-stock
            )
        )
    return tuple(found)


def _next_change(product: ShopProduct | None, facts: ListingFacts, now: datetime) -> datetime | None:
    moments = [_end(facts.price_override), _end(facts.quantity_override)]
    if product is not None:
        moments += [product.sell_from, product.sell_until, product.sale_from, product.sale_until]
    return min((moment for moment in moments if moment is not None and now < moment), default=None)


def _end(override: Override[Any] | None) -> datetime | None:
    return None if override is None else override.until
