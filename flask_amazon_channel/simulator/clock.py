"""The simulator's clock: delays, quotas and lifetimes of tokens follow it, never the machine's own.

Moments are seconds since 1970 in UTC.  Amazon writes them in ISO 8601 with milliseconds and a Z.
"""

import time
from datetime import UTC, datetime

DAY = 86400.0


class Clock:
    """Runs like the machine's clock until it is advanced or sped up; it never goes back."""

    def __init__(self, start: float | None = None, speed: float = 1.0) -> None:
        self._base = time.time() if start is None else start
        self._started = time.monotonic()
        self.speed = speed

    def now(self) -> float:
        return self._base + (time.monotonic() - self._started) * self.speed

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("The clock cannot go back.")
        self._base += seconds

    def run_at(self, speed: float) -> None:
        """Let the clock run `speed` times as fast as the machine's, from now on; 0 stops it."""
        if speed < 0:
            raise ValueError("The clock cannot go back.")
        self._base, self._started, self.speed = self.now(), time.monotonic(), speed

    def set_to(self, moment: float) -> None:
        """Start again at a moment, as a loaded world needs it."""
        self._base, self._started = moment, time.monotonic()


def iso(moment: float) -> str:
    """2026-11-20T10:00:00.123Z"""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_iso(text: str) -> float:
    """Read a moment of ISO 8601; one without an offset counts as UTC.  Raises ValueError."""
    if "T" not in text:
        raise ValueError(f"Not a date-time: {text}")
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
