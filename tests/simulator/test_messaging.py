"""Messages to buyers, and the files that go with them."""

import base64
import hashlib
from typing import Any
from urllib.parse import quote

import pytest
import requests

from .conftest import DE, FR, Client

TEXTS = {
    "confirmCustomizationDetails": 800,
    "confirmDeliveryDetails": 2000,
    "confirmOrderDetails": 2000,
    "confirmServiceDetails": 2000,
    "unexpectedProblem": 2000,
    "digitalAccessKey": 400,
}
FILES = ("legalDisclosure", "warranty", "invoice")
FILE = b"%PDF-1.7 an invoice"


def buy(client: Client, sku: str = "LAMP", **facts: Any) -> str:
    return client.amazon.place_order(client.seller, DE, [{"sku": sku, "quantity": 1}], **facts)


def actions(client: Client, order_id: str) -> set[str]:
    answer = client.get(f"/messaging/v1/orders/{order_id}", marketplaceIds=DE)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/hal+json"
    document = answer.json()
    names = {each["name"] for each in document["_links"]["actions"]}
    assert {each["payload"]["name"] for each in document["_embedded"]["actions"]} == names
    return names


def send(client: Client, order_id: str, kind: str, body: Any, **query: str) -> requests.Response:
    path = f"/messaging/v1/orders/{order_id}/messages/{kind}"
    return client.call("POST", path, {"marketplaceIds": DE, **query}, body)


def md5(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def place(client: Client, order_id: str, kind: str, **query: str) -> requests.Response:
    resource = f"messaging/v1/orders/{order_id}/messages/{kind}"
    query = {"marketplaceIds": DE, "contentMD5": md5(FILE), **query}
    return client.call("POST", f"/uploads/2020-11-01/uploadDestinations/{resource}", query)


def upload(client: Client, order_id: str, kind: str) -> list[dict[str, str]]:
    """A file at its place, as an attachment."""
    payload = place(client, order_id, kind).json()["payload"]
    answer = client.http.put(payload["url"], data=FILE, headers=payload["headers"], timeout=10)
    assert answer.status_code == 200, answer.text
    return [{"uploadDestinationId": payload["uploadDestinationId"], "fileName": "file.pdf"}]


def test_the_state_of_an_order_decides_what_may_be_written(client: Client) -> None:
    order_id = buy(client, status="PENDING")
    assert actions(client, order_id) == set()
    client.amazon.change_order(order_id, status="UNSHIPPED")
    before = actions(client, order_id)
    assert {"confirmOrderDetails", "unexpectedProblem"} <= before
    assert not {"warranty", "invoice"} & before
    client.amazon.change_order(order_id, status="SHIPPED")
    after = actions(client, order_id)
    assert {"warranty", "invoice"} <= after
    assert "confirmOrderDetails" not in after
    client.amazon.change_order(order_id, status="CANCELLED")
    assert actions(client, order_id) == set()
    assert "confirmOrderDetails" not in actions(client, buy(client, "FBA-1"))


def test_the_links_lead_to_the_messages(client: Client) -> None:
    document = client.get(f"/messaging/v1/orders/{buy(client)}", marketplaceIds=DE).json()
    link = next(each for each in document["_links"]["actions"] if each["name"] == "unexpectedProblem")
    assert client.call("POST", link["href"], None, {"text": "Broken"}).status_code == 201


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_has_a_length(client: Client, kind: str) -> None:
    order_id = buy(client)
    assert send(client, order_id, kind, {"text": "x" * TEXTS[kind]}).status_code == 201
    for text in ("x" * (TEXTS[kind] + 1), "", None, 7):
        answer = send(client, order_id, kind, {"text": text})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")
    (sent,) = client.amazon.messages()
    assert (sent["kind"], sent["order_id"], len(sent["text"])) == (kind, order_id, TEXTS[kind])


@pytest.mark.parametrize("text", ["<b>Hello</b>", "Write to me@example.org", "<!-- x -->"])
def test_a_text_has_neither_html_nor_mail_addresses(client: Client, text: str) -> None:
    order_id = buy(client)
    assert send(client, order_id, "confirmOrderDetails", {"text": text}).status_code == 400
    assert send(client, order_id, "confirmOrderDetails", {"text": "5 < 7 @ home"}).status_code == 201


@pytest.mark.parametrize("kind", FILES)
def test_a_file_goes_with_a_message(client: Client, kind: str) -> None:
    order_id = buy(client, status="SHIPPED")
    attachments = upload(client, order_id, kind)
    assert send(client, order_id, kind, {}).status_code == 400
    assert send(client, order_id, kind, {"attachments": attachments * 6}).status_code == 400
    assert send(client, order_id, kind, {"attachments": attachments}).status_code == 201
    assert client.amazon.messages()[0]["attachments"] == attachments


@pytest.mark.parametrize(
    "attachment", [{}, {"uploadDestinationId": "sc/none", "fileName": "a"}, "file.pdf", {"fileName": "a"}]
)
def test_an_attachment_has_a_name_and_was_uploaded(client: Client, attachment: Any) -> None:
    order_id = buy(client, status="SHIPPED")
    assert send(client, order_id, "invoice", {"attachments": [attachment]}).status_code == 400
    unsent = place(client, order_id, "invoice").json()["payload"]["uploadDestinationId"]
    empty = {"uploadDestinationId": unsent, "fileName": "a.pdf"}
    assert send(client, order_id, "invoice", {"attachments": [empty]}).status_code == 400


def test_a_file_is_for_the_message_that_it_was_uploaded_for(client: Client) -> None:
    order_id = buy(client, status="SHIPPED")
    attachments = upload(client, order_id, "warranty")
    assert send(client, order_id, "invoice", {"attachments": attachments}).status_code == 400
    assert send(client, buy(client, status="SHIPPED"), "warranty", {"attachments": attachments}).status_code == 400


def test_texts_without_files_take_none(client: Client) -> None:
    order_id = buy(client)
    files = upload(client, order_id, "confirmOrderDetails")
    assert send(client, order_id, "confirmOrderDetails", {"text": "Hi", "attachments": files}).status_code == 400


def test_a_warranty_covers_a_time(client: Client) -> None:
    order_id = buy(client, status="SHIPPED")
    body: dict[str, Any] = {"attachments": upload(client, order_id, "warranty")}
    start, end = "2026-12-01T00:00:00Z", "2027-12-01T00:00:00Z"
    for wrong in ({"coverageStartDate": end, "coverageEndDate": start}, {"coverageStartDate": "soon"}):
        assert send(client, order_id, "warranty", {**body, **wrong}).status_code == 400
    body |= {"coverageStartDate": start, "coverageEndDate": end}
    assert send(client, order_id, "warranty", body).status_code == 201
    assert client.amazon.messages()[0]["coverage"] == [start, end]


def test_a_message_that_is_not_possible_is_forbidden(client: Client) -> None:
    assert send(client, buy(client), "warranty", {}).status_code == 403
    assert send(client, buy(client, status="CANCELLED"), "unexpectedProblem", {"text": "Sorry"}).status_code == 403


def test_the_marketplace_must_be_that_of_the_order(client: Client) -> None:
    order_id = buy(client)
    assert send(client, order_id, "unexpectedProblem", {"text": "x"}, marketplaceIds=FR).status_code == 400
    assert client.get(f"/messaging/v1/orders/{order_id}").status_code == 400
    assert client.get(f"/messaging/v1/orders/{order_id}", marketplaceIds=f"{DE},{FR}").status_code == 400


def test_unknown_orders_are_missing(client: Client) -> None:
    assert client.get("/messaging/v1/orders/123-1234567-1234567", marketplaceIds=DE).status_code == 404
    assert client.get("/messaging/v1/orders/badOrderId", marketplaceIds=DE).status_code == 400


def test_the_buyer_has_a_language(client: Client) -> None:
    french = client.amazon.place_order(client.seller, FR, [{"sku": "LAMP"}])
    answer = client.get(f"/messaging/v1/orders/{french}/attributes", marketplaceIds=FR)
    assert answer.json() == {"buyer": {"locale": "fr-FR"}}


def test_the_role_for_communication_is_needed(client: Client) -> None:
    order_id = buy(client)
    client.amazon.change_seller(client.seller, roles=["Inventory and Order Tracking"])
    assert client.get(f"/messaging/v1/orders/{order_id}", marketplaceIds=DE).status_code == 403


def test_the_resource_may_be_encoded_and_the_checksum_hexadecimal(client: Client) -> None:
    resource = quote(f"/messaging/v1/orders/{buy(client)}/messages/legalDisclosure", safe="")
    query = {"marketplaceIds": DE, "contentMD5": hashlib.md5(FILE, usedforsecurity=False).hexdigest()}
    answer = client.call("POST", f"/uploads/2020-11-01/uploadDestinations/{resource}", query)
    assert answer.status_code == 201
    assert answer.json()["payload"]["headers"] == {"Content-MD5": md5(FILE)}


@pytest.mark.parametrize(
    "query", [{"contentMD5": ""}, {"contentMD5": "short"}, {"contentMD5": "AAAA"}, {"marketplaceIds": f"{DE},{FR}"}]
)
def test_a_place_of_nonsense_is_refused(client: Client, query: dict[str, str]) -> None:
    answer = place(client, buy(client), "warranty", **query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")
    path = "/uploads/2020-11-01/uploadDestinations/reports"
    assert client.call("POST", path, {"marketplaceIds": DE, "contentMD5": md5(FILE)}).status_code == 400


def test_a_place_takes_one_file_for_five_minutes(client: Client) -> None:
    payload = place(client, buy(client), "warranty", contentType="application/pdf").json()["payload"]
    url, headers = payload["url"], payload["headers"]
    assert headers["Content-Type"] == "application/pdf"
    damaged = client.http.put(url, data=FILE + b"!", headers=headers, timeout=10)
    assert (damaged.status_code, "BadDigest" in damaged.text) == (400, True)
    assert client.http.put(url, data=FILE, headers={"Content-Type": "text/plain"}, timeout=10).status_code == 403
    assert client.http.put(url + "0", data=FILE, headers=headers, timeout=10).status_code == 403
    assert client.http.put(url, data=FILE, headers=headers, timeout=10).status_code == 200
    client.amazon.advance(301)
    late = client.http.put(url, data=FILE, headers=headers, timeout=10)
    assert (late.status_code, "expired" in late.text) == (403, True)


def test_messages_and_files_survive_saving_and_loading(client: Client) -> None:
    order_id = buy(client, status="SHIPPED")
    attachments = upload(client, order_id, "invoice")
    client.amazon.load(client.amazon.save())
    assert send(client, order_id, "invoice", {"attachments": attachments}).status_code == 201
    before = client.amazon.messages()
    client.amazon.load(client.amazon.save())
    assert client.amazon.messages() == before
