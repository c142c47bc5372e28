"""Faults of the catalogue that belong to no journey in particular."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from example_store import stock
from example_store.database import db
from flask_amazon_channel import jobs
from flask_amazon_channel.models import Aspect, SellerAccount, Stream
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.sync import connect_account
from flask_amazon_channel.sync.accounts import AccountTokens
from tests.journeys.world import US, ShopWorld, listed


def test_f01_while_amazon_cannot_be_reached_at_all_work_waits_and_then_goes_on(selling: ShopWorld) -> None:
    order_id = selling.buy()
    selling.amazon.stop()
    selling.save(price=Decimal("22.00"))
    selling.pass_time(301)
    selling.work()
    assert any(row.problem for row in selling.all(Stream))
    selling.amazon.start()
    selling.pass_time(700)
    selling.settle(60)
    assert selling.shown()[0] == Decimal("22.00")
    assert [order.external_number for order in selling.shop_orders()] == [order_id]


def test_f09_an_item_that_amazon_refuses_stops_only_itself(world: ShopWorld) -> None:
    world.add_product("PAN")
    world.connect(listings=[listed("LAMP"), listed("PAN")])
    world.cycle()
    world.amazon.drop_listing(world.seller["seller_id"], US, "PAN")
    for sku in ("LAMP", "PAN"):
        world.save(sku, price=Decimal("21.00"))
    world.settle(60)
    assert world.shown("LAMP")[0] == Decimal("21.00")
    refused = world.all(Aspect, Aspect.listing_id == world.listing("PAN").id)
    assert [row.problem for row in refused if row.problem] != []


def test_f26_two_workers_that_renew_the_token_at_once_both_go_on(selling: ShopWorld) -> None:
    db.session.execute(sa.update(SellerAccount).values(access_token_sealed=None, access_token_expires_at=None))
    db.session.commit()
    account_id = selling.all(SellerAccount)[0].id
    db.session.remove()
    got: list[str] = []

    def renew() -> None:
        with selling.app.app_context():
            got.append(AccountTokens(selling.channel, account_id).access_token())
            db.session.remove()

    _at_once(renew, renew)
    assert len(got) == 2
    assert AccountTokens(selling.channel, account_id).access_token() in got
    selling.save(price=Decimal("22.00"))
    selling.settle(30)
    assert selling.shown()[0] == Decimal("22.00")


def test_f27_a_seller_that_is_connected_twice_is_one_account(selling: ShopWorld) -> None:
    for name in ("Once more", "And again"):
        connect_account.connect(
            selling.channel,
            seller_id=selling.seller["seller_id"],
            region=selling.seller["region"],
            name=name,
            refresh_token=selling.seller["refresh_token"],
        )
    assert len(selling.all(SellerAccount)) == 1
    account = SellerAccount.__table__
    twin = dict(db.session.execute(sa.select(account)).mappings().one())
    twin.pop("id")
    with pytest.raises(IntegrityError):
        db.session.execute(sa.insert(account).values(**twin))
    db.session.rollback()


def test_f32_a_quantity_leaves_the_handling_time_as_it_is(selling: ShopWorld) -> None:
    seller = selling.seller["seller_id"]
    availability = {"fulfillment_channel_code": "DEFAULT", "quantity": 10, "lead_time_to_ship_max_days": 5}
    listing = selling.amazon.world.listing(seller, "LAMP")
    listing.attributes = {**(listing.attributes or {}), "fulfillment_availability": [availability]}
    selling.save(stock=4)
    selling.settle(30)
    assert selling.shown()[1] == 4
    kept = selling.amazon.world.listing(seller, "LAMP").attributes["fulfillment_availability"]
    assert [(part["quantity"], part["lead_time_to_ship_max_days"]) for part in kept] == [(4, 5)]


def test_f60_a_replacement_order_without_price_comes_as_it_is(selling: ShopWorld) -> None:
    first = selling.buy()
    seller = selling.seller["seller_id"]
    free = [{"sku": "LAMP", "quantity": 1, "price": "0"}]
    second = selling.amazon.place_order(seller, US, free, replaces=first)
    selling.cycle()
    by_number = {order.external_number: order for order in selling.shop_orders()}
    assert by_number[second].grand_total == 0
    assert selling.order(second).details["is_replacement"] is True
    assert selling.product().stock == 8


def test_f63_two_lines_with_one_sku_are_two_lines_and_both_are_booked(selling: ShopWorld) -> None:
    lines = [{"sku": "LAMP", "quantity": 1}, {"sku": "LAMP", "quantity": 2}]
    selling.amazon.place_order(selling.seller["seller_id"], US, lines)
    selling.cycle()
    [order] = selling.shop_orders()
    assert sorted(line.quantity for line in order.lines) == [1, 2]
    assert sorted(entry.delta for entry in selling.ledger()) == [-2, -1]
    assert selling.product().stock == 7


def test_f93_however_often_it_is_rung_the_queue_stays_short(selling: ShopWorld, broker_url: str) -> None:
    selling.channel.config = replace(selling.channel.config, redis_url=broker_url)
    for _ in range(100):
        selling.channel.rang_at = float("-inf")
        jobs.ring()
    assert 1 <= jobs.queue(selling.channel).count <= 5
    selling.channel.bell.connection.close()


def test_f96_a_deadlock_repeats_the_whole_transaction(selling: ShopWorld) -> None:
    class Deadlock(Exception):
        sqlstate = "40P01"

    seen: list[int] = []

    def act() -> int:
        selling.product().stock += 1
        db.session.flush()
        seen.append(selling.product().stock)
        if len(seen) < 3:
            raise OperationalError("UPDATE", {}, Deadlock("deadlock detected"))
        return seen[-1]

    assert in_transaction(db.session(), act) == 11
    assert seen == [11, 11, 11]
    assert selling.product().stock == 11


def test_f98_a_busy_database_makes_workers_wait_and_loses_no_booking(selling: ShopWorld) -> None:
    """Four at once, each with a transaction that reads and then writes."""
    product_id = selling.product().id
    db.session.remove()

    def book() -> None:
        with selling.app.app_context():
            for _ in range(25):
                in_transaction(db.session(), lambda: stock.book(db.session(), product_id, 1, "Delivered"))
            db.session.remove()

    _at_once(book, book, book, book)
    assert selling.product().stock == 110


@pytest.mark.parametrize("price", [Decimal("0"), Decimal("-1.00")])
def test_f110_a_price_that_is_no_price_is_not_sent_and_said(selling: ShopWorld, price: Decimal) -> None:
    selling.save(price=price)
    selling.settle(30)
    assert selling.patches() == []
    assert selling.shown()[0] == Decimal("20.00")
    [aspect] = [row for row in selling.aspects() if row.name == "price"]
    assert aspect.problem


def test_f113_an_asin_that_amazon_changed_is_taken_over_and_the_match_stays(selling: ShopWorld) -> None:
    product_id = selling.sku().product_id
    selling.amazon.world.listing(selling.seller["seller_id"], "LAMP").asin = "B000000001"
    selling.amazon.put_listing(selling.seller["seller_id"], US, "LAMP", quantity=10)
    selling.cycle()
    assert selling.listing().asin == "B000000001"
    assert selling.sku().product_id == product_id
    selling.save(price=Decimal("22.00"))
    selling.settle(30)
    assert selling.shown()[0] == Decimal("22.00")


def test_f116_the_last_unit_sold_twice_is_said_once_and_both_orders_stay(selling: ShopWorld) -> None:
    selling.save(stock=1)
    selling.settle(30)
    order_id = selling.buy()
    assert stock.take(db.session(), selling.product().id, 1, "Sold in the shop")
    db.session.commit()
    selling.cycle()
    assert [order.external_number for order in selling.shop_orders()] == [order_id]
    assert selling.product().stock == -1
    assert selling.order(order_id).oversold_at is not None
    assert selling.shown()[1] == 0


def test_more_stock_is_sent_though_a_unit_was_sold_before_the_last_quantity_was_read_back(selling: ShopWorld) -> None:
    """Orders are known up to two minutes ago: whoever keeps looking at the listing is never behind them.

    Found by chaos: looking again moved the moment that orders had to be read past, and so for ever.
    """
    selling.amazon.settings(order_delay=120)
    selling.save(stock=8)
    selling.work()
    selling.pass_time(3)
    selling.buy()
    selling.settle(30, step=30)
    stock.book(db.session(), selling.product().id, 12, "Delivered")
    db.session.commit()
    selling.settle(1500, step=30)
    assert selling.product().stock == 19
    assert selling.shown()[1] == 19


def _at_once(*acts: Callable[[], Any]) -> None:
    errors: list[BaseException] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            act()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
