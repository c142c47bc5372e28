"""Changes that look like a slip when taken together: counted before they are sent, and held for a person.

A drastic change leaves a mark with its time on its aspect; the marks of the last hour are counted.  While others are
due that nobody has looked at yet, it waits a moment, so that all of a slip is counted before any of it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    AmazonOrder,
    AmazonOrderItem,
    Aspect,
    AspectName,
    Listing,
    MassChange,
    ProductChange,
    SellerAccount,
    Sku,
    Store,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import hold
from flask_amazon_channel.rules import breaker
from flask_amazon_channel.rules.phrases import Phrase, phrase_many
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.signals import alert_raised, announce
from flask_amazon_channel.sync import history
from flask_amazon_channel.sync.history import signature
from flask_amazon_channel.sync.permission import RESTS
from flask_amazon_channel.sync.publishing import drift, wanting
from flask_amazon_channel.sync.publishing.aspects import Rest, Work

LOOK_AGAIN_AFTER = timedelta(seconds=2)
MOST_UNDECIDED = 20_000
"""Nobody counts further: so many that wait to be looked at may always be a slip."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted together: the quantities of an account, or the prices of a store."""

    aspect: str
    account_id: int
    store_id: int | None = None

    @property
    def open(self) -> tuple[sa.ColumnElement[bool], ...]:
        """Find what waits for a person."""
        if self.store_id is None:
            return (MassChange.account_id == self.account_id,)
        return (MassChange.store_id == self.store_id,)

    @property
    def aspects(self) -> tuple[sa.ColumnElement[bool], ...]:
        where = (Aspect.account_id == self.account_id, Aspect.name == self.aspect)
        if self.store_id is None:
            return where
        return (*where, sa.exists().where(Listing.id == Aspect.listing_id, Listing.store_id == self.store_id))


def held_back(channel: Channel, work: Work, wish: wanting.Wish, now: datetime) -> Rest | None:
    """Return how the change waits, if it is drastic and might be part of a slip; None: it may be sent."""
    aspect, listing = work.aspect, work.listing
    if listing is None or wish.value is None or not breaker.is_drastic(aspect.name, wish.observed, wish.value):
        return None
    value = drift.stored(aspect, listing, wish.value)
    if aspect.released_value == value or _is_explained(channel, listing, wish, now):
        return None
    scope = Scope(aspect.name, aspect.account_id, None if aspect.name == AspectName.QUANTITY else listing.store_id)
    since = _mark(channel, work, now)
    with reading(channel.db.engine) as read:
        known = read.scalar(sa.select(MassChange).where(*scope.open))
        counted = None if known else _count(read, scope, now, since)
    if known is None and counted is not None and counted.is_too_much:
        known = _notice(channel, scope, counted, now)
    if known is not None:
        return Rest(now + RESTS, reason(known).sentence, {"drastic_value": value})
    if counted is not None and counted.may_become_too_much:
        return Rest(now + LOOK_AGAIN_AFTER, breaker.looks_at_others_first(counted.undecided).sentence)
    return None


def _is_explained(channel: Channel, listing: Listing, wish: wanting.Wish, now: datetime) -> bool:
    """Say whether a zero is what orders left, or what a person set for this one product."""
    sku = listing.sku
    if wish.aspect != AspectName.QUANTITY:
        return False
    if sku.quantity_override is not None and sku.quantity_override <= 0:
        return True
    since = min(sku.observed_quantity_at or now, now - breaker.WINDOW)
    sold = (
        sa.select(sa.func.coalesce(sa.func.sum(AmazonOrderItem.sold), 0))
        .join(AmazonOrder)
        .where(
            AmazonOrderItem.product_id == sku.product_id,
            AmazonOrder.fulfilled_by == FulfilledBy.MERCHANT,
            AmazonOrder.purchased_at >= since,
        )
    )
    with reading(channel.db.engine) as read:
        return breaker.is_explained_by_orders(wish.observed, int(read.scalar(sold) or 0))


def _mark(channel: Channel, work: Work, now: datetime) -> datetime:
    """Let the change be counted, once an hour; return since when it is."""
    marked = work.aspect.drastic_at
    if marked is not None and marked > now - breaker.WINDOW:
        return marked
    session = channel.db.session()
    in_transaction(session, lambda: hold(session, Aspect, work.claim, now, drastic_at=now))
    return now


@dataclass(frozen=True, slots=True)
class _Counted:
    changing: int
    undecided: int
    live: int
    patience: bool

    @property
    def is_too_much(self) -> bool:
        return breaker.is_too_much(self.changing, self.live)

    @property
    def may_become_too_much(self) -> bool:
        if not self.undecided or not self.patience:
            return False
        return self.undecided >= MOST_UNDECIDED or breaker.is_too_much(self.changing + self.undecided, self.live)


def _count(read: Session, scope: Scope, now: datetime, since: datetime) -> _Counted:
    """Count no further than is needed to decide."""
    lately = Aspect.drastic_at > now - breaker.WINDOW
    changing = _number(read, sa.select(Aspect.id).where(*scope.aspects, lately))
    undecided = 0
    patience = now - since < breaker.PATIENCE
    if patience:
        not_marked = sa.or_(Aspect.drastic_at.is_(None), ~lately)
        due = sa.select(Aspect.id).where(*scope.aspects, Aspect.due_at <= now, not_marked)
        undecided = _number(read, due.limit(MOST_UNDECIDED))
        undecided += _number(read, sa.select(ProductChange.id).limit(MOST_UNDECIDED))
    if changing + undecided < breaker.AT_LEAST:
        return _Counted(changing, undecided, 0, False)
    return _Counted(changing, undecided, _live(read, scope, breaker.enough_live(changing + undecided)), patience)


def _live(read: Session, scope: Scope, enough: int) -> int:
    if scope.store_id is None:
        live = sa.select(Sku.id).where(Sku.account_id == scope.account_id, Sku.observed_quantity > 0)
    else:
        shown = (Listing.on_amazon, Listing.observed_price_minor.is_not(None))
        live = sa.select(Listing.id).where(Listing.store_id == scope.store_id, *shown)
    return _number(read, live.limit(enough))


def _number(read: Session, found: sa.Select[Any]) -> int:
    return read.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0


def _notice(channel: Channel, scope: Scope, counted: _Counted, now: datetime) -> MassChange | None:
    """Keep that it is too much, and tell people; None where another worker has just done so."""
    session = channel.db.session()
    why = breaker.mass_change(scope.aspect, counted.changing, counted.live, now)

    def keep() -> None:
        of_store = scope.store_id is not None
        session.add(
            MassChange(
                aspect=scope.aspect,
                account_id=None if of_store else scope.account_id,
                store_id=scope.store_id,
                noticed_at=now,
                counted=counted.changing,
                live=counted.live,
            )
        )
        session.flush()
        note(session, now, "mass_change", why.sentence, account_id=scope.account_id, store_id=scope.store_id)

    try:
        in_transaction(session, keep)
    except IntegrityError:
        session.rollback()
    else:
        about = {"account_id": scope.account_id, "store_id": scope.store_id}
        announce(alert_raised, code=why.code, problem=why.sentence, **about)
    with reading(channel.db.engine) as read:
        return read.scalar(sa.select(MassChange).where(*scope.open))


def waiting(session: Session, *, store: Store | None = None, account: SellerAccount | None = None) -> list[MassChange]:
    """Return the mass changes that wait for a person: all, those that concern a store, or those of an account."""
    found = sa.select(MassChange).order_by(MassChange.id)
    if store is not None:
        found = found.where(sa.or_(MassChange.store_id == store.id, MassChange.account_id == store.account_id))
    if account is not None:
        stores = sa.select(Store.id).where(Store.account_id == account.id)
        found = found.where(sa.or_(MassChange.account_id == account.id, MassChange.store_id.in_(stores)))
    return list(session.scalars(found))


def reason(change: MassChange) -> Reason:
    """Return why the changes wait."""
    return breaker.mass_change(change.aspect, change.counted, change.live, change.noticed_at)


def reason_for(changes: Sequence[MassChange], aspect: Aspect, listing: Listing) -> Reason | None:
    """Return why the aspect waits for a person, None if it does not."""
    if aspect.drastic_value is None:
        return None
    is_quantity = aspect.name == AspectName.QUANTITY
    return next(
        (
            reason(change)
            for change in changes
            if (is_quantity and change.account_id == aspect.account_id)
            or (not is_quantity and change.store_id == listing.store_id)
        ),
        None,
    )


def settle(channel: Channel, change: MassChange, *, send: bool, by: str | None = None) -> int:
    """Send all that waits, this once, or forget it and look at all of it again; return how many.  Commits."""
    session, now = channel.db.session(), channel.clock()
    number, aspect, store_id = change.id, change.aspect, change.store_id
    account_id = change.account_id or session.get_one(Store, store_id).account_id
    scope = Scope(aspect, account_id, store_id)

    def act() -> int:
        session.execute(sa.delete(MassChange).where(MassChange.id == number))
        held = (*scope.aspects, Aspect.drastic_value.is_not(None))
        let_go = sa.update(Aspect).where(*held).execution_options(synchronize_session=False)
        # MariaDB assigns from left to right.
        let_go = let_go.ordered_values(
            (Aspect.released_value, Aspect.drastic_value if send else None),
            (Aspect.drastic_value, None),
            (Aspect.due_at, now),
            (Aspect.generation, Aspect.generation + 1),
        )
        count = int(session.execute(let_go).rowcount)  # type: ignore[attr-defined]
        counted = sa.update(Aspect).where(*scope.aspects, Aspect.drastic_at.is_not(None)).values(drastic_at=None)
        session.execute(counted.execution_options(synchronize_session=False))
        what = {"quantity": "zeros", "price": "prices"}[aspect]
        sentence = _decided(aspect, send, count)
        done = {"mass_change": "sent" if send else "discarded", "count": count}
        of_store = store_id is not None
        where = session.get_one(Store, store_id) if of_store else session.get_one(SellerAccount, account_id)
        history.keep(channel, where, {"mass_change": f"waiting {what}"}, done, by=by)
        about = {"account_id": account_id, "store_id": store_id, **signature(channel, by)}
        note(session, now, "released" if send else "discarded", sentence, **about)
        return count

    count = in_transaction(session, act)
    channel.ring()
    return count


def _decided(aspect: str, send: bool, n: int) -> Phrase:
    if send:
        one = {"quantity": "{n} zero that waited is sent.", "price": "{n} price that waited is sent."}
        many = {"quantity": "{n} zeros that waited are sent.", "price": "{n} prices that waited are sent."}
        return phrase_many(one[aspect], many[aspect], n)
    again_one = {
        "quantity": "{n} zero that waited is looked at again.",
        "price": "{n} price that waited is looked at again.",
    }
    again = {
        "quantity": "{n} zeros that waited are looked at again.",
        "price": "{n} prices that waited are looked at again.",
    }
    return phrase_many(again_one[aspect], again[aspect], n)
