"""Everything that the simulator remembers: plain data, so that it can be saved as JSON.

Moments are seconds since 1970 on the virtual clock.
"""

from dataclasses import dataclass, field
from typing import Any

from flask_amazon_channel.simulator.state.application import AccessToken, Application, Code
from flask_amazon_channel.simulator.state.documents import Document, Report, Schedule
from flask_amazon_channel.simulator.state.fba import Warehouses
from flask_amazon_channel.simulator.state.feeds import Feed
from flask_amazon_channel.simulator.state.finances import Finances
from flask_amazon_channel.simulator.state.fulfillment import Fulfillment
from flask_amazon_channel.simulator.state.market import Market
from flask_amazon_channel.simulator.state.messages import Message, UploadDestination
from flask_amazon_channel.simulator.state.notifications import Notifications
from flask_amazon_channel.simulator.state.orders import Order, Shoppers
from flask_amazon_channel.simulator.state.products import Product, Restriction
from flask_amazon_channel.simulator.state.quotas import Bucket
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.state.settings import Settings
from flask_amazon_channel.simulator.state.shelves import Shelf


@dataclass
class Pending:
    """An effect that comes later: `kind` names it, `facts` are plain."""

    due: float
    kind: str
    facts: dict[str, Any]


@dataclass
class State:
    """Everything that is saved and loaded."""

    seed: int
    application: Application
    sellers: dict[str, Seller] = field(default_factory=dict)
    shelves: dict[str, Shelf] = field(default_factory=dict)  # by seller
    families: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # by seller: parent SKU, child SKUs
    released_product_types: list[str] = field(default_factory=list)  # whose next version is the latest now
    products: dict[str, Product] = field(default_factory=dict)  # by ASIN: known without any listing
    restrictions: list[Restriction] = field(default_factory=list)
    markets: dict[str, Market] = field(default_factory=dict)  # by marketplace and ASIN, where something changed
    offers_seen: dict[str, str] = field(default_factory=dict)  # by marketplace, seller and SKU: as buyers last saw it
    orders: dict[str, Order] = field(default_factory=dict)
    shoppers: dict[str, Shoppers] = field(default_factory=dict)  # by seller and marketplace
    messages: list[Message] = field(default_factory=list)
    uploads: dict[str, UploadDestination] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    feeds: dict[str, Feed] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    warehouses: Warehouses = field(default_factory=Warehouses)
    fulfillment: Fulfillment = field(default_factory=Fulfillment)
    finances: Finances = field(default_factory=Finances)
    notifications: Notifications = field(default_factory=Notifications)
    tokens: dict[str, AccessToken] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    buckets: dict[str, Bucket] = field(default_factory=dict)  # by operation and seller
    counters: dict[str, int] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
