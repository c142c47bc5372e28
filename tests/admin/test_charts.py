"""Charts say with lines what their tables say with numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest

from flask_amazon_channel.admin.charts import Column, Line, columns, spark, steps
from flask_amazon_channel.admin.charts.scale import BOTTOM, HEIGHT, TOP, scale, some
from tests.admin.making import NOW, ago


def a_chart(*values: int, **look: object):  # type: ignore[no-untyped-def]
    found = [Column(f"Day {number}", str(number), value) for number, value in enumerate(values)]
    return columns("c", "Title", "Sentence", found, head=("Day", "Value"), write=str, **look)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    [
        (0, 0, [0, 1]),
        (0, 3, [0, 1, 2, 3]),
        (0, 7, [0, 2, 4, 6, 8]),
        (0, 193, [0, 50, 100, 150, 200]),
        (0, 1_000_000, [0, 500_000, 1_000_000]),
        (1_550, 2_090, [1_400, 1_600, 1_800, 2_000, 2_200]),
        (1_990, 1_990, [1_990, 1_991]),
    ],
)
def test_a_scale_has_round_numbers_and_holds_all_values(lowest: int, highest: int, expected: list[int]) -> None:
    assert list(scale(lowest, highest).values) == expected


def test_the_highest_value_stays_below_the_top_and_twice_as_much_is_twice_as_high() -> None:
    one, two, nothing = (
        next((bar for bar in a_chart(10, 20, 0).bars if bar.text.startswith(f"Day {number}")), None)
        for number in range(3)
    )
    assert one is not None
    assert two is not None
    assert nothing is None
    assert float(two.height) == pytest.approx(2 * float(one.height))
    assert float(two.y) == pytest.approx(TOP)
    assert float(two.y) + float(two.height) == pytest.approx(HEIGHT - BOTTOM)


def test_columns_stand_beside_each_other_within_the_chart() -> None:
    bars = a_chart(*range(1, 31)).bars
    places = [(float(bar.x[:-1]), float(bar.x[:-1]) + float(bar.width[:-1])) for bar in bars]
    assert all(end < begin for (_, end), (begin, _) in pairwise(places))
    assert places[0][0] > 0
    assert places[-1][1] < 100


def test_a_small_value_is_still_to_be_seen() -> None:
    assert float(a_chart(1, 100_000).bars[0].height) >= 2


def test_the_table_holds_every_value_and_what_it_is_compared_with() -> None:
    found = [Column("Mon", "M", 5, before=7), Column("Tue", "T", 0, before=1)]
    chart = columns("c", "Title", "Sentence", found, head=("Day", "Now", "Before"), write=str)
    assert chart.rows == [["Mon", "5", "7"], ["Tue", "0", "1"]]


def test_few_of_many_labels_are_shown_and_always_the_last() -> None:
    for count in (1, 6, 7, 8, 30, 48):
        assert len(some(count, 7)) <= 7
        assert some(count, 7)[-1] == count - 1


def test_a_price_holds_until_the_next_one() -> None:
    line = Line("Ours", [(ago(days=40), 2000), (ago(days=15), 1000)])
    chart = steps(
        "p", "Title", "Sentence", [line], ago(days=30), NOW,
        head=("Since", "Whose", "Price"), write=str, write_time=str, write_day=str,
    )  # fmt: skip
    floor, top = f"{HEIGHT - BOTTOM:.1f}", f"{TOP:.1f}"
    assert chart.paths[0].d == f"M0.00 {top} H50.00 V{floor} H100"
    assert [row[1:] for row in chart.rows] == [["Ours", "1000"], ["Ours", "2000"]]
    assert len(chart.paths[0].dots) == 1, "what held before has no dot"


def test_a_line_of_the_size_of_a_word_is_drawn_only_where_there_is_something() -> None:
    assert spark([0, 0, 0]) is None
    assert spark([5]) is None
    line = spark([0, 10, 5])
    assert line is not None
    assert len(line.line.split()) == 3
