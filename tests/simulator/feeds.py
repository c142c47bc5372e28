"""Feeds as a client sends and reads them, for the tests of feeds."""

import gzip
import json
from pathlib import Path
from typing import Any

import requests

from tests.contract.models import FOLDER

from .conftest import DE, Client

FEEDS = "/feeds/2021-06-30"
SCHEMAS: Path = FOLDER / "schemas" / "feeds"
JSON = "application/json; charset=UTF-8"


def start_upload(client: Client, content_type: str = JSON) -> dict[str, str]:
    answer = client.call("POST", f"{FEEDS}/documents", None, {"contentType": content_type})
    assert answer.status_code == 201, answer.text
    facts: dict[str, str] = answer.json()
    return facts


def put(client: Client, url: str, body: bytes, content_type: str | None = JSON) -> requests.Response:
    headers = {} if content_type is None else {"Content-Type": content_type}
    return client.http.put(url, data=body, headers=headers, timeout=10)


def upload(client: Client, body: bytes, content_type: str = JSON) -> str:
    document = start_upload(client, content_type)
    assert put(client, document["url"], body, content_type).status_code == 200
    return document["feedDocumentId"]


def create(client: Client, kind: str, document_id: str, marketplaces: Any = (DE,)) -> requests.Response:
    body = {"feedType": kind, "marketplaceIds": list(marketplaces), "inputFeedDocumentId": document_id}
    return client.call("POST", f"{FEEDS}/feeds", None, body)


def send(client: Client, kind: str, body: bytes | str, content_type: str = JSON, **more: Any) -> str:
    """Upload and feed; answers the id of the feed."""
    raw = body.encode() if isinstance(body, str) else body
    answer = create(client, kind, upload(client, raw, content_type), **more)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["feedId"])


def get(client: Client, feed_id: str) -> Any:
    answer = client.get(f"{FEEDS}/feeds/{feed_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def wait(client: Client, seconds: float) -> None:
    """Let time pass, and sign in again when a token is needed."""
    client.amazon.advance(seconds)
    client.token = ""


def finish(client: Client, feed_id: str) -> Any:
    """Let so much time pass that the feed has ended."""
    wait(client, 3600)
    feed = get(client, feed_id)
    assert feed["processingStatus"] in ("DONE", "FATAL", "CANCELLED")
    return feed


def result(client: Client, feed: Any) -> bytes:
    facts = client.get(f"{FEEDS}/documents/{feed['resultFeedDocumentId']}").json()
    body = client.download(facts["url"]).content
    return gzip.decompress(body) if facts.get("compressionAlgorithm") == "GZIP" else body


def listings_feed(client: Client, *messages: Any, **header: Any) -> str:
    head = {"sellerId": client.seller, "version": "2.0", **header}
    return json.dumps({"header": head, "messages": list(messages)})


def quantity_message(number: int, sku: str, quantity: int) -> dict[str, Any]:
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
    patch = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
    return {
        "messageId": number,
        "sku": sku,
        "operationType": "PATCH",
        "productType": "PRODUCT",
        "patches": [patch],
    }
