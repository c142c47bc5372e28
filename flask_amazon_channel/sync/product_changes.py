"""The journey of a saved product: written down in the shop's own transaction, drained into marks by the worker.

Inside the host's transaction there is one insert per flush and nothing else: no network, no exception.  Nothing is lost
between the two halves, because the change is a row that commits with the product.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import has_app_context
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, PassiveFlag, Session
from sqlalchemy.orm.attributes import History, InstrumentedAttribute, get_history
from sqlalchemy.sql import Delete, Insert, Update, visitors

from flask_amazon_channel.channel import Channel, installed
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.models import EVERY_PRODUCT, Aspect, Listing, ProductChange, Sku
from flask_amazon_channel.models.due import mark

log = logging.getLogger(__name__)

_TABLE: sa.Table = ProductChange.__table__  # type: ignore[assignment]
_RANG = "amazon_channel_changed"
Key = str | Callable[[Any], Any]


def listen(session: Any) -> None:
    """Hear what the session flushes, executes and commits.  Doing it twice does no harm."""
    for name, listener in (
        ("after_flush", _after_flush),
        ("do_orm_execute", _before_statement),
        ("after_commit", _after_commit),
        ("after_soft_rollback", _after_rollback),
    ):
        if not event.contains(session.session_factory, name, listener):
            event.listen(session.session_factory, name, listener)


def write(session: Session, product_ids: set[str]) -> None:
    """Write the changes down in the session's transaction."""
    session.connection().execute(_TABLE.insert(), [{"product_id": product_id} for product_id in product_ids])
    ring_after_commit(session)


def _channel(session: Session) -> Channel | None:
    if not has_app_context():
        return None
    channel = installed()
    if channel is None or not channel.watched or not channel.has_tables(session.connection()):
        return None
    return channel


def _after_flush(session: Session, context: object) -> None:
    try:
        changed = set(_changed_products(session))
        if changed and _channel(session):
            write(session, changed)
    except Exception:
        # The shop must not break because of us; the walk over the catalogue finds what is missed here.
        log_fault(log, "A product change could not be written down")


def _changed_products(session: Session) -> Iterator[str]:
    channel = installed() if has_app_context() else None
    if channel is None or not channel.watched:
        return
    for instance in session.new:
        yield from _keys(channel, instance)
    for instance in session.deleted:
        yield from _keys(channel, instance)
    for instance in session.dirty:
        if _key_of(channel, type(instance)) and _is_modified(instance):
            yield from _keys(channel, instance)


def _is_modified(instance: object) -> bool:
    """Say whether a column got another value.  `Session.is_modified` would look at what nobody set, too."""
    state = sa.inspect(instance)
    columns = state.mapper.column_attrs
    return any(_history(instance, name).has_changes() for name in state.committed_state if name in columns)


def _history(instance: object, name: str) -> History:
    return get_history(instance, name, PassiveFlag.PASSIVE_NO_INITIALIZE)


def _key_of(channel: Channel, model: type) -> Key | None:
    for ancestor in model.__mro__:
        if ancestor in channel.watched:
            return channel.watched[ancestor]
    return None


def _keys(channel: Channel, instance: object) -> Iterator[str]:
    key = _key_of(channel, type(instance))
    if key is None:
        return
    if not isinstance(key, str):
        found = key(instance)
        yield from (
            str(one) for one in (found if isinstance(found, (list, tuple, set)) else [found]) if one is not None
        )
        return
    current = getattr(instance, key)
    if current is not None:
        yield str(current)
    # A row that moved to another product changed both.
    for old in _history(instance, key).deleted or ():
        if old is not None:
            yield str(old)


def _before_statement(state: ORMExecuteState) -> None:
    if state.is_select:
        return
    try:
        _capture(state)
    except Exception:
        log_fault(log, "A bulk change of products could not be written down")


def _capture(state: ORMExecuteState) -> None:
    session, statement = state.session, state.statement
    channel = installed() if has_app_context() else None
    if channel is None or not channel.watched:
        return
    tables: dict[Any, tuple[type, Key]] = {
        sa.inspect(model).local_table: (model, key) for model, key in channel.watched.items()
    }
    if isinstance(statement, sa.TextClause):
        touched = _mentions(statement.text, tables)
        if touched and _channel(session):
            write(session, {EVERY_PRODUCT})
    elif isinstance(statement, Update | Delete | Insert) and statement.table in tables and _channel(session):
        _capture_bulk(session, state, *tables[statement.table])


def _mentions(text: str, tables: Any) -> bool:
    words = text.lstrip().lower()
    return not words.startswith("select") and any(table.name.lower() in words for table in tables)


def _capture_bulk(session: Session, state: ORMExecuteState, model: type, key: Key) -> None:
    """Write down the products that the statement is about to change: its own WHERE finds them."""
    statement: Any = state.statement
    column = _column(model, key)
    if isinstance(statement, Insert) or column is None or _sets(statement, column):
        write(session, {EVERY_PRODUCT})
        return
    if isinstance(state.parameters, list):
        write(session, _of_rows(key, state.parameters) if statement.whereclause is None else {EVERY_PRODUCT})
        return
    is_text = isinstance(column.type, sa.Integer | sa.String)
    found = sa.select(sa.cast(column, sa.String(191)) if is_text else column).where(column.is_not(None)).distinct()
    parameters = {}
    if statement.whereclause is not None:
        found = found.where(statement.whereclause)
        parameters = _of_where(statement.whereclause, state.parameters)
    if not is_text:
        # The database may keep it in a form of its own (SQLite a UUID without hyphens): only Python knows its text.
        keys = {str(one) for one in session.connection().scalars(found, parameters)}
        if keys:
            write(session, keys)
        return
    session.connection().execute(_TABLE.insert().from_select(["product_id"], found), parameters)
    ring_after_commit(session)


def _of_rows(key: Key, rows: list[Any]) -> set[str]:
    """Return the products of an update by primary keys, a row of parameters for each."""
    keys = {str(row[key]) for row in rows if row.get(key) is not None}
    return keys if len(keys) == len(rows) else {EVERY_PRODUCT}


def _of_where(where: Any, parameters: Any) -> dict[str, Any]:
    """Return those of the statement's parameters that its WHERE uses: the others would be unknown to ours."""
    names = {part.key for part in visitors.iterate(where) if isinstance(part, sa.BindParameter)}
    return {name: value for name, value in (parameters or {}).items() if name in names}


def _column(model: type, key: Key) -> Any:
    return sa.inspect(model).columns[key] if isinstance(key, str) else None


def _sets(statement: Any, column: Any) -> bool:
    values = getattr(statement, "_values", None) or {}
    return any(getattr(target, "name", target) == column.name for target in values)


def _after_commit(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.pop(_RANG, False):
        return
    channel = installed() if has_app_context() else None
    if channel is not None:
        channel.ring()


def _after_rollback(session: Session, previous: Any) -> None:
    if previous.parent is None:
        session.info.pop(_RANG, None)


def key_name(model: type, key: InstrumentedAttribute[Any] | Callable[[Any], Any] | None) -> Key:
    """Return the attribute that holds the product's id: by default the model's primary key, of one column."""
    mapper: Any = sa.inspect(model)
    if key is None:
        if len(mapper.primary_key) != 1:
            raise ValueError(f"{model.__name__} has a primary key of several columns: name the product's id with key=.")
        return str(mapper.get_property_by_column(mapper.primary_key[0]).key)
    return key.key if isinstance(key, InstrumentedAttribute) else key


def ring_after_commit(session: Session) -> None:
    """Ring the worker when the session's transaction is committed."""
    session.info[_RANG] = True


def drain(session: Session, now: datetime, limit: int = 500) -> set[str]:
    """Turn up to `limit` changes into marks, in one transaction, and delete exactly those that were read.

    Returns the products.  Ids do not commit in order, so nothing is concluded from their size.
    """
    rows = session.execute(
        sa.select(ProductChange.id, ProductChange.product_id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    if not rows:
        session.rollback()
        return set()
    changed = {row.product_id for row in rows}
    mark_products(session, now, changed)
    session.execute(sa.delete(ProductChange).where(ProductChange.id.in_([row.id for row in rows])))
    session.commit()
    return changed


def mark_products(session: Session, now: datetime, product_ids: set[str]) -> None:
    """Make every aspect of these products' SKUs due."""
    skus = sa.select(Sku.id).where(Sku.product_id.is_not(None))
    if EVERY_PRODUCT not in product_ids:
        skus = skus.where(Sku.product_id.in_(sorted(product_ids)))
    mark(session, Aspect, now, Aspect.sku_id.in_(skus))
    mark(session, Aspect, now, Aspect.listing_id.in_(sa.select(Listing.id).where(Listing.sku_id.in_(skus))))
