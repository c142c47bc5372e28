"""What a `Listing` says once more of its SKU, so that lists can be sorted by it: the SKU itself, and its quantity.

A SKU's name never changes at Amazon.  Its quantity does: whatever changes it through the ORM is followed by itself; a
statement over many SKUs is followed by `follow`, in the same transaction.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper, Session

from flask_amazon_channel.models.listings import Listing, Sku

_LISTING: sa.Table = Listing.__table__  # type: ignore[assignment]


def follow(session: Session, *skus: sa.ColumnElement[bool]) -> None:
    """Let the listings of these SKUs say their quantity, where they say another."""
    session.execute(
        sa.update(Listing)
        .where(Listing.sku_id == Sku.id, *skus, Listing.shown_quantity.is_distinct_from(Sku.observed_quantity))
        .values(shown_quantity=Sku.observed_quantity)
        .execution_options(synchronize_session=False)
    )


@event.listens_for(Sku, "after_update")
def _follow_one(mapper: Mapper[Any], connection: sa.Connection, sku: Sku) -> None:
    if sa.inspect(sku).attrs.observed_quantity.history.has_changes():
        values = {"shown_quantity": sku.observed_quantity}
        connection.execute(_LISTING.update().where(_LISTING.c.sku_id == sku.id).values(values))


@event.listens_for(Listing, "before_insert")
def _begin_with(mapper: Mapper[Any], connection: sa.Connection, listing: Listing) -> None:
    number = listing.sku_id if listing.sku_id is not None else listing.sku.id
    of_sku = sa.select(Sku.sku, Sku.observed_quantity).where(Sku.id == number)
    listing.seller_sku, listing.shown_quantity = connection.execute(of_sku).one()
