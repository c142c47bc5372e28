"""A page of rows after or before a position, in the order of any column.

Rows with the same value follow each other by their key, so the order is always whole; rows without a value come last,
whichever way it is sorted.  A position is the value and the key of the row at the edge: whatever appears or vanishes
meanwhile, no other row is repeated or left out.

A page is read in pieces, each of which an index over column and key answers by itself in every database: the rest of
the same value, the values beyond, the rows without a value.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.admin.grid.columns import Column, Expression

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 2000
SORT, KEY = "grid_sort", "grid_key"


@dataclass(frozen=True, slots=True)
class Order:
    """By which column the rows are sorted, and by which key where its values are the same."""

    column: Column
    key: Expression
    descending: bool

    @property
    def name(self) -> str:
        return f"{'-' if self.descending else ''}{self.column.key}"

    @property
    def by_key(self) -> bool:
        return self.column.expression is self.key


@dataclass(frozen=True, slots=True)
class Position:
    """Value and key of the row after or before which the page begins."""

    value: Any
    key: Any


def rows(
    session: Session, query: sa.Select[Any], order: Order, position: Position | None, limit: int, *, back: bool = False
) -> Sequence[sa.Row[Any]]:
    """Return up to `limit` rows after (`back`: before) the position, in the order of the page."""
    query = query.add_columns(order.column.expression.label(SORT), order.key.label(KEY))
    found: list[sa.Row[Any]] = []
    for piece in _pieces(query, order, position, back=back):
        found += session.execute(piece.limit(limit - len(found))).all()
        if len(found) >= limit:
            break
    return found[::-1] if back else found


def _pieces(query: sa.Select[Any], order: Order, position: Position | None, *, back: bool) -> Iterator[sa.Select[Any]]:
    down = order.descending != back
    value, key = order.column.expression, order.key
    by_key = [key.desc() if down else key.asc()]
    by_value = [value.desc() if down else value.asc(), *by_key]
    may_be_empty = order.column.may_be_empty and not order.by_key

    def beyond(expression: Expression, edge: Any) -> sa.ColumnElement[bool]:
        literal = _literal(expression, edge)
        return expression < literal if down else expression > literal

    if order.by_key:
        yield (query.where(beyond(key, position.key)) if position else query).order_by(*by_key)
        return
    if position is None:
        if may_be_empty and back:
            yield query.where(value.is_(None)).order_by(*by_key)
        yield (query.where(value.is_not(None)) if may_be_empty else query).order_by(*by_value)
    elif position.value is not None:
        yield query.where(value == _literal(value, position.value), beyond(key, position.key)).order_by(*by_key)
        yield query.where(beyond(value, position.value)).order_by(*by_value)
    else:
        yield query.where(value.is_(None), beyond(key, position.key)).order_by(*by_key)
        if back:
            yield query.where(value.is_not(None)).order_by(*by_value)
    if may_be_empty and not back and (position is None or position.value is not None):
        yield query.where(value.is_(None)).order_by(*by_key)


def _literal(expression: Expression, value: Any) -> sa.BindParameter[Any]:
    """Large numbers are numbers too where the column is narrow."""
    kind = sa.BigInteger() if isinstance(expression.type, sa.Integer) else expression.type
    return sa.literal(value, kind)


def position_of(row: sa.Row[Any]) -> Position:
    found = row._mapping
    return Position(found[SORT], found[KEY])


def written(position: Position, order: Order) -> str:
    """Return the position for an address."""
    text = json.dumps([order.name, _packed(position.value), _packed(position.key)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str, order: Order) -> Position | None:
    """Return the position that an address names; None, the beginning, if it is none of this order."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        parts = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        name, value, key = parts
        if name != order.name or key is None:
            return None
        return Position(_unpacked(value, order.column.expression), _unpacked(key, order.key))
    except (ValueError, TypeError, OverflowError, InvalidOperation, binascii.Error, RecursionError):
        return None


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value - _EPOCH) // _MICROSECOND
    return str(value) if isinstance(value, Decimal) else value


def _unpacked(value: Any, expression: Expression) -> Any:
    """Return a value of the column's own type; raise for anything else."""
    if value is None:
        return None
    kind = expression.type
    if isinstance(kind, sa.Boolean) and isinstance(value, bool):
        return value
    if isinstance(kind, sa.Integer) and isinstance(value, int) and abs(value) < 2**63:
        return value
    wanted = (kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind).python_type
    if wanted is datetime and type(value) is int:
        return _EPOCH + value * _MICROSECOND
    if wanted is Decimal and isinstance(value, str):
        return _finite(Decimal(value))
    if wanted is str and isinstance(value, str) and "\x00" not in value:
        value.encode()
        return value
    raise TypeError(value)


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) >= 10**15:
        raise ValueError(value)
    return value
