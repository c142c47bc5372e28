"""A grid, and its answer to a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from flask_amazon_channel.admin.grid.columns import Plain
from flask_amazon_channel.admin.grid.declared import Declared
from flask_amazon_channel.admin.grid.filters import Arguments, Surroundings
from flask_amazon_channel.admin.grid.finding import Finding
from flask_amazon_channel.admin.grid.looking import About, Cells, Look, Shown, Values
from flask_amazon_channel.admin.grid.state import State
from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.models import Store
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.models.views import default_of, views_of


class Grid(Declared):
    """What is declared, and the answers to requests."""

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
                one.key,
                row[0],
                [cells.write(column, row[0], value, unit, told.get(one.key)) for column, value, unit in values.of(row)],
            )
            for one, row in rows
        ]
        has_next, has_previous = (True, more) if back else (more, start is not None)
        return Look(
            self,
            asked,
            shown,
            found.count,
            found.counted,
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
                    found = found or finding.found(session, all_rows=not only_page)
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
