"""`flask amazon db`: the channel's tables, by Alembic, apart from the host's own migrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from flask.cli import AppGroup

from flask_amazon_channel.cli.group import amazon

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.config import Config

    from flask_amazon_channel.channel import Channel


@contextmanager
def _alembic(channel: Channel) -> Iterator[Config]:
    """Give Alembic's configuration with a connection to the database of our tables, and commit at the end."""
    from alembic.config import Config

    from flask_amazon_channel.folders import folder

    config = Config()
    config.set_main_option("script_location", str(folder("migrations")).replace("%", "%%"))
    with _engine(channel).connect() as connection:
        config.attributes["connection"] = connection
        yield config
        connection.commit()


def _engine(channel: Channel) -> sa.Engine:
    from flask_amazon_channel.models import Base

    return channel.db.engines[Base.metadata.info.get("bind_key")]


def upgrade(channel: Channel, revision: str = "head") -> None:
    """Bring the tables to a revision."""
    from alembic import command

    with _alembic(channel) as config:
        command.upgrade(config, revision)


def downgrade(channel: Channel, revision: str) -> None:
    """Take the tables back to a revision; `base` removes them, with all that they hold."""
    from alembic import command

    with _alembic(channel) as config:
        command.downgrade(config, revision)


def revisions(channel: Channel) -> tuple[str | None, str | None]:
    """Return the revision of the database and the newest one."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with _alembic(channel) as config:
        connection = config.attributes["connection"]
        context = MigrationContext.configure(connection, opts={"version_table": "amazon_alembic_version"})
        return context.get_current_revision(), ScriptDirectory.from_config(config).get_current_head()


def check(channel: Channel) -> None:
    """Raise Alembic's `CommandError` unless the tables are what the models say."""
    from alembic import command

    with _alembic(channel) as config:
        command.check(config)


def _in_a_sentence(act: Callable[..., Any], *arguments: Any) -> None:
    from alembic.util import CommandError

    try:
        act(*arguments)
    except CommandError as error:
        raise click.ClickException(str(error)) from None


def _current() -> Channel:
    from flask_amazon_channel.channel import current

    return current()


@amazon.group("db", cls=AppGroup)
def db() -> None:
    """The channel's tables.  The host's own migrations neither see nor drop them."""


@db.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> None:
    """Make the tables, or bring them up to date."""
    _in_a_sentence(upgrade, _current(), revision)
    click.echo(f"The channel's tables are at revision {revisions(_current())[0]}.")


@db.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Go back to a revision (-1: the one before, base: no tables and nothing of what they hold)."""
    _in_a_sentence(downgrade, _current(), revision)
    click.echo(f"The channel's tables are at revision {revisions(_current())[0] or 'base'}.")


@db.command("current")
def current_command() -> None:
    """Print the revision of the database."""
    found, newest = revisions(_current())
    click.echo(f"{found or 'base'}{' (newest)' if found == newest else f', newest: {newest}'}")


@db.command("check")
def check_command() -> None:
    """Say whether the tables are what the models say."""
    _in_a_sentence(check, _current())
