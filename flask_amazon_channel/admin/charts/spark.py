"""A line of the size of a word: which way it goes, without numbers.  The numbers stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 120, 32, 2


@dataclass(frozen=True, slots=True)
class Spark:
    """`line` are the points, `area` the same with the ground below; empty where all values are nothing."""

    line: str
    area: str
    width: int = WIDTH
    height: int = HEIGHT


def spark(values: Sequence[int]) -> Spark | None:
    """Return the line through the values, or None where there is nothing to be seen."""
    highest = max(values, default=0)
    if highest <= 0 or len(values) < 2:
        return None
    across, up = (WIDTH - 2 * EDGE) / (len(values) - 1), (HEIGHT - 2 * EDGE) / highest
    points = [(EDGE + number * across, HEIGHT - EDGE - value * up) for number, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Spark(line, f"{EDGE},{HEIGHT} {line} {WIDTH - EDGE},{HEIGHT}")
