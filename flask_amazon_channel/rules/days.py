"""Which moments do days begin and end at, where the marketplace is?

A day is a day of the marketplace's clock, so it may last 23 or 25 hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Period:
    """The last so many days, today included, and as many before them, for comparing.

    `edges` are the moments between which is counted: of the days before (the last of them ends at the time of day that
    it is now, as today does), then what is left of that day, then of the days themselves.
    """

    days: Sequence[date]
    edges: Sequence[datetime]

    def split(self, counted: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
        """Return what was counted between the edges as that of the days before, and that of the days."""
        length = len(self.days)
        return counted[:length], counted[length + 1 :]


def last_days(now: datetime, count: int, time_zone: str) -> Period:
    """Return the last `count` days at that moment, in that time zone (an IANA name)."""
    zone = ZoneInfo(time_zone)
    local = now.astimezone(zone)
    days = [local.date() - timedelta(days=back) for back in range(2 * count - 1, -2, -1)]
    begins = [datetime.combine(day, time(), zone).astimezone(UTC) for day in days]
    same_time = datetime.combine(days[count - 1], local.time(), zone).astimezone(UTC)
    return Period(days[count:-1], [*begins[:count], same_time, *begins[count:]])
