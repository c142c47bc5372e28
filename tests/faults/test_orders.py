"""Faults of orders and shipments that belong to no journey in particular."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from example_store.channel import amazon
from example_store.database import db
from flask_amazon_channel import signals
from flask_amazon_channel.models import Activity, Store
from flask_amazon_channel.sync import cycles
from tests.journeys.test_publishing import heard
from tests.journeys.world import US, ShopWorld

HOUR = 3600


def test_f61_an_order_in_another_currency_waits_for_a_person_and_nothing_is_converted(selling: ShopWorld) -> None:
    db.session.execute(sa.update(Store).values(currency="CAD"))
    db.session.commit()
    order_id = selling.buy()
    selling.cycle()
    assert selling.shop_orders() == []
    order = selling.order(order_id)
    assert (order.currency, selling.product().stock) == ("USD", 9), "it takes its stock all the same"
    assert "pays in USD" in order.problem
    db.session.execute(sa.update(Store).values(currency="USD"))
    db.session.commit()
    selling.settle(300, step=30)
    assert [one.external_number for one in selling.shop_orders()] == [order_id]


def test_f80_nothing_is_said_to_be_shipped_before_it_was_bought(selling: ShopWorld) -> None:
    """This machine's clock went back between the sale and the shipment."""
    order_id = selling.buy()
    selling.cycle()
    order = selling.order(order_id)
    selling.clock.now = order.purchased_at - timedelta(hours=1)
    amazon.order_shipped(str(order.shop_order_id), carrier="DHL", tracking_number="0034")
    db.session.commit()
    selling.work()
    [call] = selling.amazon.requests("confirmShipment")
    said = datetime.fromisoformat(json.loads(call["body"])["packageDetail"]["shipDate"])
    assert abs(said - selling.order(order_id).purchased_at) < timedelta(seconds=1)
    assert [one["trackingNumber"] for one in selling.amazon.order(order_id)["packages"]] == ["0034"]


def test_f82_a_person_is_told_a_day_and_four_hours_before_a_package_is_late_each_time_once(selling: ShopWorld) -> None:
    order_id = selling.buy(ship_within=26 * HOUR)
    in_time = selling.buy(ship_within=26 * HOUR)
    selling.cycle()
    selling.amazon.fault("confirmShipment", "5xx_json", when={"path_contains": order_id}, times=None)
    for shop_order_id in [str(selling.order(number).shop_order_id) for number in (order_id, in_time)]:
        amazon.order_shipped(shop_order_id, carrier="DHL", tracking_number=f"00{shop_order_id}")
    db.session.commit()
    with heard(signals.alert_raised) as alerts:
        told = []
        for _ in range(27):
            selling.settle(60, step=30)
            cycles.begin(selling.channel)
            cycles.begin(selling.channel)
            told.append(len(alerts))
            selling.pass_time(HOUR)
    assert told[0] == 0, "there is time enough"
    assert (told[3], told[20], told[-1]) == (1, 1, 2)
    assert {alert["code"] for alert in alerts} == {"deadline_near"}
    assert all(order_id in alert["problem"] for alert in alerts)
    assert len(selling.all(Activity, Activity.action == "deadline")) == 2


@pytest.mark.parametrize("name", ["Zoë 🦊", "𝒜𝓃𝓃𝒶 مريم", "𠮷野家"])
def test_f104_four_byte_characters_come_through_whole(selling: ShopWorld, name: str) -> None:
    seller = selling.seller["seller_id"]
    lines = [{"sku": "LAMP", "quantity": 1, "gift_message": f"For {name}"}]
    selling.amazon.place_order(seller, US, lines, address={"name": name})
    selling.save(title=f"The lamp of {name}")
    selling.cycle()
    [order] = selling.shop_orders()
    assert order.ship_to == name
    assert selling.product().title == f"The lamp of {name}"
