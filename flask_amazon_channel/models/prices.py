"""Which price a listing had when, as far as it was read back from Amazon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models.listings import Listing
from flask_amazon_channel.models.work import Aspect, AspectName, Submission

AT_MOST = 1000


def shown(session: Session, listing: Listing, since: datetime) -> Sequence[tuple[datetime, int]]:
    """Return since when Amazon showed which price, rising: the last one before `since`, and those after it.

    They are ours that were seen there, and at the end the one that was seen last, whoever set it.
    """
    ours = (
        sa.select(Submission.live_at, Submission.price_minor)
        .join(Aspect, Submission.aspect_id == Aspect.id)
        .where(
            Aspect.listing_id == listing.id,
            Aspect.name == AspectName.PRICE,
            Submission.live_at.is_not(None),
            Submission.price_minor.is_not(None),
        )
        .order_by(Submission.live_at.desc())
        .limit(AT_MOST)
    )
    rows = session.execute(ours).all()[::-1]
    found = [(at, price) for at, price in rows if at is not None and price is not None]
    last, seen = listing.observed_price_minor, listing.observed_at
    if last is not None and seen is not None and (not found or (found[-1][1] != last and found[-1][0] < seen)):
        found.append((seen, last))
    earlier = [point for point in found if point[0] < since]
    return [*earlier[-1:], *(point for point in found if point[0] >= since)]
