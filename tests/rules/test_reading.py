from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from flask_amazon_channel.rules.reading import bounded, is_gap, is_suspiciously_small, next_whole_reading, window

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_all_is_read_daily_at_a_minute_of_its_own_and_never_twice_in_twelve_hours() -> None:
    moments = {next_whole_reading(NOW, number) for number in range(1440)}
    assert len(moments) == 1440
    assert min(moments) == NOW + timedelta(hours=12)
    assert max(moments) < NOW + timedelta(hours=36)
    at = next_whole_reading(NOW, 7)
    assert next_whole_reading(at, 7) == at + timedelta(days=1)


def test_a_report_that_lacks_more_than_half_is_not_believed_unless_there_is_little_to_compare() -> None:
    assert is_suspiciously_small(49, 100)
    assert not is_suspiciously_small(50, 100)
    assert not is_suspiciously_small(0, 19)
    assert not is_suspiciously_small(0, None)


def test_a_window_begins_a_little_before_and_is_bounded_after_a_long_absence() -> None:
    assert window(NOW - timedelta(minutes=5), NOW) == (NOW - timedelta(minutes=7), None)
    since = NOW - timedelta(days=35)
    begin, end = window(since, NOW)
    assert (begin, end) == (since - timedelta(minutes=2), since + timedelta(days=7))
    assert window(NOW - timedelta(days=7, minutes=3), NOW)[1] is None, "Amazon takes no end so young"


def test_windows_cover_a_span_without_a_hole() -> None:
    since = NOW - timedelta(days=20)
    windows = list(bounded(since, NOW))
    assert (windows[0][0], windows[-1][1]) == (since, NOW)
    assert all(one[1] == other[0] for one, other in pairwise(windows))
    assert max(end - begin for begin, end in windows) <= timedelta(days=7)
    assert list(bounded(NOW, since)) == []


def test_what_changed_after_the_last_reading_was_not_missed() -> None:
    long_ago = NOW - timedelta(days=2)
    assert is_gap(long_ago, None, NOW)
    assert is_gap(long_ago, long_ago - timedelta(hours=1), NOW)
    assert not is_gap(long_ago, long_ago, NOW)
    assert not is_gap(NOW, None, NOW)
