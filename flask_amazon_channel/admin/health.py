"""How well a store keeps up with Amazon, as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from flask_amazon_channel.admin import figures, formats
from flask_amazon_channel.admin.charts import Column, Columns, columns
from flask_amazon_channel.admin.words import say, say_many
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Store, Stream, StreamName
from flask_amazon_channel.sync import health as facts
from flask_amazon_channel.sync.health import COUNTED as COUNTED
from flask_amazon_channel.sync.health import Cycle, Waiting, Workers, Zeros
from flask_amazon_channel.sync.quotas import Headroom, headroom

LOOKED_BACK = timedelta(days=1)
PARTS = 48
"""Columns of the chart: half an hour each."""
PATIENCE = 0.5
"""Seconds that a page waits for the broker."""


@dataclass(frozen=True, slots=True)
class Health:
    """All that is to be seen of it.  `cycle_at` is when a cycle last began by the timetable."""

    orders: Stream | None
    listings: Stream | None
    zeros: Zeros
    waiting: Sequence[Waiting]
    workers: Workers
    timetable_rings: bool
    cycle_at: datetime | None
    lowest: Headroom | None
    cycles: Sequence[Cycle]
    chart: Columns

    @property
    def oldest_waiting(self) -> datetime | None:
        return min((one.since for one in self.waiting if one.since), default=None)

    @property
    def last_cycle(self) -> Cycle | None:
        return self.cycles[-1] if self.cycles else None


def of_store(channel: Channel, store: Store) -> Health:
    session, now = channel.db.session(), channel.clock()
    rings, cycle_at = facts.timetable(channel)
    found = facts.cycles(session, now - LOOKED_BACK, store)
    workers = facts.workers(channel, PATIENCE)
    return Health(
        orders=session.scalar(sa.select(Stream).filter_by(account_id=store.account_id, name=StreamName.ORDERS)),
        listings=session.scalar(sa.select(Stream).filter_by(store_id=store.id, name=StreamName.LISTINGS)),
        zeros=facts.zeros(session, store),
        waiting=facts.waiting(session, store, now),
        workers=workers,
        timetable_rings=rings,
        cycle_at=cycle_at,
        lowest=_lowest(channel, store) if workers.broker_answers else None,
        cycles=found,
        chart=_chart(found, now, figures.zone_of(store)),
    )


def _lowest(channel: Channel, store: Store) -> Headroom | None:
    """Return the quota of which the least is left."""
    standing = headroom(channel, store.account)
    return min(standing, key=lambda one: one.left / one.burst, default=None)


def _chart(found: Sequence[Cycle], now: datetime, zone: str) -> Columns:
    """Return the longest cycle of every half hour of the last day."""
    length = LOOKED_BACK / PARTS
    begin = now - LOOKED_BACK
    parts: list[list[Cycle]] = [[] for _ in range(PARTS)]
    for cycle in found:
        parts[min(PARTS - 1, int((cycle.began - begin) / length))].append(cycle)
    shown = [
        _column(cycles, begin + length * number, begin + length * (number + 1), ZoneInfo(zone))
        for number, cycles in enumerate(parts)
    ]
    failed = sum(cycle.went_wrong for cycle in found)
    return columns(
        "cycles",
        say("Cycles of the last day"),
        say(
            "{cycles}, {failed} of them with failures; the longest took {longest}.",
            cycles=say_many("{n} cycle", "{n} cycles", len(found)),
            failed=formats.number(failed),
            longest=formats.seconds(max((cycle.took for cycle in found if cycle.took), default=timedelta())),
        ),
        shown,
        head=(say("Half an hour"), say("Longest cycle"), say("How many")),
        write=lambda milliseconds: str(formats.seconds(timedelta(milliseconds=milliseconds))),
        write_short=_short,
        smallest_step=1000,
        legend=(("", say("Longest cycle of half an hour")), ("bad", say("With failures"))),
    )


def _column(cycles: Sequence[Cycle], begin: datetime, end: datetime, zone: ZoneInfo) -> Column:
    longest = max((cycle.took for cycle in cycles if cycle.took), default=timedelta())
    failed = sum(cycle.went_wrong for cycle in cycles)
    count = say_many("{n} cycle", "{n} cycles", len(cycles))
    note = say("{cycles}, {failed} with failures", cycles=count, failed=formats.number(failed)) if failed else count
    local = begin.astimezone(zone), end.astimezone(zone)
    return Column(
        f"{local[0]:%H:%M}–{local[1]:%H:%M}",
        f"{local[0]:%H:%M}",
        int(longest.total_seconds() * 1000),
        tone="bad" if failed else "",
        note=note,
    )


def _short(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    return f"{seconds} s" if seconds < 120 or seconds % 60 else f"{seconds // 60} min"
