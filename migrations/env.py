"""Runs the channel's migrations over a connection that the command opened, on the channel's tables alone."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from flask_amazon_channel.models import Base, title_words
from flask_amazon_channel.models import base as columns

VERSION_TABLE = "amazon_alembic_version"


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """See only our tables: the host's lie in the same database.  One index only PostgreSQL can have."""
    if kind == "index" and name == title_words.INDEX:
        return False
    return kind != "table" or name in Base.metadata.tables


def render_item(kind: str, thing: Any, autogenerate: Any) -> str | Literal[False]:
    """Write our own column types by their names."""
    if kind != "type":
        return False
    if thing is columns.BigId:
        return "columns.BigId"
    if isinstance(thing, columns.ExactText):
        return f"columns.ExactText({getattr(thing.impl_instance, 'length', None)})"
    if isinstance(thing, columns.Sentence):
        return f"sa.String(length={thing.impl_instance.length})"  # type: ignore[attr-defined]
    if isinstance(thing, columns.UtcDateTime | columns.ExactJson):
        return f"columns.{type(thing).__name__}()"
    return False


def migrate() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=VERSION_TABLE,
        include_name=include_name,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate()
