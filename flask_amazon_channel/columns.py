"""How the values of a host's columns cross the port: ids as text, money as `Decimal`, times in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from flask_amazon_channel.rules.values import FulfilledBy, Kind, ShopAttribute

Expression = InstrumentedAttribute[Any] | sa.ColumnElement[Any]
CHUNK = 500
"""Parameters per statement; old builds of SQLite allow 999."""


def chunks(values: list[Any]) -> Iterator[list[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


@lru_cache(maxsize=256)
def _python_type(expression: Expression) -> type[Any]:
    try:
        return expression.type.python_type
    except NotImplementedError:
        return str


def from_text(expression: Expression, text: str) -> Any:
    """Return the text as a value of that column, or None where no value of the column is written so."""
    kind = _python_type(expression)
    if issubclass(kind, str):
        return text
    try:
        value = kind(text)
    except (ValueError, TypeError, ArithmeticError):
        return None
    if str(value) != text or (isinstance(value, int) and abs(value) >= 2**63):
        return None
    return value


def read(name: str, value: Any) -> Any:
    """Return the value as that field of `ShopProduct` wants it."""
    return _READ[name](value) if name in _READ else value


def described(name: str, expression: Expression) -> ShopAttribute:
    label = name.replace("_", " ").capitalize()
    if isinstance(expression.type, sa.Enum):
        return ShopAttribute(name, label, "choice", tuple(expression.type.enums))
    kind = _python_type(expression)
    if issubclass(kind, bool):
        return ShopAttribute(name, label, "yes_no")
    return ShopAttribute(name, label, "number" if issubclass(kind, int | float | Decimal) else "text")


def _kind(value: str | None) -> Kind:
    """Return the kind; one that the channel does not know cannot be sold on Amazon."""
    if value is None:
        return Kind.SIMPLE
    return Kind(value) if value in list(Kind) else Kind.OTHER


def _fulfilled_by(value: str | None) -> FulfilledBy | None:
    return None if value is None else FulfilledBy(value)


def _decimal(value: float | int | Decimal | None) -> Decimal | int | None:
    """Return the number as a person wrote it: 19.99, also where the column is a float."""
    return Decimal(str(value)) if isinstance(value, float) else value


def _money(value: float | int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _moment(value: datetime | date | None) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _addresses(value: str | Iterable[str] | None) -> tuple[str, ...]:
    if not value:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _text(value: Any) -> str | None:
    """Return the text of an identifier; a shop may keep an EAN as a number."""
    return None if value is None else str(value)


_READ: Mapping[str, Any] = {
    "quantity": _decimal,
    "price": _money,
    "prices": _money,
    "sale_price": _money,
    "sale_from": _moment,
    "sale_until": _moment,
    "sell_from": _moment,
    "sell_until": _moment,
    "identifiers": _text,
    "enabled": bool,
    "kind": _kind,
    "fulfilled_by": _fulfilled_by,
    "family": _text,
    "image_urls": _addresses,
}
