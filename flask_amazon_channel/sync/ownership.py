"""What the channel may send at all: per store and aspect, and per listing, whose the price or the quantity is."""

from __future__ import annotations

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Aspect, AspectName, Listing, Sku, Store
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.rules.phrases import Word, phrase
from flask_amazon_channel.sync import history
from flask_amazon_channel.sync.history import signature
from flask_amazon_channel.sync.settings.changing import change

PUBLISHING = {"publishes_price": "prices", "publishes_quantity": "quantities"}
OWNERS = {"price_owner": AspectName.PRICE, "quantity_owner": AspectName.QUANTITY}

_WORDS = {
    Owner.SHOP: Word("the shop"),
    Owner.AMAZON: Word("Amazon"),
    Owner.REPRICER: Word("another repricer"),
    Owner.PERSON: Word("a person"),
}


def set_publishing(channel: Channel, store: Store, name: str, is_on: bool, *, by: str | None = None) -> None:
    """Let the store send its prices or quantities, or leave them alone.  `name` is one of `PUBLISHING`.  Commits."""
    change(channel, store, {name: is_on}, by=by)


def set_owner(
    channel: Channel, listing: Listing, name: str, owner: Owner, *, by: str | None = None, undoes: str | None = None
) -> None:
    """Say whose a price is, or the quantity of the SKU in all stores.  `name` is one of `OWNERS`.  Commits."""
    session, now = channel.db.session(), channel.clock()
    is_price = name == "price_owner"
    model: type[Listing] | type[Sku] = Listing if is_price else Sku
    number = listing.id if is_price else listing.sku_id
    about = {"listing_id": listing.id, "store_id": listing.store_id, "sku_id": listing.sku_id}

    def keep() -> None:
        what: Listing | Sku = listing if is_price else listing.sku
        session.refresh(what, [name])
        old = getattr(what, name)
        session.execute(sa.update(model).where(model.id == number).values({name: owner}))
        mark(session, Aspect, now, (Aspect.listing_id if is_price else Aspect.sku_id) == number)
        text = "Who decides the price: {owner} (before: {old})."
        if not is_price:
            text = "Who decides the quantity: {owner} (before: {old})."
        sentence = phrase(text, owner=_WORDS[owner], old=_WORDS[Owner(old)])
        note(session, now, "settings", sentence, **about, **signature(channel, by))
        history.keep(channel, what, {name: old}, {name: str(owner)}, by=by, undoes=undoes)

    in_transaction(session, keep)
    channel.ring()
