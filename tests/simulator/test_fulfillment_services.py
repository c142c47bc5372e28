"""Orders of other channels: bad input, previews, offers, packages, returns, features.  FBA-1 has 7 units."""

from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, FR, JP, US, Client
from .fulfillment import ADDRESS, ORDERS, OUTBOUND, body, create, line, order, put, status, steps, stock


@pytest.mark.parametrize(
    "name",
    [
        "sellerFulfillmentOrderId", "displayableOrderId", "displayableOrderDate", "displayableOrderComment",
        "shippingSpeedCategory", "destinationAddress", "items",
    ],
)  # fmt: skip
def test_what_amazon_requires_is_required(client: Client, name: str) -> None:
    answer = client.call("POST", ORDERS, None, body(**{name: None}))
    assert answer.status_code == 400
    assert name in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "changes",
    [
        {"sellerFulfillmentOrderId": "x" * 41},
        {"displayableOrderId": "x" * 41},
        {"displayableOrderId": "two  spaces"},
        {"displayableOrderId": "価格"},
        {"displayableOrderId": "   "},
        {"displayableOrderDate": "yesterday"},
        {"displayableOrderComment": "x" * 751},
        {"shippingSpeedCategory": "Snail"},
        {"shippingSpeedCategory": "ScheduledDelivery"},
        {"fulfillmentAction": "Wait"},
        {"fulfillmentPolicy": "FillSome"},
        {"notificationEmails": ["x" * 65]},
        {"destinationAddress": {**ADDRESS, "name": ""}},
        {"destinationAddress": {**ADDRESS, "countryCode": "DEU"}},
        {"destinationAddress": {name: value for name, value in ADDRESS.items() if name != "city"}},
        {"destinationAddress": "Freiburg"},
        {"featureConstraints": [{"featureName": "TELEPORT"}]},
        {"featureConstraints": [{"featureName": "SIGNATURE_CONFIRMATION"}]},
        {"marketplaceId": "NOWHERE"},
        {"items": []},
        {"items": [line(0)]},
        {"items": [line("2")]},
        {"items": [line(1.5)]},
        {"items": [line(True)]},
        {"items": [line(251)]},
        {"items": [line(200), line(51, item_id="2")]},
        {"items": [line(1, item_id=str(number)) for number in range(101)]},
        {"items": [line(1), line(1)]},
        {"items": [line(1, item_id="x" * 51)]},
        {"items": [line(1, giftMessage="x" * 513)]},
        {"items": [line(1, displayableComment="x" * 251)]},
        {"items": [line(1, "LAMP")]},
        {"items": [line(1, "NONE")]},
    ],
)
def test_a_bad_order_is_refused_and_takes_nothing(client: Client, changes: dict[str, Any]) -> None:
    answer = client.call("POST", ORDERS, None, body(**changes))
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["code"] == "InvalidInput"
    assert client.get(ORDERS).json()["payload"]["fulfillmentOrders"] == []
    steps(client, 4)
    assert stock(client) == (7, 0, 0)


def test_a_sku_that_amazon_does_not_fulfil_is_named_by_its_item(client: Client) -> None:
    answer = client.call("POST", ORDERS, None, body(line(1, "LAMP", "line-7")))
    assert answer.json()["errors"][0]["message"] == "the SellerSKU for Item Id: line-7 is invalid."


def test_the_greatest_order_is_taken(client: Client) -> None:
    lines = [line(1, item_id=f"{number:050d}") for number in range(99)] + [line(151, item_id="last")]
    create(client, *lines, sellerFulfillmentOrderId="x" * 40, displayableOrderComment="x" * 750)
    assert status(client, "x" * 40) == "New"


def test_an_id_is_used_once(client: Client) -> None:
    create(client)
    assert client.call("POST", ORDERS, None, body()).status_code == 400
    assert len(client.get(ORDERS).json()["payload"]["fulfillmentOrders"]) == 1


def test_fields_that_amazon_does_not_know_are_not_repeated(client: Client) -> None:
    create(client, line(1, color="red"), destinationAddress={**ADDRESS, "planet": "Earth"}, nonsense=1)
    assert "planet" not in order(client)["fulfillmentOrder"]["destinationAddress"]


def test_an_order_is_repeated_as_it_was_sent(client: Client) -> None:
    money = {"currencyCode": "EUR", "value": "5.00"}
    constraints = [{"featureName": "BLANK_BOX", "featureFulfillmentPolicy": "Required"}]
    create(client, line(1, perUnitDeclaredValue=money), notificationEmails=["a@b.c"], featureConstraints=constraints)
    shown = order(client)
    assert shown["fulfillmentOrder"]["destinationAddress"] == ADDRESS
    assert shown["fulfillmentOrder"]["featureConstraints"] == constraints
    assert shown["fulfillmentOrder"]["notificationEmails"] == ["a@b.c"]
    assert shown["fulfillmentOrderItems"][0]["perUnitDeclaredValue"] == money


def test_an_order_of_another_seller_does_not_exist(client: Client) -> None:
    create(client)
    other = Client(client.amazon, client.amazon.add_seller([DE]))
    assert other.get(f"{ORDERS}/SHOP-1").status_code == 404
    assert put(other, "/cancel") == 404
    assert put(other, "", {}) == 404
    assert other.get(ORDERS).json()["payload"]["fulfillmentOrders"] == []


def test_scheduled_delivery_is_for_japan(amazon: Amazon) -> None:
    listing = {"sku": "FBA-1", "price": "500", "quantity": 7, "fulfillment": "AMAZON"}
    client = Client(amazon, amazon.add_seller([JP], listings=[listing]))
    address = {"name": "佐藤", "addressLine1": "神宮前1-2-3", "postalCode": "150-0001", "countryCode": "JP"}
    window = {"startDate": "2026-12-01T00:00:00Z", "endDate": "2026-12-01T02:00:00Z"}
    facts = {"marketplaceId": JP, "destinationAddress": address, "shippingSpeedCategory": "ScheduledDelivery"}
    assert client.call("POST", ORDERS, None, body(**facts)).status_code == 400
    held = body(**facts, deliveryWindow=window, fulfillmentAction="Hold")
    assert client.call("POST", ORDERS, None, held).status_code == 400
    create(client, **facts, deliveryWindow=window)
    assert order(client)["fulfillmentOrder"]["deliveryWindow"]["endDate"].startswith("2026-12-01T02:00")
    wanted = {"marketplaceId": JP, "address": address, "items": [line(2)], "includeDeliveryWindows": True,
              "shippingSpeedCategories": ["ScheduledDelivery"]}  # fmt: skip
    [preview] = previews(client, wanted)
    assert preview["isFulfillable"]
    assert len(preview["scheduledDeliveryInfo"]["deliveryWindows"]) == 18
    assert all("." not in each["amount"]["value"] for each in preview["estimatedFees"])


def previews(client: Client, wanted: dict[str, Any]) -> Any:
    answer = client.call("POST", f"{ORDERS}/preview", None, wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()["payload"]["fulfillmentPreviews"]


def test_a_preview_shows_fees_and_dates_for_each_speed(client: Client) -> None:
    found = previews(client, {"address": ADDRESS, "items": [line(3)]})
    assert [each["shippingSpeedCategory"] for each in found] == ["Standard", "Expedited", "Priority"]
    assert all(each["isFulfillable"] for each in found)
    fees = [sum(Decimal(fee["amount"]["value"]) for fee in each["estimatedFees"]) for each in found]
    assert fees == sorted(fees)
    arrivals = [each["fulfillmentPreviewShipments"][0]["earliestArrivalDate"] for each in found]
    assert arrivals == sorted(arrivals, reverse=True)
    assert stock(client) == (7, 0, 0)


def test_a_preview_names_what_is_missing(client: Client) -> None:
    lines = [line(5), line(4, item_id="2"), line(1, "LAMP", "3")]
    wanted = {"address": ADDRESS, "items": lines, "shippingSpeedCategories": ["Standard", "ScheduledDelivery"]}
    standard, scheduled = previews(client, wanted)
    assert not standard["isFulfillable"]
    missing = {each["sellerFulfillmentOrderItemId"]: each["quantity"] for each in standard["unfulfillablePreviewItems"]}
    assert missing == {"2": 2, "3": 1}
    assert scheduled["orderUnfulfillableReasons"] == ["DeliverySLAUnavailable"]


@pytest.mark.parametrize("lines", [[], [line(251)], [line(1, item_id=str(number)) for number in range(101)]])
def test_a_preview_has_the_limits_of_an_order(client: Client, lines: list[dict[str, Any]]) -> None:
    wanted = {"address": ADDRESS, "items": lines}
    assert client.call("POST", f"{ORDERS}/preview", None, wanted).status_code == 400


def offer(sku: str = "FBA-1", value: str = "1", origin: str = "DE", **destination: Any) -> dict[str, Any]:
    product = {"productIdentifier": {"merchantSku": sku}, "amount": {"unitOfMeasure": "Eaches", "value": value}}
    return {"product": product, "terms": {"origin": {"countryCode": origin}, "destination": destination}}


def test_delivery_is_offered_while_there_are_units(client: Client) -> None:
    place = {"deliveryAddress": {"postalCode": "79098", "countryCode": "DE"}}
    offers = client.call("POST", f"{OUTBOUND}/deliveryOffers", None, offer(**place)).json()["payload"]["deliveryOffers"]
    assert len(offers) == 3
    assert all(each["dateRange"]["earliest"] < each["dateRange"]["latest"] for each in offers)
    none = client.call("POST", f"{OUTBOUND}/deliveryOffers", None, offer(value="8", **place)).json()
    assert none["payload"]["deliveryOffers"] == []


@pytest.mark.parametrize(
    "wanted",
    [
        offer(),
        offer("LAMP", ipAddress="192.0.2.1"),
        offer(value="0", ipAddress="192.0.2.1"),
        offer(value="many", ipAddress="192.0.2.1"),
        offer(origin="US", ipAddress="192.0.2.1"),
        offer(deliveryAddress={"countryCode": "DE"}),
        {},
    ],
)
def test_a_bad_question_for_offers_is_refused(client: Client, wanted: dict[str, Any]) -> None:
    assert client.call("POST", f"{OUTBOUND}/deliveryOffers", None, wanted).status_code == 400


def shipped(client: Client, quantity: int = 2, **changes: Any) -> Any:
    create(client, line(quantity), **changes)
    steps(client, 4)
    return order(client)["fulfillmentShipments"][0]


def track(client: Client, number: Any) -> Any:
    client.sign_in()
    return client.get(f"{OUTBOUND}/tracking", packageNumber=number)


def test_a_package_is_tracked_to_the_door(client: Client) -> None:
    [package] = shipped(client)["fulfillmentShipmentPackage"]
    seen = []
    for _ in range(5):
        details = track(client, package["packageNumber"]).json()["payload"]
        seen.append((details["currentStatus"], len(details["trackingEvents"])))
        client.amazon.advance(86400)
    assert seen[0] == ("IN_TRANSIT", 1)
    assert seen[-1] == ("DELIVERED", 4)
    assert details["shipToAddress"]["city"] == "Freiburg"
    assert details["trackingNumber"] == package["trackingNumber"]


def test_unknown_packages_are_not_found(client: Client) -> None:
    create(client)
    steps(client, 3)
    pending = order(client)["fulfillmentShipments"][0]["fulfillmentShipmentItem"][0]["packageNumber"]
    assert track(client, pending).status_code == 404
    assert track(client, 12345).status_code == 404
    assert track(client, "x").status_code == 400
    assert client.get(f"{OUTBOUND}/tracking").status_code == 400
    steps(client, 1)
    assert track(client, pending).status_code == 200
    other = Client(client.amazon, client.amazon.add_seller([DE]))
    assert track(other, pending).status_code == 404


def test_amazons_own_carrier_can_be_blocked(client: Client) -> None:
    block = [{"featureName": "BLOCK_AMZL", "featureFulfillmentPolicy": "Required"}]
    [package] = shipped(client, featureConstraints=block)["fulfillmentShipmentPackage"]
    assert package["carrierCode"] == "UPS"


def return_item(shipment: Any, number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "sellerReturnItemId": f"R-{number}",
        "sellerFulfillmentOrderItemId": "1",
        "amazonShipmentId": shipment["amazonShipmentId"],
        "returnReasonCode": "UNWANTED_ITEM",
        **changes,
    }


def send_back(client: Client, *items: dict[str, Any]) -> Any:
    answer = client.call("PUT", f"{ORDERS}/SHOP-1/return", None, {"items": list(items)})
    assert answer.status_code == 200, answer.text
    return answer.json()["payload"]


def test_returned_units_come_back_as_what_they_are(client: Client) -> None:
    shipment = shipped(client, 3)
    assert stock(client) == (4, 0, 3)
    result = send_back(
        client,
        return_item(shipment, 1),
        return_item(shipment, 2, returnReasonCode="DEFECTIVE", returnComment="kaputt"),
    )
    assert [each["status"] for each in result["returnItems"]] == ["New", "New"]
    assert len(result["returnAuthorizations"]) == 1
    assert stock(client) == (4, 0, 3)
    steps(client, 2)
    assert stock(client) == (5, 0, 1)
    assert client.amazon.fba(client.seller, "FBA-1")["unfulfillable"]["defective"] == 1
    shown = order(client)["returnItems"]
    assert [each["returnReceivedCondition"] for each in shown] == ["Sellable", "Defective"]
    assert {each["status"] for each in shown} == {"Processed"}


def test_what_cannot_come_back_is_named_and_does_not_hold_back_the_rest(client: Client) -> None:
    shipment = shipped(client, 1)
    result = send_back(
        client,
        return_item(shipment, 1),
        return_item(shipment, 1),
        return_item(shipment, 2),
        return_item(shipment, 3, sellerFulfillmentOrderItemId="9"),
        return_item(shipment, 4, returnReasonCode="BORED"),
        return_item(shipment, 5, amazonShipmentId="D1"),
    )
    assert [each["sellerReturnItemId"] for each in result["returnItems"]] == ["R-1"]
    codes = [each["invalidItemReason"]["invalidItemReasonCode"] for each in result["invalidReturnItems"]]
    assert codes == ["DuplicateRequest", "NoReturnableQuantity", "InvalidValues", "InvalidValues", "InvalidValues"]
    steps(client, 2)
    assert stock(client) == (7, 0, 0)


def test_nothing_comes_back_before_it_was_shipped(client: Client) -> None:
    create(client)
    steps(client, 3)
    shipment = order(client)["fulfillmentShipments"][0]
    result = send_back(client, return_item(shipment))
    assert result["invalidReturnItems"][0]["invalidItemReason"]["invalidItemReasonCode"] == "NoCompletedShipItems"
    assert result["returnItems"] == result["returnAuthorizations"] == []
    assert put(client, "/return", {"items": []}) == 400
    assert put(client, "/return", {}) == 400


def test_reasons_of_returns_are_listed_and_translated(client: Client) -> None:
    create(client)
    path = f"{OUTBOUND}/returnReasonCodes"
    plain = client.get(path, sellerSku="FBA-1", marketplaceId=DE).json()["payload"]["reasonCodeDetails"]
    assert "UNWANTED_ITEM" in [each["returnReasonCode"] for each in plain]
    query = {"sellerSku": "FBA-1", "sellerFulfillmentOrderId": "SHOP-1", "language": "de_DE"}
    german = client.get(path, **query).json()["payload"]["reasonCodeDetails"]
    assert "Nicht mehr benötigt" in [each["translatedDescription"] for each in german]
    assert client.get(path, sellerSku="FBA-1").status_code == 400
    assert client.get(path, marketplaceId=DE).status_code == 400
    assert client.get(path, sellerSku="NONE", marketplaceId=DE).status_code == 404
    assert client.get(path, sellerSku="FBA-1", sellerFulfillmentOrderId="NONE").status_code == 404


def test_features_depend_on_the_marketplace(client: Client) -> None:
    names = [each["featureName"] for each in features(client, DE)]
    assert "BLOCK_AMZL" in names
    assert "SIGNATURE_CONFIRMATION" not in names
    american = Client(client.amazon, client.amazon.add_seller([US]))
    assert "SIGNATURE_CONFIRMATION" in [each["featureName"] for each in features(american, US)]
    assert client.get(f"{OUTBOUND}/features").status_code == 400


def features(client: Client, marketplace: str) -> Any:
    return client.get(f"{OUTBOUND}/features", marketplaceId=marketplace).json()["payload"]["features"]


def test_the_units_of_a_feature_are_listed(client: Client) -> None:
    path = f"{OUTBOUND}/features/inventory/BLANK_BOX"
    [sku] = client.get(path, marketplaceId=DE).json()["payload"]["featureSkus"]
    assert (sku["sellerSku"], sku["skuCount"]) == ("FBA-1", 7)
    one = client.get(f"{path}/FBA-1", marketplaceId=DE).json()["payload"]
    assert (one["isEligible"], one["skuCount"]) == (True, 7)
    for sku_or_place in ({"sku": "LAMP", "marketplace": DE}, {"sku": "FBA-1", "marketplace": FR}):
        query = {"marketplaceId": sku_or_place["marketplace"]}
        other = client.get(f"{path}/{sku_or_place['sku']}", **query).json()["payload"]
        assert (other["isEligible"], other["ineligibleReasons"]) == (False, ["INVALID_SKU"])
    assert client.get(f"{OUTBOUND}/features/inventory/TELEPORT", marketplaceId=DE).status_code == 400
    assert client.get(path).status_code == 400


def test_the_units_of_a_feature_come_in_pages(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([DE], catalogue=3000))
    path = f"{OUTBOUND}/features/inventory/BLANK_BOX"
    found: list[str] = []
    token = None
    while True:
        query = {"marketplaceId": DE} | ({"nextToken": token} if token else {})
        payload = client.get(path, **query).json()["payload"]
        found += [each["sellerSku"] for each in payload["featureSkus"]]
        token = payload.get("nextToken")
        if token is None:
            break
    expected = [each.sku for each in amazon.world.listings(client.seller) if each.channel != "DEFAULT"]
    assert sorted(found) == sorted(expected)


def test_the_role_is_needed(client: Client) -> None:
    client.amazon.change_seller(client.seller, roles=["Product Listing"])
    assert client.get(ORDERS).status_code == 403
