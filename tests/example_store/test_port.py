"""What the Amazon channel may rely on: the shop as the port shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from example_store.database import db
from example_store.models import Customer, Order, OrderStatus, StockMovement
from example_store.shop import ExampleShop
from flask_amazon_channel import (
    Address,
    Buyer,
    FulfilledBy,
    Kind,
    NewShopOrder,
    NewShopOrderLine,
    OrderChange,
    OrderChangeKind,
    Shop,
    StockCause,
    StockChange,
)
from flask_amazon_channel.rules.values import CustomerPolicy, Totals

from .conftest import Visitor, last_order, product

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAUSE = StockCause("902-1", "item-1", "ledger-1", StockChange.SALE)


@pytest.fixture
def shop(app: Flask) -> ExampleShop:
    return ExampleShop()


def amazon_order(**different: object) -> NewShopOrder:
    order = NewShopOrder(
        amazon_order_id="902-1",
        store="Fjellstad US",
        storefront=None,
        number=None,
        status=None,
        customer=CustomerPolicy.GUEST,
        buyer=Buyer("Pat Doe", "x1@marketplace.example"),
        address=Address(name="Pat Doe", lines=("1 Main St", "Apt 2"), city="Reno", state="NV", country_code="US"),
        lines=(
            NewShopOrderLine("item-1", str(product("KT-3001").id), "KT-3001", "Skillet", 3, Decimal("64.00")),
            NewShopOrderLine("item-2", None, "OLD-TEE", "T-Shirt", 1, Decimal("19.00")),
        ),
        shipping_service="Standard",
        totals=Totals(items=Decimal("211.00"), tax=Decimal("17.50"), grand_total=Decimal("228.50")),
        currency="USD",
        purchased_at=NOON,
    )
    return replace(order, **different)  # type: ignore[arg-type]


def stored(shop_order_id: str) -> Order:
    db.session.expire_all()
    return db.session.get_one(Order, int(shop_order_id))


def test_the_shop_keeps_the_protocol(shop: ExampleShop) -> None:
    assert isinstance(shop, Shop)


def test_a_product_is_shown_with_all_that_rules_need(shop: ExampleShop) -> None:
    [pan] = shop.products([str(product("KT-3003").id)], None)
    assert (pan.sku, pan.price, pan.sale_price, pan.quantity) == ("KT-3003", Decimal(119), Decimal(99), 15)
    assert pan.prices == {"cost": Decimal("56.00"), "list_price": Decimal("135.00")}
    assert pan.identifiers["ean"] == product("KT-3003").ean
    assert (pan.kind, pan.condition, pan.attributes["category"]) == (Kind.SIMPLE, "New", "kitchen")
    [card] = shop.products([str(product("GC-5000").id)], None)
    assert card.kind is Kind.GIFT_CARD


def test_an_ean_of_a_new_and_a_used_copy_finds_both(shop: ExampleShop) -> None:
    ean = product("BK-1001").ean or ""
    pair = {str(product("BK-1001").id), str(product("BK-1001-U").id)}
    assert set(shop.find_products("ean", [ean, "4006381333931"])[ean]) == pair


def test_a_stock_change_is_booked_and_written_down(shop: ExampleShop) -> None:
    pan = product("KT-3001")
    assert shop.change_stock(str(pan.id), -60, CAUSE) == -11
    db.session.commit()
    assert product("KT-3001").stock == -11
    [movement] = db.session.scalars(select(StockMovement))
    assert (movement.delta, movement.reference) == (-60, "amazon:ledger-1")


def test_a_ledger_entry_cannot_be_booked_twice(shop: ExampleShop) -> None:
    pan = str(product("KT-3001").id)
    shop.change_stock(pan, -1, CAUSE)
    db.session.commit()
    shop.change_stock(pan, -1, CAUSE)
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
    assert product("KT-3001").stock == 48


def test_an_amazon_order_is_written_down_without_touching_stock_or_committing(shop: ExampleShop) -> None:
    order = stored(shop.create_order(amazon_order()))
    assert (order.external_number, order.status, order.payment) == ("902-1", OrderStatus.PROCESSING, "Amazon")
    assert (order.street, order.created_at) == ("1 Main St\nApt 2", NOON)
    assert order.grand_total == Decimal("228.50")
    assert [line.external_id for line in order.lines] == ["item-1", "item-2"]
    assert [line.product_id for line in order.lines] == [product("KT-3001").id, None]
    db.session.rollback()
    assert db.session.scalar(select(func.count(Order.id))) == 0
    assert product("KT-3001").stock == 49


def test_an_amazon_order_exists_once(shop: ExampleShop) -> None:
    shop.create_order(amazon_order())
    with pytest.raises(IntegrityError):
        shop.create_order(amazon_order())
    db.session.rollback()


def test_a_withheld_address_stays_empty(shop: ExampleShop) -> None:
    order = stored(shop.create_order(amazon_order(buyer=None, address=None)))
    assert (order.buyer_name, order.street, order.address_is_known) == (None, None, False)


def test_what_amazon_ships_itself_is_shipped_already(shop: ExampleShop) -> None:
    order = stored(shop.create_order(amazon_order(fulfilled_by=FulfilledBy.AMAZON)))
    assert (order.status, order.is_open) == (OrderStatus.SHIPPED, False)


def test_the_number_and_status_that_the_store_wants_are_used(shop: ExampleShop) -> None:
    order = stored(shop.create_order(amazon_order(number="AMZ-902-1", status="new")))
    assert (order.number, order.status) == ("AMZ-902-1", OrderStatus.NEW)


def test_a_buyer_who_orders_again_keeps_the_account(shop: ExampleShop) -> None:
    for number in ("902-1", "902-2"):
        shop.create_order(amazon_order(amazon_order_id=number, customer=CustomerPolicy.NEW))
    assert db.session.scalars(select(Customer.email)).all() == ["x1@marketplace.example"]


def test_units_cancelled_one_after_the_other_add_up_and_leave_stock_alone(shop: ExampleShop) -> None:
    shop_order = shop.create_order(amazon_order())
    for _ in range(2):
        shop.update_order(shop_order, OrderChange(OrderChangeKind.LINES_CANCELLED, {"item-1": 1}))
    assert [line.cancelled for line in stored(shop_order).lines] == [2, 0]
    shop.update_order(shop_order, OrderChange(OrderChangeKind.CANCELLED, note="Cancelled at Amazon."))
    assert [line.cancelled for line in stored(shop_order).lines] == [3, 1]
    assert stored(shop_order).status == OrderStatus.CANCELLED
    assert [note.text for note in stored(shop_order).notes] == ["Cancelled at Amazon."]
    assert product("KT-3001").stock == 49


def test_what_left_the_shop_is_not_cancelled_or_shipped_again(shop: ExampleShop) -> None:
    shop_order = shop.create_order(amazon_order())
    stored(shop_order).lines[0].shipped = 2
    shop.update_order(shop_order, OrderChange(OrderChangeKind.LINES_CANCELLED, {"item-1": 3}))
    shop.update_order(shop_order, OrderChange(OrderChangeKind.SHIPPED))
    assert [(line.shipped, line.cancelled) for line in stored(shop_order).lines] == [(2, 1), (1, 0)]
    assert stored(shop_order).status == OrderStatus.SHIPPED


def test_a_new_address_replaces_the_old_one(shop: ExampleShop) -> None:
    shop_order = shop.create_order(amazon_order(buyer=None, address=None))
    moved = Address(name="Pat Doe", lines=("9 Oak Ave",), city="Elko", country_code="US")
    shop.update_order(shop_order, OrderChange(OrderChangeKind.ADDRESS_CHANGED, address=moved))
    assert (stored(shop_order).street, stored(shop_order).city) == ("9 Oak Ave", "Elko")


def test_an_order_that_the_shop_lost_is_named(shop: ExampleShop) -> None:
    with pytest.raises(LookupError, match="4711"):
        shop.update_order("4711", OrderChange(OrderChangeKind.CANCELLED))


def test_an_amazon_order_is_not_cancelled_behind_amazons_back(
    shop: ExampleShop, visitor: Visitor, clerk: Visitor
) -> None:
    visitor.order(product("KT-3002").id)
    own, shop_order = last_order().id, shop.create_order(amazon_order())
    db.session.commit()
    clerk.post(f"/office/orders/{shop_order}/cancel", on=f"/office/orders/{own}", reason="no_stock")
    assert "Cancel this order where the buyer placed it" in clerk.page
    assert stored(shop_order).status == OrderStatus.PROCESSING
    assert product("KT-3001").stock == 49


def test_exchange_rates_go_both_ways_and_across(shop: ExampleShop) -> None:
    assert shop.exchange_rate("USD", "EUR") == Decimal("0.865")
    assert shop.exchange_rate("EUR", "USD") == 1 / Decimal("0.865")
    assert shop.exchange_rate("GBP", "EUR") == Decimal("0.865") / Decimal("0.755")
    assert shop.exchange_rate("USD", "PLN") is None


def test_the_categories_are_a_choice_for_rules(shop: ExampleShop) -> None:
    [category] = [each for each in shop.attributes() if each.name == "category"]
    assert category.type == "choice"
    assert "camping" in category.choices


def test_pages_have_addresses_outside_of_requests_too(shop: ExampleShop) -> None:
    assert shop.product_url("12") == "/office/products/12"
    assert shop.order_url("7") == "/office/orders/7"
