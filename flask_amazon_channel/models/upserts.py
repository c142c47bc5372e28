"""Many listings at once, in the database's own words for insert-or-update."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import Session

from flask_amazon_channel.models.accounts import Store
from flask_amazon_channel.models.listings import Listing, Sku
from flask_amazon_channel.rules.amazon import ReportedListing
from flask_amazon_channel.rules.money import to_minor
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.rules.values import FulfilledBy

OF_SKU = ("observed_quantity", "observed_quantity_at", "fulfilled_by", "condition", "ever_live")
OF_LISTING = (
    "observed_price_minor",
    "observed_at",
    "amazon_updated_at",
    "amazon_status",
    "asin",
    "title",
    "on_amazon",
)


def keep_reported(session: Session, store: Store, rows: Sequence[ReportedListing], as_of: datetime) -> int:
    """Store the SKUs and listings of a report that shows Amazon as of a moment; return how many listings are new.

    Prices and quantities that were observed later than the report stay as they are.
    """
    by_sku = {row.sku: row for row in rows}
    skus = [_sku(store, row, as_of) for row in by_sku.values()]
    upsert(session, Sku, skus, ("account_id", "sku"), "observed_quantity_at", OF_SKU)
    ids = dict(
        session.execute(
            sa.select(Sku.sku, Sku.id).where(Sku.account_id == store.account_id, Sku.sku.in_(list(by_sku)))
        ).all()
    )
    known = session.scalar(
        sa.select(sa.func.count())
        .select_from(Listing)
        .where(Listing.store_id == store.id, Listing.sku_id.in_(ids.values()))
    )
    listings = [_listing(store, ids[row.sku], row, as_of) for row in by_sku.values()]
    upsert(session, Listing, listings, ("store_id", "sku_id"), "observed_at", OF_LISTING)
    return len(by_sku) - (known or 0)


def _sku(store: Store, row: ReportedListing, as_of: datetime) -> dict[str, Any]:
    merchant = row.fulfilled_by is FulfilledBy.MERCHANT
    return {
        "account_id": store.account_id,
        "sku": row.sku,
        "fulfilled_by": row.fulfilled_by,
        "condition": row.condition,
        "observed_quantity": row.quantity if merchant else None,
        "observed_quantity_at": as_of,
        "ever_live": _is_active(row),
    }


def _listing(store: Store, sku_id: int, row: ReportedListing, as_of: datetime) -> dict[str, Any]:
    return {
        "store_id": store.id,
        "sku_id": sku_id,
        "asin": row.asin,
        "title": row.title[:500] or None,
        "on_amazon": True,
        "amazon_status": "BUYABLE DISCOVERABLE" if _is_active(row) else "",
        "observed_price_minor": None if row.price is None else to_minor(row.price, store.currency),
        "observed_at": as_of,
        "amazon_updated_at": row.updated_at,
        "state": ListingState.NEW_THIRD_PARTY,
    }


def _is_active(row: ReportedListing) -> bool:
    # Some stores' reports have no status column; there a price and a quantity mean that it can be bought.
    return row.status.lower() == "active" if row.status else bool(row.price and row.quantity)


def upsert(
    session: Session,
    model: type[Any],
    rows: list[dict[str, Any]],
    key: tuple[str, ...],
    moment: str,
    columns: tuple[str, ...],
) -> None:
    """Insert the rows; where one is there already, update the columns, unless its `moment` is later."""
    table: sa.Table = model.__table__
    dialect = session.get_bind().dialect.name
    if dialect in ("mysql", "mariadb"):
        session.execute(_on_duplicate(table, moment, columns), rows)
        return
    statement: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    new = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=key,
            set_={name: _latest(table, new, name) for name in columns},
            where=sa.or_(table.c[moment].is_(None), table.c[moment] <= new[moment]),
        ),
        rows,
    )


def _on_duplicate(table: sa.Table, moment: str, columns: tuple[str, ...]) -> Any:
    statement = mysql.insert(table)
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
    if name in ("asin", "title", "condition", "amazon_updated_at"):
        return sa.func.coalesce(new[name], table.c[name])
    return new[name]
