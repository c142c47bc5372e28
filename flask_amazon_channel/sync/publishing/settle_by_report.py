"""What the listings report shows of what was sent: live.  It never says that something is not: it may be too old.

What it shows beside that may be news: a change that no search showed is decided on anew.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Aspect, Listing, Sku, Store, Stream, StreamName, Submission
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.sync.decisions import News, tell
from flask_amazon_channel.sync.publishing import observe
from flask_amazon_channel.sync.publishing.next_step import RECEIVED

MORE_THAN_SEARCHES = 200
"""More listings than this are read back by one report: it takes fewer calls, and no longer."""

PORTION = 500


def ask_for_report(session: Session, store: Store, at: datetime) -> None:
    """Let all listings of the store be read by report.  In the caller's transaction."""
    mark(session, Stream, at, Stream.store_id == store.id, Stream.name == StreamName.LISTINGS_REPORT)


def settle_by_report(channel: Channel, store: Store) -> None:
    """Settle what was received and is live in the store, as its listings were read."""
    session, last = channel.db.session(), 0
    while True:
        after = last

        def settle(after: int = after) -> tuple[int, News] | None:
            return _settle_portion(session, store, after, channel.clock())

        portion = in_transaction(session, settle)
        if portion is None:
            break
        last, news = portion
        tell(news)
    in_transaction(session, lambda: _decide_anew(session, store, channel.clock()))


def _decide_anew(session: Session, store: Store, now: datetime) -> None:
    """Make due what is not as the shop wants it, or as it was decided to stand.  In the caller's transaction."""
    is_buyable = Listing.amazon_status.contains("BUYABLE")
    moved = sa.or_(
        sa.and_(Listing.state == ListingState.ACTIVE, ~is_buyable),
        sa.and_(Listing.state == ListingState.INACTIVE, is_buyable),
    )
    other_price = Listing.observed_price_minor != Listing.wanted_price_minor
    other_quantity = Sku.observed_quantity != Sku.wanted_quantity
    mine = (Listing.store_id == store.id, Listing.on_amazon)
    prices = sa.select(Listing.id).where(*mine, sa.or_(moved, other_price) if store.publishes_price else moved)
    skus = sa.select(Listing.sku_id).join(Listing.sku)
    skus = skus.where(*mine, sa.or_(moved, other_quantity) if store.publishes_quantity else moved)
    mark(session, Aspect, now, sa.or_(Aspect.listing_id.in_(prices), Aspect.sku_id.in_(skus)))


def _settle_portion(session: Session, store: Store, after: int, now: datetime) -> tuple[int, News] | None:
    rows = session.scalars(_live(store, after).limit(PORTION).execution_options(populate_existing=True)).all()
    if not rows:
        return None
    by_sku = _listings(session, store, [row.aspect.sku_id for row in rows if row.aspect.sku_id])
    news: News = []
    for row in rows:
        listing = row.aspect.listing or by_sku.get(row.aspect.sku_id or 0)
        if listing is not None:
            news += observe.became_live(session, row.aspect, listing, row, now)
    return rows[-1].id, news


def _live(store: Store, after: int) -> sa.Select[Submission]:
    """Find the newest submissions of aspects, received before their listing was read, that show what was sent."""
    newer = aliased(Submission)
    price_is_live = sa.and_(
        Listing.store_id == store.id,
        Listing.observed_at > Submission.answered_at,
        Listing.observed_price_minor == Submission.price_minor,
    )
    quantity_is_live = sa.and_(
        Sku.account_id == store.account_id,
        Sku.observed_quantity_at > Submission.answered_at,
        Sku.observed_quantity == Submission.quantity,
    )
    return (
        sa.select(Submission)
        .join(Submission.aspect)
        .outerjoin(Aspect.listing)
        .outerjoin(Aspect.sku)
        .where(Submission.state.in_(RECEIVED), Submission.id > after, sa.or_(price_is_live, quantity_is_live))
        .where(~sa.exists().where(newer.aspect_id == Submission.aspect_id, newer.id > Submission.id))
        .options(contains_eager(Submission.aspect).joinedload(Aspect.listing).joinedload(Listing.store))
        .order_by(Submission.id)
    )


def _listings(session: Session, store: Store, sku_ids: list[int]) -> dict[int, Listing]:
    if not sku_ids:
        return {}
    found = sa.select(Listing).where(Listing.store_id == store.id, Listing.sku_id.in_(sku_ids))
    return {row.sku_id: row for row in session.scalars(found.options(joinedload(Listing.store)))}
