"""Somebody changed a price or a quantity at Amazon: what now?

Drift is a value at Amazon that differs from the last one of ours that was seen there, while the shop still wants that
one, nothing of ours is on its way, and no sale explains it.  The store says per aspect what follows: *assert* sends
ours again, *adopt* takes Amazon's over as a value set by hand, *ignore* only shows it.

What is no drift whatever the setting: a value that we sent ourselves, arriving late, is always replaced by the newer
one; and right after something of ours went live Amazon may still show what was before, so nothing is taken over yet.
What may not stay whatever the setting: more units than there are, and a price outside the guards.

Whoever changes it there again and again may be another program: ours is sent at most so many times a day, then a
person is asked.  More units than there are would be sold meanwhile, so those are still lowered, once an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_amazon_channel.rules.reasons import ASPECTS, Reason, because

ASSERTIONS_A_DAY = 3
DAY = timedelta(hours=24)
SETTLES_WITHIN = timedelta(minutes=15)
LOWERED_AT_MOST_EVERY = timedelta(hours=1)


class OnDrift(StrEnum):
    """What a store does about a value that somebody else changed at Amazon."""

    ASSERT = "assert"
    ADOPT = "adopt"
    IGNORE = "ignore"


class Answer(StrEnum):
    """What is done about it now."""

    ASSERT = "assert"
    ADOPT = "adopt"
    IGNORE = "ignore"
    WAIT = "wait"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Drift:
    """What Amazon shows instead of our last verified value; quantities in units, prices in the smallest unit.

    `shown` and `wanted` are for sentences.  `since` is when the difference was first seen.  `live_at` is when something
    of ours was last seen live (None: never).  `asserted` are the moments at which ours was sent against a drift.
    `was_ours`: we sent this value ourselves before.  `unsellable`: it is more than there is.  `refused` is the guard
    that speaks against taking it over.
    """

    what: str
    observed: int
    verified: int
    shown: str
    wanted: str
    setting: OnDrift
    since: datetime
    live_at: datetime | None = None
    asserted: tuple[datetime, ...] = ()
    was_ours: bool = False
    unsellable: bool = False
    refused: Reason | None = None


@dataclass(frozen=True, slots=True)
class DriftDecision:
    """What is done, why, and when it is looked at again (None: when something changes)."""

    answer: Answer
    reason: Reason
    again_at: datetime | None = None


def has_drifted(wanted: int, observed: int, verified: int | None, sold_since: int = 0) -> bool:
    """Say whether somebody else changed the value; all in the same unit.

    `verified` is our last value that Amazon showed (None: it never did), `sold_since` how many units of the SKU
    Amazon's buyers ordered since then.
    """
    if verified is None or wanted != verified or observed == verified:
        return False
    return not verified - sold_since <= observed < verified


def decide_drift(drift: Drift, now: datetime) -> DriftDecision:
    """Return what to do about the drift."""
    recent = sorted(at for at in drift.asserted if now - at < DAY)
    if drift.was_ours or drift.unsellable or drift.refused is not None or drift.setting is OnDrift.ASSERT:
        return _assert(drift, recent, now)
    if drift.live_at is not None and now - drift.live_at < SETTLES_WITHIN:
        text = "Amazon shows the {what} {shown} shortly after ours, {wanted}, went live; it is read again."
        return DriftDecision(Answer.WAIT, _because("drift_settles", text, drift), drift.live_at + SETTLES_WITHIN)
    if drift.setting is OnDrift.ADOPT:
        text = "Somebody set the {what} {shown} at Amazon instead of {wanted}; it was taken over."
        return DriftDecision(Answer.ADOPT, _because("drift_adopted", text, drift))
    text = "Somebody set the {what} {shown} at Amazon instead of {wanted}, at the latest at {since}. It is left alone."
    return DriftDecision(Answer.IGNORE, _because("drift_ignored", text, drift))


def _assert(drift: Drift, recent: list[datetime], now: datetime) -> DriftDecision:
    if len(recent) < ASSERTIONS_A_DAY:
        return DriftDecision(Answer.ASSERT, _because("drift_asserted", _why(drift), drift))
    if drift.unsellable:
        if now - recent[-1] >= LOWERED_AT_MOST_EVERY:
            return DriftDecision(Answer.ASSERT, _because("drift_asserted", _why(drift), drift))
        text = "Amazon shows the {what} {shown}, more than there is, again and again. It is lowered once an hour."
        return DriftDecision(Answer.WAIT, _because("drift_fought", text, drift), recent[-1] + LOWERED_AT_MOST_EVERY)
    text = (
        "Amazon shows the {what} {shown} again, though {wanted} was sent {times} times within a day: somebody else "
        "keeps changing it. Say whose it is."
    )
    asked = because("drift_fought", text, "listing", times=len(recent), **_facts(drift))
    return DriftDecision(Answer.ASK, asked, recent[-ASSERTIONS_A_DAY] + DAY)


def _why(drift: Drift) -> str:
    if drift.was_ours:
        return "Amazon shows the {what} {shown}, an older one of ours, instead of {wanted}; the newer is sent again."
    if drift.unsellable:
        return "Somebody set the {what} {shown} at Amazon, more than there is; {wanted} is sent again."
    if drift.refused is not None:
        return "Somebody set the {what} {shown} at Amazon, which a price guard refuses; {wanted} is sent again."
    return "Somebody set the {what} {shown} at Amazon instead of {wanted}; ours is sent again."


def _because(code: str, text: str, drift: Drift) -> Reason:
    return because(code, text, "listing", **_facts(drift))


def _facts(drift: Drift) -> dict[str, object]:
    return {"what": ASPECTS[drift.what], "shown": drift.shown, "wanted": drift.wanted, "since": drift.since}
