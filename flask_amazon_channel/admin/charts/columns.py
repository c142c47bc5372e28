"""One column for each day or hour, and a line for what it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_amazon_channel.admin.charts.scale import BOTTOM, HEIGHT, Label, Tick, gutter, percent, pixels, scale, some

FILLED = 0.66
"""How much of its place a column fills."""
LABELS = 7
LEAST = 2.0
"""Pixels of a column that is not nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A value.  `name` is read in the table, `short` stands below; `before` is what the value is compared with.

    `tone` is a word of the style sheet, such as "bad"; `note` says in the table what it means.
    """

    name: str
    short: str
    value: int
    before: int | None = None
    tone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of columns.  `head` and `rows` are the same as a table."""

    id: str
    title: str
    sentence: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    legend: Sequence[tuple[str, str]]
    ticks: Sequence[Tick]
    labels: Sequence[Label]
    bars: Sequence[Bar]
    before: str
    gutter: int
    height: int = HEIGHT
    floor: int = HEIGHT - BOTTOM


def columns(
    id: str,
    title: str,
    sentence: str,
    found: Sequence[Column],
    *,
    head: Sequence[str],
    write: Callable[[int], str],
    write_short: Callable[[int], str] | None = None,
    smallest_step: int = 1,
    legend: Sequence[tuple[str, str]] = (),
) -> Columns:
    """Return the chart.  `head`: of the name, the value, and, if any, of what it is compared with and the note."""
    highest = max((max(one.value, one.before or 0) for one in found), default=0)
    heights = scale(0, highest, smallest_step)
    ticks = heights.ticks(write_short or write)
    width = 1 / max(1, len(found))
    return Columns(
        id=id,
        title=title,
        sentence=sentence,
        head=head,
        rows=[_row(one, write) for one in found],
        legend=legend,
        ticks=ticks,
        labels=[_label(number, len(found), found[number].short) for number in some(len(found), LABELS)],
        bars=[
            Bar(
                x=percent((number + (1 - FILLED) / 2) * width, 1),
                y=pixels(HEIGHT - BOTTOM - tall),
                width=percent(FILLED * width, 1),
                height=pixels(tall),
                tone=one.tone,
                text=f"{one.name}: {write(one.value)}",
            )
            for number, one in enumerate(found)
            if one.value
            for tall in (max(LEAST, heights.height_of(one.value)),)
        ],
        before=" ".join(
            f"{100 * (number + 0.5) * width:.2f},{pixels(heights.y(one.before))}"
            for number, one in enumerate(found)
            if one.before is not None
        ),
        gutter=gutter(ticks),
    )


def _row(one: Column, write: Callable[[int], str]) -> list[str]:
    row = [one.name, write(one.value)]
    if one.before is not None:
        row.append(write(one.before))
    return [*row, one.note] if one.note else row


def _label(number: int, count: int, text: str) -> Label:
    return Label(percent(number + 0.5, count), text)
