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
from flask_amazon_channel.admin.grid.looking import COUNTED, About, Cells, Look, Shown, Values
from flask_amazon_channel.admin.grid.state import State
from flask_amazon_channel.admin.grid.walking import Order, Position
from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.models import BulkAction, Store
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.models.views import default_of, views_of

ROW = "grid_row"


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A grid as it is declared: see the package for an example.

    `row` is the mapped class whose primary key (or `key`) identifies a row.  `shown` are the keys of the columns at
    first, `sort` one key, with "-" before it from the largest.  `preset` are the filters of a bare address.  `search`
    makes a condition of words typed into the search box.  `empty` is what a list without any row says: a heading, and
    how to begin; `nothing` is said where filters leave nothing.

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
    search: Callable[[str], sa.ColumnElement[bool]] | None = None
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

        `query` selects `row` and is limited to what the person may see; it joins what the columns name.  `load` says
        what else the cells read of the rows of a page, `about` tells more about them.  `context` goes to the template.
        """
        asked = self.read(channel, store)
        if "apply" in request.args:
            return redirect(asked.address(), 303)
        matching = self.matching(query, asked)
        write = exporting.FORMATS.get(request.args.get("format", ""))
        if write is not None:
            return write(self.name, asked.columns, self._plain_rows(channel, matching, asked, store))
        with reading(channel.db.engine) as session:
            look = self.look(session, matching, asked, store, load=load, about=about)
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

    def matching(self, query: sa.Select[Any], asked: State) -> sa.Select[Any]:
        """Return the query with the conditions of the address."""
        query = query.where(*[one.condition for one in asked.filters])
        if asked.words and self.search is not None:
            query = query.where(self.search(asked.words))
        return query

    def order(self, asked: State) -> Order:
        column = asked.sort or self.by_key[self.sort.removeprefix("-")]
        return Order(column, column.tie if column.tie is not None else self.row_key, asked.descending)

    def look(
        self,
        session: Session,
        matching: sa.Select[Any],
        asked: State,
        store: Store | None,
        *,
        load: Sequence[ExecutableOption] = (),
        about: About | None = None,
    ) -> Look:
        """Read one page."""
        order, back = self.order(asked), bool(asked.before)
        position = walking.read(asked.before or asked.after, order)
        back = back and position is not None
        values = Values(asked.columns, store)
        query = values.added_to(matching).add_columns(self.row_key.label(ROW)).options(*load)
        found = list(walking.rows(session, query, order, position, asked.size + 1, back=back))
        more = len(found) > asked.size
        found = (found[1:] if back else found[:-1]) if more else found
        count = self.count(session, matching)
        session.commit()
        told = about([row[0] for row in found]) if about and found else {}
        cells = Cells()
        shown = [
            Shown(
                key,
                row[0],
                [cells.write(column, row[0], value, money, told.get(key)) for column, value, money in values.of(row)],
            )
            for row in found
            for key in [row._mapping[ROW]]
        ]
        has_next, has_previous = (True, more) if back else (more, position is not None)
        return Look(
            self,
            asked,
            shown,
            count,
            _neighbour(asked, order, "after", found[-1]) if found and has_next else "",
            _neighbour(asked, order, "before", found[0]) if found and has_previous else "",
            store,
            views.owner_of(current()),
        )

    def count(self, session: Session, matching: sa.Select[Any], limit: int = COUNTED) -> int:
        """Return how many match, counted up to one more than the limit."""
        keys = matching.with_only_columns(self.row_key).order_by(None).limit(limit + 1)
        return session.scalar(sa.select(sa.func.count()).select_from(keys.subquery())) or 0

    def _plain_rows(
        self, channel: Channel, matching: sa.Select[Any], asked: State, store: Store | None
    ) -> Callable[[], Iterator[Sequence[Plain]]]:
        """Return all rows that match, for a file; of the page only, where the address says so."""
        order, values = self.order(asked), Values(asked.columns, store)
        query = values.added_to(matching)
        only_page = request.args.get("rows") == "page"
        back = bool(asked.before) and only_page
        start = walking.read(asked.before or asked.after, order) if only_page else None

        def read() -> Iterator[Sequence[Plain]]:
            position, limit = start, asked.size if only_page else exporting.PORTION
            while True:
                with reading(channel.db.engine) as session:
                    found = walking.rows(session, query, order, position, limit, back=back and position is not None)
                    plain = [
                        [column.plain(row[0], value, money) for column, value, money in values.of(row)] for row in found
                    ]
                yield from plain
                if only_page or len(found) < limit:
                    return
                position = walking.position_of(found[-1])

        return read


def _may(channel: Channel, action: Action, store: Store | None) -> bool:
    """Say whether to offer it; whether it may be done is asked again when it is prepared and when it begins."""
    stores = access.visible_stores(channel) if store is None else [store]
    if store is not None and action.of_account:
        stores = list(store.account.stores)
    ask = any if store is None else all
    return ask(access.may(channel, action.permission, one) for one in stores)


def _neighbour(asked: State, order: Order, way: str, row: sa.Row[Any]) -> str:
    position: Position = walking.position_of(row)
    return asked.address((way, walking.written(position, order)))
