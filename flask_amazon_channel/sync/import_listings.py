"""The journey of the listings that changed at Amazon into the channel: read by search, oldest change first.

The position moves with every page, since everything before the last date seen is stored by then.  At Amazon's limit of
pages the search begins anew from that date; where that does not advance, or after 3,000 listings, all are read by
report (`listings_report`), which goes through the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonUnavailable
from flask_amazon_channel.models import Aspect, Listing, Sku, Store, Stream, StreamName
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, finish, hold, mark
from flask_amazon_channel.rules.amazon import ListingsPage, ObservedListing, ReportedListing
from flask_amazon_channel.rules.matching import STRENGTH
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.reading import OVERLAP
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.sync.decisions import News, tell
from flask_amazon_channel.sync.listings_report import claim_stores, client_of, is_known_now, keep_rows
from flask_amazon_channel.sync.publishing.observe import PARTS, keep_observation
from flask_amazon_channel.sync.visits import visiting

STORES_AT_ONCE = 5
SEARCHABLE = 1000
"""Amazon pages through so many listings; then the search begins anew from the last date seen."""
LEFT_TO_REPORT = 3000
"""More changes than that are read sooner by report."""
CLOCKS_DIFFER = timedelta(hours=1)
"""Our clock and Amazon's, at most: the search names no time up to which it was made."""


def import_listings(channel: Channel) -> int:
    """Visit the stores whose changes are due; return how many."""
    claimed_stores = claim_stores(channel, StreamName.LISTINGS, STORES_AT_ONCE)
    for claimed, stream, store in claimed_stores:
        client = client_of(channel, store)
        with visiting(
            channel, Stream, claimed, store.account_id, stream.failures, "import_listings", store_id=store.id
        ):
            _read_changes(channel, client, stream, store, claimed)
    return len(claimed_stores)


def _read_changes(channel: Channel, client: AmazonClient, stream: Stream, store: Store, claimed: Claim) -> None:
    """Read on from the last date seen; `rows_done` is how many listings the visits have read that belong together."""
    session, begun = channel.db.session(), channel.clock()
    since, token, seen, last = _since(stream), None, 0, stream.position
    turn = timedelta(0)
    while True:
        try:
            page = client.search_listings_items(
                store.marketplace_id, updated_after=since, page_token=token, included=PARTS
            )
        except AmazonUnavailable as error:
            if not error.throttled or error.wait is None or not seen:
                raise
            # The quota ends here: go on from the last date seen.
            turn = error.wait
            break
        _keep_page(channel, store, page, claimed)
        seen += len(page.listings)
        last = max([last, *(one.last_updated_at for one in page.listings)], key=_or_earliest)
        token = page.next_token
        if token is None or seen >= SEARCHABLE:
            break
        so_far = {"position": last, "rows_done": stream.rows_done + seen, "rows_known": page.total}
        in_transaction(session, partial(hold, session, Stream, claimed, channel.clock(), **so_far))
    if token is None:
        # What is older than our clock can be wrong needs no second look, however much changed at that time.
        position = max(last or begun, begun - CLOCKS_DIFFER)
        _complete(channel, stream, store, claimed, position, begun + channel.config.sync_interval)
    elif last == since or stream.rows_done + seen >= LEFT_TO_REPORT:
        _leave_to_report(channel, store, claimed)
    else:
        now = channel.clock()
        so_far = {"position": last, "rows_done": stream.rows_done + seen}
        in_transaction(session, lambda: finish(session, Stream, claimed, now, now + turn, **so_far))


def _since(stream: Stream) -> datetime | None:
    """A new reading begins a little before the last one's end: Amazon may show a change late."""
    if stream.position is None or stream.rows_done:
        return stream.position
    return stream.position - OVERLAP


def _keep_page(channel: Channel, store: Store, page: ListingsPage, claimed: Claim) -> None:
    changed = _unseen(channel, store, page.listings)
    if changed:
        _keep_changed(channel, store, changed, claimed)
    if page.unreadable:
        session, now = channel.db.session(), channel.clock()
        unreadable = "; ".join(f"{sku or 'a SKU'}: {why}" for sku, why in page.unreadable)
        sentence = phrase("Amazon's answer cannot be understood. {why}", why=unreadable)
        about = {"account_id": store.account_id, "store_id": store.id}
        in_transaction(session, lambda: note(session, now, "unreadable", sentence, **about))


def _complete(
    channel: Channel, stream: Stream, store: Store, claimed: Claim, position: datetime, again_at: datetime
) -> None:
    session, now = channel.db.session(), channel.clock()

    def complete() -> None:
        values = {"position": position, "complete_at": now, "rows_done": 0, "rows_known": None}
        finish(session, Stream, claimed, now, again_at, **values)
        if store.imported_at is None:
            is_known_now(session, store, position, now)

    in_transaction(session, complete)


def _leave_to_report(channel: Channel, store: Store, claimed: Claim) -> None:
    """Too much has changed, or more than Amazon pages through at one moment: the report will say all of it."""
    session, now = channel.db.session(), channel.clock()

    def leave() -> None:
        finish(session, Stream, claimed, now, None, position=None, rows_done=0, rows_known=None)
        mark(session, Stream, now, Stream.store_id == store.id, Stream.name == StreamName.LISTINGS_REPORT)

    in_transaction(session, leave)


def _keep_changed(channel: Channel, store: Store, changed: list[ObservedListing], claimed: Claim) -> None:
    """Store listings that changed at Amazon, make rows for the new ones, and decide on all of them anew."""
    session, now = channel.db.session(), channel.clock()
    keep_rows(channel, store, now, [_as_reported(seen) for seen in changed], claimed)
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
    )
