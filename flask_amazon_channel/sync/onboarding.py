"""Getting started with an account: what is done, what a person ticked or skipped, the first import, the beginning.

While its stores are prepared they are read and nothing is sent; `start` activates them.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    AspectName,
    Listing,
    MarkState,
    OnboardingMark,
    SellerAccount,
    Sku,
    Store,
    StoreState,
    Stream,
    StreamName,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.rules.money import from_minor, to_minor
from flask_amazon_channel.rules.onboarding import Facts, Step
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.rules.values import Storefront
from flask_amazon_channel.sync import preparation, stores
from flask_amazon_channel.sync.decisions import decide_listings, load_listings
from flask_amazon_channel.sync.settings import changing
from flask_amazon_channel.sync.shop_calls import shop_failed

PLANNED_AT_MOST = 2000
PLANNED_SECONDS = 3.0
PORTION = 200
DIFFERENCES_SHOWN = 12
UNMATCHED_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Review:
    """What was imported for one store, and what became of it.

    `read`, `of`: how far the first reading has come, where it still runs.
    """

    store: Store
    is_imported: bool
    read: int
    of: int | None
    problem: str | None
    on_amazon: int = 0
    matched: int = 0
    unmatched: int = 0
    ambiguous: int = 0
    only_in_shop: int = 0
    examples: Sequence[Listing] = ()


class Difference(NamedTuple):
    """A price or a quantity that the shop wants otherwise than Amazon shows it."""

    listing: Listing
    field: AspectName
    old: Decimal | int | None
    new: Decimal | int


@dataclass(frozen=True, slots=True)
class WouldSend:
    """What would be sent if the store were active: how many, and the first of them."""

    prices: int
    quantities: int
    rows: Sequence[Difference]
    is_whole: bool


def marks(session: Session, account: SellerAccount | None = None) -> dict[str, OnboardingMark]:
    """Return what was ticked or skipped: for the account, or for the whole installation."""
    of_it = OnboardingMark.account_id == account.id if account is not None else OnboardingMark.account_id.is_(None)
    found = session.scalars(sa.select(OnboardingMark).where(of_it).order_by(OnboardingMark.id))
    return {one.item: one for one in found}


def set_mark(channel: Channel, item: str, state: MarkState | None, account: SellerAccount | None = None) -> None:
    """Keep that a person ticked or skipped it; None: that they took it back.  Commits."""
    session, known = channel.db.session(), marks(channel.db.session(), account)
    if item in known:
        session.delete(known[item])
        session.flush()
    if state is not None:
        about: dict[str, Any] = {"account_id": account.id if account is not None else None, **channel.signature()}
        session.add(OnboardingMark(item=item, state=state, at=channel.clock(), **about))
    session.commit()


def facts_of(channel: Channel, account: SellerAccount | None) -> Facts:
    """Return how far it has come.  No transaction may be open: the shop is asked for its storefronts."""
    offers = bool(storefronts(channel)) if account is not None else False
    session = channel.db.session()
    everywhere, here = marks(session), marks(session, account) if account is not None else {}
    chosen = chosen_stores(account) if account is not None else []

    def has(found: Mapping[str, OnboardingMark], step: Step, state: MarkState) -> bool:
        return step in found and found[step].state == state

    skipped = [step for step in Step if has({**everywhere, **here}, step, MarkState.SKIPPED)]
    return Facts(
        is_prepared=has(everywhere, Step.PREPARE, MarkState.DONE),
        has_account=account is not None,
        chosen=len(chosen),
        is_bound=not offers
        or has(here, Step.STOREFRONTS, MarkState.DONE)
        or all(store.storefront is not None for store in chosen),
        identifiers_confirmed=has(here, Step.IDENTIFIERS, MarkState.DONE),
        are_ruled=all(store.listing_rule for store in chosen),
        is_reviewed=has(here, Step.REVIEW, MarkState.DONE),
        is_started=account is not None and any(store.is_active for store in account.stores),
        skipped=frozenset(skipped),
    )


def chosen_stores(account: SellerAccount) -> list[Store]:
    """Return the stores that take part, or are prepared for it."""
    return [store for store in account.stores if store.is_active or is_prepared_now(store)]


def is_prepared_now(store: Store) -> bool:
    return store.chosen_at is not None and store.state == StoreState.INACTIVE


def storefronts(channel: Channel) -> list[Storefront]:
    """Return the shop's storefronts; none where it has only one.  `ShopRefused` where the shop fails."""
    ask = getattr(channel.shop, "storefronts", None)
    try:
        return list(ask()) if ask is not None else []
    except Exception as error:
        raise shop_failed("storefronts", error) from error
    finally:
        channel.db.session.rollback()


def choose(channel: Channel, account: SellerAccount, store_ids: Collection[int]) -> int:
    """Say which of the account's stores are prepared; those that take part already stay.  Commits; return how many."""
    session, now = channel.db.session(), channel.clock()
    for store in account.stores:
        if store.state != StoreState.INACTIVE or (store.id in store_ids) is (store.chosen_at is not None):
            continue
        store.chosen_at = now if store.id in store_ids else None
        text = "{store} was chosen." if store.chosen_at else "{store} was left out."
        about = {"account_id": account.id, "store_id": store.id}
        note(session, now, "chosen", phrase(text, store=store.name), **about, **channel.signature())
    session.commit()
    return len(chosen_stores(account))


def bind(channel: Channel, account: SellerAccount, chosen: Mapping[int, str | None]) -> None:
    """Bind stores to storefronts (None: the shop's default), and keep that a person has said so.  Commits."""
    for store in [one for one in account.stores if one.id in chosen]:
        changing.change(channel, store, {"storefront": chosen[store.id]})
    set_mark(channel, Step.STOREFRONTS, MarkState.DONE, account)


def map_identifiers(channel: Channel, account: SellerAccount, mapping: Mapping[str, str]) -> None:
    """Store which attribute holds which identifier; what was imported before is matched again.  Commits."""
    saved = changing.change(channel, account, {"identifier_attributes": dict(mapping)})
    session = channel.db.session()
    if saved is not None:
        prepared = [store.id for store in account.stores if is_prepared_now(store) and store.imported_at]
        is_report = Stream.name == StreamName.LISTINGS_REPORT
        mark(session, Stream, channel.clock(), Stream.store_id.in_(prepared), is_report)
    set_mark(channel, Step.IDENTIFIERS, MarkState.DONE, account)
    begin_import(channel, account)


def begin_import(channel: Channel, account: SellerAccount) -> None:
    """Let the listings of the chosen stores be read for the first time.  Commits."""
    session, now = channel.db.session(), channel.clock()
    for store in account.stores:
        if is_prepared_now(store) and store.imported_at is None:
            stores.begin_reading(session, store, now)
    session.commit()
    channel.ring()


def start(channel: Channel, account: SellerAccount) -> list[Store]:
    """Activate the stores that were prepared."""
    begun = [store for store in account.stores if is_prepared_now(store)]
    for store in begun:
        stores.activate(channel, store)
    return begun


def review(session: Session, store: Store) -> Review:
    """Return what was imported for the store, and what became of it."""
    stream = session.scalar(sa.select(Stream).filter_by(store_id=store.id, name=StreamName.LISTINGS_REPORT))
    has_product = Sku.product_id.is_not(None)
    several = Sku.match_problem == "multiple_matches"

    def number(*where: Any) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*where), 1), else_=0)), 0)

    on_amazon, matched, ambiguous, only_in_shop = session.execute(
        sa.select(
            number(Listing.on_amazon),
            number(Listing.on_amazon, has_product),
            number(Listing.on_amazon, ~has_product, several),
            number(~Listing.on_amazon),
        )
        .select_from(Listing)
        .join(Sku)
        .where(Listing.store_id == store.id)
    ).one()
    open_ones = sa.select(Listing).join(Sku).where(Listing.store_id == store.id, Listing.on_amazon, ~has_product)
    return Review(
        store,
        is_imported=store.imported_at is not None,
        read=stream.rows_done if stream else 0,
        of=stream.rows_known if stream else None,
        problem=stream.problem if stream else None,
        on_amazon=int(on_amazon),
        matched=int(matched),
        ambiguous=int(ambiguous),
        unmatched=int(on_amazon) - int(matched) - int(ambiguous),
        only_in_shop=int(only_in_shop),
        examples=session.scalars(open_ones.order_by(several.desc(), Listing.id).limit(UNMATCHED_SHOWN)).all(),
    )


def would_send(channel: Channel, store: Store) -> WouldSend:
    """Return what would be sent if the store were active.  Asks Amazon nothing; no transaction may be open."""
    end, store_id, after, seen = time.monotonic() + PLANNED_SECONDS, store.id, 0, 0
    found: list[Difference] = []
    while time.monotonic() < end and seen < PLANNED_AT_MOST:
        with reading(channel.db.engine) as session:
            ids = session.scalars(
                sa.select(Listing.id)
                .join(Sku)
                .where(Listing.store_id == store_id, Listing.on_amazon, Listing.id > after, Sku.product_id.is_not(None))
                .order_by(Listing.id)
                .limit(PORTION)
            ).all()
            listings = load_listings(session, Listing.id.in_(ids))
        if not ids:
            return _counted(found, is_whole=True)
        decisions = decide_listings(channel, listings)
        found += [one for listing in listings for one in _differences(listing, decisions[listing.id])]
        after, seen = ids[-1], seen + len(ids)
    return _counted(found, is_whole=False)


def _differences(listing: Listing, decision: Decision) -> Iterator[Difference]:
    """Yield what the store wants otherwise than Amazon shows it.  That the store is paused does not count."""
    price, quantity, currency = decision.price, decision.quantity, listing.store.currency
    observed = listing.observed_price_minor
    if decision.is_eligible and price.refused is None and price.value is not None and _may_go(price.waits):
        wanted = to_minor(price.value, currency)
        if wanted != observed:
            old = None if observed is None else from_minor(observed, currency)
            yield Difference(listing, AspectName.PRICE, old, from_minor(wanted, currency))
    if quantity.value is not None and quantity.value != listing.sku.observed_quantity and _may_go(quantity.waits):
        yield Difference(listing, AspectName.QUANTITY, listing.sku.observed_quantity, quantity.value)


def _may_go(waits: Reason | None) -> bool:
    return waits is None or waits.code == "store_paused"


def _counted(found: Sequence[Difference], is_whole: bool) -> WouldSend:
    prices = sum(1 for one in found if one.field is AspectName.PRICE)
    return WouldSend(prices, len(found) - prices, found[:DIFFERENCES_SHOWN], is_whole)


def is_prepared(channel: Channel, needed: Collection[str]) -> bool:
    """Say whether all that can be verified is good and all that only a person can say was ticked."""
    ticked = marks(channel.db.session())
    return preparation.installation(channel).is_good and all(item in ticked for item in needed)
