"""Values that hold until the next one, such as prices over time: a line with steps for each of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_amazon_channel.admin.charts.scale import BOTTOM, HEIGHT, Label, Tick, gutter, percent, pixels, scale

LABELS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name and, rising in time, from when each value held.  `tone` is a word of the style sheet."""

    name: str
    points: Sequence[tuple[datetime, int]]
    tone: str = "s1"


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Path:
    tone: str
    d: str
    dots: Sequence[Dot]


@dataclass(frozen=True, slots=True)
class Steps:
    """A chart of steps.  `head` and `rows` are the same as a table."""

    id: str
    title: str
    sentence: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    legend: Sequence[tuple[str, str]]
    ticks: Sequence[Tick]
    labels: Sequence[Label]
    paths: Sequence[Path]
    gutter: int
    height: int = HEIGHT
    floor: int = HEIGHT - BOTTOM


def steps(
    id: str,
    title: str,
    sentence: str,
    lines: Sequence[Line],
    begin: datetime,
    end: datetime,
    *,
    head: Sequence[str],
    write: Callable[[int], str],
    write_time: Callable[[datetime], str],
    write_day: Callable[[datetime], str],
    smallest_step: int = 1,
) -> Steps:
    """Return the chart from `begin` to `end`; a value from before `begin` holds from the left edge on."""
    values = [value for line in lines for _, value in line.points]
    lowest, highest = min(values, default=0), max(values, default=0)
    if lowest == highest:
        # Else the one value would look like a change of a cent.
        lowest, highest = lowest * 9 // 10, -(-highest * 11 // 10)
    heights = scale(lowest, highest, smallest_step)
    ticks = heights.ticks(write)
    long = (end - begin).total_seconds()

    def across(at: datetime) -> float:
        return min(1.0, max(0.0, (at - begin).total_seconds() / long))

    def path(line: Line) -> Path:
        parts = [
            f"{'H' if number else 'M'}{100 * across(at):.2f}{' V' if number else ' '}{pixels(heights.y(value))}"
            for number, (at, value) in enumerate(line.points)
        ]
        dots = [
            Dot(percent(across(at), 1), pixels(heights.y(value)), f"{line.name}, {write_time(at)}: {write(value)}")
            for at, value in line.points
            if at >= begin
        ]
        return Path(line.tone, " ".join([*parts, "H100"]) if parts else "", dots)

    moments = [begin + (end - begin) * number / (LABELS - 1) for number in range(LABELS)]
    anchors = ("start", *("middle" for _ in range(LABELS - 2)), "end")
    return Steps(
        id=id,
        title=title,
        sentence=sentence,
        head=head,
        rows=[
            [write_time(at), line.name, write(value)]
            for at, line, value in sorted(
                ((at, line, value) for line in lines for at, value in line.points), key=lambda row: row[0], reverse=True
            )
        ],
        legend=[(line.tone, line.name) for line in lines if line.points],
        ticks=ticks,
        labels=[
            Label(percent(across(at), 1), write_day(at), anchor) for at, anchor in zip(moments, anchors, strict=True)
        ],
        paths=[path(line) for line in lines if line.points],
        gutter=gutter(ticks),
    )
