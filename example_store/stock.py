"""The only ways to a product's stock.  Each is one UPDATE, so two buyers at once do not undo each other."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, update
from sqlalchemy.orm import Session

from example_store.models import Product, StockMovement


def take(session: Session, product_id: int, quantity: int, cause: str) -> bool:
    """Take `quantity` off the stock; return False, and take nothing, where there are not so many."""
    return _change(session, product_id, -quantity, cause, None, Product.stock >= quantity)


def book(session: Session, product_id: int, delta: int, cause: str, reference: str | None = None) -> bool:
    """Add `delta` whatever the stock is, and return False where there is no such product.

    A reference can be booked once: the second time the database raises IntegrityError.
    """
    return _change(session, product_id, delta, cause, reference)


def _change(
    session: Session,
    product_id: int,
    delta: int,
    cause: str,
    reference: str | None,
    *only_if: ColumnElement[bool],
) -> bool:
    change = update(Product).where(Product.id == product_id, *only_if).values(stock=Product.stock + delta)
    changed = cast("CursorResult[Any]", session.execute(change)).rowcount == 1
    if changed:
        session.add(StockMovement(product_id=product_id, delta=delta, cause=cause, reference=reference))
        session.flush()
    return changed
