"""Products that Amazon does not have: each gets a row in the store, so that its state is seen and explained.

Changed products are looked at when they change; once a day the whole catalogue is walked over, which finds those that
came without anybody seeing it, or before the channel was installed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Listing, Sku, Store, StoreState, Stream, StreamName
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, finish, hold
from flask_amazon_channel.rules.reading import next_whole_reading
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.rules.values import ShopProduct
from flask_amazon_channel.sync import facts
from flask_amazon_channel.sync.listings_report import claim_stores
from flask_amazon_channel.sync.matching import make_aspects
from flask_amazon_channel.sync.shop_calls import shop_failed
from flask_amazon_channel.sync.visits import visiting

PORTION = 500
WALK_AT_MOST = 20.0
"""Seconds of one visit: what is urgent must not wait behind a big catalogue."""
PLANNED = "planned"


def walk_catalogues(channel: Channel) -> int:
    """Walk over the shop's catalogue for the store that is due the longest, a while; return how many that were."""
    claimed_stores = claim_stores(channel, StreamName.CATALOGUE, 1)
    for claimed, stream, store in claimed_stores:
        with visiting(
            channel, Stream, claimed, store.account_id, stream.failures, "walk_catalogues", store_id=store.id
        ):
            _walk(channel, stream, store.id, claimed)
    return len(claimed_stores)


def _walk(channel: Channel, stream: Stream, store_id: int, claimed: Claim) -> None:
    """Go on after the product that the last visit came to."""
    session, end = channel.db.session(), time.monotonic() + WALK_AT_MOST
    after: str | None = stream.paging["after"] if stream.paging else None
    done, made = (stream.rows_done, stream.rows_new) if stream.paging else (0, 0)
    while ids := _product_ids(channel, after):
        made += plan_products(channel, store_id, ids)
        after, done, now = ids[-1], done + len(ids), channel.clock()
        so_far = {"paging": {"after": after}, "rows_done": done, "rows_new": made}
        if time.monotonic() >= end:
            in_transaction(session, partial(finish, session, Stream, claimed, now, now, **so_far))
            return
        in_transaction(session, partial(hold, session, Stream, claimed, now, **so_far))
    now = channel.clock()
    values = {"paging": None, "complete_at": now, "rows_done": 0, "rows_new": 0, "rows_seen": done}
    again_at = next_whole_reading(now, store_id)
    in_transaction(session, lambda: finish(session, Stream, claimed, now, again_at, **values))


def _product_ids(channel: Channel, after: str | None) -> list[str]:
    try:
        ids = list(channel.shop.product_ids(after, PORTION))
    except Exception as error:
        raise shop_failed("product_ids", error) from error
    finally:
        channel.db.session.rollback()
    # A shop that goes round in circles would never let us end.
    return [] if ids and ids[-1] == after else ids


def plan_in_all_stores(channel: Channel, product_ids: Sequence[str]) -> int:
    """Make the rows that changed products lack, in every active store whose listings were read once."""
    with reading(channel.db.engine) as read:
        stores = read.scalars(
            sa.select(Store.id).where(Store.state == StoreState.ACTIVE, Store.imported_at.is_not(None))
        ).all()
    return sum(plan_products(channel, store_id, product_ids) for store_id in stores)


def plan_products(channel: Channel, store_id: int, product_ids: Sequence[str]) -> int:
    """Make a SKU and a listing, not at Amazon, for those of the products that have none in the store."""
    with reading(channel.db.engine) as read:
        store = read.get_one(Store, store_id)
        listed = (
            sa.select(Sku.product_id)
            .join(Listing, Listing.sku_id == Sku.id)
            .where(Listing.store_id == store_id, Sku.product_id.in_(product_ids))
        )
        missing = sorted(set(product_ids) - set(read.scalars(listed)))
    if not missing:
        return 0
    products = facts.ask_shop(channel, missing, store.storefront)
    return in_transaction(channel.db.session(), lambda: _make(channel, store, list(products.values())))


def _make(channel: Channel, store: Store, products: list[ShopProduct]) -> int:
    session, now = channel.db.session(), channel.clock()
    known = {
        row.sku: row
        for row in session.scalars(
            sa.select(Sku).where(Sku.account_id == store.account_id, Sku.sku.in_([one.sku for one in products]))
        )
    }
    made = []
    for product in products:
        sku = known.get(product.sku)
        if sku is None:
            sku = Sku(account_id=store.account_id, sku=product.sku, product_id=product.id, matched_by=PLANNED)
            session.add(sku)
        elif sku.product_id != product.id:
            # The SKU is another product's at Amazon, or waits there for a person: nothing is planned over it.
            continue
        made.append(Listing(store_id=store.id, sku=sku, title=product.title[:500], state=ListingState.INCOMPLETE))
    session.add_all(made)
    session.flush()
    make_aspects(session, now, Sku.id.in_([listing.sku_id for listing in made]))
    return len(made)
