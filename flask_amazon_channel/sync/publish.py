"""The journey of a price or a quantity to Amazon: decide, compare, send the difference, read back until it is live.

Nothing here remembers what to send: the value is decided when it is sent.  What is sent is stored before it leaves, and
nothing more is sent for that aspect until its outcome is known.
"""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import (
    AccountDisconnected,
    AmazonError,
    AmazonRejected,
    AmazonUnavailable,
    OutcomeUnknown,
    ShopRefused,
)
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.models import (
    AccountState,
    Aspect,
    AspectName,
    Listing,
    SellerAccount,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, LeaseLost, claim, finish, hold, pause, postpone
from flask_amazon_channel.rules.amazon import ObservedListing, Receipt, SubmissionStatus
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.signals import listing_rejected
from flask_amazon_channel.spapi.client import MAX_SKUS_PER_SEARCH, AmazonClient
from flask_amazon_channel.sync import observe, wanting
from flask_amazon_channel.sync.accounts import client_for, disconnect
from flask_amazon_channel.sync.decisions import (
    News,
    decide_listings,
    keep_decision,
    load_listings,
    tell,
)

log = logging.getLogger(__name__)

READ_BACK_AFTER = timedelta(seconds=4)
READ_BACK_AT_LEAST_EVERY = timedelta(minutes=15)
SEND_AGAIN_AFTER = timedelta(minutes=30)
ASK_AGAIN_AFTER = timedelta(seconds=30)
INTERNAL_ERROR_PAUSE = timedelta(hours=1)


@dataclass
class Work:
    """One claimed aspect with its rows, as they were read: `listings` are those that decide on it."""

    claim: Claim
    aspect: Aspect
    listings: list[Listing]
    last: Submission | None

    @property
    def listing(self) -> Listing | None:
        """The listing that Amazon is asked about: one that is there, in an active store first."""
        on_amazon = [listing for listing in self.listings if listing.on_amazon]
        return next((listing for listing in on_amazon if listing.store.is_active), next(iter(on_amazon), None))


def publish(channel: Channel, name: AspectName, limit: int = MAX_SKUS_PER_SEARCH) -> int:
    """Work on up to `limit` due aspects of that name; return how many were claimed."""
    session = channel.db.session()
    connected = sa.select(SellerAccount.id).where(SellerAccount.state == AccountState.CONNECTED)
    claims = claim(session, Aspect, channel.clock(), limit, Aspect.name == name, Aspect.account_id.in_(connected))
    by_account: dict[int, list[Claim]] = defaultdict(list)
    with reading(channel.db.engine) as read:
        ids = [one.id for one in claims]
        accounts = dict(read.execute(sa.select(Aspect.id, Aspect.account_id).where(Aspect.id.in_(ids))).all())
    for one in claims:
        by_account[accounts[one.id]].append(one)
    for account_id, taken in by_account.items():
        _publish_for_account(channel, account_id, taken)
    return len(claims)


def _publish_for_account(channel: Channel, account_id: int, claims: list[Claim]) -> None:
    with reading(channel.db.engine) as read:
        account = read.get_one(SellerAccount, account_id)
    client = client_for(channel, account_id, account.seller_id, account.region)
    try:
        _read(channel, client, [work for work in _load(channel, claims) if _must_be_read(work, channel.clock())])
        works = _load(channel, claims)
        decisions = decide_listings(channel, _distinct(works))
    except AccountDisconnected as error:
        disconnect(channel, account_id, str(error))
        _put_back(channel, claims, str(error), counts=False)
        return
    except (AmazonUnavailable, ShopRefused) as error:
        _put_back(channel, claims, str(error), counts=not getattr(error, "throttled", False))
        return
    except AmazonError as error:
        _put_back(channel, claims, str(error))
        return
    for work in works:
        try:
            _bring_to_amazon(channel, client, work, decisions)
        except LeaseLost:
            channel.db.session.rollback()
        except AccountDisconnected as error:
            disconnect(channel, account_id, str(error))
            _put_back(channel, [work.claim], str(error), counts=False)
        except Exception:
            log_fault(log, "An aspect could not be published: %s %s", work.aspect.name, work.aspect.id)
            channel.db.session.rollback()
            _put_back(channel, [work.claim], "Internal error; the log has the details.", INTERNAL_ERROR_PAUSE)


def _load(channel: Channel, claims: Sequence[Claim]) -> list[Work]:
    with reading(channel.db.engine) as read:
        by_id = {one.id: one for one in claims}
        aspects = read.scalars(
            sa.select(Aspect)
            .where(Aspect.id.in_(by_id))
            .options(joinedload(Aspect.sku), joinedload(Aspect.listing))
            .order_by(Aspect.id)
        ).all()
        sku_ids = [aspect.sku_id for aspect in aspects if aspect.sku_id]
        listing_ids = [aspect.listing_id for aspect in aspects if aspect.listing_id]
        listings = load_listings(read, sa.or_(Listing.sku_id.in_(sku_ids), Listing.id.in_(listing_ids)))
        return [
            Work(
                by_id[aspect.id],
                aspect,
                [row for row in listings if row.id == aspect.listing_id or row.sku_id == aspect.sku_id],
                observe.newest_submission(read, aspect.id),
            )
            for aspect in aspects
        ]


def _distinct(works: Sequence[Work]) -> list[Listing]:
    return list({listing.id: listing for work in works for listing in work.listings}.values())


def _must_be_read(work: Work, now: datetime) -> bool:
    """Say whether Amazon must be asked what it shows, before anything can be decided."""
    listing, last = work.listing, work.last
    if listing is None:
        return False
    if last is not None and last.open_aspect_id is not None:
        return True
    if last is not None and last.state == SubmissionState.ACCEPTED:
        return now - (last.answered_at or last.created_at) >= READ_BACK_AFTER
    if work.aspect.name == AspectName.PRICE:
        return listing.offer_read_at is None
    return listing.sku.observed_quantity_at is None


def _read(channel: Channel, client: AmazonClient, works: Sequence[Work]) -> None:
    """Ask Amazon for these listings, twenty at a time, and store what it shows."""
    by_marketplace: dict[str, dict[str, Listing]] = defaultdict(dict)
    for work in works:
        if work.listing is not None:
            by_marketplace[work.listing.store.marketplace_id][work.listing.sku.sku] = work.listing
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
        except AmazonRejected as error:
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


def _bring_to_amazon(channel: Channel, client: AmazonClient, work: Work, decisions: dict[int, Decision]) -> None:
    now = channel.clock()
    wish = wanting.wish(work.aspect, work.listing, work.listings, decisions)
    last = work.last if work.last and work.last.state != SubmissionState.LOST else None
    if last is not None and last.open_aspect_id is not None:
        # Amazon could not be asked what became of it, so nothing more may be sent.
        _close(
            channel,
            work,
            decisions,
            now,
            now + ASK_AGAIN_AFTER,
            problem="Waiting to learn what became of it.",
        )
        return
    if wish.value is None or work.listing is None:
        again = now + ASK_AGAIN_AFTER if wish.asks_again else wish.changes_at
        _close(channel, work, decisions, now, again, wish.why.sentence if wish.why else None)
        return
    pending = last if last is not None and last.state == SubmissionState.ACCEPTED else None
    if pending is not None or wish.value != wish.observed:
        answered = wanting.ask_receivers(work.aspect, work.listing, wish, decisions)
        if isinstance(answered, Reason):
            _close(channel, work, decisions, now, wish.changes_at, answered.sentence)
            return
        wish = answered
    age = now - (pending.answered_at or pending.created_at) if pending else timedelta(0)
    if wish.is_value_of(pending) and age < SEND_AGAIN_AFTER:
        _close(channel, work, decisions, now, now + min(max(age, READ_BACK_AFTER), READ_BACK_AT_LEAST_EVERY))
    elif pending is None and wish.value == wish.observed:
        _close(channel, work, decisions, now, wish.changes_at)
    elif last is not None and last.state == SubmissionState.INVALID and wish.is_value_of(last):
        _close(channel, work, decisions, now, wish.changes_at, last.problem)
    elif channel.config.read_only:
        _close(channel, work, decisions, now, now + INTERNAL_ERROR_PAUSE, "Read-only: nothing is sent.")
    else:
        _send(channel, client, work, wish, decisions)


def _close(
    channel: Channel,
    work: Work,
    decisions: dict[int, Decision],
    now: datetime,
    again_at: datetime | None,
    problem: str | None = None,
) -> None:
    """Store what was decided, and give the aspect back."""
    session = channel.db.session()

    def close() -> News:
        news = _keep_decisions(channel, work, decisions, now)
        finish(session, Aspect, work.claim, now, again_at, problem=problem)
        return news

    tell(in_transaction(session, close))


def _keep_decisions(channel: Channel, work: Work, decisions: dict[int, Decision], now: datetime) -> News:
    session = channel.db.session()
    news: News = []
    for listing in work.listings:
        news += keep_decision(session, listing, decisions[listing.id], now)
    wanting.keep_wanted_quantity(session, work.aspect, work.listings, decisions)
    return news


def _send(
    channel: Channel, client: AmazonClient, work: Work, wish: wanting.Wish, decisions: dict[int, Decision]
) -> None:
    now = channel.clock()
    listing = work.listing
    assert listing is not None
    patch = wanting.patch(work.aspect, listing, wish)
    if patch is None:
        _close(channel, work, decisions, now, now + ASK_AGAIN_AFTER, "The offer was not read yet.")
        return
    submission_id = _intend(channel, work, wish, patch, decisions, now)
    product_type = listing.sku.product_type or "PRODUCT"
    try:
        receipt = client.patch_listings_item(listing.sku.sku, [listing.store.marketplace_id], product_type, [patch])
    except OutcomeUnknown as error:
        _remain_open(channel, work, submission_id, error)
    except AmazonRejected as error:
        _answered(channel, work, listing, submission_id, None, error)
    except (AmazonUnavailable, AccountDisconnected) as error:
        _never_left(channel, work, submission_id, error)
        if isinstance(error, AccountDisconnected):
            raise
    else:
        _answered(channel, work, listing, submission_id, receipt, None)


def _intend(
    channel: Channel,
    work: Work,
    wish: wanting.Wish,
    patch: dict[str, Any],
    decisions: dict[int, Decision],
    now: datetime,
) -> int:
    """Store what is about to be sent, with the proof that the claim still stands; the patch leaves right after."""
    session = channel.db.session()
    listing = work.listing
    assert listing is not None

    def intend() -> tuple[int, News]:
        hold(session, Aspect, work.claim, now)
        submission = Submission(
            aspect_id=work.aspect.id,
            open_aspect_id=work.aspect.id,
            generation=work.claim.generation,
            state=SubmissionState.INTENT,
            marketplace_id=listing.store.marketplace_id,
            patches=[patch],
            created_at=now,
            **wish.columns(listing.store.currency),
        )
        session.add(submission)
        session.flush()
        return submission.id, _keep_decisions(channel, work, decisions, now)

    submission_id, news = in_transaction(session, intend)
    tell(news)
    return submission_id


def _answered(
    channel: Channel,
    work: Work,
    listing: Listing,
    submission_id: int,
    receipt: Receipt | None,
    error: AmazonRejected | None,
) -> None:
    """Store Amazon's receipt or refusal.  Older receipts that nobody saw live are superseded."""
    session, now = channel.db.session(), channel.clock()
    accepted = receipt is not None and receipt.status is SubmissionStatus.ACCEPTED
    issues = receipt.issues if receipt is not None else ()
    problem = None if accepted else (issues[0].message if issues else str(error or "Amazon refused it."))

    def store() -> News:
        session.execute(
            sa.update(Submission)
            .where(
                Submission.aspect_id == work.aspect.id,
                Submission.state == SubmissionState.ACCEPTED,
                Submission.id < submission_id,
            )
            .values(state=SubmissionState.SUPERSEDED)
        )
        submission = session.get_one(Submission, submission_id)
        submission.open_aspect_id, submission.answered_at = None, now
        submission.state = SubmissionState.ACCEPTED if accepted else SubmissionState.INVALID
        submission.amazon_submission_id = receipt.submission_id if receipt else None
        submission.request_id = error.request_id if error else None
        submission.problem = problem[:1000] if problem else None
        observe.keep_issues(session, session.get_one(Listing, listing.id), issues, now, submission_id)
        again_at = now + READ_BACK_AFTER if accepted else None
        finish(session, Aspect, work.claim, now, again_at, problem=problem[:1000] if problem else None)
        note(
            session,
            now,
            work.aspect.name,
            wanting.sentence(submission, listing, accepted, problem),
            store_id=listing.store_id,
            listing_id=listing.id,
            sku_id=listing.sku_id,
        )
        if accepted:
            return []
        about = {"listing_id": listing.id, "aspect": work.aspect.name, "submission_id": submission_id}
        return [(listing_rejected, about)]

    tell(in_transaction(session, store))


def _remain_open(channel: Channel, work: Work, submission_id: int, error: OutcomeUnknown) -> None:
    """Nobody knows whether it arrived: it stays open, and Amazon is asked soon."""
    session, now = channel.db.session(), channel.clock()

    def store() -> None:
        submission = session.get_one(Submission, submission_id)
        submission.state, submission.problem = SubmissionState.UNKNOWN, str(error)[:1000]
        submission.request_id = error.request_id or None
        postpone(session, Aspect, work.claim, now + READ_BACK_AFTER, str(error))

    in_transaction(session, store)


def _never_left(channel: Channel, work: Work, submission_id: int, error: AmazonError) -> None:
    session, now = channel.db.session(), channel.clock()
    throttled = getattr(error, "throttled", False)

    def store() -> None:
        submission = session.get_one(Submission, submission_id)
        submission.state, submission.open_aspect_id = SubmissionState.LOST, None
        submission.answered_at, submission.problem = now, str(error)[:1000]
        wait = timedelta(seconds=2) if throttled else pause(work.aspect.failures, random.random())
        postpone(session, Aspect, work.claim, now + wait, str(error), counts=not throttled)

    in_transaction(session, store)


def _put_back(
    channel: Channel,
    claims: Sequence[Claim],
    problem: str,
    wait: timedelta | None = None,
    *,
    counts: bool = True,
) -> None:
    """Give claimed aspects back undone, each with a pause of its own."""
    session, now = channel.db.session(), channel.clock()
    for one in claims:

        def store(one: Claim = one) -> None:
            failures = session.scalar(sa.select(Aspect.failures).where(Aspect.id == one.id)) or 0
            postpone(session, Aspect, one, now + (wait or pause(failures, random.random())), problem, counts=counts)

        try:
            in_transaction(session, store)
        except LeaseLost:
            session.rollback()
