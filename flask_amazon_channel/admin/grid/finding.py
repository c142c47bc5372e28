"""Which rows match, how many, and which of them are on a page: quick whatever the number of rows.

Where few match, their keys are read once and sorted; where many do, an index in the order of the page is walked until
the page is full.  In a grid that is split this is decided for each part: where all that match are active, the inactive
ones would be walked to their end.  The rows themselves are read last, and only those of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from flask_amazon_channel.admin.grid import walking
from flask_amazon_channel.admin.grid.columns import Column
from flask_amazon_channel.admin.grid.declared import Declared
from flask_amazon_channel.admin.grid.looking import COUNTED, Values
from flask_amazon_channel.admin.grid.state import State
from flask_amazon_channel.admin.grid.walking import Order, Position
from flask_amazon_channel.models import Store
from flask_amazon_channel.models.upserts import numbers_in

Condition = sa.ColumnElement[bool]

FEW = 4_000
"""So many rows are sorted as quickly as an index is walked past all others to find them."""


@dataclass(frozen=True)
class Found:
    """How many rows match, counted up to one more than `COUNTED`.

    `few` are the keys of those that are sorted; `many` the conditions of the parts of the grid that are walked.
    """

    count: int
    few: Sequence[int]
    many: Sequence[Condition]


@dataclass(frozen=True)
class Finding:
    """The rows of a query that match what is asked.  `query` selects the grid's rows that the person may see."""

    grid: Declared
    query: sa.Select[Any]
    asked: State
    store: Store | None = None

    def matching(self, *columns: Column) -> sa.Select[Any]:
        """Return the query with the conditions of the address, joined for them and for these columns."""
        query = self._joined(*(one.column for one in self.asked.filters), *columns).where(*self._conditions())
        scope = self.query.whereclause
        if self._searched() and self.grid.search_in is not None and scope is not None and self.grid.key is None:
            # The search finds keys; with the scope in words that an index knows, all rows of the scope would be read.
            query = self._joined(*(one.column for one in self.asked.filters), *columns, by_key=True)
            query = query.where(sa.func.coalesce(scope, sa.false()), *self._conditions())
        split, needs_split = self.grid.split_column, any(one.column.split for one in self.asked.filters)
        if split is not None and needs_split and not self._split_values():
            # An index that has the split column before the filtered one can then be used.
            query = query.where(split.expression.in_(list(split.options())))
        return query

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        return [one.condition for one in self.asked.filters] + self._searched()

    def _searched(self) -> list[sa.ColumnElement[bool]]:
        grid, words = self.grid, self.asked.words
        if words and grid.search_in is not None and self.store is not None:
            return [grid.search_in(words, self.store)]
        return [grid.search(words)] if words and grid.search is not None else []

    def _in_order(self, column: Column) -> sa.Select[Any]:
        """Return the query for walking in the order of a column.

        Its conditions are written so that no index knows them: else another index than that of the order might be
        used, and all that match be sorted.
        """
        own = (column, self.grid.split_column)
        known = [one.condition for one in self.asked.filters if one.column in own]
        others = [one.condition for one in self.asked.filters if one.column not in own] + self._searched()
        query = self._joined(*(one.column for one in self.asked.filters), column).where(*known)
        return query.where(*[sa.func.coalesce(condition, sa.false()) for condition in others])

    def _joined(self, *columns: Column, by_key: bool = False) -> sa.Select[Any]:
        query = self._by_key if by_key else self.query
        for join in dict.fromkeys(column.join for column in columns if column.join is not None):
            query = query.join(join)
        return query

    @property
    def _by_key(self) -> sa.Select[Any]:
        """Return the query without its conditions, for keys that were found with them.

        SQLite, knowing nothing of how many rows there are, would take a condition on the store for the narrower one.
        """
        if self.grid.key is not None:
            return self.query
        query = self.query.where()
        query._where_criteria = ()
        return query

    def _split_values(self) -> list[str]:
        """Return the words of the split column that are asked for; none: all of them."""
        column = self.grid.split_column
        return self.asked.asked_of(column) if column is not None else []

    @property
    def order(self) -> Order:
        column = self.asked.sort or self.grid.by_key[self.grid.sort.removeprefix("-")]
        return Order(column, self.grid.row_key, self.asked.descending)

    @property
    def _parts(self) -> Sequence[Condition]:
        """Return the conditions of the parts that the index of the order has one after the other."""
        split = self.grid.split_column
        if split is None or not self.order.column.split or self.asked.problems:
            return (sa.true(),)
        return tuple(split.expression == word for word in self._split_values() or split.options())

    @property
    def _is_walked_at_once(self) -> bool:
        """Whether an index has exactly what is asked, in the order of the page."""
        own = (self.order.column, self.grid.split_column)
        return self.order.column.split and self._has_indexes and all(one.column in own for one in self.asked.filters)

    @property
    def _has_indexes(self) -> bool:
        """Whether all that is asked is answered by indexes that have the grid's parts one after the other."""
        known = (one.column is self.grid.split_column or _is_indexed(one.column) for one in self.asked.filters)
        return not self.asked.words and all(known)

    def found(self, session: Session) -> Found:
        """Return how many match, and which they are where they are few."""
        keys = self.matching().with_only_columns(self.grid.row_key).order_by(None)
        if self._is_walked_at_once or not (self.asked.is_filtered and isinstance(self.grid.row_key.type, sa.Integer)):
            return Found(session.scalar(sa.select(_count(keys, COUNTED + 1))) or 0, (), self._parts)
        if self._has_indexes:
            return self._divided(session, keys)
        some = session.scalars(keys.limit(COUNTED + 1)).all()
        return Found(len(some), some, ()) if len(some) <= FEW else Found(len(some), (), self._parts)

    def _divided(self, session: Session, keys: sa.Select[Any]) -> Found:
        """Sort the parts with the fewest that match, of `FEW` together, and walk the others."""
        parts = self._parts
        numbers = [_count(keys.where(part), FEW + 1) for part in parts]
        count, *counts = session.execute(sa.select(_count(keys, COUNTED + 1), *numbers)).one()
        few: list[Condition] = []
        many: list[Condition] = []
        room = FEW
        for number, part in sorted(zip(counts, parts, strict=True), key=lambda one: one[0]):
            room -= number
            if number:
                (few if room >= 0 else many).append(part)
        return Found(count, session.scalars(keys.where(sa.or_(*few))).all() if few else (), many)

    def positions(
        self, session: Session, found: Found, start: Position | None, limit: int, *, back: bool = False
    ) -> Sequence[Position]:
        """Return where the rows of a page are."""
        column, walked = self.order.column, self._in_order(self.order.column)
        queries = [walked.where(part) for part in found.many]
        if found.few or not queries:
            few = self.grid.row_key.in_(numbers_in(session, found.few))
            queries.append(self._joined(column, by_key=True).where(few))
        return walking.positions(session, queries, self.order, start, limit, back=back)

    def rows(
        self, session: Session, at: Sequence[Position], values: Values, load: Sequence[ExecutableOption] = ()
    ) -> list[tuple[Position, sa.Row[Any]]]:
        """Return the rows at these positions, in their order."""
        key = self.grid.row_key
        query = (
            values.added_to(self._joined(*values.columns, by_key=True))
            .add_columns(key.label("grid_row"))
            .options(*load)
        )
        rows = session.execute(query.where(key.in_([one.key for one in at])))
        by_key = {row._mapping["grid_row"]: row for row in rows}
        return [(one, by_key[one.key]) for one in at if one.key in by_key]


def _is_indexed(column: Column) -> bool:
    return column.split and column.find in ("range", "prefix")


def _count(keys: sa.Select[Any], at_most: int) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(keys.limit(at_most).subquery()).scalar_subquery()
