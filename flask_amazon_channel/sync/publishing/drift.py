"""What somebody else changed at Amazon: found when wanted and observed are compared, and handled as the store says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    AmazonOrder,
    AmazonOrderItem,
    Aspect,
    AspectName,
    Listing,
    Sku,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.drift import DAY, Drift, DriftDecision, OnDrift, decide_drift, has_drifted
from flask_amazon_channel.rules.money import from_minor, to_minor
from flask_amazon_channel.rules.phrases import phrase, readable
from flask_amazon_channel.rules.price import refusal
from flask_amazon_channel.rules.reasons import Reason, marked
from flask_amazon_channel.sync import history
from flask_amazon_channel.sync.publishing import wanting
from flask_amazon_channel.sync.publishing.aspects import Work

UNNOTICED = timedelta(minutes=15)
"""A sale so long before we saw our value may have shown only after it."""
TAKEN_OVER = "Taken over from Amazon, where somebody set it."


def drifted(channel: Channel, work: Work, wish: wanting.Wish, now: datetime) -> DriftDecision | None:
    """Return what to do where somebody else changed the value; None where the shop wants another, or it was a sale."""
    return judged(channel, work.aspect, work.listing, work.listings, wish, now)


def judged(
    channel: Channel,
    aspect: Aspect,
    listing: Listing | None,
    listings: Sequence[Listing],
    wish: wanting.Wish,
    now: datetime,
) -> DriftDecision | None:
    """Return the same of rows that nobody works on: for showing."""
    if listing is None or wish.value is None or wish.observed is None or aspect.verified_value is None:
        return None
    wanted, observed = stored(aspect, listing, wish.value), stored(aspect, listing, wish.observed)
    if not has_drifted(wanted, observed, aspect.verified_value):
        return None
    with reading(channel.db.engine) as read:
        sold = _sold_since(read, aspect, listing) if aspect.name == AspectName.QUANTITY else 0
        sent = _sent_lately(read, aspect, now)
    if not has_drifted(wanted, observed, aspect.verified_value, sold):
        return None
    setting = _setting(listings, aspect.name == AspectName.QUANTITY)
    return decide_drift(_facts(aspect, listing, wish, setting, observed, sent, now), now)


_TO_BE_SENT = {
    AspectName.PRICE: marked("Our price is to be sent again."),
    AspectName.QUANTITY: marked("Our quantity is to be sent again."),
}
_TAKEN_OVER = {
    AspectName.PRICE: marked("Amazon's price was taken over by hand."),
    AspectName.QUANTITY: marked("Amazon's quantity was taken over by hand."),
}


def stored(aspect: Aspect, listing: Listing, value: Decimal | int) -> int:
    """Return the value as rows hold it: units, or the currency's smallest unit."""
    return int(value) if aspect.name == AspectName.QUANTITY else to_minor(Decimal(value), listing.store.currency)


def observed_at(aspect: Aspect, listing: Listing) -> datetime | None:
    return listing.sku.observed_quantity_at if aspect.name == AspectName.QUANTITY else listing.observed_at


def verified(work: Work, wish: wanting.Wish) -> dict[str, Any]:
    """Return what the aspect remembers when Amazon shows what is wanted."""
    if work.listing is None or wish.value is None:
        return {}
    return {
        "verified_value": stored(work.aspect, work.listing, wish.value),
        "verified_at": observed_at(work.aspect, work.listing),
        "drift_since": None,
    }


def _sold_since(read: Session, aspect: Aspect, listing: Listing) -> int:
    since = aspect.verified_at
    if since is None:
        return 0
    sold = (
        sa.select(sa.func.sum(AmazonOrderItem.quantity_ordered))
        .join(AmazonOrder)
        .where(
            AmazonOrder.account_id == aspect.account_id,
            AmazonOrderItem.sku == listing.sku.sku,
            AmazonOrder.purchased_at >= since - UNNOTICED,
        )
    )
    return int(read.scalar(sold) or 0)


def _sent_lately(read: Session, aspect: Aspect, now: datetime) -> list[Submission]:
    """Return what was sent within a day and may have arrived, the newest first."""
    found = sa.select(Submission).where(
        Submission.aspect_id == aspect.id,
        Submission.created_at > now - DAY,
        Submission.state.not_in([SubmissionState.LOST, SubmissionState.INVALID]),
    )
    return list(read.scalars(found.order_by(Submission.id.desc())))


def _facts(
    aspect: Aspect,
    listing: Listing,
    wish: wanting.Wish,
    setting: OnDrift,
    observed: int,
    sent: list[Submission],
    now: datetime,
) -> Drift:
    assert wish.value is not None
    assert wish.observed is not None
    is_quantity = aspect.name == AspectName.QUANTITY
    unit = "" if is_quantity else f" {listing.store.currency}"
    return Drift(
        what=aspect.name,
        observed=observed,
        verified=aspect.verified_value or 0,
        shown=f"{readable(wish.observed)}{unit}",
        wanted=f"{readable(wish.value)}{unit}",
        setting=setting,
        since=aspect.drift_since or now,
        live_at=max((one.live_at for one in sent if one.live_at is not None), default=None),
        asserted=tuple(one.created_at for one in sent if one.against_drift),
        was_ours=any((one.quantity if is_quantity else one.price_minor) == observed for one in sent[1:]),
        unsellable=is_quantity and observed > (wish.sellable or 0),
        refused=None if is_quantity else _guard(listing, observed, aspect.verified_value),
    )


def _setting(listings: Sequence[Listing], is_quantity: bool) -> OnDrift:
    """A quantity is shared: where the stores disagree, ours is sent again."""
    stores = [row.store for row in listings if row.on_amazon and row.store.is_active]
    settings = {store.on_drift_quantity if is_quantity else store.on_drift_price for store in stores}
    return OnDrift(settings.pop()) if len(settings) == 1 else OnDrift.ASSERT


def _guard(listing: Listing, observed: int, verified: int | None) -> Reason | None:
    currency = listing.store.currency
    before = None if verified is None else from_minor(verified, currency)
    return refusal(from_minor(observed, currency), wanting.guards(listing), before)


def adopt(session: Session, aspect: Aspect, listing: Listing, now: datetime, sentence: str, **who: str | None) -> None:
    """Take over what Amazon shows as a value set by hand, and say so in the diary.  In the caller's transaction."""
    if aspect.name == AspectName.QUANTITY:
        session.execute(
            sa.update(Sku)
            .where(Sku.id == listing.sku_id)
            .values(
                quantity_override=listing.sku.observed_quantity,
                quantity_override_until=None,
                quantity_override_reason=TAKEN_OVER,
            )
        )
    else:
        session.execute(
            sa.update(Listing)
            .where(Listing.id == listing.id)
            .values(
                price_override_minor=listing.observed_price_minor,
                price_override_until=None,
                price_override_reason=TAKEN_OVER,
            )
        )
    about: dict[str, Any] = {"store_id": listing.store_id, "listing_id": listing.id, "sku_id": listing.sku_id}
    note(session, now, "drift", sentence, **about, **who)


def send_again(channel: Channel, listing: Listing, name: AspectName) -> bool:
    """Send ours once more, because a person says so; return whether there was something to send again."""
    session, now = channel.db.session(), channel.clock()

    def forget() -> bool:
        aspect = _aspect(session, listing, name)
        if aspect is None:
            return False
        mine = sa.update(Submission).where(Submission.aspect_id == aspect.id)
        session.execute(mine.where(Submission.against_drift).values(against_drift=False))
        session.execute(
            mine.where(Submission.state == SubmissionState.NOT_APPLIED).values(state=SubmissionState.SUPERSEDED)
        )
        mark(session, Aspect, now, Aspect.id == aspect.id)
        about = {"store_id": listing.store_id, "listing_id": listing.id, "sku_id": listing.sku_id}
        note(session, now, "drift", phrase(_TO_BE_SENT[name]), **about, **channel.signature())
        return True

    done = in_transaction(session, forget)
    channel.ring()
    return done


def take_over(channel: Channel, listing: Listing, name: AspectName) -> bool:
    """Take over what Amazon shows, because a person says so; return whether there was something to take over."""
    session, now = channel.db.session(), channel.clock()
    shown = listing.sku.observed_quantity if name == AspectName.QUANTITY else listing.observed_price_minor

    def take() -> bool:
        aspect = _aspect(session, listing, name)
        if aspect is None or shown is None or (name == AspectName.PRICE and shown <= 0):
            return False
        what = listing.sku if name == AspectName.QUANTITY else listing
        history.keep_override(channel, what, shown, TAKEN_OVER)
        adopt(session, aspect, listing, now, phrase(_TAKEN_OVER[name]), **channel.signature())
        mark(session, Aspect, now, Aspect.id == aspect.id)
        return True

    done = in_transaction(session, take)
    channel.ring()
    return done


def _aspect(session: Session, listing: Listing, name: AspectName) -> Aspect | None:
    of_it = Aspect.sku_id == listing.sku_id if name == AspectName.QUANTITY else Aspect.listing_id == listing.id
    return session.scalar(sa.select(Aspect).where(of_it, Aspect.name == name))
