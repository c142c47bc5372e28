"""What the address asks of a column: `sku=MUG`, `price.from=10&price.to=20`, `asin.is=empty`, `at.last=7`.

What cannot be understood matches nothing and says so: a mistyped filter must never show, export or change more than
was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from flask_amazon_channel.admin import formats
from flask_amazon_channel.admin.grid.columns import Column, Kind
from flask_amazon_channel.admin.words import say
from flask_amazon_channel.models.base import ExactText, contains
from flask_amazon_channel.rules.money import currencies_without_minor_unit, exponent

LONGEST = 500
MOST_VALUES = 200
_LARGEST = 2**63 - 1
_LAST = "\U0010ffff"

Arguments = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Filter:
    """What is asked of one column: as in the address, as SQL, and in words."""

    column: Column
    arguments: Arguments
    condition: sa.ColumnElement[bool]
    words: str
    problem: str = ""

    @property
    def has_index(self) -> bool:
        """Whether an index of its own finds what it asks for."""
        column = self.column
        if column.usual:
            return column.usual not in [value for _, value in self.arguments]
        return column.indexed


class Unreadable(ValueError):
    """What was asked has no meaning; the text says why."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a filter needs to know beside the column: the store's currency, now, and the kind of the database."""

    currency: str | None
    now: datetime
    dialect: str


def read(column: Column, address: MultiDict[str, str], around: Surroundings) -> Filter | None:
    """Return what the address asks of the column, or None where it asks nothing."""
    given = tuple(
        (name, value)
        for name in names_of(column)
        for value in dict.fromkeys(clean(one) for one in address.getlist(name)[:MOST_VALUES])
        if value
    )
    if not given:
        return None
    try:
        condition, words = _read(column, given, around)
    except Unreadable as error:
        return Filter(column, given, sa.false(), str(error), problem=str(error))
    return Filter(column, given, condition, words)


def names_of(column: Column) -> list[str]:
    """Return the arguments that may ask something of the column."""
    if not column.find:
        return []
    names = [column.key]
    if column.kind in (Kind.NUMBER, Kind.MONEY, Kind.MOMENT):
        names += [f"{column.key}.from", f"{column.key}.to"]
    if column.kind is Kind.MOMENT:
        names.append(f"{column.key}.last")
    if column.may_be_empty:
        names.append(f"{column.key}.is")
    return names


def clean(text: str) -> str:
    """Return what was typed without what no database takes."""
    return text.replace("\x00", "").encode(errors="ignore").decode().strip()[:LONGEST]


def _read(column: Column, given: Arguments, around: Surroundings) -> tuple[sa.ColumnElement[bool], str]:
    asked: dict[str, list[str]] = {}
    for name, value in given:
        asked.setdefault(name.removeprefix(column.key).lstrip("."), []).append(value)
    found = [_PARTS[part](column, values, around) for part, values in asked.items()]
    return sa.and_(*[condition for condition, _ in found]), ", ".join(words for _, words in found)


def _is(column: Column, values: list[str], around: Surroundings) -> tuple[sa.ColumnElement[bool], str]:
    if values == ["empty"]:
        return column.expression.is_(None), say("is empty")
    if values == ["set"]:
        return column.expression.is_not(None), say("is not empty")
    raise Unreadable(say("“{value}” is neither “empty” nor “set”", value=values[0]))


def _equal(column: Column, values: list[str], around: Surroundings) -> tuple[sa.ColumnElement[bool], str]:
    match column.kind:
        case Kind.TEXT:
            return _text(column, values, around)
        case Kind.CHOICE:
            return _choice(column, values)
        case Kind.YES_NO:
            return _yes_no(column, values)
        case Kind.MOMENT:
            first, after = _day(values[0])
            return sa.and_(column.expression >= first, column.expression < after), formats.day(first.date())
        case _:
            exact = [_number(value) for value in values]
            conditions = [
                sa.and_(_bound(column, value, around, low=True), _bound(column, value, around, low=False))
                for value in exact
            ]
            return sa.or_(*conditions), _listed([_amount(column, value, around) for value in exact])


def _text(column: Column, values: list[str], around: Surroundings) -> tuple[sa.ColumnElement[bool], str]:
    wanted = [column.typed(value) if column.typed else value for value in values]
    if column.matches is not None:
        condition = sa.or_(*[column.matches(value) for value in wanted])
    elif column.find == "equals":
        condition = column.expression.in_(wanted)
    elif column.find == "contains":
        condition = sa.or_(*[contains(column.expression, value, around.dialect) for value in wanted])
    else:
        condition = sa.or_(*[begins(column.expression, value, around.dialect) for value in wanted])
    said = _listed([f"“{value}”" for value in wanted])
    if column.find == "equals":
        return condition, said
    if column.find == "contains":
        return condition, say("contains {words}", words=said)
    return condition, say("begins with {words}", words=said)


def begins(expression: Any, start: str, dialect: str) -> sa.ColumnElement[bool]:
    """Return that a text begins so, as a range where texts are compared byte by byte: an index answers that."""
    if isinstance(expression.type, ExactText) or dialect == "sqlite":
        return sa.and_(expression >= start, expression < start + _LAST)
    return expression.startswith(start, autoescape=True)  # type: ignore[no-any-return]


def _choice(column: Column, values: list[str]) -> tuple[sa.ColumnElement[bool], str]:
    known = column.options()
    unknown = [value for value in values if value not in known]
    if unknown:
        raise Unreadable(say("there is no “{value}”", value=unknown[0]))
    chosen = [_typed_like(column, value) for value in values]
    condition = column.expression == chosen[0] if len(chosen) == 1 else column.expression.in_(chosen)
    return condition, _listed([known[value] for value in values])


def _typed_like(column: Column, value: str) -> str | int:
    return int(value) if isinstance(column.expression.type, sa.Integer) else value


def _yes_no(column: Column, values: list[str]) -> tuple[sa.ColumnElement[bool], str]:
    if values == ["yes"]:
        return sa.and_(column.expression), say("yes")
    if values == ["no"]:
        return sa.not_(sa.func.coalesce(column.expression, sa.false())), say("no")
    raise Unreadable(say("“{value}” is neither yes nor no", value=values[0]))


def _from(column: Column, values: list[str], around: Surroundings) -> tuple[sa.ColumnElement[bool], str]:
    if column.kind is Kind.MOMENT:
        first, _ = _day(values[0])
        return column.expression >= first, say("from {start}", start=formats.day(first.date()))
    least = _number(values[0])
    return _bound(column, least, around, low=True), say("at least {amount}", amount=_amount(column, least, around))


def _to(column: Column, values: list[str], around: Surroundings) -> tuple[sa.ColumnElement[bool], str]:
    if column.kind is Kind.MOMENT:
        first, after = _day(values[0])
        return column.expression < after, say("until {end}", end=formats.day(first.date()))
    most = _number(values[0])
    return _bound(column, most, around, low=False), say("at most {amount}", amount=_amount(column, most, around))


def _last(column: Column, values: list[str], around: Surroundings) -> tuple[sa.ColumnElement[bool], str]:
    """So many days until now: it stays right in a view that is kept."""
    if not (values[0].isascii() and values[0].isdecimal() and 0 < int(values[0][:6]) <= 36500):
        raise Unreadable(say("“{value}” is no number of days", value=values[0]))
    days = int(values[0])
    return column.expression >= around.now - timedelta(days=days), formats.last_days(days)


_PARTS: dict[str, Callable[[Column, list[str], Surroundings], tuple[sa.ColumnElement[bool], str]]] = {
    "": _equal,
    "is": _is,
    "from": _from,
    "to": _to,
    "last": _last,
}


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text) if text.isascii() else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or abs(found) >= 10**15:
        raise Unreadable(say("“{value}” is no number", value=text))
    return found


def _day(text: str) -> tuple[datetime, datetime]:
    try:
        day = date.fromisoformat(text)
        first = datetime.combine(day, time(), UTC)
        return first, first + timedelta(days=1)
    except (ValueError, OverflowError):
        raise Unreadable(say("“{value}” is no date", value=text)) from None


def _bound(column: Column, limit: Decimal, around: Surroundings, *, low: bool) -> sa.ColumnElement[bool]:
    if column.kind is Kind.MONEY:
        return _money_bound(column, limit, around, low=low)
    if isinstance(column.expression.type, sa.Numeric) and not isinstance(column.expression.type, sa.Integer):
        whole: sa.ColumnElement[Any] = sa.literal(limit, column.expression.type)
    else:
        whole = _whole(limit, 0, low=low)
    return column.expression >= whole if low else column.expression <= whole


def _money_bound(column: Column, limit: Decimal, around: Surroundings, *, low: bool) -> sa.ColumnElement[bool]:
    """Compare in the minor units of the currency; where rows differ in theirs, each in its own."""
    of_row = column.currency if isinstance(column.currency, sa.ColumnElement | sa.orm.InstrumentedAttribute) else None
    compare: Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]] = (
        column.expression.__ge__ if low else column.expression.__le__
    )
    if of_row is None:
        return compare(_whole(limit, _decimals(column, around), low=low))
    without = of_row.in_(currencies_without_minor_unit())
    return sa.or_(
        sa.and_(without, compare(_whole(limit, 0, low=low))),
        sa.and_(sa.not_(without), compare(_whole(limit, 2, low=low))),
    )


def _decimals(column: Column, around: Surroundings) -> int:
    currency = column.currency if isinstance(column.currency, str) else around.currency
    return exponent(currency) if currency else 2


def _whole(limit: Decimal, decimals: int, *, low: bool) -> sa.BindParameter[int]:
    """Return the first (`low`) or last whole number within the limit."""
    nearest = limit.scaleb(decimals).to_integral_value(ROUND_CEILING if low else ROUND_FLOOR)
    return sa.literal(max(-_LARGEST, min(_LARGEST, int(nearest))), sa.BigInteger())


def _amount(column: Column, amount: Decimal, around: Surroundings) -> str:
    currency = column.currency if isinstance(column.currency, str) else around.currency
    if column.kind is Kind.MONEY and currency and not _differs(column):
        return str(formats.money(amount, currency))
    return str(formats.number(amount))


def _differs(column: Column) -> bool:
    return isinstance(column.currency, sa.ColumnElement | sa.orm.InstrumentedAttribute)


def _listed(values: Sequence[str] | Iterable[str]) -> str:
    from babel.lists import format_list

    from flask_amazon_channel.admin.words import locale

    some = list(values)
    if len(some) > 5:
        some = [*some[:4], say("{n} more", n=len(some) - 4)]
    return format_list(some, style="or", locale=locale())
