"""Orders of other channels on their way through Amazon's warehouses.  FBA-1 has 7 units."""

from datetime import datetime
from typing import Any

import pytest

from flask_amazon_channel.simulator.world import LISTENERS

from .conftest import DE, Client
from .fulfillment import ORDERS, create, line, order, put, status, steps, stock


def test_an_order_goes_through_all_statuses_and_takes_its_units(client: Client) -> None:
    create(client)
    assert (status(client), stock(client)) == ("New", (7, 0, 0))
    seen = []
    for _ in range(4):
        steps(client, 1)
        seen.append((status(client), stock(client)))
    assert seen == [
        ("Received", (5, 2, 0)),
        ("Planning", (5, 2, 0)),
        ("Processing", (5, 2, 0)),
        ("Complete", (5, 0, 2)),
    ]


def test_a_jump_of_the_clock_takes_the_same_steps_at_the_same_times(client: Client) -> None:
    create(client)
    client.amazon.advance(1800)
    create(client, sellerFulfillmentOrderId="SHOP-2")
    steps(client, 4)
    for order_id in ("SHOP-1", "SHOP-2"):
        shown = order(client, order_id)["fulfillmentOrder"]
        received, updated = (datetime.fromisoformat(shown[name]) for name in ("receivedDate", "statusUpdatedDate"))
        assert (shown["fulfillmentOrderStatus"], round((updated - received).total_seconds())) == ("Complete", 40)


def test_a_shipment_is_pending_and_then_has_a_package(client: Client) -> None:
    create(client, line(2), line(1, item_id="2", giftMessage="Alles Gute"))
    steps(client, 3)
    [pending] = order(client)["fulfillmentShipments"]
    assert pending["fulfillmentShipmentStatus"] == "PENDING"
    assert "fulfillmentShipmentPackage" not in pending
    steps(client, 1)
    shown = order(client)
    [shipped] = shown["fulfillmentShipments"]
    [package] = shipped["fulfillmentShipmentPackage"]
    assert shipped["fulfillmentShipmentStatus"] == "SHIPPED"
    assert package["trackingNumber"].startswith("TBA")
    assert [each["quantity"] for each in shipped["fulfillmentShipmentItem"]] == [2, 1]
    assert shown["fulfillmentOrderItems"][1]["giftMessage"] == "Alles Gute"


def test_each_change_of_status_is_told(client: Client) -> None:
    told: list[Any] = []

    def hear(world: Any, seller_id: str, facts: dict[str, Any]) -> None:
        told.append((seller_id, facts["order"]))

    LISTENERS.setdefault("fulfillment_order_changed", []).append(hear)
    try:
        create(client)
        steps(client, 4)
    finally:
        LISTENERS["fulfillment_order_changed"].remove(hear)
    assert told == [(client.seller, "SHOP-1")] * 5


def test_fill_or_kill_is_the_default_and_ships_nothing_in_part(client: Client) -> None:
    create(client, line(8))
    steps(client, 4)
    shown = order(client)
    assert shown["fulfillmentOrder"]["fulfillmentPolicy"] == "FillOrKill"
    assert (status(client), stock(client)) == ("Invalid", (7, 0, 0))
    assert shown["fulfillmentOrderItems"][0]["unfulfillableQuantity"] == 8


def test_fill_all_available_ships_what_there_is(client: Client) -> None:
    create(client, line(9), fulfillmentPolicy="FillAllAvailable")
    steps(client, 4)
    assert (status(client), stock(client)) == ("CompletePartialled", (0, 0, 7))
    assert order(client)["fulfillmentOrderItems"][0]["unfulfillableQuantity"] == 2


def test_fill_all_available_without_any_unit_is_unfulfillable(client: Client) -> None:
    client.amazon.put_fba(client.seller, "FBA-1", fulfillable=0)
    create(client, fulfillmentPolicy="FillAllAvailable")
    steps(client, 4)
    assert status(client) == "Unfulfillable"


def test_fill_all_waits_for_units_that_come(client: Client) -> None:
    create(client, line(9), fulfillmentPolicy="FillAll")
    steps(client, 4)
    assert (status(client), stock(client)) == ("Processing", (0, 0, 7))
    client.amazon.put_fba(client.seller, "FBA-1", fulfillable=5)
    assert stock(client) == (3, 2, 7)
    steps(client, 2)
    assert (status(client), stock(client)) == ("Complete", (3, 0, 9))
    assert len(order(client)["fulfillmentShipments"]) == 2


def test_fill_all_ends_after_a_day(client: Client) -> None:
    create(client, line(9), fulfillmentPolicy="FillAll")
    client.amazon.put_listing(client.seller, DE, "FBA-2", quantity=0, price="1", fulfillment="AMAZON")
    create(client, line(1, "FBA-2"), sellerFulfillmentOrderId="SHOP-2", fulfillmentPolicy="FillAll")
    client.amazon.advance(86000)
    client.sign_in()
    assert (status(client), status(client, "SHOP-2")) == ("Processing", "Planning")
    client.amazon.advance(500)
    assert (status(client), status(client, "SHOP-2")) == ("CompletePartialled", "Unfulfillable")
    client.amazon.put_fba(client.seller, "FBA-1", fulfillable=5)
    assert stock(client) == (5, 0, 7)


def test_an_address_outside_of_the_region_makes_an_order_invalid(client: Client) -> None:
    create(client, destinationAddress={"name": "A", "addressLine1": "B", "city": "C", "postalCode": "1",
                                       "countryCode": "US"})  # fmt: skip
    steps(client, 1)
    assert (status(client), stock(client)) == ("Invalid", (7, 0, 0))


def test_two_orders_do_not_share_a_unit(client: Client) -> None:
    create(client, line(5))
    create(client, line(5), sellerFulfillmentOrderId="SHOP-2")
    steps(client, 4)
    assert sorted([status(client), status(client, "SHOP-2")]) == ["Complete", "Invalid"]
    assert stock(client) == (2, 0, 5)


def test_buyers_and_the_sellers_own_orders_take_from_the_same_units(client: Client) -> None:
    create(client, line(5))
    steps(client, 1)
    client.amazon.place_order(client.seller, DE, [{"sku": "FBA-1", "quantity": 2}])
    assert stock(client) == (0, 7, 0)
    assert client.amazon.listing(client.seller, DE, "FBA-1")["quantity"] == 0


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_an_order_can_be_cancelled_until_it_is_picked(client: Client, taken: int) -> None:
    create(client)
    steps(client, taken)
    assert put(client, "/cancel") == 200
    assert (status(client), stock(client)) == ("Cancelled", (7, 0, 0))
    assert order(client)["fulfillmentOrderItems"][0]["cancelledQuantity"] == 2
    steps(client, 4)
    assert status(client) == "Cancelled"
    assert put(client, "/cancel") == 400


@pytest.mark.parametrize("taken", [3, 4])
def test_an_order_that_is_picked_cannot_be_cancelled(client: Client, taken: int) -> None:
    create(client)
    steps(client, taken)
    before = (status(client), stock(client))
    assert put(client, "/cancel") == 400
    assert (status(client), stock(client)) == before


def test_an_order_that_waits_for_units_gives_them_back_when_it_is_cancelled(client: Client) -> None:
    create(client, line(9), fulfillmentPolicy="FillAll")
    steps(client, 2)
    assert stock(client) == (0, 7, 0)
    assert put(client, "/cancel") == 200
    assert stock(client) == (7, 0, 0)


def test_an_order_on_hold_waits_with_its_units_until_it_is_told_to_ship(client: Client) -> None:
    create(client, fulfillmentAction="Hold")
    steps(client, 10)
    assert (status(client), stock(client)) == ("Received", (5, 2, 0))
    changes = {"fulfillmentAction": "Ship", "shippingSpeedCategory": "Priority", "displayableOrderComment": "Bald!"}
    assert put(client, "", changes) == 200
    steps(client, 3)
    shown = order(client)["fulfillmentOrder"]
    assert (shown["fulfillmentOrderStatus"], shown["fulfillmentAction"]) == ("Complete", "Ship")
    assert (shown["shippingSpeedCategory"], shown["displayableOrderComment"]) == ("Priority", "Bald!")


def test_a_hold_ends_after_fourteen_days_and_cancels(client: Client) -> None:
    create(client, fulfillmentAction="Hold")
    client.amazon.advance(13 * 86400)
    assert stock(client) == (5, 2, 0)
    client.amazon.advance(86400 + 20)
    client.sign_in()
    assert (status(client), stock(client)) == ("Cancelled", (7, 0, 0))


def test_quantities_on_hold_can_be_changed(client: Client) -> None:
    create(client, line(2), line(2, item_id="2"), fulfillmentAction="Hold")
    steps(client, 1)
    changes = {"items": [{"sellerFulfillmentOrderItemId": "1", "quantity": 4},
                         {"sellerFulfillmentOrderItemId": "2", "quantity": 0}]}  # fmt: skip
    assert put(client, "", changes) == 200
    assert stock(client) == (3, 4, 0)
    items = order(client)["fulfillmentOrderItems"]
    assert [(each["quantity"], each["cancelledQuantity"]) for each in items] == [(4, 0), (2, 2)]
    assert put(client, "", {"fulfillmentAction": "Ship"}) == 200
    steps(client, 3)
    assert (status(client), stock(client)) == ("CompletePartialled", (3, 0, 4))


def test_a_held_order_that_cannot_be_filled_whole_is_unfulfillable_when_it_is_to_ship(client: Client) -> None:
    create(client, fulfillmentAction="Hold")
    steps(client, 1)
    changes = {"items": [{"sellerFulfillmentOrderItemId": "1", "quantity": 20}], "fulfillmentAction": "Ship"}
    assert put(client, "", changes) == 200
    assert (status(client), stock(client)) == ("Unfulfillable", (7, 0, 0))


@pytest.mark.parametrize(
    "changes",
    [
        {"items": [{"sellerFulfillmentOrderItemId": "9", "quantity": 1}]},
        {"items": [{"sellerFulfillmentOrderItemId": "1", "sellerSku": "LAMP", "quantity": 1}]},
        {"items": [{"sellerFulfillmentOrderItemId": "1", "quantity": 0}]},
        {"items": [{"sellerFulfillmentOrderItemId": "1", "quantity": 251}]},
        {"items": [{"sellerFulfillmentOrderItemId": "1", "quantity": -1}]},
        {"displayableOrderId": "x" * 41},
        {"shippingSpeedCategory": "Snail"},
        {"shippingSpeedCategory": "ScheduledDelivery"},
        {"marketplaceId": "A13V1IB3VIYZZH"},
    ],
)
def test_a_bad_update_changes_nothing(client: Client, changes: dict[str, Any]) -> None:
    create(client, fulfillmentAction="Hold")
    steps(client, 1)
    before = order(client)
    assert put(client, "", {**changes, "fulfillmentAction": "Ship"}) == 400
    assert order(client) == before


def test_only_an_order_on_hold_can_be_updated(client: Client) -> None:
    create(client)
    assert put(client, "", {"displayableOrderComment": "Bald!"}) == 400


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("Received", (5, 2, 0)),
        ("Planning", (5, 2, 0)),
        ("Processing", (5, 2, 0)),
        ("Complete", (5, 0, 2)),
        ("CompletePartialled", (6, 0, 1)),
        ("Unfulfillable", (7, 0, 0)),
        ("Invalid", (7, 0, 0)),
        ("Cancelled", (7, 0, 0)),
    ],
)
def test_the_sandbox_can_send_an_order_to_a_status(client: Client, wanted: str, expected: tuple[int, int, int]) -> None:
    create(client)
    assert put(client, "/status", {"fulfillmentOrderStatus": wanted}) == 200
    assert (status(client), stock(client)) == (wanted, expected)


def test_an_order_that_was_sent_ahead_goes_on_one_step_at_a_time(client: Client) -> None:
    create(client)
    assert put(client, "/status", {"fulfillmentOrderStatus": "Received"}) == 200
    steps(client, 1)
    assert status(client) == "Planning"


def test_the_sandbox_cannot_send_an_order_back(client: Client) -> None:
    create(client)
    steps(client, 3)
    for wanted in ("New", "Received", "Processing", "Cancelled"):
        assert put(client, "/status", {"fulfillmentOrderStatus": wanted}) == 400
    steps(client, 1)
    assert put(client, "/status", {"fulfillmentOrderStatus": "Unfulfillable"}) == 400
    assert put(client, "/status", {"fulfillmentOrderStatus": "Lost"}) == 400
    assert put(client, "/status", {}) == 400


def test_orders_are_listed_by_their_last_change(client: Client) -> None:
    create(client)
    client.amazon.advance(1000)
    between = client.amazon.state()["clock"]["now"]
    client.amazon.advance(1000)
    create(client, sellerFulfillmentOrderId="SHOP-2")
    answer = client.get(ORDERS).json()["payload"]["fulfillmentOrders"]
    assert [each["sellerFulfillmentOrderId"] for each in answer] == ["SHOP-1", "SHOP-2"]
    answer = client.get(ORDERS, queryStartDate=between).json()["payload"]["fulfillmentOrders"]
    assert [each["sellerFulfillmentOrderId"] for each in answer] == ["SHOP-2"]
    assert client.get(ORDERS, queryStartDate="yesterday").status_code == 400


def test_listed_orders_come_in_pages(client: Client) -> None:
    for number in range(55):
        create(client, line(1), sellerFulfillmentOrderId=f"S-{number:02d}", fulfillmentPolicy="FillAllAvailable")
    first = client.get(ORDERS).json()["payload"]
    assert len(first["fulfillmentOrders"]) == 50
    second = client.get(ORDERS, nextToken=first["nextToken"]).json()["payload"]
    assert "nextToken" not in second
    both = first["fulfillmentOrders"] + second["fulfillmentOrders"]
    assert len({each["sellerFulfillmentOrderId"] for each in both}) == 55
    assert client.get(ORDERS, nextToken="made-up").status_code == 400


def test_orders_are_saved_and_loaded_on_their_way(client: Client) -> None:
    create(client)
    steps(client, 3)
    saved = client.amazon.save()
    client.amazon.reset()
    client.amazon.load(saved)
    steps(client, 1)
    assert (status(client), stock(client)) == ("Complete", (5, 0, 2))


def test_no_unit_is_lost_in_a_mixed_history(client: Client) -> None:
    chance = client.amazon.world.chance("test")
    policies = ("FillOrKill", "FillAll", "FillAllAvailable")
    for number in range(40):
        what = {"fulfillmentPolicy": policies[chance.randrange(3)], "fulfillmentAction": ("Ship", "Hold")[number % 2]}
        create(client, line(chance.randrange(1, 5)), sellerFulfillmentOrderId=f"S-{number}", **what)
        steps(client, chance.randrange(3))
        other = f"S-{chance.randrange(number + 1)}"
        if chance.randrange(2):
            put(client, "/cancel", None, other)
        else:
            put(client, "", {"fulfillmentAction": "Ship"}, other)
        assert sum(stock(client)) == 7
        assert min(stock(client)) >= 0
