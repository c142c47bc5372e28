"""Where everything is: the places of the pages, the way up from each of them, and the menu beside them.

A page has one line in `PLACES`; from it come its breadcrumbs, its entry in the menu of a store, its keyboard shortcut
and its links on the store's own page.  A page without a line hangs below its store, else below the first page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import request, url_for

from flask_amazon_channel.admin import access
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import current
from flask_amazon_channel.models import AmazonOrder, Listing, SellerAccount, Store, StoreState
from flask_amazon_channel.models.alerts import Alert
from flask_amazon_channel.rules.alerts import Severity

HOME = "home"
WORK, SETTINGS, RULES, REPORTS, LOGS = (
    marked("Work"),
    marked("Settings"),
    marked("Rules"),
    marked("Reports"),
    marked("Logs"),
)
GROUPS = (WORK, SETTINGS, RULES, REPORTS, LOGS)
"""What the menu of a store is sorted by."""


TOP = (HOME, "orders", "alerts", "changes", "preparation")
"""What the menu begins with."""


class Place(NamedTuple):
    """A page: its name (empty: that of the store, listing, order or account), what it hangs below, where it is offered.

    `group` puts it into the menu of a store; `keys` are typed one after the other to go there.
    """

    name: str = ""
    above: str = ""
    group: str = ""
    keys: str = ""


PLACES: Mapping[str, Place] = {
    "home": Place(marked("Stores"), keys="g h"),
    "orders": Place(marked("All orders"), HOME, keys="g a"),
    "search": Place(marked("Search"), HOME),
    "help": Place(marked("Help"), HOME),
    "preparation": Place(marked("Learning and preparation"), HOME),
    "choose_marketplaces": Place(marked("Choose marketplaces"), "preparation"),
    "save_marketplaces": Place(marked("Choose marketplaces"), "preparation"),
    "bind_storefronts": Place(marked("Bind storefronts"), "preparation"),
    "save_storefronts": Place(marked("Bind storefronts"), "preparation"),
    "map_identifiers": Place(marked("Map identifiers"), "preparation"),
    "save_identifiers": Place(marked("Map identifiers"), "preparation"),
    "first_rules": Place(marked("Listing rule"), "preparation"),
    "review_import": Place(marked("Review"), "preparation"),
    "last_step": Place(marked("Start"), "preparation"),
    "connect": Place(marked("Connect an account"), HOME),
    "start_connecting": Place(marked("Connect an account"), HOME),
    "continue_to_amazon": Place(marked("Continue at Amazon"), "connect"),
    "account": Place(above=HOME),
    "account_settings": Place(marked("Settings"), "account"),
    "save_account_settings": Place(marked("Settings"), "account"),
    "account_changes": Place(marked("Changes"), "account"),
    "changes": Place(marked("Changes"), HOME),
    "change": Place(marked("Change"), "changes"),
    "store_settings": Place(marked("Settings"), "store", SETTINGS, "g e"),
    "save_store_settings": Place(marked("Settings"), "store"),
    "store_life": Place(marked("Copy, archive, delete"), "store", SETTINGS),
    "ask_to_delete": Place(marked("Delete"), "store_life"),
    "delete_store": Place(marked("Delete"), "store_life"),
    "choose_copies": Place(marked("Copy settings"), "store_life"),
    "copy_settings": Place(marked("Copy settings"), "store_life"),
    "store_changes": Place(marked("Changes"), "store", LOGS),
    "quotas": Place(marked("Quotas"), "account"),
    "account_runs": Place(marked("Runs"), "account"),
    "store": Place(above=HOME, keys="g s"),
    "listings": Place(marked("Listings"), "store", WORK, "g l"),
    "store_orders": Place(marked("Orders"), "store", WORK, "g o"),
    "alerts": Place(marked("What needs you"), HOME, keys="g n"),
    "store_alerts": Place(marked("What needs you"), "store", WORK),
    "failures": Place(marked("What failed"), "store", WORK, "g f"),
    "failed_orders": Place(marked("Orders that wait"), "failures"),
    "failed_changes": Place(marked("Changes that Amazon did not take"), "failures"),
    "listings_report": Place(marked("Report of all listings"), "failures"),
    "accept_report": Place(marked("Report of all listings"), "failures"),
    "improvements": Place(marked("Listing improvements"), "store", REPORTS, "g i"),
    "issues": Place(marked("Issues of listings"), "improvements"),
    "competitive_prices": Place(marked("Competitive prices"), "store", REPORTS),
    "listing_changes": Place(marked("Listing changes"), "store", LOGS, "g c"),
    "call_errors": Place(marked("Communication errors"), "store", LOGS),
    "store_activity": Place(marked("Activity"), "store", LOGS),
    "listing_activity": Place(marked("Activity"), "listing"),
    "order_activity": Place(marked("Activity"), "order"),
    "all_runs": Place(marked("All runs"), HOME),
    "store_runs": Place(marked("Runs"), "store", LOGS, "g r"),
    "debug_log": Place(marked("Debug log"), "store", LOGS),
    "listing_rule": Place(marked("Listing rule"), "store", RULES),
    "change_listing_rule": Place(marked("Listing rule"), "store"),
    "listing": Place(above="listings"),
    "choose_product": Place(above="listings"),
    "resume": Place(marked("Learning and preparation"), HOME),
    "bulk_action": Place(marked("Bulk action"), HOME),
    "listing_prices": Place(marked("Prices"), "listing"),
    "order": Place(above="store_orders"),
}
"""Endpoint to place."""


@dataclass(frozen=True, slots=True)
class Step:
    """A link: of the breadcrumbs or of the menu."""

    text: str
    url: str
    is_here: bool = False
    keys: str = ""


@dataclass(frozen=True, slots=True)
class AccountMenu:
    """An account with those of its stores that the person may view.  `url` is empty where its page is not for them."""

    name: str
    url: str
    stores: Sequence[Store]


@dataclass(frozen=True, slots=True)
class Group:
    """Pages of a store that belong together.  `is_open`: the page that is shown is one of them, or below one."""

    name: str
    steps: Sequence[Step]

    @property
    def is_open(self) -> bool:
        return any(step.is_here for step in self.steps)


@dataclass(frozen=True, slots=True)
class Here:
    """Whose page is shown."""

    account: SellerAccount | None = None
    store: Store | None = None
    listing: Listing | None = None
    order: AmazonOrder | None = None

    @property
    def ids(self) -> dict[str, int]:
        named = {"account_id": self.account, "store_id": self.store, "listing_id": self.listing, "order_id": self.order}
        return {name: row.id for name, row in named.items() if row is not None}

    def name_of(self, endpoint: str) -> str:
        """Return what a place without a name of its own is called."""
        if endpoint == "account" and self.account:
            return self.account.name
        if endpoint == "store" and self.store:
            return self.store.name
        if endpoint in ("listing", "choose_product") and self.listing:
            return self.listing.sku.sku
        return self.order.amazon_order_id if self.order else ""


def here() -> Here:
    """Return whose page is shown; of nobody, where the person was not let in."""
    found = access.subject()
    listing, order = found.get("listing"), found.get("order")
    store = found.get("store") or (listing.store if listing else None) or (order.store if order else None)
    account = found.get("account") or (store.account if store else None) or (order.account if order else None)
    return Here(account, store, listing, order)


def endpoint() -> str:
    """Return the endpoint of the page that is shown, without the blueprint's name."""
    return (request.endpoint or "").rpartition(".")[2]


def trail() -> list[Step]:
    """Return the way up from the page, the first page first."""
    where, steps = here(), []
    above = _above(endpoint(), where)
    while above:
        url = address(above, where)
        if url:
            steps.append(Step(_name(above, where), url))
        above = _above(above, where)
    return steps[::-1]


def title() -> str:
    """Return the page's own name, for pages that say none themselves."""
    return _name(endpoint(), here())


def top() -> list[Step]:
    """Return the pages that belong to no store and that the person may open, for the menu."""
    nobody, pages = Here(), _pages()
    return [
        Step(_name(name, nobody), address(name, nobody), endpoint() == name, keys(name))
        for name in TOP
        if name in pages and access.may(current(), pages[name].permission, None)
    ]


def shortcuts() -> list[tuple[str, str]]:
    """Return which keys lead where."""
    return [
        (place.keys, say("{place} of this store", place=say(place.name)) if place.group else _named(name, place))
        for name, place in PLACES.items()
        if place.keys and name in _pages()
    ]


def _named(name: str, place: Place) -> str:
    return say("This store") if name == "store" else say(place.name)


def menu() -> list[AccountMenu]:
    """Return the accounts with the stores that the person may view; archived ones only while one is on their page."""
    shown, at = _visible_stores(), here().store
    by_account: dict[int, list[Store]] = {}
    for store in shown:
        if store.state != StoreState.ARCHIVED or store is at:
            by_account.setdefault(store.account_id, []).append(store)
    seen = {store.id for store in shown}
    return [
        AccountMenu(stores[0].account.name, _account_page(stores[0].account, seen), stores)
        for stores in by_account.values()
    ]


def groups(store: Store) -> list[Group]:
    """Return the menu of a store: what is worked with every day stands first and in the open."""
    found = [Group(say(name), links(store, name)) for name in GROUPS]
    return [group for group in found if group.steps]


def attention(accounts: Sequence[AccountMenu]) -> Mapping[int | None, int]:
    """Return how much needs a person, by the stores of the menu."""
    stores = [store.id for account in accounts for store in account.stores]
    counted = (
        sa.select(Alert.store_id, sa.func.count())
        .where(Alert.open_key.is_not(None), Alert.severity != Severity.INFO, Alert.store_id.in_(stores))
        .group_by(Alert.store_id)
    )
    return dict(current().db.session.execute(counted).all()) if stores else {}


def links(store: Store, *groups: str) -> list[Step]:
    """Return the pages of a store in these groups (default: all) that the person may open."""
    where, pages = Here(account=store.account, store=store), _pages()
    found = [
        (name, place)
        for group in groups or GROUPS
        for name, place in PLACES.items()
        if place.group == group and name in pages
    ]
    at, up = endpoint(), set(_way_up())
    same = here().store is store
    return [
        Step(_name(name, where), address(name, where), same and (name == at or name in up), place.keys)
        for name, place in found
        if access.may(current(), pages[name].permission, store)
    ]


def address(name: str, where: Here) -> str:
    """Return where a place is for these subjects; empty where there is no such page, or the subject is not known."""
    page = _pages().get(name)
    if page is None:
        return ""
    needed: list[str] = re.findall(r"<int:(\w+)>", page.rule)
    ids = where.ids
    if not all(one in ids for one in needed):
        return ""
    values: dict[str, Any] = {one: ids[one] for one in needed}
    return url_for(f"amazon_channel.{name}", **values)


def is_beneath(name: str) -> bool:
    """Say whether the page that is shown is this one, or hangs below it."""
    return name == endpoint() or name in _way_up()


def keys(name: str) -> str:
    return PLACES[name].keys


def _way_up() -> Iterator[str]:
    above = _above(endpoint(), here())
    while above:
        yield above
        above = _above(above, here())


def _above(name: str, where: Here) -> str:
    place = PLACES.get(name)
    if place is None:
        return "store" if where.store else "account" if where.account else HOME if name in _pages() else ""
    if name == "order" and where.store is None:
        return "orders"
    return place.above


def _name(name: str, where: Here) -> str:
    place = PLACES.get(name, Place())
    return say(place.name) if place.name else where.name_of(name)


def _visible_stores() -> list[Store]:
    channel = current()
    if channel.authorize is None or not channel.has_tables():
        return []
    return access.visible_stores(channel)


def _account_page(account: SellerAccount, seen: set[int]) -> str:
    if not all(store.id in seen for store in account.stores):
        return ""
    return url_for("amazon_channel.account", account_id=account.id)


@cache
def _pages() -> dict[str, Any]:
    from flask_amazon_channel.admin.pages import PAGES

    return {page.endpoint: page for page in PAGES if page.method == "GET"}
