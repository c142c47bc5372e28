"""What a person does against a slip: stop everything, let through what waits, choose what is sent, go back.

Each is undone by one command: `freeze` by `unfreeze`, `set` by `set`, `restore` by `restore --undo`.
"""

from __future__ import annotations

import getpass
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from flask_amazon_channel.cli.group import amazon, as_json, find_store, of_store, prepared, show

if TYPE_CHECKING:
    from flask_amazon_channel.channel import Channel
    from flask_amazon_channel.models import Listing, SellerAccount, Store


@amazon.command("freeze")
@of_store
@click.option("--reason", default="", metavar="TEXT", help="Why; shown on every page.")
@as_json
def freeze_command(store: str | None, reason: str, as_json: bool) -> None:
    """Stop every write to Amazon, of all accounts or of one store.  What is due waits."""
    from flask_amazon_channel.sync import freezing

    channel = prepared()
    frozen = []
    for what in _chosen(channel, store):
        freezing.freeze(channel, what, reason, by=operator())
        frozen.append(what.name)
    lines = [f"{name} is frozen. Nothing is lost: what is due waits for flask amazon unfreeze." for name in frozen]
    show({"frozen": frozen}, lines, as_json)


@amazon.command("unfreeze")
@of_store
@as_json
def unfreeze_command(store: str | None, as_json: bool) -> None:
    """Let all accounts or one store go on.  Without --store a copied database is this installation's from now on."""
    from flask_amazon_channel.sync import freezing

    channel = prepared()
    lines, goes_on = [], []
    adopted = store is None and freezing.adopt(channel, by=operator())
    if adopted:
        lines.append(f"The database belongs to this installation now ({channel.instance}).")
    for what in _chosen(channel, store):
        freezing.unfreeze(channel, what, by=operator())
        goes_on.append(what.name)
    still = _still_frozen(channel, store)
    lines += [f"{name} goes on." for name in goes_on]
    lines += [f"{name} stays frozen: it was frozen by itself." for name in still]
    show({"adopted": adopted, "unfrozen": goes_on, "still_frozen": still}, lines, as_json)


@amazon.command("release")
@of_store
@click.option("--discard", is_flag=True, help="Do not send: forget what waits, and look at all of it again.")
@as_json
def release_command(store: str | None, discard: bool, as_json: bool) -> None:
    """Send what waits because it looks like a slip: all of it, or what concerns one store."""
    from flask_amazon_channel.sync.publishing import mass_changes

    channel = prepared()
    chosen = find_store(channel, store)
    document, lines = [], []
    for change in mass_changes.waiting(channel.db.session(), store=chosen):
        aspect, what = change.aspect, {"quantity": "zeros", "price": "prices"}[change.aspect]
        count = mass_changes.settle(channel, change, send=not discard, by=operator())
        document.append({"aspect": aspect, "count": count, "sent": not discard})
        lines.append(f"{count} {what} are {'looked at again' if discard else 'sent'}.")
    show(document, lines or ["Nothing waits."], as_json)


@amazon.command("set")
@of_store
@click.option("--account", metavar="A", help="The account: its number, its name, or its seller id.")
@click.option("--sku", metavar="K", help="The listings of this SKU; else the store or the account.")
@click.argument("settings", metavar="NAME=VALUE...", nargs=-1, required=True)
def set_command(store: str | None, account: str | None, sku: str | None, settings: tuple[str, ...]) -> None:
    """Set what a store, an account or a SKU has: threshold=2, publishes_price=no, buffer=1, price_owner=repricer.

    What is given at once is one change, and is taken back as one. An empty value clears a setting. A SKU has
    price_owner and quantity_owner (shop, amazon, repricer, person).
    """
    channel = prepared()
    typed = dict(setting.partition("=")[::2] for setting in settings)
    if sku is not None:
        for name, value in typed.items():
            _set_of_sku(channel, store, sku, name, value)
        return
    row = _find_account(channel, account) if account is not None else find_store(channel, store)
    if row is None:
        raise click.UsageError("Give --store, --account or --sku.")
    _set(channel, row, typed)


def _set(channel: Channel, row: SellerAccount | Store, typed: dict[str, str]) -> None:
    from flask_amazon_channel.models import Store
    from flask_amazon_channel.sync.settings import changing, kinds

    known = {setting.word: setting for setting in kinds.settings_of(row).values() if setting.kind != kinds.Kind.RULE}
    unknown = sorted(set(typed) - set(known))
    if unknown:
        raise click.UsageError(f"There is no setting {', '.join(unknown)}. There are: {', '.join(known)}.")
    currency = row.currency if isinstance(row, Store) else ""
    try:
        values = {known[name].name: kinds.read(known[name], text, currency) for name, text in typed.items()}
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    name = row.name
    saved = changing.change(channel, row, values, by=operator())
    for one, text in typed.items():
        done = "is" if saved and known[one].name in saved.names else "was already"
        click.echo(f"{name}: {one} {done} {text or 'nothing'}.")


def _find_account(channel: Channel, text: str) -> SellerAccount:
    import sqlalchemy as sa

    from flask_amazon_channel.models import SellerAccount

    accounts = channel.db.session.scalars(sa.select(SellerAccount).order_by(SellerAccount.id)).all()
    found = [one for one in accounts if text in (str(one.id), one.name, one.seller_id)]
    if len(found) != 1:
        known = ", ".join(f"{one.id} ({one.name})" for one in accounts) or "none"
        problem = "Several accounts are" if found else "No account is"
        raise click.UsageError(f"{problem} called {text!r}. Accounts: {known}.")
    return found[0]


def _set_of_sku(channel: Channel, store: str | None, sku: str, name: str, value: str) -> None:
    from flask_amazon_channel.rules.permission import Owner
    from flask_amazon_channel.sync import ownership

    if name not in ownership.OWNERS or value not in list(Owner):
        names = " or ".join(ownership.OWNERS)
        raise click.UsageError(f"A SKU has {names}, with one of {', '.join(Owner)}.")
    listings = _listings(channel, store, sku)
    for listing in listings if name == "price_owner" else listings[:1]:
        ownership.set_owner(channel, listing, name, Owner(value), by=operator())
        click.echo(f"{listing.store.name}: {sku}: {name} is {value}.")


def _listings(channel: Channel, store: str | None, sku: str) -> list[Listing]:
    import sqlalchemy as sa

    from flask_amazon_channel.models import Listing, Sku

    chosen = find_store(channel, store)
    found = sa.select(Listing).join(Sku).where(Sku.sku == sku).order_by(Listing.id)
    if chosen is not None:
        found = found.where(Listing.store_id == chosen.id)
    listings = list(channel.db.session.scalars(found))
    if not listings:
        raise click.ClickException(f"There is no listing of SKU {sku!r} here.")
    return listings


def _moment(ctx: click.Context, parameter: click.Parameter, value: str | None) -> datetime | timedelta | None:
    """Read how long ago (30m, 2h, 1d), or a moment in ISO 8601, in UTC where it names no zone."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d{1,5})([mhd])", value)
    if found:
        return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[found[2]]: int(found[1])})
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("Give how long ago, such as 30m, 2h or 1d, or 2026-11-20T12:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@amazon.command("restore")
@of_store
@click.option("--sku", metavar="K", help="One SKU only.")
@click.option("--since", metavar="T", callback=_moment, help="All that changed since: 30m, 2h, 1d, or a moment.")
@click.option("--run", "run_id", type=int, metavar="ID", help="All that was changed while this run went on.")
@click.option("--quantities", is_flag=True, help="Quantities, too.  Else prices only.")
@click.option("--preview", is_flag=True, help="Only show old and new.")
@click.option("--undo", is_flag=True, help="Let the shop decide again what was restored.")
@as_json
def restore_command(
    store: str | None,
    sku: str | None,
    since: datetime | timedelta | None,
    run_id: int | None,
    quantities: bool,
    preview: bool,
    undo: bool,
    as_json: bool,
) -> None:
    """Set prices back to what was live before; they stay so until --undo."""
    from flask_amazon_channel.sync import restoring

    channel = prepared()
    chosen = find_store(channel, store)
    store_id = chosen.id if chosen else None
    if undo:
        count = restoring.let_go(channel, store_id=store_id, sku=sku, by=operator())
        show({"let_go": count}, [f"The shop decides {count} restored values again."], as_json)
        return
    if sku is None and since is None and run_id is None:
        raise click.UsageError("Say what is to be restored: --sku, --since or --run.")
    begun = channel.clock() - since if isinstance(since, timedelta) else since
    ended = None
    if run_id is not None:
        begun, ended = _run(channel, run_id)
    channel.db.session.rollback()
    found = restoring.find(channel, store_id=store_id, sku=sku, since=begun, until=ended, quantities=quantities)
    if not preview:
        restoring.restore(channel, found, by=operator())
    end = f"{len(found)} would be restored." if preview else f"{len(found)} are restored, and sent next."
    show([one.as_json() for one in found], [*(one.sentence for one in found), end], as_json)


def _run(channel: Channel, run_id: int) -> tuple[datetime, datetime | None]:
    from flask_amazon_channel.models import Run

    run = channel.db.session.get(Run, run_id)
    if run is None:
        raise click.ClickException(f"There is no run {run_id}.")
    return run.began, run.ended


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
