"""How many listings are on each tab."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models import Listing, Store
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


_BY_STATE = sa.select(
    *[
        sa.select(sa.func.count())
        .select_from(
            sa.select(Listing.id)
            .where(Listing.store_id == sa.bindparam("store_id"), Listing.state == state)
            .limit(COUNTED + 1)
            .subquery()
        )
        .scalar_subquery()
        .label(state.value)
        for state in ListingState
    ]
)


def per_tab(session: Session, store: Store) -> dict[ListingState, int]:
    """Return the number of listings by state, counted up to one more than `COUNTED`."""
    row = session.execute(_BY_STATE, {"store_id": store.id}).one()
    return dict(zip(ListingState, row, strict=True))
