"""What is wanted of one aspect, and how it is written: where price and quantity differ, they differ here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models import Aspect, AspectName, Listing, Sku, Submission
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.rules.money import from_minor, to_minor
from flask_amazon_channel.rules.offers import price_patch, quantity_patch
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.price import refusal
from flask_amazon_channel.rules.quantity import QuantityDecision, shared_quantity
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.rules.settings import PriceGuards, StoreRules
from flask_amazon_channel.rules.submitting import Submitting, after_receivers
from flask_amazon_channel.signals import ask, listing_submitting

WAITS_FOR_ORDERS = frozenset({"orders_never_read", "sale_perhaps_unseen", "orders_read_too_long_ago"})


@dataclass(frozen=True)
class Wish:
    """The value that may be sent now, or why there is none, beside what Amazon shows."""

    aspect: str
    value: Decimal | int | None
    observed: Decimal | int | None
    why: Reason | None = None
    sellable: int | None = None
    changes_at: datetime | None = None
    attempt: int = 0
    first_sent_at: datetime | None = None
    against_drift: bool = False

    @property
    def asks_again(self) -> bool:
        """It waits for something that happens soon, without any event of its own."""
        return self.why is not None and self.why.code in WAITS_FOR_ORDERS

    def is_value_of(self, submission: Submission | None) -> bool:
        if submission is None:
            return False
        return self._as_stored(submission) == self.value

    def _as_stored(self, submission: Submission) -> Decimal | int | None:
        if self.aspect == AspectName.QUANTITY:
            return submission.quantity
        # Compared in the currency's own decimals, like the value itself.
        exponent = -Decimal(self.value or 0).as_tuple().exponent  # type: ignore[operator]
        return None if submission.price_minor is None else Decimal(submission.price_minor).scaleb(-exponent)

    def columns(self, currency: str) -> dict[str, Any]:
        """Return what a Submission stores of it."""
        why = {
            "attempt": self.attempt,
            "first_sent_at": self.first_sent_at,
            "against_drift": self.against_drift,
        }
        if self.aspect == AspectName.QUANTITY:
            return {"quantity": self.value, "sellable": self.sellable, "before": self.observed, **why}
        before = None if self.observed is None else to_minor(Decimal(self.observed), currency)
        return {"price_minor": to_minor(Decimal(self.value or 0), currency), "before": before, **why}


def wish(aspect: Aspect, listing: Listing | None, listings: Sequence[Listing], decisions: dict[int, Decision]) -> Wish:
    """Return what is wanted of the aspect now."""
    changes_at = min((moment for row in listings if (moment := decisions[row.id].changes_at) is not None), default=None)
    if listing is None:
        return Wish(aspect.name, None, None, changes_at=changes_at)
    if aspect.name == AspectName.QUANTITY:
        return _quantity(listing, listings, decisions, changes_at)
    decision = decisions[listing.id]
    price = decision.price
    observed = _amount(listing.observed_price_minor, listing.store.currency)
    if not decision.is_eligible:
        # What must not be sold is stopped by its quantity; its price stays as it is.
        return Wish(aspect.name, None, observed, decision.reasons[0], changes_at=changes_at)
    why = price.refused or price.missing or price.waits
    return Wish(aspect.name, price.to_send, observed, why, changes_at=changes_at)


def _quantity(
    listing: Listing, listings: Sequence[Listing], decisions: dict[int, Decision], changes_at: datetime | None
) -> Wish:
    decision = shared(listings, decisions)
    return Wish(
        AspectName.QUANTITY,
        decision.to_send,
        listing.sku.observed_quantity,
        decision.waits,
        sellable=decision.available,
        changes_at=changes_at,
    )


def shared(listings: Sequence[Listing], decisions: dict[int, Decision]) -> QuantityDecision:
    """Return the quantity of the SKU: what its active stores want together.  A frozen one has no say in it."""
    active = [row for row in listings if row.on_amazon and row.store.is_active]
    sending = [row for row in active if row.store.is_sending]
    return shared_quantity(decisions[row.id].quantity for row in sending or active or listings)


def asked_about(listings: Sequence[Listing]) -> Listing | None:
    """Return the listing that stands for the aspect: one at Amazon, in a store that sends if there is any."""
    on_amazon = [listing for listing in listings if listing.on_amazon]
    sending = [listing for listing in on_amazon if listing.store.is_sending]
    active = [listing for listing in on_amazon if listing.store.is_active]
    return next(iter(sending or active or on_amazon), None)


def ask_receivers(aspect: Aspect, listing: Listing, wanted: Wish, decisions: dict[int, Decision]) -> Wish | Reason:
    """Ask the shop's own code; then the guards once more, if it sends another price."""
    assert wanted.value is not None
    currency = listing.store.currency
    submitting = Submitting(
        aspect=aspect.name,
        sku=listing.sku.sku,
        product_id=listing.sku.product_id or "",
        account_id=aspect.account_id,
        sku_id=listing.sku_id,
        store_id=listing.store_id,
        listing_id=aspect.listing_id,
        old=wanted.observed,
        new=wanted.value,
        currency=currency if aspect.name == AspectName.PRICE else None,
    )
    value = after_receivers(submitting, ask(listing_submitting, submitting))
    if isinstance(value, Reason) or value == wanted.value:
        return value if isinstance(value, Reason) else wanted
    if aspect.name == AspectName.PRICE:
        value = from_minor(to_minor(Decimal(value), currency), currency)
        refused = refusal(value, guards(listing), _amount(listing.observed_price_minor, currency))
        if refused is not None:
            return refused
    return replace(wanted, value=value)


def guards(listing: Listing) -> StoreRules:
    """Return the settings of the store that hold for any price, wherever it comes from."""
    store = listing.store
    return StoreRules(
        name=store.name,
        marketplace_id=store.marketplace_id,
        currency=store.currency,
        guards=PriceGuards(
            _amount(store.price_minimum_minor, store.currency),
            _amount(store.price_maximum_minor, store.currency),
            store.price_greatest_step_percent,
        ),
    )


def patch(aspect: Aspect, listing: Listing, wanted: Wish) -> dict[str, Any] | None:
    """Return the one patch of the aspect; None where the offer, whose other parts must stay, was never read."""
    assert wanted.value is not None
    if aspect.name == AspectName.QUANTITY:
        return quantity_patch(int(wanted.value))
    store = listing.store
    return price_patch(
        listing.offer_read,
        store.marketplace_id,
        store.currency,
        Decimal(wanted.value),
        _amount(store.price_minimum_minor, store.currency),
        _amount(store.price_maximum_minor, store.currency),
    )


def keep_wanted_quantity(
    session: Session, aspect: Aspect, listings: Sequence[Listing], decisions: dict[int, Decision]
) -> None:
    """Store the wanted quantity with the SKU, so that pages can filter and sort by it."""
    if aspect.name != AspectName.QUANTITY or not listings:
        return
    value = shared(listings, decisions).value
    if listings[0].sku.wanted_quantity != value:
        session.execute(sa.update(Sku).where(Sku.id == aspect.sku_id).values(wanted_quantity=value))


def sentence(submission: Submission, listing: Listing, accepted: bool, problem: str | None) -> str:
    """Return the line of the diary about what Amazon answered."""
    if submission.price_minor is None:
        text = "Quantity {quantity} was sent; Amazon has received it."
        if not accepted:
            text = "Quantity {quantity} was refused: {problem}"
        return phrase(text, quantity=submission.quantity, problem=problem)
    text = "Price {price} {currency} was sent; Amazon has received it."
    if not accepted:
        text = "Price {price} {currency} was refused: {problem}"
    currency = listing.store.currency
    return phrase(text, price=_amount(submission.price_minor, currency), currency=currency, problem=problem)


def _amount(minor: int | None, currency: str) -> Decimal | None:
    return None if minor is None else from_minor(minor, currency)
