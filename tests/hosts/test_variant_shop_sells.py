"""The journeys with the second host: what it stores is unlike the example shop, what Amazon sees is alike."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from flask_amazon_channel.models import Store
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.sync import connect_account, stores
from tests.databases import Databases
from tests.hosts.variant_shop import amazon as channel
from tests.hosts.variant_shop import create_app, create_tables, goods
from tests.hosts.variant_shop.models import db
from tests.journeys.world import DE, UK, World, app_config, world_of


def filled(database_uri: str) -> None:
    app = create_app(database_uri)
    create_tables(app)
    with app.app_context():
        goods.seed(db.session())
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(database_server: Databases) -> Iterator[World]:
    """The shop is connected; its German store is its storefront Süd, and everything is in step."""
    with database_server.fresh(filled) as uri, Amazon(seed=3) as amazon:
        config = app_config(amazon, uri)
        for key in ("SQLALCHEMY_DATABASE_URI", "TESTING", "SECRET_KEY"):
            config.pop(key)
        app = create_app(uri, **config)
        with world_of(app, amazon, World) as world:
            listings = [
                {"sku": "JUMPER-S", "asin": "B0JUMPER0S", "title": "Jumper S", "price": "64.90", "quantity": 10},
                {"sku": "AMZ-77", "asin": "B0JUMPER0M", "title": "Jumper M", "price": "64.90", "quantity": 5}
                | {"ean": goods.EANS["JUMPER-M"]},
                {"sku": "SCARF", "asin": "B000SCARF0", "title": "Scarf", "price": "19.50", "quantity": 3},
            ]
            account = world.connect(DE, activate=False, listings=listings)
            account.stores[0].storefront = "sued"
            stores.activate(world.channel, account.stores[0])
            world.settle()
            world.cycle()
            yield world


def test_skus_and_eans_find_the_variants(world: World) -> None:
    matched = {
        row.sku.sku: (row.sku.product_id, row.sku.matched_by) for row in world.all(type(world.listing("SCARF", DE)))
    }
    assert matched["JUMPER-S"] == (goods.product_id("JUMPER-S"), "sku")
    assert matched["AMZ-77"] == (goods.product_id("JUMPER-M"), "ean")


def test_what_a_storefront_does_not_sell_is_ineligible_in_its_store(world: World) -> None:
    assert world.listing("SCARF", DE).state == "ineligible"
    assert world.shown("SCARF", DE)[1] == 0


def test_a_storefronts_price_reaches_its_store(world: World) -> None:
    goods.set_price("Jumper", Decimal("62.00"), "sued")
    world.settle(30)
    assert world.shown("JUMPER-S", DE)[0] == Decimal("62.00")
    assert world.shown("AMZ-77", DE)[0] == Decimal("62.00")


def test_stock_counted_in_a_warehouse_reaches_amazon(world: World) -> None:
    from uuid import UUID

    goods.count_stock({UUID(goods.product_id("JUMPER-M")): 2})
    world.settle(30)
    assert world.shown("AMZ-77", DE)[1] == 2


def test_an_order_is_promised_to_its_buyer_shipped_and_another_cancelled(world: World) -> None:
    first = world.buy("JUMPER-S", 3, marketplace=DE)
    second = world.buy("JUMPER-S", 1, marketplace=DE)
    world.cycle()
    assert goods.sellable("JUMPER-S") == 6
    assert len(goods.orders()) == 2
    world.amazon.change_order(second, status="CANCELLED")
    assert channel.order_shipped(world.order(first).shop_order_id, carrier="DPD", tracking_number="4711") is True
    db.session.commit()
    world.settle(30)
    world.cycle()
    assert goods.sellable("JUMPER-S") == 7
    assert [box["trackingNumber"] for box in world.amazon.order(first)["packages"]] == ["4711"]
    assert world.shown("JUMPER-S", DE)[1] == 7


def test_an_account_in_another_currency_waits_for_a_rate(world: World) -> None:
    seller = world.amazon.add_seller(
        [UK],
        listings=[{"sku": "JUMPER-S", "asin": "B0JUMPER0S", "title": "Jumper S", "price": "50.00", "quantity": 10}],
    )
    account = connect_account.connect(
        world.channel, seller_id=seller["seller_id"], region="eu", name="UK", refresh_token=seller["refresh_token"]
    )
    stores.activate(world.channel, account.stores[0])
    world.settle(90)
    assert world.all(Store)[-1].currency == "GBP"
    shown = world.amazon.listing(seller["seller_id"], UK, "JUMPER-S")
    assert shown["price"]["amount"] == "50.00"
    assert any("GBP" in (aspect.problem or "") for aspect in world.aspects())
