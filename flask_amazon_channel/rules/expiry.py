"""What runs out: a seller's authorisation, and the application's client secret.

Lifetimes are Amazon's: an authorisation of a public application has to be renewed every 365 days, a client secret is
rotated every 180 days, and the old one ends seven days after a new one exists.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_amazon_channel.rules.phrases import Phrase, phrase, phrase_many

AUTHORISATION_LIFETIME = timedelta(days=365)
TELL_AHEAD = (30, 7, 1)
"""Days before the end at which a person is told."""


def days_left(ends_at: datetime, now: datetime) -> int:
    """Return the days that are left, a begun one counted whole; 0 when it is over."""
    return max(0, -((now - ends_at) // timedelta(days=1)))


def is_near(ends_at: datetime | None, now: datetime) -> bool:
    return ends_at is not None and days_left(ends_at, now) <= TELL_AHEAD[0]


def to_be_told(ends_at: datetime | None, now: datetime, told: int | None) -> int | None:
    """Return the step of `TELL_AHEAD` that is to be told now, None where it was told or is not reached."""
    if ends_at is None:
        return None
    reached = [step for step in TELL_AHEAD if days_left(ends_at, now) <= step]
    if not reached or (told is not None and told <= reached[-1]):
        return None
    return reached[-1]


def authorisation_sentence(ends_at: datetime, now: datetime) -> Phrase:
    text = "The seller's authorisation {ends}: connect the account again before."
    return phrase(text, ends=_ends(ends_at, now))


def secret_sentence(ends_at: datetime, now: datetime) -> Phrase:
    text = (
        "The application's client secret {ends}: rotate it with flask amazon rotate-secret, or at Amazon, and replace "
        "AMAZON_CHANNEL_LWA_CLIENT_SECRET."
    )
    return phrase(text, ends=_ends(ends_at, now))


def replace_sentence(ends_at: datetime, now: datetime) -> Phrase:
    text = (
        "The configured client secret {ends}. A newer one came and is used in its place: copy it from Amazon's "
        "developer pages to AMAZON_CHANNEL_LWA_CLIENT_SECRET."
    )
    return phrase(text, ends=_ends(ends_at, now))


def _ends(ends_at: datetime, now: datetime) -> Phrase:
    left, day = days_left(ends_at, now), ends_at.date()
    if left == 0:
        return phrase("ended on {day}", day=day)
    return phrase_many("ends on {day}, in {n} day", "ends on {day}, in {n} days", left, day=day)
