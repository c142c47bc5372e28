"""A store begins or stops to take part, is put away and taken out again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import AmazonOrder, Aspect, Listing, Store, StoreState, Stream, StreamName
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.sync import history


def activate(channel: Channel, store: Store, *, by: str | None = None, undoes: str | None = None) -> None:
    """Let the store take part: its listings are read soon, then prices and quantities are kept in step.  Commits."""
    session, now = channel.db.session(), channel.clock()
    if not store.account.is_connected:
        raise ConfigurationError(phrase("The account is disconnected: connect it again first."))
    if store.state == StoreState.ARCHIVED:
        raise ConfigurationError(phrase("{store} is archived: take it out of the archive first.", store=store.name))
    _become(channel, store, StoreState.ACTIVE, by, undoes)
    store.activated_at = store.activated_at or now
    begin_reading(session, store, now)
    orders = session.scalar(sa.select(Stream).filter_by(account_id=store.account_id, name=StreamName.ORDERS))
    if orders is not None:
        orders.due_at = now
    decide_anew(channel, store)
    _bring_waiting_orders(channel, store)
    _tell(channel, store, "activated", phrase("{store} takes part.", store=store.name), by)
    session.commit()
    channel.ring()


def _become(channel: Channel, store: Store, state: StoreState, by: str | None, undoes: str | None = None) -> None:
    """Change the state and keep who did it.  What is being deleted does not come back."""
    if store.state == StoreState.DELETING:
        channel.db.session.rollback()
        raise ConfigurationError(phrase("The store is being deleted."))
    history.keep(channel, store, {"state": str(store.state)}, {"state": str(state)}, by=by, undoes=undoes)
    store.state, store.chosen_at = state, None
    channel.db.session.flush()


def begin_reading(session: Session, store: Store, now: datetime) -> None:
    """All listings by report first; then what changed, and the shop's catalogue, follow from it."""
    streams = {stream.name: stream for stream in session.scalars(sa.select(Stream).filter_by(store_id=store.id))}
    for name in (StreamName.LISTINGS_REPORT, StreamName.LISTINGS, StreamName.CATALOGUE, StreamName.PRODUCTS):
        if name not in streams:
            streams[name] = Stream(store_id=store.id, name=name)
            session.add(streams[name])
    if store.imported_at is None:
        streams[StreamName.LISTINGS_REPORT].due_at = now
    elif streams[StreamName.LISTINGS].position is not None:
        streams[StreamName.LISTINGS].due_at = now


def deactivate(channel: Channel, store: Store, *, by: str | None = None, undoes: str | None = None) -> None:
    """Let the store rest: nothing of it is read or sent; everything stays stored.  Commits."""
    _rest(channel, store, StoreState.INACTIVE, "deactivated", phrase("{store} rests.", store=store.name), by, undoes)


def archive(channel: Channel, store: Store, *, by: str | None = None, undoes: str | None = None) -> None:
    """Put the store away: it rests, and is shown among the archived ones only; everything stays stored.  Commits."""
    _rest(channel, store, StoreState.ARCHIVED, "archived", phrase("{store} is archived.", store=store.name), by, undoes)


def take_out(channel: Channel, store: Store, *, by: str | None = None, undoes: str | None = None) -> None:
    """Take the store out of the archive; it rests until it is activated.  Commits."""
    if store.state != StoreState.ARCHIVED:
        return
    _rest(
        channel,
        store,
        StoreState.INACTIVE,
        "taken_out",
        phrase("{store} is out of the archive.", store=store.name),
        by,
        undoes,
    )


def _rest(
    channel: Channel, store: Store, state: StoreState, action: str, sentence: str, by: str | None, undoes: str | None
) -> None:
    session = channel.db.session()
    _become(channel, store, state, by, undoes)
    decide_anew(channel, store)
    _tell(channel, store, action, sentence, by)
    session.commit()


def _bring_waiting_orders(channel: Channel, store: Store) -> None:
    """Orders that came while the store rested and still wait to be shipped become shop orders."""
    mark(
        channel.db.session(),
        AmazonOrder,
        channel.clock(),
        AmazonOrder.store_id == store.id,
        AmazonOrder.shop_order_id.is_(None),
        AmazonOrder.wants_shop_order.is_(True),
        AmazonOrder.status.in_(("UNSHIPPED", "PARTIALLY_SHIPPED")),
    )


def _tell(channel: Channel, store: Store, action: str, sentence: str, by: str | None) -> None:
    about = {"account_id": store.account_id, "store_id": store.id}
    note(channel.db.session(), channel.clock(), action, sentence, **about, **history.signature(channel, by))


def decide_anew(channel: Channel, store: Store) -> None:
    """Its listings, and the quantities of their SKUs, which other stores share, are decided anew."""
    session, now = channel.db.session(), channel.clock()
    mark(session, Aspect, now, Aspect.listing_id.in_(sa.select(Listing.id).where(Listing.store_id == store.id)))
    mark(session, Aspect, now, Aspect.sku_id.in_(sa.select(Listing.sku_id).where(Listing.store_id == store.id)))
