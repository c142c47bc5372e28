"""How long Amazon may take to show what it accepted, and what follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask_amazon_channel.rules.receipts import Next, decide_receipt, not_applied

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def after(minutes: float, attempt: int) -> Next:
    return decide_receipt(NOW - timedelta(minutes=minutes), attempt, NOW).next


def test_each_wait_is_twice_as_long_as_the_one_before() -> None:
    for attempt, minutes in enumerate((30, 60, 120)):
        assert after(minutes - 1, attempt) is Next.WAIT
        assert after(minutes, attempt) is Next.SEND_AGAIN


def test_f30_after_the_third_time_nothing_is_sent_any_more() -> None:
    assert after(239, 3) is Next.WAIT
    assert after(240, 3) is Next.GIVE_UP


def test_it_is_read_ever_more_seldom_and_just_when_its_time_is_over() -> None:
    def next_look(seconds: float) -> float:
        decided = decide_receipt(NOW - timedelta(seconds=seconds), 0, NOW)
        return (decided.again_at - NOW).total_seconds()

    assert [next_look(seconds) for seconds in (1, 60, 899, 1000, 1500, 1799)] == [4, 60, 899, 800, 300, 4]


def test_a_person_is_told_since_when_and_how_often() -> None:
    sentence = not_applied("price", "21.00", NOW, 3).sentence
    assert "price 21.00 at 2026-05-04 12:00 UTC and 3 times since" in sentence
