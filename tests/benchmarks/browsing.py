"""P9: pages of the grid of listings, with few listings and with a hundred times as many.

What is timed is the whole answer: reading, counting, and writing the page.  Each kind of filter and each sort is asked
for again and again with other values; a kind counts with its own 95th percentile, and the worst kind is the figure.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import current_app
from flask.testing import FlaskClient

from example_store.database import db
from flask_amazon_channel.models import Listing, SellerAccount, Sku, Store
from tests.benchmarks import places
from tests.benchmarks.figures import Figure, percentile
from tests.databases import Databases

FEW, MANY = 10_000, 1_000_000
ASKED = 20
AT_MOST, CONTAINS_AT_MOST, RATIO = 0.100, 0.300, 1.5
_PORTION = 20_000
_STATES = (
    ["active"] * 60
    + ["inactive"] * 12
    + ["ineligible"] * 8
    + ["not_listed"] * 8
    + ["new_third_party"] * 6
    + ["incomplete"] * 4
    + ["ended", "ready_to_list"]
)
_COLOURS = ("red", "blue", "green", "black", "white", "grey", "olive", "indigo", "teal", "amber")
_THINGS = ("mug", "bowl", "plate", "vase", "lamp", "chair", "table", "towel", "cushion", "blanket")
_STUFFS = ("stoneware", "porcelain", "cotton", "walnut", "oak", "steel", "copper", "bamboo", "wool")
SORTS = ("sku", "title", "quantity", "price")

Asked = Mapping[str, list[str]]
"""Addresses by kind."""


def measure(databases: Databases) -> list[Figure]:
    few = _seconds(databases, FEW)
    many = _seconds(databases, MANY)
    found = []
    for what, limit in (("filters and sorts", AT_MOST), ("contains", CONTAINS_AT_MOST)):
        kinds = [kind for kind in many if ("contains" in kind) == (what == "contains")]
        slowest = max(kinds, key=lambda kind: percentile(many[kind], 95))
        ratios = {kind: median(many[kind]) / median(few[kind]) for kind in kinds}
        ours, floor = percentile(many[slowest], 95), percentile(few[slowest], 95)
        steady = what == "contains" or max(ratios.values()) <= RATIO
        mark = f"<= {limit * 1e3:g} ms" + ("" if what == "contains" else f", <= {RATIO} x")
        notes = tuple(
            f"{kind}: p95 {percentile(many[kind], 95) * 1e3:.0f} ms, median {median(many[kind]) * 1e3:.0f} ms; "
            f"with {FEW:,}: {median(few[kind]) * 1e3:.0f} ms"
            for kind in kinds
        )
        title = f"{what}, slowest kind, {MANY:,} listings; floor: {FEW:,}"
        found.append(Figure("P9", title, "ms", ours * 1e3, mark, ours <= limit and steady, floor * 1e3, notes))
    return found


def _seconds(databases: Databases, listings: int) -> dict[str, list[float]]:
    with databases.fresh() as uri, _shop(uri, listings) as (browser, path):
        asked = _asked(listings)
        for addresses in asked.values():
            _answer(browser, path, addresses[0])
        gc.collect()
        gc.freeze()
        return {kind: [_answer(browser, path, address) for address in addresses] for kind, addresses in asked.items()}


def _answer(browser: FlaskClient, path: str, arguments: str) -> float:
    begun = perf_counter()
    answer = browser.get(f"{path}?{arguments}")
    seconds = perf_counter() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"{arguments}: {answer.status}")
    return seconds


def _asked(listings: int) -> Asked:
    """Return the addresses to ask for; with the same seed for any number of listings."""
    chance = random.Random(9)
    states = sorted(set(_STATES))

    def some(**arguments: object) -> list[str]:
        """Return addresses; a function among the values is asked for each anew."""
        return [
            urlencode(
                [(name.replace("_", "."), value() if callable(value) else value) for name, value in arguments.items()]
            )
            for _ in range(ASKED)
        ]

    def sku() -> str:
        return f"{chance.choice('ABCDEFGH')}{chance.choice('ABCDEFGH')}-{chance.randrange(100):02}"

    def amount() -> str:
        return str(chance.randrange(5, 60))

    asked: dict[str, list[str]] = {}
    for sort in [f"{way}{column}" for column in SORTS for way in ("", "-")]:
        asked[f"all, sorted by {sort}"] = some(view="all", sort=sort)
        asked[f"a tab, sorted by {sort}"] = some(state=lambda: chance.choice(states), sort=sort)
    dear = {"price_from": amount, "price_to": lambda: str(chance.randrange(60, 100))}
    return asked | {
        "SKU begins with": some(sku=sku),
        "SKU begins with one letter": some(sku=lambda: chance.choice("ABCDEFGH")),
        "ASIN": some(asin=lambda: f"B{chance.randrange(listings):09}"),
        "condition": some(condition="used_good"),
        "price between, by SKU": some(**dear),
        "price between, by price": some(**dear, sort="price"),
        "price between in a tab, by quantity": some(**dear, state="active", sort="-quantity"),
        "few dear ones": some(price_from=lambda: str(chance.randrange(600, 900)), sort="-price"),
        "quantity between": some(quantity_from=lambda: chance.randrange(1, 50), quantity_to="60"),
        "title contains, rare": some(title=lambda: f"model {chance.randrange(10**5):05}"),
        "title contains, common": some(title=lambda: chance.choice(_STUFFS)),
        "title contains, never": some(title=lambda: f"zeppelin {chance.randrange(99)}"),
        "search box contains": some(
            q=lambda: f"{chance.choice(_COLOURS)} {chance.choice(_THINGS)} of {chance.choice(_STUFFS)}"
        ),
    }


@contextmanager
def _shop(uri: str, listings: int) -> Iterator[tuple[FlaskClient, str]]:
    """A shop with so many listings in one store, and a browser of somebody who may see all."""
    with places.shop(uri) as channel:
        channel.ring, channel.authorize = places.no_ring, lambda permission, store: True
        store_id = _fill(listings)
        db.session.remove()
        yield current_app.test_client(), f"{channel.config.url_prefix}/stores/{store_id}/listings"


def _fill(count: int) -> int:
    now, chance = datetime.now(UTC), random.Random(7)
    account = SellerAccount(seller_id="A1", region="na", name="Benchmark", connected_at=now)
    db.session.add(account)
    db.session.flush()
    store = Store(
        account_id=account.id,
        marketplace_id=places.US,
        name="Benchmark US",
        country_code="US",
        currency="USD",
        language="en_US",
        domain="amazon.com",
        state="active",
        created_at=now,
    )
    db.session.add(store)
    db.session.commit()
    indexes = [index for model in (Sku, Listing) for index in model.__table__.indexes]  # type: ignore[attr-defined]
    for index in indexes:
        index.drop(db.engine)
    for begin in range(1, count + 1, _PORTION):
        rows = [_row(number, chance, now) for number in range(begin, min(begin + _PORTION, count + 1))]
        db.session.execute(sa.insert(Sku), [{"account_id": account.id, **sku} for sku, _ in rows])
        db.session.execute(sa.insert(Listing), [{"store_id": store.id, **listing} for _, listing in rows])
        db.session.commit()
    for index in indexes:
        index.create(db.engine)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return store.id


def _row(number: int, chance: random.Random, now: datetime) -> tuple[dict[str, object], dict[str, object]]:
    """Return SKU and listing.  What is active has stock and what is not at Amazon has neither price nor quantity."""
    state = chance.choice(_STATES)
    there = state not in ("not_listed", "incomplete", "ready_to_list")
    quantity = (int(chance.expovariate(0.05)) + 1 if state == "active" else 0) if there else None
    letters = chance.choice("ABCDEFGH") + chance.choice("ABCDEFGH")
    colour, thing, stuff = chance.choice(_COLOURS), chance.choice(_THINGS), chance.choice(_STUFFS)
    sku = {
        "id": number,
        "sku": f"{letters}-{chance.randrange(10**6):06}-{number}",
        "product_id": None if state == "new_third_party" else f"benchmark-{number}",
        "fulfilled_by": "merchant" if chance.random() < 0.9 else "amazon",
        "condition": chance.choice(["new_new"] * 8 + ["used_good", "used_very_good"]),
        "observed_quantity": quantity,
        "wanted_quantity": quantity,
        "ever_live": there,
    }
    listing = {
        "sku_id": number,
        "seller_sku": sku["sku"],
        "asin": f"B{number:09}",
        "title": f"{colour} {thing} of {stuff}, set of {chance.randrange(1, 13)}, model {chance.randrange(10**5):05}",
        "on_amazon": there,
        "amazon_status": "BUYABLE" if state == "active" else "",
        "observed_price_minor": int(chance.lognormvariate(7.5, 1)) if there else None,
        "wanted_price_minor": None,
        "shown_quantity": quantity,
        "observed_at": now - timedelta(seconds=chance.randrange(10**6)) if there else None,
        "state": state,
    }
    return sku, listing
