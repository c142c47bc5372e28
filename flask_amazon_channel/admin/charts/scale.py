"""A scale with round numbers, and where on it things lie.

Values are whole numbers, such as minor units of money.  What lies across is given in percent, so that a chart has the
width of its place; what lies up and down in pixels, so that texts and lines keep their size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

HEIGHT = 180
TOP = 10
"""Pixels above the highest line, for its text."""
BOTTOM = 22
"""Pixels below the lowest line, for the texts below."""
LETTER = 7
"""Pixels that a letter of the scale is wide at most."""
STEPS = 4
_ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale."""

    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text below.  `anchor` keeps the first and the last one inside."""

    x: str
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Scale:
    """From `lowest` to `highest`, in steps."""

    lowest: int
    highest: int
    step: int

    @property
    def values(self) -> range:
        return range(self.lowest, self.highest + 1, self.step)

    def height_of(self, value: int) -> float:
        """Return how many pixels above the lowest line a value lies."""
        return (HEIGHT - TOP - BOTTOM) * (value - self.lowest) / (self.highest - self.lowest)

    def y(self, value: int) -> float:
        return HEIGHT - BOTTOM - self.height_of(value)

    def ticks(self, write: Callable[[int], str]) -> Sequence[Tick]:
        return [Tick(pixels(self.y(value)), write(value)) for value in self.values]


def scale(lowest: int, highest: int, smallest_step: int = 1) -> Scale:
    """Return a scale of at most five lines that holds both, with steps of 1, 2 or 5 times a power of ten."""
    step = smallest_step
    factors = _round_numbers()
    while _span(lowest, highest, step) > STEPS * step:
        step = smallest_step * next(factors)
    first = lowest // step * step
    return Scale(first, max(-(-highest // step) * step, first + step), step)


def _span(lowest: int, highest: int, step: int) -> int:
    return -(-highest // step) * step - lowest // step * step


def _round_numbers() -> Iterator[int]:
    power = 1
    while True:
        yield from (number * power for number in _ROUND)
        power *= 10


def pixels(value: float) -> str:
    return f"{value:.1f}"


def percent(part: float, of: float) -> str:
    return f"{100 * part / of:.2f}%"


def gutter(ticks: Sequence[Tick]) -> int:
    """Return how many pixels the texts of the scale need."""
    return LETTER * max((len(tick.text) for tick in ticks), default=0) + 10


def some(count: int, at_most: int) -> Sequence[int]:
    """Return which of so many labels are shown, evenly and with the last one."""
    every = -(-count // at_most)
    return [number for number in range(count) if (count - 1 - number) % every == 0]
