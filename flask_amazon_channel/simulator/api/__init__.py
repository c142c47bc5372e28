"""Amazon's operations, one file for each family.  Importing this package registers them all."""

from flask_amazon_channel.simulator.api import (
    application,
    fba_inventory,
    feeds,
    fulfillment,
    product_types,
    reports,
    sellers,
    tokens,
)
from flask_amazon_channel.simulator.api.call import ANSWERS, Call
from flask_amazon_channel.simulator.api.listings import reading as listings
from flask_amazon_channel.simulator.api.listings import searching as listing_search
from flask_amazon_channel.simulator.api.listings import writing as listing_writing
from flask_amazon_channel.simulator.api.notifications import destinations, subscriptions
from flask_amazon_channel.simulator.api.orders import reading as orders
from flask_amazon_channel.simulator.api.orders import shipping, v0_reading, v0_updating

__all__ = [
    "ANSWERS",
    "Call",
    "catalog",
    "application",
    "destinations",
    "fba_inventory",
    "feeds",
    "fulfillment",
    "listing_search",
    "listing_writing",
    "listings",
    "orders",
    "product_types",
    "reports",
    "restrictions",
    "sellers",
    "shipping",
    "subscriptions",
]
