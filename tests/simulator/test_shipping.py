"""confirmShipment: packages, edits and refusals."""

from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, FR, JP, Client


@pytest.fixture
def order_id(client: Client) -> str:
    items = [{"sku": "LAMP", "quantity": 2}, {"sku": "MUG/1 ä%", "quantity": 1}]
    return client.amazon.place_order(client.seller, DE, items)


def item_ids(client: Client, order_id: str) -> list[str]:
    return [each["orderItemId"] for each in client.order(order_id)["orderItems"]]


def test_packages_make_an_order_partially_shipped_and_then_shipped(client: Client, order_id: str) -> None:
    lamp, mug = item_ids(client, order_id)
    answer = client.ship(order_id, {lamp: 1}, shippingMethod="Paket")
    assert (answer.status_code, answer.content) == (204, b"")
    order = client.order(order_id, "FULFILLMENT,PACKAGES")
    assert order["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    package = order["packages"][0]
    assert (package["carrier"], package["trackingNumber"]) == ("DHL", "00340434161094")
    assert package["packageItems"] == [{"orderItemId": lamp, "quantity": 1}]
    client.ship(order_id, {lamp: 1, mug: 1}, packageReferenceId="2", carrierCode="Other", carrierName="Radkurier")
    order = client.order(order_id, "FULFILLMENT,PACKAGES")
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert [each["carrier"] for each in order["packages"]] == ["DHL", "Radkurier"]
    assert [each["fulfillment"]["quantityFulfilled"] for each in order["orderItems"]] == [2, 1]


def test_the_same_reference_edits_its_package(client: Client, order_id: str) -> None:
    lamp, mug = item_ids(client, order_id)
    client.ship(order_id, {lamp: 2, mug: 1}, trackingNumber="WRONG")
    assert client.ship(order_id, {lamp: 2, mug: 1}, trackingNumber="RIGHT").status_code == 204
    packages = client.order(order_id, "PACKAGES")["packages"]
    assert [each["trackingNumber"] for each in packages] == ["RIGHT"]
    assert [each["packageReferenceId"] for each in client.amazon.order(order_id)["packages"]] == ["1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"packageReferenceId": "P1"},
        {"packageReferenceId": "0"},
        {"packageReferenceId": "gone"},
        {"carrierCode": "gone"},
        {"carrierCode": "Other"},
        {"trackingNumber": "gone"},
        {"shipDate": "02/21/2022"},
        {"orderItems": []},
        {"orderItems": [{"orderItemId": "1", "quantity": 1}]},
    ],
)
def test_a_package_that_amazon_refuses_is_invalid_input(client: Client, order_id: str, changes: dict[str, Any]) -> None:
    answer = client.ship(order_id, {item_ids(client, order_id)[0]: 1}, **changes)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "Invalid Input")
    assert client.amazon.order(order_id)["packages"] == []


def test_no_more_than_was_ordered_can_be_shipped(client: Client, order_id: str) -> None:
    lamp, _ = item_ids(client, order_id)
    assert client.ship(order_id, {lamp: 3}).status_code == 400
    assert client.ship(order_id, {lamp: 2}).status_code == 204
    assert client.ship(order_id, {lamp: 1}, packageReferenceId="2").status_code == 400


def test_the_marketplace_must_be_that_of_the_order(client: Client) -> None:
    french = client.amazon.place_order(client.seller, FR, [{"sku": "LAMP", "quantity": 1}])
    assert client.ship(french, {item_ids(client, french)[0]: 1}).status_code == 400


@pytest.mark.parametrize("status", ["PENDING", "CANCELLED"])
def test_an_order_that_is_not_open_cannot_be_shipped(client: Client, status: str) -> None:
    order_id = client.amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}], status=status)
    assert client.ship(order_id, {item_ids(client, order_id)[0]: 1}).status_code == 400


def test_orders_of_amazons_fulfilment_and_unknown_orders_cannot_be_shipped(client: Client) -> None:
    fba = client.amazon.place_order(client.seller, DE, [{"sku": "FBA-1", "quantity": 1}])
    assert client.ship(fba, {item_ids(client, fba)[0]: 1}).status_code == 400
    assert client.ship("123-1234567-1234567", {"1": 1}).status_code == 404
    assert client.ship("nonsense", {"1": 1}).status_code == 400


def test_a_confirmation_may_show_later_and_is_void_after_a_cancellation(client: Client, order_id: str) -> None:
    client.amazon.settings(shipment_delay=60)
    lamp, _ = item_ids(client, order_id)
    assert client.ship(order_id, {lamp: 2}).status_code == 204
    assert "packages" not in client.order(order_id, "PACKAGES")
    client.amazon.advance(60)
    assert len(client.order(order_id, "PACKAGES")["packages"]) == 1
    other = client.amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}])
    client.ship(other, {item_ids(client, other)[0]: 1})
    client.amazon.change_order(other, status="CANCELLED")
    client.amazon.advance(60)
    assert client.order(other)["fulfillment"]["fulfillmentStatus"] == "CANCELLED"


def test_transparency_codes_go_with_their_item(client: Client, order_id: str) -> None:
    lamp, _ = item_ids(client, order_id)
    codes = ["T98765ZYXWV43210DE"]
    lines = [{"orderItemId": lamp, "quantity": 1, "transparencyCodes": codes}]
    assert client.ship(order_id, {}, orderItems=lines).status_code == 204
    item = client.order(order_id, "PACKAGES")["packages"][0]["packageItems"][0]
    assert item == {"orderItemId": lamp, "quantity": 1, "transparencyCodes": codes}
    wrong = [{"orderItemId": lamp, "quantity": 1, "transparencyCodes": "T1"}]
    assert client.ship(order_id, {}, orderItems=wrong, packageReferenceId="2").status_code == 400


def confirm(client: Client, marketplace: str, order_id: str, method: str) -> int:
    (item,) = item_ids(client, order_id)
    detail = {"packageReferenceId": "1", "carrierCode": "Yamato", "trackingNumber": "1"}
    detail |= {"shipDate": "2026-11-20T10:00:00Z", "orderItems": [{"orderItemId": item, "quantity": 1}]}  # type: ignore[dict-item]
    body = {"marketplaceId": marketplace, "packageDetail": detail, "codCollectionMethod": method}
    return client.call("POST", f"/orders/v0/orders/{order_id}/shipmentConfirmation", None, body).status_code


def test_cash_on_delivery_is_collected_in_japan_only(client: Client, amazon: Amazon) -> None:
    german = amazon.place_order(client.seller, DE, [{"sku": "LAMP"}])
    assert confirm(client, DE, german, "DirectPayment") == 400
    other = Client(amazon, amazon.add_seller([JP], listings=[{"sku": "A", "price": 1980, "quantity": 9}]))
    japanese = amazon.place_order(other.seller, JP, [{"sku": "A"}], payment_method="CashOnDelivery")
    assert confirm(other, JP, japanese, "Cheque") == 400
    assert confirm(other, JP, japanese, "DirectPayment") == 204
    other.http.close()


def test_a_package_is_delivered(client: Client, order_id: str) -> None:
    client.ship(order_id, {item_ids(client, order_id)[0]: 1})
    client.amazon.change_order(order_id, packages="DELIVERED")
    assert client.order(order_id, "PACKAGES")["packages"][0]["packageStatus"] == {"status": "DELIVERED"}
