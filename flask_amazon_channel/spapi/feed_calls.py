"""The operations of Feeds 2021-06-30, a part of `AmazonClient`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_amazon_channel.rules.feeds import FeedProgress, ProcessingReport
from flask_amazon_channel.spapi import answers, operations
from flask_amazon_channel.spapi.calls import Calls, iso_time
from flask_amazon_channel.spapi.documents import address_in, download, upload
from flask_amazon_channel.spapi.parse import JSON, Unreadable, key
from flask_amazon_channel.spapi.parse_feeds import parse_feed, parse_feeds, parse_processing_report

LISTINGS_FEED = "JSON_LISTINGS_FEED"
FEED_CONTENT = "application/json; charset=UTF-8"
REPORTED_PARTS = ("summaries", "issues", "offers", "fulfillmentAvailability")
"""What a feed's report shall show of the listings that it changed; their attributes would make it ten times as long."""

MAX_RESULT_BYTES = 256 * 1024 * 1024
UPLOAD_TIMEOUT = 120.0


class FeedDocument(NamedTuple):
    """A place to upload a feed to.  The address is a key to it, good for five minutes."""

    document_id: str
    url: str

    def __repr__(self) -> str:
        return f"FeedDocument({self.document_id!r})"


class FeedCalls:
    """What `AmazonClient` can do with feeds."""

    _calls: Calls

    def create_feed_document(self, content_type: str = FEED_CONTENT) -> FeedDocument:
        """Return a place for a feed's document; nothing happens yet."""

        def read(answer: JSON) -> FeedDocument:
            url = answer.get("url")
            if not isinstance(url, str) or not url:
                raise Unreadable("url is missing.")
            return FeedDocument(key(answer, "feedDocumentId"), url)

        return self._calls.ask(operations.CREATE_FEED_DOCUMENT, read, body={"contentType": content_type})

    def upload_feed(
        self, document: FeedDocument, content: bytes, content_type: str = FEED_CONTENT, timeout: float = UPLOAD_TIMEOUT
    ) -> None:
        """Upload a feed's document.  Until `create_feed` is called with it, nothing happens."""
        upload(document.url, content, content_type, timeout=timeout, near=self._calls.on_loopback)

    def create_feed(self, feed_type: str, marketplace_ids: Sequence[str], document_id: str) -> str:
        """Hand the uploaded document over and return the feed's id."""
        body = {
            "feedType": feed_type,
            "marketplaceIds": list(marketplace_ids),
            "inputFeedDocumentId": document_id,
        }
        return self._calls.ask(operations.CREATE_FEED, lambda answer: key(answer, "feedId"), body=body)

    def get_feed(self, feed_id: str) -> FeedProgress:
        """Return how far a feed has come."""

        def read(answer: JSON) -> FeedProgress:
            feed = parse_feed(answer)
            if feed.feed_id != feed_id:
                raise Unreadable("It is about another feed.")
            return feed

        return self._calls.ask(operations.GET_FEED, read, feedId=feed_id)

    def get_feeds(
        self, feed_type: str, created_since: datetime | None = None, page_token: str | None = None
    ) -> tuple[list[FeedProgress], str | None]:
        """Return a page of the feeds, newest first, and the next page's token, with which nothing else is sent."""
        query = {
            "feedTypes": feed_type,
            "pageSize": "100",
            "createdSince": iso_time(created_since) if created_since else None,
        }
        return self._calls.ask(operations.GET_FEEDS, parse_feeds, {"nextToken": page_token} if page_token else query)

    def cancel_feed(self, feed_id: str) -> None:
        """Take back a feed that is IN_QUEUE; Amazon refuses it for any other."""
        operation = operations.CANCEL_FEED
        answers.check_status(operation, self._calls.exchange(operation, {}, None, {"feedId": feed_id}))

    def processing_report(
        self, document_id: str, marketplace_id: str, *, timeout: float = 300.0, max_bytes: int = MAX_RESULT_BYTES
    ) -> ProcessingReport:
        """Fetch and read what became of a JSON_LISTINGS_FEED.  `BadDocument` for one that cannot be trusted."""
        operation = operations.GET_FEED_DOCUMENT
        url, gzipped = self._calls.ask(operation, address_in, feedDocumentId=document_id)
        with download(
            url,
            gzipped=gzipped,
            undeclared="utf-8",
            timeout=timeout,
            near=self._calls.on_loopback,
            max_bytes=max_bytes,
            max_line_bytes=max_bytes,
        ) as document:
            return answers.read_document(
                document.read(), lambda report: parse_processing_report(report, marketplace_id)
            )
