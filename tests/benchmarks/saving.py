"""P1: what the channel adds to the host's own save of a watched product, up to the end of its commit.

The floor is the same save by a session that nobody listens to, turn by turn in one run, on one database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from statistics import median
from time import perf_counter

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from example_store.database import db
from example_store.models import Product
from flask_amazon_channel import jobs
from flask_amazon_channel.channel import Channel
from tests.benchmarks import places
from tests.benchmarks.figures import Figure
from tests.databases import Databases

ROUNDS = 600
MARK = 100e-6


def measure(databases: Databases) -> list[Figure]:
    with databases.fresh() as uri, places.shop(uri) as channel:
        channel.ring = places.no_ring
        floor, ours = _interleaved(1, ROUNDS)
        floor_of_50, ours_of_50 = _interleaved(50, ROUNDS // 6)
        added, added_to_50 = ours - floor, ours_of_50 - floor_of_50
        statements, statements_of_50 = _statements(1), _statements(50)
        notes = (
            f"one product: {added * 1e6:.0f} us and {statements} statement added to a flush",
            f"50 products: {added_to_50 * 1e6:.0f} us and {statements_of_50} statement added to a flush of "
            f"{floor_of_50 * 1e6:,.0f} us; {added_to_50 / 50 * 1e6:.1f} us a product",
            f"the ring besides, at most once a second: {_ring(channel)}",
        )
    figure = Figure(
        "P1",
        "saving a watched product",
        "us a save, median",
        ours * 1e6,
        "<= 100 us and <= 1 statement more",
        added <= MARK and added_to_50 / 50 <= MARK and max(statements, statements_of_50) <= 1,
        floor * 1e6,
        notes,
    )
    return [figure]


def save(session: Session, products: Sequence[Product], price: Decimal) -> float:
    """Give the products a price, commit, and return the seconds that it took."""
    begun = perf_counter()
    for product in products:
        product.price = price
    session.commit()
    return perf_counter() - begun


def _interleaved(count: int, rounds: int) -> tuple[float, float]:
    """Return the median seconds of a save without and with the channel."""
    sessions = (places.session_without_channel(), db.session())
    loaded = [_products(session, count) for session in sessions]
    samples: tuple[list[float], list[float]] = ([], [])
    for round_number in range(rounds):
        price = Decimal(1000 + round_number) / 100
        for turn in (0, 1) if round_number % 2 else (1, 0):
            for product in loaded[turn]:
                sessions[turn].refresh(product)
            samples[turn].append(save(sessions[turn], loaded[turn], price + Decimal(turn)))
    sessions[0].close()
    return median(samples[0]), median(samples[1])


def _products(session: Session, count: int) -> list[Product]:
    return list(session.scalars(sa.select(Product).order_by(Product.id).limit(count)))


def _statements(count: int) -> int:
    """Return how many statements the channel adds to one flush of so many products."""
    with_channel, without = (
        len(statements_of(partial(_save_anew, session, count)))
        for session in (db.session(), places.session_without_channel())
    )
    return with_channel - without


def _save_anew(session: Session, count: int) -> None:
    for product in _products(session, count):
        product.price += 1
    session.commit()


def statements_of(act: Callable[[], object]) -> list[str]:
    """Return the statements that the store's database is given."""
    seen: list[str] = []

    def count(connection: object, cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return seen


def _ring(channel: Channel) -> str:
    """Say what a ring costs after the commit, with a broker and without one."""
    with places.broker() as broker_url:
        up = _seconds_of_ring(channel, broker_url)
    down = _seconds_of_ring(channel, places.NO_BROKER)
    return f"broker up {up * 1e6:,.0f} us, down {down * 1e6:,.0f} us"


def _seconds_of_ring(channel: Channel, redis_url: str) -> float:
    channel.config, channel.bell = replace(channel.config, redis_url=redis_url), None
    samples = []
    # The queue is full after five rings, and then no more are sent.
    for _ in range(5):
        channel.rang_at = float("-inf")
        begun = perf_counter()
        jobs.ring()
        samples.append(perf_counter() - begun)
    return median(samples)
