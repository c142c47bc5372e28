"""The journey of a price or a quantity to Amazon: decide, compare, send the difference, read back until it is live.

Nothing here remembers what to send: the value is decided when it is sent.  What is sent is stored before it leaves, and
nothing more is sent for that aspect until its outcome is known.
"""

from __future__ import annotations

import logging
from collections import defaultdict

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AccountDisconnected, AmazonError, AmazonUnavailable, SecretRefused, ShopRefused
from flask_amazon_channel.models import AccountState, Aspect, AspectName, Listing, SellerAccount
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.models.due import Claim, claim
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.spapi.client import MAX_SKUS_PER_SEARCH, AmazonClient
from flask_amazon_channel.sync.accounts import client_for, disconnect
from flask_amazon_channel.sync.decisions import decide_listings
from flask_amazon_channel.sync.publishing.aspects import Work, close, load, put_back
from flask_amazon_channel.sync.publishing.next_step import Send, next_step
from flask_amazon_channel.sync.publishing.read_back import must_be_read, read_back
from flask_amazon_channel.sync.publishing.submit import submit
from flask_amazon_channel.sync.visits import visiting

log = logging.getLogger(__name__)


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
        read_back(channel, client, [work for work in load(channel, claims) if must_be_read(work, channel.clock())])
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
    for work in works:
        with visiting(channel, Aspect, work.claim, account_id, work.aspect.failures, "publish"):
            _bring_to_amazon(channel, client, work, decisions)


def _listings(works: list[Work]) -> list[Listing]:
    return list({listing.id: listing for work in works for listing in work.listings}.values())


def _bring_to_amazon(channel: Channel, client: AmazonClient, work: Work, decisions: dict[int, Decision]) -> None:
    now = channel.clock()
    step = next_step(channel, work, decisions, now)
    if isinstance(step, Send):
        submit(channel, client, work, step.wish, step.patch, decisions)
    else:
        close(channel, work, decisions, now, step.again_at, step.problem)
