"""Feeds 2021-06-30, and the processing report 2.0 of JSON_LISTINGS_FEED, as values."""

from __future__ import annotations

from collections.abc import Iterator

from flask_amazon_channel.rules.amazon import Issue, ObservedListing
from flask_amazon_channel.rules.feeds import FeedProgress, FeedStatus, MessageIssue, ProcessingReport
from flask_amazon_channel.spapi.parse import (
    JSON,
    Unreadable,
    count,
    key,
    moment,
    needed,
    objects,
    optional_count,
    optional_key,
    text,
    texts,
)
from flask_amazon_channel.spapi.parse_listings import parse_listing


def parse_feed(answer: JSON) -> FeedProgress:
    """`getFeed`, and one of `getFeeds`."""
    status = key(answer, "processingStatus")
    if status not in FeedStatus.__members__:
        raise Unreadable("processingStatus is none that we know.")
    return FeedProgress(
        feed_id=key(answer, "feedId"),
        status=FeedStatus(status),
        created_at=moment(answer, "createdTime"),
        marketplace_ids=texts(answer, "marketplaceIds"),
        result_document_id=optional_key(answer, "resultFeedDocumentId"),
    )


def parse_feeds(answer: JSON) -> tuple[list[FeedProgress], str | None]:
    """`getFeeds`: the feeds and the next page's token."""
    if not isinstance(answer.get("feeds"), list):
        raise Unreadable("feeds is missing.")
    return [parse_feed(feed) for feed in objects(answer, "feeds")], text(answer, "nextToken")


def parse_processing_report(report: JSON, marketplace_id: str) -> ProcessingReport:
    """The report of a feed.  A listing that cannot be read is left out: its message then counts as missing."""
    summary = needed(report, "summary")
    return ProcessingReport(
        processed=count(summary, "messagesProcessed"),
        accepted=count(summary, "messagesAccepted"),
        invalid=count(summary, "messagesInvalid"),
        issues=tuple(_issues(report)),
        listings={one.sku: one for one in _listings(report, marketplace_id)} if "items" in report else None,
    )


def _issues(report: JSON) -> Iterator[MessageIssue]:
    for issue in objects(report, "issues"):
        name = text(issue, "attributeName")
        yield MessageIssue(
            message_id=optional_count(issue, "messageId"),
            sku=text(issue, "sku"),
            issue=Issue(
                code=text(issue, "code") or "",
                message=text(issue, "message") or "",
                severity=text(issue, "severity") or "ERROR",
                attribute_names=(name,) if name else (),
            ),
        )


def _listings(report: JSON, marketplace_id: str) -> Iterator[ObservedListing]:
    for item in objects(report, "items"):
        try:
            yield parse_listing(item, marketplace_id)
        except Unreadable:
            continue
