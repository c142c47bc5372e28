"""The orders, of one store or of all."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from flask import render_template, request
from sqlalchemy.orm import joinedload, selectinload

from flask_amazon_channel.admin import access, paging
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AmazonOrder, Store

ATTENTION = sa.or_(
    AmazonOrder.problem.is_not(None),
    sa.and_(
        AmazonOrder.cancellation_requested_at.is_not(None),
        AmazonOrder.status.in_(("PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED")),
    ),
    sa.and_(AmazonOrder.oversold_at.is_not(None), AmazonOrder.status.in_(("PENDING", "UNSHIPPED"))),
)
"""A person should look: it is not in the shop, its buyer asks to cancel, or there is too little stock for it."""

FILTERS: Mapping[str, tuple[str, sa.ColumnElement[bool]]] = {
    "attention": ("Needs attention", ATTENTION),
    "pending": ("Pending", AmazonOrder.status.in_(("PENDING", "PENDING_AVAILABILITY"))),
    "unshipped": ("Unshipped", AmazonOrder.status.in_(("UNSHIPPED", "PARTIALLY_SHIPPED"))),
    "shipped": ("Shipped", AmazonOrder.status == "SHIPPED"),
    "cancelled": ("Cancelled", AmazonOrder.status.in_(("CANCELLED", "UNFULFILLABLE"))),
}


def orders(channel: Channel) -> str:
    return _page(channel, access.visible_orders(channel), None)


def store_orders(channel: Channel, store: Store) -> str:
    return _page(channel, AmazonOrder.store_id == store.id, store)


def _page(channel: Channel, scope: sa.ColumnElement[bool], store: Store | None) -> str:
    words, chosen = paging.words(), request.args.get("status", "")
    query = sa.select(AmazonOrder).where(scope).options(selectinload(AmazonOrder.items), joinedload(AmazonOrder.store))
    if words:
        query = query.where(sa.or_(AmazonOrder.amazon_order_id == words, AmazonOrder.shop_order_id == words))
    elif chosen in FILTERS:
        query = query.where(FILTERS[chosen][1])
    found = paging.page(channel.db.session(), query, AmazonOrder.purchased_at.desc(), AmazonOrder.id.desc())
    return render_template(
        "amazon_channel/orders.html",
        found=found,
        store=store,
        words=words,
        chosen=chosen if chosen in FILTERS and not words else "",
        filters=FILTERS,
    )
