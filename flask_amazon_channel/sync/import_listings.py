"""The journey of the seller's Amazon listings into the channel: wholly by report, then what changed by search.

A report is asked for, waited for in short visits, and read in portions; each portion is stored and matched before the
next.  What a report does not mention is left as it is: absence is no evidence.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import (
    AmazonError,
    AmazonUnavailable,
    BadDocument,
    NotFound,
)
from flask_amazon_channel.models import (
    AccountState,
    Aspect,
    Listing,
    SellerAccount,
    Sku,
    Store,
    StoreState,
    Stream,
    StreamName,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, claim, finish, hold, mark
from flask_amazon_channel.models.upserts import keep_reported
from flask_amazon_channel.rules.amazon import ObservedListing, ReportedListing, ReportStatus
from flask_amazon_channel.rules.matching import STRENGTH
from flask_amazon_channel.signals import announce, listings_imported
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.listings_report import ListingsReport
from flask_amazon_channel.sync import plan_listings
from flask_amazon_channel.sync.accounts import client_for
from flask_amazon_channel.sync.decisions import News, tell
from flask_amazon_channel.sync.matching import match_rows
from flask_amazon_channel.sync.publishing.observe import PARTS, keep_observation
from flask_amazon_channel.sync.visits import visiting

log = logging.getLogger(__name__)

REPORT = "GET_MERCHANT_LISTINGS_ALL_DATA"
PORTION = 1000
LOOK_AFTER = timedelta(seconds=3)
LOOK_AT_LEAST_EVERY = timedelta(minutes=1)
WHOLLY_EVERY = timedelta(hours=24)
GIVE_UP_AFTER = timedelta(hours=4)
SEARCHABLE = 1000
"""Amazon pages through so many listings; more than that are read by report."""


def import_listings(channel: Channel) -> int:
    """Visit every store whose listings are due; return how many."""
    active = (
        sa.select(Store.id)
        .join(SellerAccount)
        .where(Store.state == StoreState.ACTIVE, SellerAccount.state == AccountState.CONNECTED)
    )
    claims = claim(
        channel.db.session(),
        Stream,
        channel.clock(),
        5,
        Stream.name == StreamName.LISTINGS,
        Stream.store_id.in_(active),
    )
    for one in claims:
        _visit(channel, one)
    return len(claims)


def _visit(channel: Channel, claimed: Claim) -> None:
    with reading(channel.db.engine) as read:
        stream = read.get_one(Stream, claimed.id)
        store = read.get_one(Store, stream.store_id, options=[joinedload(Store.account)])
    client = client_for(channel, store.account_id, store.account.seller_id, store.account.region)
    with visiting(channel, Stream, claimed, store.account_id, stream.failures, "import_listings"):
        _step(channel, client, stream, store, claimed)


def _step(channel: Channel, client: AmazonClient, stream: Stream, store: Store, claimed: Claim) -> None:
    """Do the next small thing: ask for a report, look whether it is there, read it, or read what changed."""
    now = channel.clock()
    if stream.report_id is not None:
        _look_at_report(channel, client, stream, store, claimed)
    elif stream.complete_at is None or now - stream.complete_at >= WHOLLY_EVERY:
        _ask_for_report(channel, client, store, claimed)
    else:
        _read_changes(channel, client, stream, store, claimed)


def _ask_for_report(channel: Channel, client: AmazonClient, store: Store, claimed: Claim) -> None:
    session = channel.db.session()
    report_id = client.create_report(REPORT, [store.marketplace_id])
    now = channel.clock()
    in_transaction(
        session,
        lambda: finish(session, Stream, claimed, now, now + LOOK_AFTER, report_id=report_id, report_asked_at=now),
    )


def _look_at_report(channel: Channel, client: AmazonClient, stream: Stream, store: Store, claimed: Claim) -> None:
    session = channel.db.session()
    assert stream.report_id is not None
    assert stream.report_asked_at is not None
    report, now = client.get_report(stream.report_id), channel.clock()
    age = now - stream.report_asked_at
    if report.status is ReportStatus.DONE and report.document_id is not None:
        _read_report(channel, client, report.document_id, stream, store, claimed)
    elif report.status in (ReportStatus.IN_QUEUE, ReportStatus.IN_PROGRESS) and age < GIVE_UP_AFTER:
        wait = min(max(LOOK_AFTER, age / 2), LOOK_AT_LEAST_EVERY)
        in_transaction(session, lambda: finish(session, Stream, claimed, now, now + wait))
    else:
        in_transaction(session, lambda: hold(session, Stream, claimed, now, report_id=None))
        raise AmazonError(f"The listings report ended as {report.status}: nothing is known, nothing was changed.")


def _read_report(
    channel: Channel, client: AmazonClient, document_id: str, stream: Stream, store: Store, claimed: Claim
) -> None:
    seen = new = 0
    assert stream.report_asked_at is not None
    undeclared = "cp932" if store.country_code == "JP" else "cp1252"
    try:
        with client.report_document(document_id, undeclared=undeclared) as document:
            for rows in _portions(ListingsReport(document, document.charset)):
                seen += len(rows)
                new += _keep_rows(channel, store, stream.report_asked_at, rows, claimed)
    except (BadDocument, NotFound):
        # This document will not get better; one that only did not come now is asked for again.
        _forget_report(channel, claimed)
        raise
    plan_listings.plan_store(channel, store.id)
    _complete(channel, stream, store, claimed, seen, new)


def _forget_report(channel: Channel, claimed: Claim) -> None:
    session = channel.db.session()
    in_transaction(session, lambda: hold(session, Stream, claimed, channel.clock(), report_id=None))


def _portions(rows: Iterable[ReportedListing]) -> Iterator[list[ReportedListing]]:
    rest = iter(rows)
    while portion := list(islice(rest, PORTION)):
        yield portion


def _keep_rows(channel: Channel, store: Store, as_of: datetime, rows: list[ReportedListing], claimed: Claim) -> int:
    """Store a portion and match it; return how many listings are new."""
    session = channel.db.session()

    def keep() -> int:
        hold(session, Stream, claimed, channel.clock())
        return keep_reported(session, store, rows, as_of)

    new = in_transaction(session, keep)
    match_rows(channel, store.account_id, store.account.identifier_attributes, rows)
    return new


def _complete(channel: Channel, stream: Stream, store: Store, claimed: Claim, seen: int, new: int) -> None:
    session, now = channel.db.session(), channel.clock()

    def complete() -> None:
        finish(
            session,
            Stream,
            claimed,
            now,
            now + channel.config.sync_interval,
            report_id=None,
            complete_at=now,
            position=stream.report_asked_at,
            rows_seen=seen,
        )
        session.execute(sa.update(Store).where(Store.id == store.id).values(imported_at=now))
        sentence = f"Read {seen} listings of {store.name} by report, {new} of them new."
        note(session, now, "imported", sentence, account_id=store.account_id, store_id=store.id)

    in_transaction(session, complete)
    announce(listings_imported, store_id=store.id, seen=seen, new=new)


def _read_changes(channel: Channel, client: AmazonClient, stream: Stream, store: Store, claimed: Claim) -> None:
    """Read what changed at Amazon since the last time, oldest first; too many changes are left to a report."""
    session = channel.db.session()
    begun, token, seen, last = channel.clock(), None, 0, stream.position
    turn = timedelta(0)
    while True:
        try:
            page = client.search_listings_items(
                store.marketplace_id, updated_after=stream.position, page_token=token, included=PARTS
            )
        except AmazonUnavailable as error:
            if not error.throttled or error.wait is None or not seen:
                raise
            # The quota ends here: go on from the last date seen when there is more.
            turn = error.wait
            break
        changed = _unseen(channel, store, page.listings)
        if changed:
            _keep_changed(channel, store, changed, claimed)
        seen += len(page.listings)
        last = max([last, *(one.last_updated_at for one in page.listings)], key=_or_earliest)
        token = page.next_token
        if token is None or seen >= SEARCHABLE:
            break
    now = channel.clock()
    unfinished = token is not None
    values: dict[str, Any] = {"complete_at": None} if unfinished and last == stream.position else {}
    again_at = now + turn if unfinished else begun + channel.config.sync_interval
    in_transaction(session, lambda: finish(session, Stream, claimed, now, again_at, position=last, **values))


def _keep_changed(channel: Channel, store: Store, changed: list[ObservedListing], claimed: Claim) -> None:
    """Store listings that changed at Amazon, make rows for the new ones, and decide on all of them anew."""
    session, now = channel.db.session(), channel.clock()
    _keep_rows(channel, store, now, [_as_reported(seen) for seen in changed], claimed)
    for seen in changed:
        where = (Listing.store_id == store.id, Sku.account_id == store.account_id, Sku.sku == seen.sku)

        def keep(seen: ObservedListing = seen, where: tuple[Any, ...] = where) -> News:
            listing = session.scalars(sa.select(Listing).join(Sku).where(*where)).one()
            return keep_observation(session, listing, seen, now)

        tell(in_transaction(session, keep))
    decide_anew(channel, store, [seen.sku for seen in changed])


def _unseen(channel: Channel, store: Store, found: Iterable[ObservedListing]) -> list[ObservedListing]:
    """Leave out what was read already: a search from the last moment on shows what changed in that moment again."""
    with reading(channel.db.engine) as read:
        known = dict(
            read.execute(
                sa.select(Sku.sku, Listing.amazon_updated_at)
                .join(Listing, Listing.sku_id == Sku.id)
                .where(Listing.store_id == store.id, Sku.sku.in_([one.sku for one in found]))
            ).all()
        )
    return [one for one in found if one.last_updated_at is None or known.get(one.sku) != one.last_updated_at]


def decide_anew(channel: Channel, store: Store, sku_names: list[str]) -> None:
    """What changed at Amazon may not be what the shop wants."""
    session = channel.db.session()
    skus = sa.select(Sku.id).where(Sku.account_id == store.account_id, Sku.sku.in_(sku_names))
    listings = sa.select(Listing.id).where(Listing.store_id == store.id, Listing.sku_id.in_(skus))
    now = channel.clock()
    in_transaction(
        session,
        lambda: mark(session, Aspect, now, sa.or_(Aspect.sku_id.in_(skus), Aspect.listing_id.in_(listings))),
    )


def _or_earliest(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _as_reported(seen: ObservedListing) -> ReportedListing:
    """A listing found by search, as the report would show it."""
    attributes: Any = seen.attributes or {}
    identifiers = attributes.get("externally_assigned_product_identifier") or [{}]
    kind = str(identifiers[0].get("type") or "").lower()
    return ReportedListing(
        sku=seen.sku,
        asin=seen.asin,
        title=seen.title or "",
        price=seen.price,
        quantity=seen.quantity,
        status="Active" if "BUYABLE" in seen.status else "Inactive",
        fulfilled_by=seen.fulfilled_by,
        condition=seen.condition,
        product_id=identifiers[0].get("value"),
        product_id_type=kind if kind in STRENGTH else None,
        listing_id=None,
        opened_at=None,
        updated_at=seen.last_updated_at,
    )
