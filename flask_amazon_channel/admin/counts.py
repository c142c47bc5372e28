"""How many listings are on each tab, and how far the channel has come: the figures of home page and dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models import Aspect, Listing, Store, Stream, StreamName
from flask_amazon_channel.rules.state import ListingState

COUNTED = 10_000
"""Nobody needs to know more exactly, and counting a million rows for every page takes its time."""

TABS = (
    ListingState.ACTIVE,
    ListingState.READY_TO_LIST,
    ListingState.INACTIVE,
    ListingState.INELIGIBLE,
    ListingState.INCOMPLETE,
    ListingState.ENDED,
    ListingState.NEW_THIRD_PARTY,
)
"""A product that is excluded and not at Amazon is on no tab: it has the filter Not listed."""


@dataclass(frozen=True, slots=True)
class Health:
    """How far the channel has come with a store.  `waiting` is the change that has waited longest to be sent."""

    orders: Stream | None
    listings: Stream | None
    waiting: Aspect | None


def per_tab(session: Session, store: Store) -> dict[ListingState, int]:
    """Return the number of listings by state, counted up to one more than `COUNTED`."""
    counted = [
        sa.select(sa.func.count())
        .select_from(
            sa.select(Listing.id)
            .where(Listing.store_id == store.id, Listing.state == state)
            .limit(COUNTED + 1)
            .subquery()
        )
        .scalar_subquery()
        .label(state.value)
        for state in ListingState
    ]
    row = session.execute(sa.select(*counted)).one()
    return dict(zip(ListingState, row, strict=True))


def health(session: Session, store: Store, now: datetime) -> Health:
    """Return how far reading and sending have come."""
    here = sa.select(Listing.id).where(
        Listing.store_id == store.id, sa.or_(Listing.id == Aspect.listing_id, Listing.sku_id == Aspect.sku_id)
    )
    return Health(
        orders=session.scalar(sa.select(Stream).filter_by(account_id=store.account_id, name=StreamName.ORDERS)),
        listings=session.scalar(sa.select(Stream).filter_by(store_id=store.id, name=StreamName.LISTINGS)),
        waiting=session.scalar(
            sa.select(Aspect)
            .where(Aspect.due_at <= now, Aspect.account_id == store.account_id, here.exists())
            .order_by(Aspect.due_at)
            .limit(1)
        ),
    )
