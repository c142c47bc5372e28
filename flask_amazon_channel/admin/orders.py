"""The orders, of one store or of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload, selectinload

from flask_amazon_channel.admin import access, formats, links
from flask_amazon_channel.admin.access import OPERATE
from flask_amazon_channel.admin.grid import Action, Grid, choice, code, moment, money, text, yes_no
from flask_amazon_channel.admin.words import marked, say, say_many
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AmazonOrder, AmazonOrderItem, Store
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.sync.bulk import orders as bulk

ATTENTION = sa.or_(
    AmazonOrder.problem.is_not(None),
    sa.and_(
        AmazonOrder.cancellation_requested_at.is_not(None),
        AmazonOrder.status.in_(("PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED")),
    ),
    sa.and_(AmazonOrder.oversold_at.is_not(None), AmazonOrder.status.in_(("PENDING", "UNSHIPPED"))),
)
"""A person should look: it is not in the shop, its buyer asks to cancel, or there is too little stock for it."""

TABS: Sequence[tuple[str, Mapping[str, Sequence[str]]]] = (
    (marked("All"), {}),
    (marked("Needs attention"), {"attention": ["yes"]}),
    (marked("Pending"), {"status": ["PENDING_AVAILABILITY", "PENDING"]}),
    (marked("Unshipped"), {"status": ["UNSHIPPED", "PARTIALLY_SHIPPED"]}),
    (marked("Shipped"), {"status": ["SHIPPED"]}),
    (marked("Cancelled"), {"status": ["CANCELLED", "UNFULFILLABLE"]}),
)
"""The filters that people use all day, by their names."""

CELLS = "amazon_channel/grid_orders.html"
FULFILLED_BY: Mapping[str, str] = {FulfilledBy.MERCHANT: marked("the shop"), FulfilledBy.AMAZON: marked("Amazon (FBA)")}

_FIRST_ITEM = (
    sa.select(AmazonOrderItem.title)
    .where(AmazonOrderItem.order_id == AmazonOrder.id)
    .order_by(AmazonOrderItem.id)
    .limit(1)
    .correlate(AmazonOrder)
    .scalar_subquery()
)
_SKUS = (
    sa.select(sa.func.min(AmazonOrderItem.sku))
    .where(AmazonOrderItem.order_id == AmazonOrder.id)
    .correlate(AmazonOrder)
    .scalar_subquery()
)


def _has_sku(sku: str) -> sa.ColumnElement[bool]:
    return AmazonOrder.id.in_(sa.select(AmazonOrderItem.order_id).where(AmazonOrderItem.sku == sku))


def _matches(words: str) -> sa.ColumnElement[bool]:
    return sa.or_(AmazonOrder.amazon_order_id == words, AmazonOrder.shop_order_id == words)


def _of_stores(stores: Sequence[int]) -> sa.Select[Any]:
    return sa.select(AmazonOrder).where(AmazonOrder.store_id.in_(stores))


def _of_retry(session: Session, keys: sa.Select[Any]) -> list[str]:
    count = sa.select(sa.func.count()).select_from(AmazonOrder).where(AmazonOrder.id.in_(keys))
    with_problem = session.scalar(count.where(AmazonOrder.problem.is_not(None))) or 0
    others = (session.scalar(count) or 0) - with_problem
    return [
        say_many("{n} order is tried again.", "{n} orders are tried again.", with_problem),
        say_many("{n} has no problem and is left alone.", "{n} have no problem and are left alone.", others),
    ]


def _stores() -> dict[str, str]:
    from flask_amazon_channel.channel import current

    return {str(store.id): store.name for store in access.visible_stores(current())}


ORDERS = Grid(
    name="orders",
    row=AmazonOrder,
    columns=(
        moment("purchased", marked("Purchased"), AmazonOrder.purchased_at),
        code("number", marked("Order"), AmazonOrder.amazon_order_id, cell=f"{CELLS}#number"),
        choice(
            "store",
            marked("Store"),
            AmazonOrder.store_id,
            choices=_stores,
            cell=f"{CELLS}#store",
            sort=False,
        ),
        choice(
            "status",
            marked("Status"),
            AmazonOrder.status,
            choices=formats.ORDER_STATUSES,
            show=formats.order_status,
            cell=f"{CELLS}#status",
            wide=True,
            sort=False,
        ),
        text("items", marked("Items"), _FIRST_ITEM, find="", sort=False, cell=f"{CELLS}#items", wide=True),
        money("total", marked("Total"), AmazonOrder.total_minor, currency=AmazonOrder.currency, sort=False),
        code(
            "shop_order",
            marked("Shop order"),
            AmazonOrder.shop_order_id,
            find="equals",
            sort=False,
            link=lambda order: links.shop_order(order.shop_order_id),
        ),
        yes_no("attention", marked("Needs attention"), ATTENTION, sort=False),
        code("sku", marked("SKU"), _SKUS, find="equals", matches=_has_sku, sort=False),
        choice("fulfilled_by", marked("Shipped by"), AmazonOrder.fulfilled_by, choices=FULFILLED_BY, sort=False),
        moment("ship_by", marked("Ship by"), AmazonOrder.ship_by, sort=False),
        moment("imported", marked("In the shop since"), AmazonOrder.imported_at, sort=False),
        text("problem", marked("Problem"), AmazonOrder.problem, find="contains", sort=False),
    ),
    shown=("purchased", "number", "store", "status", "items", "total", "shop_order"),
    sort="-purchased",
    search=_matches,
    search_label=marked("Amazon’s or the shop’s number"),
    empty=(
        marked("No orders yet"),
        marked(
            "Orders are read every few minutes from every connected account. Buyers’ orders appear here by themselves."
        ),
    ),
    actions=(
        Action(
            "retry",
            marked("Try again"),
            OPERATE,
            bulk.retry,
            marked("They are asked for at Amazon anew, and what is missing in the shop is done."),
            _of_retry,
        ),
    ),
    rows_of=_of_stores,
    place=lambda store_id: (
        url_for("amazon_channel.store_orders", store_id=store_id) if store_id else url_for("amazon_channel.orders")
    ),
)


IN_STORE = replace(ORDERS, shown=[key for key in ORDERS.shown if key != "store"])


def orders(channel: Channel) -> ResponseReturnValue:
    return _page(channel, access.visible_orders(channel), None)


def store_orders(channel: Channel, store: Store) -> ResponseReturnValue:
    return _page(channel, AmazonOrder.store_id == store.id, store)


def _page(channel: Channel, scope: sa.ColumnElement[bool], store: Store | None) -> ResponseReturnValue:
    return (ORDERS if store is None else IN_STORE).answer(
        channel,
        query=sa.select(AmazonOrder).where(scope),
        load=(selectinload(AmazonOrder.items), joinedload(AmazonOrder.store)),
        title=say("Orders"),
        store=store,
        template="amazon_channel/orders.html",
        tabs=TABS,
    )
