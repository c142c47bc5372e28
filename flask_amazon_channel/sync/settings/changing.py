"""Storing settings against the version that was read; a change set in the history; what depends on them becomes due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError, ConfigurationError
from flask_amazon_channel.models import (
    AmazonOrder,
    Aspect,
    Listing,
    SellerAccount,
    Store,
    StoreState,
    Stream,
    StreamName,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.money import from_minor, plain
from flask_amazon_channel.rules.phrases import Phrase, Word, joined, phrase, readable
from flask_amazon_channel.rules.reasons import marked
from flask_amazon_channel.sync import history
from flask_amazon_channel.sync.settings.kinds import Due, Kind, Setting, settings_of, shown, values_of
from flask_amazon_channel.sync.settings.names import CHOICES, NAMES

Settled = SellerAccount | Store
_IN_BETWEEN = marked("Somebody else changed the settings of {name} in between.")
_WAITS = ("PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED")


class Conflict(ChannelError):
    """Somebody else saved in between: nothing was stored."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The change set, and the names of what was changed."""

    set_id: str
    names: tuple[str, ...]


def changed(row: Settled, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the values that differ from what is set."""
    now, known = values_of(row), settings_of(row)
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise KeyError(f"There is no setting {', '.join(unknown)}.")
    return {name: value for name, value in values.items() if now[name] != value}


def change(
    channel: Channel,
    row: Settled,
    values: Mapping[str, Any],
    *,
    version: int | None = None,
    by: str | None = None,
    undoes: str | None = None,
) -> Saved | None:
    """Store these settings as one change set, and make due what depends on them.  Commits; None: nothing differs.

    `version` is the one that was read: raises `Conflict` where there is a newer one.  None: whatever there is.
    """
    session, model, number = channel.db.session(), type(row), row.id

    def keep() -> Saved | None:
        found: Settled = session.get_one(  # type: ignore[assignment]  # of one of the two classes
            model, number, populate_existing=True, with_for_update=True
        )
        if version not in (None, found.version):
            raise Conflict(phrase(_IN_BETWEEN, name=found.name))
        return store(channel, found, changed(found, values), by=by, undoes=undoes)

    saved = in_transaction(session, keep)
    if saved is not None:
        channel.ring()
    return saved


def store(
    channel: Channel,
    row: Settled,
    values: Mapping[str, Any],
    *,
    by: str | None = None,
    undoes: str | None = None,
    set_id: str | None = None,
) -> Saved | None:
    """Store settings that differ, in the caller's transaction."""
    if not values:
        return None
    _refuse_crossed_guards(row, values)
    session, now, known = channel.db.session(), channel.clock(), settings_of(row)
    before, version = {name: values_of(row)[name] for name in values}, row.version
    # Another who came first has raised the version: SQLite locks no row that is only read.
    written = session.execute(
        sa.update(type(row))
        .where(type(row).id == row.id, type(row).version == version)
        .values(**values, version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if written.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(phrase(_IN_BETWEEN, name=row.name))
    session.refresh(row)
    make_due(channel, row, [known[name] for name in values])
    after = {name: values_of(row)[name] for name in values}
    told = history.keep(channel, row, before, after, by=by, version=row.version, undoes=undoes, set_id=set_id)
    about: dict[str, Any] = {"account_id": row.id} if isinstance(row, SellerAccount) else {}
    if isinstance(row, Store):
        about = {"account_id": row.account_id, "store_id": row.id}
    note(session, now, "settings", _sentence(row, after), **about, **history.signature(channel, by))
    return Saved(told or "", tuple(values))


def _refuse_crossed_guards(row: Settled, values: Mapping[str, Any]) -> None:
    least, most = (
        values.get(name, getattr(row, name, None)) for name in ("price_minimum_minor", "price_maximum_minor")
    )
    if least is not None and most is not None and least > most:
        raise ConfigurationError(phrase("The highest price must not be below the lowest."))


def _sentence(row: Settled, after: Mapping[str, Any]) -> Phrase:
    known, currency = settings_of(row), row.currency if isinstance(row, Store) else ""
    said = [
        phrase("{what} = {value}", what=Word(NAMES[name]), value=_said(known[name], value, currency))
        for name, value in after.items()
    ]
    return phrase("Settings of {name}: {settings}.", name=row.name, settings=joined(said, ", "))


def _said(setting: Setting, value: Any, currency: str) -> str:
    if setting.kind == Kind.RULE:
        return Word("changed") if value else Word("none")
    if setting.kind == Kind.WEBHOOK and value:
        return str(shown(setting, value))
    if setting.kind == Kind.MONEY and value is not None:
        value = from_minor(value, currency)
    if isinstance(value, Decimal):
        value = plain(value)
    if isinstance(value, bool):
        return Word("yes") if value else Word("no")
    if isinstance(value, Mapping):
        return " ".join(f"{kind}:{attribute}" for kind, attribute in value.items())
    if value in CHOICES.get(setting.name, ()):
        return Word(CHOICES[setting.name][value])
    return Word("nothing") if value is None else readable(value)


def make_due(channel: Channel, row: Settled, settings: Iterable[Setting]) -> None:
    """Make due what depends on these settings of the account or store.  In the caller's transaction."""
    wanted: set[Due] = set().union(*(setting.due for setting in settings))
    session, now = channel.db.session(), channel.clock()
    stores = _stores(row)
    listings = sa.select(Listing.id).where(Listing.store_id.in_(stores))
    if Due.PRICES in wanted:
        mark(session, Aspect, now, Aspect.listing_id.in_(listings))
    if Due.QUANTITIES in wanted:
        skus = sa.select(Listing.sku_id).where(Listing.store_id.in_(stores))
        mark(session, Aspect, now, Aspect.sku_id.in_(skus))
    streams = {Due.CATALOGUE: StreamName.CATALOGUE, Due.MATCHES: StreamName.LISTINGS_REPORT}
    names = [name for what, name in streams.items() if what in wanted]
    if names:
        # What rests reads nothing; it begins anew when it is activated.
        active = stores.where(Store.state == StoreState.ACTIVE)
        mark(session, Stream, now, Stream.store_id.in_(active), Stream.name.in_(names))
    if Due.ORDERS in wanted:
        waits = (AmazonOrder.status.in_(_WAITS), AmazonOrder.wants_shop_order.is_(True))
        mark(session, AmazonOrder, now, AmazonOrder.store_id.in_(stores), *waits)


def _stores(row: Settled) -> sa.Select[Any]:
    return sa.select(Store.id).where(Store.id == row.id if isinstance(row, Store) else Store.account_id == row.id)
