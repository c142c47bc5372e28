"""What can be verified before the first sale: the installation, and what the shop's catalogue has and lacks.

The catalogue is walked over a while each time, by whoever asked and then by the worker; a walk that was interrupted
goes on where it stopped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ShopRefused
from flask_amazon_channel.models import Base, Preparation, Run, Slot
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, claim, finish, hold, pause
from flask_amazon_channel.rules import preparation
from flask_amazon_channel.sync import facts
from flask_amazon_channel.sync.shop_calls import shop_failed
from flask_amazon_channel.sync.visits import give_back

PORTION = 500
WALK_AT_MOST = 20.0
"""Seconds of one visit of the worker."""
SIGN_OF_LIFE = timedelta(minutes=3)
"""A worker that has nothing to do writes that down once a minute."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What was found: the keys that are missing, the tables that are missing, and who is at work."""

    missing_keys: tuple[str, ...]
    missing_tables: tuple[str, ...]
    watches: bool
    worker_seen: bool
    timetable_seen: bool
    redirect_uri: str
    can_connect_by_page: bool

    @property
    def is_good(self) -> bool:
        good = not self.missing_keys and not self.missing_tables
        return good and self.watches and self.worker_seen and self.timetable_seen


def installation(channel: Channel) -> Installation:
    """Look at what the channel needs in order to work.  Asks the database only."""
    now = channel.clock()
    with reading(channel.db.engine) as session:
        seen = session.scalar(sa.select(sa.func.max(Run.seen_at)))
        timed = session.scalar(sa.select(sa.func.max(Slot.next_run)))
    has_worker = seen is not None and now - seen < SIGN_OF_LIFE
    tables = set(sa.inspect(channel.db.engine).get_table_names())
    return Installation(
        missing_keys=tuple(channel.config.missing),
        missing_tables=tuple(sorted(set(Base.metadata.tables) - tables)),
        watches=bool(channel.watched),
        worker_seen=has_worker,
        timetable_seen=_is_timed(timed, has_worker, now, channel),
        redirect_uri=channel.config.redirect_uri,
        can_connect_by_page=bool(channel.config.application_id),
    )


def _is_timed(timed: datetime | None, has_worker: bool, now: datetime, channel: Channel) -> bool:
    """Before the first cycle has begun, a worker without anything else to do was woken by the timetable."""
    return has_worker if timed is None else timed >= now - 2 * channel.config.sync_interval


def current(session: Session) -> Preparation | None:
    """Return what the walk has found, and how far it is."""
    return session.scalar(sa.select(Preparation).order_by(Preparation.id).limit(1))


def look(channel: Channel, *, at_most: float) -> None:
    """Begin a walk over the catalogue, and walk for a while; the worker does the rest.  Commits."""
    session, now = channel.db.session(), channel.clock()

    def begin() -> None:
        row = current(session)
        if row is None:
            session.add(row := Preparation())
        row.due_at, row.begun_at, row.after, row.counts = now, now, None, None
        row.generation = (row.generation or 0) + 1
        row.failures, row.problem = 0, None

    in_transaction(session, begin)
    walk(channel, at_most=at_most)
    channel.ring()


def walk(channel: Channel, at_most: float = WALK_AT_MOST) -> int:
    """Go on with the walk that is due, a while; return 1 if there was one."""
    claims = claim(channel.db.session(), Preparation, channel.clock(), 1)
    for claimed in claims:
        with reading(channel.db.engine) as session:
            row = session.get_one(Preparation, claimed.id)
        try:
            _walk(channel, row, claimed, at_most)
        except ShopRefused as error:
            give_back(channel, Preparation, claimed, pause(row.failures, 1.0), str(error))
    return len(claims)


def _walk(channel: Channel, row: Preparation, claimed: Claim, at_most: float) -> None:
    session, end, after = channel.db.session(), time.monotonic() + at_most, row.after
    counts = row.counts or preparation.begin(sources(channel))
    while ids := _product_ids(channel, after):
        preparation.add(counts, facts.ask_shop(channel, ids, None).values())
        after, now = ids[-1], channel.clock()
        so_far = {"after": after, "counts": counts}
        if time.monotonic() >= end:
            in_transaction(session, partial(finish, session, Preparation, claimed, now, now, **so_far))
            return
        in_transaction(session, partial(hold, session, Preparation, claimed, now, **so_far))
    now = channel.clock()
    done: dict[str, Any] = {"after": None, "counts": None, "found": counts, "found_at": now}
    in_transaction(session, lambda: finish(session, Preparation, claimed, now, **done))


def sources(channel: Channel) -> list[str]:
    """Return the attributes that may hold an identifier.  `ShopRefused` where the shop fails."""
    ask = getattr(channel.shop, "attributes", None)
    try:
        return preparation.sources_of(ask() if ask is not None else ())
    except Exception as error:
        raise shop_failed("attributes", error) from error
    finally:
        channel.db.session.rollback()


def _product_ids(channel: Channel, after: str | None) -> list[str]:
    try:
        ids = list(channel.shop.product_ids(after, PORTION))
    except Exception as error:
        raise shop_failed("product_ids", error) from error
    finally:
        channel.db.session.rollback()
    # A shop that goes round in circles would never let us end.
    return [] if ids and ids[-1] == after else ids
