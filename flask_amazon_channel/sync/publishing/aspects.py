"""One aspect at work: the claim, its rows as they were read, and how it is given back."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Aspect, Listing, Submission
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, finish, pause
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.sync.decisions import News, keep_decision, load_listings, tell
from flask_amazon_channel.sync.publishing import newest, wanting
from flask_amazon_channel.sync.visits import give_back


class Rest(NamedTuple):
    """Nothing is sent now: when the aspect is looked at again, what holds it back, and what it remembers.

    `also` is done in the transaction that stores all that.
    """

    again_at: datetime | None
    problem: str | None = None
    remembers: Mapping[str, Any] = {}
    also: Callable[[Session], None] | None = None


@dataclass
class Work:
    """One claimed aspect with its rows, as they were read: `listings` are those that decide on it.

    `overtaken`: after the last submission a feed reported that was left behind, and may have overwritten it.
    `store_id`: the store whose listing Amazon is asked about, if it has one.
    """

    claim: Claim
    aspect: Aspect
    listings: list[Listing]
    last: Submission | None
    overtaken: bool = False
    store_id: int | None = None

    @property
    def listing(self) -> Listing | None:
        """The listing that Amazon is asked about."""
        mine = [listing for listing in self.listings if listing.store_id == self.store_id]
        return wanting.asked_about([*mine, *self.listings])


def load(channel: Channel, claims: Sequence[Claim], store_id: int | None = None) -> list[Work]:
    with reading(channel.db.engine) as read:
        by_id = {one.id: one for one in claims}
        aspects = read.scalars(
            sa.select(Aspect)
            .where(Aspect.id.in_(by_id))
            .options(joinedload(Aspect.sku), joinedload(Aspect.listing))
            .order_by(Aspect.id)
        ).all()
        sku_ids = [aspect.sku_id for aspect in aspects if aspect.sku_id]
        listing_ids = [aspect.listing_id for aspect in aspects if aspect.listing_id]
        listings = load_listings(read, sa.or_(Listing.sku_id.in_(sku_ids), Listing.id.in_(listing_ids)))
        last, overtaken = newest.submissions(read, list(by_id)), newest.overtaken(read, list(by_id))
    by_listing = {row.id: row for row in listings}
    by_sku: dict[int, list[Listing]] = defaultdict(list)
    for row in listings:
        by_sku[row.sku_id].append(row)
    return [
        Work(
            by_id[aspect.id],
            aspect,
            [by_listing[aspect.listing_id]] if aspect.listing_id else by_sku[aspect.sku_id or 0],
            last.get(aspect.id),
            aspect.id in overtaken,
            store_id,
        )
        for aspect in aspects
    ]


def close(
    channel: Channel,
    work: Work,
    decisions: dict[int, Decision],
    now: datetime,
    rest: Rest,
) -> None:
    """Store what was decided, and give the aspect back."""
    session = channel.db.session()

    def store() -> News:
        news = keep_decisions(channel, work, decisions, now)
        keep_rest(session, work, now, rest)
        return news

    tell(in_transaction(session, store))


def keep_rest(session: Session, work: Work, now: datetime, rest: Rest) -> None:
    """Give the aspect back with what holds it back.  In the caller's transaction."""
    # What a person let through is let through until it was sent, or is no longer wanted.
    past = {"drastic_value": None} if rest.problem else {"drastic_value": None, "released_value": None}
    finish(session, Aspect, work.claim, now, rest.again_at, problem=rest.problem, **{**past, **rest.remembers})
    if rest.also is not None:
        rest.also(session)


def keep_decisions(channel: Channel, work: Work, decisions: dict[int, Decision], now: datetime) -> News:
    session = channel.db.session()
    news: News = []
    for listing in work.listings:
        news += keep_decision(session, listing, decisions[listing.id], now)
    wanting.keep_wanted_quantity(session, work.aspect, work.listings, decisions)
    return news


def put_back(
    channel: Channel,
    claims: Sequence[Claim],
    problem: str,
    *,
    counts: bool = True,
    wait: timedelta | None = None,
) -> None:
    """Give claimed aspects back undone: after `wait`, or each with a pause of its own."""
    with reading(channel.db.engine) as read:
        ids = [one.id for one in claims]
        failures = dict(read.execute(sa.select(Aspect.id, Aspect.failures).where(Aspect.id.in_(ids))).all())
    for one in claims:
        own = pause(failures[one.id], random.random())
        give_back(channel, Aspect, one, own if wait is None else wait, problem, counts=counts)
