"""S1: the local Amazon with a million listings: how many calls one core answers, and what a report costs.

The simulator and its floor, an `http.server` that answers as many bytes and does nothing else, are processes of their
own; what counts is the processor's time that they use, not that of the client.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from tests.benchmarks.figures import Figure
from tests.databases import Databases

ROOT = Path(__file__).parents[2]
DE = "A1PA6795UKMFR9"
MILLION = 1_000_000
CALLS = 2000
RATE_MARK = 300
MEMORY_MARK = 300
Call = tuple[str, str, bytes | None]
PARTS = "summaries,attributes,issues,offers,fulfillmentAvailability"


class Served:
    """A client on one connection, and what its server has used so far."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        address = urlsplit(url)
        self.url, self._process = url, process
        self._http = HTTPConnection(str(address.hostname), int(address.port or 0), timeout=60)
        self.headers = {"Content-Type": "application/json", "User-Agent": "benchmark/1 (Language=Python)"}

    def call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        self._http.request(method, path, body, self.headers)
        answer = self._http.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content

    def json(self, method: str, path: str, body: Any = None) -> Any:
        return json.loads(self.call(method, path, None if body is None else json.dumps(body).encode()))

    def used(self) -> dict[str, float]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: dict[str, float] = json.loads(self._process.stdout.readline())
        return found

    def download(self, path: str) -> int:
        """Read a document and hold none of it; returns its bytes."""
        self._http.request("GET", path)
        answer, size = self._http.getresponse(), 0
        while piece := answer.read(1 << 16):
            size += len(piece)
        return size


class Shop(Served):
    """The simulator, and a seller there with a million listings who is signed in."""

    def add_seller(self) -> None:
        began = time.perf_counter()
        seller = self.json("POST", "/_control/sellers", {"marketplaces": [DE], "catalogue": MILLION})
        self.seconds_to_add = time.perf_counter() - began
        self.items = f"/listings/2021-08-01/items/{seller['seller_id']}"
        form = {name: seller[name] for name in ("refresh_token", "client_id", "client_secret")}
        token = self.call("POST", "/auth/o2/token", urlencode({"grant_type": "refresh_token", **form}).encode())
        self.headers["x-amz-access-token"] = json.loads(token)["access_token"]

    def path(self, sku: str) -> str:
        return f"{self.items}/{quote(sku, safe='')}?marketplaceIds={DE}"

    def search_path(self, **query: Any) -> str:
        return f"{self.items}?{urlencode({'marketplaceIds': DE, **query})}"

    def search(self, **query: Any) -> list[tuple[str, str]]:
        """SKUs and product types."""
        found = self.json("GET", self.search_path(**query))["items"]
        return [(each["sku"], each["summaries"][0]["productType"]) for each in found]


Server = TypeVar("Server", bound=Served)


@contextmanager
def served(what: str, client: type[Server]) -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.benchmarks.answering", what]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield client(process.stdout.readline().strip(), process)


def measure(databases: Databases) -> list[Figure]:
    with served("simulator", Shop) as shop:
        shop.add_seller()
        skus = _skus(shop)
        return [*_rates(shop, skus), *_report(shop)]


def _skus(shop: Shop) -> list[tuple[str, str]]:
    """SKUs all over the catalogue, with their product types: of the beginnings of a number, one is right."""
    chance = random.Random(1)
    beginnings = sorted({sku.split("-")[0] for sku, _ in shop.search(pageSize=20)})
    found: list[tuple[str, str]] = []
    while len(found) < CALLS:
        number = chance.randrange(MILLION)
        skus = ",".join(f"{each}-{number:06d}" for each in beginnings)
        found += shop.search(identifiersType="SKU", identifiers=skus)
    return found


def _rates(shop: Shop, skus: list[tuple[str, str]]) -> list[Figure]:
    quantity = {"fulfillment_channel_code": "DEFAULT", "quantity": 7}
    price = {"marketplace_id": DE, "currency": "EUR", "our_price": [{"schedule": [{"value_with_tax": 12.34}]}]}
    pages = [shop.search_path(pageSize=20, sortOrder=("ASC", "DESC")[turn % 2]) for turn in range(CALLS // 10)]
    calls: dict[str, list[Call]] = {
        "getListingsItem": [("GET", f"{shop.path(sku)}&includedData={PARTS}", None) for sku, _ in skus],
        "patchListingsItem, quantities": _patches(shop, skus, "fulfillment_availability", quantity),
        "patchListingsItem, prices": _patches(shop, skus, "purchasable_offer", price),
        "searchListingsItems, 20 a page": [("GET", each, None) for each in pages],
    }
    return [_rate(shop, name, each) for name, each in calls.items()]


def _patches(shop: Shop, skus: list[tuple[str, str]], attribute: str, value: Any) -> list[Call]:
    patches = [{"op": "replace", "path": f"/attributes/{attribute}", "value": [value]}]
    bodies = {kind: json.dumps({"productType": kind, "patches": patches}).encode() for _, kind in skus}
    return [("PATCH", shop.path(sku), bodies[kind]) for sku, kind in skus]


def _rate(shop: Shop, name: str, calls: list[Call]) -> Figure:
    size = len(shop.call(*calls[0]))
    with served(str(size), Served) as floor:
        floor.headers = shop.headers
        for each in calls[:50]:
            floor.call(*each)
        floor_rate = _calls_a_second(floor, calls)[0]
    ours, wall = _calls_a_second(shop, calls)
    notes = (f"{len(calls)} calls, {size} bytes each; {wall:.0f} a second on one connection with its client",)
    mark = RATE_MARK if "search" not in name else 0
    words = f">= {mark} a second" if mark else "-"
    return Figure("S1", name, "calls a second of one core", ours, words, ours >= mark, floor_rate, notes)


def _calls_a_second(server: Served, calls: list[Call]) -> tuple[float, float]:
    """Of the server's processor, and on the clock."""
    before, began = server.used()["cpu"], time.perf_counter()
    for each in calls:
        server.call(*each)
    seconds = time.perf_counter() - began
    return len(calls) / (server.used()["cpu"] - before), len(calls) / seconds


def _report(shop: Shop) -> list[Figure]:
    wanted = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [DE]}
    report = shop.json("POST", "/reports/2021-06-30/reports", wanted)["reportId"]
    began = time.perf_counter()
    shop.json("POST", "/_control/clock", {"advance": 60})
    ready = time.perf_counter() - began
    document_id = shop.json("GET", f"/reports/2021-06-30/reports/{report}")["reportDocumentId"]
    document = shop.json("GET", f"/reports/2021-06-30/documents/{document_id}")
    began = time.perf_counter()
    size = shop.download(document["url"].removeprefix(shop.url))
    seconds, memory = time.perf_counter() - began, shop.used()["memory"]
    notes = (
        f"the seller was added in {shop.seconds_to_add * 1e3:.1f} ms, the report was ready in {ready * 1e3:.1f} ms",
        f"its {size / 1e6:.0f} MB were downloaded in {seconds:.1f} s",
    )
    words = f"<= {MEMORY_MARK} MB"
    return [
        Figure("S2", "a million listings and their report", "MB", memory, words, memory <= MEMORY_MARK, None, notes)
    ]
