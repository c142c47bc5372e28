"""What the host's own templates may show of Amazon: `amazon_listing(product_id)` and `amazon_order(shop_order_id)`.

Both show only what the current user may view, and nothing at all while the channel's tables are missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for

from flask_amazon_channel.admin.access import VIEW, may, visible_stores
from flask_amazon_channel.admin.links import order_in_seller_central
from flask_amazon_channel.channel import Channel, installed
from flask_amazon_channel.models import AmazonOrder, Listing, Sku
from flask_amazon_channel.rules.state import ListingState


@dataclass(frozen=True, slots=True)
class ListingLink:
    """A listing of a product: `state` is the word for programs, `label` the one for people."""

    store: str
    country: str
    sku: str
    state: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class OrderLink:
    """The Amazon order behind a shop order."""

    amazon_order_id: str
    status: str
    url: str
    seller_central_url: str


def amazon_listing(product_id: object) -> list[ListingLink]:
    """Return the listings of a product in the stores that the current user may view."""
    channel = _ready()
    stores = visible_stores(channel) if channel else []
    if channel is None or not stores:
        return []
    found = channel.db.session.execute(
        sa.select(Listing.id, Listing.store_id, Listing.state, Sku.sku)
        .join(Listing.sku)
        .where(Sku.product_id == str(product_id), Listing.store_id.in_([store.id for store in stores]))
        .order_by(Listing.store_id, Sku.sku)
    )
    by_id = {store.id: store for store in stores}
    return [
        ListingLink(
            store=by_id[row.store_id].name,
            country=by_id[row.store_id].country_code,
            sku=row.sku,
            state=row.state,
            label=ListingState(row.state).label,
            url=url_for("amazon_channel.listing", listing_id=row.id),
        )
        for row in found
    ]


def amazon_order(shop_order_id: object) -> OrderLink | None:
    """Return the Amazon order of a shop order; None for other orders, and for those that the user may not view."""
    channel = _ready()
    if channel is None:
        return None
    order = channel.db.session.scalar(sa.select(AmazonOrder).where(AmazonOrder.shop_order_id == str(shop_order_id)))
    if order is None or not _may_view(channel, order):
        return None
    return OrderLink(
        amazon_order_id=order.amazon_order_id,
        status=order.status,
        url=url_for("amazon_channel.order", order_id=order.id),
        seller_central_url=order_in_seller_central(order),
    )


def _ready() -> Channel | None:
    channel = installed()
    return channel if channel is not None and channel.has_tables() else None


def _may_view(channel: Channel, order: AmazonOrder) -> bool:
    stores = [order.store] if order.store else order.account.stores
    return bool(stores) and all(may(channel, VIEW, store) for store in stores)
