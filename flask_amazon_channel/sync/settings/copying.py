"""The settings of one store for others."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Store
from flask_amazon_channel.sync.settings.changing import Saved, change, changed
from flask_amazon_channel.sync.settings.kinds import OF_STORE, Kind

OWN = frozenset({"name", "storefront"})
"""What a store never takes over: its name, and the storefront that it is bound to."""

COPIED = tuple(name for name in OF_STORE if name not in OWN)


def taken_over(source: Store, target: Store, names: Collection[str]) -> dict[str, Any]:
    """Return what of these settings would change in the target.  Amounts are copied within one currency only."""
    return changed(
        target, {name: getattr(source, name) for name in COPIED if name in names and _fits(name, source, target)}
    )


def left_out(source: Store, target: Store, names: Collection[str]) -> list[str]:
    """Return what is not copied because the currencies differ."""
    return [name for name in COPIED if name in names and not _fits(name, source, target)]


def _fits(name: str, source: Store, target: Store) -> bool:
    return OF_STORE[name].kind != Kind.MONEY or source.currency == target.currency


def copy(
    channel: Channel,
    source: Store,
    target: Store,
    names: Collection[str],
    *,
    version: int | None = None,
    by: str | None = None,
) -> Saved | None:
    """Copy these settings, as one change set of the target.  Commits; None: nothing differs."""
    return change(channel, target, taken_over(source, target, names), version=version, by=by)
