"""The journey of an Amazon order into the shop: stored, its stock booked, its shop order made, all in one commit.

Each order has a transaction of its own.  What goes wrong with one is kept on that order, tried again later, and stops
no other.
"""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ShopRefused
from flask_amazon_channel.models import AmazonOrder, SellerAccount, Store
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import pause
from flask_amazon_channel.rules.amazon import OrderSnapshot
from flask_amazon_channel.rules.orders import (
    is_newer,
    new_shop_order,
    quantity,
    quarantine_reason,
    takes_effect,
    wants_shop_order,
)
from flask_amazon_channel.rules.phrases import joined, phrase
from flask_amazon_channel.rules.settings import OrderRules
from flask_amazon_channel.rules.values import OrderChange, OrderChangeKind
from flask_amazon_channel.signals import (
    cancellation_requested,
    order_cancelled,
    order_imported,
    order_quarantined,
    order_received,
)
from flask_amazon_channel.sync.decisions import News, tell
from flask_amazon_channel.sync.facts import order_rules
from flask_amazon_channel.sync.orders import shipments, stock
from flask_amazon_channel.sync.orders.order_rows import bring_up_to_date
from flask_amazon_channel.sync.shop_calls import ShopEndedTransaction, call_shop

log = logging.getLogger(__name__)

CANCELLED = frozenset({"CANCELLED", "UNFULFILLABLE"})
UNREADABLE = "UNREADABLE"
STANDARD_LOOK_BACK = timedelta(days=2)

# What each order asks is put together once: that takes longer than the database takes to answer.
_ORDER = (
    sa.select(AmazonOrder)
    .filter_by(account_id=sa.bindparam("account_id"), amazon_order_id=sa.bindparam("amazon_order_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_ACCOUNT_AND_STORE = (
    sa.select(SellerAccount.connected_at, Store)
    .outerjoin(
        Store,
        sa.and_(Store.account_id == SellerAccount.id, Store.marketplace_id == sa.bindparam("marketplace_id")),
    )
    .where(SellerAccount.id == sa.bindparam("account_id"))
)


def keep_order(channel: Channel, account_id: int, seen: OrderSnapshot, fetched_at: datetime) -> None:
    """Bring the channel and the shop to what the snapshot shows.  Repeats and older snapshots change nothing."""
    session = channel.db.session()
    session.rollback()
    for _ in range(2):
        try:
            news = in_transaction(session, lambda: _keep(channel, session, account_id, seen, fetched_at))
        except IntegrityError:
            # Another worker stored the same order in this moment: look again, now it is there.
            continue
        except ShopEndedTransaction as ended:
            session.rollback()
            news = in_transaction(session, partial(_quarantine_alone, channel, session, account_id, seen, ended))
        tell(news)
        return
    raise RuntimeError(f"The order {seen.amazon_order_id} could not be stored.")


def _keep(channel: Channel, session: Session, account_id: int, seen: OrderSnapshot, fetched_at: datetime) -> News:
    now = channel.clock()
    order, store, is_new = _row(session, account_id, seen, fetched_at)
    news: News = []
    if is_new or is_newer(seen, fetched_at, order.updated_at, order.fetched_at):
        rules = order_rules(store) if store else OrderRules(store="", currency=seen.currency or "")
        was = order.status
        bring_up_to_date(channel, session, order, seen, rules.reserve_pending, fetched_at)
        news += _received(order) if is_new else []
        problems: list[str] = []
        for item in order.items:
            more, problem = stock.book(channel, session, order, item, rules.storefront, now)
            news += more
            problems += [problem] if problem else []
        try:
            news += _bring_to_shop(channel, session, order, store, seen, rules, now)
        except ShopEndedTransaction:
            raise
        except ShopRefused as refusal:
            problems.append(str(refusal))
        news += shipments.settle(session, order, seen, now)
        news += _ask_of_buyer(session, order, seen, now)
        if seen.status in CANCELLED and was not in CANCELLED:
            note(session, now, "cancelled", phrase("Amazon cancelled it."), order_id=order.id, store_id=order.store_id)
            news.append((order_cancelled, {"order_id": order.id}))
        news += _quarantine(session, order, joined(problems), now)
    return news


def _row(
    session: Session, account_id: int, seen: OrderSnapshot, fetched_at: datetime
) -> tuple[AmazonOrder, Store | None, bool]:
    """Return the order's row, locked; its store, if there is an active one; and whether the order is new.

    A new row is not in the session yet: it is written once, when the snapshot has been brought to it.
    """
    order = session.scalar(_ORDER, {"account_id": account_id, "amazon_order_id": seen.amazon_order_id})
    where = {"account_id": account_id, "marketplace_id": seen.marketplace_id}
    connected_at, store = session.execute(_ACCOUNT_AND_STORE, where).one()
    active = store if store is not None and store.is_active else None
    if order is not None and order.status != UNREADABLE:
        order.store_id = order.store_id or (store.id if store else None)
        return order, active, False
    look_back = order_rules(store).look_back if store else STANDARD_LOOK_BACK
    has_effect = takes_effect(seen, connected_at, look_back)
    if order is None:
        order = _new_order(account_id, seen.amazon_order_id)
    order.store_id, order.marketplace_id = store.id if store else None, seen.marketplace_id
    order.status, order.fulfilled_by = "", seen.fulfilled_by
    order.purchased_at, order.updated_at, order.fetched_at = seen.created_at, seen.last_updated_at, fetched_at
    order.details, order.has_stock_effect, order.wants_shop_order = {}, has_effect, has_effect
    return order, active, True


def _new_order(account_id: int, amazon_order_id: str) -> AmazonOrder:
    """Make the row of an order without lines.  What is empty here need not be looked for in the database."""
    return AmazonOrder(
        account_id=account_id,
        amazon_order_id=amazon_order_id,
        items=[],
        packages=[],
        person=None,
        due_at=None,
        leased_until=None,
        failures=0,
        problem=None,
    )


def _received(order: AmazonOrder) -> News:
    return [(order_received, {"order_id": order.id})]


def _bring_to_shop(
    channel: Channel,
    session: Session,
    order: AmazonOrder,
    store: Store | None,
    seen: OrderSnapshot,
    rules: OrderRules,
    now: datetime,
) -> News:
    """Make the shop order, or bring the change to it.  `ShopRefused`: the shop, or a missing match, says no."""
    if order.shop_order_id is not None:
        return _change_shop_order(channel, session, order, seen, now)
    imports = rules.imports_orders and store is not None
    reason = wants_shop_order(seen, order.wants_shop_order, imports)
    if reason is not None:
        if reason.code == "unknown_status":
            raise ShopRefused(reason.sentence)
        return []
    products = {item.order_item_id: item.product_id for item in order.items}
    quarantined = quarantine_reason(seen, products, rules)
    if quarantined is not None:
        raise ShopRefused(quarantined.sentence)
    new = new_shop_order(seen, products, rules)

    def create() -> str:
        shop_order_id = channel.shop.create_order(new)
        session.flush()
        return str(shop_order_id)

    order.shop_order_id = call_shop(session, "create_order", create)
    order.imported_at = now
    in_shop_order = {line.id: line.quantity for line in new.lines}
    for item in order.items:
        item.in_shop_order = in_shop_order.get(item.order_item_id, 0)
    sentence = phrase("Shop order {shop_order} was created.", shop_order=order.shop_order_id)
    note(session, now, "order", sentence, order_id=order.id, store_id=order.store_id)
    return [(order_imported, {"order_id": order.id, "shop_order_id": order.shop_order_id})]


def _change_shop_order(
    channel: Channel, session: Session, order: AmazonOrder, seen: OrderSnapshot, now: datetime
) -> News:
    """Tell the shop what Amazon cancelled: the order, once, or units of its lines."""
    if seen.status in CANCELLED:
        if order.shop_cancelled_at is None:
            _update_shop_order(channel, session, order, OrderChange(OrderChangeKind.CANCELLED))
            order.shop_cancelled_at = now
        return []
    left = {item.order_item_id: quantity(item) for item in seen.items}
    gone = {
        item.order_item_id: item.in_shop_order - left.get(item.order_item_id, 0)
        for item in order.items
        if item.in_shop_order > left.get(item.order_item_id, 0)
    }
    if gone:
        _update_shop_order(channel, session, order, OrderChange(OrderChangeKind.LINES_CANCELLED, lines=gone))
        for item in order.items:
            item.in_shop_order -= gone.get(item.order_item_id, 0)
    return []


def _update_shop_order(channel: Channel, session: Session, order: AmazonOrder, change: OrderChange) -> None:
    shop_order_id = str(order.shop_order_id)

    def update() -> None:
        channel.shop.update_order(shop_order_id, change)
        session.flush()

    call_shop(session, "update_order", update)


def _ask_of_buyer(session: Session, order: AmazonOrder, seen: OrderSnapshot, now: datetime) -> News:
    asked = any(item.cancellation_requested for item in seen.items)
    if not asked or order.cancellation_requested_at is not None:
        return []
    order.cancellation_requested_at = now
    note(session, now, "order", phrase("The buyer asks to cancel it."), order_id=order.id, store_id=order.store_id)
    return [(cancellation_requested, {"order_id": order.id})]


def _quarantine(session: Session, order: AmazonOrder, problem: str, now: datetime) -> News:
    """Keep why the order is not wholly in the shop, and when to try again; or that it is."""
    order.leased_until = None
    if not problem:
        order.problem, order.due_at, order.failures = None, None, 0
        return []
    order.due_at = now + pause(order.failures, random.random(), timedelta(seconds=30))
    order.failures += 1
    if (order.problem or "")[:1000] == problem[:1000]:
        return []
    order.problem = problem
    note(
        session,
        now,
        "order",
        phrase("It waits: {problem}", problem=problem),
        order_id=order.id,
        store_id=order.store_id,
    )
    return [(order_quarantined, {"order_id": order.id, "problem": order.problem})]


def _quarantine_alone(
    channel: Channel, session: Session, account_id: int, seen: OrderSnapshot, ended: ShopEndedTransaction
) -> News:
    """The shop ended our transaction: store the problem in one of its own, and the shop order that it made."""
    now = channel.clock()
    order, _, is_new = _row(session, account_id, seen, now)
    if ended.name == "create_order" and ended.result and order.shop_order_id is None:
        order.shop_order_id, order.imported_at = str(ended.result), now
    session.add(order)
    session.flush()
    return (_received(order) if is_new else []) + _quarantine(session, order, str(ended), now)


def keep_unreadable(channel: Channel, account_id: int, amazon_order_id: str, why: str) -> None:
    """Store an order that could not be understood, so that it is shown and tried again."""
    if not amazon_order_id:
        log.error("Amazon showed an order without an id that cannot be understood: %s", why)
        return
    session, now = channel.db.session(), channel.clock()

    def keep() -> News:
        order = session.scalar(_ORDER, {"account_id": account_id, "amazon_order_id": amazon_order_id})
        if order is None:
            order = missing_order(account_id, amazon_order_id, now)
            session.add(order)
            session.flush()
        return _quarantine(session, order, phrase("Amazon's answer about it cannot be understood: {why}", why=why), now)

    tell(in_transaction(session, keep))


def missing_order(account_id: int, amazon_order_id: str, now: datetime) -> AmazonOrder:
    """Make the row of an order of which nothing is known but its number: whoever fetches it brings it to life."""
    return AmazonOrder(
        account_id=account_id,
        amazon_order_id=amazon_order_id,
        marketplace_id="",
        status=UNREADABLE,
        fulfilled_by="merchant",
        purchased_at=now,
        updated_at=now,
        fetched_at=now,
        details={},
        generation=0,
        failures=0,
    )


def retry(channel: Channel, order: AmazonOrder) -> None:
    """Try an order again now: it is asked for at Amazon anew.  Commits."""
    order.due_at = channel.clock()
    order.failures = 0
    channel.db.session.commit()
    channel.ring()
