"""What a store sold, from Amazon's orders: by the day, and in all.

Cancelled orders and orders that cannot be read do not count.  Amounts of different currencies are never added up: what
is returned is by currency.  All of it is read from one index, without looking at an order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models.orders import AmazonOrder

NOT_SOLD = ("CANCELLED", "UNFULFILLABLE", "UNREADABLE")


@dataclass(frozen=True, slots=True)
class Sales:
    """How many orders, and what they come to in minor units of one currency."""

    orders: int = 0
    revenue_minor: int = 0


NO_CURRENCY = ""
"""Of orders whose total Amazon does not say yet, as of pending ones: they are counted, and come to nothing."""


def between(session: Session, store_id: int, edges: Sequence[datetime]) -> Mapping[str, Sequence[Sales]]:
    """Return by currency what was bought from each edge up to the next one; `edges` rise."""
    counted = (
        sa.select(
            _part(edges).label("part"),
            AmazonOrder.currency.label("currency"),
            AmazonOrder.total_minor.label("total"),
        )
        .where(_sold(store_id), AmazonOrder.purchased_at >= edges[0], AmazonOrder.purchased_at < edges[-1])
        .subquery()
    )
    columns = counted.c.part, counted.c.currency
    query = sa.select(*columns, sa.func.count(), sa.func.sum(counted.c.total)).group_by(*columns)
    found: dict[str, list[Sales]] = {}
    for part, currency, orders, revenue in session.execute(query):
        parts = found.setdefault(currency or NO_CURRENCY, [Sales()] * (len(edges) - 1))
        parts[part] = Sales(orders, int(revenue or 0))
    return found


def in_all(session: Session, store_id: int) -> Mapping[str, Sales]:
    """Return by currency what was ever bought."""
    query = (
        sa.select(AmazonOrder.currency, sa.func.count(), sa.func.sum(AmazonOrder.total_minor))
        .where(_sold(store_id))
        .group_by(AmazonOrder.currency)
    )
    return {
        currency or NO_CURRENCY: Sales(orders, int(revenue or 0))
        for currency, orders, revenue in session.execute(query)
    }


def _sold(store_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(AmazonOrder.store_id == store_id, AmazonOrder.status.not_in(NOT_SOLD))


def _part(edges: Sequence[datetime]) -> sa.ColumnElement[int]:
    """Return the number of the part that an order lies in, found by halving: few comparisons for each order."""

    def among(first: int, last: int) -> sa.ColumnElement[int]:
        if first == last:
            return sa.literal(first)
        middle = (first + last + 1) // 2
        return sa.case((AmazonOrder.purchased_at < edges[middle], among(first, middle - 1)), else_=among(middle, last))

    return among(0, len(edges) - 2)
