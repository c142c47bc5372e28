"""Listings Items, participations and reports as values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from flask_amazon_channel.errors import AmazonUnavailable
from flask_amazon_channel.rules.amazon import ReportStatus, SubmissionStatus
from flask_amazon_channel.rules.values import FulfilledBy

DE, FR = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"


def eur(amount):
    return {"amount": amount, "currencyCode": "EUR"}


@pytest.fixture
def item():
    return {
        "sku": "L-1",
        "summaries": [
            {"marketplaceId": FR, "status": [], "productType": "LAMP"},
            {
                "marketplaceId": DE,
                "asin": "B000000001",
                "productType": "LAMP",
                "conditionType": "new_new",
                "status": ["BUYABLE", "DISCOVERABLE"],
                "itemName": "Lampe",
                "createdDate": "2026-01-01T00:00:00Z",
                "lastUpdatedDate": "2026-11-01T00:00:00.5Z",
            },
        ],
        "offers": [
            {"marketplaceId": DE, "offerType": "B2B", "price": eur("8.00")},
            {"marketplaceId": DE, "offerType": "B2C", "price": eur("7.00"), "audience": {"value": "PRIME"}},
            {"marketplaceId": FR, "offerType": "B2C", "price": eur("11.00")},
            {"marketplaceId": DE, "offerType": "B2C", "price": eur("10.00"), "audience": {"value": "ALL"}},
        ],
        "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": 5}],
        "issues": [
            {
                "code": "18155",
                "message": "Minimum price above price.",
                "severity": "ERROR",
                "categories": ["INVALID_PRICE"],
                "attributeNames": ["purchasable_offer"],
                "enforcements": {"actions": [{"action": "LISTING_SUPPRESSED"}], "exemption": {}},
                "marketplaceIds": [DE],
            },
            {
                "code": "1",
                "message": "Of another place.",
                "severity": "INFO",
                "categories": [],
                "marketplaceIds": [FR],
            },
            {"code": "2", "message": "Of all.", "severity": "SOMETHING_NEW", "categories": []},
        ],
        "attributes": {"list_price": [{"value": 12}]},
    }


def test_a_listing_is_read_as_its_marketplace_shows_it(server, client, item):
    server.then_json(item)
    listing = client.get_listings_item("L-1", DE)
    assert (listing.sku, listing.asin, listing.title) == ("L-1", "B000000001", "Lampe")
    assert listing.status == ("BUYABLE", "DISCOVERABLE")
    assert (listing.price, listing.currency) == (Decimal("10.00"), "EUR")
    assert (listing.quantity, listing.fulfilled_by) == (5, FulfilledBy.MERCHANT)
    assert (listing.product_type, listing.condition) == ("LAMP", "new_new")
    assert listing.last_updated_at == datetime(2026, 11, 1, 0, 0, 0, 500_000, tzinfo=UTC)
    assert [issue.code for issue in listing.issues] == ["18155", "2"]
    assert listing.issues[0].actions == ("LISTING_SUPPRESSED",)
    assert listing.issues[0].attribute_names == ("purchasable_offer",)
    assert listing.attributes == {"list_price": [{"value": 12}]}


def test_what_amazon_fulfils_has_no_quantity_of_ours(server, client, item):
    item["fulfillmentAvailability"].append({"fulfillmentChannelCode": "AMAZON_EU", "quantity": 9})
    server.then_json(item)
    listing = client.get_listings_item("L-1", DE)
    assert (listing.fulfilled_by, listing.quantity) == (FulfilledBy.AMAZON, None)


def test_a_sku_that_the_marketplace_does_not_show_has_no_status_price_or_asin(server, client):
    server.then_json({"sku": "L-1", "summaries": [], "offers": [], "fulfillmentAvailability": []})
    listing = client.get_listings_item("L-1", DE)
    assert (listing.status, listing.price, listing.asin, listing.quantity) == ((), None, None, None)


def test_an_answer_about_another_sku_is_no_answer(server, client, item):
    server.then_json({**item, "sku": "L-2"})
    with pytest.raises(AmazonUnavailable, match="another SKU"):
        client.get_listings_item("L-1", DE)


def test_an_item_that_cannot_be_read_does_not_stop_its_page(server, client, item):
    broken = {**item, "sku": "L-2", "fulfillmentAvailability": [{"quantity": 1}]}
    server.then_json({"numberOfResults": 3, "items": [broken, item, 7], "pagination": {"nextToken": "n"}})
    page = client.search_listings_items(DE, skus=["L-1", "L-2"])
    assert [listing.sku for listing in page.listings] == ["L-1"]
    assert [sku for sku, _ in page.unreadable] == ["L-2", ""]
    assert (page.next_token, page.total) == ("n", 3)


@pytest.mark.parametrize("answer", [{"numberOfResults": 0}, {"items": []}, {"numberOfResults": 0, "items": {}}])
def test_a_page_without_its_frame_is_no_empty_page(answer, server, client):
    server.then_json(answer)
    with pytest.raises(AmazonUnavailable):
        client.search_listings_items(DE)


@pytest.mark.parametrize("status", list(SubmissionStatus))
def test_a_receipt_says_how_amazon_took_it(status, server, client):
    issue = {"code": "90220", "message": "Required.", "severity": "ERROR", "categories": []}
    server.then_json({"sku": "L-1", "status": status.value, "submissionId": "s", "issues": [issue]})
    receipt = client.patch_listings_item("L-1", [DE], "PRODUCT", [])
    assert receipt.status is status
    assert receipt.issues[0].code == "90220"


def test_participations_tell_currency_and_suspension(server, client):
    marketplace = {
        "id": DE,
        "name": "Amazon.de",
        "countryCode": "DE",
        "defaultCurrencyCode": "EUR",
        "defaultLanguageCode": "de_DE",
        "domainName": "www.amazon.de",
    }
    server.then_json(
        {
            "payload": [
                {
                    "marketplace": marketplace,
                    "participation": {"isParticipating": True, "hasSuspendedListings": True},
                    "storeName": "Lampenladen",
                }
            ]
        }
    )
    (place,) = client.get_marketplace_participations()
    assert (place.marketplace_id, place.currency, place.language) == (DE, "EUR", "de_DE")
    assert (place.is_participating, place.has_suspended_listings) == (True, True)
    assert place.store_name == "Lampenladen"


@pytest.mark.parametrize("answer", [{}, {"payload": None}, {"payload": {}}, {"payload": [{"marketplace": {}}]}])
def test_participations_without_content_are_not_no_marketplaces(answer, server, client):
    server.then_json(answer)
    with pytest.raises(AmazonUnavailable):
        client.get_marketplace_participations()


def test_a_report_is_asked_for_and_followed(server, client, instant):
    server.then_json({"reportId": "r1"}, 202)
    server.then_json({"reportId": "r1", "processingStatus": "DONE", "reportDocumentId": "d1"})
    assert client.create_report("GET_MERCHANT_LISTINGS_ALL_DATA", [DE], start=instant, options={"a": "b"}) == "r1"
    report = client.get_report("r1")
    assert (report.status, report.document_id) == (ReportStatus.DONE, "d1")
    assert b'"dataStartTime": "2026-11-20T09:00:00Z"' in server.bodies()[0]


def test_a_report_in_an_unknown_state_is_not_done(server, client):
    server.then_json({"reportId": "r1", "processingStatus": "MOSTLY_DONE"})
    with pytest.raises(AmazonUnavailable):
        client.get_report("r1")
