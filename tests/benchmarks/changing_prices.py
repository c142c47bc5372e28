"""P7: ten thousand changed prices, their offers read before: how many calls it takes until Amazon shows all of them.

The clocks are moved by hand, so that Amazon's own delays cost no time; what is measured is calls, not seconds.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from example_store.database import db
from example_store.models import Product
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Aspect, Feed, Listing, Submission, SubmissionState
from flask_amazon_channel.models.database import begin_immediately
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.sync import connect_account, cycles, stores
from flask_amazon_channel.sync.listings_report import read_listings_reports
from flask_amazon_channel.testing.local_amazon import configuration
from tests.benchmarks import places
from tests.benchmarks.figures import Figure
from tests.databases import Databases

PRICES = 10_000
MARK = 15
NOT_COUNTED = ("token", "searchOrders")
OFFER = [{"marketplace_id": places.US, "currency": "USD", "audience": "ALL", "our_price": []}]


class Clock:
    """The channel's clock, moved together with Amazon's."""

    def __init__(self, amazon: Amazon) -> None:
        self._amazon = amazon
        self._now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._now

    def pass_time(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._amazon.advance(seconds)


def measure(databases: Databases) -> list[Figure]:
    with databases.fresh() as uri, Amazon(seed=7) as amazon:
        amazon.settings(quotas="off", order_delay=0)
        seller = amazon.add_seller([places.US], listings=[_listed(number) for number in range(PRICES)])
        configured = {**configuration(amazon, seller), "AMAZON_CHANNEL_ENCRYPTION_KEYS": places.KEY}
        with places.shop(uri, configured) as channel:
            channel.ring = places.no_ring
            begin_immediately(db)
            channel.clock = clock = Clock(amazon)
            _begin_to_sell(channel, clock, seller)
            amazon.forget_requests()
            begun = perf_counter()
            db.session.execute(sa.update(Product).where(Product.sku.like("P7-%")).values(price=Decimal("21.50")))
            db.session.commit()
            _work(channel, clock, 120)
            seconds = perf_counter() - begun
            live = _count(Submission, Submission.state == SubmissionState.LIVE)
            feeds = _count(Feed)
        calls = Counter(call["operation"] for call in amazon.requests() if call["operation"] not in NOT_COUNTED)
    if live != PRICES:
        raise RuntimeError(f"Only {live} of {PRICES} prices are live.")
    figure = Figure(
        "P7",
        f"{PRICES:,} changed prices until all are live",
        "calls",
        calls.total(),
        f"<= {MARK} calls with polls, one feed",
        calls.total() <= MARK and feeds == 1,
        None,
        (f"{feeds} feed; {dict(sorted(calls.items()))}", f"{seconds:.0f} s of work beside Amazon's own delays"),
    )
    return [figure]


def _listed(number: int) -> dict[str, Any]:
    return {"sku": f"P7-{number}", "asin": f"B07{number:07d}", "title": "A lamp", "price": "20.00", "quantity": 10}


def _begin_to_sell(channel: Channel, clock: Clock, seller: dict[str, Any]) -> None:
    """Import the listings, match them, and have their offers read."""
    product = {"title": "A lamp", "price": Decimal("20.00"), "stock": 10, "enabled": True, "brand": "Fjellstad"}
    product |= {"category": "camping", "description": "", "condition": "new"}
    db.session.execute(sa.insert(Product), [{"sku": f"P7-{number}", **product} for number in range(PRICES)])
    db.session.commit()
    account = connect_account.connect(
        channel,
        seller_id=seller["seller_id"],
        region=seller["region"],
        name="Benchmark",
        refresh_token=seller["refresh_token"],
    )
    for store in list(account.stores):
        stores.activate(channel, store)
    db.session.rollback()
    for _ in range(60):
        read_listings_reports(channel)
        clock.pass_time(5)
    session = channel.db.session()
    session.execute(sa.update(Listing).values(offer_read=OFFER, offer_read_at=clock()))
    session.execute(sa.update(Aspect).values(due_at=None))
    session.commit()
    _work(channel, clock, 60)


def _work(channel: Channel, clock: Clock, seconds: int) -> None:
    for _ in range(0, seconds, 5):
        while cycles.work_once(channel):
            pass
        clock.pass_time(5)
    db.session.rollback()


def _count(model: type[Any], *where: sa.ColumnElement[bool]) -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0
    db.session.rollback()
    return found
