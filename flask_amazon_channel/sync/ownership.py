"""What the channel may send at all: per store and aspect, and per listing, whose the price or the quantity is."""

from __future__ import annotations

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Aspect, AspectName, Listing, Sku, Store
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.sync.freezing import signature

PUBLISHING = {"publishes_price": "prices", "publishes_quantity": "quantities"}
OWNERS = {"price_owner": AspectName.PRICE, "quantity_owner": AspectName.QUANTITY}


def set_publishing(channel: Channel, store: Store, name: str, is_on: bool, *, by: str | None = None) -> None:
    """Let the store send its prices or quantities, or leave them alone.  `name` is one of `PUBLISHING`.  Commits."""
    session, now = channel.db.session(), channel.clock()
    number, about = store.id, {"account_id": store.account_id, "store_id": store.id}
    sentence = f"{store.name} {'sends' if is_on else 'no longer sends'} {PUBLISHING[name]}."

    def keep() -> None:
        session.execute(sa.update(Store).where(Store.id == number).values({name: is_on}))
        listings = sa.select(Listing.id).where(Listing.store_id == number)
        skus = sa.select(Listing.sku_id).where(Listing.store_id == number)
        theirs = Aspect.listing_id.in_(listings) if name == "publishes_price" else Aspect.sku_id.in_(skus)
        mark(session, Aspect, now, theirs)
        note(session, now, "settings", sentence, **about, **signature(channel, by))

    in_transaction(session, keep)
    channel.ring()


def set_owner(channel: Channel, listing: Listing, name: str, owner: Owner, *, by: str | None = None) -> None:
    """Say whose a price is, or the quantity of the SKU in all stores.  `name` is one of `OWNERS`.  Commits."""
    session, now = channel.db.session(), channel.clock()
    is_price = name == "price_owner"
    model: type[Listing] | type[Sku] = Listing if is_price else Sku
    number = listing.id if is_price else listing.sku_id
    old = listing.price_owner if is_price else listing.sku.quantity_owner
    about = {"listing_id": listing.id, "store_id": listing.store_id, "sku_id": listing.sku_id}
    sentence = f"The {OWNERS[name]} is decided by: {owner} (before: {old})."

    def keep() -> None:
        session.execute(sa.update(model).where(model.id == number).values({name: owner}))
        mark(session, Aspect, now, (Aspect.listing_id if is_price else Aspect.sku_id) == number)
        note(session, now, "settings", sentence, **about, **signature(channel, by))

    in_transaction(session, keep)
    channel.ring()
