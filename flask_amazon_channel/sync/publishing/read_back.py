"""Reading back what Amazon shows of listings that were sent to, or that were never read."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AccountDisconnected, AmazonError, AmazonUnavailable
from flask_amazon_channel.models import Aspect, AspectName, Listing, Sku, Submission, SubmissionState
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.amazon import ObservedListing
from flask_amazon_channel.rules.quantity import FRESH
from flask_amazon_channel.spapi.client import MAX_SKUS_PER_SEARCH, AmazonClient
from flask_amazon_channel.sync.decisions import tell
from flask_amazon_channel.sync.publishing import observe
from flask_amazon_channel.sync.publishing.aspects import Work

log = logging.getLogger(__name__)

READ_BACK_AFTER = timedelta(seconds=4)


def must_be_read(work: Work, now: datetime) -> bool:
    """Say whether Amazon must be asked what it shows, before anything can be decided."""
    listing, last = work.listing, work.last
    if listing is None or (last is not None and last.waits_for_feed):
        return False
    if last is not None and last.open_aspect_id is not None:
        return True
    if last is not None and last.state in (SubmissionState.ACCEPTED, SubmissionState.NOT_APPLIED):
        answered_at = last.answered_at or last.created_at
        return now - answered_at >= READ_BACK_AFTER and not _waits_for_orders(work, answered_at, now)
    if work.aspect.drift_since is not None:
        # Perhaps whoever changed it changed it back, or Amazon had only not caught up.
        return True
    if work.aspect.name == AspectName.PRICE:
        return listing.offer_read_at is None
    return listing.sku.observed_quantity_at is None


def _waits_for_orders(work: Work, answered_at: datetime, now: datetime) -> bool:
    """Say whether the last look stands, because orders are to be read past it before more is sent.

    Orders are known up to some minutes ago: looking again at each visit would move the moment that they must be read
    past, and so for ever.
    """
    if work.aspect.name != AspectName.QUANTITY or work.listing is None:
        return False
    sku = work.listing.sku
    if sku.observed_quantity_at is None or sku.observed_quantity is None or sku.wanted_quantity is None:
        return False
    looked_since = sku.observed_quantity_at - answered_at >= READ_BACK_AFTER
    return looked_since and sku.wanted_quantity > sku.observed_quantity and now - sku.observed_quantity_at < FRESH


def is_to_be_read() -> sa.ColumnElement[bool]:
    """Say in SQL which aspects a visit begins with reading for, mostly: sent and not seen live, or never read."""
    states = (SubmissionState.INTENT, SubmissionState.UNKNOWN, SubmissionState.ACCEPTED, SubmissionState.NOT_APPLIED)
    sent = sa.exists().where(Submission.aspect_id == Aspect.id, Submission.state.in_(states))
    offer_unread = sa.exists().where(
        Listing.id == Aspect.listing_id, Listing.on_amazon, Listing.offer_read_at.is_(None)
    )
    quantity_unread = sa.exists().where(Sku.id == Aspect.sku_id, Sku.observed_quantity_at.is_(None))
    return sa.or_(Aspect.drift_since.is_not(None), sent, offer_unread, quantity_unread)


def read_back(channel: Channel, client: AmazonClient, works: Sequence[Work]) -> None:
    """Ask Amazon for these listings, twenty at a time, and store what it shows."""
    read_listings(channel, client, [work.listing for work in works if work.listing is not None])


def read_listings(channel: Channel, client: AmazonClient, listings: Sequence[Listing]) -> None:
    """Ask Amazon for listings with their SKUs and stores, and store what it shows."""
    by_marketplace: dict[str, dict[str, Listing]] = defaultdict(dict)
    for listing in listings:
        by_marketplace[listing.store.marketplace_id][listing.sku.sku] = listing
    for marketplace_id, by_sku in by_marketplace.items():
        for seen in _ask_amazon(client, marketplace_id, list(by_sku)):
            if seen.sku in by_sku:
                _keep(channel, by_sku[seen.sku].id, seen)


def _ask_amazon(client: AmazonClient, marketplace_id: str, skus: list[str]) -> list[ObservedListing]:
    together = [sku for sku in skus if "," not in sku]
    found: list[ObservedListing] = []
    for start in range(0, len(together), MAX_SKUS_PER_SEARCH):
        some = together[start : start + MAX_SKUS_PER_SEARCH]
        page = client.search_listings_items(marketplace_id, skus=some, included=observe.PARTS)
        found += page.listings
    missing = set(skus) - {seen.sku for seen in found}
    for sku in sorted(missing):
        # Not found by the search is no evidence; asked for by name Amazon answers about this one SKU.
        try:
            found.append(client.get_listings_item(sku, marketplace_id, observe.PARTS))
        except AccountDisconnected:
            raise
        except AmazonError as error:
            if isinstance(error, AmazonUnavailable) and error.throttled:
                raise
            log.info("Amazon does not show the SKU %r: %s", sku, error)
    return found


def _keep(channel: Channel, listing_id: int, seen: ObservedListing) -> None:
    session = channel.db.session()
    tell(
        in_transaction(
            session,
            lambda: observe.keep_observation(
                session, session.get_one(Listing, listing_id, populate_existing=True), seen, channel.clock()
            ),
        )
    )
