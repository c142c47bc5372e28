"""What would be sent now?  Asks what `publish` asks, of what is stored; asks Amazon nothing, sends nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Aspect, AspectName, Listing, MassChange, SellerAccount, Sku, Store
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.rules.drift import Answer
from flask_amazon_channel.rules.lanes import Waiting, Way, lanes
from flask_amazon_channel.rules.phrases import readable
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.sync.decisions import decide_listings, load_listings
from flask_amazon_channel.sync.publishing import drift, mass_changes, wanting
from flask_amazon_channel.sync.publishing.feeds.waiting import pace

SKUS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """One field of one SKU or listing: what Amazon showed last, what would be sent, or what holds it back.

    `store` is None for a quantity, which all stores of the account share.  `why`: nothing is sent; where `new` is
    known nevertheless, it is sent as soon as that no longer holds.  `via` is the way that it would go now.
    """

    account: str
    store: str | None
    sku: str
    field: str
    old: Decimal | int | None
    new: Decimal | int | None
    why: Reason | None = None
    account_id: int = 0
    store_id: int = 0
    via: Way = Way.PATCH

    @property
    def sentence(self) -> str:
        where = self.store or self.account
        old = "unknown" if self.old is None else readable(self.old)
        if self.why is not None and self.new is not None:
            return f"{where}: {self.sku}: {self.field} {old} -> {readable(self.new)} waits: {self.why.sentence}"
        if self.why is not None:
            return f"{where}: {self.sku}: {self.field} stays {old}: {self.why.sentence}"
        return f"{where}: {self.sku}: {self.field} {old} -> {readable(self.new)}"

    def as_json(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "store": self.store,
            "sku": self.sku,
            "field": self.field,
            "old": None if self.old is None else str(self.old),
            "new": None if self.new is None else str(self.new),
            "why": self.why.as_json() if self.why else None,
            "via": None if self.why else str(self.via),
        }


def plan(channel: Channel, store_id: int | None = None, sku: str | None = None) -> Iterator[Planned]:
    """Yield what differs between wanted and observed, of all listings or of one store or SKU."""
    last = 0
    while sku_ids := _next_skus(channel, last, store_id, sku):
        last = sku_ids[-1]
        yield from _planned(channel, sku_ids, store_id)


def _next_skus(channel: Channel, after: int, store_id: int | None, sku: str | None) -> Sequence[int]:
    found = sa.select(Sku.id).where(Sku.id > after).order_by(Sku.id).limit(SKUS_AT_ONCE)
    if sku is not None:
        found = found.where(Sku.sku == sku)
    if store_id is not None:
        found = found.where(sa.exists().where(Listing.sku_id == Sku.id, Listing.store_id == store_id))
    with reading(channel.db.engine) as session:
        return session.scalars(found).all()


def _planned(channel: Channel, sku_ids: Sequence[int], store_id: int | None) -> Iterator[Planned]:
    with reading(channel.db.engine) as session:
        by_id = {listing.id: listing for listing in load_listings(session, Listing.sku_id.in_(sku_ids))}
        by_sku: dict[int, list[Listing]] = {sku_id: [] for sku_id in sku_ids}
        for listing in by_id.values():
            by_sku[listing.sku_id].append(listing)
        aspects = session.scalars(
            sa.select(Aspect)
            .where(sa.or_(Aspect.sku_id.in_(sku_ids), Aspect.listing_id.in_(by_id)))
            .order_by(Aspect.id)
        ).all()
        changes = mass_changes.waiting(session)
    decisions = decide_listings(channel, list(by_id.values()))
    for aspect in aspects:
        listings = [by_id[aspect.listing_id]] if aspect.listing_id else by_sku[aspect.sku_id or 0]
        if aspect.listing_id and store_id not in (None, listings[0].store_id):
            continue
        for planned in _difference(aspect, listings, decisions, changes):
            yield planned if planned.why else _unless_drifted(channel, planned, aspect, listings, decisions)


def _unless_drifted(
    channel: Channel, planned: Planned, aspect: Aspect, listings: Sequence[Listing], decisions: dict[int, Decision]
) -> Planned:
    """Say that it is not sent where somebody changed it at Amazon and the store leaves that alone, or asks."""
    listing = wanting.asked_about(listings)
    wish = replace(wanting.wish(aspect, listing, listings, decisions), value=planned.new)
    found = drift.judged(channel, aspect, listing, listings, wish, channel.clock())
    return planned if found is None or found.answer is Answer.ASSERT else replace(planned, why=found.reason)


def _difference(
    aspect: Aspect, listings: Sequence[Listing], decisions: dict[int, Decision], changes: Sequence[MassChange]
) -> Iterator[Planned]:
    listing = wanting.asked_about(listings)
    wish = wanting.wish(aspect, listing, listings, decisions)
    if listing is None or (wish.value is None and wish.why is None) or wish.value == wish.observed:
        return
    answered = wish.why or wanting.ask_receivers(aspect, listing, wish, decisions)
    why = answered if isinstance(answered, Reason) else None
    new = None if isinstance(answered, Reason) else answered.value
    if why is None and new == wish.observed:
        return
    if why is None:
        why = decisions[listing.id].stopped or mass_changes.reason_for(changes, aspect, listing)
    yield Planned(
        account=listing.store.account.name,
        store=listing.store.name if aspect.name == AspectName.PRICE else None,
        sku=listing.sku.sku,
        field=aspect.name,
        old=wish.observed,
        new=new,
        why=why,
        account_id=aspect.account_id,
        store_id=listing.store_id,
    )


def by_their_ways(channel: Channel, planned: Sequence[Planned]) -> tuple[list[Planned], list[str]]:
    """Return the same with the way that each goes, and a sentence for each group that goes by feed."""
    groups: dict[tuple[int, str, int], int] = Counter(_group(one) for one in planned if _may_ride(one))
    fed: dict[tuple[int, str, int], str] = {}
    with reading(channel.db.engine) as session:
        accounts = session.scalars(sa.select(SellerAccount).where(SellerAccount.id.in_({key[0] for key in groups})))
        stores = dict(session.execute(sa.select(Store.id, Store.name)).all())
        rows = accounts.all()
    for account in rows:
        mine = [Waiting(name, store, count) for (owner, name, store), count in groups.items() if owner == account.id]
        for lane in lanes(mine, pace(channel, account, channel.clock())):
            if lane.way is Way.FEED:
                group, minutes = lane.waiting, max(1, round(lane.takes.total_seconds() / 60))
                sentence = f"{stores[group.store_id]}: {group.count} changes of {group.aspect} go in one feed"
                fed[(account.id, group.aspect, group.store_id)] = f"{sentence}, in about {minutes} min."
    moved = [replace(one, via=Way.FEED) if _may_ride(one) and _group(one) in fed else one for one in planned]
    return moved, list(fed.values())


def _group(one: Planned) -> tuple[int, str, int]:
    return one.account_id, one.field, one.store_id


def _may_ride(one: Planned) -> bool:
    """Zeros go by PATCH, and what is held back goes nowhere."""
    return one.why is None and not (one.field == AspectName.QUANTITY and one.new == 0)
