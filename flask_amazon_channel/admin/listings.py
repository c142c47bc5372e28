"""The listings of a store: a tab for each state, and a search over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from flask_amazon_channel.admin import formats, links, titles
from flask_amazon_channel.admin.access import OPERATE
from flask_amazon_channel.admin.counts import COUNTED_BESIDE, TABS, per_tab
from flask_amazon_channel.admin.grid import Action, Grid, Option, choice, code, money, number, yes_no
from flask_amazon_channel.admin.grid.filters import begins
from flask_amazon_channel.admin.words import marked, say, say_many, sentence
from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.errors import ShopRefused
from flask_amazon_channel.models import Listing, Sku, Store
from flask_amazon_channel.rules.matching import BY_PERSON
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.sync.bulk import listings as bulk
from flask_amazon_channel.sync.settings.names import CHOICES

EXPLAINED = frozenset(ListingState) - {ListingState.ACTIVE, ListingState.ENDED, ListingState.NEW_THIRD_PARTY}
"""The states that say why in the list; the others say it by their name."""

CELLS = "amazon_channel/grid_listings.html"
OWNERS = CHOICES["price_owner"]
CONDITIONS = (
    "new_new",
    "used_like_new",
    "used_very_good",
    "used_good",
    "used_acceptable",
    "collectible_like_new",
    "collectible_very_good",
    "collectible_good",
    "collectible_acceptable",
    "refurbished_refurbished",
)
FULFILLED_BY: Mapping[str, str] = {FulfilledBy.MERCHANT: marked("the shop"), FulfilledBy.AMAZON: marked("Amazon (FBA)")}


def _page_of(listing: Listing) -> str:
    return url_for("amazon_channel.listing", listing_id=listing.id)


def _matches(words: str, store: Store | None = None) -> sa.ColumnElement[bool]:
    """Look in three indexes one after the other: no database does that by itself for conditions joined by OR."""
    dialect = current().db.engine.dialect.name
    skus = sa.select(Listing.id).where(begins(Listing.seller_sku, words, dialect))
    asins = sa.select(Listing.id).where(Listing.asin == words.upper())
    named = sa.select(Listing.id).where(titles.has(words))
    if store is not None:
        here = (Listing.store_id == store.id, Listing.state.in_(list(ListingState)))
        skus, named = skus.where(*here), named.where(*here)
    return Listing.id.in_(sa.union(skus, asins, named))


def _of_stores(stores: Sequence[int]) -> sa.Select[Any]:
    if len(stores) == 1:
        return sa.select(Listing).where(Listing.store_id == stores[0])
    return sa.select(Listing).where(Listing.store_id.in_(stores))


def _number(session: Session, keys: sa.Select[Any], *where: sa.ColumnElement[bool]) -> int:
    """Return how many of the listings are so."""
    query = sa.select(sa.func.count()).select_from(Listing).join(Listing.sku).where(Listing.id.in_(keys), *where)
    return session.scalar(query) or 0


def _of_match(session: Session, keys: sa.Select[Any]) -> list[str]:
    matched = _number(session, keys, Sku.product_id.is_not(None))
    by_person = _number(session, keys, Sku.product_id.is_(None), Sku.matched_by == BY_PERSON)
    asked = _number(session, keys, Sku.product_id.is_(None), sa.func.coalesce(Sku.matched_by, "") != BY_PERSON)
    return [
        say_many("For {n} listing the shop is asked.", "For {n} listings the shop is asked.", asked),
        say_many("{n} has a product already and keeps it.", "{n} have a product already and keep it.", matched),
        say_many(
            "Of {n} a person has said that it has no product; that stays.",
            "Of {n} a person has said that they have no product; that stays.",
            by_person,
        ),
    ]


def _of_release(session: Session, keys: sa.Select[Any]) -> list[str]:
    released = _number(session, keys, Sku.product_id.is_not(None))
    active = _number(session, keys, Sku.product_id.is_not(None), Listing.state == ListingState.ACTIVE)
    skus = sa.select(Listing.sku_id).where(Listing.id.in_(keys))
    elsewhere = session.scalar(
        sa.select(sa.func.count()).select_from(Listing).where(Listing.sku_id.in_(skus), Listing.id.not_in(keys))
    )
    return [
        say_many("{n} listing loses its product.", "{n} listings lose their products.", released),
        say_many(
            "{n} of them can be bought now and stays so, with price and quantity as they are.",
            "{n} of them can be bought now and stay so, with price and quantity as they are.",
            active,
        ),
        say_many(
            "{n} listing of the same SKUs in other stores loses it too.",
            "{n} listings of the same SKUs in other stores lose it too.",
            elsewhere or 0,
        ),
    ]


def _of_price(session: Session, keys: sa.Select[Any]) -> list[str]:
    kept = _number(session, keys, Sku.product_id.is_not(None))
    differ = _number(
        session, keys, Sku.product_id.is_not(None), Listing.wanted_price_minor != Listing.observed_price_minor
    )
    return [
        say_many("{n} listing has a price of ours.", "{n} listings have a price of ours.", kept),
        say_many("For {n} Amazon shows another price now.", "For {n} Amazon shows another price now.", differ),
    ]


def _of_quantity(session: Session, keys: sa.Select[Any]) -> list[str]:
    ours = (Sku.product_id.is_not(None), Sku.fulfilled_by == FulfilledBy.MERCHANT)
    kept = _number(session, keys, *ours)
    differ = _number(session, keys, *ours, Sku.wanted_quantity != Sku.observed_quantity)
    return [
        say_many("{n} listing has a quantity of ours.", "{n} listings have a quantity of ours.", kept),
        say_many("For {n} Amazon shows another quantity now.", "For {n} Amazon shows another quantity now.", differ),
    ]


ACTIONS = (
    Action(
        "match_again",
        marked("Match again"),
        OPERATE,
        bulk.match_again,
        marked("The shop is asked for their products by SKU and ASIN. What is found is kept in step from then on."),
        _of_match,
        of_account=True,
    ),
    Action(
        "send_price",
        marked("Send price again"),
        OPERATE,
        bulk.send_price_again,
        marked("Our price is compared and sent again where Amazon shows another; guards and rules hold as always."),
        _of_price,
    ),
    Action(
        "send_quantity",
        marked("Send quantity again"),
        OPERATE,
        bulk.send_quantity_again,
        marked("Our quantity is compared and sent again where Amazon shows another, for all stores of the account."),
        _of_quantity,
        of_account=True,
    ),
    Action(
        "release",
        marked("Release product"),
        OPERATE,
        bulk.release_product,
        marked("They have no product from then on: the channel leaves them alone until a person chooses one."),
        _of_release,
        of_account=True,
    ),
    Action(
        "price_owner",
        marked("Set price owner"),
        OPERATE,
        bulk.set_price_owner,
        marked("It is said for each of them who decides its price."),
        options=(Option("owner", marked("Who decides the price?"), OWNERS),),
    ),
    Action(
        "quantity_owner",
        marked("Set quantity owner"),
        OPERATE,
        bulk.set_quantity_owner,
        marked("It is said for each SKU who decides its quantity, in all stores of the account."),
        options=(Option("owner", marked("Who decides the quantity?"), OWNERS),),
        of_account=True,
    ),
)

LISTINGS = Grid(
    name="listings",
    row=Listing,
    columns=(
        code("sku", marked("SKU"), Listing.seller_sku, split=True, whole=True, cell=f"{CELLS}#sku", wide=True),
        code("asin", marked("ASIN"), Listing.asin, find="equals", sort=False, typed=str.upper, link=links.at_amazon),
        titles.column(sort=True, split=True, cell=f"{CELLS}#title", wide=True),
        choice(
            "condition",
            marked("Condition"),
            Sku.condition,
            join=Listing.sku,
            choices=CONDITIONS,
            show=formats.condition,
            sort=False,
            usual="new_new",
        ),
        number("quantity", marked("Amazon quantity"), Listing.shown_quantity, split=True, cell=f"{CELLS}#quantity"),
        number(
            "wanted_quantity",
            marked("Wanted quantity"),
            Sku.wanted_quantity,
            join=Listing.sku,
            sort=False,
            indexed=True,
        ),
        money("price", marked("Price"), Listing.observed_price_minor, split=True, cell=f"{CELLS}#price"),
        money("wanted_price", marked("Wanted price"), Listing.wanted_price_minor, sort=False),
        choice(
            "state",
            marked("Status"),
            Listing.state,
            choices=[*TABS, ListingState.NOT_LISTED],
            show=formats.listing_state,
            cell=f"{CELLS}#state",
            wide=True,
            sort=False,
        ),
        choice(
            "fulfilled_by",
            marked("Shipped by"),
            Sku.fulfilled_by,
            join=Listing.sku,
            choices=FULFILLED_BY,
            sort=False,
            usual=FulfilledBy.MERCHANT,
        ),
        code(
            "product",
            marked("Product of the shop"),
            Sku.product_id,
            join=Listing.sku,
            find="equals",
            sort=False,
            indexed=True,
        ),
        choice(
            "price_owner",
            marked("Price decided by"),
            Listing.price_owner,
            choices=OWNERS,
            sort=False,
            usual=Owner.SHOP,
        ),
        choice(
            "quantity_owner",
            marked("Quantity decided by"),
            Sku.quantity_owner,
            join=Listing.sku,
            choices=OWNERS,
            sort=False,
            usual=Owner.SHOP,
        ),
        yes_no(
            "price_override",
            marked("Price by hand"),
            Listing.price_override_minor.is_not(None),
            sort=False,
            usual="no",
        ),
    ),
    shown=("sku", "title", "condition", "quantity", "price", "state"),
    sort="sku",
    split="state",
    preset={"state": ListingState.ACTIVE.value},
    search=_matches,
    search_in=_matches,
    search_label=marked("SKU, ASIN or title"),
    empty=(marked("No listings yet"), marked("They are read from Amazon while the store is active.")),
    actions=ACTIONS,
    rows_of=_of_stores,
    place=lambda store_id: url_for("amazon_channel.listings", store_id=store_id) if store_id else "",
)


def listings(channel: Channel, store: Store) -> ResponseReturnValue:
    from flask_amazon_channel.sync.decisions import whole_listing

    return LISTINGS.answer(
        channel,
        query=_of_stores([store.id]),
        load=whole_listing(),
        title=say("Listings"),
        store=store,
        template="amazon_channel/listings.html",
        about=lambda rows: _reasons(channel, rows),
        counts=per_tab(channel.db.session(), store, counted=COUNTED_BESIDE),
        tabs=TABS,
        not_listed=ListingState.NOT_LISTED,
        counted=COUNTED_BESIDE,
    )


def _reasons(channel: Channel, rows: Sequence[Listing]) -> dict[int, str]:
    """Return why each is where it is.  Where the shop does not answer, the list goes without."""
    from flask_amazon_channel.sync.decisions import decide_listings

    asked = [row for row in rows if row.state in EXPLAINED]
    if not asked:
        return {}
    channel.db.session.rollback()
    try:
        decisions = decide_listings(channel, asked)
    except ShopRefused:
        return {}
    reasons = {}
    for row in asked:
        decision = decisions[row.id]
        if decision.state != row.state:
            reasons[row.id] = say(
                "Becomes {state} when it is worked on next.", state=formats.listing_state(decision.state)
            )
        elif decision.reason is not None:
            reasons[row.id] = sentence(decision.reason)
    return reasons
