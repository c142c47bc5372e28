"""The journey of a price or a quantity to Amazon: decide, compare, send the difference, read back until it is live.

Nothing here remembers what to send: the value is decided when it is sent.  What is sent is stored before it leaves, and
nothing more is sent for that aspect until its outcome is known.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AccountDisconnected, AmazonError, AmazonUnavailable, SecretRefused, ShopRefused
from flask_amazon_channel.models import AccountState, Aspect, AspectName, Listing, SellerAccount
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.models.due import Claim, claim
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.spapi.client import MAX_SKUS_PER_SEARCH, AmazonClient
from flask_amazon_channel.spapi.operations import PATCH_LISTINGS_ITEM, SEARCH_LISTINGS_ITEMS
from flask_amazon_channel.sync.accounts import allowance, client_for, disconnect
from flask_amazon_channel.sync.decisions import decide_listings
from flask_amazon_channel.sync.publishing import wanting
from flask_amazon_channel.sync.publishing.aspects import Work, close, load, put_back
from flask_amazon_channel.sync.publishing.next_step import Send, next_step
from flask_amazon_channel.sync.publishing.read_back import is_to_be_read, must_be_read, read_back
from flask_amazon_channel.sync.publishing.submit import submit
from flask_amazon_channel.sync.visits import visiting

log = logging.getLogger(__name__)


def publish(
    channel: Channel, name: AspectName, limit: int = MAX_SKUS_PER_SEARCH, *, fewer_than: int | None = None
) -> int:
    """Work on up to `limit` due aspects of that name, and on as many that wait to be read; return how many.

    That is in each account, or in each where `fewer_than` so many are due.
    """
    claimed = 0
    for account in _with_due(channel, name, fewer_than):
        allowed = allowance(channel, account.seller_id, account.region)
        # What cannot be sent now is not claimed; a decrease may take the last token.
        to_send = allowed.claimable(PATCH_LISTINGS_ITEM, limit, name, urgent=name == AspectName.QUANTITY)
        # Many are read with one call: few that can be sent are no reason to read few.
        to_read = limit if allowed.headroom(SEARCH_LISTINGS_ITEMS, 1) else 0
        for at_most, which in ((to_send, ~is_to_be_read()), (to_read, is_to_be_read())):
            where = (Aspect.name == name, Aspect.account_id == account.id, which)
            claims = _claim(channel, at_most, *where)
            if claims:
                _publish_for_account(channel, account, claims)
            claimed += len(claims)
    return claimed


def _claim(channel: Channel, at_most: int, *where: sa.ColumnElement[bool]) -> list[Claim]:
    """Claim, if there is anything to claim: looking locks nothing."""
    now = channel.clock()
    with reading(channel.db.engine) as read:
        if not at_most or not read.scalar(sa.select(sa.exists().where(Aspect.due_at <= now, *where))):
            return []
    return claim(channel.db.session(), Aspect, now, at_most, *where)


def _with_due(channel: Channel, name: AspectName, fewer_than: int | None) -> Sequence[SellerAccount]:
    """Return the connected accounts that have aspects of that name due, and how many is told by `fewer_than`."""
    due = (Aspect.account_id == SellerAccount.id, Aspect.name == name, Aspect.due_at <= channel.clock())
    found = sa.select(SellerAccount).where(SellerAccount.state == AccountState.CONNECTED, sa.exists().where(*due))
    if fewer_than is not None:
        found = found.where(sa.select(sa.func.count(Aspect.id)).where(*due).scalar_subquery() < fewer_than)
    with reading(channel.db.engine) as read:
        return read.scalars(found.order_by(SellerAccount.id)).all()


def _publish_for_account(channel: Channel, account: SellerAccount, claims: list[Claim]) -> None:
    account_id = account.id
    client = client_for(channel, account_id, account.seller_id, account.region)
    try:
        claims = _read_first(channel, client, claims)
        works = load(channel, claims)
        decisions = decide_listings(channel, _listings(works))
    except AccountDisconnected as error:
        disconnect(channel, account_id, str(error))
        put_back(channel, claims, str(error), counts=False)
        return
    except (AmazonUnavailable, ShopRefused) as error:
        blameless = getattr(error, "throttled", False) or isinstance(error, SecretRefused)
        put_back(channel, claims, str(error), counts=not blameless)
        return
    except AmazonError as error:
        put_back(channel, claims, str(error))
        return
    for work in sorted(works, key=lambda work: not _is_urgent(work, decisions)):
        store_id = work.listing.store_id if work.listing else None
        with visiting(channel, Aspect, work.claim, account_id, work.aspect.failures, "publish", store_id):
            _bring_to_amazon(channel, client, work, decisions)


def _read_first(channel: Channel, client: AmazonClient, claims: list[Claim]) -> list[Claim]:
    """Read back what must be, and return the claims that can go on.  Reading has a quota of its own."""
    asked = [work for work in load(channel, claims) if must_be_read(work, channel.clock())]
    try:
        read_back(channel, client, asked)
    except AmazonUnavailable as error:
        if not error.throttled:
            raise
        waiting = [work.claim for work in asked]
        put_back(channel, waiting, str(error), counts=False, wait=error.wait)
        return [one for one in claims if one not in waiting]
    return claims


def _is_urgent(work: Work, decisions: dict[int, Decision]) -> bool:
    """Say whether it may not wait behind others: until a quantity went down, more may be sold than is there."""
    if work.aspect.name != AspectName.QUANTITY:
        return False
    wish = wanting.wish(work.aspect, work.listing, work.listings, decisions)
    return wish.value is not None and (wish.observed is None or wish.value < wish.observed)


def _listings(works: list[Work]) -> list[Listing]:
    return list({listing.id: listing for work in works for listing in work.listings}.values())


def _bring_to_amazon(channel: Channel, client: AmazonClient, work: Work, decisions: dict[int, Decision]) -> None:
    now = channel.clock()
    step = next_step(channel, work, decisions, now)
    if isinstance(step, Send):
        submit(channel, client, work, step.wish, step.patch, decisions, urgent=_is_urgent(work, decisions))
    else:
        close(channel, work, decisions, now, step)
