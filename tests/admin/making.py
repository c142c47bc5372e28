"""A small shop with the channel installed, and rows made by hand: no Amazon is asked."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from flask_amazon_channel import AmazonChannel
from flask_amazon_channel.channel import current
from flask_amazon_channel.models import (
    AmazonOrder,
    AmazonOrderItem,
    Base,
    BulkAction,
    Change,
    GridView,
    Listing,
    OrderPerson,
    Run,
    RunPart,
    SellerAccount,
    Sku,
    Store,
    StoreState,
    Stream,
    StreamName,
)
from flask_amazon_channel.models.alerts import Alert
from flask_amazon_channel.models.changes import keep_change
from flask_amazon_channel.rules.values import NewShopOrder, OrderChange, ShopProduct, StockCause

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KEY = base64.b64encode(bytes(range(32))).decode()
MARKETPLACES = {
    "DE": ("A1PA6795UKMFR9", "EUR", "de_DE", "www.amazon.de"),
    "GB": ("A1F83G8C2ARO7P", "GBP", "en_GB", "www.amazon.co.uk"),
    "FR": ("A13V1IB3VIYZZH", "EUR", "fr_FR", "www.amazon.fr"),
    "US": ("ATVPDKIKX0DER", "USD", "en_US", "www.amazon.com"),
    "JP": ("A1VC38T7YXB528", "JPY", "ja_JP", "www.amazon.co.jp"),
}
_numbers = itertools.count(1)


class SmallShop:
    """Products in a dictionary; it refuses to answer while `fails` is set."""

    currency = "EUR"

    def __init__(self, *products: ShopProduct) -> None:
        self.stock = {product.id: product for product in products}
        self.fails = False

    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        if self.fails:
            raise RuntimeError("the warehouse does not answer")
        return [self.stock[id] for id in ids if id in self.stock]

    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        return sorted(id for id in self.stock if after is None or id > after)[:limit]

    def find_products(self, attribute: str, values: Sequence[str]) -> Mapping[str, Sequence[str]]:
        held: dict[str, list[str]] = {}
        for product in self.stock.values():
            value = product.sku if attribute == "sku" else product.identifiers.get(attribute)
            if value in values:
                held.setdefault(str(value), []).append(product.id)
        return held

    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        raise AssertionError("No page changes the shop's stock.")

    def create_order(self, order: NewShopOrder) -> str:
        raise AssertionError("No page creates a shop order.")

    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        raise AssertionError("No page changes a shop order.")

    def product_url(self, product_id: str) -> str:
        return f"/office/products/{product_id}"

    def order_url(self, shop_order_id: str) -> str:
        return f"/office/orders/{shop_order_id}"

    def exchange_rate(self, from_currency: str, to_currency: str) -> Decimal | None:
        return {"GBP": Decimal("0.86"), "USD": Decimal("1.10")}.get(to_currency)


class Person:
    """Whoever looks at the pages: what may be done where.  None among the stores: pages of no store."""

    def __init__(self, *permissions: str, stores: Sequence[int] | None = None, answer: Any = None) -> None:
        self.permissions = permissions
        self.stores = stores
        self.answer = answer

    def may(self, permission: str, store: Store | None) -> Any:
        if self.answer is not None:
            return self.answer
        return permission in self.permissions and (store is None or self.stores is None or store.id in self.stores)


ADMINISTRATOR = ("view", "operate", "administer")


def product(id: str = "7", **values: Any) -> ShopProduct:
    given: dict[str, Any] = {"sku": f"MUG-{id}", "title": f"Mug {id}", "price": Decimal("19.90"), "quantity": 12}
    return ShopProduct(id=id, **{**given, **values})


class Compiled(BytecodeCache):
    """Templates are compiled once, not once for the app of each test."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = Compiled()


def make_app(
    uri: str, *, shop: Any = None, person: Person | None = None, tables: bool = True, **config: Any
) -> tuple[Flask, SQLAlchemy, Person]:
    """Return an app on that database, the database, and the person who may be changed while it runs."""
    app = Flask("small_shop")
    app.jinja_options = {"bytecode_cache": _COMPILED}
    app.config |= {
        "SECRET_KEY": "a secret of the test",
        "SQLALCHEMY_DATABASE_URI": uri,
        "AMAZON_CHANNEL_ENCRYPTION_KEYS": KEY,
        "AMAZON_CHANNEL_LWA_CLIENT_ID": "client",
        "AMAZON_CHANNEL_LWA_CLIENT_SECRET": "client-secret",
        "AMAZON_CHANNEL_APPLICATION_ID": "amzn1.sp.solution.1",
        "AMAZON_CHANNEL_REDIS_URL": "redis://127.0.0.1:1/0",
        **config,
    }
    db, person = SQLAlchemy(), person or Person(*ADMINISTRATOR)
    db.init_app(app)
    AmazonChannel(app, db=db, shop=shop or SmallShop(product()), authorize=person.may, actor=lambda: ("1", "Ada"))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _hurry)
        current().clock = lambda: NOW
        current().ring = lambda: None
        if tables:
            Base.metadata.create_all(db.engine)
    return app, db, person


def _hurry(connection: Any, record: object) -> None:
    """A test's file need not survive a power cut."""
    connection.execute("PRAGMA synchronous = OFF")


def ago(**long: float) -> datetime:
    return NOW - timedelta(**long)


def account(db: SQLAlchemy, **values: Any) -> SellerAccount:
    number = next(_numbers)
    given = {"seller_id": f"A{number:09}", "region": "eu", "name": "Potter", "connected_at": ago(days=30)}
    row = SellerAccount(**{**given, **values})
    db.session.add(row)
    db.session.flush()
    db.session.add(
        Stream(account_id=row.id, name=StreamName.ORDERS, position=ago(minutes=3), complete_at=ago(minutes=3))
    )
    db.session.commit()
    return row


def store(db: SQLAlchemy, of: SellerAccount, country: str = "DE", **values: Any) -> Store:
    marketplace_id, currency, language, domain = MARKETPLACES[country]
    given = {
        "marketplace_id": marketplace_id,
        "name": f"{of.name} {country}",
        "country_code": country,
        "currency": currency,
        "language": language,
        "domain": domain,
        "state": StoreState.ACTIVE,
        "created_at": ago(days=30),
        "imported_at": ago(minutes=20),
    }
    return _kept(db, Store(account_id=of.id, **{**given, **values}))


def listing(
    db: SQLAlchemy, at: Store, sku: str | Sku = "MUG-7", *, of_sku: Mapping[str, Any] | None = None, **values: Any
) -> Listing:
    """Make a listing at Amazon of product 7, which can be bought."""
    if isinstance(sku, str):
        about = {
            "product_id": "7",
            "matched_by": "sku",
            "condition": "new_new",
            "observed_quantity": 12,
            "wanted_quantity": 12,
            "observed_quantity_at": ago(minutes=10),
            "ever_live": True,
        }
        sku = _kept(db, Sku(account_id=at.account_id, sku=sku, **{**about, **(of_sku or {})}))
    given = {
        "asin": f"B0{next(_numbers):08}",
        "title": f"Mug of stoneware, {sku.sku}",
        "on_amazon": True,
        "amazon_status": "BUYABLE DISCOVERABLE",
        "observed_price_minor": 1990,
        "wanted_price_minor": 1990,
        "observed_at": ago(minutes=10),
        "state": "active",
    }
    return _kept(db, Listing(store_id=at.id, sku_id=sku.id, **{**given, **values}))


def order(db: SQLAlchemy, of: SellerAccount, at: Store | None, *lines: Mapping[str, Any], **values: Any) -> AmazonOrder:
    number = next(_numbers)
    given = {
        "store_id": at.id if at else None,
        "amazon_order_id": f"028-{number:07}-{number:07}",
        "marketplace_id": at.marketplace_id if at else MARKETPLACES["FR"][0],
        "status": "UNSHIPPED",
        "fulfilled_by": "merchant",
        "purchased_at": ago(hours=number),
        "updated_at": ago(hours=1),
        "fetched_at": ago(hours=1),
        "currency": "EUR",
        "total_minor": 2489,
        "details": {},
    }
    row = _kept(db, AmazonOrder(account_id=of.id, **{**given, **values}))
    for line in lines or ({},):
        usual = {
            "order_item_id": str(next(_numbers)),
            "sku": "MUG-7",
            "title": "Mug of stoneware",
            "product_id": "7",
            "quantity_ordered": 1,
            "sold": 1,
            "posted": 1,
            "unit_price_minor": 1990,
        }
        _kept(db, AmazonOrderItem(order_id=row.id, **{**usual, **line}))
    return row


def view(db: SQLAlchemy, at: Store, owner_id: str = "1") -> GridView:
    """A view of the listings that Ada shares with a store."""
    row = GridView(
        grid="listings",
        owner_id=owner_id,
        name="Dear",
        arguments="sort=-price",
        store_id=at.id,
        created_at=ago(hours=1),
    )
    db.session.add(row)
    db.session.commit()
    return row


def bulk(db: SQLAlchemy, at: Store, action: str = "match_again") -> BulkAction:
    """What would be done with all listings of a store, and was not begun."""
    row = BulkAction(
        grid="listings",
        action=action,
        store_id=at.id,
        stores=[at.id],
        created_at=ago(hours=1),
        last_key=2**31,
        total=1,
    )
    db.session.add(row)
    db.session.commit()
    return row


def change(db: SQLAlchemy, at: Store, **settings: tuple[Any, Any]) -> Change:
    """Keep that Ada changed settings of a store, each from one value to another."""
    before = {name: old for name, (old, _) in settings.items()}
    after = {name: new for name, (_, new) in settings.items()}
    about = {"account_id": at.account_id, "store_id": at.id, "version": at.version}
    kept = keep_change(
        db.session(),
        at=ago(hours=1),
        actor=("1", "Ada"),
        subject="store",
        name=at.name,
        before=before,
        after=after,
        **about,
    )
    db.session.commit()
    return db.session.scalars(sa.select(Change).where(Change.set_id == kept)).first()


def alert(db: SQLAlchemy, at: Store | None, text: str, severity: str = "warn", **values: Any) -> Alert:
    """Make something that needs a person: in a store, or (None) of the whole installation."""
    key = f"test {next(_numbers)}"
    given = {
        "code": "test",
        "known_key": key,
        "open_key": key,
        "account_id": at.account_id if at else None,
        "store_id": at.id if at else None,
        "since": ago(hours=2),
        "seen_at": NOW,
    }
    return _kept(db, Alert(severity=severity, text=text, **{**given, **values}))


def cycle(db: SQLAlchemy, at: Store, failures: int = 0, **values: Any) -> Run:
    """Make a cycle of the timetable that worked for a store."""
    given = {"state": "done", "process": "host:1", "began": ago(minutes=10), "ended": ago(minutes=9)}
    run = Run(name="cycle", **{**given, **values})
    run.seen_at = run.ended or run.began
    run.parts = [RunPart(account_id=at.account_id, store_id=at.id, journey="listings", failures=failures)]
    return _kept(db, run)


def person_of(db: SQLAlchemy, row: AmazonOrder, text: str) -> None:
    """Keep buyer and address of an order, as the JSON text that the import writes."""
    kept = OrderPerson(order_id=row.id, purge_at=NOW + timedelta(days=30))
    kept.keep(current().keys, row, text)
    _kept(db, kept)


def _kept(db: SQLAlchemy, row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row
