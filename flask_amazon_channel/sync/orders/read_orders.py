"""Reading an account's orders: all that changed since the last complete reading, over all its marketplaces.

The position moves only when every page of a window was read and every order on them is stored or quarantined.  A
window begins a little before it, since Amazon may show an order late; after a long absence windows are bounded.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonRejected, AmazonUnavailable, NotFound
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.models import AccountState, AmazonOrder, SellerAccount, Store, Stream, StreamName
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, claim, finish, hold
from flask_amazon_channel.rules.amazon import OrderSnapshot, OrdersPage
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.reading import window
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.operations import GET_ORDER
from flask_amazon_channel.sync.accounts import allowance, client_for, connected_accounts
from flask_amazon_channel.sync.orders.keep_order import STANDARD_LOOK_BACK, keep_order, keep_unreadable
from flask_amazon_channel.sync.visits import INTERNAL_ERROR, visiting

log = logging.getLogger(__name__)

READ_AT_MOST = 30.0
"""Seconds, shared by the accounts that are due: a backlog takes many visits, and nothing urgent waits behind it."""


def read_orders(channel: Channel) -> int:
    """Read the orders of every account that is due; return how many accounts."""
    claims = _claim(channel, Stream, 5, Stream.name == StreamName.ORDERS, Stream.account_id.in_(_connected()))
    for claimed in claims:
        with reading(channel.db.engine) as read:
            stream = read.get_one(Stream, claimed.id)
            account = read.get_one(SellerAccount, stream.account_id)
            since = stream.position or account.connected_at - _look_back(read, account.id)
        client = client_for(channel, account.id, account.seller_id, account.region)
        with visiting(channel, Stream, claimed, account.id, stream.failures, "read_orders"):
            _read_all(channel, client, account.id, claimed, since, stream.paging, READ_AT_MOST / len(claims))
    return len(claims)


def retry_orders(channel: Channel) -> int:
    """Ask anew for orders that are due because something went wrong with them; return how many."""
    visited = 0
    for account in connected_accounts(channel):
        at_most = allowance(channel, account.seller_id, account.region).headroom(GET_ORDER, 10)
        client = client_for(channel, account.id, account.seller_id, account.region)
        where = AmazonOrder.account_id == account.id
        for claimed in _claim(channel, AmazonOrder, at_most, where) if at_most else ():
            with reading(channel.db.engine) as read:
                order = read.get_one(AmazonOrder, claimed.id)
            with visiting(channel, AmazonOrder, claimed, account.id, order.failures, "retry_orders"):
                _fetch(channel, client, account.id, order.amazon_order_id)
            visited += 1
    return visited


def _connected() -> sa.Select[Any]:
    return sa.select(SellerAccount.id).where(SellerAccount.state == AccountState.CONNECTED)


def _claim(channel: Channel, model: type, limit: int, *where: sa.ColumnElement[bool]) -> list[Claim]:
    return claim(channel.db.session(), model, channel.clock(), limit, *where)


def _look_back(session: Session, account_id: int) -> timedelta:
    days = session.scalar(sa.select(sa.func.max(Store.look_back_days)).where(Store.account_id == account_id))
    return timedelta(days=days) if days is not None else STANDARD_LOOK_BACK


def _read_all(
    channel: Channel,
    client: AmazonClient,
    account_id: int,
    claimed: Claim,
    position: datetime,
    paging: dict[str, Any] | None,
    at_most: float,
) -> None:
    """Read a window page by page.  Where the quota ends, or anything else stops it, it goes on from that page later."""
    session, end = channel.db.session(), time.monotonic() + at_most
    begun = channel.clock()
    place = _Place.of(paging) or _Place(*window(position, begun))
    while True:
        page = _page(channel, client, claimed, place)
        keep_page(channel, account_id, page)
        # The first page says up to when it was read; what changes while we page comes with the next reading.
        place = replace(place, until=place.until or page.read_until, token=page.next_token)
        if place.token is None:
            break
        now, kept = channel.clock(), {"paging": place.paging()}
        if time.monotonic() >= end:
            in_transaction(session, partial(finish, session, Stream, claimed, now, now, **kept))
            return
        in_transaction(session, partial(hold, session, Stream, claimed, now, **kept))
    if place.until is None:
        in_transaction(session, lambda: hold(session, Stream, claimed, channel.clock(), paging=None))
        raise AmazonUnavailable(phrase("Amazon did not say up to when the orders were read: they are read again."))
    values: dict[str, Any] = {"position": max(place.until, position), "paging": None}
    again_at = channel.clock()
    if place.before is None:
        values["complete_at"], again_at = again_at, begun + channel.config.sync_interval
    in_transaction(session, lambda: finish(session, Stream, claimed, channel.clock(), again_at, **values))


@dataclass(frozen=True)
class _Place:
    """Where a reading has come to: its window (`before` None: up to now), `until` when Amazon read, and the page."""

    since: datetime
    before: datetime | None
    until: datetime | None = None
    token: str | None = None

    @classmethod
    def of(cls, paging: dict[str, Any] | None) -> _Place | None:
        if paging is None:
            return None
        moments = {name: paging.get(name) and datetime.fromisoformat(paging[name]) for name in ("before", "until")}
        return cls(since=datetime.fromisoformat(paging["since"]), token=paging["token"], **moments)

    def paging(self) -> dict[str, Any]:
        moments = {"since": self.since, "before": self.before, "until": self.until}
        return {name: at and at.isoformat() for name, at in moments.items()} | {"token": self.token}


def _page(channel: Channel, client: AmazonClient, claimed: Claim, place: _Place) -> OrdersPage:
    try:
        return client.search_orders(updated_after=place.since, updated_before=place.before, page_token=place.token)
    except AmazonRejected:
        # A token lives for a day.  Without it the window begins again.
        session = channel.db.session()
        in_transaction(session, lambda: hold(session, Stream, claimed, channel.clock(), paging=None))
        raise


def keep_page(channel: Channel, account_id: int, page: OrdersPage) -> None:
    """Store every order of the page, or quarantine it."""
    fetched_at = channel.clock()
    for seen in page.orders:
        keep_one(channel, account_id, seen, fetched_at)
    for amazon_order_id, why in page.unreadable:
        keep_unreadable(channel, account_id, amazon_order_id, why)


def keep_one(channel: Channel, account_id: int, seen: OrderSnapshot, fetched_at: datetime) -> None:
    """Store one order.  A fault of ours with it is kept on it, too: the others go on, and it is tried again."""
    try:
        keep_order(channel, account_id, seen, fetched_at)
    except (OperationalError, InterfaceError):
        # The database, not the order: nothing more can be stored now.
        raise
    except Exception:
        log_fault(log, "The order %s could not be kept", seen.amazon_order_id)
        channel.db.session.rollback()
        keep_unreadable(channel, account_id, seen.amazon_order_id, INTERNAL_ERROR)


def _fetch(channel: Channel, client: AmazonClient, account_id: int, amazon_order_id: str) -> None:
    try:
        seen = client.get_order(amazon_order_id)
    except NotFound as error:
        raise AmazonUnavailable(phrase("Amazon does not show the order now: {why}", why=error.args[0])) from error
    keep_one(channel, account_id, seen, channel.clock())
