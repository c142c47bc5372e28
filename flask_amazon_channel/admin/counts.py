"""How many listings are on each tab."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models import Listing, Store
from flask_amazon_channel.rules.state import ListingState

COUNTED = 10_000
"""Nobody needs to know more exactly, and counting a million rows for every page takes its time."""

COUNTED_BESIDE = 1_000
"""So far the tabs beside a list count, which is asked for again and again; it counts its own rows further."""

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


_BY_STATE = sa.select(
    *[
        sa.select(sa.func.count())
        .select_from(
            sa.select(Listing.id)
            .where(Listing.store_id == sa.bindparam("store_id"), Listing.state == state)
            .limit(sa.bindparam("limit"))
            .subquery()
        )
        .scalar_subquery()
        .label(state.value)
        for state in ListingState
    ]
)


def per_tab(session: Session, store: Store, *, counted: int) -> dict[ListingState, int]:
    """Return the number of listings by state, counted up to one more than `counted`."""
    row = session.execute(_BY_STATE, {"store_id": store.id, "limit": counted + 1}).one()
    return dict(zip(ListingState, row, strict=True))
