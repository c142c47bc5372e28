"""What the database itself refuses, whoever races whom; and what a fault of our own does to an order."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from example_store.channel import amazon as channel
from example_store.database import db
from flask_amazon_channel.models import AmazonOrder, AmazonOrderItem, Package, StockEntry
from tests.journeys.world import ShopWorld


@pytest.mark.parametrize("model", [AmazonOrder, AmazonOrderItem, StockEntry, Package])
def test_f67_the_database_refuses_a_second_row_of_the_same_thing(selling: ShopWorld, model: type) -> None:
    """Two workers that were both told that there is none yet: one of them fails, and looks again."""
    selling.buy()
    selling.cycle()
    channel.order_shipped(str(selling.shop_orders()[0].id), carrier="DHL", tracking_number="0034")
    db.session.commit()
    table = model.__table__  # type: ignore[attr-defined]
    row = db.session.execute(sa.select(table)).mappings().one()
    twin = {name: value for name, value in row.items() if name not in ("id", "shop_order_id")}
    with pytest.raises(IntegrityError):
        db.session.execute(sa.insert(table).values(**twin))
    db.session.rollback()


def test_f55_a_fault_of_ours_with_one_order_is_kept_on_it_and_the_others_go_on(
    selling: ShopWorld, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    poison, good = selling.buy(), selling.buy()
    struck = []

    def break_once(mapper: object, connection: object, order: AmazonOrder) -> None:
        if order.amazon_order_id == poison and not struck:
            struck.append(poison)
            raise ZeroDivisionError

    event.listen(AmazonOrder, "before_insert", break_once)
    request.addfinalizer(lambda: event.remove(AmazonOrder, "before_insert", break_once))
    selling.pass_time(301)
    selling.work()
    assert struck == [poison]
    assert [order.external_number for order in selling.shop_orders()] == [good]
    assert "Internal error" in selling.order(poison).problem
    selling.settle(120, step=30)
    assert {order.external_number for order in selling.shop_orders()} == {good, poison}
    assert selling.order(poison).problem is None
