"""Which way do changes go to Amazon: one by one by PATCH, or together in one feed?

By what finishes first within the quota.  A patch takes one token each; a feed takes as long as feeds took lately, and
waits for those that lie at Amazon already.  What must be zero is not asked about here: it always goes by PATCH, first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

FEWEST = 100
"""Fewer than this are patched within seconds, whatever a feed promises."""

MOST_MESSAGES = 25_000
MOST_BYTES = 10 * 1024 * 1024
"""Of one JSON_LISTINGS_FEED, as Amazon documents it."""

MOST_FEEDS = 5
FEEDS_WITHIN = timedelta(minutes=5)
"""So many listings feeds may be created within that time, per seller and region."""

USUAL_FEED = timedelta(minutes=5)
"""How long a feed takes, as long as none of the account's own says otherwise."""

ORDER = ("quantity", "price", "content")
"""What goes first."""


class Way(StrEnum):
    """How a change goes to Amazon."""

    PATCH = "patch"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many changes of one aspect wait in one store."""

    aspect: str
    store_id: int
    count: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an account gets on: patches per second, and how many at once; feeds, and how long one takes.

    `feeds_open` lie at Amazon.  `is_stuck`: one of them does not move, and every other would queue behind it.
    """

    patches_per_second: float
    patches_at_once: float
    feeds_left: int = MOST_FEEDS
    feeds_open: int = 0
    feed_takes: timedelta = USUAL_FEED
    is_stuck: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """What waits, the way it goes, and about how long that takes."""

    waiting: Waiting
    way: Way
    takes: timedelta


def lanes(waiting: Sequence[Waiting], pace: Pace) -> Iterator[Lane]:
    """Yield the way of each group: quantities first, then prices, then content; the larger group first."""
    ahead = 0
    for group in sorted(waiting, key=lambda group: (ORDER.index(group.aspect), -group.count, group.store_id)):
        by_patch, by_feed = patches_take(ahead + group.count, pace), feed_takes(pace)
        if is_worth_a_feed(group.count, pace) and by_feed < by_patch:
            yield Lane(group, Way.FEED, by_feed)
            pace = replace(pace, feeds_left=pace.feeds_left - 1, feeds_open=pace.feeds_open + 1)
        else:
            yield Lane(group, Way.PATCH, by_patch)
            ahead += group.count


def is_worth_a_feed(count: int, pace: Pace) -> bool:
    """Say whether a feed with so many messages may be made at all."""
    return count >= FEWEST and pace.feeds_left > 0 and not pace.is_stuck


def patches_take(count: int, pace: Pace) -> timedelta:
    """Return how long so many patches take: what there are tokens for goes at once."""
    return timedelta(seconds=max(0.0, count - pace.patches_at_once) / pace.patches_per_second)


def feed_takes(pace: Pace) -> timedelta:
    """Return how long one more feed takes: Amazon works on the feeds of a seller one after another."""
    return pace.feed_takes * (pace.feeds_open + 1)


def usual_duration(lately: Sequence[timedelta]) -> timedelta:
    """Return how long a feed takes, by those that were finished lately."""
    return sum(lately, timedelta(0)) / len(lately) if lately else USUAL_FEED
