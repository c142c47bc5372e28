"""What the processing report says of each message, stored: refused, received, or not a word.

A message is known by its id and its SKU together.  Received is a receipt and no more: what the report shows live is
settled at once, the rest is read back.  Of what was left behind nothing is waited for; it may have overwritten what was
sent since, so that is sent once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import BadDocument, NotFound
from flask_amazon_channel.models import Aspect, Feed, FeedState, Listing, Sku, Store, Submission, SubmissionState
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, finish, hold, mark
from flask_amazon_channel.rules.amazon import ObservedListing
from flask_amazon_channel.rules.feeds import FeedProgress, Outcome, Outcomes, ProcessingReport
from flask_amazon_channel.rules.money import to_minor
from flask_amazon_channel.rules.phrases import Phrase, joined, phrase
from flask_amazon_channel.signals import listing_rejected
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.sync.decisions import News, tell, whole_listing
from flask_amazon_channel.sync.publishing import newest, observe, wanting
from flask_amazon_channel.sync.publishing.read_back import READ_BACK_AFTER
from flask_amazon_channel.sync.publishing.settle_by_report import MORE_THAN_SEARCHES, ask_for_report

PORTION = 200

REPORTS_WITHIN = timedelta(minutes=10)
"""The listings report is there by then, mostly; what it did not show live is read back by search."""

NOTHING_KNOWN = ProcessingReport(processed=0, accepted=0, invalid=0)


@dataclass
class Tally:
    """What became of the messages of a portion, by the aspects to be looked at again now and a little later."""

    now: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    news: News = field(default_factory=list)


def keep_results(channel: Channel, client: AmazonClient, feed: Feed, claimed: Claim, seen: FeedProgress) -> None:
    """Fetch the report of a feed that is DONE, once, and store what became of each message."""
    report = _report(client, feed, seen)
    outcomes = Outcomes(report, feed.messages)
    unseen = _number_not_live(channel, feed, report)
    read_after = READ_BACK_AFTER if unseen <= MORE_THAN_SEARCHES else REPORTS_WITHIN
    last, session = 0, channel.db.session()
    while True:
        keep = partial(_keep_portion, channel, feed, claimed, report, outcomes, read_after, last)
        portion = in_transaction(session, keep)
        if portion is None:
            break
        last, news = portion
        tell(news)
    in_transaction(session, lambda: _close(channel, feed, claimed, report, unseen))


def _report(client: AmazonClient, feed: Feed, seen: FeedProgress) -> ProcessingReport:
    """A report that cannot be read says nothing: then Amazon is asked about every SKU."""
    if seen.result_document_id is None:
        return NOTHING_KNOWN
    try:
        return client.processing_report(seen.result_document_id, feed.marketplace_id)
    except (BadDocument, NotFound):
        return NOTHING_KNOWN


def _keep_portion(
    channel: Channel,
    feed: Feed,
    claimed: Claim,
    report: ProcessingReport,
    outcomes: Outcomes,
    read_after: timedelta,
    after: int,
) -> tuple[int, News] | None:
    """Store the outcome of the next messages; return the last one's id, or None when there are no more."""
    session, now = channel.db.session(), channel.clock()
    rows = session.execute(
        sa.select(Submission, Sku.sku)
        .join(Sku, Sku.id == Submission.message_id)
        .where(Submission.feed_id == feed.id, Submission.answered_at.is_(None), Submission.id > after)
        .where(Submission.state.in_((SubmissionState.INTENT, SubmissionState.SUPERSEDED)))
        .order_by(Submission.id)
        .limit(PORTION)
        .with_for_update(of=Submission)
    ).all()
    if not rows:
        return None
    listings = _listings(session, feed, [row.Submission.message_id or 0 for row in rows])
    aspects = _aspects(session, [row.Submission.aspect_id for row in rows])
    newest_ids = newest.ids(session, list(aspects))
    tally = Tally()
    for submission, sku in rows:
        message_id = submission.message_id or 0
        outcome = outcomes.of(message_id, sku)
        tally.counts[outcome] += 1
        shown = None if report.listings is None else report.listings.get(sku)
        listing = listings.get(message_id)
        if submission.state == SubmissionState.SUPERSEDED:
            _was_left_behind(submission, outcome, newest_ids[submission.aspect_id], now, tally)
        elif outcome is Outcome.REFUSED:
            _was_refused(session, submission, listing, outcomes, sku, now, tally)
        elif outcome is Outcome.ACCEPTED:
            _was_received(session, submission, aspects[submission.aspect_id], listing, shown, now, tally)
        else:
            submission.state = SubmissionState.UNKNOWN
            submission.problem = phrase("The feed's report does not mention it.")
            tally.now.append(submission.aspect_id)
    session.flush()
    _count(session, claimed, now, tally)
    mark(session, Aspect, now, Aspect.id.in_(tally.now))
    _read_back_at(session, now + read_after, tally.later)
    return rows[-1].Submission.id, tally.news


def _listings(session: Session, feed: Feed, sku_ids: Sequence[int]) -> dict[int, Listing]:
    found = session.scalars(
        sa.select(Listing)
        .join(Store)
        .where(Listing.sku_id.in_(sku_ids), *_stores(feed))
        .options(*whole_listing())
        .execution_options(populate_existing=True)
    )
    return {listing.sku_id: listing for listing in found}


def _aspects(session: Session, ids: Sequence[int]) -> dict[int, Aspect]:
    found = sa.select(Aspect).where(Aspect.id.in_(ids)).execution_options(populate_existing=True)
    return {aspect.id: aspect for aspect in session.scalars(found)}


def _was_left_behind(submission: Submission, outcome: Outcome, newest_id: int, now: datetime, tally: Tally) -> None:
    submission.answered_at = now
    if outcome is Outcome.REFUSED:
        submission.state = SubmissionState.INVALID
    else:
        submission.overtook_id = newest_id
        tally.now.append(submission.aspect_id)


def _was_refused(
    session: Session,
    submission: Submission,
    listing: Listing | None,
    outcomes: Outcomes,
    sku: str,
    now: datetime,
    tally: Tally,
) -> None:
    issues = outcomes.issues_of(submission.message_id or 0, sku)
    problem = next(issue.message for issue in issues if issue.severity == "ERROR")
    submission.state, submission.open_aspect_id, submission.answered_at = SubmissionState.INVALID, None, now
    submission.problem = problem
    tally.now.append(submission.aspect_id)
    if listing is None:
        return
    session.flush()
    observe.keep_issues(session, listing, issues, now, submission.id)
    _tell_the_diary(session, submission, listing, problem, now)
    aspect = "quantity" if submission.price_minor is None else "price"
    about: dict[str, object] = {"listing_id": listing.id, "aspect": aspect, "submission_id": submission.id}
    tally.news.append((listing_rejected, about))


def _was_received(
    session: Session,
    submission: Submission,
    aspect: Aspect,
    listing: Listing | None,
    shown: ObservedListing | None,
    now: datetime,
    tally: Tally,
) -> None:
    submission.state, submission.open_aspect_id, submission.answered_at = SubmissionState.ACCEPTED, None, now
    if listing is not None:
        _tell_the_diary(session, submission, listing, None, now)
        if shown is not None and (shown.issues or listing.issues):
            tally.news += observe.keep_observation(session, listing, shown, now)
        elif shown is not None:
            tally.news += observe.show(listing, shown, now)
            if _is_live(shown, submission.price_minor, submission.quantity, listing.store.currency):
                tally.news += observe.became_live(session, aspect, listing, submission, now)
    if submission.state == SubmissionState.ACCEPTED:
        tally.later.append(submission.aspect_id)
    elif aspect.generation != submission.generation or aspect.problem is not None:
        tally.now.append(submission.aspect_id)


def _tell_the_diary(
    session: Session, submission: Submission, listing: Listing, problem: str | None, now: datetime
) -> None:
    note(
        session,
        now,
        "quantity" if submission.price_minor is None else "price",
        wanting.sentence(submission, listing, problem is None, problem),
        store_id=listing.store_id,
        listing_id=listing.id,
        sku_id=listing.sku_id,
    )


def _count(session: Session, claimed: Claim, now: datetime, tally: Tally) -> None:
    """Count the portion, with the proof that the feed is still ours."""
    hold(
        session,
        Feed,
        claimed,
        now,
        accepted=Feed.accepted + tally.counts[Outcome.ACCEPTED],
        refused=Feed.refused + tally.counts[Outcome.REFUSED],
        missing=Feed.missing + tally.counts[Outcome.MISSING],
    )


def _read_back_at(session: Session, moment: datetime, aspect_ids: Sequence[int]) -> None:
    """Make the aspects due then, unless they are sooner."""
    sooner = sa.or_(Aspect.due_at.is_(None), Aspect.due_at > moment)
    session.execute(
        sa.update(Aspect)
        .where(Aspect.id.in_(aspect_ids), sooner)
        .values(due_at=moment)
        .execution_options(synchronize_session=False)
    )


def _number_not_live(channel: Channel, feed: Feed, report: ProcessingReport) -> int:
    """Return how many of the messages are not live in the report, which was made at once after them."""
    shown = report.listings or {}
    with reading(channel.db.engine) as read:
        currency = read.scalars(sa.select(Store.currency).where(*_stores(feed))).one()
        sent = read.execute(
            sa.select(Sku.sku, Submission.price_minor, Submission.quantity)
            .join(Sku, Sku.id == Submission.message_id)
            .where(Submission.feed_id == feed.id)
        ).all()
    return sum(not _is_live(shown.get(sku), price, quantity, currency) for sku, price, quantity in sent)


def _is_live(seen: ObservedListing | None, price: int | None, quantity: int | None, currency: str) -> bool:
    if seen is None:
        return False
    if price is None:
        return seen.quantity == quantity
    return seen.price is not None and to_minor(seen.price, currency) == price


def _stores(feed: Feed) -> tuple[sa.ColumnElement[bool], ...]:
    return (Store.account_id == feed.account_id, Store.marketplace_id == feed.marketplace_id)


def _close(channel: Channel, feed: Feed, claimed: Claim, report: ProcessingReport, unseen: int) -> None:
    session, now = channel.db.session(), channel.clock()
    if unseen > MORE_THAN_SEARCHES:
        store = session.scalars(sa.select(Store).where(*_stores(feed))).one()
        ask_for_report(session, store, now + READ_BACK_AFTER)
    done = session.get_one(Feed, feed.id, populate_existing=True)
    whole = " ".join(report.whole_feed())
    note(session, now, "feed", joined([_done(done), whole]), account_id=feed.account_id)
    finish(session, Feed, claimed, now, state=FeedState.DONE, finished_at=now, problem=whole or None)


def _done(feed: Feed) -> Phrase:
    text = "{feed} is done: of {messages} changes Amazon received {accepted}."
    if feed.refused and feed.missing:
        text = (
            "{feed} is done: of {messages} changes Amazon received {accepted}, refused {refused}, and said nothing of "
            "{missing}."
        )
    elif feed.refused:
        text = "{feed} is done: of {messages} changes Amazon received {accepted}, refused {refused}."
    elif feed.missing:
        text = "{feed} is done: of {messages} changes Amazon received {accepted}, and said nothing of {missing}."
    return phrase(
        text,
        feed=feed.called,
        messages=feed.messages,
        accepted=feed.accepted,
        refused=feed.refused,
        missing=feed.missing,
    )
