"""amzn-selling-partner, unchanged: an answer that lacks a required field or has an unknown value is an error to it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.clients import payloads
from tests.clients.conftest import DE, Shelf


def test_it_finds_an_item_of_the_catalogue_by_ean_and_by_asin(strict: Any) -> None:
    catalog = strict.catalog_items_v2022_04_01
    found = catalog.list_items([DE], identifiers=["4006381333931"], identifiers_type="EAN")
    assert [each.asin for each in found.items] == ["B000000001"]
    parts = ["summaries", "identifiers", "images", "dimensions", "salesRanks", "classifications", "relationships"]
    assert catalog.get_item("B000000001", [DE], included_data=parts).summaries[0].item_name == "Mug"


def test_it_lists_on_an_item_and_buyers_can_buy(strict: Any, shelf: Shelf) -> None:
    listings, body = strict.listings_items_v2021_08_01, payloads.offer_on("B000000001")
    preview = listings.put_listings_item(shelf.seller_id, "NEW/1 ü", body, [DE], mode="VALIDATION_PREVIEW")
    assert preview.status == "VALID"
    assert listings.put_listings_item(shelf.seller_id, "NEW/1 ü", body, [DE]).status == "ACCEPTED"
    assert shelf.amazon.listing(shelf.seller_id, DE, "NEW/1 ü")["quantity"] == 4


def test_a_price_that_it_patches_is_read_back_with_everything_else(strict: Any, shelf: Shelf) -> None:
    listings = strict.listings_items_v2021_08_01
    answer = listings.patch_listings_item(shelf.seller_id, "MUG/1 ä%", payloads.price_patch(11.25), [DE])
    assert answer.status == "ACCEPTED"
    parts = ["summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "relationships", "productTypes"]
    item = listings.get_listings_item(shelf.seller_id, "MUG/1 ä%", [DE], included_data=parts)
    assert item.offers[0].price.amount == "11.25"
    found = list(listings.iter_search_listings_items(shelf.seller_id, [DE], page_size=1))
    assert sorted(each.sku for each in found) == sorted(shelf.skus)


def test_a_price_that_amazon_refuses_comes_back_with_its_issue(strict: Any, shelf: Shelf) -> None:
    body = payloads.price_patch(-1)
    answer = strict.listings_items_v2021_08_01.patch_listings_item(shelf.seller_id, "LAMP", body, [DE])
    assert (answer.status, answer.issues[0].severity) == ("INVALID", "ERROR")


def test_a_feed_changes_prices_and_its_result_is_read(strict: Any, shelf: Shelf) -> None:
    from amzn_selling_partner.plugins._amazon.documents import download_document, upload_document

    feeds = strict.feeds_v2021_06_30
    document = feeds.create_document({"contentType": payloads.JSON_FEED})
    feed = json.dumps(payloads.price_feed(shelf.seller_id))
    upload_document(document.url, feed, content_type=payloads.JSON_FEED)
    wanted = {
        "feedType": "JSON_LISTINGS_FEED",
        "marketplaceIds": [DE],
        "inputFeedDocumentId": document.feed_document_id,
    }
    feed_id = feeds.create_feed(wanted).feed_id
    shelf.amazon.advance(1800)
    done = feeds.get_feed(feed_id)
    assert done.processing_status == "DONE"
    result = feeds.get_document(done.result_feed_document_id)
    report = json.loads(download_document(result.url, compression=result.compression_algorithm))
    assert (report["summary"]["messagesAccepted"], report["summary"]["messagesInvalid"]) == (1, 1)
    assert [each.feed_id for each in feeds.iter_list_feeds(feed_types=["JSON_LISTINGS_FEED"])] == [feed_id]


def test_a_report_of_all_listings_is_made_and_downloaded(strict: Any, shelf: Shelf) -> None:
    from amzn_selling_partner.plugins._amazon.documents import download_document

    reports = strict.reports_v2021_06_30
    wanted = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [DE]}
    report_id = reports.create_report(wanted).report_id
    shelf.amazon.advance(600)
    done = reports.get_report(report_id)
    assert done.processing_status == "DONE"
    document = reports.get_document(done.report_document_id)
    text = download_document(document.url, compression=document.compression_algorithm).decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 1 + len(shelf.skus)


def test_orders_are_read_page_by_page_and_a_shipment_is_confirmed(strict: Any, shelf: Shelf) -> None:
    line = [{"sku": "MUG/1 ä%", "quantity": 1, "tax": "1.50", "shipping": "3", "discount": "1", "gift_message": "Hi"}]
    placed = [shelf.amazon.place_order(shelf.seller_id, DE, line) for _ in range(5)]
    shelf.amazon.place_order(shelf.seller_id, DE, line, status="PENDING")
    orders = strict.orders_v2026_01_01
    everything = ["BUYER", "RECIPIENT", "PROCEEDS", "CANCELLATION", "FULFILLMENT", "PACKAGES", "PROMOTION", "TAX"]
    span = {"last_updated_after": "2020-01-01T00:00:00Z", "max_results_per_page": 2, "included_data": everything}
    read = list(orders.iter_list_orders(**span))
    assert len(read) == 6
    item = orders.get_order(placed[0], included_data=everything).order.order_items[0]
    body = {"marketplaceId": DE, "packageDetail": payloads.package(item.order_item_id)}
    strict.orders_v0.create_order_shipment_confirmation(placed[0], body)
    assert shelf.amazon.order(placed[0])["status"] == "SHIPPED"


def test_it_reads_buyer_and_address_of_orders_v0_with_a_restricted_token(strict: Any, shelf: Shelf) -> None:
    order_id = shelf.amazon.place_order(shelf.seller_id, DE, [{"sku": "LAMP", "quantity": 1}])
    address = strict.orders_v0.list_order_address(order_id)
    assert address.payload.shipping_address.country_code == "DE"
    listed = strict.orders_v0.list_orders([DE], created_after="2020-01-01T00:00:00Z")
    assert [each.amazon_order_id for each in listed.payload.orders] == [order_id]


def test_it_sees_whether_a_listing_is_restricted(strict: Any, shelf: Shelf) -> None:
    restrictions = strict.listings_restrictions_v2021_08_01
    assert restrictions.list_restrictions("B000000001", shelf.seller_id, [DE]).restrictions == []
    unknown = restrictions.list_restrictions("B0NOTTHERE", shelf.seller_id, [DE]).restrictions
    assert unknown[0].reasons[0].reason_code == "ASIN_NOT_FOUND"


def test_it_finds_a_product_type_and_its_schema(strict: Any) -> None:
    definitions = strict.definitions_product_types_v2020_09_01
    assert "LAMP" in [each.name for each in definitions.list_product_types([DE], keywords=["lamp"]).product_types]
    assert definitions.get_product_type("LAMP", [DE]).product_type == "LAMP"


def test_it_asks_for_prices_and_offers_in_batches(strict: Any, shelf: Shelf) -> None:
    offers = strict.product_pricing_v0.create_item_offer(payloads.offers_request("B000000002"))
    assert offers.responses[0].status.status_code == 200
    answer = strict.product_pricing_v2022_05_01.create_competitive_summary(payloads.summary_request("B000000002"))
    assert answer.responses[0].status.status_code == 200
    where = {"uri": "/products/pricing/2022-05-01/offer/featuredOfferExpectedPrice", "method": "GET"}
    wanted = {"requests": [{**where, "marketplaceId": DE, "sku": "LAMP"}]}
    expected = strict.product_pricing_v2022_05_01.create_featured_offer_expected_price(wanted)
    assert expected.responses[0].status.status_code == 200


def test_it_estimates_fees(strict: Any) -> None:
    answer = strict.product_fees_v0.create_listing_fees_estimate("LAMP", payloads.fees_request())
    assert answer.payload.fees_estimate_result.status == "Success"


def test_it_reads_the_stock_in_amazons_warehouses(strict: Any) -> None:
    answer = strict.fba_inventory_v1.list_summaries("Marketplace", DE, [DE], details=True)
    stock = {
        each.seller_sku: each.inventory_details.fulfillable_quantity for each in answer.payload.inventory_summaries
    }
    assert stock == {"TEA-FBA": 7}


def test_it_subscribes_to_notifications(strict: Any) -> None:
    notifications = strict.notifications_v1
    resource = {"sqs": {"arn": payloads.QUEUE}}
    destination = notifications.create_destination({"name": "shop", "resourceSpecification": resource}).payload
    wanted = {"payloadVersion": "1.0", "destinationId": destination.destination_id}
    made = notifications.create_subscription("ORDER_CHANGE", wanted).payload
    assert notifications.get_subscription("ORDER_CHANGE").payload.subscription_id == made.subscription_id
    notifications.delete_subscription("ORDER_CHANGE", made.subscription_id)


def test_what_does_not_exist_is_not_found(strict: Any) -> None:
    from amzn_selling_partner import NotFoundError

    with pytest.raises(NotFoundError):
        strict.orders_v2026_01_01.get_order("111-1111111-1111111")
