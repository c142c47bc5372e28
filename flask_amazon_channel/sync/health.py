"""How well the channel keeps up: what works, what was read when, and what waits to be sent.

`flask amazon doctor` and the pages ask here, so that they say the same.  Nothing here asks Amazon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    AmazonOrder,
    Aspect,
    AspectName,
    Listing,
    Package,
    Run,
    RunPart,
    RunState,
    Sku,
    Slot,
    Store,
)

CYCLE = "cycle"
ROUNDS = (CYCLE, "sync")
"""The runs that do everything: by the timetable, and by hand."""
COUNTED = 10_000
"""Of what waits, nobody needs to know more exactly."""
PATIENCE = 2.0
"""Seconds that a broker has for its answer."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Whether the broker answers, and how many workers serve our queue.  `problem` is the class of its error."""

    count: int = 0
    seen_at: datetime | None = None
    problem: str = ""

    @property
    def broker_answers(self) -> bool:
        return not self.problem


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle of the timetable: when it ran, why it ended, and what failed of it in the store."""

    began: datetime
    ended: datetime | None
    state: str
    failures: int

    @property
    def took(self) -> timedelta | None:
        return self.ended - self.began if self.ended else None

    @property
    def went_wrong(self) -> bool:
        return self.failures > 0 or self.state in (RunState.FAILED, RunState.KILLED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows of one kind are due, at most one more than `COUNTED`, and since when the oldest."""

    kind: str
    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Zeros:
    """SKUs that are sold out in the shop and still for sale at Amazon, and since when that is due."""

    count: int = 0
    oldest: datetime | None = None


def workers(channel: Channel, patience: float = PATIENCE) -> Workers:
    """Return who serves the queue, after `patience` seconds at most."""
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.exceptions import RedisError
    from redis.retry import Retry
    from rq import Queue, Worker

    connection = Redis.from_url(
        channel.config.redis_url,
        socket_connect_timeout=patience,
        socket_timeout=patience,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        connection.ping()
        found = Worker.all(queue=Queue(channel.config.queue, connection=connection))
    except (RedisError, OSError) as error:
        return Workers(problem=type(error).__name__)
    finally:
        connection.close()
    return Workers(len(found), max((one.last_heartbeat for one in found if one.last_heartbeat), default=None))


def timetable(channel: Channel) -> tuple[bool, datetime | None]:
    """Say whether the timetable rings, and when a cycle last began; None: never."""
    slots = channel.db.session.scalars(sa.select(Slot)).all()
    late = channel.clock() - 2 * channel.config.sync_interval
    rings = any(slot.next_run >= late for slot in slots)
    return rings, max((one.last_run or one.next_run for one in slots), default=None)


def last_round(session: Session) -> Run | None:
    """Return the newest round of everything that has ended and did something."""
    ended = Run.state.not_in([RunState.RUNNING, RunState.IDLE])
    rounds = sa.or_(Run.name.in_(ROUNDS), Run.name.startswith("sync "))
    return session.scalars(sa.select(Run).where(ended, rounds).order_by(Run.id.desc()).limit(1)).first()


def cycles(session: Session, since: datetime, of: Store) -> Sequence[Cycle]:
    """Return the cycles since then, the oldest first, with what failed in this store or in its account as a whole."""
    mine = sa.or_(RunPart.store_id == of.id, sa.and_(RunPart.account_id == of.account_id, RunPart.store_id.is_(None)))
    failed = (
        sa.select(sa.func.coalesce(sa.func.sum(RunPart.failures), 0))
        .where(RunPart.run_id == Run.id, mine)
        .correlate(Run)
        .scalar_subquery()
    )
    query = sa.select(Run.began, Run.ended, Run.state, failed).where(
        Run.began >= since, Run.name == CYCLE, Run.state != RunState.RUNNING
    )
    return [
        Cycle(began, ended, state, int(count))
        for began, ended, state, count in session.execute(query.order_by(Run.began))
    ]


def zeros(session: Session, store: Store | None = None) -> Zeros:
    """Return what is sold out and not so at Amazon yet: until then what is not there may be sold."""
    query = (
        sa.select(sa.func.count(), sa.func.min(Aspect.due_at))
        .join(Sku, Aspect.sku_id == Sku.id)
        .where(
            Aspect.name == AspectName.QUANTITY,
            Sku.wanted_quantity == 0,
            Sku.observed_quantity > 0,
            Aspect.due_at.is_not(None),
        )
    )
    if store is not None:
        query = query.where(Aspect.account_id == store.account_id, _is_listed(store))
    count, oldest = session.execute(query).one()
    return Zeros(count, oldest)


def waiting(session: Session, store: Store, now: datetime) -> Sequence[Waiting]:
    """Return what of a store is due, by kind; kinds of which nothing is due are left out."""
    due: Mapping[str, Any] = {
        "quantities": _aspects(store, AspectName.QUANTITY, now),
        "prices": _aspects(store, AspectName.PRICE, now),
        "shipments": sa.select(Package.due_at)
        .join(AmazonOrder, Package.order_id == AmazonOrder.id)
        .where(AmazonOrder.store_id == store.id, Package.due_at <= now),
        "orders": sa.select(AmazonOrder.due_at).where(AmazonOrder.store_id == store.id, AmazonOrder.due_at <= now),
    }
    found = []
    for kind, query in due.items():
        some = query.limit(COUNTED + 1).subquery()
        count, since = session.execute(sa.select(sa.func.count(), sa.func.min(some.c.due_at))).one()
        if count:
            found.append(Waiting(kind, count, since))
    return found


def _aspects(store: Store, name: AspectName, now: datetime) -> sa.Select[datetime | None]:
    due = sa.select(Aspect.due_at).where(
        Aspect.name == name, Aspect.account_id == store.account_id, Aspect.due_at <= now
    )
    if name == AspectName.QUANTITY:
        return due.where(_is_listed(store))
    return due.join(Listing, Aspect.listing_id == Listing.id).where(Listing.store_id == store.id)


def _is_listed(store: Store) -> sa.ColumnElement[bool]:
    """The SKU of the aspect has a listing in the store."""
    return sa.exists().where(Listing.store_id == store.id, Listing.sku_id == Aspect.sku_id)
