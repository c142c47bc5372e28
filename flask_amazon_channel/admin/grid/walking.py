"""A page of rows after or before a position, in the order of any column.

Rows with the same value follow each other by their key, so the order is always whole; rows without a value come last,
whichever way it is sorted.  A position is the value and the key of the row at the edge: whatever appears or vanishes
meanwhile, no other row is repeated or left out.

A page is read in pieces, each of which an index over column and key answers by itself in every database: the rest of
the same value, the values beyond, the rows without a value.  Where that index has the grid's `split` column before
(such as store, state, price, id), there is a query for each of its few words; each piece is read from each of them, and
the first of them all are taken.
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


def positions(
    session: Session,
    queries: Sequence[sa.Select[Any]],
    order: Order,
    start: Position | None,
    limit: int,
    *,
    back: bool = False,
) -> Sequence[Position]:
    """Return where up to `limit` rows after (`back`: before) the start are, in the order of the page.

    `queries`, at least one, select the rows: each row is found by one of them.
    """
    columns = (order.column.expression.label("value"), order.key.label("tie"))
    keys: list[sa.Select[Any]] = [query.with_only_columns(*columns) for query in queries]
    found: list[Position] = []
    for where, by_value in _pieces(order, start, back=back):
        some = _piece(keys, order, where, limit - len(found), by_value=by_value, down=order.descending != back)
        found += [Position(*row) for row in session.execute(some)]
        if len(found) >= limit:
            break
    return found[::-1] if back else found


def _pieces(order: Order, start: Position | None, *, back: bool) -> Iterator[tuple[list[sa.ColumnElement[bool]], bool]]:
    """Yield the conditions of each piece, and whether it is in the order of the values or of the keys alone."""
    down = order.descending != back
    value, key = order.column.expression, order.key
    may_be_empty = order.column.may_be_empty and not order.by_key

    def beyond(expression: Expression, edge: Any) -> sa.ColumnElement[bool]:
        literal = _literal(expression, edge)
        return expression < literal if down else expression > literal

    if order.by_key:
        yield [beyond(key, start.key)] if start else [], False
        return
    if start is None:
        if may_be_empty and back:
            yield [value.is_(None)], False
        yield [value.is_not(None)] if may_be_empty else [], True
    elif start.value is not None:
        yield [value == _literal(value, start.value), beyond(key, start.key)], False
        yield [beyond(value, start.value)], True
    else:
        yield [value.is_(None), beyond(key, start.key)], False
        if back:
            yield [value.is_not(None)], True
    if may_be_empty and not back and (start is None or start.value is not None):
        yield [value.is_(None)], False


def _piece(
    queries: Sequence[sa.Select[Any]],
    order: Order,
    where: list[sa.ColumnElement[bool]],
    limit: int,
    *,
    by_value: bool,
    down: bool,
) -> sa.Select[Any]:
    def sort(value: Any, key: Any) -> list[Any]:
        return [one.desc() if down else one.asc() for one in ((value, key) if by_value else (key,))]

    first = sort(order.column.expression, order.key)
    each = [query.where(*where).order_by(*first).limit(limit) for query in queries]
    if len(each) == 1:
        return each[0]
    merged = sa.union(*[sa.select(one.subquery()) for one in each]).subquery()
    return sa.select(merged).order_by(*sort(merged.c.value, merged.c.tie)).limit(limit)


def _literal(expression: Expression, value: Any) -> sa.BindParameter[Any]:
    """Large numbers are numbers too where the column is narrow."""
    kind = sa.BigInteger() if isinstance(expression.type, sa.Integer) else expression.type
    return sa.literal(value, kind)


def written(position: Position, order: Order) -> str:
    """Return the position for an address."""
    text = json.dumps([order.name, _packed(position.value), _packed(position.key)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str, order: Order) -> Position | None:
    """Return the position that an address names; None, the beginning, if it is none of this order."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        name, value, key = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
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
    if isinstance(kind, sa.Integer) and type(value) is int and abs(value) < 2**63:
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
