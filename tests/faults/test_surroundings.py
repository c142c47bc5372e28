"""Faults of what the channel stands on: the clock, the queue, the disk, and databases that go back in time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from example_store.database import db
from flask_amazon_channel import jobs
from flask_amazon_channel.models import Aspect, Base, Stream, StreamName
from flask_amazon_channel.models.due import claim, mark
from flask_amazon_channel.sync import cycles
from tests.journeys.world import US, ShopWorld, listed


@pytest.mark.parametrize("hours", [-2, 2])
def test_f16_a_clock_that_is_hours_off_loses_no_order_and_sells_nothing_twice(world: ShopWorld, hours: int) -> None:
    world.clock.now += timedelta(hours=hours)
    world.connect(listings=[listed("LAMP")])
    world.cycle()
    order_id = world.buy(quantity=2)
    world.save(price=Decimal("22.00"))
    world.cycle()
    world.cycle()
    assert [order.external_number for order in world.shop_orders()] == [order_id]
    assert world.product().stock == 8
    assert world.shown() == (Decimal("22.00"), 8)
    world.pass_time(3500)
    world.save(price=Decimal("23.00"))
    world.settle(30)
    assert world.shown()[0] == Decimal("23.00"), "its tokens are renewed in time"
    world.save(stock=0)
    world.settle(30)
    assert world.shown()[1] == 0


def test_f95_jobs_do_not_run_inside_the_request_whatever_the_host_sets(selling: ShopWorld, broker_url: str) -> None:
    from dataclasses import replace

    selling.app.config.update(TESTING=True, RQ_ASYNC=False, RQ_REDIS_URL=broker_url)
    selling.channel.config = replace(selling.channel.config, redis_url=broker_url)
    selling.channel.ring = jobs.ring
    selling.channel.rang_at = float("-inf")
    with selling.app.test_request_context("/"):
        selling.save(price=Decimal("22.00"))
        assert selling.patches() == []
    assert jobs.queue(selling.channel).count == 1
    selling.settle(30)
    assert selling.shown()[0] == Decimal("22.00")
    selling.channel.bell.connection.close()


def test_f99_a_full_disk_stops_the_channel_and_not_the_shop_and_loses_nothing(selling: ShopWorld) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("Only SQLite can be told how large it may be.")
    selling.save(stock=80)
    selling.amazon.put_listing(selling.seller["seller_id"], US, "LAMP", quantity=80)
    position = selling.all(Stream, Stream.name == StreamName.ORDERS)[0].position
    ordered = {selling.buy(quantity=1) for _ in range(60)}
    with _full():
        selling.pass_time(301)
        for _ in range(5):
            cycles.work_once(selling.channel)
            selling.pass_time(30)
        assert selling.all(Stream, Stream.name == StreamName.ORDERS)[0].position == position
        assert len(selling.shop_orders()) < 60
        assert selling.app.test_client().get("/").status_code == 200, "the shop is open"
    selling.settle(600, step=30)
    assert {order.external_number for order in selling.shop_orders()} == ordered
    assert len(selling.shop_orders()) == 60
    assert selling.product().stock == 20


@contextmanager
def _full() -> Iterator[None]:
    """Let the database's file grow no more."""

    def limit(connection: Any, record: object) -> None:
        [pages] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    db.session.remove()
    event.listen(db.engine, "connect", limit)
    db.engine.dispose()
    try:
        yield
    finally:
        event.remove(db.engine, "connect", limit)
        db.session.remove()
        db.engine.dispose()


def test_f100_who_began_to_read_earlier_does_not_claim_what_another_has(selling: ShopWorld) -> None:
    """MariaDB shows a transaction the rows as they were when it began to read."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("On SQLite a worker's transactions never run beside each other.")
    now = selling.clock()
    mark(db.session(), Aspect, now)
    db.session.commit()
    with Session(db.engine) as early, Session(db.engine) as late:
        seen = early.execute(sa.select(Aspect.id, Aspect.leased_until)).all()
        assert len(claim(late, Aspect, now, 10)) == len(seen) > 0
        assert claim(early, Aspect, now, 10) == []


def test_f101_a_failover_that_lost_the_last_seconds_is_caught_up_with(selling: ShopWorld) -> None:
    """What shop and channel stored last is gone, together; Amazon remembers it."""
    order_id = selling.buy(quantity=3)
    before = _everything()
    selling.save(price=Decimal("23.00"))
    selling.cycle()
    assert (len(selling.shop_orders()), selling.shown()) == (1, (Decimal("23.00"), 7))
    _go_back_to(before)
    assert (selling.shop_orders(), selling.product().price) == ([], Decimal("20.00"))
    selling.cycle()
    selling.cycle()
    assert [order.external_number for order in selling.shop_orders()] == [order_id]
    assert (selling.product().stock, [entry.delta for entry in selling.ledger()]) == (7, [-3])
    assert selling.shown() == (Decimal("20.00"), 7)


def _tables() -> list[sa.Table]:
    return [*db.metadata.sorted_tables, *Base.metadata.sorted_tables]


def _everything() -> dict[sa.Table, list[dict[str, Any]]]:
    db.session.rollback()
    with db.engine.connect() as connection:
        return {table: [dict(row) for row in connection.execute(sa.select(table)).mappings()] for table in _tables()}


def _go_back_to(rows: dict[sa.Table, list[dict[str, Any]]]) -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        for table in reversed(_tables()):
            connection.execute(sa.delete(table))
        for table in _tables():
            if rows[table]:
                connection.execute(sa.insert(table), rows[table])
