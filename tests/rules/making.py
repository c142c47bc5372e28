"""Values for the tests of the rules, with a sensible default for all that a test does not care about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_amazon_channel.rules.amazon import OrderItemSnapshot, OrderSnapshot, ReportedListing
from flask_amazon_channel.rules.listing import ListingFacts
from flask_amazon_channel.rules.settings import OrderRules, StoreRules
from flask_amazon_channel.rules.values import FulfilledBy, ShopProduct

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MFN, FBA = FulfilledBy.MERCHANT, FulfilledBy.AMAZON
US, GB = "ATVPDKIKX0DER", "A1F83G8C2ARO7P"


def make_product(**changes: Any) -> ShopProduct:
    values: dict[str, Any] = {
        "id": "7",
        "sku": "MUG-1",
        "title": "A mug",
        "price": Decimal("19.99"),
        "quantity": 8,
    }
    return ShopProduct(**values | changes)


def make_rules(**changes: Any) -> StoreRules:
    values: dict[str, Any] = {
        "name": "Mugs in America",
        "marketplace_id": US,
        "currency": "USD",
        "shop_currency": "USD",
    }
    return StoreRules(**values | changes)


def make_facts(**changes: Any) -> ListingFacts:
    """A listing that is live at Amazon, showing what the product of `make_product` wants."""
    values: dict[str, Any] = {
        "sku": "MUG-1",
        "asin": "B000MUG001",
        "product_id": "7",
        "on_amazon": True,
        "buyable": True,
        "fulfilled_by": MFN,
        "observed_price": Decimal("19.99"),
        "observed_quantity": 8,
        "observed_at": NOW - 5 * MINUTE,
        "ever_live": True,
        "amazon_status": ("BUYABLE", "DISCOVERABLE"),
    }
    return ListingFacts(**values | changes)


def make_unlisted(**changes: Any) -> ListingFacts:
    """A product that Amazon does not have yet and that could be listed."""
    values: dict[str, Any] = {"sku": "MUG-1", "asin": "B000MUG001", "product_id": "7"}
    return ListingFacts(**values | changes)


def make_item(**changes: Any) -> OrderItemSnapshot:
    values: dict[str, Any] = {
        "order_item_id": "item-1",
        "sku": "MUG-1",
        "asin": "B000MUG001",
        "title": "A mug",
        "quantity_ordered": 3,
        "fulfilled": None,
        "unfulfilled": None,
        "unit_price": Decimal("19.99"),
    }
    return OrderItemSnapshot(**values | changes)


def make_order(*items: OrderItemSnapshot, **changes: Any) -> OrderSnapshot:
    values: dict[str, Any] = {
        "amazon_order_id": "111-2222222-3333333",
        "marketplace_id": US,
        "status": "UNSHIPPED",
        "fulfilled_by": MFN,
        "created_at": NOW - DAY,
        "last_updated_at": NOW - MINUTE,
        "items": items or (make_item(),),
        "currency": "USD",
    }
    return OrderSnapshot(**values | changes)


def make_order_rules(**changes: Any) -> OrderRules:
    values: dict[str, Any] = {"store": "Mugs in America", "currency": "USD"}
    return OrderRules(**values | changes)


def make_row(**changes: Any) -> ReportedListing:
    values: dict[str, Any] = {
        "sku": "MUG-1",
        "asin": "B000MUG001",
        "title": "A mug",
        "price": Decimal("19.99"),
        "quantity": 8,
        "status": "Active",
        "fulfilled_by": MFN,
        "condition": "new_new",
        "product_id": None,
        "product_id_type": None,
        "listing_id": None,
        "opened_at": None,
    }
    return ReportedListing(**values | changes)
