"""P2: from the commit of a new price to the PATCH at Amazon: real worker, timetable and broker, and nothing else to do.

This process is the shop's web process and holds the simulated Amazon; worker and timetable are processes of their own.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from example_store.database import db
from example_store.models import Product
from flask_amazon_channel.models import Listing, Sku
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.simulator import Amazon
from tests.benchmarks import places
from tests.benchmarks.figures import Figure, percentile
from tests.databases import Databases

SAMPLES = 30
MARK = 1.0
ROOT = Path(__file__).parents[2]
LONGEST = 30.0


def measure(databases: Databases) -> list[Figure]:
    with (
        databases.fresh() as uri,
        places.broker() as broker_url,
        Amazon() as amazon,
    ):
        amazon.settings(submission_delay=0.5, report_delay=0.5, order_delay=0)
        seller, configured = places.connected(amazon)
        configured |= {"SQLALCHEMY_DATABASE_URI": uri, "AMAZON_CHANNEL_REDIS_URL": broker_url}
        with places.shop(uri, configured) as channel:
            places.begin_to_sell(channel, amazon, seller)
            products = _live_products()
            with _process("worker", configured), _process("timetable", configured):
                _wait_for_worker(amazon, products[0])
                samples = [_sample(amazon, products[1 + number % (len(products) - 1)]) for number in range(SAMPLES)]
    p95 = percentile(samples, 95)
    figure = Figure(
        "P2",
        "save -> PATCH at Amazon, idle, p95",
        "s",
        p95,
        "p95 <= 1.0 s",
        p95 <= MARK,
        None,
        (f"p50 {median(samples):.3f} s, longest {max(samples):.3f} s, {SAMPLES} saves",),
    )
    return [figure]


@contextmanager
def _process(command: str, configured: dict[str, Any]) -> Iterator[None]:
    """`flask amazon worker` or `timetable` of the same store, told to stop at the end."""
    given = {f"FLASK_{key}": each if isinstance(each, str) else json.dumps(each) for key, each in configured.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "example_store", "amazon", command],
        env={**os.environ, **given, "FLASK_SECRET_KEY": "of the benchmarks"},
        cwd=ROOT,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _live_products() -> list[int]:
    """Products whose price this process may move up and down: each has one listing, in step with the shop."""
    rows = db.session.scalars(
        sa.select(Sku.product_id)
        .join(Listing)
        .where(Listing.state == ListingState.ACTIVE, Listing.wanted_price_minor == Listing.observed_price_minor)
        .group_by(Sku.product_id)
        .having(sa.func.count() == 1)
    )
    found = sorted(int(product_id) for product_id in rows if product_id)
    db.session.rollback()
    movable = (Product.hold_price.is_(False), Product.sale_price.is_(None))
    usable = sorted(db.session.scalars(sa.select(Product.id).where(Product.id.in_(found), *movable)))
    db.session.rollback()
    return usable


def _wait_for_worker(amazon: Amazon, product_id: int) -> None:
    """Save once, and wait until the worker has answered for the first time and come to rest."""
    _seconds_to_amazon(amazon, product_id)
    time.sleep(8)


def _sample(amazon: Amazon, product_id: int) -> float:
    """Return the seconds from the commit to Amazon; then pause, so that the next save finds everything idle."""
    seconds = _seconds_to_amazon(amazon, product_id)
    time.sleep(random.uniform(2.0, 5.0))
    return seconds


def _seconds_to_amazon(amazon: Amazon, product_id: int) -> float:
    product = db.session.get_one(Product, product_id)
    amazon.forget_requests()
    product.price += Decimal("0.01")
    db.session.commit()
    committed = amazon.world.now()
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        patches = amazon.requests("patchListingsItem")
        if patches:
            return float(patches[0]["at"]) - committed
        time.sleep(0.02)
    raise RuntimeError(f"The price of product {product_id} did not reach Amazon within {LONGEST:.0f} s.")
