"""The Amazon channel, installed in the shop."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from example_store.database import db
from example_store.models import Product
from example_store.shop import ExampleShop
from flask_amazon_channel import NewShopOrderLine, Reason, signals
from flask_amazon_channel.models import AmazonOrder, AmazonOrderItem, Package, SellerAccount
from flask_amazon_channel.rules.submitting import Submitting

from .conftest import Visitor, product
from .test_port import amazon_order, stored

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def channel(app: Flask) -> Flask:
    """The shop after `flask amazon db upgrade`."""
    assert app.test_cli_runner().invoke(args=["amazon", "db", "upgrade"]).exit_code == 0
    return app


@pytest.fixture
def imported(channel: Flask) -> AmazonOrder:
    """An Amazon order with its shop order."""
    account = SellerAccount(name="Fjellstad", seller_id="A1EXAMPLE", region="na", connected_at=NOON)
    db.session.add(account)
    db.session.flush()
    written = amazon_order()
    order = AmazonOrder(
        account_id=account.id,
        amazon_order_id="902-1",
        marketplace_id="ATVPDKIKX0DER",
        status="UNSHIPPED",
        fulfilled_by="merchant",
        purchased_at=NOON,
        updated_at=NOON,
        fetched_at=NOON,
        details={},
        shop_order_id=ExampleShop().create_order(written),
        items=[_item(line) for line in written.lines],
    )
    db.session.add(order)
    db.session.commit()
    return order


def _item(line: NewShopOrderLine) -> AmazonOrderItem:
    return AmazonOrderItem(
        order_item_id=line.id,
        sku=line.sku,
        title=line.title,
        quantity_ordered=line.quantity,
        sold=line.quantity,
        in_shop_order=line.quantity,
    )


def submitting(sku: str, aspect: str = "price") -> Submitting:
    return Submitting(aspect, sku, str(product(sku).id), 1, 1, 1, 1, Decimal(20), Decimal(25), "USD")


def changed_products() -> list[str]:
    rows = db.session.execute(sa.text("SELECT * FROM amazon_product_change")).mappings().all()
    db.session.rollback()
    return sorted({str(row["product_id"]) for row in rows})


def test_the_shop_passes_the_checks_of_the_port(channel: Flask) -> None:
    answer = channel.test_cli_runner().invoke(args=["amazon", "check-shop"])
    assert answer.exit_code == 0, answer.output


def test_the_shops_own_migrations_do_not_see_the_channels_tables(channel: Flask) -> None:
    assert channel.test_cli_runner().invoke(args=["db", "check"]).exit_code == 0


def test_a_sale_in_the_shop_marks_the_product_for_amazon(channel: Flask, visitor: Visitor) -> None:
    sold = product("KT-3001").id
    visitor.order(sold)
    assert changed_products() == [str(sold)]


def test_a_saved_product_is_marked_and_a_look_at_it_is_not(channel: Flask, clerk: Visitor) -> None:
    clerk.get(f"/office/products/{product('KT-3002').id}")
    assert changed_products() == []
    db.session.execute(sa.update(Product).where(Product.sku == "KT-3001").values(price=Decimal(1)))
    db.session.commit()
    assert changed_products() == [str(product("KT-3001").id)]


def test_the_shop_sells_on_while_the_channels_tables_are_missing(app: Flask, visitor: Visitor) -> None:
    visitor.order(product("KT-3001").id)
    assert product("KT-3001").stock == 48


def test_shipping_an_amazon_order_leaves_a_package_to_confirm(imported: AmazonOrder, clerk: Visitor) -> None:
    shop_order = str(imported.shop_order_id)
    line = stored(shop_order).lines[1].id
    address = f"/office/orders/{shop_order}"
    clerk.post(f"{address}/ship", on=address, carrier="DHL", tracking_number="0034", **{f"line-{line}": 0})
    [shipment] = stored(shop_order).shipments
    [package] = db.session.scalars(sa.select(Package)).all()
    assert (package.carrier_code, package.tracking_number) == ("DHL", "0034")
    assert (package.shop_package, shipment.carrier) == (str(shipment.id), "DHL")
    assert "902-1" in clerk.page


def test_a_price_on_hold_is_not_sent_and_its_quantity_is(channel: Flask) -> None:
    [veto] = signals.ask(signals.listing_submitting, submitting("ST-4008"))
    assert isinstance(veto, Reason)
    assert veto.sentence == "The price of ST-4008 is on hold in the shop."
    assert signals.ask(signals.listing_submitting, submitting("ST-4008", "quantity")) == [None]
    assert signals.ask(signals.listing_submitting, submitting("ST-4001")) == [None]


def test_a_buyers_wish_to_cancel_is_noted_on_the_order(imported: AmazonOrder) -> None:
    signals.announce(signals.cancellation_requested, order_id=imported.id)
    [note] = stored(str(imported.shop_order_id)).notes
    assert "asks Amazon to cancel" in note.text


def test_the_buyer_is_forgotten_when_amazons_time_is_over(imported: AmazonOrder) -> None:
    signals.announce(signals.personal_data_purged, order_id=imported.id)
    order = stored(str(imported.shop_order_id))
    assert (order.buyer_name, order.buyer_email, order.street, order.phone) == (None, None, None, None)
    assert (order.number, order.grand_total) == (order.number, Decimal("228.50"))


def test_the_channels_pages_stand_in_the_shops_frame_and_ask_for_a_login(channel: Flask, visitor: Visitor) -> None:
    assert "Password" in visitor.get("/amazon/")
    visitor.log_in("packer")
    assert "Fjellstad" in visitor.get("/amazon/")
    assert visitor.status == 200


def test_another_shop_in_the_same_process_is_not_disturbed(channel: Flask) -> None:
    other = Flask("other")
    with other.app_context():
        assert signals.ask(signals.listing_submitting, submitting) == []
