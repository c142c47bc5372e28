"""What stands in reports of offers, of orders with addresses, and of stock at Amazon; and getAccount."""

import gzip
import json
from typing import Any

import pytest

from .conftest import DE, FR, Client
from .test_reports import rows

SHIPPING = "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING"


def keyed(client: Client, kind: str, key: str = "sku", **body: Any) -> dict[str, dict[str, str]]:
    report = client.report(kind, **body)
    assert report["processingStatus"] == "DONE"
    return {row[key]: row for row in rows(client, report)}


def test_the_open_listings_report_has_what_buyers_can_buy(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "LAMP", quantity=0)
    found = keyed(client, "GET_FLAT_FILE_OPEN_LISTINGS_DATA")
    assert set(found) == {"MUG/1 ä%", "FBA-1"}
    mug = found["MUG/1 ä%"]
    assert (mug["asin"], mug["price"], mug["quantity"]) == ("B000000001", "9.90", "10")
    assert found["FBA-1"]["quantity"] == ""


def test_the_inactive_report_has_the_others(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "LAMP", quantity=0)
    assert set(keyed(client, "GET_MERCHANT_LISTINGS_INACTIVE_DATA", "seller-sku")) == {"LAMP"}


def test_the_report_of_units_that_amazon_has(client: Client) -> None:
    found = keyed(client, "GET_AFN_INVENTORY_DATA", "seller-sku")
    assert set(found) == {"FBA-1"}
    tea = found["FBA-1"]
    assert (tea["Warehouse-Condition-code"], tea["Quantity Available"], tea["condition-type"]) == (
        "SELLABLE",
        "7",
        "NewItem",
    )
    assert tea["fulfillment-channel-sku"].startswith("X00")
    french = client.report("GET_AFN_INVENTORY_DATA", marketplaceIds=[FR])
    assert french["processingStatus"] == "CANCELLED"


def test_units_that_are_reserved_or_on_their_way_are_told_apart(client: Client) -> None:
    reserved = "GET_RESERVED_INVENTORY_DATA"
    assert client.report(reserved)["processingStatus"] == "CANCELLED"
    client.amazon.place_order(client.seller, DE, [{"sku": "FBA-1", "quantity": 2}])
    tea = keyed(client, reserved)["FBA-1"]
    assert (tea["reserved_qty"], tea["reserved_customerorders"], tea["reserved_fc-transfers"]) == ("2", "2", "0")
    stock = keyed(client, "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA")["FBA-1"]
    assert (stock["afn-fulfillable-quantity"], stock["afn-reserved-quantity"]) == ("5", "2")
    assert (stock["afn-warehouse-quantity"], stock["afn-total-quantity"]) == ("7", "7")
    assert (stock["your-price"], stock["condition"], stock["afn-listing-exists"]) == ("5.00", "New", "Yes")


def test_the_ledger_has_what_was_shipped_in_its_time_and_needs_that_time(client: Client) -> None:
    kind = "GET_LEDGER_DETAIL_VIEW_DATA"
    fatal = client.report(kind)
    assert fatal["processingStatus"] == "FATAL"
    body = gzip.decompress(client.download(client.document(fatal)["url"]).content)
    assert "dataStartTime" in json.loads(body)["errorDetails"]
    start = client.amazon.state()["clock"]["now"]
    client.amazon.place_order(client.seller, DE, [{"sku": "FBA-1", "quantity": 2}], status="SHIPPED")
    client.amazon.advance(60)
    end = client.amazon.state()["clock"]["now"]
    found = keyed(client, kind, "MSKU", dataStartTime=start, dataEndTime=end)
    assert (found["FBA-1"]["EventType"], found["FBA-1"]["Quantity"], found["FBA-1"]["Country"]) == (
        "Shipments",
        "-2",
        "DE",
    )
    later = client.report(kind, dataStartTime=end, dataEndTime=end)
    assert later["processingStatus"] == "CANCELLED"


def restricted(client: Client, path: str) -> str:
    body = {"restrictedResources": [{"method": "GET", "path": path}]}
    answer = client.call("POST", "/tokens/2021-03-01/restrictedDataToken", None, body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["restrictedDataToken"])


@pytest.mark.parametrize("kind", [SHIPPING, "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"])
def test_a_report_with_addresses_opens_with_a_restricted_token_only(client: Client, kind: str) -> None:
    items = [{"sku": "LAMP", "quantity": 2}]
    address = {"name": "Ida Beispiel", "city": "Ulm"}
    order_id = client.amazon.place_order(client.seller, DE, items, address=address)
    client.amazon.place_order(client.seller, DE, [{"sku": "FBA-1", "quantity": 1}])
    sent = client.amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}], status="SHIPPED")
    report = client.report(kind)
    path = f"/reports/2021-06-30/documents/{report['reportDocumentId']}"
    assert client.get(path).status_code == 403
    client.token = restricted(client, path)
    found = {row["order-id"]: row for row in rows(client, report)}
    assert set(found) == ({order_id} if kind == SHIPPING else {order_id, sent})
    row = found[order_id]
    assert (row["recipient-name"], row["ship-city"], row["sku"], row["quantity-to-ship"]) == (
        "Ida Beispiel",
        "Ulm",
        "LAMP",
        "2",
    )


def test_the_account_has_the_participations_and_who_the_seller_is(client: Client) -> None:
    client.amazon.change_seller(client.seller, store_name="Buch & Bohne", suspended=[FR])
    payload = client.get("/sellers/v1/account").json()["payload"]
    assert payload["sellingPlan"] == "PROFESSIONAL"
    participations = client.get("/sellers/v1/marketplaceParticipations").json()["payload"]
    assert payload["marketplaceParticipationList"] == participations
    assert payload["business"]["name"] == "Buch & Bohne Ltd."
    assert payload["business"]["registeredBusinessAddress"]["countryCode"] == "DE"
