"""One round of everything that is due.  The database says what is; whoever calls only makes it sooner."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    EVERY_PRODUCT,
    OPEN_FEEDS,
    AlertMessage,
    AmazonOrder,
    Aspect,
    AspectName,
    BulkAction,
    BulkState,
    Feed,
    Listing,
    Package,
    PendingHint,
    Preparation,
    ProductChange,
    Slot,
    Store,
    Stream,
    StreamName,
)
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Due, mark
from flask_amazon_channel.rules import lanes
from flask_amazon_channel.rules.notifications import HintKind
from flask_amazon_channel.sync import accounts, expiry, plan_listings, preparation, product_changes, purging, runs
from flask_amazon_channel.sync.alerts import health, outbox
from flask_amazon_channel.sync.alerts.evaluate import evaluate
from flask_amazon_channel.sync.bulk.work import work as bulk_actions
from flask_amazon_channel.sync.compare_products import compare_products
from flask_amazon_channel.sync.deleting_stores import delete_stores
from flask_amazon_channel.sync.import_listings import import_listings
from flask_amazon_channel.sync.listings_report import read_listings_reports
from flask_amazon_channel.sync.notifications import consume
from flask_amazon_channel.sync.notifications.reread import read_listings_told_of, read_orders_told_of
from flask_amazon_channel.sync.orders import deadlines, personal_data
from flask_amazon_channel.sync.orders.audit_orders import audit_orders
from flask_amazon_channel.sync.orders.confirm_shipments import confirm_shipments
from flask_amazon_channel.sync.orders.read_orders import read_orders, retry_orders
from flask_amazon_channel.sync.publishing.feeds.collect import collect
from flask_amazon_channel.sync.publishing.feeds.follow import follow
from flask_amazon_channel.sync.publishing.publish import publish

log = logging.getLogger(__name__)

CYCLE = "cycle"
POLL = 0.05
DRAINED_AT_ONCE = 20
"""Portions of changed products."""
COUNTED = 100_000
"""Nobody waits for more exact figures of what is left."""
TURN_IS_NEAR = 2.0
"""Seconds for which a worker stays when only Amazon's quota holds work back."""
FOREGROUND_PATIENCE = 60.0
"""Seconds for which a command waits, in all, for Amazon's quota."""


@dataclass(frozen=True, eq=False)
class Journey:
    """One journey: how to see that something is due, and how to work on a portion of it.

    `kinds` are the words of `flask amazon sync --only` that it belongs to.  What is `urgent` is short: few rows of each
    account with one visit.
    """

    name: str
    kinds: tuple[str, ...]
    model: type[Due] | type[ProductChange]
    where: tuple[sa.ColumnElement[bool], ...]
    work: Callable[[Channel], int]
    urgent: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a complete round did: the journey, how many rows it worked on, and what still waits, with the reasons."""

    journey: str
    worked_on: int
    problems: tuple[str, ...] = ()


def _drain(channel: Channel) -> int:
    """Look at what changed before any of it is sent: what goes together can go in one feed."""
    session, count = channel.db.session(), 0
    for _ in range(DRAINED_AT_ONCE):
        drained = product_changes.drain(session, channel.clock())
        plan_listings.plan_in_all_stores(channel, sorted(drained - {EVERY_PRODUCT}))
        count += len(drained)
        if not drained:
            break
    return count


def _few_quantities(channel: Channel) -> int:
    """What no feed would carry need not wait until another account's feed is made."""
    return publish(channel, AspectName.QUANTITY, fewer_than=lanes.FEWEST)


def _quantities(channel: Channel) -> int:
    return publish(channel, AspectName.QUANTITY)


def _prices(channel: Channel) -> int:
    return publish(channel, AspectName.PRICE)


_LISTINGS_REPORT = Stream.name == StreamName.LISTINGS_REPORT

_QUANTITY = Aspect.name == AspectName.QUANTITY
_ORDERS, _LISTINGS, _PRICES = ("orders",), ("listings",), ("prices",)

JOURNEYS = (
    Journey("product changes", ("listings", "prices"), ProductChange, (), _drain, urgent=True),
    Journey("orders", _ORDERS, Stream, (Stream.name == StreamName.ORDERS,), read_orders, urgent=True),
    Journey("orders again", _ORDERS, AmazonOrder, (), retry_orders, urgent=True),
    Journey(
        "orders told of",
        _ORDERS,
        PendingHint,
        (PendingHint.kind == HintKind.ORDER,),
        read_orders_told_of,
        urgent=True,
    ),
    Journey("quantities", _PRICES, Aspect, (_QUANTITY,), _few_quantities, urgent=True),
    Journey("shipments", _ORDERS, Package, (), confirm_shipments, urgent=True),
    Journey("orders counted", _ORDERS, Stream, (Stream.name == StreamName.ORDERS_REPORT,), audit_orders),
    Journey("listings told of", _LISTINGS, PendingHint, (PendingHint.kind == HintKind.SKU,), read_listings_told_of),
    Journey("feeds", _PRICES, Feed, (Feed.state.in_(OPEN_FEEDS),), follow),
    Journey("feeds made", _PRICES, Aspect, (), collect),
    Journey("quantities", _PRICES, Aspect, (_QUANTITY,), _quantities),
    Journey("prices", _PRICES, Aspect, (Aspect.name == AspectName.PRICE,), _prices),
    Journey("listings", _LISTINGS, Stream, (Stream.name == StreamName.LISTINGS,), import_listings),
    Journey("reports of listings", _LISTINGS, Stream, (_LISTINGS_REPORT,), read_listings_reports),
    Journey("catalogue", _LISTINGS, Stream, (Stream.name == StreamName.CATALOGUE,), plan_listings.walk_catalogues),
    Journey("products", _LISTINGS, Stream, (Stream.name == StreamName.PRODUCTS,), compare_products),
    Journey("stores deleted", (), Stream, (Stream.name == StreamName.DELETION,), delete_stores),
    Journey("preparation", _LISTINGS, Preparation, (), preparation.walk),
    Journey("bulk actions", (), BulkAction, (BulkAction.state == BulkState.RUNNING,), bulk_actions),
    Journey("alerts told", (), AlertMessage, (), outbox.deliver),
)
_URGENT = tuple(journey for journey in JOURNEYS if journey.urgent)


def work_once(channel: Channel, kinds: Collection[str] = ()) -> dict[str, int]:
    """Work on a portion of every journey that has something due; return how many rows by journey.

    What is urgent comes first, and once more after each of the others that took a visit: whatever one account has to
    do, no other's orders, zeros and shipments wait for longer than that.
    """
    done: dict[str, int] = {}
    for journey in _in_turn(channel, JOURNEYS, kinds):
        if _work(channel, journey, done) and not journey.urgent:
            for urgent in _in_turn(channel, _URGENT, kinds):
                _work(channel, urgent, done)
    return done


def _in_turn(channel: Channel, journeys: Sequence[Journey], kinds: Collection[str]) -> Iterator[Journey]:
    """Yield those that have something due when their turn comes: one makes due what the next works on."""
    left = [journey for journey in journeys if not kinds or set(kinds) & set(journey.kinds)]
    while left and (due := _due(channel, left)):
        left = left[left.index(due[0]) + 1 :]
        yield due[0]


def _work(channel: Channel, journey: Journey, done: dict[str, int]) -> int:
    with runs.journey(journey.name):
        worked_on = journey.work(channel)
    if worked_on:
        done[journey.name] = done.get(journey.name, 0) + worked_on
        runs.worked(journey.name, worked_on)
    return worked_on


def _due(channel: Channel, journeys: Sequence[Journey]) -> list[Journey]:
    """Ask with one statement which of them have something due, so that an idle round costs one read."""
    with reading(channel.db.engine) as read:
        row = read.execute(_question(tuple(journeys)), {"now": channel.clock()}).one()
    return [journey for journey, is_due in zip(journeys, row, strict=True) if is_due]


@cache
def _question(journeys: tuple[Journey, ...]) -> sa.Executable:
    """Return the statement; to put it together takes longer than to ask it."""
    return sa.select(*map(_something, journeys))


def _something(journey: Journey) -> sa.ColumnElement[bool]:
    found = sa.exists().where(*journey.where)
    if issubclass(journey.model, Due):
        now = sa.bindparam("now", type_=journey.model.due_at.type)
        free = sa.or_(journey.model.leased_until.is_(None), journey.model.leased_until < now)
        found = found.where(journey.model.due_at <= now, free)
    else:
        found = sa.exists(sa.select(journey.model.id))
    return found


def recorded(
    channel: Channel, name: str, show: Callable[[runs.Progress], None] | None = None
) -> AbstractContextManager[runs.Recorder]:
    """Keep a record of what is done inside, and of how far it has come."""
    return runs.recording(channel, name, lambda: _left(channel), show)


def _left(channel: Channel) -> dict[str, int]:
    """Return how many rows are due by journey, counted up to a number that nobody waits for anyway."""
    now = channel.clock()
    with reading(channel.db.engine) as read:
        row = read.execute(sa.select(*(_number_due(journey, now) for journey in JOURNEYS))).one()
    return {journey.name: count for journey, count in zip(JOURNEYS, row, strict=True) if count}


def _number_due(journey: Journey, now: object) -> sa.ScalarSelect[int]:
    found = sa.select(journey.model.id).where(*journey.where)
    if issubclass(journey.model, Due):
        found = found.where(journey.model.due_at <= now)
    return sa.select(sa.func.count()).select_from(found.limit(COUNTED).subquery()).scalar_subquery()


def work_until_quiet(channel: Channel, *, at_most: float, quiet: float) -> bool:
    """Work until nothing is due and no product changed for `quiet` seconds, `at_most` so many seconds.

    Return whether it came so far.

    The queue of notifications is looked at once, when nothing else is left, or at the end.
    """
    end = time.monotonic() + at_most
    quiet_since = None
    has_drained = False
    while time.monotonic() < end:
        if work_once(channel):
            quiet_since = None
            continue
        if not has_drained:
            has_drained = True
            if consume.drain(channel):
                continue
        quiet_since = quiet_since or time.monotonic()
        if time.monotonic() - quiet_since >= quiet and not _has_its_turn_within(channel, TURN_IS_NEAR):
            return True
        time.sleep(POLL)
    if not has_drained:
        consume.drain(channel)
    channel.ring()
    return False


def begin(channel: Channel) -> bool:
    """Take the slot of the cycle, if it is due and nobody was faster, and make all reading due."""
    session, now = channel.db.session(), channel.clock()

    def take() -> bool:
        slot = session.get(Slot, CYCLE)
        if slot is None:
            session.add(Slot(name=CYCLE, next_run=now))
            session.flush()
        taken = session.execute(
            sa.update(Slot)
            .where(Slot.name == CYCLE, Slot.next_run <= now)
            .values(next_run=now + channel.config.sync_interval * 0.9, last_run=now)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return False
        make_reading_due(channel)
        return True

    try:
        won = in_transaction(session, take)
    except IntegrityError:
        return False
    if won:
        personal_data.purge(channel)
        consume.purge(channel)
        purging.purge(channel)
        accounts.try_secret_again(channel)
        expiry.watch(channel)
        deadlines.watch(channel)
    return won


def end(channel: Channel) -> None:
    """Look at what needs a person, now that all was done that could be, and tell whoever is to be told."""
    evaluate(channel)
    health.queue(channel)
    outbox.deliver(channel)


def make_reading_due(channel: Channel, store_id: int | None = None) -> None:
    """Make due the reading of what changed: orders and listings (of one store: its own, and its account's orders).

    Changes of listings that were never read wholly are no news: their report comes first.  One that was asked for is
    looked after.
    """
    session = channel.db.session()
    changes = sa.and_(Stream.name == StreamName.LISTINGS, Stream.position.is_not(None))
    awaited = sa.and_(_LISTINGS_REPORT, Stream.report_id.is_not(None))
    where = [sa.or_(Stream.name == StreamName.ORDERS, changes, awaited)]
    if store_id is not None:
        account = sa.select(Store.account_id).where(Store.id == store_id).scalar_subquery()
        where.append(sa.or_(Stream.store_id == store_id, Stream.account_id == account))
    mark(session, Stream, channel.clock(), *where)


def run_once(channel: Channel, store_id: int | None = None, only: Collection[str] = ()) -> list[Outcome]:
    """Run one complete cycle now, in the foreground; it does not wait for what is due later, but it respects leases."""
    session = channel.db.session()

    def make_due() -> None:
        make_reading_due(channel, store_id)
        listings = sa.select(Listing.id)
        if store_id is not None:
            listings = listings.where(Listing.store_id == store_id)
        skus = sa.select(Listing.sku_id).where(Listing.id.in_(listings))
        mark(session, Aspect, channel.clock(), sa.or_(Aspect.listing_id.in_(listings), Aspect.sku_id.in_(skus)))

    consume.drain(channel)
    accounts.try_secret_again(channel)
    in_transaction(session, make_due)
    done = _work_in_the_foreground(channel, only)
    return [
        Outcome(journey.name, done.get(journey.name, 0), _problems(channel, journey))
        for journey in {journey.name: journey for journey in JOURNEYS}.values()
        if not only or set(only) & set(journey.kinds)
    ]


def _work_in_the_foreground(channel: Channel, only: Collection[str]) -> dict[str, int]:
    """Work until nothing is due.  What Amazon's quota holds back is waited for, but not for ever."""
    done: dict[str, int] = {}
    end = time.monotonic() + FOREGROUND_PATIENCE
    while True:
        some = work_once(channel, only)
        for name, count in some.items():
            done[name] = done.get(name, 0) + count
        if not some and not _has_its_turn_within(channel, end - time.monotonic(), sleep=True):
            return done


def _has_its_turn_within(channel: Channel, seconds: float, *, sleep: bool = False) -> bool:
    """Say whether a call that the quota held back just now may go so soon; `sleep` until it may."""
    wait = channel.quotas.waits() if channel.quotas is not None else None
    if wait is None or wait > seconds:
        return False
    if sleep:
        time.sleep(wait)
    return True


def _problems(channel: Channel, journey: Journey) -> tuple[str, ...]:
    if not issubclass(journey.model, Due) or journey.work is collect:
        # What holds back the aspects that a feed could carry is told by the journeys of quantities and prices.
        return ()
    with reading(channel.db.engine) as read:
        found = sa.select(journey.model.problem).where(journey.model.problem.is_not(None), *journey.where)
        return tuple(sorted({problem for problem in read.scalars(found.limit(20)) if problem}))
