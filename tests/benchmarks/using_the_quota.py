"""P6: eight worker processes send prices for one account, as fast as Amazon allows and no faster.

The simulated Amazon counts as the real one does, `SCALE` times as fast, so that it takes seconds.  What she allows in a
time is the burst and what comes back in that time.  This module run by itself is one of the workers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from example_store import create_app
from example_store.database import db
from example_store.models import Product
from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.models import AspectName, Listing
from flask_amazon_channel.models.database import begin_immediately
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.spapi.operations import PATCH_LISTINGS_ITEM
from flask_amazon_channel.sync import cycles
from flask_amazon_channel.sync.publishing.publish import publish
from flask_amazon_channel.testing.local_amazon import configuration
from tests.benchmarks import places
from tests.benchmarks.figures import Figure
from tests.databases import Databases

WORKERS = 8
SCALE = 2
SECONDS = 30.0
RATE = PATCH_LISTINGS_ITEM.rate * SCALE
LISTINGS = int(RATE * SECONDS * 1.3)
MARK, REFUSED_MARK = 0.95, 0.005
LONGEST = 120.0


def measure(databases: Databases) -> list[Figure]:
    with databases.fresh() as uri, places.broker() as broker_url, Amazon() as amazon:
        amazon.settings(submission_delay=0.5, report_delay=0.5, order_delay=0, quotas={"scale": SCALE})
        seller = amazon.add_seller([places.US], listings=[_listed(number) for number in range(LISTINGS)])
        configured = configuration(amazon, seller) | {
            "SQLALCHEMY_DATABASE_URI": uri,
            "AMAZON_CHANNEL_REDIS_URL": broker_url,
            "AMAZON_CHANNEL_ENCRYPTION_KEYS": places.KEY,
        }
        with places.shop(uri, configured) as channel:
            channel.ring = places.no_ring
            begin_immediately(db)
            _sell(channel, amazon, seller)
            amazon.forget_requests()
            with ExitStack() as running:
                for _ in range(WORKERS):
                    running.enter_context(_worker(configured))
                _wait_until_all_wait_for_work(channel)
                _change_every_price(channel)
                calls = _calls_of_the_time(amazon)
    used = sum(1 for call in calls if call["status"] == 200)
    refused = sum(1 for call in calls if call["status"] == 429)
    allowed = PATCH_LISTINGS_ITEM.burst + RATE * SECONDS
    note = (f"{used} of {allowed:.0f} calls in {SECONDS:.0f} s by {WORKERS} workers, {refused} refused",)
    share, refusals = used / allowed, refused / len(calls)
    return [
        Figure("P6", "share of the quota that was used", "", share, ">= 0.95", share >= MARK, None, note),
        Figure("P6", "share of calls refused", "", refusals, "<= 0.005", refusals <= REFUSED_MARK),
    ]


def _listed(number: int) -> dict[str, Any]:
    return {"sku": f"Q{number:05}", "asin": f"B0Q{number:07}", "title": "-", "price": "20.00", "quantity": 10}


def _sell(channel: Channel, amazon: Amazon, seller: dict[str, Any]) -> None:
    """Give the shop the products that the seller lists, and work until all is in step."""
    facts = {"price": Decimal("20.00"), "stock": 10, "enabled": True, "brand": "-", "category": "camping"}
    texts = {"description": "", "condition": "new"}
    db.session.add_all(Product(sku=f"Q{number:05}", title="-", **facts, **texts) for number in range(LISTINGS))
    db.session.commit()
    places.begin_to_sell(channel, amazon, seller)
    unread = db.session.scalar(sa.select(sa.func.count()).where(Listing.on_amazon, Listing.offer_read_at.is_(None)))
    db.session.rollback()
    if unread:
        raise RuntimeError(f"{unread} listings were not read in time.")


@contextmanager
def _worker(configured: dict[str, Any]) -> Iterator[None]:
    """One more worker process, told to stop at the end."""
    given = {f"FLASK_{key}": each if isinstance(each, str) else json.dumps(each) for key, each in configured.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.using_the_quota"],
        env={**os.environ, **given, "FLASK_SECRET_KEY": "of the benchmarks"},
        cwd=Path(__file__).parents[2],
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_all_wait_for_work(channel: Channel) -> None:
    """Every worker says on the broker that it is there."""
    from redis import Redis

    with Redis.from_url(channel.config.redis_url) as broker:
        end = time.monotonic() + LONGEST
        while broker.scard("workers_of_the_benchmark") < WORKERS:
            if time.monotonic() > end:
                raise RuntimeError("The workers did not start.")
            time.sleep(0.1)
    # The buckets fill up again.
    time.sleep(2)


def _change_every_price(channel: Channel) -> None:
    db.session.execute(sa.update(Product).where(Product.sku.like("Q%")).values(price=Decimal("21.00")))
    db.session.commit()
    cycles.work_once(channel, ("listings",))


def _calls_of_the_time(amazon: Amazon) -> list[dict[str, Any]]:
    """Return the patches that came within `SECONDS` of the first one."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        time.sleep(1)
        calls = amazon.requests("patchListingsItem")
        if calls and amazon.world.now() - calls[0]["at"] > SECONDS + 1:
            return [call for call in calls if call["at"] - calls[0]["at"] <= SECONDS]
    raise RuntimeError("The prices did not reach Amazon.")


def work() -> None:
    """Send prices until told to stop."""
    from redis import Redis

    app = create_app()
    with app.app_context():
        channel = current()
        begin_immediately(db)
        with Redis.from_url(channel.config.redis_url) as broker:
            broker.sadd("workers_of_the_benchmark", os.getpid())
        while True:
            if not publish(channel, AspectName.PRICE):
                time.sleep(cycles.POLL)


if __name__ == "__main__":
    work()
