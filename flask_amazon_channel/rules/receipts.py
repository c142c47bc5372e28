"""Amazon accepted a change and does not show it: wait, send it again, or tell a person?

ACCEPTED is a receipt.  Most changes show within minutes.  One that does not within half an hour is sent again, then
after an hour, then after two: Amazon loses some.  After the third time it is said that Amazon accepted it and did not
apply it; it is still read back, in case it comes after all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_amazon_channel.rules.reasons import ASPECTS, Reason, because

FIRST_WAIT = timedelta(minutes=30)
SENT_AGAIN_AT_MOST = 3
READ_EVERY = timedelta(minutes=15)
READ_AFTERWARDS_EVERY = timedelta(hours=1)


class Next(StrEnum):
    """What is done about a change that was accepted and is not shown."""

    WAIT = "wait"
    SEND_AGAIN = "send_again"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class ReceiptDecision:
    """What is done, and when Amazon is read again."""

    next: Next
    again_at: datetime


def waits(attempt: int) -> timedelta:
    """Return how long it may take until it shows; `attempt` is how often it was sent again before."""
    longer: int = 2 ** min(attempt, SENT_AGAIN_AT_MOST)
    return FIRST_WAIT * longer


def decide_receipt(
    accepted_at: datetime, attempt: int, now: datetime, soonest: timedelta = timedelta(seconds=4)
) -> ReceiptDecision:
    """Return what to do about it; it is read back ever more seldom, `soonest` from now."""
    age = now - accepted_at
    patience = waits(attempt)
    if age < patience:
        wait = min(max(age, soonest), READ_EVERY, max(patience - age, soonest))
        return ReceiptDecision(Next.WAIT, now + wait)
    if attempt < SENT_AGAIN_AT_MOST:
        return ReceiptDecision(Next.SEND_AGAIN, now)
    return ReceiptDecision(Next.GIVE_UP, now + READ_AFTERWARDS_EVERY)


def not_applied(what: str, value: str, since: datetime, attempt: int) -> Reason:
    """Return what a person is told about a change that Amazon accepted each time and never showed."""
    text = (
        "Amazon accepted the {what} {value} at {since} and {attempt} times since, and has not applied it. "
        "It is read every hour; send it again, or ask Amazon's support."
    )
    return because("not_applied", text, "amazon", what=ASPECTS[what], value=value, since=since, attempt=attempt)
