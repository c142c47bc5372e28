"""Calling the shop inside our transaction: what it breaks is undone, and what it must not do is noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from flask_amazon_channel.errors import ShopRefused
from flask_amazon_channel.models.database import is_transient

T = TypeVar("T")


class ShopEndedTransaction(ShopRefused):
    """The shop committed or rolled back inside our transaction, so nobody knows what is stored: look again."""


def call_shop(session: Session, name: str, act: Callable[[], T]) -> T:
    """Call the shop in a savepoint; an exception undoes what it did and becomes `ShopRefused`."""
    savepoint = session.begin_nested()
    try:
        result = act()
        if savepoint.is_active:
            savepoint.commit()
            return result
    except DBAPIError as error:
        if is_transient(error):
            raise
        _undo(savepoint)
        raise ShopRefused(f"Shop.{name} failed in the database: {type(error.orig).__name__}") from error
    except Exception as error:
        _undo(savepoint)
        raise ShopRefused(f"Shop.{name} failed: {type(error).__name__}: {error}") from error
    raise ShopEndedTransaction(
        f"Shop.{name} ended the transaction. It must not commit or roll back: the channel commits shop and channel "
        "together. `flask amazon check-shop` shows where."
    )


def _undo(savepoint: object) -> None:
    if getattr(savepoint, "is_active", False):
        savepoint.rollback()  # type: ignore[attr-defined]
