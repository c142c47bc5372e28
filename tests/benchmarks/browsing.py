"""P9: pages of the grid of listings, with few listings and with a hundred times as many.

What is timed is the whole answer: reading, counting, and writing the page.  Each kind of filter and each sort is asked
for again and again with other values; a kind counts with its own 95th percentile, and the worst kind is the figure.

Few and many are asked for the same by turns.  Their ratio is that of pages with as many rows on them: to write fifty
rows takes longer than to write two, wherever they were found.
"""

from __future__ import annotations

import gc
import random
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
ASKED = 40
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

_ENDING = re.compile(r"_(from|to|last|is)$")

Shop = tuple[FlaskClient, str]
"""A browser, and the address of the listings."""

Asked = Mapping[str, list[str]]
"""Addresses by kind."""


@dataclass(frozen=True)
class Page:
    """How long an answer took, and how many rows it showed."""

    seconds: float
    rows: int


@dataclass(frozen=True)
class Kind:
    """The answers to questions of one kind, the same of both shops."""

    name: str
    few: list[Page]
    many: list[Page]

    @property
    def slow(self) -> float:
        return percentile([page.seconds for page in self.many], 95)

    @property
    def ratio(self) -> float | None:
        """How much longer it takes with many; None where hardly any pages are equally full."""
        pairs = [(few, many) for few, many in zip(self.few, self.many, strict=True) if few.rows == many.rows]
        if len(pairs) < len(self.many) / 2:
            return None
        return median(many.seconds for _, many in pairs) / median(few.seconds for few, _ in pairs)

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f", {self.ratio:.2f} x"
        few, many = (median(page.seconds for page in pages) * 1e3 for pages in (self.few, self.many))
        rows = [median(page.rows for page in pages) for pages in (self.few, self.many)]
        return (
            f"{self.name}: p95 {self.slow * 1e3:.0f} ms, median {many:.0f} ms ({rows[1]:.0f} rows); "
            f"with {FEW:,}: {few:.0f} ms ({rows[0]:.0f} rows){ratio}"
        )


def measure(databases: Databases) -> list[Figure]:
    with databases.fresh() as few, databases.fresh() as many, _shop(few, FEW) as small, _shop(many, MANY) as large:
        gc.collect()
        gc.freeze()
        return [
            _figure(what, [_kind(name, addresses, small, large) for name, addresses in asked.items()], limit)
            for what, asked, limit in (
                ("filters and sorts", _asked(), AT_MOST),
                ("contains", _asked_for_words(), CONTAINS_AT_MOST),
            )
        ]


def _figure(what: str, kinds: list[Kind], limit: float) -> Figure:
    slowest = max(kinds, key=lambda kind: kind.slow)
    ratios = [kind.ratio for kind in kinds if kind.ratio is not None] if limit == AT_MOST else []
    worst = max(ratios, default=0)
    mark = f"<= {limit * 1e3:g} ms" + (f", <= {RATIO} x (slowest {worst:.2f})" if ratios else "")
    return Figure(
        "P9",
        f"{what}, slowest kind, {MANY:,} listings; floor: {FEW:,}",
        "ms",
        slowest.slow * 1e3,
        mark,
        slowest.slow <= limit and worst <= RATIO,
        percentile([page.seconds for page in slowest.few], 95) * 1e3,
        tuple(str(kind) for kind in kinds),
    )


def _kind(name: str, addresses: list[str], small: Shop, large: Shop) -> Kind:
    for shop in (small, large):
        _answer(shop, addresses[0])
    pairs = [(_answer(small, address), _answer(large, address)) for address in addresses]
    return Kind(name, [few for few, _ in pairs], [many for _, many in pairs])


def _answer(shop: Shop, arguments: str) -> Page:
    browser, path = shop
    begun = perf_counter()
    answer = browser.get(f"{path}?{arguments}")
    seconds = perf_counter() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"{arguments}: {answer.status}")
    return Page(seconds, answer.text.count('name="ids"'))


def _asked() -> Asked:
    chance, states = random.Random(9), sorted(set(_STATES))

    def sku() -> str:
        return f"{chance.choice('ABCDEFGH')}{chance.choice('ABCDEFGH')}-{chance.randrange(100):02}"

    def amount() -> str:
        return str(chance.randrange(5, 60))

    asked: dict[str, list[str]] = {}
    for sort in [f"{way}{column}" for column in SORTS for way in ("", "-")]:
        asked[f"all, sorted by {sort}"] = _some(view="all", sort=sort)
        asked[f"a tab, sorted by {sort}"] = _some(state=lambda: chance.choice(states), sort=sort)
    dear = {"price_from": amount, "price_to": lambda: str(chance.randrange(60, 100))}
    return asked | {
        "SKU begins with": _some(sku=sku),
        "SKU begins with one letter": _some(sku=lambda: chance.choice("ABCDEFGH")),
        "ASIN": _some(asin=lambda: f"B{chance.randrange(1, FEW):09}"),
        "product": _some(product=lambda: f"benchmark-{chance.randrange(1, FEW)}"),
        "condition, as most": _some(condition="new_new"),
        "condition": _some(condition="used_good"),
        "shipped by Amazon": _some(fulfilled_by="amazon"),
        "price owner": _some(price_owner=lambda: chance.choice(["amazon", "repricer", "person"])),
        "quantity owner": _some(quantity_owner=lambda: chance.choice(["amazon", "repricer", "person"])),
        "price by hand": _some(price_override="yes", sort=lambda: chance.choice(SORTS)),
        "price between, by SKU": _some(**dear),
        "price between, by price": _some(**dear, sort="price"),
        "price between in a tab, by quantity": _some(**dear, state="active", sort="-quantity"),
        "few dear ones": _some(price_from=lambda: str(chance.randrange(600, 900)), sort="-price"),
        "wanted quantity between": _some(wanted_quantity_from=lambda: chance.randrange(1, 50), wanted_quantity_to="60"),
        "wanted price at least": _some(wanted_price_from=lambda: chance.randrange(5, 900)),
        "quantity between": _some(quantity_from=lambda: chance.randrange(1, 50), quantity_to="60"),
    }


def _asked_for_words() -> Asked:
    chance = random.Random(11)
    return {
        "title contains, rare": _some(title=lambda: f"model {chance.randrange(10**5):05}"),
        "title contains, common": _some(title=lambda: chance.choice(_STUFFS)),
        "title contains, never": _some(title=lambda: f"zeppelin {chance.randrange(99)}"),
        "search box contains": _some(
            q=lambda: f"{chance.choice(_COLOURS)} {chance.choice(_THINGS)} of {chance.choice(_STUFFS)}"
        ),
    }


def _some(**arguments: object) -> list[str]:
    """Return addresses; a function among the values is asked for each anew, `_from` and its like follow a dot."""
    return [
        urlencode(
            [(_ENDING.sub(r".\1", name), value() if callable(value) else value) for name, value in arguments.items()]
        )
        for _ in range(ASKED)
    ]


@contextmanager
def _shop(uri: str, listings: int) -> Iterator[Shop]:
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
            # Else the server writes for minutes what was filled in, beside the answers that are timed.
            connection.exec_driver_sql("CHECKPOINT")
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
        "quantity_owner": "shop" if chance.random() < 0.995 else chance.choice(["amazon", "repricer", "person"]),
    }
    listing = {
        "sku_id": number,
        "seller_sku": sku["sku"],
        "asin": f"B{number:09}",
        "title": f"{colour} {thing} of {stuff}, set of {chance.randrange(1, 13)}, model {chance.randrange(10**5):05}",
        "on_amazon": there,
        "amazon_status": "BUYABLE" if state == "active" else "",
        "observed_price_minor": int(chance.lognormvariate(7.5, 1)) if there else None,
        "wanted_price_minor": int(chance.lognormvariate(7.5, 1)) if there else None,
        "price_owner": "shop" if chance.random() < 0.995 else chance.choice(["amazon", "repricer", "person"]),
        "price_override_minor": 1999 if there and chance.random() < 0.003 else None,
        "shown_quantity": quantity,
        "observed_at": now - timedelta(seconds=chance.randrange(10**6)) if there else None,
        "state": state,
    }
    return sku, listing
