"""What all tables share: the metadata of our own, and column types that keep what is put into them.

The tables live in the host's database and session, so that shop and channel commit together, but in metadata of their
own: the host's `db.create_all()` and migrations do not see them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_amazon_channel.rules.phrases import SEPARATOR, packed, unpacked

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only in INTEGER columns."""

Id = sa.String(64)
"""Ids and codes that Amazon or the shop made."""


class ExactText(sa.types.TypeDecorator[str]):
    """Text compared byte by byte: `abc`, `ABC` and `abc ` are three SKUs."""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        length = getattr(self.impl_instance, "length", None)
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.String(length, collation="C"))
        if dialect.name in ("mysql", "mariadb"):
            from sqlalchemy.dialects import mysql

            # utf8mb4_bin pads with spaces when it compares; the nopad collation does not.
            return dialect.type_descriptor(mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_nopad_bin"))
        return dialect.type_descriptor(sa.String(length))


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware time, kept in UTC with microseconds.  A naive time is refused: nobody knows its zone."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        if dialect.name in ("mysql", "mariadb"):
            from sqlalchemy.dialects import mysql

            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(sa.DateTime())

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone.")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class ExactJson(sa.types.TypeDecorator[Any]):
    """JSON whose numbers keep their decimals: they come back as `Decimal`."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name in ("mysql", "mariadb"):
            from sqlalchemy.dialects import mysql

            return dialect.type_descriptor(mysql.MEDIUMTEXT(charset="utf8mb4"))
        return super().load_dialect_impl(dialect)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        import simplejson

        return None if value is None else simplejson.dumps(value, use_decimal=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        import simplejson

        return None if value is None else simplejson.loads(value, use_decimal=True)

    def compare_values(self, x: Any, y: Any) -> bool:
        return bool(x == y)


class Sentence(sa.types.TypeDecorator[str]):
    """A sentence for people: a `Phrase` comes back as one, what others wrote as the plain text that it is.

    It begins with its English, by which it is searched and which any other program may read.
    """

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else packed(value, self.impl_instance.length)  # type: ignore[attr-defined]

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else unpacked(value)


def contains(text: Any, part: str, dialect: str) -> sa.ColumnElement[bool]:
    """Return that a text contains it, in upper or lower case.  SQLite's LIKE knows no case by itself."""
    if isinstance(text.type, Sentence):
        return mentions(text, part)
    return (text.contains if dialect == "sqlite" else text.icontains)(part, autoescape=True)  # type: ignore[no-any-return]


def mentions(sentence: Any, words: str) -> sa.ColumnElement[bool]:
    """Return that a `Sentence` contains the words, in upper or lower case: its English, not what it was made of."""
    text = sa.type_coerce(sentence, sa.String())
    escaped = words.replace("/", "//").replace("%", "/%").replace("_", "/_")
    before_separator = text.ilike(f"%{escaped}%{SEPARATOR}%", escape="/")
    return before_separator | (text.ilike(f"%{escaped}%", escape="/") & ~text.contains(SEPARATOR))


class Base(DeclarativeBase):
    """The base of the channel's tables."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        dict[str, Any]: ExactJson,
        list[Any]: ExactJson,
        Decimal: sa.Numeric(18, 6),
    }


class Numbered:
    """A table whose rows have a number of their own."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)


def in_words(column: str, words: type | tuple[str, ...], name: str) -> sa.CheckConstraint:
    """Allow a text column only these words."""
    allowed = ", ".join(f"'{word}'" for word in words)  # type: ignore[union-attr]  # an enumeration of str is iterable
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=name)
