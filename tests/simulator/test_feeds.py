"""Feeds: documents, states on the virtual clock, limits, lists."""

import hashlib
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, FR, UK, Client
from .feeds import (
    FEEDS,
    create,
    finish,
    get,
    listings_feed,
    put,
    quantity_message,
    result,
    send,
    start_upload,
    upload,
    wait,
)

LISTINGS = "JSON_LISTINGS_FEED"
FLAT = "text/tab-separated-values; charset=UTF-8"


def simple(client: Client, quantity: int = 4) -> str:
    return listings_feed(client, quantity_message(1, "LAMP", quantity))


def test_a_document_is_uploaded_without_headers_of_the_api_and_can_be_read_again(client: Client) -> None:
    document = start_upload(client, FLAT)
    answer = put(client, document["url"], b"order-id\r\n", FLAT)
    assert (answer.status_code, answer.content) == (200, b"")
    checksum = hashlib.md5(b"order-id\r\n").hexdigest()
    assert answer.headers["ETag"] == f'"{checksum}"'
    facts = client.get(f"{FEEDS}/documents/{document['feedDocumentId']}").json()
    assert "compressionAlgorithm" not in facts
    assert client.download(facts["url"]).content == b"order-id\r\n"


@pytest.mark.parametrize("content_type", ["text/plain", None, FLAT.lower()])
def test_an_upload_with_another_content_type_is_refused_as_storage_refuses_it(
    client: Client, content_type: str | None
) -> None:
    answer = put(client, start_upload(client, FLAT)["url"], b"order-id", content_type)
    assert answer.status_code == 403
    assert "<Code>SignatureDoesNotMatch</Code>" in answer.text
    assert answer.headers["Content-Type"] == "application/xml"


def test_the_address_of_an_upload_lives_five_minutes_and_takes_uploads_only(client: Client) -> None:
    document = start_upload(client)
    assert "SignatureDoesNotMatch" in client.download(document["url"]).text
    forged = document["url"].replace("expires=1", "expires=2")
    assert "SignatureDoesNotMatch" in put(client, forged, b"{}").text
    assert put(client, document["url"], b"{}").status_code == 200
    wait(client, 301)
    late = put(client, document["url"], b"{}")
    assert (late.status_code, "<Code>AccessDenied</Code>" in late.text) == (403, True)


def test_the_address_of_a_download_takes_no_uploads(client: Client) -> None:
    document_id = upload(client, b"{}")
    url = client.get(f"{FEEDS}/documents/{document_id}").json()["url"]
    assert put(client, url, b"[]").status_code == 403
    assert client.download(url).content == b"{}"


@pytest.mark.parametrize("body", [{}, {"contentType": ""}, {"contentType": 7}])
def test_a_document_needs_a_content_type(client: Client, body: Any) -> None:
    answer = client.call("POST", f"{FEEDS}/documents", None, body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "400")


def test_a_feed_waits_is_processed_and_is_done(client: Client) -> None:
    feed_id = send(client, LISTINGS, simple(client))
    client.amazon.settings(submission_delay=0)
    statuses = []
    for seconds in (1.9, 0.2, 9.8, 0.2):
        wait(client, seconds)
        statuses.append(get(client, feed_id)["processingStatus"])
    assert statuses == ["IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "DONE"]
    feed = get(client, feed_id)
    assert (feed["feedType"], feed["marketplaceIds"]) == (LISTINGS, [DE])
    assert feed["createdTime"] < feed["processingStartTime"] < feed["processingEndTime"]
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 4


def test_nothing_of_a_feed_is_live_before_it_is_processed(client: Client) -> None:
    feed_id = send(client, LISTINGS, simple(client))
    wait(client, 11.9)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 3
    finish(client, feed_id)
    wait(client, 2)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 4


def test_a_feed_of_eight_hours_takes_no_time_when_the_clock_is_advanced(client: Client) -> None:
    client.amazon.settings(feed_delay=8 * 3600)
    feed_id = send(client, LISTINGS, simple(client))
    wait(client, 8 * 3600)
    assert get(client, feed_id)["processingStatus"] == "IN_PROGRESS"
    wait(client, 3)
    assert get(client, feed_id)["processingStatus"] == "DONE"


def test_feeds_of_one_seller_and_type_are_processed_one_after_another(client: Client) -> None:
    first, second = (send(client, LISTINGS, simple(client, quantity)) for quantity in (4, 5))
    other = send(client, "POST_FLAT_FILE_FULFILLMENT_DATA", "order-id\tship-date\n", FLAT)
    wait(client, 3)
    assert [get(client, each)["processingStatus"] for each in (first, second, other)] == [
        "IN_PROGRESS",
        "IN_QUEUE",
        "IN_PROGRESS",
    ]
    wait(client, 10)
    assert [get(client, each)["processingStatus"] for each in (first, second)] == ["DONE", "IN_PROGRESS"]
    finish(client, second)
    assert get(client, second)["processingStartTime"] == get(client, first)["processingEndTime"]
    wait(client, 2)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 5


def test_only_a_waiting_feed_can_be_cancelled_and_the_next_one_goes_on(client: Client) -> None:
    feeds = [send(client, LISTINGS, simple(client, quantity)) for quantity in (4, 5, 6)]
    wait(client, 3)
    refused = client.call("DELETE", f"{FEEDS}/feeds/{feeds[0]}")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "400")
    answer = client.call("DELETE", f"{FEEDS}/feeds/{feeds[1]}")
    assert (answer.status_code, answer.content) == (200, b"")
    finish(client, feeds[2])
    cancelled = get(client, feeds[1])
    assert (cancelled["processingStatus"], "resultFeedDocumentId" in cancelled) == ("CANCELLED", False)
    assert [get(client, each)["processingStatus"] for each in feeds] == ["DONE", "CANCELLED", "DONE"]


def test_a_feed_can_be_stuck_in_the_queue_until_the_switch_is_back(client: Client) -> None:
    client.amazon.settings(feed_fate="stuck_in_queue")
    feed_id = send(client, LISTINGS, simple(client))
    wait(client, 30 * 86400)
    assert get(client, feed_id)["processingStatus"] == "IN_QUEUE"
    client.amazon.settings(feed_fate="normal")
    assert finish(client, feed_id)["processingStatus"] == "DONE"


def test_a_feed_can_be_stuck_in_progress_and_holds_up_the_next(client: Client) -> None:
    client.amazon.settings(feed_fate="stuck_in_progress")
    feeds = [send(client, LISTINGS, simple(client, quantity)) for quantity in (4, 5)]
    wait(client, 30 * 86400)
    assert [get(client, each)["processingStatus"] for each in feeds] == ["IN_PROGRESS", "IN_QUEUE"]
    client.amazon.settings(feed_fate="normal")
    assert finish(client, feeds[1])["processingStatus"] == "DONE"


def test_a_feed_can_end_fatal_when_half_of_it_was_processed(client: Client) -> None:
    client.amazon.settings(feed_fate="fatal")
    messages = [quantity_message(1, "LAMP", 77), quantity_message(2, "MUG/1 ä%", 88)]
    feed = finish(client, send(client, LISTINGS, listings_feed(client, *messages)))
    wait(client, 3600)
    assert (feed["processingStatus"], "resultFeedDocumentId" in feed) == ("FATAL", False)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 77
    assert client.amazon.listing(client.seller, DE, "MUG/1 ä%")["quantity"] == 10


@pytest.mark.parametrize(
    "kind",
    ["POST_PRODUCT_DATA", "POST_INVENTORY_AVAILABILITY_DATA", "POST_PRODUCT_PRICING_DATA", "POST_UIEE_BOOKLOADER_DATA"],
)
def test_listing_feeds_of_the_past_end_fatal(client: Client, kind: str) -> None:
    feed = finish(client, send(client, kind, "<AmazonEnvelope/>", "text/xml"))
    assert feed["processingStatus"] == "FATAL"
    assert b"JSON_LISTINGS_FEED" in result(client, feed)


def test_a_feed_without_an_upload_ends_fatal(client: Client) -> None:
    document_id = start_upload(client)["feedDocumentId"]
    for kind in (LISTINGS, "POST_ORDER_FULFILLMENT_DATA"):
        feed = finish(client, create(client, kind, document_id).json()["feedId"])
        assert feed["processingStatus"] == "FATAL"


def test_a_result_is_gzipped_where_reports_are_and_can_be_undone_by_the_client(client: Client) -> None:
    feed = finish(client, send(client, LISTINGS, simple(client)))
    path = f"{FEEDS}/documents/{feed['resultFeedDocumentId']}"
    facts = client.get(path).json()
    assert facts["compressionAlgorithm"] == "GZIP"
    assert client.download(facts["url"]).content.startswith(b"\x1f\x8b")
    encoded = client.get(path, enableContentEncodingUrlHeader="true").json()
    assert client.download(encoded["url"]).content.startswith(b'{"header"')
    client.amazon.settings(report_gzip=False)
    plain = finish(client, send(client, LISTINGS, simple(client)))
    assert "compressionAlgorithm" not in client.get(f"{FEEDS}/documents/{plain['resultFeedDocumentId']}").json()


@pytest.mark.parametrize(
    "changes",
    [
        {"feedType": "NONSENSE"},
        {"feedType": None},
        {"feedType": []},
        {"marketplaceIds": []},
        {"marketplaceIds": [DE] * 26},
        {"marketplaceIds": ["NONSENSE"]},
        {"marketplaceIds": DE},
        {"inputFeedDocumentId": "unknown"},
        {"inputFeedDocumentId": None},
        {"feedOptions": {"a": 1}},
        {"feedOptions": []},
    ],
)
def test_a_wrong_createFeed_has_the_code_400(client: Client, changes: dict[str, Any]) -> None:
    body = {"feedType": LISTINGS, "marketplaceIds": [DE], "inputFeedDocumentId": upload(client, b"{}"), **changes}
    answer = client.call("POST", f"{FEEDS}/feeds", None, body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "400")


def test_marketplaces_documents_and_feeds_of_others_are_refused(client: Client, amazon: Amazon) -> None:
    document_id = upload(client, simple(client).encode())
    assert create(client, LISTINGS, document_id, [UK]).status_code == 403
    other = Client(amazon, amazon.add_seller([DE]))
    assert create(other, LISTINGS, document_id).status_code == 400
    assert other.get(f"{FEEDS}/documents/{document_id}").status_code == 404
    feed_id = create(client, LISTINGS, document_id).json()["feedId"]
    assert other.get(f"{FEEDS}/feeds/{feed_id}").status_code == 404
    assert other.call("DELETE", f"{FEEDS}/feeds/{feed_id}").status_code == 404
    assert other.get(f"{FEEDS}/feeds", feedTypes=LISTINGS).json()["feeds"] == []
    other.http.close()


def test_the_result_of_a_report_cannot_be_fed(client: Client) -> None:
    report = client.report()
    assert create(client, LISTINGS, report["reportDocumentId"]).status_code == 400


def test_the_type_of_a_feed_decides_which_role_it_needs(client: Client) -> None:
    document_id = upload(client, b"{}")
    client.amazon.change_seller(client.seller, roles=["Inventory and Order Tracking"])
    assert create(client, LISTINGS, document_id).status_code == 403
    assert create(client, "POST_ORDER_FULFILLMENT_DATA", document_id).status_code == 202


def test_five_listings_feeds_in_five_minutes_are_allowed(client: Client) -> None:
    amazon = client.amazon
    document_id = upload(client, simple(client).encode())
    amazon.settings(quotas={"scale": 1})
    assert [create(client, LISTINGS, document_id).status_code for _ in range(6)] == [202] * 5 + [429]
    assert create(client, "POST_ORDER_FULFILLMENT_DATA", document_id).status_code == 202
    other = Client(amazon, amazon.add_seller([DE]))
    assert create(other, LISTINGS, upload(other, b"{}")).status_code == 202
    other.http.close()
    amazon.advance(299)
    assert create(client, LISTINGS, document_id).status_code == 429
    amazon.advance(2)
    assert create(client, LISTINGS, document_id).status_code == 202


def test_a_document_can_be_fed_again_after_it_was_processed(client: Client) -> None:
    document_id = upload(client, simple(client).encode())
    for _ in range(2):
        feed = finish(client, create(client, LISTINGS, document_id).json()["feedId"])
        assert feed["processingStatus"] == "DONE"


def test_feeds_are_listed_newest_first_and_their_token_stands_alone(client: Client) -> None:
    feeds = []
    for quantity in range(3):
        feeds.append(send(client, LISTINGS, simple(client, quantity), marketplaces=[DE, FR]))
        wait(client, 60)
    send(client, "POST_ORDER_FULFILLMENT_DATA", "")
    page = client.get(f"{FEEDS}/feeds", feedTypes=LISTINGS, pageSize=2).json()
    assert [each["feedId"] for each in page["feeds"]] == feeds[:0:-1]
    send(client, LISTINGS, simple(client))
    assert client.get(f"{FEEDS}/feeds", nextToken=page["nextToken"], pageSize=2).status_code == 400
    rest = client.get(f"{FEEDS}/feeds", nextToken=page["nextToken"]).json()
    assert [each["feedId"] for each in rest["feeds"]] == feeds[:1]
    assert "nextToken" not in rest
    reports = client.get("/reports/2021-06-30/reports", nextToken=page["nextToken"])
    assert reports.status_code == 400


def test_feeds_are_filtered(client: Client) -> None:
    first = send(client, LISTINGS, simple(client), marketplaces=[FR])
    finish(client, first)
    second = send(client, LISTINGS, simple(client))
    created = get(client, second)["createdTime"]

    def ids(**query: Any) -> list[str]:
        answer = client.get(f"{FEEDS}/feeds", feedTypes=LISTINGS, **query)
        assert answer.status_code == 200, answer.text
        return [each["feedId"] for each in answer.json()["feeds"]]

    assert ids(processingStatuses="DONE,FATAL") == [first]
    assert ids(processingStatuses="IN_QUEUE") == [second]
    assert ids(marketplaceIds=FR) == [first]
    assert ids(createdSince=created) == [second]
    assert ids(createdUntil="2020-01-01T00:00:00Z") == []
    assert ids() == [second, first]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"feedTypes": ",".join(f"T{number}" for number in range(11))},
        {"feedTypes": LISTINGS, "pageSize": "101"},
        {"feedTypes": LISTINGS, "processingStatuses": "BAD_VALUE"},
        {"feedTypes": LISTINGS, "createdSince": "yesterday"},
        {"nextToken": "forged"},
    ],
)
def test_wrong_lists_of_feeds_have_the_code_400(client: Client, query: dict[str, str]) -> None:
    answer = client.get(f"{FEEDS}/feeds", **query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "400")


def test_feeds_and_documents_are_kept_for_ninety_days(client: Client) -> None:
    old = send(client, LISTINGS, simple(client))
    document_id = finish(client, old)["resultFeedDocumentId"]
    wait(client, 80 * 86400)
    young = send(client, LISTINGS, simple(client))
    assert get(client, old)["processingStatus"] == "DONE"
    wait(client, 11 * 86400)
    send(client, LISTINGS, simple(client))
    assert client.get(f"{FEEDS}/feeds/{old}").status_code == 404
    assert client.get(f"{FEEDS}/documents/{document_id}").status_code == 404
    assert get(client, young)["processingStatus"] == "DONE"
    assert sum(1 for document in client.amazon.world.state.documents.values() if not document.uploaded) == 0
    assert len(client.amazon.world.state.feeds) == 2


def test_a_world_that_is_saved_in_the_middle_of_a_feed_goes_on_when_it_is_loaded(client: Client) -> None:
    messages = [quantity_message(number, "LAMP", number) for number in range(1, 2501)]
    feed_id = send(client, LISTINGS, listings_feed(client, *messages))
    wait(client, 2 + 4)
    saved = client.amazon.save()
    assert saved["state"]["feeds"][feed_id]["work"]["accepted"] == 1000
    client.amazon.reset()
    client.amazon.load(saved)
    feed = finish(client, feed_id)
    assert b'"messagesAccepted":2500' in result(client, feed)
    wait(client, 60)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 2500


@pytest.mark.parametrize(
    "changes", [{"feed_fate": "slow"}, {"feed_refused": 1.1}, {"feed_refused": True}, {"feed_delay": -1}]
)
def test_settings_of_feeds_are_checked(amazon: Amazon, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="feed_"):
        amazon.settings(**changes)


def test_the_end_of_every_feed_is_told(client: Client) -> None:
    heard: list[tuple[str, dict[str, Any]]] = []
    from flask_amazon_channel.simulator import world

    def listener(_: Any, seller_id: str, facts: dict[str, Any]) -> None:
        heard.append((seller_id, facts))

    world.LISTENERS.setdefault("feed_finished", []).append(listener)
    try:
        done = send(client, LISTINGS, simple(client))
        cancelled = send(client, LISTINGS, simple(client))
        client.call("DELETE", f"{FEEDS}/feeds/{cancelled}")
        finish(client, done)
    finally:
        world.LISTENERS["feed_finished"].remove(listener)
    assert heard == [(client.seller, {"feed": cancelled}), (client.seller, {"feed": done})]
