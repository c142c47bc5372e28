"""One visit to a feed: what is known of it, and what follows from that."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonRejected, BadDocument
from flask_amazon_channel.models import (
    OPEN_FEEDS,
    AccountState,
    Aspect,
    Feed,
    FeedState,
    SellerAccount,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, claim, finish, hold, mark
from flask_amazon_channel.rules.feeds import FeedProgress, FeedStatus, ours_among
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.signals import account_needs_attention, announce
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.feed_calls import LISTINGS_FEED
from flask_amazon_channel.sync.accounts import client_for
from flask_amazon_channel.sync.publishing.feeds import results
from flask_amazon_channel.sync.publishing.feeds.hand_over import keep_id
from flask_amazon_channel.sync.publishing.feeds.let_go import let_go, send_once_more
from flask_amazon_channel.sync.publishing.feeds.pauses import (
    CLOCKS_DIFFER,
    CREATED_WITHIN,
    LOOK_AFTER,
    STUCK_IN_PROGRESS,
    STUCK_IN_QUEUE,
    look_again_after,
)
from flask_amazon_channel.sync.visits import visiting


def follow(channel: Channel) -> int:
    """Visit the feeds that are due; return how many."""
    connected = sa.select(SellerAccount.id).where(SellerAccount.state == AccountState.CONNECTED)
    is_open = Feed.state.in_(OPEN_FEEDS)
    claims = claim(channel.db.session(), Feed, channel.clock(), 5, is_open, Feed.account_id.in_(connected))
    for one in claims:
        _visit(channel, one)
    return len(claims)


def _visit(channel: Channel, claimed: Claim) -> None:
    with reading(channel.db.engine) as read:
        feed = read.get_one(Feed, claimed.id)
        account = read.get_one(SellerAccount, feed.account_id)
    client = client_for(channel, account.id, account.seller_id, account.region)
    with visiting(channel, Feed, claimed, account.id, feed.failures, "feeds"):
        if feed.state == FeedState.INTENT:
            let_go(channel, feed.id, claimed, phrase("The worker stopped before anything left."))
        elif feed.state == FeedState.UPLOADED:
            _find_again(channel, client, feed, claimed)
        else:
            _look(channel, client, feed, claimed)


def _find_again(channel: Channel, client: AmazonClient, feed: Feed, claimed: Claim) -> None:
    """The document is at Amazon, and nobody knows whether a feed was made of it."""
    session = channel.db.session()
    assert feed.uploaded_at is not None
    with reading(channel.db.engine) as read:
        mine = sa.select(Feed.amazon_feed_id).where(Feed.account_id == feed.account_id)
        known = {one for one in read.scalars(mine) if one}
    found, token = client.get_feeds(LISTINGS_FEED, feed.uploaded_at - CLOCKS_DIFFER)
    while token is not None:
        more, token = client.get_feeds(LISTINGS_FEED, page_token=token)
        found += more
    now = channel.clock()
    ours = ours_among(found, feed.marketplace_id, known)
    if ours is not None:
        keep_id(channel, feed.id, claimed, ours.feed_id)
    elif now - feed.uploaded_at >= CREATED_WITHIN:
        let_go(channel, feed.id, claimed, phrase("Amazon never created it."))
    else:
        why = phrase("Waiting to learn whether Amazon created it.")
        again_at = feed.uploaded_at + CREATED_WITHIN
        in_transaction(session, lambda: finish(session, Feed, claimed, now, again_at, problem=why))


def _look(channel: Channel, client: AmazonClient, feed: Feed, claimed: Claim) -> None:
    assert feed.amazon_feed_id is not None
    assert feed.submitted_at is not None
    seen, now = client.get_feed(feed.amazon_feed_id), channel.clock()
    age = now - feed.submitted_at
    if seen.status is FeedStatus.DONE:
        results.keep_results(channel, client, feed, claimed, seen)
    elif seen.status is FeedStatus.FATAL:
        _end_fatally(channel, client, feed, claimed, seen)
    elif seen.status is FeedStatus.CANCELLED:
        let_go(channel, feed.id, claimed, phrase("Amazon cancelled it before anything was done."))
    elif seen.status is FeedStatus.IN_QUEUE and age >= STUCK_IN_QUEUE:
        _take_back(channel, client, feed, claimed)
    elif seen.status is FeedStatus.IN_PROGRESS and age >= STUCK_IN_PROGRESS and feed.state == FeedState.SUBMITTED:
        _route_around(channel, feed, claimed, now)
    else:
        session = channel.db.session()
        again_at = now + look_again_after(age, feed.state == FeedState.STUCK)
        in_transaction(session, lambda: finish(session, Feed, claimed, now, again_at, problem=feed.problem))


def _take_back(channel: Channel, client: AmazonClient, feed: Feed, claimed: Claim) -> None:
    """Cancel a feed that waits too long.  Whether Amazon did so is seen at the next look."""
    session, now = channel.db.session(), channel.clock()
    assert feed.amazon_feed_id is not None
    problem = phrase("It waits too long and is cancelled.")
    in_transaction(session, lambda: hold(session, Feed, claimed, now, problem=problem))
    client.cancel_feed(feed.amazon_feed_id)
    in_transaction(session, lambda: finish(session, Feed, claimed, now, now + LOOK_AFTER))


def _route_around(channel: Channel, feed: Feed, claimed: Claim, now: datetime) -> None:
    """Leave the feed behind: what it carries goes by PATCH, and once more if the feed ever reports."""
    session = channel.db.session()
    text = (
        "Feed {feed} has been in progress since {at} and holds up every other feed; its changes go one by one. Ask "
        "Amazon's selling partner support about this feed id."
    )
    problem = phrase(text, feed=feed.amazon_feed_id, at=feed.submitted_at)

    def leave_behind() -> None:
        waiting = (Submission.feed_id == feed.id, Submission.state == SubmissionState.INTENT)
        mark(session, Aspect, now, Aspect.id.in_(sa.select(Submission.aspect_id).where(*waiting)))
        session.execute(
            sa.update(Submission)
            .where(*waiting)
            .values(state=SubmissionState.SUPERSEDED, open_aspect_id=None)
            .execution_options(synchronize_session=False)
        )
        again_at = now + look_again_after(now - now, True)
        finish(session, Feed, claimed, now, again_at, state=FeedState.STUCK, problem=problem)
        note(session, now, "feed", problem, account_id=feed.account_id)

    in_transaction(session, leave_behind)
    announce(account_needs_attention, account_id=feed.account_id, problem=problem)


def _end_fatally(channel: Channel, client: AmazonClient, feed: Feed, claimed: Claim, seen: FeedProgress) -> None:
    """Some, none or all of it was carried out, so all of it is sent again, whatever Amazon shows meanwhile."""
    session, why = channel.db.session(), _reason(client, feed, seen)
    now = channel.clock()
    problem = phrase("Amazon gave up the feed: {why}", why=why)

    def end() -> None:
        send_once_more(session, feed.id, now, problem)
        finish(session, Feed, claimed, now, state=FeedState.FATAL, finished_at=now, problem=problem)
        note(
            session,
            now,
            "feed",
            phrase("{feed}: {problem}", feed=feed.called, problem=problem),
            account_id=feed.account_id,
        )

    in_transaction(session, end)


def _reason(client: AmazonClient, feed: Feed, seen: FeedProgress) -> str:
    if seen.result_document_id is None:
        return phrase("it said no reason.")
    try:
        report = client.processing_report(seen.result_document_id, feed.marketplace_id)
    except (AmazonRejected, BadDocument) as error:
        return phrase("its reason cannot be read ({why})", why=str(error))
    return " ".join(report.whole_feed()) or phrase("it said no reason.")
