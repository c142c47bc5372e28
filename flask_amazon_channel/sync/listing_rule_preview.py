"""What a listing rule would do, before it is stored: to one product, and to as much of the catalogue as one waits for.

Each product is decided twice, with the rule that is stored and with the new one.  Where the store was imported, its
listings are looked at, evenly spread over all of them; else the shop's catalogue from its beginning.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Listing, Preparation, Sku, Store
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.decision import Decision, decide
from flask_amazon_channel.rules.listing import ListingFacts
from flask_amazon_channel.rules.listing_rule import ListingRule
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.rules.settings import StoreRules
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.rules.values import ShopProduct
from flask_amazon_channel.sync import facts, permission
from flask_amazon_channel.sync.decisions import load_listings
from flask_amazon_channel.sync.shop_calls import shop_failed

LOOKED_AT_MOST = 2000
SECONDS_AT_MOST = 4.0
PORTION = 250
ROWS_SHOWN = 10
TOTAL_COUNTED = 100_000
"""Listings are counted up to this number; beyond it the page says `more than`."""


class Effect(StrEnum):
    """What becomes of a product at Amazon."""

    LISTED = "listed"
    INELIGIBLE = "ineligible"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One product, or one listing of it: how it stands with the stored rule, and how it would with the new one."""

    product_id: str
    sku: str
    title: str
    on_amazon: bool
    now: Decision
    then: Decision
    listing_id: int | None = None

    @property
    def effect(self) -> Effect:
        if self.then.state is ListingState.ENDED:
            return Effect.SAME
        if self.on_amazon:
            was, will = self.now.is_eligible, self.then.is_eligible
            return Effect.SAME if was is will else Effect.LISTED if will else Effect.INELIGIBLE
        return Effect.LISTED if self.then.is_eligible else Effect.SAME

    @property
    def lacks(self) -> tuple[Reason, ...]:
        """What it lacks before it can be listed."""
        return () if self.on_amazon or not self.then.is_eligible else self.then.missing


@dataclass(slots=True)
class Preview:
    """What was counted, and the first rows of each kind.

    `total`: how many there are, where anybody knows.  `live`: how many of those looked at are offered at Amazon now.
    `lacking`: how many of those to be listed lack something first.
    """

    counts: Counter[Effect] = field(default_factory=Counter)
    rows: dict[Effect, list[Outcome]] = field(default_factory=lambda: {effect: [] for effect in Effect})
    looked_at: int = 0
    live: int = 0
    lacking: int = 0
    is_whole: bool = False
    total: int | None = None
    of_listings: bool = False

    def add(self, outcome: Outcome) -> None:
        effect = outcome.effect
        self.looked_at += 1
        self.counts[effect] += 1
        self.live += outcome.on_amazon and outcome.now.is_eligible
        self.lacking += effect is Effect.LISTED and bool(outcome.lacks)
        if len(self.rows[effect]) < ROWS_SHOWN:
            self.rows[effect].append(outcome)


class _Deciding:
    """Decides products of one store with the stored rule and with the new one."""

    def __init__(self, channel: Channel, store: Store, rule: ListingRule | None) -> None:
        self.channel, self.store = channel, store
        stored = facts.listing_rules(channel, [store]).get(store.id)
        rate = facts.exchange_rate(channel, store.currency)
        with reading(channel.db.engine) as session:
            stopped = permission.stopped(session, channel, store)
            self.read_until = facts.orders_read_until(session, store.account_id)
        self.now: StoreRules = facts.store_rules(store, channel.shop.currency, rate, stopped, stored)
        self.then = replace(self.now, listing_rule=rule, listing_rule_problem=None)

    def listings(self, listings: Sequence[Listing]) -> Iterator[Outcome]:
        ids = [row.sku.product_id for row in listings if row.sku.product_id]
        with reading(self.channel.db.engine) as session:
            sent = facts.not_live(session, [row.sku_id for row in listings], [row.id for row in listings])
        products, held = self._ask(ids)
        for row in listings:
            product = products.get(row.sku.product_id or "")
            underway = [sent[key] for key in (("sku", row.sku_id), ("listing", row.id)) if key in sent]
            known = facts.listing_facts(row.sku, row, underway)
            title = product.title if product else row.title or ""
            yield self._outcome(product, known, held, title, row.id)

    def products(self, product_ids: Sequence[str]) -> Iterator[Outcome]:
        """Decide products that have no listing in the store."""
        products, held = self._ask(product_ids)
        for product in products.values():
            known = ListingFacts(sku=product.sku, product_id=product.id)
            yield self._outcome(product, known, held, product.title, None)

    def _ask(self, product_ids: Sequence[str]) -> tuple[dict[str, ShopProduct], dict[str, int]]:
        with reading(self.channel.db.engine) as session:
            held = facts.held(session, product_ids)
        return facts.ask_shop(self.channel, product_ids, self.store.storefront), held

    def _outcome(
        self, product: ShopProduct | None, known: ListingFacts, held: dict[str, int], title: str, listing_id: int | None
    ) -> Outcome:
        clock, product_id = self.channel.clock(), known.product_id or ""
        now, then = (
            decide(product, held.get(product_id, 0), known, rules, self.read_until, clock)
            for rules in (self.now, self.then)
        )
        return Outcome(product_id, known.sku, title, known.on_amazon, now, then, listing_id)


def preview(channel: Channel, store: Store, rule: ListingRule | None) -> Preview:
    """Return what the rule would do to the catalogue.  Stores nothing; no transaction may be open."""
    found, end = Preview(), time.monotonic() + SECONDS_AT_MOST
    deciding = _Deciding(channel, store, rule)
    total = _number_of_listings(channel, store)
    found.of_listings = total > 0
    outcomes = _of_listings(deciding, total) if total else _of_catalogue(deciding)
    for outcome in outcomes:
        if found.looked_at == LOOKED_AT_MOST or time.monotonic() >= end:
            break
        found.add(outcome)
    else:
        found.is_whole = found.looked_at >= total
    found.total = found.looked_at if found.is_whole else total or _counted_before(channel)
    return found


def try_product(channel: Channel, store: Store, rule: ListingRule | None, wanted: str) -> list[Outcome]:
    """Return what the rule would do to the product with this SKU or id: an outcome for each of its listings here."""
    store_id, attribute = store.id, store.account.identifier_attributes.get("sku") or "sku"
    ids = _with_sku(channel, attribute, wanted) or [wanted]
    deciding = _Deciding(channel, store, rule)
    with reading(channel.db.engine) as session:
        listings = load_listings(session, Listing.store_id == store_id, Listing.sku.has(Sku.product_id.in_(ids)))
    listed = {row.sku.product_id for row in listings}
    return [*deciding.listings(listings), *deciding.products([one for one in ids if one not in listed])]


def product_of(channel: Channel, store: Store, product_id: str) -> ShopProduct | None:
    return facts.ask_shop(channel, [product_id], store.storefront).get(product_id)


def _with_sku(channel: Channel, attribute: str, wanted: str) -> list[str]:
    try:
        return [str(one) for one in channel.shop.find_products(attribute, [wanted]).get(wanted, ())][:20]
    except Exception as error:
        raise shop_failed("find_products", error) from error
    finally:
        channel.db.session.rollback()


def _of_listings(deciding: _Deciding, total: int) -> Iterator[Outcome]:
    channel, store_id, seen = deciding.channel, deciding.store.id, 0
    for after in _starts(channel, store_id, total):
        with reading(channel.db.engine) as session:
            found = _with_product(store_id).where(Listing.id > max(after, seen)).order_by(Listing.id).limit(PORTION)
            ids = session.scalars(found).all()
            listings = load_listings(session, Listing.id.in_(ids))
        yield from deciding.listings(listings)
        seen = ids[-1] if ids else seen


def _starts(channel: Channel, store_id: int, total: int) -> list[int]:
    """Return after which ids a portion is looked at: one after the other, or spread over all where there are many."""
    portions = LOOKED_AT_MOST // PORTION
    if total <= LOOKED_AT_MOST:
        return [0] * portions
    with reading(channel.db.engine) as session:
        first, last = session.execute(
            sa.select(sa.func.min(Listing.id), sa.func.max(Listing.id)).where(Listing.store_id == store_id)
        ).one()
    return [first - 1 + (last - first + 1) * number // portions for number in range(portions)]


def _of_catalogue(deciding: _Deciding) -> Iterator[Outcome]:
    channel = deciding.channel
    after: str | None = None
    while True:
        try:
            ids = list(channel.shop.product_ids(after, PORTION))
        except Exception as error:
            raise shop_failed("product_ids", error) from error
        finally:
            channel.db.session.rollback()
        if not ids or ids[-1] == after:
            return
        yield from deciding.products(ids)
        after = ids[-1]


def _with_product(store_id: int) -> sa.Select[int]:
    return sa.select(Listing.id).join(Sku).where(Listing.store_id == store_id, Sku.product_id.is_not(None))


def _number_of_listings(channel: Channel, store: Store) -> int:
    with reading(channel.db.engine) as session:
        some = _with_product(store.id).limit(TOTAL_COUNTED).subquery()
        return session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _counted_before(channel: Channel) -> int | None:
    """Return how many products the last complete walk over the catalogue counted."""
    with reading(channel.db.engine) as session:
        found = session.scalar(sa.select(Preparation.found).where(Preparation.found.is_not(None)).limit(1))
    return int(found["products"]) if found else None
