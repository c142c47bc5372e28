"""What a column is: a key for the address, a label, an SQL expression, and how its values are read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from flask_amazon_channel.admin import formats
from flask_amazon_channel.admin.words import say, sentence
from flask_amazon_channel.rules.money import from_minor

Expression = sa.ColumnElement[Any] | sa.orm.InstrumentedAttribute[Any]
Currency = str | Callable[[Any], str | None] | sa.ColumnElement[Any] | sa.orm.InstrumentedAttribute[Any] | None
Choices = Mapping[str, str] | Iterable[str] | Callable[[], Mapping[str, str]]
Plain = str | int | Decimal | datetime | None


class Kind(StrEnum):
    """How the values of a column are looked for and written."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CHOICE = "choice"


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a grid.  Make one with `text`, `code`, `number`, `money`, `moment`, `yes_no` or `choice`.

    `expression` is SQL over what the page's query joins.  `find` says how a text is looked for: "equals", "prefix" or
    "contains"; empty: it has no filter.  `link` gives a row's address, `show` writes a value, `cell` names a macro
    "template#macro" that is called with the row, its value, and what the page told about the row.
    `file` gives what a file has for the row and its value, where that is neither the number nor the text itself.
    `matches` replaces the condition of a text; `typed` is done to what a person typed.
    `join` is the relationship to the table that the expression is of, if it is not the row's: among very many rows such
    a column can be looked for, and not sorted by.

    Indexes, for grids of very many rows.  `split`: one over store, the grid's `split` column, this column and the key;
    `whole`: another over store, this column and the key.  `indexed`: one over this column of the joined table.
    `usual`: most rows have this value, and an index finds all others.
    """

    key: str
    label: str
    expression: Expression
    kind: Kind
    find: str = ""
    sort: bool = True
    link: Callable[[Any], str] | None = None
    show: Callable[[Any], Any] | None = None
    cell: str = ""
    file: Callable[[Any, Any], str] | None = None
    choices: Choices = ()
    currency: Currency = None
    is_code: bool = False
    hint: str = ""
    matches: Callable[[str], sa.ColumnElement[bool]] | None = None
    typed: Callable[[str], str] | None = None
    join: Any = None
    split: bool = False
    whole: bool = False
    indexed: bool = False
    usual: str = ""
    wide: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if not self.key.isidentifier():
            raise ValueError(f"{self.key!r} is no key for an address.")

    @property
    def title(self) -> str:
        return say(self.label)

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.NUMBER, Kind.MONEY)

    @property
    def may_be_empty(self) -> bool:
        """Whether a row may have no value here; where nobody knows, it may."""
        return bool(getattr(self.expression, "nullable", True))

    def options(self) -> dict[str, str]:
        """Return the values that can be chosen, with their names in the reader's language."""
        choices = self.choices() if callable(self.choices) else self.choices
        if isinstance(choices, Mapping):
            return {str(value): say(label) for value, label in choices.items()}
        return {str(value): str(self.show(value)) if self.show else str(value) for value in choices}

    def written(self, row: Any, value: Any, currency: str | None) -> str | Markup:
        """Return a value as people read it."""
        if value is None or value == "":
            return formats.NOTHING
        if self.show is not None:
            return self.show(value)  # type: ignore[no-any-return]
        match self.kind:
            case Kind.MONEY:
                return formats.minor(value, currency)
            case Kind.NUMBER:
                return formats.number(value)
            case Kind.MOMENT:
                return formats.ago(value)
            case Kind.YES_NO:
                return say("Yes") if value else say("No")
            case Kind.CHOICE:
                return self.options().get(str(value), str(value))
            case _:
                return sentence(value) if isinstance(value, str) else str(value)

    def plain(self, row: Any, value: Any, currency: str | None) -> Plain:
        """Return a value for a file: numbers stay numbers, in major units, and times stay times."""
        if value is None:
            return None
        if self.file is not None:
            return self.file(row, value)
        match self.kind:
            case Kind.MONEY:
                return from_minor(value, currency) if currency else value
            case Kind.NUMBER | Kind.MOMENT:
                return value  # type: ignore[no-any-return]
            case Kind.YES_NO:
                return say("Yes") if value else say("No")
            case Kind.CHOICE:
                return str(self.written(row, value, currency))
            case _:
                return sentence(value) if isinstance(value, str) else str(value)


def text(key: str, label: str, expression: Expression, *, find: str = "prefix", **more: Any) -> Column:
    """A text.  Titles and sentences are found by "contains", names and numbers of things by "prefix" or "equals"."""
    return Column(key, label, expression, Kind.TEXT, find, **more)


def code(key: str, label: str, expression: Expression, *, find: str = "prefix", **more: Any) -> Column:
    """A text made by a machine, such as a SKU: shown in a font of even width."""
    return Column(key, label, expression, Kind.TEXT, find, is_code=True, **more)


def number(key: str, label: str, expression: Expression, *, find: str = "range", **more: Any) -> Column:
    return Column(key, label, expression, Kind.NUMBER, find, **more)


def money(key: str, label: str, expression: Expression, *, find: str = "range", **more: Any) -> Column:
    """An amount in minor units.  `currency` is a code, a function of the row, or a column; default: the store's."""
    return Column(key, label, expression, Kind.MONEY, find, **more)


def moment(key: str, label: str, expression: Expression, *, find: str = "range", **more: Any) -> Column:
    """A time, looked for by days, in UTC."""
    return Column(key, label, expression, Kind.MOMENT, find, **more)


def yes_no(key: str, label: str, expression: Expression, *, find: str = "equals", **more: Any) -> Column:
    return Column(key, label, expression, Kind.YES_NO, find, **more)


def choice(
    key: str, label: str, expression: Expression, *, choices: Choices, find: str = "equals", **more: Any
) -> Column:
    """A word of a closed list: `choices` are words with their labels, words that `show` names, or a function."""
    return Column(key, label, expression, Kind.CHOICE, find, choices=choices, **more)
