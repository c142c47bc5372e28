"""Orders v0: the old view of the same orders."""

from decimal import Decimal
from typing import Any

import pytest
import requests

from flask_amazon_channel.simulator.clock import iso

from .conftest import DE, FR, Client

ORDERS = "/orders/v0/orders"
SINCE = "2020-01-01T00:00:00Z"


def buy(client: Client, sku: str = "MUG/1 ä%", quantity: int = 1, **facts: Any) -> str:
    return client.amazon.place_order(client.seller, DE, [{"sku": sku, "quantity": quantity}], **facts)


def payload(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(path, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()["payload"]


def search(client: Client, **query: Any) -> Any:
    """Search all orders, two minutes later."""
    client.amazon.advance(120)
    if not {"CreatedAfter", "AmazonOrderIds", "SellerOrderId"} & set(query):
        query["LastUpdatedAfter"] = SINCE
    return payload(client, ORDERS, **{"MarketplaceIds": DE, **query})


def ids(found: Any) -> list[str]:
    return [each["AmazonOrderId"] for each in found["Orders"]]


def restricted(client: Client, path: str, *elements: str) -> None:
    """Go on with a restricted data token for a path."""
    client.sign_in()
    wanted = {"method": "GET", "path": path, "dataElements": list(elements)}
    body = {"restrictedResources": [wanted]}
    answer = client.call("POST", "/tokens/2021-03-01/restrictedDataToken", None, body)
    client.token = answer.json()["restrictedDataToken"]


@pytest.mark.parametrize(
    ("status", "old"),
    [
        ("PENDING", "Pending"),
        ("PENDING_AVAILABILITY", "PendingAvailability"),
        ("UNSHIPPED", "Unshipped"),
        ("PARTIALLY_SHIPPED", "PartiallyShipped"),
        ("SHIPPED", "Shipped"),
        ("CANCELLED", "Canceled"),
    ],
)
def test_statuses_have_their_old_names(client: Client, status: str, old: str) -> None:
    order_id = buy(client, "LAMP", 2, status=status)
    assert payload(client, f"{ORDERS}/{order_id}")["OrderStatus"] == old
    assert ids(search(client, OrderStatuses=old)) == [order_id]
    assert ids(search(client, OrderStatuses="Unfulfillable")) == []


def test_both_views_are_of_the_same_order(client: Client) -> None:
    line = {"sku": "LAMP", "quantity": 2, "shipping": "3.99", "tax": "15.65", "discount": "5"}
    order_id = client.amazon.place_order(client.seller, DE, [line])
    new, old = client.order(order_id, "PROCEEDS,FULFILLMENT"), payload(client, f"{ORDERS}/{order_id}")
    assert old["OrderTotal"] == {"CurrencyCode": "EUR", "Amount": new["proceeds"]["grandTotal"]["amount"]}
    assert (old["PurchaseDate"], old["LastUpdateDate"]) == (new["createdTime"], new["lastUpdatedTime"])
    assert old["LatestShipDate"] == new["fulfillment"]["shipByWindow"]["latestDateTime"]
    assert (old["FulfillmentChannel"], old["SalesChannel"]) == ("MFN", "Amazon.de")
    assert (old["NumberOfItemsShipped"], old["NumberOfItemsUnshipped"]) == (0, 2)
    (item,) = payload(client, f"{ORDERS}/{order_id}/orderItems")["OrderItems"]
    assert item["ItemPrice"]["Amount"] == "98.00"  # of the line, not of a unit
    assert Decimal(new["orderItems"][0]["product"]["price"]["unitPrice"]["amount"]) == 49
    prices = [Decimal(item[name]["Amount"]) for name in ("ItemPrice", "ItemTax", "ShippingPrice")]
    assert sum(prices) - Decimal(item["PromotionDiscount"]["Amount"]) == Decimal(old["OrderTotal"]["Amount"])


def test_a_pending_order_has_neither_prices_nor_address(client: Client) -> None:
    order_id = buy(client, status="PENDING")
    restricted(client, f"{ORDERS}/{order_id}", "buyerInfo", "shippingAddress")
    assert not {"OrderTotal", "ShippingAddress", "BuyerInfo", "LatestDeliveryDate"} & set(
        payload(client, f"{ORDERS}/{order_id}")
    )
    client.sign_in()
    (item,) = payload(client, f"{ORDERS}/{order_id}/orderItems")["OrderItems"]
    assert item["QuantityOrdered"] == 1
    assert not {"ItemPrice", "ItemTax", "IsGift"} & set(item)


def test_orders_of_amazons_fulfilment_have_no_dates_of_shipping(client: Client) -> None:
    order = payload(client, f"{ORDERS}/{buy(client, 'FBA-1')}")
    assert order["FulfillmentChannel"] == "AFN"
    assert not {"LatestShipDate", "LatestDeliveryDate", "EarliestShipDate"} & set(order)
    assert order["BuyerInfo"] == {}


def test_addresses_are_translated(client: Client) -> None:
    order_id = buy(client)
    new = client.order(order_id, "RECIPIENT")["recipient"]["deliveryAddress"]
    restricted(client, f"{ORDERS}/{order_id}/address")
    old = payload(client, f"{ORDERS}/{order_id}/address")["ShippingAddress"]
    assert (old["Name"], old["AddressLine1"], old["City"]) == (new["name"], new["addressLine1"], new["city"])
    assert (old["Phone"], old["AddressType"]) == (new["phone"], "Residential")


def test_an_ordinary_token_shows_where_to_and_not_to_whom(client: Client) -> None:
    order = payload(client, f"{ORDERS}/{buy(client)}")
    assert {"City", "PostalCode", "CountryCode"} <= set(order["ShippingAddress"])
    assert not {"Name", "AddressLine1", "Phone"} & set(order["ShippingAddress"])
    assert set(order["BuyerInfo"]) == {"BuyerEmail"}


def test_gifts_are_told_with_a_restricted_token(client: Client) -> None:
    items = [{"sku": "LAMP", "quantity": 1, "gift_message": "Alles Gute", "gift_wrap": "2.50"}]
    order_id = client.amazon.place_order(client.seller, DE, items)
    path = f"{ORDERS}/{order_id}/orderItems"
    item = payload(client, path)["OrderItems"][0]
    assert (item["IsGift"], "BuyerInfo" in item) == ("true", False)
    restricted(client, path, "buyerInfo")
    assert payload(client, path)["OrderItems"][0]["BuyerInfo"]["GiftMessageText"] == "Alles Gute"
    restricted(client, f"{path}/buyerInfo")
    told = payload(client, f"{path}/buyerInfo")["OrderItems"]
    assert told[0]["GiftWrapPrice"] == {"CurrencyCode": "EUR", "Amount": "2.50"}


def test_a_buyer_who_asks_to_cancel_is_told_of(client: Client) -> None:
    order_id = buy(client)
    path = f"{ORDERS}/{order_id}/orderItems"
    assert payload(client, path)["OrderItems"][0]["BuyerRequestedCancel"] == {"IsBuyerRequestedCancel": "false"}
    client.amazon.change_order(order_id, buyer_requests_cancel=True, reason="Found cheaper")
    asked = payload(client, path)["OrderItems"][0]["BuyerRequestedCancel"]
    assert asked == {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": "Found cheaper"}


def test_flags_follow_from_the_programs(client: Client) -> None:
    first = buy(client)
    order_id = buy(client, programs=["PRIME", "AMAZON_BUSINESS", "IN_STORE_PICK_UP"], replaces=first)
    order = payload(client, f"{ORDERS}/{order_id}")
    assert all(order[name] for name in ("IsPrime", "IsBusinessOrder", "IsISPU", "IsReplacementOrder"))
    assert order["ReplacedOrderId"] == first
    plain = payload(client, f"{ORDERS}/{first}")
    assert not any(plain[name] for name in ("IsPrime", "IsBusinessOrder", "IsISPU", "IsReplacementOrder"))
    assert ids(search(client, IsISPU="true")) == [order_id]


def test_search_filters(client: Client) -> None:
    mug, fba = buy(client, payment_method="CashOnDelivery", seller_order_id="W-1"), buy(client, "FBA-1")
    client.amazon.place_order(client.seller, FR, [{"sku": "LAMP", "quantity": 1}])
    email = client.amazon.order(mug)["order"]["buyer"]["buyerEmail"]
    assert sorted(ids(search(client))) == sorted([mug, fba])
    assert len(ids(search(client, MarketplaceIds=f"{DE},{FR}"))) == 3
    assert ids(search(client, FulfillmentChannels="AFN")) == [fba]
    assert ids(search(client, PaymentMethods="COD")) == [mug]
    assert ids(search(client, BuyerEmail=email)) == [mug]
    assert ids(search(client, SellerOrderId="W-1")) == [mug]
    assert ids(search(client, AmazonOrderIds=fba)) == [fba]
    assert ids(search(client, LatestDeliveryDateBefore=SINCE)) == []
    assert sorted(ids(search(client, LatestDeliveryDateAfter=SINCE))) == sorted([mug, fba])


def test_pages_hold_every_order_once(client: Client) -> None:
    placed = [buy(client) for _ in range(5)]
    first = search(client, MaxResultsPerPage=2)
    assert first["LastUpdatedBefore"] == iso(client.amazon.world.now() - 120)
    second = payload(client, ORDERS, MarketplaceIds=DE, NextToken=first["NextToken"])
    third = payload(client, ORDERS, MarketplaceIds=DE, NextToken=second["NextToken"])
    assert sorted(ids(first) + ids(second) + ids(third)) == sorted(placed)
    assert "NextToken" not in third
    client.amazon.advance(86401)
    client.sign_in()
    assert client.get(ORDERS, MarketplaceIds=DE, NextToken=first["NextToken"]).status_code == 400


def test_an_order_is_found_two_minutes_after_its_update(client: Client) -> None:
    buy(client)
    client.amazon.advance(119)
    assert payload(client, ORDERS, MarketplaceIds=DE, CreatedAfter=SINCE)["Orders"] == []
    client.amazon.advance(1)
    assert len(payload(client, ORDERS, MarketplaceIds=DE, CreatedAfter=SINCE)["Orders"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"CreatedAfter": SINCE, "MarketplaceIds": ""},
        {},
        {"CreatedAfter": SINCE, "LastUpdatedAfter": SINCE},
        {"CreatedAfter": SINCE, "LastUpdatedBefore": "2026-01-01T00:00:00Z"},
        {"CreatedAfter": SINCE, "CreatedBefore": "2999-01-01T00:00:00Z"},
        {"CreatedAfter": "TEST_CASE_400"},
        {"CreatedAfter": SINCE, "OrderStatuses": "UNSHIPPED"},
        {"CreatedAfter": SINCE, "MaxResultsPerPage": 101},
        {"CreatedAfter": SINCE, "AmazonOrderIds": "17"},
        {"CreatedAfter": SINCE, "PaymentMethods": "Cheque"},
        {"NextToken": "forged"},
    ],
)
def test_a_search_that_amazon_refuses_is_invalid_input(client: Client, query: dict[str, Any]) -> None:
    answer = client.get(ORDERS, **{"MarketplaceIds": DE, **query})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_the_reads_end_and_the_rest_goes_on(client: Client) -> None:
    order_id = buy(client)
    client.amazon.settings(orders_v0_removed=True)
    assert client.get(ORDERS, MarketplaceIds=DE, CreatedAfter=SINCE).status_code == 403
    for part in ("", "/orderItems"):
        assert client.get(f"{ORDERS}/{order_id}{part}").status_code == 403
    restricted(client, f"{ORDERS}/{order_id}/address")
    assert client.get(f"{ORDERS}/{order_id}/address").status_code == 403
    client.sign_in()
    assert client.ship(order_id, {client.order(order_id)["orderItems"][0]["orderItemId"]: 1}).status_code == 204


@pytest.mark.parametrize("part", ["", "/orderItems"])
def test_unknown_orders_are_missing_and_nonsense_is_invalid(client: Client, part: str) -> None:
    assert client.get(f"{ORDERS}/123-1234567-1234567{part}").status_code == 404
    assert client.get(f"{ORDERS}/TEST_CASE_400{part}").status_code == 400


def pick_up(client: Client, order_id: str, status: str, **more: Any) -> requests.Response:
    body = {"marketplaceId": DE, "shipmentStatus": status, **more}
    return client.call("POST", f"{ORDERS}/{order_id}/shipment", None, body)


def test_an_order_is_picked_up_in_the_store(client: Client) -> None:
    order_id = buy(client, "LAMP", 2, programs=["IN_STORE_PICK_UP"])
    assert pick_up(client, order_id, "ReadyForPickup").status_code == 204
    assert client.order(order_id)["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    item = client.order(order_id)["orderItems"][0]["orderItemId"]
    assert pick_up(client, order_id, "PickedUp", orderItems=[{"orderItemId": item, "quantity": 1}]).status_code == 204
    assert client.order(order_id)["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    assert pick_up(client, order_id, "PickedUp").status_code == 204
    assert client.order(order_id)["fulfillment"]["fulfillmentStatus"] == "SHIPPED"


def test_an_order_that_is_refused_in_the_store_is_cancelled(client: Client) -> None:
    order_id = buy(client, programs=["IN_STORE_PICK_UP"])
    assert pick_up(client, order_id, "RefusedPickup").status_code == 204
    assert client.order(order_id)["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    assert client.amazon.listing(client.seller, DE, "MUG/1 ä%")["quantity"] == 9


def test_what_is_refused_in_the_store_can_be_sold_again_if_the_setting_says_so(client: Client) -> None:
    client.amazon.settings(restock_on_cancel=True)
    order_id = buy(client, programs=["IN_STORE_PICK_UP"])
    pick_up(client, order_id, "RefusedPickup")
    assert client.amazon.listing(client.seller, DE, "MUG/1 ä%")["quantity"] == 10


@pytest.mark.parametrize(
    "body",
    [
        {"marketplaceId": "1"},
        {"shipmentStatus": "Lost"},
        {"orderItems": [{"orderItemId": "1", "quantity": 1}]},
        {"orderItems": "all"},
    ],
)
def test_a_pickup_of_nonsense_is_invalid_input(client: Client, body: dict[str, Any]) -> None:
    order_id = buy(client, programs=["IN_STORE_PICK_UP"])
    answer = pick_up(client, order_id, **{"status": "PickedUp", **body})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")
    assert pick_up(client, buy(client), "PickedUp").status_code == 400  # not picked up in a store


def info(client: Client, order_id: str) -> Any:
    restricted(client, f"{ORDERS}/{order_id}/regulatedInfo")
    shown = payload(client, f"{ORDERS}/{order_id}/regulatedInfo")
    client.sign_in()
    return shown


def verify(client: Client, order_id: str, **status: Any) -> requests.Response:
    body = {"regulatedOrderVerificationStatus": status}
    return client.call("PATCH", f"{ORDERS}/{order_id}/regulatedInfo", None, body)


def test_a_regulated_order_is_reviewed_once(client: Client) -> None:
    order_id = buy(client, regulated=[{"id": "pet", "label": "Name", "value": "Ruffus"}])
    shown = info(client, order_id)
    assert shown["RegulatedInformation"]["Fields"][0]["FieldValue"] == "Ruffus"
    assert shown["RegulatedOrderVerificationStatus"]["RequiresMerchantAction"] is True
    answer = verify(client, order_id, status="Rejected", externalReviewerId="r1", rejectionReasonId="reject_age")
    assert answer.status_code == 204
    status = info(client, order_id)["RegulatedOrderVerificationStatus"]
    assert (status["Status"], status["ExternalReviewerId"]) == ("Rejected", "r1")
    assert status["RejectionReason"]["RejectionReasonId"] == "reject_age"
    assert verify(client, order_id, status="Approved", externalReviewerId="r1").status_code == 400


PRESCRIPTION = {
    "prescriptionId": "Rx-1234", "expirationDate": "2027-01-01T00:00:00Z", "writtenQuantity": 3,
    "totalRefillsAuthorized": 10, "usageInstructions": "One a day", "refillsRemaining": 10,
}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "messages"),
    [
        ({"status": "Rejected"}, ["rejectionReasonId.", "externalReviewerId."]),
        ({"status": "Cancelled", "externalReviewerId": "r"}, ["Must be one of [Approved, Rejected]."]),
        (
            {
                "status": "Rejected",
                "rejectionReasonId": "reject_age",
                "verificationDetails": {"prescriptionDetail": {}},
            },
            ["`prescriptionDetail` is not supported when order is in Rejected status.", "externalReviewerId."],
        ),
        (
            {"externalReviewerId": "r", "verificationDetails": {"prescriptionDetail": PRESCRIPTION}},
            ["Missing required parameter(s) from prescriptionDetail value: clinicId"],
        ),
        ({"status": "Rejected", "externalReviewerId": "r", "rejectionReasonId": "mood"}, ["`rejectionReasonId`."]),
    ],
)
def test_all_that_is_wrong_with_a_review_is_told_at_once(
    client: Client, status: dict[str, Any], messages: list[str]
) -> None:
    answer = verify(client, buy(client, regulated=True), **status)
    assert answer.status_code == 400
    told = [each["message"] for each in answer.json()["errors"]]
    assert len(told) == len(messages)
    assert all(each.endswith(end) for each, end in zip(told, messages, strict=True)), told


def test_an_order_without_regulated_products_has_no_review(client: Client) -> None:
    assert verify(client, buy(client), status="Approved", externalReviewerId="r").status_code == 404
