"""Waiting for a report of Amazon's, in short visits: asked for, looked after, until its document is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonError, AmazonUnavailable
from flask_amazon_channel.models import Stream
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import Claim, finish, hold
from flask_amazon_channel.rules.amazon import Report, ReportStatus
from flask_amazon_channel.rules.phrases import joined, phrase
from flask_amazon_channel.spapi.client import AmazonClient

LOOK_AFTER = timedelta(seconds=3)
LOOK_AT_LEAST_EVERY = timedelta(minutes=1)
GIVE_UP_AFTER = timedelta(hours=4)
AGAIN_AFTER_FAILURE = timedelta(hours=8)
"""Amazon wants to be asked for a report that it could not make no more than a few times a day."""
READ_AT_MOST = 30.0
"""Seconds of one visit: what is urgent must not wait behind a big report."""


class ReportFailed(AmazonUnavailable):
    """Amazon did not make the report: nothing is known, and nothing may be concluded."""


def document_id(
    channel: Channel, client: AmazonClient, stream: Stream, claimed: Claim, ask: Callable[[], str]
) -> str | None:
    """Do the next small thing; return the document's id once it is there, None where the row was given back."""
    session = channel.db.session()
    if stream.report_id is None or stream.report_asked_at is None:
        _ask(channel, stream, claimed, ask)
        return None
    report, now = client.get_report(stream.report_id), channel.clock()
    age = now - stream.report_asked_at
    if report.status is ReportStatus.DONE and report.document_id is not None:
        return report.document_id
    if report.status in (ReportStatus.IN_QUEUE, ReportStatus.IN_PROGRESS) and age < GIVE_UP_AFTER:
        wait = min(max(LOOK_AFTER, age / 2), LOOK_AT_LEAST_EVERY)
        kept = {"failures": stream.failures, "problem": stream.problem}
        in_transaction(session, lambda: finish(session, Stream, claimed, now, now + wait, **kept))
        return None
    forget(channel, claimed)
    why = _reason(client, report)
    ended = phrase("The report ended as {status}: nothing is known, and nothing was changed.", status=report.status)
    raise ReportFailed(joined([ended, why]), wait=AGAIN_AFTER_FAILURE)


def _ask(channel: Channel, stream: Stream, claimed: Claim, ask: Callable[[], str]) -> None:
    session = channel.db.session()
    report_id = ask()
    now = channel.clock()
    # What failed before is over only when this report was read.
    values = {"report_id": report_id, "report_asked_at": now, "failures": stream.failures, "problem": stream.problem}
    in_transaction(session, lambda: finish(session, Stream, claimed, now, now + LOOK_AFTER, **{**NOT_BEGUN, **values}))


NOT_BEGUN = {"report_id": None, "paging": None, "rows_done": 0, "rows_new": 0, "rows_known": None}


def forget(channel: Channel, claimed: Claim) -> None:
    """Let another report be asked for the next time."""
    session = channel.db.session()
    in_transaction(session, lambda: hold(session, Stream, claimed, channel.clock(), **NOT_BEGUN))


def _reason(client: AmazonClient, report: Report) -> str:
    """Return what Amazon says about a report that it could not make, if it says anything."""
    if report.document_id is None:
        return ""
    try:
        with client.report_document(report.document_id) as document:
            return phrase("Amazon says: {words}", words=next(iter(document), "").strip()[:300])
    except AmazonError:
        return ""
