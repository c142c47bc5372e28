"""Which way changes go: by what finishes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flask_amazon_channel.rules.lanes import (
    FEWEST,
    USUAL_FEED,
    Pace,
    Waiting,
    Way,
    feed_takes,
    lanes,
    patches_take,
    usual_duration,
)

PACE = Pace(patches_per_second=5, patches_at_once=5, feed_takes=timedelta(minutes=5))


def ways(waiting: list[Waiting], pace: Pace = PACE) -> dict[tuple[str, int], Way]:
    return {(lane.waiting.aspect, lane.waiting.store_id): lane.way for lane in lanes(waiting, pace)}


def prices(count: int, store_id: int = 1) -> Waiting:
    return Waiting("price", store_id, count)


def test_few_go_by_patch_and_many_by_feed() -> None:
    assert ways([prices(20)]) == {("price", 1): Way.PATCH}
    assert ways([prices(10_000)]) == {("price", 1): Way.FEED}


@pytest.mark.parametrize(("count", "way"), [(1505, Way.PATCH), (1506, Way.FEED)])
def test_a_feed_is_taken_as_soon_as_it_finishes_first(count: int, way: Way) -> None:
    """1,500 patches take five minutes, as long as the feed; the first five go at once."""
    assert ways([prices(count)]) == {("price", 1): way}


def test_a_feed_that_was_fast_lately_pays_for_fewer() -> None:
    fast = replace(PACE, feed_takes=timedelta(seconds=30))
    assert ways([prices(200)], fast) == {("price", 1): Way.FEED}
    assert ways([prices(FEWEST - 1)], replace(PACE, feed_takes=timedelta(0))) == {("price", 1): Way.PATCH}


def test_feeds_queue_behind_each_other_so_an_open_one_makes_patches_finish_first() -> None:
    assert ways([prices(2000)], replace(PACE, feeds_open=1)) == {("price", 1): Way.PATCH}
    assert ways([prices(4000)], replace(PACE, feeds_open=1)) == {("price", 1): Way.FEED}


def test_patches_of_one_group_wait_for_those_before_it() -> None:
    assert ways([Waiting("quantity", 1, 1000), prices(1000)]) == {
        ("quantity", 1): Way.PATCH,
        ("price", 1): Way.FEED,
    }


def test_quantities_come_before_prices_and_prices_before_content() -> None:
    waiting = [Waiting("content", 1, 9000), prices(9000), Waiting("quantity", 1, 9000)]
    assert [lane.waiting.aspect for lane in lanes(waiting, PACE)] == ["quantity", "price", "content"]


def test_no_feed_is_made_behind_a_stuck_one_nor_beyond_five_in_five_minutes() -> None:
    assert ways([prices(25_000)], replace(PACE, is_stuck=True)) == {("price", 1): Way.PATCH}
    assert ways([prices(25_000)], replace(PACE, feeds_left=0)) == {("price", 1): Way.PATCH}
    six = [prices(25_000, store_id) for store_id in range(6)]
    assert list(ways(six).values()) == [Way.FEED] * 5 + [Way.PATCH]


def test_what_there_are_tokens_for_goes_at_once() -> None:
    assert patches_take(5, PACE) == timedelta(0)
    assert patches_take(105, PACE) == timedelta(seconds=20)
    assert feed_takes(replace(PACE, feeds_open=2)) == timedelta(minutes=15)


def test_a_feed_takes_as_long_as_the_last_ones_did() -> None:
    assert usual_duration([]) == USUAL_FEED
    assert usual_duration([timedelta(seconds=20), timedelta(seconds=40)]) == timedelta(seconds=30)
