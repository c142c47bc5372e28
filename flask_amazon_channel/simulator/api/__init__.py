"""Amazon's operations, one file for each family.  Importing this package registers them all."""

from flask_amazon_channel.simulator.api import (
    application,
    catalog,
    fba_inventory,
    feeds,
    fees,
    finances,
    fulfillment,
    messaging,
    product_types,
    reports,
    restrictions,
    sales,
    sellers,
    tokens,
    uploads,
)
from flask_amazon_channel.simulator.api.call import ANSWERS, Call
from flask_amazon_channel.simulator.api.listings import reading as listings
from flask_amazon_channel.simulator.api.listings import searching as listing_search
from flask_amazon_channel.simulator.api.listings import writing as listing_writing
from flask_amazon_channel.simulator.api.notifications import destinations, subscriptions
from flask_amazon_channel.simulator.api.orders import reading as orders
from flask_amazon_channel.simulator.api.orders import shipping, v0_reading, v0_updating
from flask_amazon_channel.simulator.api.pricing import competitive_summary, expected_price, v0_offers, v0_prices

__all__ = [
    "ANSWERS",
    "Call",
    "application",
    "catalog",
    "competitive_summary",
    "destinations",
    "expected_price",
    "fba_inventory",
    "feeds",
    "fees",
    "finances",
    "fulfillment",
    "listing_search",
    "listing_writing",
    "listings",
    "messaging",
    "orders",
    "product_types",
    "reports",
    "restrictions",
    "sales",
    "sellers",
    "shipping",
    "subscriptions",
    "tokens",
    "uploads",
    "v0_offers",
    "v0_prices",
    "v0_reading",
    "v0_updating",
]
