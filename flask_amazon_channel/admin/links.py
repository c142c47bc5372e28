"""Where a thing can be looked at or changed."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import url_for

from flask_amazon_channel.admin import access
from flask_amazon_channel.admin.words import say
from flask_amazon_channel.channel import current
from flask_amazon_channel.models import AmazonOrder, Listing, Store
from flask_amazon_channel.models.alerts import Alert
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.spapi.marketplaces import MARKETPLACES

log = logging.getLogger(__name__)


class Link(NamedTuple):
    """`url` is empty where there is no page for it."""

    text: str
    url: str = ""


def product(product_id: str | None) -> str:
    """Return the shop's own page of a product, if the shop has told us where it is."""
    return _shop_says("product_url", product_id)


def shop_order(shop_order_id: str | None) -> str:
    """Return the shop's own page of an order, if the shop has told us where it is."""
    return _shop_says("order_url", shop_order_id)


def _shop_says(method: str, subject: str | None) -> str:
    """A shop that fails to say so costs us the link, not the page."""
    ask: Any = getattr(current().shop, method, None)
    if ask is None or subject is None:
        return ""
    try:
        return str(ask(subject) or "")
    except Exception:
        log.exception("Shop.%s failed", method)
        return ""


def at_amazon(listing: Listing) -> str:
    """Return the page on which buyers see it."""
    return f"https://{listing.store.domain}/dp/{quote(listing.asin, safe='')}" if listing.asin else ""


def seller_central(marketplace_id: str) -> str:
    marketplace = MARKETPLACES.get(marketplace_id)
    return marketplace.seller_central if marketplace else ""


def seller_central_pages(store: Store) -> list[Link]:
    """Return the pages of Seller Central that a store's owner needs now and then."""
    address = seller_central(store.marketplace_id)
    taxes = "/tax/nexus/settings" if store.country_code == "US" else "/tax/registrations"
    pages = (
        (say("Shipping"), "/sbr#shipping_templates"),
        (say("Taxes"), taxes),
        (say("Payments"), "/payments/dashboard/index.html"),
        (say("Notifications"), "/notifications/preferences"),
        (say("Category approval"), "/hz/myqdashboard"),
    )
    return [Link(text, address + path) for text, path in pages] if address else []


def listing_in_seller_central(listing: Listing) -> str:
    address = seller_central(listing.store.marketplace_id)
    return f"{address}/myinventory/inventory?searchTerm={quote(listing.sku.sku, safe='')}" if address else ""


def order_in_seller_central(order: AmazonOrder) -> str:
    address = seller_central(order.marketplace_id)
    return f"{address}/orders-v3/order/{quote(order.amazon_order_id, safe='')}" if address else ""


def remedy(reason: Reason, listing: Listing) -> Link | None:
    """Return where a reason can be put right."""
    store, shop_page = listing.store, product(listing.sku.product_id)
    places = {
        "account": Link(say("The account"), url_for("amazon_channel.account", account_id=store.account_id)),
        "mass-change": Link(say("The store"), url_for("amazon_channel.store", store_id=store.id)),
        "amazon": Link(say("Seller Central"), listing_in_seller_central(listing)),
        "conditions": Link(say("Conditions of the store"), _settings(store, "eligible")),
        "exchange-rates": Link(say("Exchange rates of the shop")),
        "listing": Link(say("This listing")),
        "listing-rule": Link(
            say("Listing rule of the store"), url_for("amazon_channel.listing_rule", store_id=store.id)
        ),
        "matching": Link(say("Product of this listing"), "#product"),
        "order": Link(say("The order")),
        "order-import": Link(say("Order import of the store"), _settings(store, "orders")),
        "orders": Link(say("How far orders were read"), url_for("amazon_channel.store", store_id=store.id) + "#health"),
        "price": Link(say("Price in the shop"), shop_page),
        "price-guards": Link(say("Price guards of the store"), _settings(store, "guards")),
        "product": Link(say("Product in the shop"), shop_page),
        "publishing": Link(say("Publishing of the store"), _settings(store, "sending")),
        "stock": Link(say("Stock in the shop"), shop_page),
        "store": Link(say("The store"), url_for("amazon_channel.store", store_id=store.id)),
    }
    return places.get(reason.see)


_OF_STORE = {
    "alerts": "store_settings",
    "failures": "failures",
    "listing-rule": "listing_rule",
    "orders": "store_orders",
    "report": "listings_report",
    "runs": "store_runs",
}
_OF_ACCOUNT = {"alerts": "account_settings", "quotas": "quotas", "runs": "account_runs"}


def of_alert(alert: Alert) -> str:
    """Return where what an alert tells of is to be seen; empty where there is no page for it."""
    if alert.order_id is not None:
        return url_for("amazon_channel.order", order_id=alert.order_id)
    if alert.store_id is not None:
        return url_for(f"amazon_channel.{_OF_STORE.get(alert.see, 'store')}", store_id=alert.store_id)
    if alert.account_id is not None:
        return url_for(f"amazon_channel.{_OF_ACCOUNT.get(alert.see, 'account')}", account_id=alert.account_id)
    return ""


def _settings(store: Store, section: str) -> str:
    """Return where a setting is changed; for whoever may not, where it is shown."""
    if access.may(current(), access.ADMINISTER, store):
        return url_for("amazon_channel.store_settings", store_id=store.id, _anchor=section)
    return url_for("amazon_channel.store", store_id=store.id, _anchor="settings")
