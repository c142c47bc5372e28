from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from flask_amazon_channel import jobs
from tests.crash.boundaries import Boundaries, watched
from tests.databases import Databases
from tests.journeys.world import ShopWorld, empty_shop, listed, make_world

STOCKED = {"LAMP": 900, "PAN": 900}


@pytest.fixture
def crashing(database_server: Databases, broker_url: str) -> Iterator[ShopWorld]:
    """Two products with plenty of stock, in step with Amazon."""
    with (
        database_server.fresh(empty_shop) as uri,
        make_world(uri, AMAZON_CHANNEL_REDIS_URL=broker_url) as world,
    ):
        for sku, stock in STOCKED.items():
            world.add_product(sku, stock=stock)
        world.connect(listings=[listed(sku, quantity=stock) for sku, stock in STOCKED.items()])
        world.cycle()
        world.channel.ring = jobs.ring
        world.amazon.forget_requests()
        yield world


@pytest.fixture
def boundaries(crashing: ShopWorld, monkeypatch: Any) -> Iterator[Boundaries]:
    with watched(crashing.channel, monkeypatch) as found:
        yield found
