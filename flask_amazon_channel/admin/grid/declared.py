"""What a grid is declared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from flask_amazon_channel.admin.grid.actions import Action
from flask_amazon_channel.admin.grid.columns import Column, Expression
from flask_amazon_channel.models import BulkAction, Store

WORDS = frozenset(
    {"q", "sort", "columns", "size", "view", "after", "before", "format", "rows", "ids", "action", "apply"}
)
"""The arguments that are no column's."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A grid as it is declared: see the package for an example.

    `row` is the mapped class whose primary key (or `key`) identifies a row.  `shown` are the keys of the columns at
    first, `sort` one key, with "-" before it from the largest.  `preset` are the filters of a bare address.  `search`
    makes a condition of words typed into the search box; `search_in` does so for one store, where that is quicker.
    `empty` is what a list without any row says: a heading, and how to begin; `nothing` is said where filters leave
    nothing.

    `split` is the key of a choice column with few words that indexes have before the columns with `split`.

    `actions` need two more: `rows_of` gives the query of the rows of some stores, joined like the page's, and `place`
    the address of the page of a store, or of all.
    """

    name: str
    row: Any
    columns: Sequence[Column]
    shown: Sequence[str]
    sort: str
    empty: tuple[str, str]
    nothing: tuple[str, str] | None = None
    key: Expression | None = None
    preset: Mapping[str, str] = field(default_factory=dict)
    split: str = ""
    search: Callable[[str], sa.ColumnElement[bool]] | None = None
    search_in: Callable[[str, Store], sa.ColumnElement[bool]] | None = None
    search_label: str = ""
    actions: Sequence[Action] = ()
    rows_of: Callable[[Sequence[int]], sa.Select[Any]] | None = None
    place: Callable[[int | None], str] | None = None

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        taken = set(keys) & WORDS
        if taken or len(set(keys)) != len(keys):
            raise ValueError(f"The keys of the grid {self.name} are not its own: {sorted(taken) or keys}")
        for key in (*self.shown, self.sort.removeprefix("-")):
            if key not in self.by_key:
                raise ValueError(f"The grid {self.name} has no column {key}.")

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def default_columns(self) -> tuple[Column, ...]:
        return tuple(self.by_key[key] for key in self.shown)

    @cached_property
    def split_column(self) -> Column | None:
        return self.by_key[self.split] if self.split else None

    @cached_property
    def row_key(self) -> Expression:
        """What identifies a row."""
        if self.key is not None:
            return self.key
        (column,) = sa.inspect(self.row).primary_key
        return sa.inspect(self.row).get_property_by_column(column).class_attribute  # type: ignore[no-any-return]

    def page_of(self, asked: BulkAction) -> str:
        """Return where a bulk action was asked for, with its filters."""
        address = self.place(asked.store_id) if self.place else ""
        return f"{address}?{asked.arguments}" if address and asked.arguments else address

    def action(self, key: str) -> Action | None:
        return next((one for one in self.actions if one.key == key), None)
