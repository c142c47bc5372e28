"""What happens next with one aspect?  The same answer for the patch and for the feed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AspectName, Submission, SubmissionState
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.sync.permission import RESTS
from flask_amazon_channel.sync.publishing import wanting
from flask_amazon_channel.sync.publishing.aspects import Work
from flask_amazon_channel.sync.publishing.read_back import READ_BACK_AFTER

READ_BACK_AT_LEAST_EVERY = timedelta(minutes=15)
SEND_AGAIN_AFTER = timedelta(minutes=30)
ASK_AGAIN_AFTER = timedelta(seconds=30)


class Rest(NamedTuple):
    """Nothing is sent now: when it is looked at again, and what holds it back."""

    again_at: datetime | None
    problem: str | None = None


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
            return Rest(wish.changes_at, "It travels in a feed, which has not reported yet.")
    elif last is not None and last.open_aspect_id is not None:
        # Amazon could not be asked what became of it, so nothing more may be sent.
        return Rest(now + ASK_AGAIN_AFTER, "Waiting to learn what became of it.")
    if wish.value is None or work.listing is None:
        again = now + ASK_AGAIN_AFTER if wish.asks_again else wish.changes_at
        return Rest(again, wish.why.sentence if wish.why else None)
    pending = last if last is not None and last.state == SubmissionState.ACCEPTED else None
    if pending is not None or wish.value != wish.observed or work.overtaken:
        answered = wanting.ask_receivers(work.aspect, work.listing, wish, decisions)
        if isinstance(answered, Reason):
            return Rest(wish.changes_at, answered.sentence)
        wish = answered
    age = now - (pending.answered_at or pending.created_at) if pending else timedelta(0)
    if wish.is_value_of(pending) and age < SEND_AGAIN_AFTER and not work.overtaken:
        return Rest(now + min(max(age, READ_BACK_AFTER), READ_BACK_AT_LEAST_EVERY))
    if pending is None and wish.value == wish.observed and not work.overtaken:
        return Rest(wish.changes_at)
    if last is not None and last.state == SubmissionState.INVALID and wish.is_value_of(last):
        return Rest(wish.changes_at, last.problem)
    stopped = decisions[work.listing.id].stopped
    if stopped is not None:
        return Rest(now + RESTS, stopped.sentence)
    patch = wanting.patch(work.aspect, work.listing, wish)
    return Rest(now + ASK_AGAIN_AFTER, "The offer was not read yet.") if patch is None else Send(wish, patch)


def _lowers(wish: wanting.Wish, last: Submission) -> bool:
    """Say whether less must be shown than Amazon shows, or will show when the feed is through: that cannot wait."""
    if wish.aspect != AspectName.QUANTITY or wish.value is None or last.quantity is None:
        return False
    shown = max(last.quantity, int(wish.observed or 0))
    return wish.value < shown and wish.value != last.quantity
