"""The listings of a store: a tab for each state, and a search over all of them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import render_template, request

from flask_amazon_channel.admin import paging
from flask_amazon_channel.admin.counts import COUNTED, TABS, per_tab
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ShopRefused
from flask_amazon_channel.models import Listing, Sku, Store
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.state import ListingState

EXPLAINED = frozenset(ListingState) - {ListingState.ACTIVE, ListingState.ENDED, ListingState.NEW_THIRD_PARTY}
"""The states that say why in the list; the others say it by their name."""


def listings(channel: Channel, store: Store) -> str:
    from flask_amazon_channel.sync.decisions import whole_listing

    words, state = paging.words(), _state()
    query = sa.select(Listing).join(Listing.sku).where(Listing.store_id == store.id).options(*whole_listing())
    query = query.where(_matches(words)) if words else query.where(Listing.state == state)
    with reading(channel.db.engine) as session:
        found = paging.page(session, query, Listing.id.asc())
    reasons = _reasons(channel, found.rows)
    return render_template(
        "amazon_channel/listings.html",
        store=store,
        found=found,
        reasons=reasons,
        words=words,
        state=None if words else state,
        counts=per_tab(channel.db.session(), store),
        tabs=TABS,
        not_listed=ListingState.NOT_LISTED,
        counted=COUNTED,
    )


def _state() -> ListingState:
    asked = request.args.get("state", "")
    return ListingState(asked) if asked in list(ListingState) else ListingState.ACTIVE


def _matches(words: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        Sku.sku == words,
        Sku.sku.startswith(words, autoescape=True),
        Listing.asin == words.upper(),
        Listing.title.icontains(words, autoescape=True),
    )


def _reasons(channel: Channel, rows: Sequence[Listing]) -> dict[int, str]:
    """Return why each is where it is.  Where the shop does not answer, the list goes without."""
    from flask_amazon_channel.sync.decisions import decide_listings

    asked = [row for row in rows if row.state in EXPLAINED]
    if not asked:
        return {}
    channel.db.session.rollback()
    try:
        decisions = decide_listings(channel, asked)
    except ShopRefused:
        return {}
    reasons = {}
    for row in asked:
        decision = decisions[row.id]
        if decision.state != row.state:
            reasons[row.id] = f"Becomes {decision.state.label} when it is worked on next."
        elif decision.reason is not None:
            reasons[row.id] = decision.reason.sentence
    return reasons
