from __future__ import annotations

import pytest

from example_store.channel import amazon
from example_store.database import db
from flask_amazon_channel import signals
from tests.journeys.test_publishing import heard
from tests.journeys.world import ShopWorld


@pytest.fixture
def sold(selling: ShopWorld) -> tuple[ShopWorld, str, str]:
    """Three lamps were sold; the world, Amazon's order id, the shop's."""
    order_id = selling.buy(quantity=3)
    selling.cycle()
    return selling, order_id, str(selling.order(order_id).shop_order_id)


def ship(shop_order_id: str, **what: object) -> bool:
    facts = {"carrier": "DHL", "tracking_number": "00340434", **what}
    try:
        return amazon.order_shipped(shop_order_id, **facts)  # type: ignore[arg-type]
    finally:
        db.session.commit()


def line_of(world: ShopWorld, order_id: str) -> str:
    return str(world.order(order_id).items[0].order_item_id)


def test_a_shipment_is_confirmed_to_amazon_and_read_back(sold: tuple[ShopWorld, str, str]) -> None:
    world, order_id, shop_order_id = sold
    with heard(signals.shipment_confirmed) as confirmed:
        assert ship(shop_order_id) is True
        world.settle(30)
        world.cycle()
    shown = world.amazon.order(order_id)
    assert [(box["carrier"], box["trackingNumber"]) for box in shown["packages"]] == [("DHL", "00340434")]
    assert shown["status"] == "SHIPPED"
    assert len(confirmed) == 1
    assert world.product().stock == 7, "shipping changes no stock"
    assert len(world.amazon.requests("confirmShipment")) == 1


def test_two_packages_split_a_line_and_the_same_report_twice_adds_nothing(sold: tuple[ShopWorld, str, str]) -> None:
    world, order_id, shop_order_id = sold
    line = line_of(world, order_id)
    ship(shop_order_id, items={line: 1}, tracking_number="A1")
    ship(shop_order_id, items={line: 1}, tracking_number="A1")
    ship(shop_order_id, tracking_number="A2")
    ship(shop_order_id, tracking_number="A2")
    world.settle(60)
    boxes = world.amazon.order(order_id)["packages"]
    assert [(box["trackingNumber"], box["packageItems"][0]["quantity"]) for box in boxes] == [("A1", 1), ("A2", 2)]


def test_the_same_package_with_another_number_edits_it(sold: tuple[ShopWorld, str, str]) -> None:
    world, order_id, shop_order_id = sold
    ship(shop_order_id, package="P1", tracking_number="WRONG")
    world.settle(30)
    ship(shop_order_id, package="P1", tracking_number="RIGHT", items={line_of(world, order_id): 3})
    world.settle(60)
    boxes = world.amazon.order(order_id)["packages"]
    assert [box["trackingNumber"] for box in boxes] == ["RIGHT"]
    assert len(world.packages()) == 1


@pytest.mark.parametrize("items", [{"nobody": 1}, {"LINE": 4}, {"LINE": 0}, {}])
def test_quantities_that_are_not_in_the_order_are_refused_before_anything_is_written(
    sold: tuple[ShopWorld, str, str], items: dict[str, int]
) -> None:
    world, order_id, shop_order_id = sold
    items = {line_of(world, order_id) if key == "LINE" else key: value for key, value in items.items()}
    with pytest.raises(ValueError, match=r"line|shipped"):
        ship(shop_order_id, items=items)
    assert world.packages() == []


def test_an_order_that_is_not_amazons_is_none_of_our_business(sold: tuple[ShopWorld, str, str]) -> None:
    assert ship("4711") is False


@pytest.mark.parametrize("kind", ["apply_then_timeout", "reset_after_apply", "5xx_json"])
def test_an_unknown_outcome_is_read_back_and_adds_no_second_package(
    sold: tuple[ShopWorld, str, str], kind: str
) -> None:
    world, order_id, shop_order_id = sold
    world.amazon.fault("confirmShipment", kind, times=1, seconds=0.2)
    ship(shop_order_id)
    world.settle(300, step=15)
    assert len(world.amazon.order(order_id)["packages"]) == 1
    assert world.packages()[0].confirmed_at is not None


def test_a_refused_shipment_is_shown_and_never_dropped(sold: tuple[ShopWorld, str, str]) -> None:
    world, order_id, shop_order_id = sold
    world.amazon.fault("confirmShipment", "403", times=20)
    ship(shop_order_id)
    world.settle(60)
    assert world.packages()[0].problem
    assert world.packages()[0].due_at is not None
    world.amazon.heal()
    world.settle(7200, step=600)
    assert len(world.amazon.order(order_id)["packages"]) == 1


def test_a_shipment_of_an_order_that_amazon_cancelled_is_not_sent_and_says_so(
    sold: tuple[ShopWorld, str, str],
) -> None:
    world, order_id, shop_order_id = sold
    world.amazon.change_order(order_id, status="CANCELLED")
    world.cycle()
    ship(shop_order_id)
    world.settle(30)
    assert world.amazon.requests("confirmShipment") == []
    assert "Call the package back" in world.packages()[0].problem
