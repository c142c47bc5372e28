"""The facts that alerts are made of.  Each query reads what is due, open or in trouble, never the whole catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    AccountState,
    AlertMessage,
    AmazonOrder,
    Aspect,
    AspectName,
    CallError,
    Feed,
    FeedState,
    MassChange,
    Package,
    Run,
    RunState,
    SellerAccount,
    Sku,
    Slot,
    Store,
    StoreState,
    Stream,
    StreamName,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.rules import alerts, breaker, deadlines
from flask_amazon_channel.rules.alerts import FAILED_IN_A_ROW, SHIP_SOON, WORK_TAKES_AT_MOST, ZERO_TAKES_AT_MOST, Facts
from flask_amazon_channel.rules.permission import Freeze
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.sync import expiry, permission

CYCLE = "cycle"
OPEN_STATUSES = ("PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED")
TO_SHIP = ("UNSHIPPED", "PARTIALLY_SHIPPED")
TROUBLE = (SubmissionState.INVALID, SubmissionState.NOT_APPLIED)
MOST_ORDERS = 200
"""Nobody decides about more orders one by one; the page of orders has them all."""
MOST_COUNTED = 10_000
"""Nobody needs to know more exactly.  The limit also lets the database read what is due by its index, and no more."""

_LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")

ByAccount = sa.Select[*tuple[Any, ...]]
ByPlace = dict[tuple[int, int | None], Any]


def gather(channel: Channel, session: Session, now: datetime) -> Facts:
    """Return everything that `rules.alerts.alarms` asks for."""
    accounts = list(session.scalars(sa.select(SellerAccount).order_by(SellerAccount.id)))
    taking_part = Store.state.in_([StoreState.ACTIVE, StoreState.INACTIVE])
    stores = list(session.scalars(sa.select(Store).where(taking_part).order_by(Store.id)))
    return Facts(
        installation=installation(channel, session, now),
        accounts=tuple(_accounts(session, accounts, stores, now)),
        stores=tuple(_stores(session, stores)),
        orders=tuple(_orders(session, accounts, stores, now)),
        open_orders=tuple(_open_orders(session, now)),
        readings=tuple(_readings(session, accounts, stores)),
        waiting=tuple(_waiting(session, stores)),
        undelivered=tuple(_undelivered(session)),
    )


def installation(channel: Channel, session: Session, now: datetime) -> alerts.Installation:
    """Return how the installation stands."""
    active = Store.state == StoreState.ACTIVE
    used_since = session.scalar(sa.select(sa.func.min(Store.activated_at)).where(active))
    secret = expiry.secret_warning(channel, session, now)
    return alerts.Installation(
        instance=channel.instance,
        stored_instance=permission.stored_instance(session),
        read_only=channel.config.read_only,
        secret=(secret.sentence, secret.is_over) if secret else None,
        is_used=used_since is not None,
        used_since=used_since,
        worker_seen=worker_seen(session),
        cycle_began=session.scalar(sa.select(Slot.last_run).where(Slot.name == CYCLE)),
        interval=channel.config.sync_interval,
        failed_run=_failed_run(session, now),
    )


def worker_seen(session: Session) -> datetime | None:
    """Return the last sign of life of a worker: of a run that did something, or of those that found nothing to do."""
    jobs = ("work", CYCLE)
    busy = session.scalar(sa.select(Run.seen_at).where(Run.name.in_(jobs)).order_by(Run.id.desc()).limit(1))
    idle = session.scalar(sa.select(sa.func.max(Run.seen_at)).where(Run.idle_name.in_(jobs)))
    return max((at for at in (busy, idle) if at is not None), default=None)


def _failed_run(session: Session, now: datetime) -> datetime | None:
    ended = sa.select(Run).where(Run.name == CYCLE, Run.state.not_in([RunState.RUNNING, RunState.IDLE]))
    last = session.scalar(ended.where(Run.began > now - timedelta(days=1)).order_by(Run.id.desc()).limit(1))
    return last.began if last is not None and last.state in (RunState.FAILED, RunState.KILLED) else None


def _accounts(
    session: Session, accounts: list[SellerAccount], stores: list[Store], now: datetime
) -> Iterator[alerts.Account]:
    active = {store.account_id for store in stores if store.is_active}
    read_at = _by_account(
        session, sa.select(Stream.account_id, Stream.complete_at).where(Stream.name == StreamName.ORDERS)
    )
    zeros = _by_account(session, _zeros(now))
    waits = _by_account(session, _work(now))
    stuck = _by_account(
        session,
        sa.select(Feed.account_id, sa.func.count())
        .where(Feed.state == FeedState.STUCK, Feed.due_at > _LONG_AGO)
        .group_by(Feed.account_id),
    )
    refused = _refused_calls(session, now)
    for account in accounts:
        warning = expiry.authorisation_warning(account, now)
        yield alerts.Account(
            id=account.id,
            name=account.name,
            is_connected=account.state == AccountState.CONNECTED,
            needs_secret=account.state == AccountState.NEEDS_SECRET,
            problem=account.problem,
            expiry=(warning.sentence, warning.is_over) if warning else None,
            freeze=_freeze(account),
            has_active_store=account.id in active,
            connected_at=account.connected_at,
            orders_read_at=read_at.get(account.id),
            zeros=zeros.get(account.id, 0),
            work_since=waits.get(account.id),
            stuck_feeds=stuck.get(account.id, 0),
            refused_calls=tuple(refused.get(account.id, ())),
        )


def _by_account(session: Session, query: ByAccount) -> dict[int, Any]:
    return {row[0]: row[1] for row in session.execute(query)}


def _zeros(now: datetime) -> ByAccount:
    """SKUs that are sold out here, still for sale at Amazon, and overdue or failing."""
    late = sa.or_(Aspect.due_at <= now - ZERO_TAKES_AT_MOST, Aspect.failures >= FAILED_IN_A_ROW)
    due = (
        sa.select(Aspect.account_id, Aspect.sku_id)
        .where(Aspect.name == AspectName.QUANTITY, Aspect.due_at > _LONG_AGO, late)
        .order_by(Aspect.due_at)
        .limit(MOST_COUNTED)
        .subquery()
    )
    return (
        sa.select(due.c.account_id, sa.func.count())
        .join(Sku, due.c.sku_id == Sku.id)
        .where(Sku.wanted_quantity == 0, Sku.observed_quantity > 0)
        .group_by(due.c.account_id)
    )


def _work(now: datetime) -> ByAccount:
    """The change that has been due for longest.  What failed is due later, and has an alert or a reason of its own."""
    late = sa.and_(Aspect.due_at > _LONG_AGO, Aspect.due_at <= now - WORK_TAKES_AT_MOST)
    return sa.select(Aspect.account_id, sa.func.min(Aspect.due_at)).where(late).group_by(Aspect.account_id)


def _refused_calls(session: Session, now: datetime) -> dict[int, list[tuple[str, int]]]:
    refused = (
        sa.select(CallError.account_id, CallError.operation, sa.func.sum(CallError.times))
        .where(CallError.last_at >= now - timedelta(hours=1), CallError.status == 429)
        .group_by(CallError.account_id, CallError.operation)
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for account_id, operation, times in session.execute(refused):
        found[account_id].append((operation, int(times)))
    return found


def _freeze(row: SellerAccount | Store) -> Freeze | None:
    if row.frozen_at is None:
        return None
    return Freeze(row.frozen_at, row.frozen_by or "", row.frozen_reason or "")


def _stores(session: Session, stores: list[Store]) -> Iterator[alerts.StoreFacts]:
    trouble = _trouble(session)
    small = {
        row.store_id: (row.rows_refused, row.rows_seen)
        for row in session.execute(
            sa.select(Stream.store_id, Stream.rows_refused, Stream.rows_seen).where(
                Stream.name == StreamName.LISTINGS_REPORT, Stream.rows_refused.is_not(None)
            )
        )
    }
    for store in stores:
        of_it = trouble.get((store.account_id, store.marketplace_id), {})
        rows, before = small.get(store.id, (None, None))
        yield alerts.StoreFacts(
            id=store.id,
            account_id=store.account_id,
            name=store.name,
            is_active=store.is_active,
            problem=store.problem,
            freeze=_freeze(store),
            not_applied=of_it.get(SubmissionState.NOT_APPLIED, 0),
            refused=of_it.get(SubmissionState.INVALID, 0),
            small_report=None if rows is None or before is None else (rows, before),
        )


def in_trouble() -> tuple[sa.ColumnElement[bool], ...]:
    """Find the submissions that were refused or not applied, and after which nothing was sent for the aspect.

    The states are written into the statement, so that the index of these states alone is used.
    """
    newer = aliased(Submission)
    after = sa.exists().where(newer.aspect_id == Submission.aspect_id, newer.id > Submission.id)
    states: sa.BindParameter[Any] = sa.bindparam(
        "trouble", [str(state) for state in TROUBLE], expanding=True, literal_execute=True
    )
    return Submission.state.in_(states), ~after


def _trouble(session: Session) -> dict[tuple[int, str], dict[str, int]]:
    counted = (
        sa.select(Aspect.account_id, Submission.marketplace_id, Submission.state, sa.func.count())
        .select_from(Submission)
        .join(Aspect, Submission.aspect_id == Aspect.id)
        .where(*in_trouble())
        .group_by(Aspect.account_id, Submission.marketplace_id, Submission.state)
    )
    found: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for account_id, marketplace_id, state, n in session.execute(counted):
        found[account_id, marketplace_id][state] = n
    return found


def quarantined() -> tuple[sa.ColumnElement[bool], ...]:
    """Find the orders that could not be brought into the shop."""
    return AmazonOrder.due_at > _LONG_AGO, AmazonOrder.problem.is_not(None)


def to_ship(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Find the orders that the shop must ship within a day, and of which it has sent nothing that is on its way."""
    on_its_way = sa.exists().where(Package.order_id == AmazonOrder.id, Package.confirmed_at.is_(None))
    return (
        AmazonOrder.status.in_(TO_SHIP),
        AmazonOrder.ship_by <= now + SHIP_SOON,
        AmazonOrder.fulfilled_by == FulfilledBy.MERCHANT,
        ~on_its_way,
    )


def _of_statuses(statuses: tuple[str, ...], *where: sa.ColumnElement[bool]) -> sa.Subquery:
    """Return the ids of the orders in these states, read from their index: they are few, whatever a planner guesses."""
    found = sa.select(AmazonOrder.id).where(AmazonOrder.status.in_(statuses), *where)
    return found.order_by(AmazonOrder.ship_by).limit(MOST_COUNTED).subquery()


def _orders(
    session: Session, accounts: list[SellerAccount], stores: list[Store], now: datetime
) -> Iterator[alerts.Orders]:
    place = (AmazonOrder.account_id, AmazonOrder.store_id)
    in_line = sa.select(*place).where(*quarantined()).order_by(AmazonOrder.due_at).limit(MOST_COUNTED).subquery()
    waiting = sa.select(*in_line.c, sa.func.count()).group_by(*in_line.c)
    late = sa.func.coalesce(sa.func.sum(sa.case((AmazonOrder.ship_by < now, 1), else_=0)), 0)
    soon = _of_statuses(TO_SHIP, AmazonOrder.ship_by <= now + SHIP_SOON)
    due = (
        sa.select(*place, sa.func.count(), late, sa.func.min(AmazonOrder.ship_by))
        .join(soon, soon.c.id == AmazonOrder.id)
        .where(*to_ship(now))
        .group_by(*place)
    )
    quarantine: ByPlace = {(row[0], row[1]): row[2] for row in session.execute(waiting)}
    shipping: ByPlace = {(row[0], row[1]): (row[2], int(row[3]), row[4]) for row in session.execute(due)}
    names: dict[int | None, str] = {store.id: store.name for store in stores}
    owners = {account.id: account.name for account in accounts}
    for account_id, store_id in quarantine.keys() | shipping.keys():
        if store_id is not None and store_id not in names:
            # An archived store: nobody is to be told of it any more.
            continue
        near, over, first = shipping.get((account_id, store_id), (0, 0, None))
        yield alerts.Orders(
            account_id=account_id,
            store_id=store_id,
            name=owners[account_id] if store_id is None else names[store_id],
            quarantined=quarantine.get((account_id, store_id), 0),
            late=over,
            soon=near - over,
            ship_by=first,
        )


def _open_orders(session: Session, now: datetime) -> Iterator[alerts.OpenOrder]:
    asked = sa.or_(AmazonOrder.oversold_at.is_not(None), AmazonOrder.cancellation_requested_at.is_not(None))
    is_open = _of_statuses(OPEN_STATUSES)
    flagged = session.scalars(sa.select(AmazonOrder).join(is_open, is_open.c.id == AmazonOrder.id).where(asked))
    # Sorted here: a database would rather read all orders backwards than sort the few.
    newest = sorted(flagged, key=lambda order: order.id, reverse=True)[:MOST_ORDERS]
    found = {order.id: order for order in newest}
    unconfirmed = _unconfirmed(session, now)
    found |= {order.id: order for order, _ in unconfirmed.values()}
    for order in found.values():
        still_open = order.status in OPEN_STATUSES
        yield alerts.OpenOrder(
            id=order.id,
            account_id=order.account_id,
            store_id=order.store_id,
            number=order.amazon_order_id,
            is_oversold=still_open and order.oversold_at is not None,
            asks_to_cancel=still_open and order.cancellation_requested_at is not None,
            unconfirmed=unconfirmed[order.id][1] if order.id in unconfirmed else None,
        )


def _unconfirmed(session: Session, now: datetime) -> dict[int, tuple[AmazonOrder, Any]]:
    """The packages that must be confirmed soon.  Why they are not is left out: Amazon's words might name a buyer."""
    waiting = (Package.due_at > _LONG_AGO, Package.confirmed_at.is_(None))
    due = sa.select(Package.id).where(*waiting, Package.shipped_at <= now - deadlines.SOON_SHOWN)
    in_line = due.order_by(Package.due_at).limit(MOST_COUNTED).subquery()
    packages = (
        sa.select(Package)
        .join(in_line, in_line.c.id == Package.id)
        .join(Package.order)
        .where(AmazonOrder.ship_by <= now + SHIP_SOON)
        .options(contains_eager(Package.order))
        .order_by(in_line.c.id.desc())
        .limit(MOST_ORDERS)
    )
    return {
        package.order_id: (
            package.order,
            deadlines.not_confirmed(
                package.order.amazon_order_id, package.reference, package.order.ship_by or now, None
            ),
        )
        for package in session.scalars(packages)
    }


def _readings(session: Session, accounts: list[SellerAccount], stores: list[Store]) -> Iterator[alerts.Reading]:
    connected = {account.id: account.name for account in accounts if account.is_connected}
    active = {store.id: store for store in stores if store.is_active and store.account_id in connected}
    # A report that is not believed has an alert of its own.
    failing = sa.select(Stream).where(
        Stream.failures >= FAILED_IN_A_ROW, Stream.problem.is_not(None), Stream.rows_refused.is_(None)
    )
    for stream in session.scalars(failing.order_by(Stream.id)):
        store = active.get(stream.store_id) if stream.store_id is not None else None
        if stream.store_id is not None and store is None:
            continue
        account_id = store.account_id if store else stream.account_id
        if account_id not in connected:
            continue
        name = store.name if store else connected[account_id]
        yield alerts.Reading(account_id, store.id if store else None, name, stream.name, stream.failures)


def _waiting(session: Session, stores: list[Store]) -> Iterator[alerts.Waiting]:
    owners = {store.id: store.account_id for store in stores}
    for change in session.scalars(sa.select(MassChange).order_by(MassChange.id)):
        account_id = change.account_id or owners.get(change.store_id or 0)
        if account_id is not None:
            reason = breaker.mass_change(change.aspect, change.counted, change.live, change.noticed_at)
            yield alerts.Waiting(account_id, change.store_id, reason)


def _undelivered(session: Session) -> Iterator[alerts.Undelivered]:
    place = (AlertMessage.account_id, AlertMessage.store_id, AlertMessage.way)
    waiting = (
        sa.select(*place, sa.func.min(AlertMessage.created_at), sa.func.max(AlertMessage.problem))
        .where(AlertMessage.due_at > _LONG_AGO, AlertMessage.failures > 0)
        .group_by(*place)
    )
    for account_id, store_id, way, since, problem in session.execute(waiting):
        yield alerts.Undelivered(account_id, store_id, way, since, problem or "")
