"""How long is waited for a feed: before it is looked at again, and before it counts as stuck."""

from __future__ import annotations

from datetime import timedelta

LOOK_AFTER = timedelta(seconds=15)
LOOK_AT_LEAST_EVERY = timedelta(minutes=5)
LOOK_AT_STUCK_EVERY = timedelta(hours=1)

STUCK_IN_QUEUE = timedelta(hours=2)
"""After this a feed that waits is cancelled, which harms nobody: it is planned anew."""

STUCK_IN_PROGRESS = timedelta(hours=6)
"""After this its changes go by PATCH.  Amazon cannot cancel it, and works on no other feed of the seller."""

CREATED_WITHIN = timedelta(minutes=2)
"""After this getFeeds shows a feed that was created, so one that it does not show was not."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""So far Amazon's clock may be from ours."""


def look_again_after(age: timedelta, is_stuck: bool) -> timedelta:
    """Return the pause before the next look at a feed of that age: growing, so that a long feed costs few calls."""
    return LOOK_AT_STUCK_EVERY if is_stuck else min(max(LOOK_AFTER, age / 2), LOOK_AT_LEAST_EVERY)
