"""The group of all commands, and what they share: errors as sentences, output, stores by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from flask.cli import AppGroup

if TYPE_CHECKING:
    from flask_amazon_channel.channel import Channel
    from flask_amazon_channel.models import Store

Command = TypeVar("Command", bound=Callable[..., Any])


class Commands(AppGroup):
    """Commands that print an error of the channel as a sentence, without a traceback, and end with status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        from flask_amazon_channel.errors import ChannelError

        try:
            return super().invoke(ctx)
        except ChannelError as error:
            raise click.ClickException(str(error)) from None


amazon = Commands("amazon", help="The Amazon sales channel.")

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
of_store = click.option("--store", metavar="S", help="The store: its number, its name, or a country such as DE.")


def prepared() -> Channel:
    """Return the channel of a process that works: the tables are there, and transactions lock at once."""
    from flask_amazon_channel import jobs
    from flask_amazon_channel.channel import current

    channel = current()
    jobs.prepare(channel)
    return channel


def with_tables() -> Channel:
    """Return the channel of a process that only reads."""
    from flask_amazon_channel.channel import current

    channel = current()
    channel.require_tables()
    return channel


def show(document: Any, lines: Iterable[str], as_json: bool) -> None:
    """Print the document as JSON, or the lines."""
    if as_json:
        click.echo(json.dumps(document, indent=2, default=str))
    else:
        for line in lines:
            click.echo(line)


def find_store(channel: Channel, text: str | None) -> Store | None:
    """Return the one store that is meant, None where none was named."""
    import sqlalchemy as sa

    from flask_amazon_channel.models import Store

    if text is None:
        return None
    stores = channel.db.session.scalars(sa.select(Store).order_by(Store.id)).all()
    found = [store for store in stores if text in (str(store.id), store.name)]
    found = found or [store for store in stores if store.country_code == country(text)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{store.id} ({store.name})" for store in stores) or "none"
    problem = "Several stores are" if found else "No store is"
    raise click.UsageError(f"{problem} called {text!r}. Stores: {known}.")


def country(text: str) -> str:
    """Return the ISO 3166 code; Amazon's people say UK."""
    code = text.strip().upper()
    return "GB" if code == "UK" else code
