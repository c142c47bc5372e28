"""Deleting a store: it goes in small transactions, and one that was interrupted goes on where it stopped.

Its listings, their work, and its logs go; SKUs that no other store lists go with them.  Its orders stay with the
account: their stock is booked, and whoever forgot them would book it again.  The history of changes stays too.  At
Amazon nothing changes: what was for sale stays for sale.

What hangs on a store is found from the foreign keys, so that no table is forgotten.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import (
    Activity,
    AmazonOrder,
    Aspect,
    Base,
    Change,
    Listing,
    RunPart,
    Sku,
    Store,
    StoreState,
    Stream,
    StreamName,
    Submission,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, claim, finish, hold, postpone
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.sync import history
from flask_amazon_channel.sync.stores import decide_anew
from flask_amazon_channel.sync.visits import visiting

PORTION = 50
"""Listings of one transaction."""
ROOM = 1000
"""Rows of one transaction, whatever hangs on the listings."""
AT_ONCE = 200
WORK_AT_MOST = 10.0
"""Seconds of one visit."""
LOOK_AGAIN_AFTER = timedelta(minutes=1)
ANSWERS_WITHIN = timedelta(days=1)
"""What Amazon has not answered after this is not waited for."""

_STREAM = "amazon_stream"


def _detached() -> dict[str, sa.ColumnElement[bool]]:
    """Return what outlives a store, by table: these rows only forget which store, listing or SKU it was."""
    everything = sa.true()
    return {
        AmazonOrder.__tablename__: everything,
        Change.__tablename__: everything,
        RunPart.__tablename__: everything,
        Activity.__tablename__: Activity.order_id.is_not(None),
    }


@dataclass(frozen=True, slots=True)
class Meaning:
    """What deleting a store means, in numbers.  `at_amazon` listings stay there as they are."""

    listings: int
    at_amazon: int
    skus: int
    log_lines: int
    submissions: int
    orders: int
    shop_orders: int


def meaning(session: Session, store: Store) -> Meaning:
    """Count what would go and what would stay."""

    def count(found: sa.Select[Any]) -> int:
        return session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0

    listings = sa.select(Listing.id).where(Listing.store_id == store.id)
    skus = sa.select(Sku.id).where(
        Sku.id.in_(sa.select(Listing.sku_id).where(Listing.store_id == store.id)), _only(store.id)
    )
    work = sa.select(Aspect.id).where(sa.or_(Aspect.listing_id.in_(listings), Aspect.sku_id.in_(skus)))
    orders = sa.select(AmazonOrder.id).where(AmazonOrder.store_id == store.id)
    logged = sa.or_(Activity.store_id == store.id, Activity.listing_id.in_(listings), Activity.sku_id.in_(skus))
    return Meaning(
        listings=count(listings),
        at_amazon=count(listings.where(Listing.on_amazon)),
        skus=count(skus),
        log_lines=count(sa.select(Activity.id).where(logged, Activity.order_id.is_(None))),
        submissions=count(sa.select(Submission.id).where(Submission.aspect_id.in_(work))),
        orders=count(orders),
        shop_orders=count(orders.where(AmazonOrder.shop_order_id.is_not(None))),
    )


def _only(store_id: int) -> sa.ColumnElement[bool]:
    """Find SKUs that no other store lists."""
    other = aliased(Listing)
    return ~sa.exists().where(other.sku_id == Sku.id, other.store_id != store_id)


def begin(channel: Channel, store: Store, *, by: str | None = None) -> None:
    """Let the store go.  From now on it takes no part; its rows are removed by the worker.  Commits."""
    session, now = channel.db.session(), channel.clock()
    number, name = store.id, store.name

    def keep() -> None:
        row = session.get_one(Store, number, populate_existing=True, with_for_update=True)
        if row.state == StoreState.ACTIVE:
            raise ConfigurationError(phrase("{store} is active: pause it first.", store=name))
        if row.state == StoreState.DELETING:
            return
        decide_anew(channel, row)
        history.keep(channel, row, {"state": str(row.state)}, {"state": str(StoreState.DELETING)}, by=by)
        row.state = StoreState.DELETING
        listings = session.scalar(sa.select(sa.func.count()).select_from(Listing).where(Listing.store_id == number))
        session.add(Stream(store_id=number, name=StreamName.DELETION, due_at=now, rows_known=listings))
        session.flush()
        about = {"account_id": row.account_id}
        note(
            session,
            now,
            "deleting",
            phrase("{store} is being deleted.", store=name),
            **about,
            **history.signature(channel, by),
        )

    in_transaction(session, keep)
    channel.ring()


def delete_stores(channel: Channel) -> int:
    """Remove a while from each store that is being deleted; return how many were worked on."""
    claims = claim(channel.db.session(), Stream, channel.clock(), 5, Stream.name == StreamName.DELETION)
    for claimed in claims:
        with reading(channel.db.engine) as read:
            stream = read.get_one(Stream, claimed.id)
            store = read.get_one(Store, stream.store_id)
        with visiting(channel, Stream, claimed, store.account_id, stream.failures, "delete_stores"):
            _delete(channel, store, claimed)
    return len(claims)


def _delete(channel: Channel, store: Store, claimed: Claim) -> None:
    session, end = channel.db.session(), time.monotonic() + WORK_AT_MOST
    while time.monotonic() < end:
        if in_transaction(session, partial(_remove_some, channel, store.id, claimed)):
            continue
        waits = _unanswered(channel, store.id)
        end_it = partial(_wait, channel, claimed, waits) if waits else partial(_finish, channel, store, claimed)
        in_transaction(session, end_it)
        return
    now = channel.clock()
    in_transaction(session, lambda: finish(session, Stream, claimed, now, now))


def _remove_some(channel: Channel, store_id: int, claimed: Claim) -> bool:
    """Remove a portion, and say whether there was any.  In the caller's transaction."""
    session, now = channel.db.session(), channel.clock()
    found = session.execute(
        sa.select(Listing.id, Listing.sku_id, _only(store_id))
        .join(Sku)
        .where(Listing.store_id == store_id, ~_is_open(channel))
        .order_by(Listing.id)
        .limit(PORTION)
    ).all()
    if found:
        alone = [sku_id for _, sku_id, is_alone in found if is_alone]
        shared = [listing_id for listing_id, _, is_alone in found if not is_alone]
        removed = _remove(session, _table(Sku), alone, ROOM)
        if removed < ROOM:
            removed += _remove(session, _table(Listing), shared, ROOM - removed)
        gone = len(found) if removed < ROOM else 0
        hold(session, Stream, claimed, now, rows_done=Stream.rows_done + gone)
        return True
    if _listings_left(session, store_id):
        return False
    removed = _remove_hanging(session, _table(Store), [store_id], ROOM, without={_STREAM})
    hold(session, Stream, claimed, now)
    return removed > 0


def _is_open(channel: Channel) -> sa.ColumnElement[bool]:
    """Find listings that a worker is at, or about which something was sent that Amazon has not answered yet."""
    of_it = sa.or_(Aspect.listing_id == Listing.id, Aspect.sku_id == Listing.sku_id)
    now = channel.clock()
    waits = sa.exists().where(Submission.open_aspect_id == Aspect.id, Submission.created_at > now - ANSWERS_WITHIN)
    return sa.exists().where(of_it, sa.or_(Aspect.leased_until > now, waits))


def _listings_left(session: Session, store_id: int) -> bool:
    return session.scalar(sa.select(sa.exists().where(Listing.store_id == store_id))) or False


def _unanswered(channel: Channel, store_id: int) -> int:
    with reading(channel.db.engine) as read:
        found = sa.select(sa.func.count()).select_from(Listing).where(Listing.store_id == store_id)
        return read.scalar(found) or 0


def _wait(channel: Channel, claimed: Claim, listings: int) -> None:
    why = phrase("Waits for Amazon's answer about {n} of its listings.", n=listings)
    again_at = channel.clock() + LOOK_AGAIN_AFTER
    postpone(channel.db.session(), Stream, claimed, again_at, why, counts=False)


def _finish(channel: Channel, store: Store, claimed: Claim) -> None:
    """Remove the store itself, with what came while it went.  In the caller's transaction."""
    session, now = channel.db.session(), channel.clock()
    hold(session, Stream, claimed, now)
    while _remove_hanging(session, _table(Store), [store.id], ROOM, without={_STREAM}):
        pass
    session.execute(sa.delete(Stream).where(Stream.store_id == store.id).execution_options(synchronize_session=False))
    session.execute(sa.delete(Store).where(Store.id == store.id).execution_options(synchronize_session=False))
    session.expire_all()
    note(session, now, "deleted", phrase("{store} is deleted.", store=store.name), account_id=store.account_id)


def _remove(session: Session, table: sa.Table, ids: Sequence[int], room: int) -> int:
    """Delete these rows and all that hangs on them; return how many.  As many as `room`: some may be left."""
    if not ids:
        return 0
    removed = _remove_hanging(session, table, ids, room)
    if removed >= room:
        return removed
    session.connection().execute(table.delete().where(_key(table).in_(ids)))
    return removed + len(ids)


def _remove_hanging(
    session: Session, table: sa.Table, ids: Sequence[int], room: int, without: Collection[str] = ()
) -> int:
    """Delete, or let forget, what points at these rows; return how many."""
    removed = 0
    for child, column in _children(table):
        if child.name in without:
            continue
        kept = _detached().get(child.name, sa.false())
        points = sa.select(_key(child)).where(column.in_(ids)).limit(AT_ONCE)
        while removed < room and (rows := session.scalars(points.where(kept)).all()):
            session.connection().execute(child.update().where(_key(child).in_(rows)).values({column.name: None}))
            removed += len(rows)
        while removed < room and (rows := session.scalars(points.where(~kept)).all()):
            removed += _remove(session, child, rows, room - removed)
    return removed


def _table(model: type[Base]) -> sa.Table:
    return model.__table__  # type: ignore[return-value]


def _key(table: sa.Table) -> sa.Column[Any]:
    (column,) = table.primary_key.columns
    return column


@cache
def _children(table: sa.Table) -> tuple[tuple[sa.Table, sa.Column[Any]], ...]:
    """Return the columns that point at the table."""
    return tuple(
        (child, column)
        for child in Base.metadata.sorted_tables
        for column in child.columns
        for key in column.foreign_keys
        if key.column.table is table
    )
