"""Every order counted a second time: against Amazon's report of all orders, nightly and when somebody asks.

searchOrders may show an order late, or not at all.  What the report has and we have not, or have only older, is marked
and fetched by getOrder like any order that waits.  The report is read by another quota than the orders, which allow one
call in three minutes: that is why the wide second reading is not done by searching.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonUnavailable, BadDocument, NotFound
from flask_amazon_channel.models import AccountState, AmazonOrder, SellerAccount, Store, Stream, StreamName
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, claim, finish, mark
from flask_amazon_channel.models.upserts import texts_in
from flask_amazon_channel.rules.amazon import ReportStatus
from flask_amazon_channel.rules.phrases import phrase, phrase_many
from flask_amazon_channel.rules.reading import is_gap, next_whole_reading
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.documents import Document
from flask_amazon_channel.spapi.orders_report import LONGEST_DAYS, REPORT_TYPE, read_orders_report
from flask_amazon_channel.sync import reports
from flask_amazon_channel.sync.accounts import client_for
from flask_amazon_channel.sync.facts import orders_read_until
from flask_amazon_channel.sync.orders.keep_order import missing_order
from flask_amazon_channel.sync.visits import visiting

DAYS = 7
POLL = 2.0
PATIENCE = 900.0
"""Seconds that somebody in the foreground waits for Amazon's report."""


@dataclass(frozen=True)
class Gap:
    """An order that we did not have, or had only as it was earlier (`known`)."""

    amazon_order_id: str
    reported: datetime
    known: datetime | None

    @property
    def sentence(self) -> str:
        if self.known is None:
            return f"{self.amazon_order_id} was missing."
        changed, known = f"{self.reported:%Y-%m-%d %H:%M}", f"{self.known:%Y-%m-%d %H:%M}"
        return f"{self.amazon_order_id} changed at {changed} and was known as of {known}."


@dataclass(frozen=True)
class Audit:
    """What came of one count: how many orders Amazon's report has, and the gaps."""

    account_id: int
    account: str
    orders: int
    gaps: tuple[Gap, ...]


def audit_orders(channel: Channel) -> int:
    """Visit the account whose nightly count is due the longest; return how many that were."""
    connected = sa.select(SellerAccount.id).where(SellerAccount.state == AccountState.CONNECTED)
    where = (Stream.name == StreamName.ORDERS_REPORT, Stream.account_id.in_(connected))
    claims = claim(channel.db.session(), Stream, channel.clock(), 1, *where)
    for claimed in claims:
        with reading(channel.db.engine) as read:
            stream = read.get_one(Stream, claimed.id)
            account = read.get_one(SellerAccount, stream.account_id)
        with visiting(channel, Stream, claimed, account.id, stream.failures, "audit_orders"):
            _step(channel, stream, account, claimed)
    return len(claims)


def _step(channel: Channel, stream: Stream, account: SellerAccount, claimed: Claim) -> None:
    client = client_for(channel, account.id, account.seller_id, account.region)
    try:
        document_id = reports.document_id(
            channel, client, stream, claimed, lambda: _ask(channel, client, account.id, timedelta(days=DAYS))
        )
        if document_id is None:
            return
        with client.report_document(document_id) as document:
            audit = _count(channel, account, document)
    except (BadDocument, NotFound):
        reports.forget(channel, claimed)
        raise
    session, now = channel.db.session(), channel.clock()

    def complete() -> None:
        values = {"complete_at": now, "rows_seen": audit.orders, "rows_new": len(audit.gaps)}
        finish(session, Stream, claimed, now, next_whole_reading(now, account.id), **{**reports.NOT_BEGUN, **values})
        _mark_gaps(session, audit, now)

    in_transaction(session, complete)


def audit_now(channel: Channel, account: SellerAccount, days: int) -> Audit:
    """Count the orders of these days in the foreground, and mark the gaps; it waits for Amazon's report."""
    client = client_for(channel, account.id, account.seller_id, account.region)
    report_id = _ask(channel, client, account.id, timedelta(days=min(days, LONGEST_DAYS)))
    with client.report_document(_wait(client, report_id)) as document:
        audit = _count(channel, account, document)
    session = channel.db.session()
    in_transaction(session, lambda: _mark_gaps(session, audit, channel.clock()))
    return audit


def _wait(client: AmazonClient, report_id: str) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        report = client.get_report(report_id)
        if report.status is ReportStatus.DONE and report.document_id is not None:
            return report.document_id
        if report.status not in (ReportStatus.IN_QUEUE, ReportStatus.IN_PROGRESS):
            raise AmazonUnavailable(
                phrase("The report of all orders ended as {status}: nothing was counted.", status=report.status)
            )
        time.sleep(POLL)
    raise AmazonUnavailable(
        phrase("Amazon has not made the report of all orders yet: nothing was counted. Try again later.")
    )


def _ask(channel: Channel, client: AmazonClient, account_id: int, span: timedelta) -> str:
    with reading(channel.db.engine) as read:
        places = read.scalars(sa.select(Store.marketplace_id).where(Store.account_id == account_id)).all()
    return client.create_report(REPORT_TYPE, sorted(places), start=channel.clock() - span)


def _count(channel: Channel, account: SellerAccount, document: Document) -> Audit:
    reported: dict[str, datetime] = {}
    for order_id, updated in read_orders_report(document):
        reported[order_id] = max(updated, reported.get(order_id, updated))
    with reading(channel.db.engine) as read:
        read_until = orders_read_until(read, account.id)
        known = _known(read, account.id, list(reported))
    gaps = tuple(
        Gap(order_id, updated, known.get(order_id))
        for order_id, updated in sorted(reported.items())
        if read_until is not None and is_gap(updated, known.get(order_id), read_until)
    )
    return Audit(account.id, account.name, len(reported), gaps)


def _known(session: Session, account_id: int, order_ids: Sequence[str]) -> dict[str, datetime]:
    found = sa.select(AmazonOrder.amazon_order_id, AmazonOrder.updated_at).where(
        AmazonOrder.account_id == account_id, AmazonOrder.amazon_order_id.in_(texts_in(session, order_ids))
    )
    return {row.amazon_order_id: row.updated_at for row in session.execute(found)}


def _mark_gaps(session: Session, audit: Audit, now: datetime) -> None:
    """Let what was missed be fetched, at once and until it is there.  In the caller's transaction."""
    for gap in audit.gaps:
        if gap.known is None:
            session.add(missing_order(audit.account_id, gap.amazon_order_id, now))
    session.flush()
    ids = [gap.amazon_order_id for gap in audit.gaps]
    if ids:
        where = (AmazonOrder.account_id == audit.account_id, AmazonOrder.amazon_order_id.in_(ids))
        mark(session, AmazonOrder, now, *where)
    sentence = phrase_many(
        "Counted {orders} orders against Amazon's report: {n} was missing or older.",
        "Counted {orders} orders against Amazon's report: {n} were missing or older.",
        len(audit.gaps),
        orders=audit.orders,
    )
    note(session, now, "audit", sentence, account_id=audit.account_id)
