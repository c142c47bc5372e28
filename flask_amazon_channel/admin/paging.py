"""Lists of any length, a page at a time: each page continues after the last row of the one before.

So the last page is as quick as the first, and rows that come and go meanwhile neither repeat nor hide others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from flask import request, url_for
from sqlalchemy.orm import Session

from flask_amazon_channel.models.base import UtcDateTime

Row = TypeVar("Row")
PAGE = 50
KEPT = ("q", "state", "status")
"""What the next page takes over from the address; anything else might mean something to `url_for`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page of a list.  The addresses are empty where there is nothing more."""

    rows: Sequence[Row]
    next_url: str = ""
    previous_url: str = ""


def page(session: Session, query: sa.Select[Row], *order: sa.UnaryExpression[Any]) -> Slice[Row]:
    """Return the page that the address asks for with `after` or `before`.

    `order` are columns with `.asc()` or `.desc()`, all the same way, the last one unique.  Times and numbers only.
    """
    back = "before" in request.args
    columns = [part.element for part in order]
    mark = _read(request.args.get("before") or request.args.get("after") or "", columns)
    descending = order[0].modifier is sa.sql.operators.desc_op
    smaller = descending != back
    if mark is not None:
        bounds = sa.tuple_(*columns), sa.tuple_(*[sa.literal(v, c.type) for v, c in zip(mark, columns, strict=True)])
        query = query.where(bounds[0] < bounds[1] if smaller else bounds[0] > bounds[1])
    query = query.order_by(*[column.desc() if smaller else column.asc() for column in columns])
    rows = list(session.scalars(query.limit(PAGE + 1)))
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if back:
        rows.reverse()
    return Slice(
        rows,
        next_url=_address("after", rows[-1], columns) if rows and (back or more) else "",
        previous_url=_address("before", rows[0], columns) if rows and mark and (more if back else True) else "",
    )


def words() -> str:
    """Return what was typed into the search box."""
    return request.args.get("q", "").replace("\x00", "").strip()[:100]


def _address(way: str, row: Any, columns: Sequence[Any]) -> str:
    kept = {name: request.args[name] for name in KEPT if name in request.args}
    position = "-".join(_written(getattr(row, column.key)) for column in columns)
    names: dict[str, Any] = {**kept, **(request.view_args or {}), way: position}
    return url_for(request.endpoint or "", **names)


def _written(value: datetime | int) -> str:
    return str((value - _EPOCH) // _MICROSECOND) if isinstance(value, datetime) else str(value)


def _read(text: str, columns: Sequence[Any]) -> list[datetime | int] | None:
    """Return the position; one that cannot be read, or is that of another list, is the beginning."""
    parts = text.split("-")
    if len(parts) != len(columns):
        return None
    try:
        return [_value(part, column) for part, column in zip(parts, columns, strict=True)]
    except (ValueError, OverflowError):
        return None


def _value(part: str, column: Any) -> datetime | int:
    if isinstance(column.type, UtcDateTime):
        return _EPOCH + int(part) * _MICROSECOND
    number = int(part)
    if number >= 2**63:
        raise OverflowError(part)
    return number
