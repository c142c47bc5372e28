"""The pages of bulk actions: what it would do, that it is done, and how far it is."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from urllib.parse import parse_qsl

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from flask_amazon_channel.admin import access
from flask_amazon_channel.admin.grid import state as states
from flask_amazon_channel.admin.grid.actions import Action
from flask_amazon_channel.admin.grid.filters import Surroundings
from flask_amazon_channel.admin.grid.finding import Finding
from flask_amazon_channel.admin.grid.grid import Grid
from flask_amazon_channel.admin.grid.looking import Cells, Shown, Values
from flask_amazon_channel.admin.grid.walking import Position
from flask_amazon_channel.admin.words import say
from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.models import BulkAction, BulkState, Store
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.sync.bulk import work

GRIDS = {
    "listings": "listings.LISTINGS",
    "orders": "orders.ORDERS",
    "failed-orders": "failures.ORDERS",
    "failed-changes": "failures.SENT",
}
"""The grids that have bulk actions."""
SAMPLE = 8
MOST_CHOSEN = 1000


def grid_named(name: str) -> Grid | None:
    if name not in GRIDS:
        return None
    module, _, attribute = GRIDS[name].rpartition(".")
    return cast(Grid, getattr(importlib.import_module(f"flask_amazon_channel.admin.{module}"), attribute))


def prepare_in_store(channel: Channel, store: Store) -> ResponseReturnValue:
    return _prepare(channel, store)


def prepare(channel: Channel) -> ResponseReturnValue:
    return _prepare(channel, None)


def _prepare(channel: Channel, store: Store | None) -> ResponseReturnValue:
    """Keep what was asked for, and show what it would do; nothing is done yet."""
    grid = grid_named(request.form.get("grid", ""))
    action = grid.action(request.form.get("action", "")) if grid else None
    if grid is None or action is None or grid.rows_of is None:
        abort(400)
    stores = _stores(channel, store, action)
    signature = channel.signature()
    asked = BulkAction(
        grid=grid.name,
        action=action.key,
        store_id=store.id if store else None,
        stores=[one.id for one in stores],
        chosen=None if request.form.get("all") else _chosen(),
        arguments=request.form.get("arguments", "")[:4000],
        created_at=channel.clock(),
        **signature,
    )
    keys = _keys(grid, asked, store.currency if store else None, channel)
    with reading(channel.db.engine) as session:
        found = keys.subquery()
        asked.total, last = session.execute(sa.select(sa.func.count(), sa.func.max(found.c[0]))).one()
    if not asked.total:
        flash(say("Nothing was done: choose some rows first."), "error")
        return redirect(_back(), 303)
    asked.last_key = last
    session = channel.db.session()

    def keep() -> int:
        session.add(asked)
        session.flush()
        return asked.id

    return redirect(url_for("amazon_channel.bulk_action", bulk_id=in_transaction(session, keep)), 303)


def _stores(channel: Channel, store: Store | None, action: Action) -> list[Store]:
    """Return the stores whose rows may be changed: all that the person may change, or exactly the one asked for."""
    if store is not None:
        access.require(channel, action.permission, store.account.stores if action.of_account else [store])
        return [store]
    allowed = [one for one in access.visible_stores(channel) if _may(channel, action, one)]
    if not allowed:
        abort(403)
    return allowed


def _may(channel: Channel, action: Action, store: Store) -> bool:
    stores = store.account.stores if action.of_account else [store]
    return all(access.may(channel, action.permission, one) for one in stores)


def _chosen() -> list[int]:
    given = request.form.getlist("ids")[:MOST_CHOSEN]
    return [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 19]


def _back() -> str:
    """Return where the person came from: an address of this site only."""
    from flask_amazon_channel.admin.grid.views import local

    return local(request.form.get("back", "")) or url_for("amazon_channel.home")


def _keys(grid: Grid, asked: BulkAction, currency: str | None, channel: Channel) -> sa.Select[Any]:
    """Return the query of the keys of its rows."""
    if grid.rows_of is None:
        raise LookupError(grid.name)
    query = grid.rows_of(asked.stores)
    if asked.chosen is not None:
        query = query.where(grid.row_key.in_(asked.chosen))
    else:
        query = Finding(grid, query, _state(grid, asked.arguments, currency, asked.created_at, channel)).matching()
    return query.with_only_columns(grid.row_key).order_by(None)


def _state(grid: Grid, arguments: str, currency: str | None, now: datetime, channel: Channel) -> states.State:
    around = Surroundings(currency, now, channel.db.engine.dialect.name)
    return states.read(grid, "", MultiDict(parse_qsl(arguments)), around)


def steps(asked: BulkAction) -> work.Steps:
    """Return what a bulk action means, for the worker."""
    channel, grid = current(), grid_named(asked.grid)
    action = grid.action(asked.action) if grid else None
    if grid is None or action is None:
        raise LookupError(f"There is no bulk action {asked.action} on {asked.grid} any more.")
    store = channel.db.session.get(Store, asked.store_id) if asked.store_id else None
    currency = store.currency if store else None
    channel.db.session.rollback()
    return work.Steps(_keys(grid, asked, currency, channel), grid.row_key, action.run)


def bulk_action(channel: Channel, bulk: BulkAction) -> str:
    """Show what it would do, or how far it is."""
    grid = grid_named(bulk.grid)
    action = grid.action(bulk.action) if grid else None
    if grid is None or action is None:
        abort(404)
    context: dict[str, Any] = {
        "bulk": bulk,
        "grid": grid,
        "action": action,
        "store": bulk.store,
        "is_theirs_to_do": all(_may(channel, action, store) for store in _concerned(channel, bulk)),
    }
    if bulk.state == BulkState.PREVIEWED:
        keys = _keys(grid, bulk, bulk.store.currency if bulk.store else None, channel)
        keys = keys.where(grid.row_key <= bulk.last_key)
        with reading(channel.db.engine) as session:
            facts = action.preview(session, keys) if action.preview else ()
            rows = _sample(session, grid, bulk, keys)
            return render_template("amazon_channel/grid_bulk.html", facts=facts, rows=rows, **context)
    return render_template("amazon_channel/grid_bulk.html", facts=(), rows=(), **context)


def _sample(session: Session, grid: Grid, bulk: BulkAction, keys: sa.Select[Any]) -> Sequence[Shown]:
    """Return some of the rows, as the grid shows them."""
    if grid.rows_of is None:
        return ()
    values, cells = Values(grid.default_columns[:4], bulk.store), Cells()
    some = session.scalars(keys.order_by(grid.row_key).limit(SAMPLE)).all()
    finding = Finding(grid, grid.rows_of(bulk.stores), _state(grid, "", None, bulk.created_at, current()))
    return [
        Shown(None, row[0], [cells.write(column, row[0], value, unit, None) for column, value, unit in values.of(row)])
        for _, row in finding.rows(session, [Position(None, key) for key in some], values)
    ]


def start_bulk_action(channel: Channel, bulk: BulkAction) -> ResponseReturnValue:
    action = _allowed(channel, bulk)
    options = action.options_from(request.form)
    if options is None:
        flash(say("Nothing was done: choose one of the options."), "error")
    else:
        work.start(channel, bulk, options)
    return redirect(url_for("amazon_channel.bulk_action", bulk_id=bulk.id), 303)


def stop_bulk_action(channel: Channel, bulk: BulkAction) -> ResponseReturnValue:
    _allowed(channel, bulk)
    work.stop(channel, bulk)
    return redirect(url_for("amazon_channel.bulk_action", bulk_id=bulk.id), 303)


def _allowed(channel: Channel, bulk: BulkAction) -> Action:
    """Return the action, if the person may do it in all of its stores now."""
    grid = grid_named(bulk.grid)
    action = grid.action(bulk.action) if grid else None
    if action is None:
        abort(404)
    for store in _concerned(channel, bulk):
        access.require(channel, action.permission, store.account.stores if action.of_account else [store])
    return action


def _concerned(channel: Channel, bulk: BulkAction) -> Sequence[Store]:
    return channel.db.session.scalars(sa.select(Store).where(Store.id.in_(bulk.stores))).all()
