"""Each operation against the local Amazon: what it changes there, and what the client sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from flask_amazon_channel.errors import (
    AccountDisconnected,
    AmazonRejected,
    AmazonUnavailable,
    NotFound,
    OutcomeUnknown,
    SecretRefused,
)
from flask_amazon_channel.rules.amazon import ReportStatus, SubmissionStatus
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.listings_report import REPORT_TYPE, ListingsReport
from flask_amazon_channel.spapi.tokens import LoginWithAmazon

DE, FR = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"
SKUS = ["L-1", "A/B 100% ä+#", "B2"]


class RefreshedTokens:
    """Access tokens bought with a refresh token, one kept until it is refused."""

    def __init__(self, login: LoginWithAmazon, refresh_token: str) -> None:
        self._login, self._refresh_token = login, refresh_token
        self._token = ""

    def access_token(self, *, renew: bool = False) -> str:
        if renew or not self._token:
            self._token = self._login.refresh(self._refresh_token).token
        return self._token


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    with Amazon(seed=7) as amazon:
        amazon.settings(quotas="off", order_delay=0.0)
        yield amazon


@pytest.fixture
def seller(amazon):
    seller = amazon.add_seller([DE, FR])
    for number, sku in enumerate(SKUS, start=1):
        amazon.put_listing(
            seller["seller_id"],
            DE,
            sku,
            price={"amount": f"{number}0.00", "currency": "EUR"},
            quantity=number,
        )
    return seller


@pytest.fixture
def login(amazon, seller):
    return LoginWithAmazon(amazon.url, seller["client_id"], seller["client_secret"])


@pytest.fixture
def client(amazon, seller, login):
    tokens = RefreshedTokens(login, seller["refresh_token"])
    return AmazonClient(amazon.url, tokens, seller_id=seller["seller_id"], timeout=10.0)


def long_ago():
    return datetime.now(UTC) - timedelta(days=30)


def quantity_patch(quantity):
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
    return [{"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}]


def test_the_seller_takes_part_in_his_marketplaces(client):
    places = client.get_marketplace_participations()
    assert {(place.marketplace_id, place.currency) for place in places} >= {(DE, "EUR"), (FR, "EUR")}


@pytest.mark.parametrize("sku", SKUS)
def test_a_quantity_is_sent_and_read_back(sku, amazon, seller, client):
    receipt = client.patch_listings_item(sku, [DE], "PRODUCT", quantity_patch(42))
    assert receipt.status is SubmissionStatus.ACCEPTED
    amazon.advance(60)
    assert amazon.listing(seller["seller_id"], DE, sku)["quantity"] == 42
    listing = client.get_listings_item(sku, DE)
    assert (listing.sku, listing.quantity, listing.fulfilled_by) == (sku, 42, FulfilledBy.MERCHANT)


def test_a_preview_changes_nothing(amazon, seller, client):
    receipt = client.patch_listings_item("L-1", [DE], "PRODUCT", quantity_patch(42), preview=True)
    assert receipt.status is SubmissionStatus.VALID
    amazon.advance(60)
    assert amazon.listing(seller["seller_id"], DE, "L-1")["quantity"] == 1


def test_a_write_that_was_applied_but_not_answered_has_an_unknown_outcome(amazon, seller, client):
    amazon.fault("patchListingsItem", "reset_after_apply")
    with pytest.raises(OutcomeUnknown):
        client.patch_listings_item("L-1", [DE], "PRODUCT", quantity_patch(42))
    amazon.advance(60)
    assert client.get_listings_item("L-1", DE).quantity == 42


def test_an_invalid_submission_is_a_receipt_with_issues(amazon, client):
    amazon.fault("patchListingsItem", "invalid")
    receipt = client.patch_listings_item("L-1", [DE], "PRODUCT", quantity_patch(42))
    assert receipt.status is SubmissionStatus.INVALID
    assert receipt.issues[0].severity == "ERROR"


def test_a_sku_that_does_not_exist_is_not_found(client):
    with pytest.raises(NotFound):
        client.get_listings_item("nobody's", DE)


def test_skus_are_searched_by_name_and_by_page(client):
    found = client.search_listings_items(DE, skus=SKUS)
    assert {(listing.sku, listing.price) for listing in found.listings} == {
        ("L-1", Decimal("10.00")),
        ("A/B 100% ä+#", Decimal("20.00")),
        ("B2", Decimal("30.00")),
    }
    seen, token = [], None
    while True:
        page = client.search_listings_items(DE, sort_by="sku", page_size=2, page_token=token)
        seen += [listing.sku for listing in page.listings]
        token = page.next_token
        if token is None:
            break
    assert sorted(seen) == sorted(SKUS)


@pytest.mark.parametrize("language", ["en", "de", "fr", "it", "es", "ja"])
def test_a_report_of_all_listings_is_asked_for_and_read(language, amazon, client):
    amazon.settings(report_headers=language, report_gzip=language != "de", report_bom=language == "fr")
    report_id = client.create_report(REPORT_TYPE, [DE])
    assert client.get_report(report_id).status is not ReportStatus.DONE
    amazon.advance(60)
    report = client.get_report(report_id)
    assert report.status is ReportStatus.DONE
    assert report.document_id
    with client.report_document(report.document_id) as document:
        rows = {listing.sku: listing for listing in ListingsReport(document, document.charset)}
    assert set(rows) == set(SKUS)
    assert (rows["B2"].price, rows["B2"].quantity) == (Decimal("30.00"), 3)
    assert rows["B2"].asin is not None


def test_a_report_in_a_windows_code_page_keeps_its_umlauts(amazon, client):
    amazon.settings(report_charset="cp1252", report_headers="de")
    report_id = client.create_report(REPORT_TYPE, [DE])
    amazon.advance(60)
    with client.report_document(client.get_report(report_id).document_id) as document:
        assert document.charset == "cp1252"
        assert "A/B 100% ä+#" in {listing.sku for listing in ListingsReport(document, document.charset)}


def test_an_address_of_a_document_that_has_expired_is_asked_for_again(amazon, client):
    report_id = client.create_report(REPORT_TYPE, [DE])
    amazon.advance(60)
    document_id = client.get_report(report_id).document_id
    amazon.fault("document", "5xx_html")
    with pytest.raises(AmazonUnavailable):
        client.report_document(document_id)
    with client.report_document(document_id) as document:
        assert document.size > 0


def test_orders_are_read_page_by_page_up_to_amazons_own_time(amazon, seller, client):
    placed = {amazon.place_order(seller["seller_id"], DE, [{"sku": "B2", "quantity": 1}]) for _ in range(3)}
    amazon.advance(300)
    seen, token = [], None
    while True:
        page = client.search_orders(updated_after=long_ago(), page_size=2, page_token=token)
        seen += [order.amazon_order_id for order in page.orders]
        assert page.unreadable == ()
        assert page.read_until is not None
        token = page.next_token
        if token is None:
            break
    assert sorted(seen) == sorted(placed)


def test_an_order_shows_lines_totals_buyer_and_address(amazon, seller, client):
    order_id = amazon.place_order(seller["seller_id"], DE, [{"sku": "B2", "quantity": 2}])
    order = client.get_order(order_id)
    assert (order.status, order.fulfilled_by, order.marketplace_id) == ("UNSHIPPED", FulfilledBy.MERCHANT, DE)
    assert (order.items[0].sku, order.items[0].quantity_ordered) == ("B2", 2)
    assert order.items[0].unit_price == Decimal("30.00")
    assert order.currency == "EUR"
    assert order.grand_total == sum(order.breakdown.values())
    assert order.buyer is not None
    assert order.address is not None
    assert order.address.lines


def test_a_pending_order_is_read_without_prices(amazon, seller, client):
    order_id = amazon.place_order(seller["seller_id"], DE, [{"sku": "B2", "quantity": 2}], status="PENDING")
    order = client.get_order(order_id)
    assert (order.status, order.items[0].unit_price, order.address) == ("PENDING", None, None)


def test_an_order_that_does_not_exist_is_not_found(client):
    with pytest.raises(NotFound):
        client.get_order("302-0000000-0000000")


def test_a_confirmed_shipment_is_seen_on_the_order(amazon, seller, client):
    order_id = amazon.place_order(seller["seller_id"], DE, [{"sku": "B2", "quantity": 2}])
    item = client.get_order(order_id).items[0].order_item_id
    shipped_at = datetime.now(UTC).replace(microsecond=0)
    client.confirm_shipment(order_id, DE, "1", "DHL", None, "0034", shipped_at, {item: 2})
    assert amazon.order(order_id)["status"] == "SHIPPED"
    order = client.get_order(order_id)
    (package,) = order.packages
    assert (package.reference, package.carrier, package.tracking_number) == ("1", "DHL", "0034")
    assert (package.items, package.shipped_at) == ({item: 2}, shipped_at)


def test_a_shipment_that_amazon_refuses_is_rejected_with_its_words(amazon, seller, client):
    order_id = amazon.place_order(seller["seller_id"], DE, [{"sku": "B2", "quantity": 1}])
    with pytest.raises(AmazonRejected) as caught:
        client.confirm_shipment(order_id, DE, "no number", "DHL", None, "0034", datetime.now(UTC), {"1": 1})
    assert caught.value.code


def test_a_shipment_whose_answer_is_lost_may_have_been_confirmed(amazon, seller, client):
    order_id = amazon.place_order(seller["seller_id"], DE, [{"sku": "B2", "quantity": 1}])
    item = client.get_order(order_id).items[0].order_item_id
    amazon.fault("confirmShipment", "503_after_apply")
    with pytest.raises(OutcomeUnknown):
        client.confirm_shipment(order_id, DE, "1", "DHL", None, "0034", datetime.now(UTC), {item: 1})
    assert len(client.get_order(order_id).packages) == 1


def test_an_access_token_that_has_expired_is_renewed_by_the_way(amazon, client):
    client.get_marketplace_participations()
    amazon.advance(4000)
    assert client.get_marketplace_participations()
    assert len(amazon.requests("token")) == 2


def test_a_revoked_consent_disconnects(amazon, seller, client):
    amazon.change_seller(seller["seller_id"], revoked=True)
    with pytest.raises(AccountDisconnected, match="connect the account again"):
        client.get_marketplace_participations()


def test_a_wrong_secret_is_told_as_such(amazon, seller):
    login = LoginWithAmazon(amazon.url, seller["client_id"], "wrong")
    with pytest.raises(SecretRefused, match="CLIENT_SECRET"):
        login.refresh(seller["refresh_token"])


READ_FAULTS = ("5xx_html", "5xx_json", "200_html", "empty", "redirect", "reset_before", "truncate", "garble")


@pytest.mark.parametrize("kind", READ_FAULTS)
def test_no_fault_of_amazons_reads_as_no_orders(kind, amazon, seller, client):
    amazon.place_order(seller["seller_id"], DE, [{"sku": "L-1", "quantity": 1}])
    amazon.advance(300)
    amazon.fault("searchOrders", kind)
    with pytest.raises(AmazonUnavailable):
        client.search_orders(updated_after=long_ago())
    assert len(client.search_orders(updated_after=long_ago()).orders) == 1


def test_the_rate_header_and_the_quota_are_seen(amazon, seller, login):
    amazon.settings(quotas={"scale": 1})
    seen = []
    client = AmazonClient(
        amazon.url,
        RefreshedTokens(login, seller["refresh_token"]),
        seller_id=seller["seller_id"],
        rate_seen=lambda operation, rate: seen.append((operation, float(rate))),
    )
    client.get_listings_item("L-1", DE)
    assert seen == [("getListingsItem", 5.0)]

    def ask_without_pause() -> None:
        for _ in range(30):
            client.get_listings_item("L-1", DE)

    with pytest.raises(AmazonUnavailable) as caught:
        ask_without_pause()
    assert caught.value.throttled
