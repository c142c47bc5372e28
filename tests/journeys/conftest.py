from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.journeys.world import ShopWorld, empty_shop, listed, make_world


@pytest.fixture
def world(database_server: Databases) -> Iterator[ShopWorld]:
    """The shop with one product, the LAMP, and Amazon; no seller is connected yet."""
    with database_server.fresh(empty_shop) as uri, make_world(uri) as world:
        world.add_product("LAMP")
        yield world


@pytest.fixture
def selling(world: ShopWorld) -> ShopWorld:
    """The LAMP is listed, imported, matched and in step: 20.00 USD, 10 pieces."""
    world.connect(listings=[listed("LAMP")])
    world.cycle()
    world.amazon.forget_requests()
    return world
