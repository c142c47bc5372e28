"""When is all of something read again, and is what was read to be believed?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

SHORTEST_PAUSE = timedelta(hours=12)
LONGEST_WINDOW = timedelta(days=7)
OVERLAP = timedelta(minutes=2)
"""So much is read twice: what Amazon shows late is found by the next reading."""

_MINUTES_OF_A_DAY = 24 * 60
_STEP = 613
"""Has no divisor in common with the minutes of a day, so that the numbers meet all of them."""
_SMALL = 20


def next_whole_reading(now: datetime, number: int) -> datetime:
    """Return when all is read again: daily, at a minute that the number chooses, so that not all come at once."""
    earliest = now + SHORTEST_PAUSE
    midnight = earliest.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + timedelta(minutes=number * _STEP % _MINUTES_OF_A_DAY)
    return at if at >= earliest else at + timedelta(days=1)


def is_suspiciously_small(rows: int, rows_before: int | None) -> bool:
    """Return whether a report lacks more than half of what the last one had: then it is not believed."""
    return rows_before is not None and rows_before >= _SMALL and rows * 2 < rows_before


def bounded(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield windows that together are the span, none of them longer than is read at once."""
    while since < until:
        end = min(since + LONGEST_WINDOW, until)
        yield since, end
        since = end


def is_gap(reported: datetime, known: datetime | None, read_until: datetime) -> bool:
    """Return whether an order that changed at `reported` was missed: we have it older, or not at all.

    What changed after our last reading was not missed.
    """
    if reported > read_until - OVERLAP:
        return False
    return known is None or reported - known > OVERLAP


def window(since: datetime, now: datetime) -> tuple[datetime, datetime | None]:
    """Return the next window to be read: from a little before `since` up to now (None), or a bounded part of that."""
    end = since + LONGEST_WINDOW
    return since - OVERLAP, end if end < now - OVERLAP * 2 else None
