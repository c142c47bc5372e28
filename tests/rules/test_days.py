"""The days of a marketplace: where they begin, and what they are compared with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from flask_amazon_channel.rules.days import last_days

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_a_day_begins_at_midnight_where_the_marketplace_is() -> None:
    period = last_days(NOON, 2, "America/Los_Angeles")
    assert period.days == [date(2026, 5, 3), date(2026, 5, 4)]
    assert period.edges[3:] == [datetime(2026, 5, day, 7, tzinfo=UTC) for day in (3, 4, 5)]


def test_while_it_is_still_yesterday_there_the_last_day_is_yesterday() -> None:
    early = datetime(2026, 5, 4, 5, 0, tzinfo=UTC)
    assert last_days(early, 1, "America/Los_Angeles").days == [date(2026, 5, 3)]
    assert last_days(early, 1, "Asia/Tokyo").days == [date(2026, 5, 4)]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_the_day_on_which_the_clock_changes_is_shorter_or_longer(day: date, hours: int) -> None:
    later = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1)
    begin, end = last_days(later, 2, "Europe/Berlin").edges[3:5]
    assert end - begin == timedelta(hours=hours)


def test_the_days_before_end_at_the_same_time_of_day_as_today() -> None:
    period = last_days(NOON, 7, "Europe/Berlin")
    assert period.edges[7] == NOON - timedelta(days=7)
    assert list(period.edges) == sorted(period.edges)


def test_what_was_counted_is_split_into_the_days_before_and_the_days() -> None:
    period = last_days(NOON, 3, "Europe/Berlin")
    counted = list(range(len(period.edges) - 1))
    assert period.split(counted) == ([0, 1, 2], [4, 5, 6])
