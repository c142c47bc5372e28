"""Many listings at once, in the database's own words for insert-or-update.

A portion of rows travels as one JSON parameter: for each database this is faster than a statement, or a set of
parameters, per row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import Session

from flask_amazon_channel.models.accounts import Store
from flask_amazon_channel.models.copied_from_sku import follow
from flask_amazon_channel.models.listings import Listing, Sku
from flask_amazon_channel.models.orders import AmazonOrder, AmazonOrderItem
from flask_amazon_channel.models.work import Aspect, Submission
from flask_amazon_channel.rules.amazon import ReportedListing
from flask_amazon_channel.rules.matching import NO_MATCH, Match
from flask_amazon_channel.rules.money import to_minor
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.rules.values import FulfilledBy

OF_SKU = ("observed_quantity", "observed_quantity_at", "fulfilled_by", "condition", "ever_live")
OF_LISTING = ("observed_price_minor", "observed_at", "amazon_status", "asin", "title", "on_amazon")
_MARIADB = ("mysql", "mariadb")
_EXACT = "VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"

_FIELDS = {
    "sku": ("TEXT", _EXACT),
    "fulfilled_by": ("TEXT", "VARCHAR(16)"),
    "item_condition": ("TEXT", "VARCHAR(32)"),
    "quantity": ("BIGINT", "BIGINT"),
    "live": ("BIGINT", "BIGINT"),
    "asin": ("TEXT", "VARCHAR(16)"),
    "title": ("TEXT", "VARCHAR(500) CHARACTER SET utf8mb4"),
    "price": ("BIGINT", "BIGINT"),
}
"""What a row of the JSON holds, in this order: its type on PostgreSQL and on MariaDB."""

_MATCH_FIELDS = {
    "sku_id": ("BIGINT", "BIGINT"),
    "product": ("TEXT", "VARCHAR(191) CHARACTER SET utf8mb4"),
    "matched_by": ("TEXT", "VARCHAR(16)"),
    "problem": ("TEXT", "VARCHAR(32)"),
    "candidates": ("JSON", "LONGTEXT CHARACTER SET utf8mb4"),
}
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {"BIGINT": sa.BigInteger(), "JSON": Sku.match_candidates.type}


def keep_reported(session: Session, store: Store, rows: Sequence[ReportedListing], as_of: datetime) -> int:
    """Store SKUs and listings as Amazon showed them at a moment; return how many listings are new.

    What was observed later stays as it is, and so does what was sent or sold since: the reading is older than that.
    """
    by_sku = {row.sku: row for row in rows}
    passed_by = _touched_since(session, store.account_id, as_of) & by_sku.keys()
    known = _known(session, store, by_sku)
    _keep(session, store, [row for row in by_sku.values() if row.sku not in passed_by], as_of, replace=True)
    _keep(session, store, [by_sku[sku] for sku in sorted(passed_by)], as_of, replace=False)
    return len(by_sku) - known


def refresh_statistics(session: Session) -> None:
    """Let PostgreSQL look at the tables that are being filled: as long as it takes them for empty, it reads them whole.

    In the caller's transaction.  It would look by itself only after a minute, and each portion would wait for that.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"ANALYZE {Sku.__tablename__}, {Listing.__tablename__}, {Aspect.__tablename__}"))


def _touched_since(session: Session, account_id: int, moment: datetime) -> set[str]:
    """Return the SKUs for which something was sent, or an order changed, since the moment."""
    sent = (
        sa.select(Sku.sku)
        .select_from(Submission)
        .join(Aspect, Submission.aspect_id == Aspect.id)
        .outerjoin(Listing, Aspect.listing_id == Listing.id)
        .join(Sku, Sku.id == sa.func.coalesce(Aspect.sku_id, Listing.sku_id))
        .where(Submission.created_at >= moment, Aspect.account_id == account_id)
    )
    sold = (
        sa.select(AmazonOrderItem.sku)
        .join(AmazonOrder)
        .where(AmazonOrder.account_id == account_id, AmazonOrder.updated_at >= moment, AmazonOrderItem.sku.is_not(None))
    )
    return {sku for statement in (sent, sold) for sku in session.scalars(statement) if sku is not None}


def texts_in(session: Session, values: Iterable[str]) -> sa.Select[Any]:
    """Return the texts as something to be `IN`, whatever their number, by one parameter."""
    return _given_in(session, values, sa.Text(), "TEXT", _EXACT)


def numbers_in(session: Session, values: Iterable[int]) -> sa.Select[Any]:
    """Return the numbers as something to be `IN`, whatever their number, by one parameter."""
    return _given_in(session, values, sa.BigInteger(), "BIGINT", "BIGINT")


def _given_in(
    session: Session, values: Iterable[Any], kind: sa.types.TypeEngine[Any], on_postgresql: str, on_mariadb: str
) -> sa.Select[Any]:
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        cell = f"CAST(value AS {on_postgresql})"
        source = f"SELECT {cell} AS one FROM json_array_elements_text(CAST(:given AS json)) AS each(value)"  # noqa: S608  constants
    elif dialect in _MARIADB:
        source = f"SELECT one FROM JSON_TABLE(:given, '$[*]' COLUMNS(one {on_mariadb} PATH '$')) AS each_one"  # noqa: S608  constants
    else:
        source = "SELECT value AS one FROM json_each(:given)"
    given = json.dumps(list(values), ensure_ascii=False)
    found = sa.text(source).bindparams(sa.bindparam("given", given, unique=True)).columns(one=kind)
    return sa.select(found.subquery("given").c.one)


def keep_matches(session: Session, matches: Mapping[int, Match]) -> None:
    """Store which product each of the SKUs is, or why that is not known; one that has a product by now keeps it."""
    if not matches:
        return
    cells = [
        (
            sku_id,
            found.product_id,
            found.matched_by if found.product_id else None,
            found.problem,
            json.dumps(list(found.candidates)) if found.candidates else None,
        )
        for sku_id, found in matches.items()
    ]
    sku: sa.Table = Sku.__table__  # type: ignore[assignment]
    given = _rows_of(session.get_bind().dialect.name, _MATCH_FIELDS, "matches")
    values = {
        "product_id": given.c.product,
        "matched_by": given.c.matched_by,
        "match_problem": given.c.problem,
        "match_candidates": given.c.candidates,
    }
    # In words that no index knows: else SQLite would look at all SKUs without a product, and read the JSON for each.
    has_none = sa.func.coalesce(sku.c.product_id, sa.null()).is_(None)
    update = sa.update(sku).where(sku.c.id == given.c.sku_id, has_none).values(values)
    session.connection().execute(update, {"rows": json.dumps(cells, ensure_ascii=False)})


def _known(session: Session, store: Store, skus: Iterable[str]) -> int:
    of_skus = sa.select(Sku.id).where(Sku.account_id == store.account_id, Sku.sku.in_(texts_in(session, skus)))
    found = sa.select(sa.func.count()).where(Listing.store_id == store.id, Listing.sku_id.in_(of_skus))
    return session.scalar(found) or 0


def _keep(session: Session, store: Store, rows: Sequence[ReportedListing], as_of: datetime, *, replace: bool) -> None:
    if not rows:
        return
    given = {
        "rows": json.dumps([_cells(row, store.currency) for row in rows], ensure_ascii=False),
        "account_id": store.account_id,
        "store_id": store.id,
        "as_of": as_of,
    }
    dialect = session.get_bind().dialect.name
    moment, reported = (
        sa.bindparam("as_of", type_=Sku.observed_quantity_at.type),
        _rows_of(dialect, _FIELDS, "reported"),
    )
    skus = {
        "account_id": sa.bindparam("account_id", type_=sa.Integer),
        "sku": reported.c.sku,
        "fulfilled_by": reported.c.fulfilled_by,
        "condition": reported.c.item_condition,
        "observed_quantity": reported.c.quantity,
        "observed_quantity_at": moment,
        "ever_live": reported.c.live == 1,
        # Until the shop is asked, which comes next: most of a big catalogue's SKUs that are no product's stay so.
        "match_problem": sa.literal(NO_MATCH),
    }
    session.execute(
        _upsert(dialect, Sku, skus, reported, ("account_id", "sku"), "observed_quantity_at", OF_SKU if replace else ()),
        given,
    )
    # Asked for by row: with a join SQLite may read the JSON anew for each SKU that it knows.
    sku_id = sa.select(Sku.id).where(
        Sku.account_id == sa.bindparam("account_id", type_=sa.Integer), Sku.sku == reported.c.sku
    )
    listings = {
        "store_id": sa.bindparam("store_id", type_=sa.Integer),
        "sku_id": sku_id.scalar_subquery(),
        "seller_sku": reported.c.sku,
        "asin": reported.c.asin,
        "title": reported.c.title,
        "on_amazon": sa.true(),
        "amazon_status": sa.case((reported.c.live == 1, "BUYABLE DISCOVERABLE"), else_=""),
        "observed_price_minor": reported.c.price,
        "shown_quantity": reported.c.quantity,
        "observed_at": moment,
        "state": sa.literal(str(ListingState.NEW_THIRD_PARTY)),
    }
    session.execute(
        _upsert(
            dialect, Listing, listings, reported, ("store_id", "sku_id"), "observed_at", OF_LISTING if replace else ()
        ),
        given,
    )
    # The other listings of these SKUs, and those of which more was known than the report says.
    follow(session, Sku.account_id == store.account_id, Sku.sku.in_(texts_in(session, [row.sku for row in rows])))


def _cells(row: ReportedListing, currency: str) -> tuple[Any, ...]:
    merchant = row.fulfilled_by is FulfilledBy.MERCHANT
    return (
        row.sku,
        row.fulfilled_by,
        row.condition,
        row.quantity if merchant else None,
        int(_is_active(row)),
        row.asin,
        row.title[:500] or None,
        None if row.price is None else to_minor(row.price, currency),
    )


def _is_active(row: ReportedListing) -> bool:
    # Some stores' reports have no status column; there a price and a quantity mean that it can be bought.
    return row.status.lower() == "active" if row.status else bool(row.price and row.quantity)


def _rows_of(dialect: str, fields: Mapping[str, tuple[str, str]], name: str) -> sa.Subquery:
    """Return the rows of the parameter `rows` as a table of that name."""
    if dialect == "postgresql":
        cells = ", ".join(
            f"CAST(value ->> {n} AS {kind}) AS {field}" for n, (field, (kind, _)) in enumerate(fields.items())
        )
        source = f"SELECT {cells} FROM json_array_elements(CAST(:rows AS json)) AS each(value)"  # noqa: S608  constants
    elif dialect in _MARIADB:
        cells = ", ".join(f"{field} {kind} PATH '$[{n}]'" for n, (field, (_, kind)) in enumerate(fields.items()))
        source = f"SELECT * FROM JSON_TABLE(:rows, '$[*]' COLUMNS({cells})) AS each_row"  # noqa: S608  constants
    else:
        cells = ", ".join(f"value ->> {n} AS {field}" for n, field in enumerate(fields))
        source = f"SELECT {cells} FROM json_each(:rows)"  # noqa: S608  constants
    columns = {field: _TYPES.get(kind, sa.Text()) for field, (kind, _) in fields.items()}
    return sa.text(source).columns(**columns).subquery(name)


def _upsert(
    dialect: str,
    model: type[Any],
    values: dict[str, Any],
    source: sa.Subquery,
    key: tuple[str, ...],
    moment: str,
    columns: tuple[str, ...],
) -> Any:
    """Insert the rows; where one is there already, update the columns, unless its `moment` is later."""
    table: sa.Table = model.__table__
    # SQLite needs a WHERE here, to tell ON CONFLICT from a join's ON.
    found = sa.select(*values.values()).where(source.c.sku.is_not(None))
    kind: Any = {"postgresql": postgresql, "sqlite": sqlite}.get(dialect, mysql)
    statement = kind.insert(table).from_select(list(values), found)
    if dialect in _MARIADB:
        return _on_duplicate(table, statement, moment, columns)
    if not columns:
        return statement.on_conflict_do_nothing(index_elements=key)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=key,
        set_={name: _latest(table, new, name) for name in columns},
        where=sa.or_(table.c[moment].is_(None), table.c[moment] <= new[moment]),
    )


def _on_duplicate(table: sa.Table, statement: Any, moment: str, columns: tuple[str, ...]) -> Any:
    if not columns:
        return statement.on_duplicate_key_update([("id", table.c.id)])
    new = statement.inserted
    is_newer = sa.func.coalesce(table.c[moment] <= new[moment], sa.true())
    # MariaDB assigns from left to right, so the moment that all are compared by comes last.
    ordered = [*(name for name in columns if name != moment), moment]
    return statement.on_duplicate_key_update(
        [(name, sa.case((is_newer, _latest(table, new, name)), else_=table.c[name])) for name in ordered]
    )


def _latest(table: sa.Table, new: Any, name: str) -> Any:
    """Once live is always once live; what the report does not know is no news."""
    if name == "ever_live":
        return sa.or_(table.c[name], new[name])
    if name in ("asin", "title", "condition"):
        return sa.func.coalesce(new[name], table.c[name])
    return new[name]
