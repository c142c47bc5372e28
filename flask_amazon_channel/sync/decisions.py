"""Ask the rules about listings: the one way, for sending and for explaining."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Listing, Store
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.decision import Decision, decide
from flask_amazon_channel.rules.money import to_minor
from flask_amazon_channel.rules.phrases import Word, phrase
from flask_amazon_channel.rules.values import ShopProduct
from flask_amazon_channel.signals import Announcement, announce, listing_status_changed
from flask_amazon_channel.sync import facts, permission

News = list[tuple[Announcement, dict[str, object]]]
"""What is to be announced once the transaction that it belongs to is committed."""


def tell(news: News) -> None:
    """Announce what was committed."""
    for signal, about in news:
        announce(signal, **about)


def whole_listing() -> tuple[LoaderOption, ...]:
    """Load with a listing all that the rules need.

    The store by a statement of its own: joined, its many columns would come once more with each of its listings.
    """
    return (
        selectinload(Listing.store).joinedload(Store.account),
        joinedload(Listing.sku),
        selectinload(Listing.issues),
    )


def load_listings(session: Session, *where: sa.ColumnElement[bool]) -> list[Listing]:
    """Return listings with all that the rules need."""
    return list(session.scalars(sa.select(Listing).where(*where).options(*whole_listing()).order_by(Listing.id)))


def decide_listings(channel: Channel, listings: Sequence[Listing]) -> dict[int, Decision]:
    """Return what the rules say now, by listing id.  No transaction may be open; `ShopRefused` where nobody knows."""
    with reading(channel.db.engine) as session:
        accounts = {listing.store.account_id for listing in listings}
        read_until = {account_id: facts.orders_read_until(session, account_id) for account_id in accounts}
        held = facts.held(session, [listing.sku.product_id for listing in listings if listing.sku.product_id])
        sent = facts.not_live(session, [row.sku_id for row in listings], [row.id for row in listings])
        stores = {listing.store_id: listing.store for listing in listings}
        stopped = {number: permission.stopped(session, channel, store) for number, store in stores.items()}
    products = _products(channel, listings)
    listing_rule = facts.listing_rules(channel, stores.values())
    rules = {
        number: facts.store_rules(
            store,
            channel.shop.currency,
            facts.exchange_rate(channel, store.currency),
            stopped[number],
            listing_rule.get(number),
        )
        for number, store in stores.items()
    }
    now = channel.clock()
    decisions = {}
    for listing in listings:
        product_id = listing.sku.product_id
        underway = [sent[key] for key in (("sku", listing.sku_id), ("listing", listing.id)) if key in sent]
        decisions[listing.id] = decide(
            products[listing.store.storefront].get(product_id) if product_id else None,
            held.get(product_id, 0) if product_id else 0,
            facts.listing_facts(listing.sku, listing, underway),
            rules[listing.store_id],
            read_until[listing.store.account_id],
            now,
        )
    return decisions


def _products(channel: Channel, listings: Sequence[Listing]) -> dict[str | None, dict[str, ShopProduct]]:
    wanted: dict[str | None, set[str]] = defaultdict(set)
    for listing in listings:
        wanted[listing.store.storefront] |= {listing.sku.product_id} if listing.sku.product_id else set()
    return {
        storefront: facts.ask_shop(channel, sorted(ids), storefront) if ids else {}
        for storefront, ids in wanted.items()
    }


def keep_decision(session: Session, listing: Listing, decision: Decision, now: datetime) -> News:
    """Store state and wanted price with the listing, where they differ from what was loaded."""
    price = decision.price.value
    values = {
        "state": decision.state,
        "note": decision.note,
        "wanted_price_minor": None if price is None else to_minor(price, listing.store.currency),
    }
    if all(getattr(listing, name) == value for name, value in values.items()):
        return []
    session.execute(sa.update(Listing).where(Listing.id == listing.id).values(**values, decided_at=now))
    if listing.state == decision.state:
        return []
    reason = decision.reason.sentence if decision.reason else phrase("It can be bought.")
    note(
        session,
        now,
        "state",
        phrase("{state}: {reason}", state=Word(decision.state.label), reason=reason),
        store_id=listing.store_id,
        listing_id=listing.id,
        sku_id=listing.sku_id,
    )
    about = {"listing_id": listing.id, "old": str(listing.state), "new": str(decision.state)}
    return [(listing_status_changed, about)]
