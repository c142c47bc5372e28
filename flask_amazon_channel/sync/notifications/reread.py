"""The reading of what notifications hinted at, the same way as if it had been found by reading everything."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonUnavailable, NotFound
from flask_amazon_channel.models import (
    AccountState,
    Listing,
    PendingHint,
    SellerAccount,
    Sku,
    Store,
    StoreState,
    Stream,
    StreamName,
)
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, claim, finish, mark
from flask_amazon_channel.rules.notifications import HintKind
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.spapi.client import MAX_SKUS_PER_SEARCH, AmazonClient
from flask_amazon_channel.spapi.operations import GET_ORDER
from flask_amazon_channel.sync.accounts import allowance, client_for
from flask_amazon_channel.sync.import_listings import decide_anew
from flask_amazon_channel.sync.orders.read_orders import keep_one
from flask_amazon_channel.sync.publishing.read_back import read_listings
from flask_amazon_channel.sync.visits import visiting

ORDERS_AT_ONCE = 10
NOT_THERE_YET = 2
"""So many times we ask again for an order that Amazon announced and does not show."""


def read_orders_told_of(channel: Channel) -> int:
    """Ask for the orders that notifications named, by getOrder, some of each account; return how many."""
    visited = 0
    for account in _told_of(channel, HintKind.ORDER):
        at_most = allowance(channel, account.seller_id, account.region).headroom(GET_ORDER, ORDERS_AT_ONCE)
        client = _client(channel, account)
        for claimed in _claim(channel, account, HintKind.ORDER, at_most) if at_most else ():
            with reading(channel.db.engine) as read:
                hint = read.get_one(PendingHint, claimed.id)
            with visiting(channel, PendingHint, claimed, account.id, hint.failures, "read_orders"):
                _read_order(channel, client, hint, claimed)
            visited += 1
    return visited


def _read_order(channel: Channel, client: AmazonClient, hint: PendingHint, claimed: Claim) -> None:
    try:
        seen = client.get_order(hint.subject)
    except NotFound as error:
        if hint.failures < NOT_THERE_YET:
            raise AmazonUnavailable(phrase("Amazon does not show the order yet: {why}", why=error.args[0])) from error
    else:
        keep_one(channel, hint.account_id, seen, channel.clock())
    _done(channel, claimed)


def read_listings_told_of(channel: Channel) -> int:
    """Read the SKUs that notifications named, some of each account; return how many."""
    visited = 0
    for account in _told_of(channel, HintKind.SKU):
        claims = _claim(channel, account, HintKind.SKU, MAX_SKUS_PER_SEARCH)
        with reading(channel.db.engine) as read:
            told = [(claimed, read.get_one(PendingHint, claimed.id)) for claimed in claims]
        if told:
            _read_skus_of(channel, account, told)
        visited += len(told)
    return visited


def _read_skus_of(channel: Channel, account: SellerAccount, told: list[tuple[Claim, PendingHint]]) -> None:
    """One search for all; if it fails, each hint is given back with its own failures."""
    client = _client(channel, account)
    listings = _listings(channel, account.id, [hint for _, hint in told])
    failure: Exception | None = None
    try:
        read_listings(channel, client, listings)
        for store in {listing.store_id: listing.store for listing in listings}.values():
            decide_anew(channel, store, [listing.sku.sku for listing in listings if listing.store_id == store.id])
    except Exception as error:
        failure = error
    for claimed, hint in told:
        with visiting(channel, PendingHint, claimed, account.id, hint.failures, "read_listings"):
            if failure is not None:
                raise failure
            _look_for_new(channel, hint, listings)
            _done(channel, claimed)


def _listings(channel: Channel, account_id: int, hints: list[PendingHint]) -> list[Listing]:
    """Return the listings that the hints name.  One is enough where no marketplace is named: the stock is one."""
    with reading(channel.db.engine) as read:
        found = read.scalars(
            sa.select(Listing)
            .join(Sku)
            .join(Store, Listing.store_id == Store.id)
            .where(Sku.account_id == account_id, Sku.sku.in_([hint.subject for hint in hints]))
            .where(Store.state == StoreState.ACTIVE)
            .options(joinedload(Listing.sku), joinedload(Listing.store))
            .order_by(Listing.id)
        ).all()
    chosen: dict[int, Listing] = {}
    for hint in hints:
        of_sku = [one for one in found if one.sku.sku == hint.subject]
        if hint.marketplace_id:
            of_sku = [one for one in of_sku if one.store.marketplace_id == hint.marketplace_id]
        chosen |= {one.id: one for one in of_sku[:1]}
    return list(chosen.values())


def _look_for_new(channel: Channel, hint: PendingHint, listings: list[Listing]) -> None:
    """A SKU that we do not know is new at Amazon: let the store's changes be read."""
    if any(listing.sku.sku == hint.subject for listing in listings):
        return
    session = channel.db.session()
    stores = sa.select(Store.id).where(Store.account_id == hint.account_id)
    if hint.marketplace_id:
        stores = stores.where(Store.marketplace_id == hint.marketplace_id)
    where = (Stream.name == StreamName.LISTINGS, Stream.store_id.in_(stores))
    in_transaction(session, lambda: mark(session, Stream, channel.clock(), *where))


def _told_of(channel: Channel, kind: HintKind) -> Sequence[SellerAccount]:
    """Return the connected accounts of which something was told."""
    due = (PendingHint.account_id == SellerAccount.id, PendingHint.kind == kind, PendingHint.due_at <= channel.clock())
    connected = SellerAccount.state == AccountState.CONNECTED
    found = sa.select(SellerAccount).where(connected, sa.exists().where(*due)).order_by(SellerAccount.id)
    with reading(channel.db.engine) as read:
        return read.scalars(found).all()


def _claim(channel: Channel, account: SellerAccount, kind: HintKind, limit: int) -> list[Claim]:
    where = (PendingHint.kind == kind, PendingHint.account_id == account.id)
    return claim(channel.db.session(), PendingHint, channel.clock(), limit, *where)


def _client(channel: Channel, account: SellerAccount) -> AmazonClient:
    return client_for(channel, account.id, account.seller_id, account.region)


def _done(channel: Channel, claimed: Claim) -> None:
    session = channel.db.session()
    in_transaction(session, lambda: finish(session, PendingHint, claimed, channel.clock()))
