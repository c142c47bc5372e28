"""Amazon's own example answers are read without loss."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from flask_amazon_channel.spapi.answers import read_json
from flask_amazon_channel.spapi.parse import parse_participations, parse_report
from flask_amazon_channel.spapi.parse_listings import parse_listing, parse_listings_page, parse_receipt
from flask_amazon_channel.spapi.parse_orders import parse_order, parse_orders_page

CHECKOUT = Path(__file__).parents[2]
MODELS = Path(os.environ.get("AMAZON_MODELS") or CHECKOUT.parent / "shared" / "sp-api-models") / "models"

pytestmark = pytest.mark.skipif(not MODELS.is_dir(), reason="Amazon's models are not here: set AMAZON_MODELS")


def examples(file, operation):
    """The answers of an operation's successes in Amazon's static sandbox."""
    paths = json.loads((MODELS / file).read_text())["paths"]
    (described,) = [
        method
        for path in paths.values()
        for method in path.values()
        if isinstance(method, dict) and method.get("operationId") == operation
    ]
    found = described["responses"]["200"].get("x-amzn-api-sandbox", {}).get("static", [])
    answers = [read_json(json.dumps(example["response"]).encode()) for example in found]
    assert answers
    return answers


def test_orders_are_all_readable():
    for answer in examples("orders_2026-01-01.json", "searchOrders"):
        page = parse_orders_page(answer)
        assert page.unreadable == ()
        assert len(page.orders) == len(answer["orders"])
        assert page.read_until is not None
    for answer in examples("orders_2026-01-01.json", "getOrder"):
        assert parse_order(answer["order"]).amazon_order_id == answer["order"]["orderId"]


def test_listings_and_receipts_are_all_readable():
    for answer in examples("listingsItems_2021-08-01.json", "getListingsItem"):
        assert parse_listing(answer, answer["summaries"][0]["marketplaceId"]).sku == answer["sku"]
    for answer in examples("listingsItems_2021-08-01.json", "searchListingsItems"):
        page = parse_listings_page(answer, "ATVPDKIKX0DER")
        assert page.unreadable == ()
        assert len(page.listings) == len(answer["items"])
    for answer in examples("listingsItems_2021-08-01.json", "patchListingsItem"):
        assert parse_receipt(answer).status == answer["status"]


def test_participations_and_reports_are_all_readable():
    for answer in examples("sellers.json", "getMarketplaceParticipations"):
        assert len(parse_participations(answer)) == len(answer["payload"])
    for answer in examples("reports_2021-06-30.json", "getReport"):
        assert parse_report(answer).status == answer["processingStatus"]
