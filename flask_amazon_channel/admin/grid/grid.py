"""A grid: what is declared once, and the answer to a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import sqlalchemy as sa
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from flask_amazon_channel.admin import access
from flask_amazon_channel.admin.grid import exporting, views, walking
from flask_amazon_channel.admin.grid import state as states
from flask_amazon_channel.admin.grid.actions import Action
from flask_amazon_channel.admin.grid.columns import Column, Expression, Plain
from flask_amazon_channel.admin.grid.filters import Arguments, Surroundings
from flask_amazon_channel.admin.grid.finding import Finding
from flask_amazon_channel.admin.grid.looking import About, Cells, Look, Shown, Values
from flask_amazon_channel.admin.grid.state import State
from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.models import BulkAction, Store
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.models.views import default_of, views_of


@dataclass(frozen=True, kw_only=True)
class Grid:
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
        taken = set(keys) & states.WORDS
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

    def answer(
        self,
        channel: Channel,
        *,
        query: sa.Select[Any],
        title: str,
        store: Store | None = None,
        template: str = "amazon_channel/grid_page.html",
        load: Sequence[ExecutableOption] = (),
        about: About | None = None,
        **context: Any,
    ) -> ResponseReturnValue:
        """Answer the request: the page, or the file that its address asks for.

        `query` selects `row` and is limited to what the person may see; what columns have as `join` is joined here.
        `load` says what else the cells read of the rows of a page, `about` tells more about them.  `context` goes to
        the template.
        """
        asked = self.read(channel, store)
        if "apply" in request.args:
            return redirect(asked.address(), 303)
        finding = Finding(self, query, asked, store)
        write = exporting.FORMATS.get(request.args.get("format", ""))
        if write is not None:
            return write(self.name, asked.columns, self._plain_rows(channel, finding, store))
        with reading(channel.db.engine) as session:
            look = self.look(session, finding, store, load=load, about=about)
            may_act = [action for action in self.actions if _may(channel, action, store)]
            return render_template(template, grid=look, title=title, store=store, may_act=may_act, **context)

    def page_of(self, asked: BulkAction) -> str:
        """Return where a bulk action was asked for, with its filters."""
        address = self.place(asked.store_id) if self.place else ""
        return f"{address}?{asked.arguments}" if address and asked.arguments else address

    def action(self, key: str) -> Action | None:
        return next((one for one in self.actions if one.key == key), None)

    def read(self, channel: Channel, store: Store | None) -> State:
        """Read what the address asks; a bare address asks for the person's default view."""
        around = Surroundings(store.currency if store else None, channel.clock(), channel.db.engine.dialect.name)
        owner = views.owner_of(channel)
        kept = views_of(channel.db.session(), self.name, owner, store)
        asked = request.args.get("view", "")
        view = next((one for one in kept if str(one.id) == asked), None) if asked else default_of(kept, owner)
        preset: Arguments = tuple(parse_qsl(view.arguments)) if view else tuple(self.preset.items())
        return states.read(self, request.path, request.args, around, preset, view, kept)

    def look(
        self,
        session: Session,
        finding: Finding,
        store: Store | None,
        *,
        load: Sequence[ExecutableOption] = (),
        about: About | None = None,
    ) -> Look:
        """Read one page."""
        asked, order = finding.asked, finding.order
        start = walking.read(asked.before or asked.after, order)
        back = bool(asked.before) and start is not None
        values = Values(asked.columns, store)
        found = finding.found(session)
        at = list(finding.positions(session, found, start, asked.size + 1, back=back))
        more = len(at) > asked.size
        at = (at[1:] if back else at[:-1]) if more else at
        rows = finding.rows(session, at, values, load)
        session.commit()
        told = about([row[0] for _, row in rows]) if about and rows else {}
        cells = Cells()
        shown = [
            Shown(
                one.row,
                row[0],
                [cells.write(column, row[0], value, unit, told.get(one.row)) for column, value, unit in values.of(row)],
            )
            for one, row in rows
        ]
        has_next, has_previous = (True, more) if back else (more, start is not None)
        return Look(
            self,
            asked,
            shown,
            found.count,
            asked.address(("after", walking.written(at[-1], order))) if at and has_next else "",
            asked.address(("before", walking.written(at[0], order))) if at and has_previous else "",
            store,
            views.owner_of(current()),
        )

    def _plain_rows(
        self, channel: Channel, finding: Finding, store: Store | None
    ) -> Callable[[], Iterator[Sequence[Plain]]]:
        """Return all rows that match, for a file; of the page only, where the address says so."""
        asked, order, values = finding.asked, finding.order, Values(finding.asked.columns, store)
        only_page = request.args.get("rows") == "page"
        start = walking.read(asked.before or asked.after, order) if only_page else None
        back = only_page and bool(asked.before) and start is not None
        limit = asked.size if only_page else exporting.PORTION

        def read() -> Iterator[Sequence[Plain]]:
            position, found = start, None
            while True:
                with reading(channel.db.engine) as session:
                    found = found or finding.found(session)
                    at = finding.positions(session, found, position, limit, back=back)
                    plain = [
                        [column.plain(row[0], value, unit) for column, value, unit in values.of(row)]
                        for _, row in finding.rows(session, at, values)
                    ]
                yield from plain
                if only_page or len(at) < limit:
                    return
                position = at[-1]

        return read


def _may(channel: Channel, action: Action, store: Store | None) -> bool:
    """Say whether to offer it; whether it may be done is asked again when it is prepared and when it begins."""
    stores = access.visible_stores(channel) if store is None else [store]
    if store is not None and action.of_account:
        stores = list(store.account.stores)
    ask = any if store is None else all
    return ask(access.may(channel, action.permission, one) for one in stores)
