"""What would become of listings if settings were changed: decided now, by the rules, without storing anything.

A big catalogue is not decided whole while a person waits: an even sample of it is, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Listing, Store
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.sync.decisions import decide_listings, whole_listing
from flask_amazon_channel.sync.settings.changing import Settled
from flask_amazon_channel.sync.settings.kinds import settings_of

MOST = 1000
"""Listings that are decided while a person waits."""
_SPREAD, _WRAP, _HIGH = 2_654_435_761, 2**32, 2**16
"""Numbers of rows as if by chance: two stores may have every other number."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted for a listing: its state, the price in the store's currency, and the units."""

    state: str
    price: Decimal | None
    quantity: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """One listing that would change."""

    listing: Listing
    before: Wanted
    after: Wanted


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change among the listings that were looked at: `looked_at` of `all`.

    Where that is a sample, `estimated` tells how many of all that makes.
    """

    looked_at: int
    all: int
    states: int
    prices: int
    quantities: int
    changing: int
    first: tuple[Effect, ...]

    @property
    def is_sample(self) -> bool:
        return self.looked_at < self.all

    def estimated(self, count: int) -> int:
        """Return how many of all listings that is, if the others are like those that were looked at."""
        return round(count * self.all / self.looked_at) if self.looked_at else 0


def preview(channel: Channel, row: Settled, values: Mapping[str, Any], *, most: int = MOST) -> Preview:
    """Decide listings with the settings as they are and as they would be.  Raises `ShopRefused` where nobody knows.

    No transaction may be open.
    """
    listings, count = _listings(channel, row, most)
    before = _decide(channel, listings)
    for what in _rows(row, listings):
        # They belong to no session any more: nothing of this is stored.
        for name, value in values.items():
            if settings_of(row)[name].decides:
                setattr(what, name, value)
    after = _decide(channel, listings)
    effects = [Effect(listing, before[listing.id], after[listing.id]) for listing in listings]
    effects = [effect for effect in effects if effect.before != effect.after]
    return Preview(
        looked_at=len(listings),
        all=count,
        states=sum(effect.before.state != effect.after.state for effect in effects),
        prices=sum(effect.before.price != effect.after.price for effect in effects),
        quantities=sum(effect.before.quantity != effect.after.quantity for effect in effects),
        changing=len(effects),
        first=tuple(effects[:SHOWN]),
    )


def _listings(channel: Channel, row: Settled, most: int) -> tuple[list[Listing], int]:
    """Return the listings that are looked at, evenly spread over all, and how many there are."""
    stores = sa.select(Store.id).where(Store.id == row.id if isinstance(row, Store) else Store.account_id == row.id)
    of_them = Listing.store_id.in_(stores)
    with reading(channel.db.engine) as read:
        count = read.scalar(sa.select(sa.func.count()).select_from(Listing).where(of_them)) or 0
        found = sa.select(Listing).where(of_them).options(*whole_listing()).order_by(Listing.id).limit(2 * most)
        if count > most:
            chance = (Listing.id * _SPREAD) % _WRAP // _HIGH
            found = found.where(chance % -(-count // most) == 0)
        return list(read.scalars(found)), count


def _rows(row: Settled, listings: Sequence[Listing]) -> list[Any]:
    """Return the copies of the account or store that the listings were loaded with."""
    found = {
        id(what): what
        for listing in listings
        for what in (listing.store, listing.store.account)
        if isinstance(what, type(row)) and what.id == row.id
    }
    return list(found.values())


def _decide(channel: Channel, listings: Sequence[Listing]) -> dict[int, Wanted]:
    channel.db.session.rollback()
    return {number: _wanted(decision) for number, decision in decide_listings(channel, listings).items()}


def _wanted(decision: Decision) -> Wanted:
    return Wanted(str(decision.state), decision.price.value, decision.quantity.value)
