"""Sending: the intent is stored, the patch leaves, and what became of it is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import (
    AccountDisconnected,
    AmazonRejected,
    AmazonUnavailable,
    OutcomeUnknown,
    SendingStopped,
)
from flask_amazon_channel.models import Aspect, Listing, Submission, SubmissionState
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import LeaseLost, finish, hold, postpone
from flask_amazon_channel.rules.amazon import Receipt, SubmissionStatus
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.signals import listing_rejected
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.operations import PATCH_LISTINGS_ITEM
from flask_amazon_channel.sync import permission, runs
from flask_amazon_channel.sync.decisions import News, tell
from flask_amazon_channel.sync.publishing import observe, wanting
from flask_amazon_channel.sync.publishing.aspects import Work, keep_decisions
from flask_amazon_channel.sync.publishing.read_back import READ_BACK_AFTER
from flask_amazon_channel.sync.visits import wait_after


def submit(
    channel: Channel,
    client: AmazonClient,
    work: Work,
    wish: wanting.Wish,
    patch: dict[str, Any],
    decisions: dict[int, Decision],
    *,
    urgent: bool = False,
) -> None:
    """Send the patch.

    `AccountDisconnected` where Amazon no longer lets us in, `AmazonUnavailable` where the quota is used up: nothing was
    sent then.
    """
    listing = work.listing
    assert listing is not None
    client.take(PATCH_LISTINGS_ITEM, urgent=urgent)
    submission_id = _intend(channel, work, wish, patch, decisions, channel.clock())
    product_type = listing.sku.product_type or "PRODUCT"
    try:
        receipt = client.patch_listings_item(
            listing.sku.sku, [listing.store.marketplace_id], product_type, [patch], taken=True
        )
    except OutcomeUnknown as error:
        _remain_open(channel, work, submission_id, error)
    except AmazonRejected as error:
        _answered(channel, work, listing, submission_id, None, error)
    except (AmazonUnavailable, AccountDisconnected, SendingStopped) as error:
        _never_left(channel, work, submission_id, error)
        if isinstance(error, AccountDisconnected):
            raise
    else:
        _answered(channel, work, listing, submission_id, receipt, None)


def _intend(
    channel: Channel,
    work: Work,
    wish: wanting.Wish,
    patch: dict[str, Any],
    decisions: dict[int, Decision],
    now: datetime,
) -> int:
    """Store what is about to be sent, with the proof that the claim still stands; the patch leaves right after."""
    session = channel.db.session()
    listing = work.listing
    assert listing is not None

    def intend() -> tuple[int, News]:
        permission.require(session, channel, work.aspect.account_id, listing.store_id)
        hold(session, Aspect, work.claim, now)
        if work.last is not None and work.last.waits_for_feed:
            _leave_behind(session, work.last.id)
        submission = Submission(
            aspect_id=work.aspect.id,
            open_aspect_id=work.aspect.id,
            generation=work.claim.generation,
            state=SubmissionState.INTENT,
            marketplace_id=listing.store.marketplace_id,
            patches=[patch],
            created_at=now,
            **wish.columns(listing.store.currency),
        )
        session.add(submission)
        session.flush()
        return submission.id, keep_decisions(channel, work, decisions, now)

    submission_id, news = in_transaction(session, intend)
    tell(news)
    return submission_id


def _leave_behind(session: Session, submission_id: int) -> None:
    """What travels in a feed is no longer waited for; when the feed reports, this aspect is sent once more."""
    left = session.execute(
        sa.update(Submission)
        .where(Submission.id == submission_id, Submission.state == SubmissionState.INTENT)
        .values(state=SubmissionState.SUPERSEDED, open_aspect_id=None)
    )
    if left.rowcount != 1:  # type: ignore[attr-defined]
        raise LeaseLost("The feed has just reported: what it says comes first.")


def _answered(
    channel: Channel,
    work: Work,
    listing: Listing,
    submission_id: int,
    receipt: Receipt | None,
    error: AmazonRejected | None,
) -> None:
    """Store Amazon's receipt or refusal.  Older receipts that nobody saw live are superseded."""
    session, now = channel.db.session(), channel.clock()
    accepted = receipt is not None and receipt.status is SubmissionStatus.ACCEPTED
    issues = receipt.issues if receipt is not None else ()
    problem = None if accepted else (issues[0].message if issues else str(error or phrase("Amazon refused it.")))

    if problem:
        runs.failed(problem)

    def store() -> News:
        session.execute(
            sa.update(Submission)
            .where(
                Submission.aspect_id == work.aspect.id,
                Submission.state.in_([SubmissionState.ACCEPTED, SubmissionState.NOT_APPLIED]),
                Submission.id < submission_id,
            )
            .values(state=SubmissionState.SUPERSEDED)
        )
        submission = session.get_one(Submission, submission_id)
        submission.open_aspect_id, submission.answered_at = None, now
        submission.state = SubmissionState.ACCEPTED if accepted else SubmissionState.INVALID
        submission.amazon_submission_id = receipt.submission_id if receipt else None
        submission.request_id = error.request_id if error else None
        submission.problem = problem or None
        observe.keep_issues(session, session.get_one(Listing, listing.id), issues, now, submission_id)
        again_at = now + READ_BACK_AFTER if accepted else None
        finish(session, Aspect, work.claim, now, again_at, problem=problem or None)
        note(
            session,
            now,
            work.aspect.name,
            wanting.sentence(submission, listing, accepted, problem),
            store_id=listing.store_id,
            listing_id=listing.id,
            sku_id=listing.sku_id,
        )
        if accepted:
            return []
        about = {"listing_id": listing.id, "aspect": work.aspect.name, "submission_id": submission_id}
        return [(listing_rejected, about)]

    tell(in_transaction(session, store))


def _remain_open(channel: Channel, work: Work, submission_id: int, error: OutcomeUnknown) -> None:
    """Nobody knows whether it arrived: it stays open, and Amazon is asked soon."""
    session, now = channel.db.session(), channel.clock()

    def store() -> None:
        # Unless another reading of the listing has settled it by now.
        session.execute(
            sa.update(Submission)
            .where(Submission.id == submission_id, Submission.state == SubmissionState.INTENT)
            .values(state=SubmissionState.UNKNOWN, problem=str(error), request_id=error.request_id or None)
            .execution_options(synchronize_session=False)
        )
        postpone(session, Aspect, work.claim, now + READ_BACK_AFTER, str(error))

    runs.failed(str(error))
    in_transaction(session, store)


def _never_left(
    channel: Channel, work: Work, submission_id: int, error: AmazonUnavailable | AccountDisconnected | SendingStopped
) -> None:
    session, now = channel.db.session(), channel.clock()
    throttled = getattr(error, "throttled", False)

    def store() -> None:
        submission = session.get_one(Submission, submission_id)
        submission.state, submission.open_aspect_id = SubmissionState.LOST, None
        submission.answered_at, submission.problem = now, str(error)
        again_at = now + wait_after(error, work.aspect.failures)
        postpone(session, Aspect, work.claim, again_at, str(error), counts=not throttled)

    if not throttled:
        runs.failed(str(error))
    in_transaction(session, store)
