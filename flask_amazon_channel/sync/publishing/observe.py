"""What Amazon shows of a listing, stored: and what was sent for it, settled by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models import (
    Aspect,
    AspectName,
    Listing,
    ListingIssue,
    Sku,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.rules.amazon import Issue, ObservedListing
from flask_amazon_channel.rules.money import from_minor, to_minor
from flask_amazon_channel.rules.phrases import Phrase, phrase
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.signals import listing_published, price_changed, quantity_changed
from flask_amazon_channel.sync.decisions import News

ARRIVES_WITHIN = timedelta(seconds=30)
"""A call takes no longer than this (the client's limit), so afterwards nothing of it can still arrive."""

PARTS = ("summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "productTypes")


def keep_observation(session: Session, listing: Listing, seen: ObservedListing, now: datetime) -> News:
    """Store what Amazon showed, and settle the submissions of the listing and its SKU.  In the caller's transaction."""
    news = show(listing, seen, now)
    keep_issues(session, listing, seen.issues, now)
    session.flush()
    for aspect in _aspects(session, listing):
        news += _settle(session, aspect, listing, seen, now)
    return news


def show(listing: Listing, seen: ObservedListing, now: datetime) -> News:
    """Let the rows of the listing and its SKU say what Amazon showed; issues and submissions are not looked at."""
    news: News = []
    sku = listing.sku
    price = None if seen.price is None else to_minor(seen.price, listing.store.currency)
    if listing.observed_at is not None and listing.observed_price_minor != price:
        news.append((price_changed, {"listing_id": listing.id}))
    if sku.observed_quantity_at is not None and sku.observed_quantity != seen.quantity:
        news.append((quantity_changed, {"sku_id": sku.id}))
    listing.on_amazon = True
    listing.amazon_status = " ".join(seen.status)
    listing.observed_price_minor, listing.observed_at = price, now
    listing.amazon_updated_at = seen.last_updated_at
    listing.asin, listing.title = seen.asin or listing.asin, (seen.title or listing.title or "")[:500] or None
    if seen.attributes is not None:
        listing.offer_read = list(seen.attributes.get("purchasable_offer") or [])
        listing.offer_read_at = now
    sku.fulfilled_by, sku.condition = seen.fulfilled_by, seen.condition or sku.condition
    sku.product_type = seen.product_type or sku.product_type
    if seen.fulfilled_by is FulfilledBy.MERCHANT and seen.quantity is not None:
        sku.observed_quantity, sku.observed_quantity_at = seen.quantity, now
    sku.ever_live = sku.ever_live or "BUYABLE" in seen.status
    return news


def keep_issues(
    session: Session,
    listing: Listing,
    issues: Sequence[Issue],
    now: datetime,
    submission_id: int | None = None,
) -> None:
    """Replace the issues that Amazon shows, or those of what was sent, by these."""
    stale = sa.delete(ListingIssue).where(ListingIssue.listing_id == listing.id)
    if submission_id is None:
        stale = stale.where(ListingIssue.submission_id.is_(None))
    session.execute(stale.execution_options(synchronize_session="fetch"))
    for issue in issues:
        session.add(
            ListingIssue(
                listing_id=listing.id,
                submission_id=submission_id,
                code=issue.code[:64],
                severity=issue.severity[:16],
                message=issue.message,
                categories=list(issue.categories),
                attribute_names=list(issue.attribute_names),
                actions=list(issue.actions),
                seen_at=now,
            )
        )


def _aspects(session: Session, listing: Listing) -> list[Aspect]:
    return list(
        session.scalars(
            sa.select(Aspect).where(sa.or_(Aspect.listing_id == listing.id, Aspect.sku_id == listing.sku_id))
        )
    )


def _settle(session: Session, aspect: Aspect, listing: Listing, seen: ObservedListing, now: datetime) -> News:
    """Say of what was sent last whether it is live, was received at least, or never arrived."""
    last = newest_submission(session, aspect.id)
    if (
        last is None
        or last.waits_for_feed
        or last.state
        not in (
            SubmissionState.INTENT,
            SubmissionState.UNKNOWN,
            SubmissionState.ACCEPTED,
            SubmissionState.NOT_APPLIED,
        )
    ):
        return []
    if _is(last, aspect, listing, _live(aspect, seen)):
        return became_live(session, aspect, listing, last, now)
    if last.state in (SubmissionState.ACCEPTED, SubmissionState.NOT_APPLIED):
        return []
    arrived = _is(last, aspect, listing, _received(aspect, listing, seen))
    if not arrived and now - last.created_at < ARRIVES_WITHIN:
        return []
    last.open_aspect_id, last.answered_at = None, now
    last.state = SubmissionState.ACCEPTED if arrived else SubmissionState.LOST
    last.problem = None if arrived else phrase("It never arrived at Amazon.")
    return []


def became_live(session: Session, aspect: Aspect, listing: Listing, last: Submission, now: datetime) -> News:
    """Store that Amazon shows what was sent last.  In the caller's transaction."""
    last.state, last.open_aspect_id, last.live_at = SubmissionState.LIVE, None, now
    last.answered_at, last.problem = last.answered_at or now, None
    aspect.verified_value = last.quantity if last.quantity is not None else last.price_minor
    aspect.verified_at, aspect.drift_since = now, None
    note(
        session,
        now,
        aspect.name,
        _is_live(last, listing),
        store_id=listing.store_id,
        listing_id=listing.id,
        sku_id=listing.sku_id,
    )
    about = {"listing_id": listing.id, "aspect": aspect.name, "submission_id": last.id}
    return [(listing_published, about)]


def newest_submission(session: Session, aspect_id: int) -> Submission | None:
    return session.scalar(
        sa.select(Submission).where(Submission.aspect_id == aspect_id).order_by(Submission.id.desc()).limit(1)
    )


def _is(sent: Submission, aspect: Aspect, listing: Listing, value: Decimal | int | None) -> bool:
    if value is None:
        return False
    if aspect.name == AspectName.QUANTITY:
        return sent.quantity == value
    return sent.price_minor == to_minor(Decimal(value), listing.store.currency)


def _live(aspect: Aspect, seen: ObservedListing) -> Decimal | int | None:
    return seen.quantity if aspect.name == AspectName.QUANTITY else seen.price


def _received(aspect: Aspect, listing: Listing, seen: ObservedListing) -> Decimal | int | None:
    """The attributes show what was sent, live or not."""
    attributes: Any = seen.attributes or {}
    try:
        if aspect.name == AspectName.QUANTITY:
            return next(
                (
                    int(part["quantity"])
                    for part in attributes.get("fulfillment_availability") or ()
                    if part.get("fulfillment_channel_code") == "DEFAULT" and part.get("quantity") is not None
                ),
                None,
            )
        return next(
            (
                Decimal(offer["our_price"][0]["schedule"][0]["value_with_tax"])
                for offer in attributes.get("purchasable_offer") or ()
                if offer.get("marketplace_id") == listing.store.marketplace_id and offer.get("audience", "ALL") == "ALL"
            ),
            None,
        )
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _is_live(sent: Submission, listing: Listing) -> Phrase:
    if sent.price_minor is None:
        return phrase("Quantity {quantity} is live at Amazon.", quantity=sent.quantity)
    currency = listing.store.currency
    price = from_minor(sent.price_minor, currency)
    return phrase("Price {price} {currency} is live at Amazon.", price=price, currency=currency)


__all__ = ["Sku", "keep_issues", "keep_observation", "newest_submission"]
