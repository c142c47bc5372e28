"""P4: a cycle in which nothing has changed, with few listings and with a hundred times as many.

Each cycle makes the reading of orders and listings due, asks Amazon for both, and looks whether anything else is due.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

import sqlalchemy as sa

from example_store.database import db
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Aspect, AspectName, Listing, Sku, Slot, Stream, StreamName
from flask_amazon_channel.models.database import begin_immediately
from flask_amazon_channel.rules.reading import OVERLAP
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.sync import cycles
from tests.benchmarks import places
from tests.benchmarks.figures import Figure
from tests.databases import Databases

FEW, MANY = 10_000, 1_000_000
CYCLES = 15
MARK = 1.5
_PORTION = 20_000


def measure(databases: Databases) -> list[Figure]:
    few, calls_with_few = _cycle(databases, FEW)
    many, calls_with_many = _cycle(databases, MANY)
    return [
        Figure(
            "P4",
            f"idle cycle, {MANY:,} listings; floor: {FEW:,}",
            "ms",
            many * 1e3,
            f"<= {MARK} x, and no more calls",
            many <= MARK * few and calls_with_many == calls_with_few,
            few * 1e3,
            (f"calls to Amazon in a cycle: {calls_with_few:g} and {calls_with_many:g}",),
        )
    ]


def _cycle(databases: Databases, listings: int) -> tuple[float, float]:
    """Return the seconds of an idle cycle, and its calls to Amazon."""
    with Amazon() as amazon, databases.fresh() as uri:
        amazon.settings(quotas="off", report_delay=0, submission_delay=0, order_delay=0)
        seller, configured = places.connected(amazon)
        with places.shop(uri, configured) as channel:
            channel.ring = places.no_ring
            begin_immediately(db)
            places.begin_to_sell(channel, amazon, seller)
            _add_listings(channel, listings)
            return _idle(channel, amazon)


def _add_listings(channel: Channel, count: int) -> None:
    """Add listings that are in step: with their aspects, of which none is due."""
    session, now = db.session(), datetime.now(UTC)
    account_id, store_id = 1, 1
    first_sku, first_listing = (session.scalar(sa.select(sa.func.max(model.id))) or 0 for model in (Sku, Listing))
    for begin in range(1, count + 1, _PORTION):
        numbers = range(begin, min(begin + _PORTION, count + 1))
        connection = session.connection()
        connection.execute(
            sa.insert(Sku),
            [
                {"id": first_sku + n, "account_id": account_id, "sku": f"IDLE-{n}", "product_id": f"idle-{n}"}
                | {"fulfilled_by": "merchant", "observed_quantity": 5, "observed_quantity_at": now, "ever_live": True}
                for n in numbers
            ],
        )
        connection.execute(
            sa.insert(Listing),
            [
                {"id": first_listing + n, "store_id": store_id, "sku_id": first_sku + n, "on_amazon": True}
                | {"amazon_status": "BUYABLE", "observed_price_minor": 1000, "observed_at": now, "state": "active"}
                for n in numbers
            ],
        )
        named = [(AspectName.QUANTITY, "sku_id", first_sku), (AspectName.PRICE, "listing_id", first_listing)]
        for name, column, first in named:
            rows = [{"account_id": account_id, "name": str(name), "due_at": None, column: first + n} for n in numbers]
            connection.execute(sa.insert(Aspect), rows)
        session.commit()
    # What was listed at the beginning is long ago.
    session.execute(sa.update(Stream).where(Stream.name == StreamName.LISTINGS).values(position=now + OVERLAP))
    session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def _idle(channel: Channel, amazon: Amazon) -> tuple[float, float]:
    seconds = []
    for number in range(-3, CYCLES):
        if number == 0:
            amazon.forget_requests()
        db.session.execute(sa.update(Slot).values(next_run=datetime.now(UTC) - timedelta(seconds=1)))
        db.session.commit()
        begun = perf_counter()
        if not cycles.begin(channel):
            raise RuntimeError("The cycle was not due.")
        cycles.work_until_quiet(channel, at_most=60, quiet=0)
        if number >= 0:
            seconds.append(perf_counter() - begun)
    if db.session.scalar(sa.select(sa.func.count()).select_from(Stream).where(Stream.problem.is_not(None))):
        raise RuntimeError("Something could not be read.")
    db.session.rollback()
    return median(seconds), len(amazon.requests()) / CYCLES
