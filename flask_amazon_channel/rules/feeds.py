"""What Amazon says of a feed, as values, and what it means for each of its messages.

Shapes: Feeds 2021-06-30 and the processing report 2.0 of JSON_LISTINGS_FEED.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flask_amazon_channel.rules.amazon import Issue, ObservedListing


class FeedStatus(StrEnum):
    """Where a feed is.  CANCELLED: nothing was carried out.  FATAL: some, none or all of it."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FATAL = "FATAL"


@dataclass(frozen=True, slots=True)
class FeedProgress:
    """A feed as `getFeed` and `getFeeds` show it."""

    feed_id: str
    status: FeedStatus
    created_at: datetime
    marketplace_ids: tuple[str, ...] = ()
    result_document_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageIssue:
    """An issue of the processing report.  Without a message id it is about the whole feed."""

    message_id: int | None
    sku: str | None
    issue: Issue


@dataclass(frozen=True, slots=True)
class ProcessingReport:
    """What became of a feed.  `listings` are those that it changed, by SKU; None: the report does not show them."""

    processed: int
    accepted: int
    invalid: int
    issues: tuple[MessageIssue, ...] = ()
    listings: Mapping[str, ObservedListing] | None = field(default=None, repr=False)

    def whole_feed(self) -> list[str]:
        """Return what is wrong with the feed as a whole."""
        return [one.issue.message for one in self.issues if one.message_id is None]


class Outcome(StrEnum):
    """What became of one message.  MISSING: the report does not say; Amazon must be asked about the SKU."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    MISSING = "missing"


class Outcomes:
    """What a report says of each of the messages that were sent, by message id and SKU together."""

    def __init__(self, report: ProcessingReport, sent: int) -> None:
        self._report = report
        self._issues: dict[tuple[int, str], list[Issue]] = {}
        for one in report.issues:
            if one.message_id is not None and one.sku is not None:
                self._issues.setdefault((one.message_id, one.sku), []).append(one.issue)
        refused = sum(any(issue.severity == "ERROR" for issue in issues) for issues in self._issues.values())
        self._adds_up = report.processed == sent == report.accepted + refused and report.invalid == refused

    def of(self, message_id: int, sku: str) -> Outcome:
        """Return what became of the message.  Nothing said of it is a success only if all the numbers add up."""
        if any(issue.severity == "ERROR" for issue in self.issues_of(message_id, sku)):
            return Outcome.REFUSED
        shown = self._report.listings
        if shown is not None and sku in shown:
            return Outcome.ACCEPTED
        return Outcome.ACCEPTED if self._adds_up else Outcome.MISSING

    def issues_of(self, message_id: int, sku: str) -> tuple[Issue, ...]:
        return tuple(self._issues.get((message_id, sku), ()))


def ours_among(found: Iterable[FeedProgress], marketplace_id: str, known: set[str]) -> FeedProgress | None:
    """Return the feed that nobody here knows: the one that was created although no answer came.

    Amazon does not say which document a feed was made of, so the oldest of that marketplace is taken.
    """
    strange = [one for one in found if one.feed_id not in known and one.marketplace_ids in ((), (marketplace_id,))]
    return min(strange, key=lambda one: one.created_at, default=None)
