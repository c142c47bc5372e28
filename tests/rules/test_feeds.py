"""What a processing report means for each message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask_amazon_channel.rules.amazon import Issue
from flask_amazon_channel.rules.feeds import (
    FeedProgress,
    FeedStatus,
    MessageIssue,
    Outcome,
    Outcomes,
    ProcessingReport,
    ours_among,
)

WRONG = Issue("90220", "A value is missing.", "ERROR")
ODD = Issue("18448", "A value is odd.", "WARNING")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def report(processed: int, accepted: int, *issues: MessageIssue) -> ProcessingReport:
    return ProcessingReport(processed, accepted, processed - accepted, issues)


def test_a_message_without_an_issue_was_received_if_the_numbers_add_up() -> None:
    outcomes = Outcomes(report(2, 1, MessageIssue(7, "A", WRONG)), 2)
    assert outcomes.of(7, "A") is Outcome.REFUSED
    assert outcomes.of(8, "B") is Outcome.ACCEPTED


def test_f35_a_message_is_missing_where_they_do_not() -> None:
    assert Outcomes(report(1, 1), 2).of(8, "B") is Outcome.MISSING
    assert Outcomes(report(2, 1), 2).of(8, "B") is Outcome.MISSING


def test_f35_an_issue_counts_by_message_id_and_sku_together() -> None:
    outcomes = Outcomes(report(2, 1, MessageIssue(7, "X", WRONG)), 2)
    assert outcomes.of(7, "A") is Outcome.ACCEPTED
    assert outcomes.issues_of(7, "A") == ()
    assert outcomes.issues_of(7, "X") == (WRONG,)


def test_a_warning_refuses_nothing() -> None:
    assert Outcomes(report(1, 1, MessageIssue(7, "A", ODD)), 1).of(7, "A") is Outcome.ACCEPTED


def test_what_is_wrong_with_the_feed_as_a_whole_names_no_message() -> None:
    assert report(0, 0, MessageIssue(None, None, WRONG)).whole_feed() == ["A value is missing."]


def test_f39_the_feed_that_nobody_knows_is_ours() -> None:
    found = [_progress("3", 3), _progress("1", 1), _progress("2", 2), _progress("0", 0, "DE")]
    ours = ours_among(found, "US", {"1"})
    assert ours is not None
    assert ours.feed_id == "2"
    assert ours_among(found, "US", {"1", "2", "3"}) is None


def _progress(feed_id: str, minutes: int, marketplace_id: str = "US") -> FeedProgress:
    return FeedProgress(feed_id, FeedStatus.IN_QUEUE, NOW + timedelta(minutes=minutes), (marketplace_id,))
