"""What a client sees of each kind of fault, and what was applied."""

import gzip
import json
import time
import zlib
from typing import Any

import pytest
import requests

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, Client, set_price
from .test_faults import patch, read
from .test_reports import rows

BROKEN = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
MEGABYTE = 1 << 20


def live_quantity(client: Client) -> int:
    client.amazon.advance(10)
    return int(client.amazon.listing(client.seller, DE, "LAMP")["quantity"])


def raw(client: Client, path: str) -> requests.Response:
    """An answer as it came, with nothing decoded yet."""
    headers = {"x-amz-access-token": client.token}
    return client.http.get(client.amazon.url + path, headers=headers, timeout=20, stream=True)


@pytest.fixture
def orders(client: Client) -> list[str]:
    """Six orders, the newest first, as a search shows them."""
    for _ in range(6):
        client.amazon.place_order(client.seller, DE, [{"sku": "MUG/1 ä%", "quantity": 1}])
        client.amazon.advance(1)
    client.amazon.advance(200)
    return shown(client)


def shown(client: Client, **query: Any) -> list[str]:
    return [each["orderId"] for each in client.orders(**query)["orders"]]


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        ("5xx_html", 503, "text/html"),
        ("5xx_json", 500, "application/json"),
        ("200_html", 200, "text/html"),
        ("empty", 200, "application/json"),
        ("redirect", 302, "application/json"),
        ("429", 429, "application/json"),
        ("403", 403, "application/json"),
    ],
)
def test_an_answer_can_be_another_one_and_nothing_is_applied(
    client: Client, kind: str, status: int, content_type: str
) -> None:
    client.sign_in()
    client.amazon.fault("patchListingsItem", kind)
    answer = patch(client)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(content_type)
    assert live_quantity(client) == 3
    assert patch(client).json()["status"] == "ACCEPTED"  # once, unless told otherwise


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_can_have_any_of_four_statuses(client: Client, status: int) -> None:
    client.sign_in()
    client.amazon.fault("getListingsItem", "5xx_json", status=status)
    client.amazon.fault("getListingsItem", "5xx_html", status=status)
    first, second = read(client), read(client)
    assert first.status_code == second.status_code == status
    assert set(first.json()["errors"][0]) == {"code", "message", "details"}
    assert f"<h1>{status} " in second.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [("refuse", "without response"), ("reset_before", "reset by peer"), ("timeout_before", "timed out")],
)
def test_a_connection_can_break_before_anything_is_applied(client: Client, kind: str, words: str) -> None:
    client.sign_in()
    client.amazon.fault("patchListingsItem", kind, seconds=20)
    with pytest.raises(BROKEN, match=words):
        client.http.patch(client.amazon.url + client.item_path("LAMP"), json={}, timeout=0.3)
    assert live_quantity(client) == 3
    assert patch(client).status_code == 200


@pytest.mark.parametrize("kind", ["reset_after_apply", "apply_then_timeout", "truncate"])
def test_a_connection_can_break_after_everything_was_applied(client: Client, kind: str) -> None:
    client.sign_in()
    client.amazon.fault("patchListingsItem", kind, seconds=0.2)
    with pytest.raises(BROKEN):
        patch(client)
    assert live_quantity(client) == 8


def test_a_server_error_can_hide_that_everything_was_applied(client: Client) -> None:
    client.sign_in()
    client.amazon.fault("patchListingsItem", "503_after_apply")
    assert patch(client).status_code == 503
    assert live_quantity(client) == 8


def test_an_answer_can_drip(client: Client) -> None:
    client.sign_in()
    client.amazon.fault("getListingsItem", "slow_drip", seconds=0.4)
    began = time.monotonic()
    assert read(client).json()["sku"] == "LAMP"
    assert time.monotonic() - began > 0.3


def test_a_body_can_be_garbled(client: Client) -> None:
    client.amazon.fault("getListingsItem", "garble")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        read(client).json()
    assert read(client).json()["sku"] == "LAMP"


def test_a_document_can_be_garbled_or_cut(client: Client, amazon: Amazon) -> None:
    big = Client(amazon, amazon.add_seller([DE], catalogue=30_000))
    for seller in (client, big):
        url = seller.document(seller.report())["url"]
        amazon.fault("document", "garble")
        with pytest.raises(gzip.BadGzipFile):
            gzip.decompress(seller.download(url).content)
        amazon.fault("document", "truncate")
        with pytest.raises(BROKEN):
            seller.download(url)
        assert seller.download(url).content[:2] == b"\x1f\x8b"
    big.http.close()


@pytest.mark.parametrize(("sku", "charset"), [("MUG/1 ä%", "cp1252"), ("LAMP", "utf-16")])
def test_an_answer_can_come_in_another_charset_than_it_says(client: Client, sku: str, charset: str) -> None:
    client.sign_in()
    client.amazon.fault("getListingsItem", "wrong_charset")
    answer = read(client, sku)
    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")
    assert json.loads(answer.content.decode(charset)) == read(client, sku).json()


def test_a_document_can_come_in_another_charset_than_it_says(client: Client) -> None:
    report = client.report()
    right = rows(client, report)
    for settings in ({}, {"report_gzip": False}, {"report_charset": "cp1252"}):
        client.amazon.settings(**settings)
        url = client.document(client.report())["url"]
        plain = client.download(url).content
        client.amazon.fault("document", "wrong_charset")
        assert client.download(url).content != plain
    client.amazon.fault("document", "wrong_charset")
    assert rows(client, report, "cp1252") == right


def test_a_bomb_is_small_and_unpacks_to_hundreds_of_megabytes(client: Client) -> None:
    client.sign_in()
    client.amazon.fault("getListingsItem", "bomb")
    with raw(client, client.item_path("LAMP") + f"?marketplaceIds={DE}") as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        packed, unpacked = sizes(answer)
    assert packed < 3 * MEGABYTE
    assert unpacked > 200 * MEGABYTE
    assert read(client).json()["sku"] == "LAMP"


def test_a_document_can_be_a_bomb(client: Client) -> None:
    document = client.document(client.report())
    client.amazon.fault("document", "bomb")
    with raw(client, document["url"].removeprefix(client.amazon.url)) as answer:
        assert "Content-Encoding" not in answer.headers
        assert sizes(answer)[1] > 200 * MEGABYTE
    client.amazon.settings(report_gzip=False)
    url = client.document(client.report())["url"]
    client.amazon.fault("document", "bomb")
    with raw(client, url.removeprefix(client.amazon.url)) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert sizes(answer)[1] > 200 * MEGABYTE


def sizes(answer: requests.Response) -> tuple[int, int]:
    """Packed and unpacked, without holding either."""
    unpacker, packed, size = zlib.decompressobj(31), 0, 0
    for piece in answer.raw.stream(MEGABYTE, decode_content=False):
        packed += len(piece)
        waiting = piece
        while waiting:
            size += len(unpacker.decompress(waiting, MEGABYTE))
            waiting = unpacker.unconsumed_tail
    return packed, size + len(unpacker.flush())


def test_a_page_can_come_twice(client: Client, orders: list[str]) -> None:
    first = client.orders(maxResultsPerPage=2)
    token = first["pagination"]["nextToken"]
    client.amazon.fault("searchOrders", "dup_page")
    assert client.orders(maxResultsPerPage=2, paginationToken=token) == first
    assert shown(client, maxResultsPerPage=2, paginationToken=token) == orders[2:4]


def test_an_item_can_be_missing_from_a_page(client: Client, orders: list[str]) -> None:
    client.amazon.fault("searchOrders", "skip_item")
    found = shown(client)
    assert len(found) == 5
    assert [each for each in orders if each in found] == found
    assert shown(client) == orders


def test_a_row_can_be_missing_from_a_report(client: Client) -> None:
    report = client.report()
    right = rows(client, report)
    client.amazon.fault("document", "skip_item")
    found = rows(client, report)
    assert len(found) == len(right) - 1
    assert [each for each in right if each in found] == found


def test_items_of_a_page_can_come_in_another_order(client: Client, orders: list[str]) -> None:
    client.amazon.fault("searchOrders", "reorder")
    found = shown(client)
    assert found != orders
    assert sorted(found) == sorted(orders)


def test_rows_of_a_report_can_come_in_another_order(client: Client) -> None:
    report = client.report()
    right = client.download(client.document(report)["url"]).content
    client.amazon.fault("document", "reorder")
    found = client.download(client.document(report)["url"]).content
    before, after = (gzip.decompress(each).split(b"\r\n") for each in (right, found))
    assert before[0] == after[0]
    assert before != after
    assert sorted(before) == sorted(after)


def test_an_accepted_submission_can_be_overtaken_by_a_later_one(client: Client) -> None:
    client.amazon.fault("patchListingsItem", "reorder", when={"nth": 1})
    assert client.patch("LAMP", set_price(11.0))["status"] == "ACCEPTED"
    assert client.patch("LAMP", set_price(22.0))["status"] == "ACCEPTED"
    prices = []
    for _ in range(2):
        client.amazon.advance(45)
        prices.append(client.amazon.listing(client.seller, DE, "LAMP")["price"]["amount"])
    assert prices == ["22.00", "11.00"]


def test_the_page_token_of_a_call_can_expire(client: Client, orders: list[str]) -> None:
    token = client.orders(maxResultsPerPage=2)["pagination"]["nextToken"]
    client.amazon.fault("searchOrders", "expire_token")
    query = {"lastUpdatedAfter": "2020-01-01T00:00:00Z", "maxResultsPerPage": 2, "paginationToken": token}
    for _ in range(2):  # it stays expired
        answer = client.get("/orders/2026-01-01/orders", **query)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")
    assert shown(client) == orders  # the access token still holds
    fresh = client.orders(maxResultsPerPage=2)["pagination"]["nextToken"]
    assert shown(client, maxResultsPerPage=2, paginationToken=fresh) == orders[2:4]


def test_the_access_token_of_a_call_can_expire(client: Client) -> None:
    client.amazon.fault("patchListingsItem", "expire_token")
    client.sign_in()
    assert patch(client).status_code == 403
    assert "expired" in read(client).json()["errors"][0]["details"]
    assert live_quantity(client) == 3
    client.sign_in()
    assert patch(client).status_code == 200


def test_the_sellers_consent_can_end_at_a_call(client: Client) -> None:
    client.sign_in()
    client.amazon.fault("patchListingsItem", "revoke")
    assert read(client).status_code == 200
    assert patch(client).status_code == 403
    assert read(client).status_code == 403
    answer = client.sign_in()
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert live_quantity(client) == 3


def test_the_sellers_consent_can_end_at_login(client: Client) -> None:
    client.amazon.fault("token", "revoke")
    assert client.sign_in().json()["error"] == "invalid_grant"
    assert client.amazon.state()["sellers"][0]["revoked"]


def test_a_read_can_be_older_than_the_last_change(client: Client) -> None:
    def price() -> str:
        return str(read(client, includedData="offers").json()["offers"][0]["price"]["amount"])

    assert price() == "49.00"
    client.amazon.put_listing(client.seller, DE, "LAMP", price="55.00")
    client.amazon.fault("getListingsItem", "stale_read")
    assert price() == "49.00"
    assert price() == "55.00"
    client.amazon.fault("getListingsItem", "stale_read")
    assert price() == "49.00"  # the last that differs, however often the new one was read
    client.amazon.put_listing(client.seller, DE, "LAMP", price="66.00")
    client.amazon.fault("getListingsItem", "stale_read")
    assert price() == "55.00"


def test_a_read_that_was_never_made_before_cannot_be_old(client: Client) -> None:
    client.amazon.fault("getListingsItem", "stale_read")
    assert read(client).json()["sku"] == "LAMP"


def test_a_submission_can_be_refused_with_an_issue(client: Client) -> None:
    client.amazon.fault("patchListingsItem", "invalid", when={"sku": "LAMP"}, issue={"code": "99300"})
    client.sign_in()
    assert patch(client, 1, "MUG/1 ä%").json()["status"] == "ACCEPTED"
    answer = patch(client).json()
    assert (answer["status"], answer["issues"][0]["code"]) == ("INVALID", "99300")
    assert live_quantity(client) == 3
