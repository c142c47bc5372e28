from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from example_store.database import db
from example_store.models import OrderStatus
from flask_amazon_channel import StockCause, signals
from flask_amazon_channel.models import AmazonOrder, OrderPerson, Store
from flask_amazon_channel.sync import matching
from flask_amazon_channel.sync.accounts import client_for
from flask_amazon_channel.sync.orders import personal_data
from flask_amazon_channel.sync.orders.keep_order import keep_order
from flask_amazon_channel.sync.orders.order_rows import person_of
from tests.journeys.test_publishing import heard
from tests.journeys.world import DE, JP, MX, UK, US, ShopWorld, listed


def test_an_order_becomes_a_shop_order_and_lowers_the_stock_once(selling: ShopWorld) -> None:
    with heard(signals.order_received) as received, heard(signals.order_imported) as imported:
        order_id = selling.buy(quantity=3)
        selling.cycle()
        selling.cycle()
    order = selling.order(order_id)
    shop_order = selling.shop_orders()[0]
    assert len(selling.shop_orders()) == 1
    assert [(line.sku, line.quantity) for line in shop_order.lines] == [("LAMP", 3)]
    assert selling.product().stock == 7
    assert [(entry.kind, entry.delta) for entry in selling.ledger()] == [("sale", -3)]
    assert received == [{"order_id": order.id}]
    assert imported == [{"order_id": order.id, "shop_order_id": str(shop_order.id)}]
    assert selling.shown()[1] == 7


def test_a_pending_order_reserves_stock_but_creates_no_shop_order(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=2, status="PENDING")
    selling.cycle()
    assert selling.shop_orders() == []
    assert selling.product().stock == 8
    selling.amazon.change_order(order_id, status="UNSHIPPED")
    selling.cycle()
    assert len(selling.shop_orders()) == 1
    assert selling.product().stock == 8


def test_where_a_store_does_not_reserve_a_pending_order_is_not_booked(selling: ShopWorld) -> None:
    db.session.get_one(Store, 1).reserves_pending = False
    db.session.commit()
    selling.buy(quantity=2, status="PENDING")
    selling.cycle()
    assert selling.ledger() == []
    assert selling.product().stock == 10


def test_a_cancelled_order_gives_its_stock_back_and_cancels_the_shop_order(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=3)
    selling.cycle()
    with heard(signals.order_cancelled) as cancelled:
        selling.amazon.change_order(order_id, status="CANCELLED")
        selling.cycle()
        selling.cycle()
    assert selling.product().stock == 10
    assert [order.status for order in selling.shop_orders()] == [OrderStatus.CANCELLED]
    assert [(entry.kind, entry.delta) for entry in selling.ledger()] == [("sale", -3), ("release", 3)]
    assert cancelled == [{"order_id": selling.order(order_id).id}]


def test_an_order_cancelled_before_it_was_seen_touches_nothing(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=3)
    selling.amazon.change_order(order_id, status="CANCELLED")
    selling.cycle()
    assert selling.shop_orders() == []
    assert selling.ledger() == []
    assert selling.order(order_id).status == "CANCELLED"


def test_a_line_that_becomes_smaller_gives_back_only_its_part(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=5)
    selling.cycle()
    item = selling.amazon.order(order_id)["order"]["orderItems"][0]
    selling.amazon.change_order(order_id, items=[{"order_item_id": item["orderItemId"], "quantity": 2}])
    selling.cycle()
    assert selling.product().stock == 8
    assert sum(entry.delta for entry in selling.ledger()) == -2


def test_a_buyer_who_asks_to_cancel_is_told_of_and_nothing_is_done(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=1)
    selling.cycle()
    with heard(signals.cancellation_requested) as asked:
        selling.amazon.change_order(order_id, buyer_requests_cancel=True)
        selling.cycle()
        selling.cycle()
    assert len(asked) == 1
    assert selling.product().stock == 9
    assert [order.status for order in selling.shop_orders()] != [OrderStatus.CANCELLED]


def test_an_order_that_amazon_ships_takes_no_stock_and_comes_when_it_was_shipped(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=1, fulfillment="AMAZON")
    selling.cycle()
    assert selling.shop_orders() == []
    selling.amazon.change_order(order_id, status="SHIPPED")
    selling.cycle()
    assert len(selling.shop_orders()) == 1
    assert selling.product().stock == 10
    assert selling.ledger() == []


def test_an_unknown_status_is_quarantined_and_leaves_the_stock_alone(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=2, status="PENDING")
    selling.cycle()
    client = client_for(selling.channel, 1, selling.seller["seller_id"], "na")
    later = selling.clock() + timedelta(minutes=1)
    odd = replace(client.get_order(order_id), status="SOMETHING_NEW", last_updated_at=later)
    keep_order(selling.channel, 1, odd, later)
    order = selling.order(order_id)
    assert order.status == "SOMETHING_NEW"
    assert "SOMETHING_NEW" in order.problem
    assert selling.product().stock == 8
    assert selling.shop_orders() == []


def test_an_unmatched_line_quarantines_its_order_until_somebody_matches_it(selling: ShopWorld) -> None:
    seller = selling.seller["seller_id"]
    selling.amazon.put_listing(seller, US, "STRANGER", asin="B0STRANGE1", title="A stranger", price="9.00", quantity=4)
    with heard(signals.order_quarantined) as quarantined:
        order_id = selling.buy("STRANGER", quantity=1)
        other = selling.buy("LAMP", quantity=1)
        selling.cycle()
    assert len(quarantined) == 1
    assert "STRANGER" in selling.order(order_id).problem
    assert selling.order(other).shop_order_id is not None
    product = selling.add_product("SHELF", stock=5)
    matching.choose_product(selling.channel, selling.sku("STRANGER"), str(product.id))
    selling.settle(30)
    assert selling.order(order_id).shop_order_id is not None
    assert selling.order(order_id).problem is None
    assert selling.product("SHELF").stock == 4


def test_stock_may_go_below_zero_and_it_is_said(selling: ShopWorld) -> None:
    selling.save(stock=1)
    with heard(signals.stock_oversold) as oversold:
        order_id = selling.buy(quantity=3)
        selling.cycle()
    assert selling.product().stock == -2
    assert len(oversold) == 1
    assert selling.order(order_id).shop_order_id is not None
    assert selling.shown()[1] == 0


def test_orders_from_before_the_connection_take_no_stock_unless_they_still_wait(world: ShopWorld) -> None:
    world.seller = world.amazon.add_seller([US], listings=[listed()])
    shipped = world.amazon.place_order(
        world.seller["seller_id"], US, [{"sku": "LAMP", "quantity": 1}], status="SHIPPED"
    )
    waiting = world.amazon.place_order(world.seller["seller_id"], US, [{"sku": "LAMP", "quantity": 2}])
    world.pass_time(3600)
    _connect_existing(world)
    world.cycle()
    assert world.order(shipped).shop_order_id is None
    assert world.order(waiting).shop_order_id is not None
    assert world.product().stock == 8


def _connect_existing(world: ShopWorld) -> None:
    from flask_amazon_channel.sync import stores
    from tests.journeys.world import _with_application

    world.channel.config = _with_application(world.channel.config, world.seller)
    account = world.authorise()
    for store in list(account.stores):
        stores.activate(world.channel, store)
    world.settle(30)


def test_orders_of_a_marketplace_without_an_active_store_take_stock_too(world: ShopWorld) -> None:
    from flask_amazon_channel.sync import stores

    account = world.connect(US, MX, activate=False, listings=[listed()])
    stores.activate(world.channel, next(store for store in account.stores if store.country_code == "US"))
    world.settle()
    order_id = world.buy(quantity=2, marketplace=MX)
    world.cycle()
    assert world.product().stock == 8
    assert world.order(order_id).shop_order_id is None
    mexico = next(store for store in world.all(Store) if store.country_code == "MX")
    stores.activate(world.channel, mexico)
    world.settle(30)
    assert world.order(order_id).shop_order_id is not None, "it waits to be shipped, so now it is a shop order"
    assert world.product().stock == 8


@pytest.mark.parametrize(
    ("marketplace", "currency"),
    [(US, "USD"), (MX, "MXN"), (UK, "GBP"), (DE, "EUR"), (JP, "JPY")],
    ids=["US", "MX", "UK", "DE", "JP"],
)
def test_an_order_keeps_amazons_amounts_in_the_marketplaces_currency(
    world: ShopWorld, marketplace: str, currency: str
) -> None:
    world.connect(marketplace, listings=[listed(price="1500")])
    world.cycle()
    order_id = world.buy(quantity=2, marketplace=marketplace)
    world.cycle()
    order = world.order(order_id)
    amazons = world.amazon.order(order_id)["order"]["proceeds"]["grandTotal"]
    assert order.currency == currency == amazons["currencyCode"]
    minor = 1 if currency == "JPY" else 100
    assert order.total_minor == round(float(amazons["amount"]) * minor)
    assert order.details["totals_differ"] is None
    shop_order = world.shop_orders()[0]
    assert shop_order.currency == currency
    assert shop_order.grand_total == Decimal(amazons["amount"])


def test_the_buyers_data_is_encrypted_and_goes_when_its_time_is_over(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=1)
    selling.cycle()
    order = selling.order(order_id)
    buyer, address = person_of(db.session(), selling.channel.keys, order)
    assert buyer is not None
    assert address is not None
    assert address.name
    stored = repr(db.session.connection().exec_driver_sql("SELECT * FROM amazon_order_person").all())
    stored += repr(db.session.connection().exec_driver_sql("SELECT * FROM amazon_order").all())
    assert address.name not in stored
    assert str(buyer.email) not in stored
    assert address.name not in repr(buyer) + repr(address)
    db.session.rollback()
    selling.pass_time(70 * 86400)
    with heard(signals.personal_data_purged) as purged:
        personal_data.purge(selling.channel)
    assert purged == [{"order_id": order.id}]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OrderPerson)) == 0


def test_withheld_personal_data_is_a_state_and_no_dummy_text(selling: ShopWorld) -> None:
    selling.amazon.change_seller(selling.seller["seller_id"], personal_data=False)
    order_id = selling.buy(quantity=1)
    selling.cycle()
    order = selling.order(order_id)
    assert order.shop_order_id is not None
    _, address = person_of(db.session(), selling.channel.keys, order)
    assert address is None


def test_a_duplicate_page_of_orders_changes_nothing(selling: ShopWorld) -> None:
    selling.buy(quantity=1)
    selling.cycle()
    selling.amazon.fault("searchOrders", "dup_page", times=2)
    selling.buy(quantity=2)
    selling.cycle()
    selling.cycle()
    selling.cycle()
    assert len(selling.shop_orders()) == 2
    assert selling.product().stock == 7


@pytest.mark.parametrize("kind", ["5xx_html", "200_html", "empty", "truncate", "redirect", "5xx_json", "429"])
def test_a_page_that_cannot_be_relied_on_loses_no_order(selling: ShopWorld, kind: str) -> None:
    selling.buy(quantity=1)
    selling.amazon.fault("searchOrders", kind, times=2)
    selling.pass_time(301)
    selling.work()
    assert selling.shop_orders() == []
    selling.settle(180)
    assert len(selling.shop_orders()) == 1
    assert selling.product().stock == 9


class Moody:
    """A shop that refuses what the test says."""

    def __init__(self, shop: Any, **refuses: Any) -> None:
        self._shop, self._refuses = shop, refuses

    def __getattr__(self, name: str) -> Any:
        return self._refuses.get(name) or getattr(self._shop, name)


def test_a_poison_order_among_good_ones_stops_only_itself(selling: ShopWorld) -> None:
    real = selling.channel.shop
    poison = selling.buy(quantity=2)
    good = [selling.buy(quantity=1) for _ in range(3)]

    def create_order(order: Any) -> str:
        if order.amazon_order_id == poison:
            raise ValueError("the warehouse knows no such shelf")
        return str(real.create_order(order))

    selling.channel.shop = Moody(real, create_order=create_order)
    selling.cycle()
    assert [selling.order(one).shop_order_id is not None for one in good] == [True] * 3
    assert selling.order(poison).shop_order_id is None
    assert "no such shelf" in selling.order(poison).problem
    assert selling.product().stock == 5, "the stock of the poison order is booked too"
    selling.channel.shop = real
    selling.settle(600, step=30)
    assert selling.order(poison).shop_order_id is not None
    assert selling.order(poison).problem is None
    assert selling.product().stock == 5


def test_a_stock_hook_that_fails_is_tried_again_and_books_once(selling: ShopWorld) -> None:
    real = selling.channel.shop

    def change_stock(product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int:
        raise RuntimeError("the stock is being counted")

    selling.channel.shop = Moody(real, change_stock=change_stock)
    order_id = selling.buy(quantity=2)
    selling.cycle()
    assert selling.product().stock == 10
    assert "being counted" in selling.order(order_id).problem
    assert selling.sku().wanted_quantity == 8, "what is sold and not yet booked is not for sale"
    selling.channel.shop = real
    selling.settle(600, step=30)
    assert selling.product().stock == 8
    assert [entry.delta for entry in selling.ledger()] == [-2]
    assert selling.order(order_id).problem is None


def test_a_shop_that_commits_inside_our_transaction_is_noticed(selling: ShopWorld) -> None:
    real = selling.channel.shop

    def create_order(order: Any) -> str:
        shop_order_id = real.create_order(order)
        db.session.commit()
        return str(shop_order_id)

    selling.channel.shop = Moody(real, create_order=create_order)
    order_id = selling.buy(quantity=2)
    with heard(signals.order_quarantined) as quarantined:
        selling.cycle()
    assert "must not commit" in quarantined[0]["problem"]
    assert selling.product().stock == 8
    selling.channel.shop = real
    selling.settle(600, step=30)
    assert selling.product().stock == 8
    assert [str(order.id) for order in selling.shop_orders()] == [selling.order(order_id).shop_order_id]


def test_an_older_snapshot_never_replaces_a_newer_one(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=3)
    client = client_for(selling.channel, 1, selling.seller["seller_id"], "na")
    old = client.get_order(order_id)
    selling.pass_time(10)
    selling.amazon.change_order(order_id, status="CANCELLED")
    selling.cycle()
    keep_order(selling.channel, 1, old, selling.clock())
    assert selling.order(order_id).status == "CANCELLED"
    assert selling.product().stock == 10
    assert len(selling.all(AmazonOrder)) == 1
