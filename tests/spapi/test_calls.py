"""How a call is made: its address, its token, and what each refusal means."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flask_amazon_channel.errors import (
    AccountDisconnected,
    AmazonRejected,
    AmazonUnavailable,
    NotFound,
)
from flask_amazon_channel.spapi.answers import write_json
from flask_amazon_channel.spapi.calls import path_of, query_of
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.operations import GET_LISTINGS_ITEM

DE = "A1PA6795UKMFR9"
EMPTY_PAGE = {"orders": [], "lastUpdatedBefore": "2026-11-20T09:58:00Z"}
REFUSED = {"errors": [{"code": "InvalidInput", "message": "That is wrong.", "details": ""}]}


@pytest.mark.parametrize("sku", ["A/B", "A B", "Ä", "100%", "a+b", "a#b", "a?b&c=d", "%2F", "a/../b", "日本", "a;b"])
def test_every_sku_arrives_as_it_is(sku, server, client):
    server.then_json({"sku": sku, "summaries": []})
    assert client.get_listings_item(sku, DE).sku == sku
    path = urlsplit(server.targets()[0]).path
    assert [unquote(part) for part in path.split("/")] == [
        "",
        "listings",
        "2021-08-01",
        "items",
        "A1SELLER",
        sku,
    ]


@settings(derandomize=True, max_examples=200)
@given(st.text(min_size=1).filter(lambda sku: sku not in (".", "..")))
@example("%2e%2e")
@example("../..")
def test_a_sku_is_one_path_segment_and_comes_back(sku):
    try:
        sku.encode()
    except UnicodeEncodeError:
        return
    path = path_of(GET_LISTINGS_ITEM, {"sellerId": "A1", "sku": sku})
    assert path.isascii()
    assert [unquote(part) for part in path.split("/")[4:]] == ["A1", sku]


@settings(derandomize=True, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
@example("a/./b")
@example("...")
@example("~a_b-c")
def test_a_sku_survives_the_whole_way_to_the_server(server, client, sku):
    if sku in (".", "..") or "\ufffd" in sku:
        return
    server.then_json({"sku": sku})
    assert client.get_listings_item(sku, DE).sku == sku
    assert unquote(urlsplit(server.targets()[-1]).path.rsplit("/", 1)[1]) == sku


@pytest.mark.parametrize("sku", ["", ".", ".."])
def test_a_sku_that_would_change_the_address_is_never_sent(sku, server, client):
    with pytest.raises(AmazonRejected):
        client.patch_listings_item(sku, [DE], "PRODUCT", [{"op": "delete", "path": "/attributes/x"}])
    assert server.requests == []


def test_lists_in_the_query_are_comma_separated_and_encoded():
    assert query_of({"identifiers": "A B,C/D", "none": None}) == "?identifiers=A%20B%2CC%2FD"


def test_skus_with_a_comma_cannot_be_searched(client):
    with pytest.raises(ValueError, match="comma"):
        client.search_listings_items(DE, skus=["a,b"])


def test_an_amount_is_sent_as_the_number_it_is():
    sent = write_json({"a": Decimal("19.99"), "b": Decimal("5.00"), "c": Decimal("1234567890.12"), "d": 3})
    assert sent == b'{"a": 19.99, "b": 5, "c": 1234567890.12, "d": 3}'


@pytest.mark.parametrize(
    "amount", [Decimal("0.1234567890123456789"), Decimal("NaN"), float("nan"), Decimal("Infinity")]
)
def test_an_amount_that_json_cannot_hold_is_refused(amount):
    with pytest.raises((ValueError, OverflowError)):
        write_json({"a": amount})


def test_the_token_is_renewed_once_and_the_call_made_again(server, client, tokens, instant):
    server.then_json({"errors": [{"code": "Unauthorized", "message": "The token has expired."}]}, 403)
    server.then_json(EMPTY_PAGE)
    assert client.search_orders(updated_after=instant).orders == ()
    sent = [line for head in server.heads() for line in head if line.startswith("x-amz-access-token")]
    assert sent == ["x-amz-access-token: Atza|first", "x-amz-access-token: Atza|second"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_of_the_renewed_token_is_about_roles_not_about_the_connection(status, server, client, instant):
    server.then_json({"errors": [{"code": "Unauthorized", "message": "Access denied."}]}, status)
    server.then_json({"errors": [{"code": "Unauthorized", "message": "Access denied."}]}, status)
    with pytest.raises(AmazonRejected, match="role may be missing") as caught:
        client.search_orders(updated_after=instant)
    assert caught.value.code == "Unauthorized"
    assert len(server.requests) == 2


def test_a_consent_that_is_gone_is_told_by_whoever_renews_the_token(server, instant):
    class Revoked:
        def access_token(self, *, renew: bool = False) -> str:
            if renew:
                raise AccountDisconnected("The consent is gone.")
            return "Atza|old"

    server.then_json({"errors": [{"code": "Unauthorized", "message": "no"}]}, 403)
    with pytest.raises(AccountDisconnected):
        AmazonClient(server.url, Revoked(), seller_id="A1", timeout=10).search_orders(updated_after=instant)


@pytest.mark.parametrize("status", [400, 409, 413, 414, 415])
def test_a_refusal_carries_amazons_code_words_and_request_id(status, server, client):
    server.then_json(REFUSED, status, x_amzn_RequestId="req-1")
    with pytest.raises(AmazonRejected) as caught:
        client.patch_listings_item("A", [DE], "PRODUCT", [])
    error = caught.value
    assert (error.status, error.code, error.request_id) == (status, "InvalidInput", "req-1")
    assert error.operation == "patchListingsItem"
    assert "That is wrong." in str(error)


def test_what_amazon_does_not_know_is_not_found(server, client):
    server.then_json(REFUSED, 404)
    with pytest.raises(NotFound):
        client.get_listings_item("A", DE)


@pytest.mark.parametrize("operation", ["read", "write"])
def test_a_call_beyond_the_quota_was_not_applied_and_counts_as_no_attempt(operation, server, client, instant):
    server.then_json({"errors": [{"code": "QuotaExceeded", "message": "Slow down."}]}, 429)
    calls = {
        "read": lambda: client.search_orders(updated_after=instant),
        "write": lambda: client.patch_listings_item("A", [DE], "PRODUCT", []),
    }
    with pytest.raises(AmazonUnavailable) as caught:
        calls[operation]()
    assert caught.value.throttled
    assert type(caught.value) is AmazonUnavailable


def test_every_error_names_the_request(server, client, instant, answer):
    for status in (503, 200, 429, 404, 400):
        server.then(answer("no JSON", status, x_amzn_RequestId=f"req-{status}"))
        with pytest.raises((AmazonUnavailable, AmazonRejected)) as caught:
            client.search_orders(updated_after=instant)
        assert f"request req-{status}" in str(caught.value)


def test_the_rate_that_amazon_tells_is_passed_on(server, tokens, instant):
    seen = []
    client = AmazonClient(
        server.url, tokens, seller_id="A1", rate_seen=lambda operation, rate: seen.append((operation, rate))
    )
    server.then_json(EMPTY_PAGE, x_amzn_RateLimit_Limit="0.0056")
    server.then_json(EMPTY_PAGE)
    client.search_orders(updated_after=instant)
    client.search_orders(updated_after=instant)
    assert seen == [("searchOrders", "0.0056")]


def test_whoever_guards_the_call_can_stop_it_before_anything_leaves(server, tokens, instant):
    class Stopped(Exception):
        pass

    def guard(operation: str) -> None:
        raise Stopped(operation)

    client = AmazonClient(server.url, tokens, seller_id="A1", before_call=guard)
    with pytest.raises(Stopped, match="searchOrders"):
        client.search_orders(updated_after=instant)
    assert server.requests == []


def test_orders_are_asked_for_with_everything_that_the_channel_reads(server, client, instant):
    server.then_json(EMPTY_PAGE)
    page = client.search_orders(updated_after=instant, marketplace_ids=[DE, "A13V1IB3VIYZZH"], page_token="t/1=")
    query = parse_qs(urlsplit(server.targets()[0]).query)
    assert set(query["includedData"][0].split(",")) == {
        "BUYER",
        "RECIPIENT",
        "PROCEEDS",
        "PROMOTION",
        "CANCELLATION",
        "FULFILLMENT",
        "PACKAGES",
        "TAX",
    }
    assert query["lastUpdatedAfter"] == ["2026-11-20T09:00:00Z"]
    assert query["marketplaceIds"] == [f"{DE},A13V1IB3VIYZZH"]
    assert query["paginationToken"] == ["t/1="]
    assert "lastUpdatedBefore" not in query
    assert page.read_until == datetime(2026, 11, 20, 9, 58, tzinfo=UTC)


def test_orders_need_exactly_one_beginning(client, instant):
    with pytest.raises(ValueError, match="either"):
        client.search_orders()
    with pytest.raises(ValueError, match="either"):
        client.search_orders(updated_after=instant, created_after=instant)


def test_a_page_that_follows_itself_is_an_error(server, client, instant):
    server.then_json({"orders": [], "pagination": {"nextToken": "same"}})
    with pytest.raises(AmazonUnavailable, match="this page again"):
        client.search_orders(updated_after=instant, page_token="same")


def test_times_are_sent_in_utc_and_never_without_a_zone(server, client):
    server.then_json(EMPTY_PAGE)
    client.search_orders(updated_after=datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=9))))
    assert "lastUpdatedAfter=2026-11-20T01%3A00%3A00Z" in server.targets()[0]
    with pytest.raises(ValueError, match="zone"):
        client.search_orders(updated_after=datetime(2026, 11, 20))


def test_a_shipment_is_confirmed_in_amazons_form(server, client, answer, instant):
    server.then(answer("", 204))
    client.confirm_shipment("302-1", DE, "7", "Other", "Bote", "0034", instant, {"11": 2}, "Standard")
    assert server.heads()[0][0] == "POST /orders/v0/orders/302-1/shipmentConfirmation HTTP/1.1"
    assert json.loads(server.bodies()[0]) == {
        "marketplaceId": DE,
        "packageDetail": {
            "packageReferenceId": "7",
            "carrierCode": "Other",
            "carrierName": "Bote",
            "shippingMethod": "Standard",
            "trackingNumber": "0034",
            "shipDate": "2026-11-20T09:00:00Z",
            "orderItems": [{"orderItemId": "11", "quantity": 2}],
        },
    }


@pytest.mark.parametrize(("body", "status"), [("<html>ok</html>", 200), ("", 200), ("{}", 202), ("", 503)])
def test_a_shipment_counts_as_confirmed_only_by_a_204(body, status, server, client, answer, instant):
    server.then(answer(body, status))
    with pytest.raises(AmazonUnavailable):
        client.confirm_shipment("302-1", DE, "7", "DHL", None, "0034", instant, {"11": 2})


def test_a_patch_names_each_marketplace_and_asks_for_issues(server, client):
    server.then_json({"sku": "A", "status": "ACCEPTED", "submissionId": "s1", "issues": []})
    patches = [{"op": "replace", "path": "/attributes/list_price", "value": [{"value": Decimal("9.90")}]}]
    receipt = client.patch_listings_item("A", [DE, "A13V1IB3VIYZZH"], "PRODUCT", patches)
    assert (receipt.status, receipt.submission_id) == ("ACCEPTED", "s1")
    assert json.loads(server.bodies()[0])["patches"][0]["value"] == [{"value": 9.9}]
    assert "mode=" not in server.targets()[0]
    assert f"marketplaceIds={DE}%2CA13V1IB3VIYZZH" in server.targets()[0]
