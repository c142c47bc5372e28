"""What `doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.  `grade` is good, note (it works, but read this) or wrong."""

    about: str
    grade: str
    sentence: str
    remedy: str = ""
