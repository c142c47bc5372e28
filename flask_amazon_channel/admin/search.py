"""What a person looks for by its number, from anywhere: a SKU, an ASIN, an order, a product or an order of the shop.

Everything is looked up by an index, whole or by its beginning, in the stores that the person may view.  What was meant
beyond doubt is shown at once, without a list of one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload, selectinload

from flask_amazon_channel.admin import access
from flask_amazon_channel.admin.grid import filters
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AmazonOrder, Listing, Sku

SHOWN = 25
ENOUGH_TO_BEGIN = 3
"""Letters from which on the beginning of a number is looked for, too."""
_DIGITS = re.compile(r"^(\d{3})(\d{7})(\d{7})$")


def search(channel: Channel) -> ResponseReturnValue:
    words = asked()
    listings = _listings(channel, words) if words else []
    orders = _orders(channel, words) if words else []
    if len(listings) + len(orders) == 1:
        return redirect(_page_of(listings, orders), 303)
    return render_template(
        "amazon_channel/search.html",
        words=words,
        listings=listings[:SHOWN],
        orders=orders[:SHOWN],
        more=len(listings) > SHOWN or len(orders) > SHOWN,
        shown=SHOWN,
    )


def asked() -> str:
    """Return what was typed."""
    return request.args.get("q", "").replace("\x00", "").strip()[:100]


def _page_of(listings: Sequence[Listing], orders: Sequence[AmazonOrder]) -> str:
    if listings:
        return url_for("amazon_channel.listing", listing_id=listings[0].id)
    return url_for("amazon_channel.order", order_id=orders[0].id)


def _listings(channel: Channel, words: str) -> Sequence[Listing]:
    """Return the listings with that SKU, ASIN or product; where there are none, those whose SKU begins so."""
    stores = access.visible_stores(channel)
    accounts = {store.account_id for store in stores}
    query = (
        sa.select(Listing)
        .join(Listing.sku)
        .where(Listing.store_id.in_([store.id for store in stores]), Sku.account_id.in_(accounts))
        .options(joinedload(Listing.sku), joinedload(Listing.store))
        .order_by(Sku.sku, Listing.store_id)
        .limit(SHOWN + 1)
    )
    spellings = _spellings(words)
    whole = (Sku.sku.in_(spellings), Listing.asin == words.upper(), Sku.product_id == words)
    found: dict[int, Listing] = {}
    for meant in whole:
        found |= {row.id: row for row in channel.db.session.scalars(query.where(meant))}
    if not found and len(words) >= ENOUGH_TO_BEGIN:
        dialect = channel.db.engine.dialect.name
        begins = sa.or_(*(filters.begins(Sku.sku, spelling, dialect) for spelling in spellings))
        found = {row.id: row for row in channel.db.session.scalars(query.where(begins))}
    return list(found.values())


def _orders(channel: Channel, words: str) -> Sequence[AmazonOrder]:
    """Return the orders with that number, Amazon's (with its dashes or without) or the shop's."""
    query = (
        sa.select(AmazonOrder)
        .where(access.visible_orders(channel))
        .options(selectinload(AmazonOrder.items), joinedload(AmazonOrder.store))
        .order_by(AmazonOrder.purchased_at.desc(), AmazonOrder.id.desc())
        .limit(SHOWN + 1)
    )
    numbers = [words.upper(), _DIGITS.sub(r"\1-\2-\3", words)]
    whole = (AmazonOrder.amazon_order_id.in_(numbers), AmazonOrder.shop_order_id == words)
    found = {row.id: row for meant in whole for row in channel.db.session.scalars(query.where(meant))}
    return list(found.values())


def _spellings(words: str) -> list[str]:
    """SKUs are compared letter by letter; people type them in small letters all the same."""
    return list(dict.fromkeys((words, words.upper(), words.lower())))
