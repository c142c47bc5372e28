"""Amazon's own Python client, from the package index, unchanged."""

from __future__ import annotations

import gzip
import json

import pytest
import requests

from tests.clients import payloads
from tests.clients.conftest import DE, NOTIFICATIONS, Official, Shelf


def test_it_finds_an_item_of_the_catalogue_by_ean_and_by_asin(official: Official) -> None:
    catalog = official.api("CatalogApi")
    found = catalog.search_catalog_items([DE], identifiers=["4006381333931"], identifiers_type="EAN")
    assert [each.asin for each in found.items] == ["B000000001"]
    item = catalog.get_catalog_item("B000000001", [DE], included_data=["summaries", "identifiers", "images"])
    assert item.summaries[0].item_name == "Mug"


def test_it_lists_on_an_item_and_buyers_can_buy(official: Official, shelf: Shelf) -> None:
    listings = official.api("ListingsApi")
    body = payloads.offer_on("B000000001")
    preview = listings.put_listings_item(shelf.seller_id, "NEW/1 ü", [DE], body, mode="VALIDATION_PREVIEW")
    assert preview.status == "VALID"
    assert listings.put_listings_item(shelf.seller_id, "NEW/1 ü", [DE], body).status == "ACCEPTED"
    seen = shelf.amazon.listing(shelf.seller_id, DE, "NEW/1 ü")
    assert (seen["asin"], seen["price"]["amount"], seen["quantity"]) == ("B000000001", "12.50", 4)


def test_a_price_that_it_patches_is_read_back(official: Official, shelf: Shelf) -> None:
    listings = official.api("ListingsApi")
    assert (
        listings.patch_listings_item(shelf.seller_id, "MUG/1 ä%", [DE], payloads.price_patch(11.25)).status
        == "ACCEPTED"
    )
    item = listings.get_listings_item(shelf.seller_id, "MUG/1 ä%", [DE], included_data=["offers", "summaries"])
    assert item.offers[0].price.amount == "11.25"
    found = listings.search_listings_items(shelf.seller_id, [DE], identifiers=["LAMP"], identifiers_type="SKU")
    assert [each.sku for each in found.items] == ["LAMP"]


def test_a_price_that_amazon_refuses_comes_back_with_its_issue(official: Official, shelf: Shelf) -> None:
    answer = official.api("ListingsApi").patch_listings_item(shelf.seller_id, "LAMP", [DE], payloads.price_patch(-1))
    assert answer.status == "INVALID"
    assert answer.issues[0].severity == "ERROR"


def test_a_listing_that_it_deletes_is_gone(official: Official, shelf: Shelf) -> None:
    listings = official.api("ListingsApi")
    assert listings.delete_listings_item(shelf.seller_id, "LAMP", [DE]).status == "ACCEPTED"
    left = listings.search_listings_items(shelf.seller_id, [DE])
    assert "LAMP" not in [each.sku for each in left.items]


def test_a_feed_changes_prices_and_its_result_is_read(official: Official, shelf: Shelf) -> None:
    feeds = official.api("FeedsApi")
    document = feeds.create_feed_document({"contentType": payloads.JSON_FEED})
    feed, kind = json.dumps(payloads.price_feed(shelf.seller_id)), {"Content-Type": payloads.JSON_FEED}
    assert requests.put(document.url, feed, headers=kind, timeout=10).ok
    wanted = {
        "feedType": "JSON_LISTINGS_FEED",
        "marketplaceIds": [DE],
        "inputFeedDocumentId": document.feed_document_id,
    }
    feed_id = feeds.create_feed(wanted).feed_id
    shelf.amazon.advance(8 * 3600)
    feeds = official.api("FeedsApi")  # with a new token: this one has expired
    done = feeds.get_feed(feed_id)
    assert done.processing_status == "DONE"
    result = feeds.get_feed_document(done.result_feed_document_id)
    content = requests.get(result.url, timeout=10).content
    report = json.loads(gzip.decompress(content) if result.compression_algorithm else content)
    assert report["summary"]["messagesAccepted"] == 1
    assert [each["messageId"] for each in report["issues"]] == [2]
    assert shelf.amazon.listing(shelf.seller_id, DE, "LAMP")["price"]["amount"] == "45.00"


def test_a_report_of_all_listings_is_made_and_downloaded(official: Official, shelf: Shelf) -> None:
    reports = official.api("ReportsApi")
    wanted = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [DE]}
    report_id = reports.create_report(wanted).report_id
    shelf.amazon.advance(600)
    done = reports.get_report(report_id)
    assert done.processing_status == "DONE"
    document = reports.get_report_document(done.report_document_id)
    content = requests.get(document.url, timeout=10).content
    text = (gzip.decompress(content) if document.compression_algorithm else content).decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 1 + len(shelf.skus)


def test_orders_are_read_page_by_page_and_a_shipment_is_confirmed(official: Official, shelf: Shelf) -> None:
    placed = {shelf.amazon.place_order(shelf.seller_id, DE, [{"sku": "MUG/1 ä%", "quantity": 1}]) for _ in range(5)}
    search, read, token = official.api("SearchOrdersApi"), [], None
    while True:
        more = {"pagination_token": token} if token else {}
        page = search.search_orders(last_updated_after="2020-01-01T00:00:00Z", max_results_per_page=2, **more)
        read += [each.order_id for each in page.orders]
        token = page.pagination.next_token if page.pagination else None
        if not token:
            break
    assert sorted(read) == sorted(placed)
    order_id = read[0]
    order = official.api("GetOrderApi").get_order(order_id, included_data=["FULFILLMENT"]).order
    package = payloads.package(order.order_items[0].order_item_id)
    official.api("OrdersV0Api").confirm_shipment(order_id, {"marketplaceId": DE, "packageDetail": package})
    assert shelf.amazon.order(order_id)["status"] == "SHIPPED"


def test_it_sees_whether_a_listing_is_restricted(official: Official, shelf: Shelf) -> None:
    restrictions = official.api("ListingsRestrictionsApi")
    assert restrictions.get_listings_restrictions("B000000001", shelf.seller_id, [DE]).restrictions == []
    unknown = restrictions.get_listings_restrictions("B0NOTTHERE", shelf.seller_id, [DE]).restrictions
    assert unknown[0].reasons[0].reason_code == "ASIN_NOT_FOUND"


def test_it_finds_a_product_type_and_downloads_its_schema(official: Official) -> None:
    definitions = official.api("DefinitionsApi")
    found = definitions.search_definitions_product_types([DE], keywords=["lamp"])
    assert "LAMP" in [each.name for each in found.product_types]
    definition = definitions.get_definitions_product_type("LAMP", [DE], requirements="LISTING_OFFER_ONLY")
    schema = requests.get(definition.var_schema.link.resource, timeout=10).json()
    assert "purchasable_offer" in schema["properties"]


def test_it_asks_for_prices_and_offers_in_batches(official: Official, shelf: Shelf) -> None:
    offers = official.api("ProductPricingApi").get_item_offers_batch(payloads.offers_request("B000000002"))
    assert offers.responses[0].status.status_code == 200
    assert shelf.seller_id in json.dumps(offers.to_dict(), default=str)
    summary = payloads.summary_request("B000000002")
    answer = official.api("ProductPricingV2022Api").get_competitive_summary(summary)
    assert answer.responses[0].status.status_code == 200


def test_it_estimates_fees(official: Official) -> None:
    answer = official.api("FeesApi").get_my_fees_estimate_for_sku("LAMP", payloads.fees_request())
    assert answer.payload.fees_estimate_result.status == "Success"
    assert answer.payload.fees_estimate_result.fees_estimate.total_fees_estimate.amount > 0


def test_it_reads_the_stock_in_amazons_warehouses(official: Official) -> None:
    answer = official.api("FbaInventoryApi").get_inventory_summaries("Marketplace", DE, [DE], details=True)
    stock = {
        each.seller_sku: each.inventory_details.fulfillable_quantity for each in answer.payload.inventory_summaries
    }
    assert stock == {"TEA-FBA": 7}


def test_it_subscribes_to_notifications(official: Official) -> None:
    grantless = official.api("NotificationsApi", scope=NOTIFICATIONS)
    resource = {"sqs": {"arn": payloads.QUEUE}}
    destination = grantless.create_destination({"name": "shop", "resourceSpecification": resource}).payload
    mine = official.api("NotificationsApi")
    wanted = {"payloadVersion": "1.0", "destinationId": destination.destination_id}
    made = mine.create_subscription("ORDER_CHANGE", wanted).payload
    assert mine.get_subscription("ORDER_CHANGE").payload.subscription_id == made.subscription_id
    grantless.delete_subscription_by_id(made.subscription_id, "ORDER_CHANGE")


def test_what_does_not_exist_is_an_error_with_amazons_words(official: Official) -> None:
    import spapi

    with pytest.raises(spapi.ApiException) as caught:
        official.api("GetOrderApi").get_order("111-1111111-1111111")
    assert caught.value.status == 404
    assert json.loads(caught.value.body)["errors"][0]["code"] == "NotFound"
