"""What waits in an account, and how fast it gets on: the facts for `rules.lanes`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    OPEN_FEEDS,
    Aspect,
    AspectName,
    Feed,
    FeedState,
    Listing,
    ProductChange,
    SellerAccount,
    Sku,
    Store,
    StoreState,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.lanes import FEEDS_WITHIN, FEWEST, MOST_FEEDS, Pace, Waiting, usual_duration
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.spapi.operations import CREATE_FEED, PATCH_LISTINGS_ITEM
from flask_amazon_channel.sync.accounts import allowance
from flask_amazon_channel.sync.publishing.next_step import RECEIVED

LATELY = timedelta(days=1)
PATIENCE = timedelta(minutes=1)
REMEMBERED = 5

_UNREAD = (SubmissionState.INTENT, SubmissionState.UNKNOWN, *RECEIVED)


def more_is_coming(session: Session, now: datetime) -> bool:
    """Say whether changed products wait to be looked at: one feed for all of them is better than several.

    What has waited for a while goes, however much the shop changes meanwhile.
    """
    changed, waited = sa.exists(sa.select(ProductChange.id)), sa.exists().where(Aspect.due_at < now - PATIENCE)
    return bool(session.scalar(sa.select(sa.and_(changed, ~waited))))


def due_for_a_feed(account_id: int, name: str, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions of due aspects that a feed may carry.

    Not those whose last submission must be read back first, nor prices whose offer was never read, nor what was zero
    when it was decided last: that goes by PATCH, at once.
    """
    waits_to_be_read = sa.exists().where(Submission.aspect_id == Aspect.id, Submission.state.in_(_UNREAD))
    where: tuple[sa.ColumnElement[bool], ...] = (
        Aspect.account_id == account_id,
        Aspect.name == name,
        Aspect.due_at <= now,
        sa.or_(Aspect.leased_until.is_(None), Aspect.leased_until < now),
        ~waits_to_be_read,
    )
    if name == AspectName.QUANTITY:
        sends = (
            Sku.fulfilled_by == FulfilledBy.MERCHANT,
            Sku.observed_quantity_at.is_not(None),
            sa.or_(Sku.wanted_quantity.is_(None), Sku.wanted_quantity > 0),
        )
        return (*where, sa.exists().where(Sku.id == Aspect.sku_id, *sends))
    return where


def in_store(name: str, store_id: Any) -> sa.ColumnElement[bool]:
    """Return the condition that the aspect has a listing in the store."""
    is_subject = Listing.sku_id == Aspect.sku_id if name == AspectName.QUANTITY else Listing.id == Aspect.listing_id
    has_offer = [] if name == AspectName.QUANTITY else [Listing.offer_read_at.is_not(None)]
    return sa.exists().where(is_subject, Listing.store_id == store_id, Listing.on_amazon, *has_offer)


def waiting(session: Session, account_id: int, now: datetime) -> list[Waiting]:
    """Return what waits in the account, by aspect and store; nothing where too little waits for any feed."""
    due = (Aspect.account_id == account_id, Aspect.due_at <= now)
    counts = dict(session.execute(sa.select(Aspect.name, sa.func.count()).where(*due).group_by(Aspect.name)).all())
    names = [name for name in AspectName if counts.get(name, 0) >= FEWEST]
    if not names:
        return []
    stores = session.scalars(
        sa.select(Store.id).where(Store.account_id == account_id, Store.state == StoreState.ACTIVE).order_by(Store.id)
    ).all()
    return [
        Waiting(name, store_id, count)
        for name in names
        for store_id in stores
        if (count := _count(session, account_id, name, store_id, now))
    ]


def _count(session: Session, account_id: int, name: str, store_id: int, now: datetime) -> int:
    where = (*due_for_a_feed(account_id, name, now), in_store(name, store_id))
    return session.scalar(sa.select(sa.func.count()).select_from(Aspect).where(*where)) or 0


def pace(channel: Channel, account: SellerAccount, now: datetime) -> Pace:
    """Return how fast the account gets on, by its quota and by the feeds that it had."""
    allowed = allowance(channel, account.seller_id, account.region)
    standing = allowed.standing(PATCH_LISTINGS_ITEM)
    with reading(channel.db.engine) as read:
        mine = Feed.account_id == account.id
        made = read.scalar(sa.select(sa.func.count()).where(mine, Feed.created_at > now - FEEDS_WITHIN)) or 0
        states = read.scalars(sa.select(Feed.state).where(mine, Feed.state.in_(OPEN_FEEDS))).all()
        lately = _durations(read, mine, now)
    return Pace(
        patches_per_second=standing.rate if standing else PATCH_LISTINGS_ITEM.rate,
        patches_at_once=standing.left if standing else PATCH_LISTINGS_ITEM.burst,
        feeds_left=min(MOST_FEEDS - made, allowed.headroom(CREATE_FEED, MOST_FEEDS)),
        feeds_open=len(states),
        feed_takes=usual_duration(lately),
        is_stuck=FeedState.STUCK in states,
    )


def _durations(session: Session, mine: sa.ColumnElement[bool], now: datetime) -> Sequence[timedelta]:
    rows = session.execute(
        sa.select(Feed.submitted_at, Feed.finished_at)
        .where(mine, Feed.submitted_at.is_not(None), Feed.finished_at > now - LATELY)
        .order_by(Feed.id.desc())
        .limit(REMEMBERED)
    ).all()
    return [finished_at - submitted_at for submitted_at, finished_at in rows if finished_at and submitted_at]
