"""python-amazon-sp-api, unchanged: it sends every marketplace parameter there is, and a Host that was cut."""

from __future__ import annotations

import io
import json

import pytest

from tests.clients import payloads
from tests.clients.conftest import DE, Lenient, Shelf


def test_it_finds_an_item_of_the_catalogue_by_ean_and_by_asin(lenient: Lenient) -> None:
    catalog = lenient.api("CatalogItemsV20220401")
    found = catalog.search_catalog_items(identifiers="4006381333931", identifiersType="EAN", marketplaceIds=DE).payload
    assert [each["asin"] for each in found["items"]] == ["B000000001"]
    item = catalog.get_catalog_item("B000000001", marketplaceIds=DE, includedData="summaries,identifiers").payload
    assert item["summaries"][0]["itemName"] == "Mug"


def test_it_lists_on_an_item_and_buyers_can_buy(lenient: Lenient, shelf: Shelf) -> None:
    listings, body = lenient.api("ListingsItems"), payloads.offer_on("B000000001")
    where = {"marketplaceIds": DE, "body": body}
    preview = listings.put_listings_item(shelf.seller_id, "NEW/1 ü", mode="VALIDATION_PREVIEW", **where)
    assert preview.payload["status"] == "VALID"
    assert listings.put_listings_item(shelf.seller_id, "NEW/1 ü", **where).payload["status"] == "ACCEPTED"
    assert shelf.amazon.listing(shelf.seller_id, DE, "NEW/1 ü")["quantity"] == 4


def test_a_price_that_it_patches_is_read_back(lenient: Lenient, shelf: Shelf) -> None:
    listings, body = lenient.api("ListingsItems"), payloads.price_patch(11.25)
    answer = listings.patch_listings_item(shelf.seller_id, "MUG/1 ä%", marketplaceIds=DE, body=body)
    assert answer.payload["status"] == "ACCEPTED"
    item = listings.get_listings_item(shelf.seller_id, "MUG/1 ä%", marketplaceIds=DE, includedData="offers").payload
    assert item["offers"][0]["price"]["amount"] == "11.25"


def test_a_feed_changes_prices_and_its_result_is_read(lenient: Lenient, shelf: Shelf) -> None:
    feeds = lenient.api("Feeds")
    file = io.BytesIO(json.dumps(payloads.price_feed(shelf.seller_id)).encode())
    document, feed = feeds.submit_feed("JSON_LISTINGS_FEED", file, content_type=payloads.JSON_FEED, marketplaceIds=[DE])
    assert document.payload["feedDocumentId"]
    shelf.amazon.advance(1800)
    done = feeds.get_feed(feed.payload["feedId"]).payload
    assert done["processingStatus"] == "DONE"
    report = json.loads(feeds.get_feed_document(done["resultFeedDocumentId"]))
    assert report["summary"]["messagesAccepted"] == 1


def test_a_report_of_all_listings_is_made_and_downloaded(lenient: Lenient, shelf: Shelf) -> None:
    reports = lenient.api("Reports")
    made = reports.create_report(reportType="GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds=[DE]).payload
    shelf.amazon.advance(600)
    done = reports.get_report(made["reportId"]).payload
    document = reports.get_report_document(done["reportDocumentId"], download=True).payload
    assert len(document["document"].strip().splitlines()) == 1 + len(shelf.skus)


def test_orders_are_read_page_by_page_and_a_shipment_is_confirmed(lenient: Lenient, shelf: Shelf) -> None:
    line = [{"sku": "MUG/1 ä%", "quantity": 1}]
    placed = [shelf.amazon.place_order(shelf.seller_id, DE, line) for _ in range(3)]
    orders = lenient.api("OrdersV20260101")
    span = {"lastUpdatedAfter": "2020-01-01T00:00:00Z", "maxResultsPerPage": 2}
    first = orders.search_orders(**span)
    second = orders.search_orders(**span, paginationToken=first.next_token)
    assert sorted(each["orderId"] for page in (first, second) for each in page.payload["orders"]) == sorted(placed)
    item = orders.get_order(placed[0]).payload["order"]["orderItems"][0]
    body = {"marketplaceId": DE, "packageDetail": payloads.package(item["orderItemId"])}
    lenient.api("OrdersV0").confirm_shipment(placed[0], **body)
    assert shelf.amazon.order(placed[0])["status"] == "SHIPPED"


def test_it_sees_whether_a_listing_is_restricted(lenient: Lenient, shelf: Shelf) -> None:
    restrictions = lenient.api("ListingsRestrictions")
    where = {"sellerId": shelf.seller_id, "marketplaceIds": DE}
    assert restrictions.get_listings_restrictions(asin="B000000001", **where).payload["restrictions"] == []


def test_it_finds_a_product_type(lenient: Lenient) -> None:
    definitions = lenient.api("ProductTypeDefinitions")
    found = definitions.search_definitions_product_types(keywords="lamp", marketplaceIds=DE).payload
    assert "LAMP" in [each["name"] for each in found["productTypes"]]
    assert definitions.get_definitions_product_type("LAMP", marketplaceIds=DE).payload["productType"] == "LAMP"


def test_it_asks_for_prices_and_offers_in_batches(lenient: Lenient, shelf: Shelf) -> None:
    products = lenient.api("ProductsV0")
    prices = products.get_product_pricing_for_skus(["LAMP"]).payload
    assert prices[0]["status"] == "Success"
    batch = payloads.offers_request("B000000002")["requests"]
    offers = products.get_item_offers_batch(batch).payload
    assert offers["responses"][0]["status"]["statusCode"] == 200
    summary = payloads.summary_request("B000000002")["requests"]
    answer = lenient.api("ProductsV20220501").get_competitive_summary_batch(summary).payload
    assert answer["responses"][0]["status"]["statusCode"] == 200


def test_it_estimates_fees(lenient: Lenient) -> None:
    answer = lenient.api("ProductFees").get_product_fees_estimate_for_sku("LAMP", 49, currency="EUR").payload
    assert answer["FeesEstimateResult"]["Status"] == "Success"


def test_it_reads_the_stock_in_amazons_warehouses(lenient: Lenient) -> None:
    answer = lenient.api("Inventories").get_inventory_summary_marketplace(details=True).payload
    stock = {
        each["sellerSku"]: each["inventoryDetails"]["fulfillableQuantity"] for each in answer["inventorySummaries"]
    }
    assert stock == {"TEA-FBA": 7}


def test_it_subscribes_to_notifications(lenient: Lenient) -> None:
    notifications = lenient.api("Notifications")
    destination = notifications.create_destination(name="shop", arn=payloads.QUEUE).payload["destinationId"]
    made = notifications.create_subscription("ORDER_CHANGE", destination_id=destination).payload
    assert notifications.get_subscription("ORDER_CHANGE").payload["subscriptionId"] == made["subscriptionId"]


def test_its_deletion_of_a_subscription_is_refused_because_it_uses_the_sellers_token(lenient: Lenient) -> None:
    from sp_api.base import SellingApiForbiddenException

    with pytest.raises(SellingApiForbiddenException):
        lenient.api("Notifications").delete_notification_subscription("ORDER_CHANGE", "1")


def test_what_does_not_exist_is_not_found(lenient: Lenient) -> None:
    from sp_api.base import SellingApiNotFoundException

    with pytest.raises(SellingApiNotFoundException):
        lenient.api("OrdersV20260101").get_order("111-1111111-1111111")
