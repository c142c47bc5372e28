"""Products that Amazon does not have: each gets a row in the store, so that its state is seen and explained."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ShopRefused
from flask_amazon_channel.models import Listing, Sku, Store, StoreState
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.rules.values import ShopProduct
from flask_amazon_channel.sync import facts
from flask_amazon_channel.sync.matching import make_aspects
from flask_amazon_channel.sync.shop_calls import described

PORTION = 500
PLANNED = "planned"


def plan_store(channel: Channel, store_id: int) -> int:
    """Walk over the shop's whole catalogue; return how many rows were made."""
    after: str | None = None
    made = 0
    while True:
        try:
            ids = list(channel.shop.product_ids(after, PORTION))
        except Exception as error:
            raise ShopRefused(f"Shop.product_ids failed: {described(error)}") from error
        finally:
            channel.db.session.rollback()
        if not ids or ids[-1] == after:
            return made
        made += plan_products(channel, store_id, ids)
        after = ids[-1]


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
