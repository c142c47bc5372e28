"""Calling the shop inside our transaction: what it breaks is undone, and what it must not do is noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from flask_amazon_channel.errors import ShopRefused
from flask_amazon_channel.models.database import is_transient
from flask_amazon_channel.rules.phrases import phrase

T = TypeVar("T")


class ShopEndedTransaction(ShopRefused):
    """The shop committed or rolled back inside our transaction.  `result` is what it returned nevertheless."""

    def __init__(self, name: str, result: Any = None) -> None:
        super().__init__(
            phrase(
                "Shop.{method} ended the transaction. It must not commit or roll back: the channel commits shop and "
                "channel together. `flask amazon check-shop` shows where.",
                method=name,
            )
        )
        self.name = name
        self.result = result


def call_shop(session: Session, name: str, act: Callable[[], T]) -> T:
    """Call the shop in a savepoint; an exception undoes what it did and becomes `ShopRefused`."""
    savepoint = session.begin_nested()
    try:
        result = act()
    except Exception as error:
        if isinstance(error, DBAPIError) and is_transient(error):
            raise
        _undo(session, savepoint, name)
        raise shop_failed(name, error) from error
    if savepoint.is_active:
        savepoint.commit()
        return result
    _undo(session, savepoint, name, result)
    text = "Shop.{method} swallowed an error of the database: nothing that it did is kept."
    raise ShopRefused(phrase(text, method=name))


def _undo(session: Session, savepoint: SessionTransaction, name: str, result: Any = None) -> None:
    if session.get_nested_transaction() is not savepoint:
        raise ShopEndedTransaction(name, result)
    savepoint.rollback()


def shop_failed(name: str, error: BaseException) -> ShopRefused:
    """Return what to raise where a method of the shop failed."""
    return ShopRefused(phrase("Shop.{method} failed: {why}", method=name, why=described(error)))


def described(error: BaseException) -> str:
    """Say what went wrong, for people.  SQLAlchemy's errors quote parameters, and so buyers: of them only the kind."""
    kind = type(error).__name__
    if isinstance(error, DBAPIError):
        return f"{kind} ({type(error.orig).__name__})"
    return kind if isinstance(error, SQLAlchemyError) else f"{kind}: {error}"
