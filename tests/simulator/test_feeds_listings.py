"""JSON_LISTINGS_FEED: messages, processing reports, partial failure, size."""

import json
from typing import Any

import jsonschema_rs
import pytest

from .conftest import DE, FR, Client, price
from .feeds import SCHEMAS, finish, get, listings_feed, quantity_message, result, send, wait

LISTINGS = "JSON_LISTINGS_FEED"
needs_schemas = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="Amazon's schemas are not at hand")


def report_of(client: Client, feed: Any) -> Any:
    report = json.loads(result(client, feed))
    if SCHEMAS.is_dir():
        schema = json.loads((SCHEMAS / "listings-feed-processing-report-schema-v2.json").read_text())
        jsonschema_rs.validator_for(schema).validate(report)
    return report


def process(client: Client, body: str | bytes, status: str = "DONE", **more: Any) -> Any:
    """The processing report of a feed, which ends with this status; what was accepted is live then."""
    feed = finish(client, send(client, LISTINGS, body, **more))
    assert feed["processingStatus"] == status
    wait(client, 60)
    return report_of(client, feed)


def message(number: Any, operation: str, sku: Any = "LAMP", **more: Any) -> dict[str, Any]:
    return {"messageId": number, "sku": sku, "operationType": operation, **more}


def availability(quantity: int) -> list[dict[str, Any]]:
    return [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]


def test_a_patch_and_a_partial_update_change_what_they_name_and_leave_the_rest(client: Client) -> None:
    report = process(
        client,
        listings_feed(
            client,
            quantity_message(1, "LAMP", 44),
            message(2, "PARTIAL_UPDATE", "MUG/1 ä%", productType="PRODUCT", attributes={
                "purchasable_offer": [price(8.88)], "fulfillment_availability": availability(9)}),
        ),
    )  # fmt: skip
    assert report["summary"] == {
        "errors": 0,
        "warnings": 0,
        "messagesProcessed": 2,
        "messagesAccepted": 2,
        "messagesInvalid": 0,
    }
    assert report["issues"] == []
    assert report["header"]["sellerId"] == client.seller
    lamp, mug = (client.amazon.listing(client.seller, DE, sku) for sku in ("LAMP", "MUG/1 ä%"))
    assert (lamp["quantity"], lamp["price"]["amount"]) == (44, "49.00")
    assert (mug["quantity"], mug["price"]["amount"]) == (9, "8.88")


def test_a_delete_removes_the_listing_from_the_marketplaces_of_the_feed(client: Client) -> None:
    process(client, listings_feed(client, message(1, "DELETE")), marketplaces=[DE])
    assert client.get(client.item_path("LAMP"), marketplaceIds=DE).status_code == 404
    process(client, listings_feed(client, message(1, "DELETE", "MUG/1 ä%")), marketplaces=[DE, FR])
    assert client.get(client.item_path("MUG/1 ä%"), marketplaceIds=f"{DE},{FR}").status_code == 404


def test_what_is_wrong_with_one_message_is_said_and_the_others_go_on(client: Client) -> None:
    bad = message(2, "PARTIAL_UPDATE", productType="PRODUCT", attributes={"purchasable_offer": [price(-3)]})
    report = process(client, listings_feed(client, bad, quantity_message(3, "LAMP", 5), message(4, "DELETE", "NONE")))
    summary = report["summary"]
    assert (summary["messagesProcessed"], summary["messagesAccepted"], summary["messagesInvalid"]) == (3, 1, 2)
    assert summary["errors"] == len(report["issues"]) == 2
    wrong_price, unknown = report["issues"]
    assert (wrong_price["messageId"], wrong_price["sku"], wrong_price["severity"]) == (2, "LAMP", "ERROR")
    assert wrong_price["attributeName"].startswith("purchasable_offer")
    assert "attributeNames" not in wrong_price
    assert (unknown["messageId"], unknown["sku"], unknown["code"]) == (4, "NONE", "BAD_REQUEST")
    lamp = client.amazon.listing(client.seller, DE, "LAMP")
    assert (lamp["quantity"], lamp["price"]["amount"]) == (5, "49.00")


ATTRIBUTES = {"condition_type": [{"value": "new_new"}]}
PATCHES = [{"op": "delete", "path": "/attributes/condition_note", "value": [{}]}]
MESSAGES = [
    message(1, "UPDATE", productType="PRODUCT", attributes=ATTRIBUTES),
    message(1, "UPDATE", productType="PRODUCT", attributes=ATTRIBUTES, requirements="LISTING_OFFER_ONLY"),
    message(1, "UPDATE", productType="PRODUCT", attributes=ATTRIBUTES, requirements="ALL"),
    message(1, "UPDATE", productType="PRODUCT", attributes={}),
    message(1, "UPDATE", productType="PRODUCT"),
    message(1, "UPDATE", attributes=ATTRIBUTES),
    message(1, "UPDATE", productType="PRODUCT", attributes=ATTRIBUTES, patches=PATCHES),
    message(1, "PARTIAL_UPDATE", productType="PRODUCT", attributes=ATTRIBUTES),
    message(1, "PARTIAL_UPDATE", productType="PRODUCT", attributes=ATTRIBUTES, requirements="LISTING"),
    message(1, "PARTIAL_UPDATE", productType="PRODUCT", attributes=ATTRIBUTES, patches=PATCHES),
    message(1, "PATCH", productType="PRODUCT", patches=PATCHES),
    message(1, "PATCH", productType="PRODUCT", patches=[]),
    message(1, "PATCH", productType="PRODUCT", patches=[{"op": "test", "path": "/attributes/a"}]),
    message(1, "PATCH", productType="PRODUCT", patches=[{"op": "add", "path": "/attributes/a", "value": "x"}]),
    message(1, "PATCH", productType="PRODUCT", patches=[{"op": "add", "value": []}]),
    message(1, "PATCH", productType="PRODUCT", patches=["add"]),
    message(1, "PATCH", productType="", patches=PATCHES),
    message(1, "PATCH", productType="PRODUCT", patches=PATCHES, attributes=ATTRIBUTES),
    message(1, "PATCH", patches=PATCHES),
    message(1, "DELETE"),
    message(1, "DELETE", productType="PRODUCT"),
    message(1, "DELETE", attributes=ATTRIBUTES),
    message(1, "DELETE", sku=""),
    message(1, "DELETE", sku=7),
    message(0, "DELETE"),
    message(2**31, "DELETE"),
    message("1", "DELETE"),
    message(1, "UPSERT"),
    message(1, []),
    message(1, {}),
    message(1, "DELETE", sku="\ud800"),
    {"messageId": 1, "operationType": "DELETE"},
    {"sku": "LAMP", "operationType": "DELETE"},
    "DELETE",
    None,
]


@needs_schemas
@pytest.mark.parametrize("given", MESSAGES, ids=lambda given: json.dumps(given)[:80])
def test_a_message_is_refused_exactly_where_amazons_schema_refuses_it(client: Client, given: Any) -> None:
    schema = json.loads((SCHEMAS / "listings-feed-schema-v2.json").read_text())
    document = {"header": {"sellerId": client.seller, "version": "2.0"}, "messages": [given]}
    report = process(client, json.dumps(document))
    fits = jsonschema_rs.validator_for(schema).is_valid(document)
    assert any(issue["code"] == "4002008" for issue in report["issues"]) is not fits
    assert report["summary"]["messagesProcessed"] == 1


@needs_schemas
def test_amazons_own_example_is_processed_message_by_message(client: Client) -> None:
    document = json.loads((SCHEMAS / "listings-feed-schema-v2.example.json").read_text())
    document["header"]["sellerId"] = client.seller
    report = process(client, json.dumps(document))
    assert report["summary"]["messagesProcessed"] == len(document["messages"])
    assert all(issue["code"] != "4002008" for issue in report["issues"])


def test_a_message_with_an_id_that_was_used_is_refused(client: Client) -> None:
    report = process(client, listings_feed(client, quantity_message(7, "LAMP", 1), quantity_message(7, "LAMP", 2)))
    assert [(issue["messageId"], issue["code"]) for issue in report["issues"]] == [(7, "4002008")]
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "4002001"),
        (b"\xff\xfe\xfa", "4002001"),
        (b'{"header": NaN}', "4002001"),
        (b"[" * 100_000, "4002001"),
        (b"[]", "4002005"),
        (b"{}", "4002005"),
        (b'{"header": []}', "4002005"),
        (b'{"header": {"version": "2.0"}, "messages": [{}]}', "4002005"),
        (b'{"header": {"sellerId": "SELLER"}, "messages": [{}]}', "4002005"),
        (b'{"header": {"sellerId": "SELLER", "version": "2.1"}, "messages": [{}]}', "4002006"),
        (b'{"header": {"sellerId": "SELLER", "version": 2.0}, "messages": [{}]}', "4002006"),
        (b'{"header": {"sellerId": "ANOTHER", "version": "2.0"}, "messages": [{}]}', "4002006"),
        (b'{"header": {"sellerId": "SELLER", "version": "2.0", "report": {}}, "messages": [{}]}', "4002006"),
        (b'{"header": {"sellerId": "SELLER", "version": "2.0"}, "messages": []}', "4002005"),
        (b'{"header": {"sellerId": "SELLER", "version": "2.0"}}', "4002005"),
    ],
)
def test_a_feed_that_is_wrong_as_a_whole_ends_fatal_and_says_why(client: Client, body: bytes, code: str) -> None:
    report = process(client, body.replace(b"SELLER", client.seller.encode()), "FATAL")
    assert [issue["code"] for issue in report["issues"]] == [code]
    assert "messageId" not in report["issues"][0]
    assert report["summary"]["messagesProcessed"] == 0
    assert report["header"]["version"] == "2.0"


@pytest.mark.parametrize(
    "report",
    [
        {"includedData": [], "apiVersion": "2021-08-01"},
        {"includedData": ["everything"], "apiVersion": "2021-08-01"},
        {"includedData": ["summaries"], "apiVersion": "2020-09-01"},
        {"includedData": ["summaries"]},
        "summaries",
    ],
)
def test_a_wrong_wish_for_the_report_makes_the_feed_fatal(client: Client, report: Any) -> None:
    process(client, listings_feed(client, quantity_message(1, "LAMP", 5), report=report), "FATAL")
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 3


def test_the_report_holds_the_listings_when_the_header_asks_for_them(client: Client) -> None:
    wanted = {"includedData": ["summaries", "fulfillmentAvailability", "issues"], "apiVersion": "2021-08-01"}
    messages = [
        quantity_message(1, "LAMP", 5),
        quantity_message(2, "LAMP", 6),
        message(3, "DELETE", "MUG/1 ä%"),
        quantity_message(4, "NONE", 1),
    ]
    client.amazon.settings(submission_delay=0)
    report = process(client, listings_feed(client, *messages, report=wanted))
    assert report["header"]["report"] == wanted
    assert [item["sku"] for item in report["items"]] == ["LAMP"]
    assert report["items"][0]["fulfillmentAvailability"][0]["quantity"] == 6
    assert set(report["items"][0]) == {"sku", "summaries", "fulfillmentAvailability", "issues"}
    assert report["summary"]["itemSummary"] == {"items": 1, "errors": 0, "warnings": 0}
    assert "items" not in process(client, listings_feed(client, *messages[:1]))


def test_a_share_of_the_messages_can_be_refused_by_chance_and_the_same_seed_refuses_the_same(client: Client) -> None:
    client.amazon.settings(feed_refused=0.5)
    messages = [quantity_message(number, "LAMP", number) for number in range(1, 201)]
    report = process(client, listings_feed(client, *messages))
    refused = [issue["messageId"] for issue in report["issues"]]
    assert 60 < len(refused) < 140
    assert report["summary"]["messagesInvalid"] == len(refused)
    last = max(number for number in range(1, 201) if number not in refused)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == last
    assert min(refused) == min(refused_again(client, messages))


def refused_again(client: Client, messages: list[Any]) -> list[int]:
    """What a world of the same seed refuses in its first feed."""
    client.amazon.reset()
    client.amazon.settings(quotas="off", feed_refused=0.5)
    listings = [{"sku": "LAMP", "title": "Lamp", "price": "49.00", "quantity": 3}]
    again = Client(client.amazon, client.amazon.add_seller([DE, FR], listings=listings))
    report = process(again, listings_feed(again, *messages))
    again.http.close()
    return [issue["messageId"] for issue in report["issues"]]


def test_25001_messages_are_too_many(client: Client) -> None:
    messages = [message(number, "DELETE", "NONE") for number in range(1, 25_002)]
    report = process(client, listings_feed(client, *messages), "FATAL")
    assert (report["issues"][0]["code"], report["summary"]["messagesProcessed"]) == ("4002006", 0)


def test_25000_messages_are_processed_in_slices(client: Client) -> None:
    account = client.amazon.add_seller([DE], catalogue=25_000)
    big = Client(client.amazon, account)
    listings = list(client.amazon.world.listings(big.seller))
    skus = [listing.sku for listing in listings]
    messages = [quantity_message(number, sku, 1000) for number, sku in enumerate(skus, 1)]
    feed_id = send(big, LISTINGS, listings_feed(big, *messages))
    client.amazon.advance(2)
    done = []
    for _ in range(49):
        client.amazon.advance(0.2)
        work = client.amazon.world.state.feeds[feed_id].work
        done.append(work.processed if work else None)
    assert done == [500 * number for number in range(1, 50)]
    client.amazon.advance(3)
    feed = get(big, feed_id)
    assert feed["processingStatus"] == "DONE"
    assert report_of(big, feed)["summary"]["messagesAccepted"] == 25_000
    client.amazon.advance(3)
    mine = {listing.sku for listing in listings if listing.channel == "DEFAULT"}
    assert {each.quantity for each in client.amazon.world.listings(big.seller) if each.sku in mine} == {1000}
    big.http.close()
