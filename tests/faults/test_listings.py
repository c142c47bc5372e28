"""Faults of listings and reports that belong to no journey in particular."""

from __future__ import annotations

from decimal import Decimal

from example_store.database import db
from flask_amazon_channel.models import StreamName
from flask_amazon_channel.sync import matching
from tests.journeys.test_reading_listings import read_wholly, stream
from tests.journeys.world import MX, US, ShopWorld, listed


def test_f24_a_suspended_marketplace_stops_only_itself(world: ShopWorld) -> None:
    world.connect(US, MX, listings=[listed("LAMP")])
    world.cycle()
    world.amazon.change_seller(world.seller["seller_id"], suspended=[MX])
    read_wholly(world)
    assert (world.listing(marketplace=US).state, world.listing(marketplace=MX).state) == ("active", "inactive")
    world.save(price=Decimal("22.00"), stock=4)
    order_id = world.buy(quantity=1)
    world.cycle()
    assert world.shown(marketplace=US) == (Decimal("22.00"), 3)
    assert [order.external_number for order in world.shop_orders()] == [order_id]
    world.amazon.change_seller(world.seller["seller_id"], suspended=[])
    read_wholly(world)
    assert world.listing(marketplace=MX).state == "active"


def test_what_no_search_showed_is_found_by_the_daily_report_and_set_back(selling: ShopWorld) -> None:
    """Somebody changed the price at Amazon, and searching leaves the listing out."""
    selling.settle(1800, step=300)
    selling.amazon.fault("searchListingsItems", "skip_item", times=None)
    price = {"amount": 15, "currency": "USD"}
    selling.amazon.put_listing(selling.seller["seller_id"], US, "LAMP", price=price)
    selling.cycle()
    assert selling.patches() == []
    read_wholly(selling)
    selling.settle(60)
    assert selling.shown() == (Decimal("20.00"), 10)


def test_f40_a_report_that_amazon_cancelled_says_nothing_about_any_listing(selling: ShopWorld) -> None:
    """Amazon cancels a report that would be empty, and others, too."""
    selling.amazon.drop_listing(selling.seller["seller_id"], US, "LAMP")
    read_wholly(selling)
    assert "CANCELLED" in stream(selling, StreamName.LISTINGS_REPORT).problem
    listing = selling.listing()
    assert (listing.state, listing.on_amazon, selling.sku().observed_quantity) == ("active", True, 10)
    assert selling.patches() == []


def test_f111_a_product_that_gets_another_sku_keeps_its_listing_and_a_new_one_does_not_take_it(
    selling: ShopWorld,
) -> None:
    product = selling.product()
    first, product.sku = str(product.id), "LAMP-2"
    db.session.commit()
    selling.add_product("LAMP", price="99.00", stock=3)
    selling.settle(30)
    read_wholly(selling)
    assert selling.sku("LAMP").product_id == first
    assert selling.shown("LAMP") == (Decimal("20.00"), 10)
    selling.save("LAMP-2", price=Decimal("21.00"), stock=8)
    selling.settle(30)
    assert selling.shown("LAMP") == (Decimal("21.00"), 8)


def test_f114_what_shares_the_stock_of_a_product_is_sold_out_together(world: ShopWorld) -> None:
    world.connect(listings=[listed("LAMP"), listed("LAMP-B", asin="B0LAMPTWO1")])
    matching.choose_product(world.channel, world.sku("LAMP-B"), str(world.product().id))
    world.cycle()
    world.buy("LAMP-B", quantity=3)
    world.cycle()
    assert world.product().stock == 7
    assert {world.shown("LAMP")[1], world.shown("LAMP-B")[1]} == {7}
    world.buy("LAMP", quantity=7)
    world.cycle()
    assert {world.shown("LAMP")[1], world.shown("LAMP-B")[1]} == {0}
