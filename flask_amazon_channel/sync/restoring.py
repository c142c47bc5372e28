"""Back to what was live before: prices (and quantities, if asked) as Amazon showed them before they were changed.

What is restored is set by hand, with the reason "restored": else the shop's next decision would undo it.  It is let
through the breaker and past the price guards, for it was live already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Aspect, AspectName, Listing, Sku, Submission, SubmissionState
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.changes import new_set
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.money import from_minor
from flask_amazon_channel.rules.phrases import Word, phrase
from flask_amazon_channel.rules.reasons import ASPECTS
from flask_amazon_channel.sync.history import keep_override, signature

Row = TypeVar("Row", Listing, Sku)
REASON = "restored"
PORTION = 500
_REACHED_AMAZON = (SubmissionState.LIVE, SubmissionState.ACCEPTED, SubmissionState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Restored:
    """One value to be restored: what Amazon shows now (as far as we know) and what it showed before."""

    sku: str
    store: str
    aspect: str
    old: Decimal | int | None
    new: Decimal | int
    aspect_id: int
    stored: int

    @property
    def sentence(self) -> str:
        text = "{store}: {sku}: {what} {old} -> {new}"
        old = Word("unknown") if self.old is None else self.old
        return phrase(text, store=self.store, sku=self.sku, what=ASPECTS[self.aspect], old=old, new=self.new)

    def as_json(self) -> dict[str, Any]:
        old = None if self.old is None else str(self.old)
        return {"store": self.store, "sku": self.sku, "field": self.aspect, "old": old, "new": str(self.new)}


def find(
    channel: Channel,
    *,
    store_id: int | None = None,
    sku: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    quantities: bool = False,
) -> list[Restored]:
    """Return what would be restored: the value before the first change in that time, or before the newest live one."""
    with reading(channel.db.engine) as read:
        firsts = _submissions(read, store_id, sku, since, until, quantities)
        return [found for submission in firsts if (found := _restored(read, submission)) is not None]


def _submissions(
    read: Session,
    store_id: int | None,
    sku: str | None,
    since: datetime | None,
    until: datetime | None,
    quantities: bool,
) -> Sequence[Submission]:
    names = [AspectName.PRICE, AspectName.QUANTITY] if quantities else [AspectName.PRICE]
    where: list[sa.ColumnElement[bool]] = [Aspect.name.in_(names), Submission.before.is_not(None)]
    if store_id is not None:
        of_store = sa.exists().where(
            Listing.store_id == store_id,
            sa.or_(Listing.id == Aspect.listing_id, Listing.sku_id == Aspect.sku_id),
        )
        where.append(of_store)
    if sku is not None:
        ids = sa.select(Sku.id).where(Sku.sku == sku)
        listings = sa.select(Listing.id).where(Listing.sku_id.in_(ids))
        where.append(sa.or_(Aspect.sku_id.in_(ids), Aspect.listing_id.in_(listings)))
    if since is None:
        where.append(Submission.state == SubmissionState.LIVE)
    else:
        where += [Submission.state.in_(_REACHED_AMAZON), Submission.created_at >= since]
    if until is not None:
        where.append(Submission.created_at <= until)
    chosen = sa.func.max if since is None else sa.func.min
    of_each = (
        sa.select(chosen(Submission.id))
        .select_from(Submission)
        .join(Aspect, Submission.aspect_id == Aspect.id)
        .where(*where)
    )
    found = sa.select(Submission).where(Submission.id.in_(of_each.group_by(Submission.aspect_id)))
    return read.scalars(found.options(joinedload(Submission.aspect)).order_by(Submission.id)).all()


def _restored(read: Session, submission: Submission) -> Restored | None:
    aspect = submission.aspect
    listing = read.scalar(
        sa.select(Listing)
        .where(Listing.id == aspect.listing_id if aspect.listing_id else Listing.sku_id == aspect.sku_id)
        .options(joinedload(Listing.store), joinedload(Listing.sku))
        .order_by(Listing.id)
        .limit(1)
    )
    before = submission.before
    if listing is None or before is None:
        return None
    if aspect.name == AspectName.QUANTITY:
        old, new = listing.sku.observed_quantity, before
        return _unless_same(Restored(listing.sku.sku, listing.store.name, aspect.name, old, new, aspect.id, before))
    currency, shown = listing.store.currency, listing.observed_price_minor
    price = None if shown is None else from_minor(shown, currency)
    was = from_minor(before, currency)
    return _unless_same(Restored(listing.sku.sku, listing.store.name, aspect.name, price, was, aspect.id, before))


def _unless_same(found: Restored) -> Restored | None:
    return None if found.old == found.new else found


def restore(channel: Channel, found: Sequence[Restored], *, by: str | None = None) -> None:
    """Set these values by hand, so that they are sent and stay.  Commits, portion by portion."""
    together = new_set()
    for start in range(0, len(found), PORTION):
        _restore(channel, found[start : start + PORTION], by, together)
    channel.ring()


def _restore(channel: Channel, found: Sequence[Restored], by: str | None, together: str) -> None:
    session, now = channel.db.session(), channel.clock()

    def keep() -> None:
        for one in found:
            aspect = session.get_one(Aspect, one.aspect_id)
            about: dict[str, int | None] = {"sku_id": aspect.sku_id, "listing_id": aspect.listing_id}
            if aspect.listing_id is not None:
                listing = session.get_one(Listing, aspect.listing_id)
                keep_override(channel, listing, one.stored, REASON, by=by, set_id=together)
                listing.price_override_minor = listing.released_price_minor = one.stored
                listing.price_override_until, listing.price_override_reason = None, REASON
                about |= {"store_id": listing.store_id, "sku_id": listing.sku_id}
            else:
                sku = session.get_one(Sku, aspect.sku_id)
                keep_override(channel, sku, one.stored, REASON, by=by, set_id=together)
                sku.quantity_override, sku.quantity_override_until = one.stored, None
                sku.quantity_override_reason = REASON
            aspect.released_value, aspect.drastic_value, aspect.drastic_at = one.stored, None, None
            note(
                session,
                now,
                "restored",
                phrase("Restored: {what}.", what=one.sentence),
                **about,
                **signature(channel, by),
            )
        session.flush()
        mark(session, Aspect, now, Aspect.id.in_([one.aspect_id for one in found]))

    in_transaction(session, keep)


def let_go(channel: Channel, *, store_id: int | None = None, sku: str | None = None, by: str | None = None) -> int:
    """Let the shop decide again what was restored; return how many prices and quantities.  Commits."""
    session, now = channel.db.session(), channel.clock()
    listings = sa.select(Listing.id).where(Listing.price_override_reason == REASON)
    skus = sa.select(Sku.id).where(Sku.quantity_override_reason == REASON)
    if store_id is not None:
        listings = listings.where(Listing.store_id == store_id)
        skus = skus.where(sa.exists().where(Listing.sku_id == Sku.id, Listing.store_id == store_id))
    if sku is not None:
        listings = listings.where(Listing.sku_id.in_(sa.select(Sku.id).where(Sku.sku == sku)))
        skus = skus.where(Sku.sku == sku)

    def keep() -> int:
        prices, quantities = list(session.scalars(listings)), list(session.scalars(skus))
        together = new_set()
        for listing in _those(session, Listing, prices):
            keep_override(channel, listing, None, None, by=by, set_id=together)
        for owned in _those(session, Sku, quantities):
            keep_override(channel, owned, None, None, by=by, set_id=together)
        session.execute(
            sa.update(Listing)
            .where(Listing.id.in_(prices))
            .values(price_override_minor=None, price_override_reason=None, released_price_minor=None)
        )
        session.execute(
            sa.update(Sku).where(Sku.id.in_(quantities)).values(quantity_override=None, quantity_override_reason=None)
        )
        for listing_id in prices:
            sentence = phrase("The shop decides the restored price again.")
            note(session, now, "restored", sentence, listing_id=listing_id, **signature(channel, by))
        mark(session, Aspect, now, sa.or_(Aspect.listing_id.in_(prices), Aspect.sku_id.in_(quantities)))
        return len(prices) + len(quantities)

    count = in_transaction(session, keep)
    channel.ring()
    return count


def _those(session: Session, model: type[Row], numbers: Sequence[int]) -> Iterator[Row]:
    for start in range(0, len(numbers), PORTION):
        yield from session.scalars(sa.select(model).where(model.id.in_(numbers[start : start + PORTION])))
