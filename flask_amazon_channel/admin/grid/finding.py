"""Which rows match, how many, and which of them are on a page: quick whatever the number of rows.

Where few match, their keys are read once and sorted; where many do, an index in the order of the page is walked until
the page is full.  In a grid that is split this is decided for each part: where all that match are active, the inactive
ones would be walked to their end.  Such parts are read whole, which is quicker.  The rows themselves are read last, and
only those of the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

FEW = 3_000
"""So many rows are sorted as quickly as an index is walked past all others to find them."""

NEAR = 500
"""So many rows are looked at to see whether any of a part match."""

_ALL = 10**9
"""A limit that keeps databases from reading in the order of a page, hoping that it is full soon."""


@dataclass(frozen=True)
class Found:
    """How many rows match, counted up to one more than `counted`.

    `few` are the keys of those that are sorted; `near` the conditions of the parts of the grid that are walked, `far`
    of those that are read whole.
    """

    count: int
    few: Sequence[int] = ()
    near: Sequence[Condition] = ()
    far: Sequence[Condition] = ()
    counted: int = COUNTED


@dataclass(frozen=True)
class Finding:
    """The rows of a query that match what is asked.  `query` selects the grid's rows that the person may see."""

    grid: Declared
    query: sa.Select[Any]
    asked: State
    store: Store | None = None

    def matching(self, *columns: Column) -> sa.Select[Any]:
        """Return the query with the conditions of the address, joined for them and for these columns."""
        asked = [one.column for one in self.asked.filters]
        query = self._from_any_store(*columns) if self._finds_keys() else self._joined(*asked, *columns)
        query = query.where(*self._conditions())
        split, needs_split = self.grid.split_column, any(column.split and not column.whole for column in asked)
        if split is not None and needs_split and not self._split_values():
            # An index that has the split column before the filtered one can then be used.
            query = query.where(split.expression.in_(list(split.options())))
        return query

    @property
    def _keys(self) -> sa.Select[Any]:
        return self.matching().with_only_columns(self.grid.row_key.label("key")).order_by(None)

    def _finds_keys(self) -> bool:
        """Whether what is asked is found by an index of its own, without the store."""
        if self.grid.key is not None:
            return False
        if self._searched() and self.grid.search_in is not None:
            return True
        found = any(one.has_index and one.column.join is not None for one in self.asked.filters)
        return found and not any(_is_indexed(one.column) for one in self.asked.filters)

    def _from_any_store(self, *columns: Column) -> sa.Select[Any]:
        """Return the query with its scope in words that no index knows: else all rows of the scope would be read."""
        query = self._joined(*(one.column for one in self.asked.filters), *columns, by_key=True)
        scope = self.query.whereclause
        return query if scope is None else query.where(_unindexed(scope))

    def _conditions(self) -> list[Condition]:
        """Return what is asked.  An index of what most rows have would lead to nearly all of them."""
        found = [
            _unindexed(one.condition) if one.column.usual and not one.has_index else one.condition
            for one in self.asked.filters
        ]
        return found + self._searched()

    def _searched(self) -> list[Condition]:
        grid, words = self.grid, self.asked.words
        if words and grid.search_in is not None and self.store is not None:
            return [grid.search_in(words, self.store)]
        return [grid.search(words)] if words and grid.search is not None else []

    def _in_order(self, column: Column) -> sa.Select[Any]:
        """Return the query for walking in the order of a column.

        Its conditions are written so that no index knows them: else another index than that of the order might be
        used, and all that match be sorted.
        """
        return self._walked(column).where(*self._passed_by(column))

    def _walked(self, column: Column) -> sa.Select[Any]:
        """Return the query of the rows that an index of this column has one after the other."""
        own = (column, self.grid.split_column)
        known = [one.condition for one in self.asked.filters if one.column in own]
        return self._joined(*(one.column for one in self.asked.filters), column).where(*known)

    def _passed_by(self, column: Column) -> list[Condition]:
        """Return the conditions of which that index knows nothing."""
        own = (column, self.grid.split_column)
        others = [one.condition for one in self.asked.filters if one.column not in own]
        return [_unindexed(condition) for condition in others + self._searched()]

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
    def _parts(self) -> Mapping[str, Condition]:
        """Return the conditions of the parts that the index of the order has one after the other, by their words."""
        split, column, words = self.grid.split_column, self.order.column, self._split_values()
        if split is None or not column.split or (column.whole and not words) or self.asked.problems:
            return {"": sa.true()}
        return {word: split.expression == word for word in words or split.options()}

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

    def found(self, session: Session, *, all_rows: bool = False) -> Found:
        """Return how many match, and which they are where they are few.

        With `all_rows` all parts are walked: whoever reads all rows passes each of them by once anyway.
        """
        keys, parts = self._keys, self._parts
        if self._is_walked_at_once or not (self.asked.is_filtered and isinstance(self.grid.row_key.type, sa.Integer)):
            return Found(session.scalar(sa.select(_count(keys, COUNTED + 1))) or 0, near=list(parts.values()))
        if self._has_indexes:
            return self._divided(session, keys)
        _begin_with_the_first(session)
        some = session.scalars(keys.limit(FEW + 1)).all()
        if len(some) <= FEW:
            return Found(len(some), some)
        far = set() if all_rows else self._far(session, some)
        return Found(
            len(some),
            near=[part for word, part in parts.items() if word not in far],
            far=[part for word, part in parts.items() if word in far],
            # To count on, all that was read would be read once more.
            counted=FEW,
        )

    def _divided(self, session: Session, keys: sa.Select[Any]) -> Found:
        """Sort the parts with the fewest that match, of `FEW` together, and walk the others."""
        parts = list(self._parts.values())
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

    def _far(self, session: Session, some: Sequence[int]) -> set[str]:
        """Return the parts of which none match: neither among these nor among the first in the order of the page."""
        column, split, parts = self.order.column, self.grid.split_column, self._parts
        if split is None or len(parts) == 1:
            return set()
        of_these = self._by_key.where(self.grid.row_key.in_(numbers_in(session, some)))
        seen = set(session.scalars(of_these.with_only_columns(split.expression).distinct()))
        words = [word for word in parts if word not in seen]
        if not words:
            return set()
        matches = sa.case((sa.and_(*self._passed_by(column)), 1), else_=0).label("matches")
        walked = self._walked(column).with_only_columns(matches).order_by(column.expression, self.grid.row_key)
        firsts = [walked.where(parts[word]).limit(NEAR).subquery() for word in words]
        numbers = [sa.select(sa.func.max(first.c.matches)).select_from(first).scalar_subquery() for first in firsts]
        return {
            word for word, found in zip(words, session.execute(sa.select(*numbers)).one(), strict=True) if not found
        }

    def positions(
        self, session: Session, found: Found, start: Position | None, limit: int, *, back: bool = False
    ) -> Sequence[Position]:
        """Return where the rows of a page are."""
        column, walked = self.order.column, self._in_order(self.order.column)
        queries = [walked.where(part) for part in found.near]
        if found.far:
            all_of_them = self._keys.where(_unindexed(sa.or_(*found.far))).limit(_ALL).subquery()
            queries.append(self._joined(column, by_key=True).where(self.grid.row_key.in_(sa.select(all_of_them.c.key))))
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


def _begin_with_the_first(session: Session) -> None:
    """Keep PostgreSQL in this transaction from reading a whole table into a hash where a limit asks for few rows."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            sa.select(
                sa.func.set_config("enable_hashjoin", "off", True),
                sa.func.set_config("max_parallel_workers_per_gather", "0", True),
            )
        )


def _unindexed(condition: Condition) -> Condition:
    """Return the condition in words that no index knows."""
    return sa.func.coalesce(condition, sa.false())


def _is_indexed(column: Column) -> bool:
    return column.split and column.find in ("range", "prefix")


def _count(keys: sa.Select[Any], at_most: int) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(keys.limit(at_most).subquery()).scalar_subquery()
