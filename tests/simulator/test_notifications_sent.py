"""What is told, type by type: each when its cause occurs, and each as Amazon's schema has it."""

from collections.abc import Iterator
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.notifications import WATCHERS
from tests.contract import models, schemas

from .conftest import DE, FR, Client, set_price, set_quantity
from .subscriber import Subscriber, arn

LAMP = [{"sku": "LAMP", "quantity": 1}]
STATUS, ISSUES = "LISTINGS_ITEM_STATUS_CHANGE", "LISTINGS_ITEM_ISSUES_CHANGE"
QUANTITY = "LISTINGS_ITEM_MFN_QUANTITY_CHANGE"


@pytest.fixture(autouse=True)
def seen() -> Iterator[list[Any]]:
    """Every notification of the test; all of them must be right."""
    seen: list[Any] = []
    WATCHERS.append(seen.append)
    yield seen
    WATCHERS.remove(seen.append)


@pytest.fixture
def subscriber(client: Client) -> Iterator[Subscriber]:
    client.amazon.settings(notification_delay=0, submission_delay=0)
    subscriber = Subscriber(client)
    yield subscriber
    subscriber.close()


def order_changes(subscriber: Subscriber) -> list[Any]:
    return [each["Payload"]["OrderChangeNotification"] for each in subscriber.received()]


def payloads(subscriber: Subscriber) -> list[Any]:
    return [each["Payload"] for each in subscriber.told()]


def test_an_order_is_told_at_each_change_of_its_status(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("ORDER_CHANGE")
    order = amazon.place_order(client.seller, DE, LAMP, status="PENDING")
    amazon.change_order(order, status="UNSHIPPED")
    amazon.change_order(order, address={"postalCode": "10115"})
    item = client.order(order)["orderItems"][0]["orderItemId"]
    assert client.ship(order, {item: 1}).status_code == 204
    first, second, third = order_changes(subscriber)
    assert [each["Summary"]["OrderStatus"] for each in (first, second, third)] == ["Pending", "Unshipped", "Shipped"]
    assert {each["OrderChangeType"] for each in (first, second, third)} == {"OrderStatusChange"}
    assert first["Summary"]["DestinationPostalCode"] is None
    assert second["Summary"]["DestinationPostalCode"]
    assert (
        third["Summary"]["OrderItems"][0] | {"Quantity": 1, "QuantityShipped": 1} == third["Summary"]["OrderItems"][0]
    )


def test_a_buyer_who_asks_to_cancel_is_told(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    order = amazon.place_order(client.seller, DE, LAMP, programs=["AMAZON_BUSINESS", "UNHEARD_OF"])
    subscriber.subscribe("ORDER_CHANGE")
    amazon.change_order(order, buyer_requests_cancel=True)
    [told] = order_changes(subscriber)
    assert told["OrderChangeType"] == "BuyerRequestedChange"
    assert told["OrderChangeTrigger"]["ChangeReason"] == "Buyer Requested Cancel"
    assert told["Summary"]["OrderItems"][0]["IsBuyerRequestedCancel"] is True
    assert told["Summary"]["OrderPrograms"] == ["Business"]


def test_a_status_is_told_when_it_changes_and_not_when_only_the_price_does(
    client: Client, subscriber: Subscriber
) -> None:
    subscriber.subscribe(STATUS)
    client.patch("LAMP", set_price(55))
    assert payloads(subscriber) == []
    client.patch("LAMP", set_quantity(0))
    told = payloads(subscriber)
    assert {(each["MarketplaceId"], tuple(each["Status"])) for each in told} == {
        (DE, ("DISCOVERABLE",)),
        (FR, ("DISCOVERABLE",)),
    }
    assert {(each["SellerId"], each["Sku"], each["Asin"]) for each in told} == {(client.seller, "LAMP", "B000000002")}
    client.patch("LAMP", set_quantity(0))
    assert payloads(subscriber) == []


def test_a_status_is_told_when_it_is_live_and_not_when_it_was_accepted(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    subscriber.subscribe(STATUS)
    amazon.settings(submission_delay=60)
    client.patch("LAMP", set_quantity(0))
    amazon.advance(59)
    assert payloads(subscriber) == []
    amazon.advance(1)
    client.get("/sellers/v1/marketplaceParticipations")
    assert len(payloads(subscriber)) == 2


def test_a_listing_that_is_new_or_gone_is_told(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe(STATUS)
    subscriber.subscribe(QUANTITY)
    amazon.put_listing(client.seller, DE, "NEW", price="5.00", quantity=2)
    told = payloads(subscriber)
    assert [each["Status"] for each in told if "Status" in each][-1] == ["BUYABLE", "DISCOVERABLE"]
    assert [each["Quantity"] for each in told if "Quantity" in each] == [2]
    amazon.drop_listing(client.seller, DE, "NEW")
    assert [(each["Sku"], each["Status"]) for each in payloads(subscriber)] == [("NEW", ["DELETED"])]


def test_a_listing_of_a_generated_catalogue_is_told_only_for_what_changed(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([DE], catalogue=20))
    amazon.settings(notification_delay=0, submission_delay=0)
    subscriber = Subscriber(client)
    subscriber.subscribe(STATUS)
    subscriber.subscribe(QUANTITY)
    listing = next(
        each
        for each in client.search(includedData="summaries,fulfillmentAvailability")["items"]
        if each["fulfillmentAvailability"][0]["fulfillmentChannelCode"] == "DEFAULT"
        and each["fulfillmentAvailability"][0]["quantity"] > 0
        and each["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]
    )
    client.patch(listing["sku"], set_quantity(12345))
    [told] = payloads(subscriber)
    assert (told["Sku"], told["Quantity"]) == (listing["sku"], 12345)
    subscriber.close()
    client.http.close()


def test_issues_are_told_in_both_versions_and_when_they_are_gone(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    subscriber.subscribe(ISSUES)
    subscriber.subscribe(ISSUES, "2023-12-13")
    actions = [{"action": "LISTING_SUPPRESSED"}, {"action": "SEARCH_SUPPRESSED"}]
    enforcements = {"actions": actions, "exemption": {"status": "NOT_EXEMPT"}}
    issue = {"code": "1", "message": "m", "severity": "ERROR", "categories": [], "enforcements": enforcements}
    info = {"code": "2", "message": "m", "severity": "INFO", "categories": []}
    amazon.put_listing(client.seller, DE, "LAMP", issues=[issue, info])
    told = {each["PayloadVersion"]: each["Payload"] for each in subscriber.told()}
    assert {version: each["Severities"] for version, each in told.items()} == {
        "1.0": ["ERROR"],
        "2023-12-13": ["ERROR"],
    }
    assert told["1.0"]["EnforcementActions"] == ["SEARCH_SUPPRESSED"]
    assert told["2023-12-13"]["EnforcementActions"] == ["LISTING_SUPPRESSED", "SEARCH_SUPPRESSED"]
    amazon.put_listing(client.seller, DE, "LAMP", issues=[])
    assert [each["Payload"]["Severities"] for each in subscriber.told()] == [["NONE"], ["NONE"]]


def test_the_quantity_is_told_when_a_buyer_takes_of_it(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe(QUANTITY)
    amazon.place_order(client.seller, FR, LAMP)
    [told] = payloads(subscriber)
    assert told == {"SellerId": client.seller, "FulfillmentChannelCode": "DEFAULT", "Sku": "LAMP", "Quantity": 2}


def test_a_quantity_in_amazons_warehouses_is_told_as_stock(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    subscriber.subscribe(QUANTITY)
    subscriber.subscribe("FBA_INVENTORY_AVAILABILITY_CHANGES")
    amazon.place_order(client.seller, DE, [{"sku": "FBA-1", "quantity": 2}])
    assert payloads(subscriber) == []
    told = subscriber.received()[-1]["Payload"]
    assert (told["SKU"], told["FulfillmentInventoryByMarketplace"][0]["FulfillmentInventory"]["Fulfillable"]) == (
        "FBA-1",
        5,
    )


def test_offers_are_told_to_everybody_who_lists_the_product(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    subscriber.subscribe("ANY_OFFER_CHANGED")
    mine = {"sku": "OURS", "asin": "B000000002", "price": "48.00", "quantity": 5}
    other = amazon.add_seller([DE], listings=[mine])
    subscriber.received()
    amazon.put_listing(other["seller_id"], DE, "OURS", price="47.00")
    told = subscriber.received()[-1]["Payload"]["AnyOfferChangedNotification"]
    assert told["SellerId"] == client.seller
    assert (told["OfferChangeTrigger"]["ASIN"], told["OfferChangeTrigger"]["MarketplaceId"]) == ("B000000002", DE)
    prices = {each["SellerId"]: each["ListingPrice"]["Amount"] for each in told["Offers"]}
    assert (prices[client.seller], prices[other["seller_id"]]) == (49, 47)


def test_offers_to_business_buyers_are_told_where_one_has_a_price_of_its_own(
    client: Client, subscriber: Subscriber
) -> None:
    subscriber.subscribe("B2B_ANY_OFFER_CHANGED")
    client.patch("LAMP", set_price(48))
    assert subscriber.received() == []
    client.patch("LAMP", set_price(40, op="merge", audience="B2B"))
    told = subscriber.received()[-1]["Payload"]["B2BAnyOfferChangedNotification"]
    [mine] = [each for each in told["Offers"] if each["SellerId"] == client.seller]
    assert mine["ListingPrice"] == {"Amount": 40, "CurrencyCode": "EUR"}


def test_a_price_that_is_too_high_to_be_featured_is_told(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    subscriber.subscribe("PRICING_HEALTH")
    amazon.cause_notification("pricing_health", client.seller, sku="LAMP", marketplace=DE)
    told = subscriber.received()[-1]["payload"]
    assert (told["issueType"], told["sellerId"]) == ("BuyBoxDisqualification", client.seller)
    assert told["merchantOffer"]["listingPrice"] == {"amount": 49, "currencyCode": "EUR"}


def test_a_report_that_ended_is_told(client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("REPORT_PROCESSING_FINISHED", "2020-09-04")
    report = client.report()
    [notification] = subscriber.received()
    assert notification["notificationVersion"] == "2020-09-04"
    told = notification["payload"]["reportProcessingFinishedNotification"]
    assert (told["reportId"], told["processingStatus"]) == (report["reportId"], "DONE")
    assert told["reportDocumentId"] == report["reportDocumentId"]


def test_a_feed_that_ended_is_told(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("FEED_PROCESSING_FINISHED", "2020-09-04")
    document = client.call("POST", "/feeds/2021-06-30/documents", None, {"contentType": "application/json"}).json()
    client.http.put(document["url"], b"{}", headers={"Content-Type": "application/json"}, timeout=10)
    body = {"feedType": "JSON_LISTINGS_FEED", "marketplaceIds": [DE]}
    body["inputFeedDocumentId"] = document["feedDocumentId"]
    feed = client.call("POST", "/feeds/2021-06-30/feeds", None, body).json()
    amazon.advance(3600)
    [notification] = subscriber.received()
    told = notification["payload"]["feedProcessingFinishedNotification"]
    assert (told["feedId"], told["feedType"], told["sellerId"]) == (feed["feedId"], "JSON_LISTINGS_FEED", client.seller)
    assert told["processingStatus"] in ("DONE", "FATAL")


def test_an_order_of_another_channel_is_told(client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("FULFILLMENT_ORDER_STATUS")
    address = {"name": "A", "addressLine1": "B 1", "postalCode": "10115", "countryCode": "DE", "city": "Berlin"}
    body = {
        "marketplaceId": DE,
        "sellerFulfillmentOrderId": "SHOP-1",
        "displayableOrderId": "SHOP-1",
        "displayableOrderDate": "2026-11-20T10:00:00Z",
        "displayableOrderComment": "Thank you",
        "shippingSpeedCategory": "Standard",
        "destinationAddress": {**address, "stateOrRegion": "Berlin"},
        "items": [{"sellerSku": "FBA-1", "sellerFulfillmentOrderItemId": "1", "quantity": 1}],
    }
    answer = client.call("POST", "/fba/outbound/2020-07-01/fulfillmentOrders", None, body)
    assert answer.status_code == 200, answer.text
    client.amazon.advance(30 * 86400)
    told = [each["Payload"]["FulfillmentOrderStatusNotification"] for each in subscriber.received()]
    assert {each["SellerFulfillmentOrderId"] for each in told} == {"SHOP-1"}
    assert told[-1]["FulfillmentOrderStatus"] == "COMPLETE"
    assert told[-1]["FulfillmentShipment"]["FulfillmentShipmentPackages"][0]["TrackingNumber"]


def test_money_is_told_when_it_is_posted(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("TRANSACTION_UPDATE")
    order = amazon.place_order(client.seller, DE, LAMP)
    amazon.change_order(order, status="SHIPPED")
    told = subscriber.received()[0]["Payload"]["TransactionUpdateNotification"]
    assert told["SellingPartnerMetadata"] == {
        "SellingPartnerId": client.seller,
        "MarketplaceId": DE,
        "AccountType": "PAYABLE",
    }
    assert {"RelatedIdentifierName": "OrderId", "RelatedIdentifierValue": order} in told["RelatedIdentifiers"]
    assert told["TotalAmount"]["CurrencyCode"] == "EUR"


def test_a_product_type_is_told_in_the_sellers_marketplaces(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    subscriber.subscribe("PRODUCT_TYPE_DEFINITIONS_CHANGE")
    amazon.cause_notification("product_types_changed", product_type="LUGGAGE", marketplaces=[DE, "A1F83G8C2ARO7P"])
    amazon.cause_notification("product_types_changed", product_type="LUGGAGE", marketplaces=[FR], new=True)
    first, second = payloads(subscriber)
    assert (first["AccountId"], first["MarketplaceId"], "NewProductTypes" in first) == (client.seller, DE, False)
    assert (second["MarketplaceId"], second["NewProductTypes"]) == (FR, ["LUGGAGE"])
    listed = client.get("/definitions/2020-09-01/productTypes", marketplaceIds=DE).json()
    assert first["ProductTypeVersion"] == second["ProductTypeVersion"] == listed["productTypeVersion"]


def test_the_status_of_the_account_is_told(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("ACCOUNT_STATUS_CHANGED", "2021-01-01")
    amazon.cause_notification("account_status_changed", client.seller, previous="NORMAL", current="AT_RISK")
    [notification] = subscriber.received()
    told = notification["payload"]["accountStatusChangeNotification"]
    assert told == {"previousAccountStatus": "NORMAL", "currentAccountStatus": "AT_RISK"}
    with pytest.raises(ValueError):
        amazon.cause_notification("account_status_changed", client.seller, previous="NORMAL", current="FINE")


def test_a_new_secret_comes_to_the_registered_queue_only(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    amazon.change_seller(client.seller, rotate_secret=True)
    assert subscriber.received() == []
    amazon.settings(application_queue=arn("notifications"))
    fresh = amazon.change_seller(client.seller, rotate_secret=True)["client_secret"]
    [notification] = subscriber.received()
    told = notification["payload"]["applicationOAuthClientNewSecret"]
    assert (told["clientId"], told["newClientSecret"]) == (client.account["client_id"], fresh)
    assert told["oldClientSecretExpiryTime"] < told["newClientSecretExpiryTime"]
    assert fresh not in str(amazon.notifications())


def test_notice_is_given_ninety_days_before_a_secret_ends(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    amazon.settings(application_queue=arn("notifications"))
    amazon.change_seller(client.seller, rotate_secret=True)
    subscriber.received()
    amazon.advance(89 * 86400)
    assert subscriber.received() == []
    amazon.advance(86400)
    [notification] = subscriber.received()
    assert notification["notificationType"] == "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY"


def test_a_notification_with_a_wrong_field_fails_the_contract(
    amazon: Amazon, client: Client, subscriber: Subscriber, seen: list[Any]
) -> None:
    if not models.AT_HAND:
        pytest.skip("Amazon's schemas are not at hand")
    subscriber.subscribe("ORDER_CHANGE")
    amazon.place_order(client.seller, DE, LAMP)
    [notification] = seen
    wrong = {**notification, "Payload": {"OrderChange": notification["Payload"]["OrderChangeNotification"]}}
    assert schemas.problems(wrong)
    assert schemas.problems({**notification, "Extra": 1})
    assert schemas.problems({**notification, "PayloadVersion": "7"})
