"""The journey of all of a store's listings, by report: once a day, in portions, resumed where it was stopped.

Each portion is stored and matched before the next; how far the reading has come is stored with it, so that a worker
that ends takes nothing along.  The document is fetched anew for each visit.  What a report does not mention is left as
it is: absence is no evidence, and a report that lacks more than half of the last one's rows is not believed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import BadDocument, NotFound
from flask_amazon_channel.models import AccountState, SellerAccount, Store, StoreState, Stream, StreamName
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, claim, finish, hold, mark
from flask_amazon_channel.models.upserts import keep_reported, refresh_statistics
from flask_amazon_channel.rules.amazon import ReportedListing
from flask_amazon_channel.rules.phrases import phrase, phrase_many
from flask_amazon_channel.rules.reading import is_suspiciously_small, next_whole_reading
from flask_amazon_channel.signals import announce, listings_imported
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.documents import Document
from flask_amazon_channel.spapi.listings_report import REPORT_TYPE, ListingsReport
from flask_amazon_channel.sync import reports
from flask_amazon_channel.sync.accounts import client_for
from flask_amazon_channel.sync.matching import match_rows
from flask_amazon_channel.sync.publishing.settle_by_report import settle_by_report
from flask_amazon_channel.sync.visits import visiting

PORTION = 5000
_NEW_STATISTICS = (0, 10)
"""With these portions of a visit the database looks anew how large the tables are."""


def claim_stores(channel: Channel, name: StreamName, at_most: int) -> list[tuple[Claim, Stream, Store]]:
    """Claim the streams of this name that are due the longest, of stores that take part or are prepared for it."""
    is_prepared = sa.and_(Store.state == StoreState.INACTIVE, Store.chosen_at.is_not(None))
    taking_part = (
        sa.select(Store.id)
        .join(SellerAccount)
        .where(sa.or_(Store.state == StoreState.ACTIVE, is_prepared), SellerAccount.state == AccountState.CONNECTED)
    )
    where = (Stream.name == name, Stream.store_id.in_(taking_part))
    claims = claim(channel.db.session(), Stream, channel.clock(), at_most, *where)
    found = []
    for claimed in claims:
        with reading(channel.db.engine) as read:
            stream = read.get_one(Stream, claimed.id)
            store = read.get_one(Store, stream.store_id, options=[joinedload(Store.account)])
        found.append((claimed, stream, store))
    return found


def client_of(channel: Channel, store: Store) -> AmazonClient:
    return client_for(channel, store.account_id, store.account.seller_id, store.account.region)


def read_listings_reports(channel: Channel) -> int:
    """Visit the store whose report is due the longest; return how many that were."""
    claimed_stores = claim_stores(channel, StreamName.LISTINGS_REPORT, 1)
    for claimed, stream, store in claimed_stores:
        client = client_of(channel, store)
        with visiting(
            channel, Stream, claimed, store.account_id, stream.failures, "read_listings_reports", store_id=store.id
        ):
            _step(channel, client, stream, store, claimed)
    return len(claimed_stores)


def _step(channel: Channel, client: AmazonClient, stream: Stream, store: Store, claimed: Claim) -> None:
    try:
        document_id = reports.document_id(
            channel, client, stream, claimed, lambda: client.create_report(REPORT_TYPE, [store.marketplace_id])
        )
        if document_id is None:
            return
        undeclared = "cp932" if store.country_code == "JP" else "cp1252"
        with client.report_document(document_id, undeclared=undeclared) as document:
            _read(channel, document, stream, store, claimed)
    except reports.ReportFailed:
        _search_instead(channel, store)
        raise
    except (BadDocument, NotFound):
        # This document will not get better; one that only did not come now is asked for again.
        reports.forget(channel, claimed)
        raise


def _read(channel: Channel, document: Document, stream: Stream, store: Store, claimed: Claim) -> None:
    """Read on from where the last visit stopped, for a while."""
    session, end = channel.db.session(), time.monotonic() + reports.READ_AT_MOST
    known, new = document.lines - 1, stream.rows_new
    _refuse_small(channel, known, stream, store, claimed)
    assert stream.report_asked_at is not None
    report = ListingsReport(document, document.charset, skip=stream.rows_done)
    for number, rows in enumerate(portions(report)):
        grows = number in _NEW_STATISTICS
        new += keep_rows(channel, store, stream.report_asked_at, rows, claimed, tables_grow=grows)
        now, progress = channel.clock(), {"rows_done": report.rows, "rows_known": known, "rows_new": new}
        if report.rows < known and time.monotonic() >= end:
            in_transaction(session, partial(finish, session, Stream, claimed, now, now, **progress))
            return
        in_transaction(session, partial(hold, session, Stream, claimed, now, **progress))
    _complete(channel, stream, store, claimed, report.rows - report.bad_rows, new)


def _refuse_small(channel: Channel, rows: int, stream: Stream, store: Store, claimed: Claim) -> None:
    if is_suspiciously_small(rows, stream.rows_seen):
        session = channel.db.session()
        in_transaction(session, lambda: hold(session, Stream, claimed, channel.clock(), rows_refused=rows))
        alone = (
            "Amazon's report has {n} listing of {store}, the last one had {before}: it is not believed, and nothing "
            "was changed. If it is right, run: flask amazon import-listings --store {number} --accept-smaller"
        )
        several = (
            "Amazon's report has {n} listings of {store}, the last one had {before}: it is not believed, and nothing "
            "was changed. If it is right, run: flask amazon import-listings --store {number} --accept-smaller"
        )
        facts = {"store": store.name, "before": stream.rows_seen, "number": store.id}
        raise BadDocument(phrase_many(alone, several, rows, **facts))


def portions(rows: Iterable[ReportedListing]) -> Iterator[list[ReportedListing]]:
    rest = iter(rows)
    while portion := list(islice(rest, PORTION)):
        yield portion


def keep_rows(
    channel: Channel,
    store: Store,
    as_of: datetime,
    rows: list[ReportedListing],
    claimed: Claim,
    *,
    tables_grow: bool = False,
) -> int:
    """Store what Amazon showed at a moment, and match it; return how many listings are new."""
    session = channel.db.session()

    def keep() -> int:
        hold(session, Stream, claimed, channel.clock())
        new = keep_reported(session, store, rows, as_of)
        if tables_grow:
            refresh_statistics(session)
        return new

    new = in_transaction(session, keep)
    match_rows(channel, store.account_id, store.account.identifier_attributes, rows)
    return new


def _complete(channel: Channel, stream: Stream, store: Store, claimed: Claim, seen: int, new: int) -> None:
    session, now = channel.db.session(), channel.clock()

    def complete() -> None:
        values = {**reports.NOT_BEGUN, "complete_at": now, "position": stream.report_asked_at}
        values |= {"rows_seen": seen, "rows_refused": None}
        finish(session, Stream, claimed, now, next_whole_reading(now, store.id), **values)
        is_known_now(session, store, stream.report_asked_at, now)
        one = "Read {n} listing of {store} by report, {new} of them new."
        many = "Read {n} listings of {store} by report, {new} of them new."
        sentence = phrase_many(one, many, seen, store=store.name, new=new)
        note(session, now, "imported", sentence, account_id=store.account_id, store_id=store.id)

    settle_by_report(channel, store)
    in_transaction(session, complete)
    announce(listings_imported, store_id=store.id, seen=seen, new=new)


def is_known_now(session: Session, store: Store, as_of: datetime | None, now: datetime) -> None:
    """All listings were read once: from here on changes are read, and the shop's catalogue is compared."""
    of_store = Stream.store_id == store.id
    session.execute(sa.update(Store).where(Store.id == store.id).values(imported_at=now))
    session.execute(
        sa.update(Stream)
        .where(of_store, Stream.name == StreamName.LISTINGS, Stream.position.is_(None))
        .values(position=as_of, due_at=now, rows_done=0)
    )
    if store.imported_at is None:
        mark(session, Stream, now, of_store, Stream.name == StreamName.CATALOGUE)
        session.execute(
            sa.update(Stream)
            .where(of_store, Stream.name == StreamName.PRODUCTS)
            .values(due_at=next_whole_reading(now, store.id))
        )


def _search_instead(channel: Channel, store: Store) -> None:
    """Amazon makes no report: what was never read is looked for by search, as far as that goes."""
    session, now = channel.db.session(), channel.clock()
    where = (Stream.store_id == store.id, Stream.name == StreamName.LISTINGS, Stream.position.is_(None))
    in_transaction(session, lambda: mark(session, Stream, now, *where))


def accept_smaller(
    channel: Channel, store_id: int | None, *, actor_id: str | None = None, actor_name: str | None = None
) -> None:
    """Let the next report be believed however few listings it has: a person says that there are so few.  Commits."""
    session, now = channel.db.session(), channel.clock()
    where = [Stream.name == StreamName.LISTINGS_REPORT]
    if store_id is not None:
        where.append(Stream.store_id == store_id)

    def accept() -> None:
        believed = {"rows_seen": None, "rows_refused": None, "failures": 0, "problem": None}
        session.execute(sa.update(Stream).where(*where).values(believed))
        sentence = phrase("The next report of all listings is believed, however few it has.")
        note(session, now, "imported", sentence, store_id=store_id, actor_id=actor_id, actor_name=actor_name)

    in_transaction(session, accept)


def make_reports_due(channel: Channel, store_id: int | None) -> None:
    """Let all listings be read again by report, now.  Commits."""
    session = channel.db.session()
    where = [Stream.name == StreamName.LISTINGS_REPORT]
    if store_id is not None:
        where.append(Stream.store_id == store_id)
    in_transaction(session, lambda: mark(session, Stream, channel.clock(), *where))
