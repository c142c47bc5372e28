"""`flask amazon freeze` and `unfreeze`: stop everything that is sent, and let it go on."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from flask_amazon_channel.cli.group import amazon, find_store, of_store, prepared

if TYPE_CHECKING:
    from flask_amazon_channel.channel import Channel
    from flask_amazon_channel.models import SellerAccount, Store


@amazon.command("freeze")
@of_store
@click.option("--reason", default="", metavar="TEXT", help="Why; shown on every page.")
def freeze_command(store: str | None, reason: str) -> None:
    """Stop every write to Amazon, of all accounts or of one store.  What is due waits."""
    from flask_amazon_channel.sync import freezing

    channel = prepared()
    for what in _chosen(channel, store):
        freezing.freeze(channel, what, reason, by=operator())
        click.echo(f"{what.name} is frozen. Nothing is lost: what is due waits for flask amazon unfreeze.")


@amazon.command("unfreeze")
@of_store
def unfreeze_command(store: str | None) -> None:
    """Let all accounts or one store go on.  Without --store a copied database is this installation's from now on."""
    from flask_amazon_channel.sync import freezing

    channel = prepared()
    if store is None and freezing.adopt(channel, by=operator()):
        click.echo(f"The database belongs to this installation now ({channel.instance}).")
    for what in _chosen(channel, store):
        freezing.unfreeze(channel, what, by=operator())
        click.echo(f"{what.name} goes on.")
    for name in _still_frozen(channel, store):
        click.echo(f"{name} stays frozen: it was frozen by itself.")


def _chosen(channel: Channel, store: str | None) -> list[SellerAccount | Store]:
    import sqlalchemy as sa

    from flask_amazon_channel.models import SellerAccount

    one = find_store(channel, store)
    if one is not None:
        return [one]
    return list(channel.db.session.scalars(sa.select(SellerAccount).order_by(SellerAccount.id)))


def _still_frozen(channel: Channel, store: str | None) -> list[str]:
    """Return what a person froze elsewhere and what therefore still sends nothing."""
    import sqlalchemy as sa

    from flask_amazon_channel.models import SellerAccount, Store

    one = find_store(channel, store)
    if one is not None:
        return [one.account.name] if one.account.is_frozen else []
    frozen = sa.select(Store.name).where(Store.frozen_at.is_not(None)).order_by(Store.id)
    return list(channel.db.session.scalars(frozen.join(SellerAccount)))


def operator() -> str:
    """Return who types, for the diary."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"
