"""Which rows match, how many, and which of them are on a page: quick whatever the number of rows.

Where few match, their keys are read once and sorted; where many do, an index in the order of the page is walked until
the page is full.  Either way the rows themselves are read last, and only those of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from flask_amazon_channel.admin.grid import walking
from flask_amazon_channel.admin.grid.columns import Column
from flask_amazon_channel.admin.grid.looking import COUNTED, Values
from flask_amazon_channel.admin.grid.state import State
from flask_amazon_channel.admin.grid.walking import Order, Position
from flask_amazon_channel.models.upserts import numbers_in

if TYPE_CHECKING:
    from flask_amazon_channel.admin.grid.grid import Grid

FEW = 4_000
"""So many rows are sorted as quickly as an index is walked past all others to find them."""


@dataclass(frozen=True)
class Found:
    """How many rows match, counted up to one more than `COUNTED`; their keys where they are few, else None."""

    count: int
    few: Sequence[int] | None = None


@dataclass(frozen=True)
class Finding:
    """The rows of a query that match what is asked.  `query` selects the grid's rows that the person may see."""

    grid: Grid
    query: sa.Select[Any]
    asked: State

    def matching(self, *columns: Column) -> sa.Select[Any]:
        """Return the query with the conditions of the address, joined for them and for these columns."""
        conditions = [one.condition for one in self.asked.filters]
        if self.asked.words and self.grid.search is not None:
            conditions.append(self.grid.search(self.asked.words))
        query = self._joined(*(one.column for one in self.asked.filters), *columns).where(*conditions)
        split = self.grid.split_column
        if split is not None and not self._split_values():
            # An index that has the split column before another can then be used for that other.
            query = query.where(split.expression.in_(list(split.options())))
        return query

    def _joined(self, *columns: Column) -> sa.Select[Any]:
        query = self.query
        for join in dict.fromkeys(column.join for column in columns if column.join is not None):
            query = query.join(join)
        return query

    def _split_values(self) -> list[str]:
        """Return the words of the split column that are asked for; none: all of them."""
        column = self.grid.split_column
        return self.asked.asked_of(column) if column is not None else []

    @property
    def order(self) -> Order:
        grid, column = self.grid, self.asked.sort or self.grid.by_key[self.grid.sort.removeprefix("-")]
        key = column.tie if column.tie is not None else grid.row_key
        parts: tuple[sa.ColumnElement[bool], ...] = ()
        split = grid.split_column
        if column.split and split is not None and not self.asked.problems:
            parts = tuple(split.expression == word for word in self._split_values() or split.options())
        return Order(column, key, grid.row_key, self.asked.descending, parts)

    @property
    def _is_walked_at_once(self) -> bool:
        """Whether an index has exactly what is asked, in the order of the page."""
        others = [one for one in self.asked.filters if one.column is not self.grid.split_column]
        return not others and not self.asked.words and self.order.column.split

    def found(self, session: Session) -> Found:
        """Return how many match, and which they are where they are few."""
        keys = self.matching().with_only_columns(self.grid.row_key).order_by(None).limit(COUNTED + 1)
        is_numbered = isinstance(self.grid.row_key.type, sa.Integer)
        if self._is_walked_at_once or not (self.asked.is_filtered and is_numbered):
            return Found(session.scalar(sa.select(sa.func.count()).select_from(keys.subquery())) or 0)
        some = session.scalars(keys).all()
        return Found(len(some), some if len(some) <= FEW else None)

    def positions(
        self, session: Session, found: Found, start: Position | None, limit: int, *, back: bool = False
    ) -> Sequence[Position]:
        """Return where the rows of a page are."""
        order = self.order
        if found.few is None:
            return walking.positions(session, self.matching(order.column), order, start, limit, back=back)
        query = self._joined(order.column).where(self.grid.row_key.in_(numbers_in(session, found.few)))
        return walking.positions(session, query, replace(order, parts=()), start, limit, back=back)

    def rows(
        self, session: Session, at: Sequence[Position], values: Values, load: Sequence[ExecutableOption] = ()
    ) -> list[tuple[Position, sa.Row[Any]]]:
        """Return the rows at these positions, in their order."""
        key = self.grid.row_key
        query = values.added_to(self._joined(*values.columns)).add_columns(key.label("grid_row")).options(*load)
        rows = session.execute(query.where(key.in_([one.row for one in at])))
        by_key = {row._mapping["grid_row"]: row for row in rows}
        return [(one, by_key[one.row]) for one in at if one.row in by_key]
