"""The daily comparison of the shop's products with what they were: it finds what no hook saw.

SQL past the session, another program, a bulk load: the product differs from its fingerprint, and is looked at as if it
had been saved.  The walk goes over the store's listings that have a product, a while each time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Listing, Sku, Store, Stream, StreamName
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, finish, hold
from flask_amazon_channel.rules.reading import next_whole_reading
from flask_amazon_channel.rules.values import ShopProduct
from flask_amazon_channel.sync import facts
from flask_amazon_channel.sync.listings_report import claim_stores
from flask_amazon_channel.sync.product_changes import mark_products
from flask_amazon_channel.sync.visits import visiting

PORTION = 500
WALK_AT_MOST = 20.0
"""Seconds of one visit."""
_GONE = 0

_LISTINGS: sa.Table = Listing.__table__  # type: ignore[assignment]
_REMEMBER = (
    sa.update(_LISTINGS)
    .where(_LISTINGS.c.id == sa.bindparam("listing_id"))
    .values(product_fingerprint=sa.bindparam("fingerprint"))
)


def compare_products(channel: Channel) -> int:
    """Compare the products of the store that is due the longest, a while; return how many stores that were."""
    claimed_stores = claim_stores(channel, StreamName.PRODUCTS, 1)
    for claimed, stream, store in claimed_stores:
        with visiting(
            channel, Stream, claimed, store.account_id, stream.failures, "compare_products", store_id=store.id
        ):
            _walk(channel, stream, store, claimed)
    return len(claimed_stores)


def _walk(channel: Channel, stream: Stream, store: Store, claimed: Claim) -> None:
    session, end = channel.db.session(), time.monotonic() + WALK_AT_MOST
    after, done, new = (stream.paging["after"], stream.rows_done, stream.rows_new) if stream.paging else (0, 0, 0)
    while rows := _listings_after(channel, store.id, after):
        changed = _changed(channel, store, rows)
        after, done, new = rows[-1].id, done + len(rows), new + len(changed)
        so_far = {"paging": {"after": after}, "rows_done": done, "rows_new": new}
        in_transaction(session, partial(_keep, channel, claimed, changed, so_far))
        if time.monotonic() >= end:
            now = channel.clock()
            in_transaction(session, partial(finish, session, Stream, claimed, now, now, **so_far))
            return
    now = channel.clock()
    values = {"paging": None, "complete_at": now, "rows_done": 0, "rows_new": 0, "rows_seen": done}
    in_transaction(session, lambda: finish(session, Stream, claimed, now, next_whole_reading(now, store.id), **values))


def _listings_after(channel: Channel, store_id: int, after: int) -> Sequence[Any]:
    with reading(channel.db.engine) as read:
        return read.execute(
            sa.select(Listing.id, Sku.product_id, Listing.product_fingerprint)
            .join(Sku)
            .where(Listing.store_id == store_id, Listing.id > after, Sku.product_id.is_not(None))
            .order_by(Listing.id)
            .limit(PORTION)
        ).all()


def _changed(channel: Channel, store: Store, rows: Sequence[Any]) -> list[tuple[int, str, int]]:
    """Return listing, product and new fingerprint, where that differs.  One that was never taken differs too."""
    products = facts.ask_shop(channel, [row.product_id for row in rows], store.storefront)
    found = ((row, fingerprint(products.get(row.product_id))) for row in rows)
    return [(row.id, row.product_id, new) for row, new in found if new != row.product_fingerprint]


def _keep(channel: Channel, claimed: Claim, changed: list[tuple[int, str, int]], so_far: dict[str, Any]) -> None:
    session, now = channel.db.session(), channel.clock()
    hold(session, Stream, claimed, now, **so_far)
    if changed:
        mark_products(session, now, {product_id for _, product_id, _ in changed})
        remembered = [{"listing_id": listing_id, "fingerprint": new} for listing_id, _, new in changed]
        session.connection().execute(_REMEMBER, remembered)


def fingerprint(product: ShopProduct | None) -> int:
    """Return a number that another product, most certainly, does not have; 0 for one that does not exist."""
    if product is None:
        return _GONE
    return int.from_bytes(blake2b(repr(product).encode(), digest_size=8).digest(), "big", signed=True) or 1
