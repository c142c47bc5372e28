"""What happens next with one aspect?  The same answer for the patch and for the feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AspectName, Submission, SubmissionState
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.rules.drift import Answer, DriftDecision
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.rules.receipts import Next, decide_receipt, not_applied
from flask_amazon_channel.sync.permission import RESTS
from flask_amazon_channel.sync.publishing import drift, mass_changes, wanting
from flask_amazon_channel.sync.publishing.aspects import Rest, Work
from flask_amazon_channel.sync.publishing.read_back import READ_BACK_AFTER

ASK_AGAIN_AFTER = timedelta(seconds=30)
RECEIVED = (SubmissionState.ACCEPTED, SubmissionState.NOT_APPLIED)


class Send(NamedTuple):
    """This is sent now."""

    wish: wanting.Wish
    patch: dict[str, Any]


def next_step(channel: Channel, work: Work, decisions: dict[int, Decision], now: datetime) -> Rest | Send:
    """Compare what is wanted with what Amazon shows and with what was sent last."""
    wish = wanting.wish(work.aspect, work.listing, work.listings, decisions)
    last = work.last if work.last and work.last.state != SubmissionState.LOST else None
    if last is not None and last.waits_for_feed:
        if not _lowers(wish, last):
            return Rest(wish.changes_at, phrase("It travels in a feed, which has not reported yet."))
    elif last is not None and last.open_aspect_id is not None:
        # Amazon could not be asked what became of it, so nothing more may be sent.
        return Rest(now + ASK_AGAIN_AFTER, phrase("Waiting to learn what became of it."))
    if wish.value is None or work.listing is None:
        again = now + ASK_AGAIN_AFTER if wish.asks_again else wish.changes_at
        return Rest(again, wish.why.sentence if wish.why else None)
    pending = last if last is not None and last.state in RECEIVED else None
    if pending is not None or wish.value != wish.observed or work.overtaken:
        answered = wanting.ask_receivers(work.aspect, work.listing, wish, decisions)
        if isinstance(answered, Reason):
            return Rest(wish.changes_at, answered.sentence)
        wish = answered
    if pending is not None and wish.is_value_of(pending) and not work.overtaken:
        waiting = _not_shown(work, wish, pending, now)
        if isinstance(waiting, Rest):
            return waiting
        wish = waiting
    if pending is None and wish.value == wish.observed and not work.overtaken:
        return Rest(wish.changes_at, remembers=drift.verified(work, wish))
    if last is not None and last.state == SubmissionState.INVALID and wish.is_value_of(last):
        return Rest(wish.changes_at, last.problem)
    if pending is None and not work.overtaken and not (last is not None and last.waits_for_feed):
        found = drift.drifted(channel, work, wish, now)
        if found is not None and found.answer is not Answer.ASSERT:
            return _changed_by_somebody(work, wish, found, now)
        wish = replace(wish, against_drift=found is not None)
    stopped = decisions[work.listing.id].stopped
    if stopped is not None:
        return Rest(now + RESTS, stopped.sentence)
    slip = mass_changes.held_back(channel, work, wish, now)
    if slip is not None:
        return slip
    patch = wanting.patch(work.aspect, work.listing, wish)
    if patch is None:
        return Rest(now + ASK_AGAIN_AFTER, phrase("The offer was not read yet."))
    return Send(wish, patch)


def _not_shown(work: Work, wish: wanting.Wish, pending: Submission, now: datetime) -> Rest | wanting.Wish:
    """Decide about what Amazon accepted and does not show: return the wish if it is sent again."""
    decided = decide_receipt(pending.answered_at or pending.created_at, pending.attempt, now, READ_BACK_AFTER)
    since = pending.first_sent_at or pending.created_at
    if decided.next is Next.SEND_AGAIN:
        return replace(wish, attempt=pending.attempt + 1, first_sent_at=since)
    if decided.next is Next.WAIT and pending.state == SubmissionState.ACCEPTED:
        return Rest(decided.again_at)
    why = not_applied(wish.aspect, str(wish.value), since, pending.attempt).sentence
    again_at = max(decided.again_at, now + ASK_AGAIN_AFTER)
    if pending.state == SubmissionState.NOT_APPLIED:
        return Rest(again_at, why)
    return Rest(again_at, why, also=lambda session: _give_up(session, work, pending.id, now, why))


def _give_up(session: Session, work: Work, submission_id: int, now: datetime, why: str) -> None:
    listing = work.listing
    assert listing is not None
    given_up = (
        sa.update(Submission)
        .where(Submission.id == submission_id, Submission.state == SubmissionState.ACCEPTED)
        .values(state=SubmissionState.NOT_APPLIED, problem=why)
    )
    session.execute(given_up.execution_options(synchronize_session=False))
    about = {"store_id": listing.store_id, "listing_id": listing.id, "sku_id": listing.sku_id}
    note(session, now, work.aspect.name, why, **about)


def _changed_by_somebody(work: Work, wish: wanting.Wish, found: DriftDecision, now: datetime) -> Rest:
    listing, why = work.listing, found.reason.sentence
    assert listing is not None
    if found.answer is Answer.ADOPT:
        taken = {
            "verified_value": drift.stored(work.aspect, listing, wish.observed or 0),
            "verified_at": drift.observed_at(work.aspect, listing),
            "drift_since": None,
        }
        # Decided anew at once: from now on it is what is wanted.
        return Rest(now, None, taken, lambda session: drift.adopt(session, work.aspect, listing, now, why))
    moments = [moment for moment in (found.again_at, wish.changes_at) if moment is not None]
    return Rest(min(moments, default=None), why, {"drift_since": work.aspect.drift_since or now})


def _lowers(wish: wanting.Wish, last: Submission) -> bool:
    """Say whether less must be shown than Amazon shows, or will show when the feed is through: that cannot wait."""
    if wish.aspect != AspectName.QUANTITY or wish.value is None or last.quantity is None:
        return False
    shown = max(last.quantity, int(wish.observed or 0))
    return wish.value < shown and wish.value != last.quantity
