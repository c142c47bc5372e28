"""Rows as people read them: a page with its cells, its neighbours and its count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from markupsafe import Markup

from flask_amazon_channel.admin import access, formats
from flask_amazon_channel.admin.grid import exporting
from flask_amazon_channel.admin.grid.columns import Column
from flask_amazon_channel.admin.grid.declared import Declared
from flask_amazon_channel.admin.grid.state import SIZES, State
from flask_amazon_channel.channel import current
from flask_amazon_channel.models import GridView, Store

COUNTED = 10_000
"""Nobody needs to know more exactly, and counting a million rows for every page takes its time."""

About = Callable[[Sequence[Any]], Mapping[Any, Any]]
"""Tells about the rows of a page, by their keys, what their cells need beside them; no transaction is open."""


@dataclass(frozen=True)
class Cell:
    """One value of a row as it is shown.  `markup` stands for all of it where the column has a macro."""

    column: Column
    written: str | Markup
    url: str = ""
    markup: Markup | None = None


@dataclass(frozen=True)
class Shown:
    """One row as it is shown."""

    key: Any
    row: Any
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Look:
    """What a template is given.  The addresses are empty where there is nothing more."""

    grid: Declared
    state: State
    rows: Sequence[Shown]
    count: int
    most_counted: int
    next_url: str
    previous_url: str
    store: Store | None
    owner: str = ""

    sizes = SIZES

    excel_command = 'pip install "flask-amazon-channel[excel]"'

    @property
    def titles(self) -> Mapping[Column, str]:
        """The titles of the columns, for their cells: hundreds on a page."""
        return {column: column.title for column in self.state.columns}

    @property
    def has_excel(self) -> bool:
        return exporting.has_excel()

    @property
    def here(self) -> str:
        """The address of this page."""
        return self.state.address(*self._position)

    @property
    def _position(self) -> list[tuple[str, str]]:
        return [(way, getattr(self.state, way)) for way in ("after", "before") if getattr(self.state, way)]

    def may_change(self, view: GridView) -> bool:
        """Whether to offer it; it is asked again when it is done."""
        if view.owner_id == self.owner:
            return True
        return self.store is not None and access.may(current(), access.ADMINISTER, self.store)

    @property
    def counted(self) -> str:
        return formats.count(self.count, self.most_counted)

    def page_as(self, format: str) -> str:
        """Return the address of this page as a file."""
        return self.state.address(*self._position, ("format", format), ("rows", "page"))

    @property
    def hidden_arguments(self) -> list[tuple[str, str]]:
        """Return what a form of filters carries along: all that is no filter."""
        filtered = {pair for one in self.state.filters for pair in one.arguments}
        return [pair for pair in self.state.arguments() if pair not in filtered and pair[0] != "q"]


class Values:
    """How the columns of a query are named, and a row's values by column."""

    def __init__(self, columns: Sequence[Column], store: Store | None) -> None:
        self.columns = columns
        self.store_currency = store.currency if store else None

    def added_to(self, query: sa.Select[Any]) -> sa.Select[Any]:
        for column in self.columns:
            query = query.add_columns(column.expression.label(f"c_{column.key}"))
            if _is_sql(column.currency):
                query = query.add_columns(column.currency.label(f"currency_{column.key}"))  # type: ignore[union-attr]
        return query

    def of(self, found: sa.Row[Any]) -> Iterator[tuple[Column, Any, str | None]]:
        """Yield column, value, and the currency of an amount."""
        named = found._mapping
        for column in self.columns:
            yield column, named[f"c_{column.key}"], self._currency(column, found)

    def _currency(self, column: Column, found: sa.Row[Any]) -> str | None:
        currency = column.currency
        if currency is None or isinstance(currency, str):
            return currency or self.store_currency
        if _is_sql(currency):
            return found._mapping[f"currency_{column.key}"]  # type: ignore[no-any-return]
        return currency(found[0])  # type: ignore[operator]


def _is_sql(currency: Any) -> bool:
    return isinstance(currency, sa.ColumnElement | sa.orm.InstrumentedAttribute)


class Cells:
    """Writes cells; macros are loaded once for a page."""

    def __init__(self) -> None:
        self._modules: dict[str, Any] = {}

    def write(self, column: Column, row: Any, value: Any, currency: str | None, told: Any) -> Cell:
        if column.cell:
            return Cell(column, "", markup=self._macro(column.cell)(row, value, told))
        url = column.link(row) if column.link and value is not None else ""
        return Cell(column, column.written(row, value, currency), url or "")

    def _macro(self, name: str) -> Callable[..., Markup]:
        template, _, macro = name.rpartition("#")
        template = template or "amazon_channel/grid_cells.html"
        if template not in self._modules:
            context: dict[str, Any] = {}
            current_app.update_template_context(context)
            self._modules[template] = current_app.jinja_env.get_template(template).make_module(context)
        return getattr(self._modules[template], macro)  # type: ignore[no-any-return]
