"""A feed is made: due aspects are decided in bulk, and what is to be sent is stored as messages of the feed.

Nothing leaves before all of it is stored.  Of a worker that stops in between nothing has left: `follow` puts it back.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonError, OutcomeUnknown, SendingStopped, ShopRefused
from flask_amazon_channel.models import (
    AccountState,
    Aspect,
    AspectName,
    Feed,
    Listing,
    SellerAccount,
    Store,
    Submission,
)
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import LEASE, Claim, claim, finish_all, hold
from flask_amazon_channel.rules.lanes import MOST_BYTES, MOST_MESSAGES, Pace, Way, is_worth_a_feed, lanes
from flask_amazon_channel.sync import permission
from flask_amazon_channel.sync.accounts import client_for
from flask_amazon_channel.sync.decisions import News, decide_listings, tell
from flask_amazon_channel.sync.publishing.aspects import Rest, Work, keep_decisions, load
from flask_amazon_channel.sync.publishing.feeds.hand_over import hand_over
from flask_amazon_channel.sync.publishing.feeds.let_go import forget, let_go
from flask_amazon_channel.sync.publishing.feeds.waiting import due_for_a_feed, in_store, more_is_coming, pace, waiting
from flask_amazon_channel.sync.publishing.next_step import Send, next_step
from flask_amazon_channel.sync.visits import visiting

log = logging.getLogger(__name__)

PORTION = 500
FRAME_BYTES = 200
"""What a message and its SKU take beside its patch, at most about."""


@dataclass
class Making:
    """A feed that is being made, and the claims of what it does not carry."""

    feed_id: int
    claim: Claim
    account: SellerAccount
    store: Store
    aspect: str
    messages: int = 0
    size: int = 0
    left: list[Claim] = field(default_factory=list)

    def takes(self, patch: object) -> bool:
        """Count the message in if there is room for it."""
        size = len(json.dumps(patch, default=str)) + FRAME_BYTES
        if self.messages >= MOST_MESSAGES or self.size + size > MOST_BYTES:
            return False
        self.messages, self.size = self.messages + 1, self.size + size
        return True

    @property
    def is_full(self) -> bool:
        return self.messages >= MOST_MESSAGES or self.size + 2 * FRAME_BYTES > MOST_BYTES


def collect(channel: Channel) -> int:
    """Make feeds in an account where they finish sooner than patches; return how many messages they carry.

    In one account with each visit, and first where none was made for the longest time: it takes a while.
    """
    newest = sa.select(sa.func.max(Feed.id)).where(Feed.account_id == SellerAccount.id).scalar_subquery()
    in_turn = sa.func.coalesce(newest, 0), SellerAccount.id
    with reading(channel.db.engine) as read:
        if more_is_coming(read, channel.clock()):
            return 0
        connected = sa.select(SellerAccount).where(SellerAccount.state == AccountState.CONNECTED)
        accounts = read.scalars(connected.order_by(*in_turn)).all()
    return next((carried for account in accounts if (carried := _collect_in(channel, account))), 0)


def _collect_in(channel: Channel, account: SellerAccount) -> int:
    """Try each group that should go by feed.  What is due need not differ, so each answer changes what still waits."""
    now, tried, carried = channel.clock(), set[tuple[str, int]](), 0
    while True:
        with reading(channel.db.engine) as read:
            groups = [one for one in waiting(read, account.id, now) if (one.aspect, one.store_id) not in tried]
        how_fast = pace(channel, account, now) if groups else None
        lane = next((lane for lane in lanes(groups, how_fast) if lane.way is Way.FEED), None) if how_fast else None
        if lane is None or how_fast is None:
            return carried
        tried.add((lane.waiting.aspect, lane.waiting.store_id))
        with reading(channel.db.engine) as read:
            store = read.get_one(Store, lane.waiting.store_id)
        making = _begin(channel, account, store, lane.waiting.aspect)
        with visiting(channel, Feed, making.claim, account.id, 0, "feeds"):
            carried += _make(channel, making, how_fast)


def _begin(channel: Channel, account: SellerAccount, store: Store, aspect: str) -> Making:
    session, now = channel.db.session(), channel.clock()

    def begin() -> int:
        feed = Feed(account_id=account.id, aspect=aspect, marketplace_id=store.marketplace_id, created_at=now)
        feed.due_at, feed.leased_until, feed.lease_epoch = now, now + LEASE, 1
        session.add(feed)
        session.flush()
        return feed.id

    feed_id = in_transaction(session, begin)
    return Making(feed_id, Claim(feed_id, 1, 0), account, store, aspect)


def _make(channel: Channel, making: Making, how_fast: Pace) -> int:
    try:
        _fill(channel, making)
    except (ShopRefused, SendingStopped) as error:
        log.info("The feed carries what was collected until then: %s", error)
    finally:
        _release(channel, making)
    if not is_worth_a_feed(_stored(channel, making), how_fast):
        forget(channel, making.feed_id)
        return 0
    account = making.account
    client = client_for(channel, account.id, account.seller_id, account.region)
    try:
        hand_over(channel, client, making.feed_id, making.claim, account, making.store)
    except OutcomeUnknown:
        # Perhaps Amazon has it: `follow` asks.
        raise
    except (AmazonError, SendingStopped) as error:
        let_go(channel, making.feed_id, making.claim, str(error))
        raise
    return making.messages


def _stored(channel: Channel, making: Making) -> int:
    with reading(channel.db.engine) as read:
        return read.get_one(Feed, making.feed_id).messages


def _fill(channel: Channel, making: Making) -> None:
    where = (
        *due_for_a_feed(making.account.id, making.aspect, channel.clock()),
        in_store(making.aspect, making.store.id),
    )
    while not making.is_full:
        claims = claim(channel.db.session(), Aspect, channel.clock(), PORTION, *where)
        if not claims:
            return
        # Whatever happens, they are given back at the end; those that were done by then are left alone.
        making.left += claims
        _collect_portion(channel, making, claims)


def _collect_portion(channel: Channel, making: Making, claims: list[Claim]) -> None:
    """Decide on a portion, and store what came of it in one transaction."""
    session, now = channel.db.session(), channel.clock()
    works = load(channel, claims, making.store.id)
    decisions = decide_listings(channel, _listings(works))
    steps = [(work, next_step(channel, work, decisions, now)) for work in works]
    sent = [
        (work, step)
        for work, step in steps
        if isinstance(step, Send) and _rides(work, step, making) and making.takes(step.patch)
    ]
    rests = [(work, step) for work, step in steps if isinstance(step, Rest)]

    def store() -> News:
        permission.require(session, channel, making.account.id, making.store.id)
        hold(session, Feed, making.claim, now, messages=making.messages)
        news: News = []
        done = [(work.claim, rest.again_at, {"problem": rest.problem, **rest.remembers}) for work, rest in rests]
        finish_all(session, Aspect, now, [*done, *((work.claim, send.wish.changes_at, {}) for work, send in sent)])
        session.add_all(_submission(work, send, making, now) for work, send in sent)
        session.flush()
        for _, rest in rests:
            if rest.also is not None:
                rest.also(session)
        for work in works:
            news += keep_decisions(channel, work, decisions, now)
        return news

    tell(in_transaction(session, store))
    done = {work.claim for work, _ in rests} | {work.claim for work, _ in sent}
    making.left = [one for one in making.left if one not in done]


def _rides(work: Work, step: Send, making: Making) -> bool:
    """Say whether the feed may carry it: zeros go by PATCH, and the listing must be the feed's store's."""
    is_zero = making.aspect == AspectName.QUANTITY and step.wish.value == 0
    return not is_zero and work.listing is not None and work.listing.store_id == making.store.id


def _submission(work: Work, send: Send, making: Making, now: datetime) -> Submission:
    assert work.listing is not None
    return Submission(
        aspect_id=work.aspect.id,
        open_aspect_id=work.aspect.id,
        generation=work.claim.generation,
        marketplace_id=making.store.marketplace_id,
        patches=[send.patch],
        feed_id=making.feed_id,
        message_id=work.listing.sku_id,
        created_at=now,
        **send.wish.columns(making.store.currency),
    )


def _release(channel: Channel, making: Making) -> None:
    """Give back what the feed does not carry, due as it was."""
    session = channel.db.session()
    session.rollback()

    def release() -> None:
        for one in making.left:
            session.execute(
                sa.update(Aspect)
                .where(Aspect.id == one.id, Aspect.lease_epoch == one.epoch)
                .values(leased_until=None)
                .execution_options(synchronize_session=False)
            )

    if making.left:
        in_transaction(session, release)


def _listings(works: list[Work]) -> list[Listing]:
    return list({listing.id: listing for work in works for listing in work.listings}.values())
