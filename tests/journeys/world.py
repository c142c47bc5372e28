"""One small world: the example shop with the channel, Amazon, and a clock that both go by."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from example_store import create_app
from example_store.database import db
from example_store.models import ExchangeRate, Order, Product
from flask_amazon_channel.channel import Channel, installed
from flask_amazon_channel.models import (
    AmazonOrder,
    Aspect,
    Base,
    Listing,
    Package,
    SellerAccount,
    Sku,
    StockEntry,
    Store,
    Submission,
)
from flask_amazon_channel.models.database import begin_immediately
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.sync import connect_account, cycles, stores

US, MX = "ATVPDKIKX0DER", "A1AM78C64UM0Y8"
UK, DE = "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
JP = "A1VC38T7YXB528"
KEY = base64.b64encode(bytes(range(32))).decode()


AnyWorld = TypeVar("AnyWorld", bound="World")


class Clock:
    """The time as the channel sees it; it stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """A shop, whichever it is, Amazon and the clock.  `work` does what a worker would do."""

    app: Flask
    amazon: Amazon
    channel: Channel
    clock: Clock
    seller: dict[str, Any] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return self.channel.db.session()

    def connect(self, *marketplaces: str, activate: bool = True, **seller: Any) -> SellerAccount:
        """Connect a new seller of these marketplaces (US), with what it lists; activate its stores."""
        places = list(marketplaces or (US,))
        self.seller = self.amazon.add_seller(places, **seller)
        self.channel.config = _with_application(self.channel.config, self.seller)
        account = self.authorise("Fjellstad")
        if activate:
            for store in list(account.stores):
                stores.activate(self.channel, store)
            self.settle()
        self.session.rollback()
        return account

    def authorise(self, name: str = "") -> SellerAccount:
        """Let the seller give permission, for the first time or again."""
        return connect_account.connect(
            self.channel,
            seller_id=self.seller["seller_id"],
            region=self.seller["region"],
            name=name,
            refresh_token=self.seller["refresh_token"],
        )

    def pass_time(self, seconds: float) -> None:
        """Move both clocks."""
        self.clock.now += timedelta(seconds=seconds)
        self.amazon.advance(seconds)

    def work(self) -> None:
        """Do what is due now."""
        self.session.rollback()
        for _ in range(200):
            if not cycles.work_once(self.channel):
                break
        else:
            raise AssertionError("The work does not come to an end.")
        self.session.rollback()

    def settle(self, seconds: float = 60, step: float = 5) -> None:
        """Work while time passes, so that reports are made and what was sent is read back."""
        for _ in range(int(seconds / step) + 1):
            self.work()
            self.pass_time(step)
        self.work()

    def cycle(self) -> None:
        """Let one cycle pass: orders and listings are read, and what follows from them is done."""
        self.pass_time(301)
        self.settle(30)

    # Amazon

    def shown(self, sku: str = "LAMP", marketplace: str = US) -> tuple[Decimal | None, int | None]:
        """Return price and quantity as a buyer sees them."""
        seen = self.amazon.listing(self.seller["seller_id"], marketplace, sku)
        return (Decimal(seen["price"]["amount"]) if seen["price"] else None), seen["quantity"]

    def buy(self, sku: str = "LAMP", quantity: int = 1, *, marketplace: str = US, **order: Any) -> str:
        return self.amazon.place_order(
            self.seller["seller_id"], marketplace, [{"sku": sku, "quantity": quantity}], **order
        )

    def patches(self) -> list[list[dict[str, Any]]]:
        """Return what was sent: a list of patches per call."""
        return [json.loads(call["body"])["patches"] for call in self.amazon.requests("patchListingsItem")]

    # The channel

    def order(self, amazon_order_id: str) -> AmazonOrder:
        return self._one(AmazonOrder, AmazonOrder.amazon_order_id == amazon_order_id)

    def listing(self, sku: str = "LAMP", marketplace: str = US) -> Listing:
        return self._one(
            Listing,
            Listing.sku_id == sa.select(Sku.id).where(Sku.sku == sku).scalar_subquery(),
            Listing.store_id.in_(sa.select(Store.id).where(Store.marketplace_id == marketplace)),
        )

    def sku(self, sku: str = "LAMP") -> Sku:
        return self._one(Sku, Sku.sku == sku)

    def all(self, model: type[Any], *where: Any) -> list[Any]:
        self.session.rollback()
        return list(self.session.scalars(sa.select(model).where(*where).order_by(model.id)))

    def submissions(self) -> list[Submission]:
        return self.all(Submission)

    def aspects(self) -> list[Aspect]:
        return self.all(Aspect)

    def packages(self) -> list[Package]:
        return self.all(Package)

    def ledger(self) -> list[StockEntry]:
        return self.all(StockEntry)

    def _one(self, model: type[Any], *where: Any) -> Any:
        self.session.rollback()
        return self.session.scalars(sa.select(model).where(*where)).one()


class ShopWorld(World):
    """The world with the example shop."""

    def product(self, sku: str = "LAMP") -> Product:
        product = db.session.scalar(sa.select(Product).filter_by(sku=sku).execution_options(populate_existing=True))
        assert product is not None
        return product

    def add_product(self, sku: str = "LAMP", *, price: str = "20.00", stock: int = 10, **more: Any) -> Product:
        product = Product(
            **{"sku": sku, "title": f"The {sku}", "price": Decimal(price), "stock": stock, "enabled": True}
            | {"brand": "Fjellstad", "category": "camping", "description": "", "condition": "new"}
            | more
        )
        db.session.add(product)
        db.session.commit()
        return product

    def save(self, sku: str = "LAMP", **values: Any) -> None:
        product = self.product(sku)
        for name, value in values.items():
            setattr(product, name, value)
        db.session.commit()

    def shop_orders(self) -> Sequence[Order]:
        # MariaDB shows a transaction what was there when it began, however often it asks.
        db.session.rollback()
        return db.session.scalars(sa.select(Order).order_by(Order.id)).all()


def empty_shop(database_uri: str) -> None:
    """Make the tables of shop and channel, and the exchange rates."""
    app = create_app(
        {"SECRET_KEY": "-", "SQLALCHEMY_DATABASE_URI": database_uri, "AMAZON_CHANNEL_ENCRYPTION_KEYS": KEY}
    )
    with app.app_context():
        db.create_all()
        Base.metadata.create_all(db.engine)
        _give_exchange_rates()
        db.session.remove()
        db.engine.dispose()


def _give_exchange_rates() -> None:
    today = datetime.now(UTC).date()
    for currency, rate in {"MXN": "18.60", "GBP": "0.755", "EUR": "0.865", "JPY": "154.50"}.items():
        db.session.add(ExchangeRate(currency=currency, day=today, rate=Decimal(rate)))
    db.session.commit()


def _with_application(config: Any, seller: dict[str, Any]) -> Any:
    from dataclasses import replace

    return replace(
        config,
        lwa_client_id=seller["client_id"],
        lwa_client_secret=seller["client_secret"],
        application_id=seller["application_id"],
    )


def listed(sku: str = "LAMP", *, price: str = "20.00", quantity: int = 10, **more: Any) -> dict[str, Any]:
    """Return a listing as the simulator takes it."""
    return {"sku": sku, "asin": f"B0{sku:0>8}"[:10], "title": f"The {sku}", "price": price, "quantity": quantity} | more


def app_config(amazon: Amazon, database_uri: str, **more: Any) -> dict[str, Any]:
    return {
        "TESTING": True,
        "SECRET_KEY": "of the tests",
        "SQLALCHEMY_DATABASE_URI": database_uri,
        "WTF_CSRF_ENABLED": True,
        "AMAZON_CHANNEL_ENCRYPTION_KEYS": KEY,
        "AMAZON_CHANNEL_LWA_CLIENT_ID": "set when a seller connects",
        "AMAZON_CHANNEL_LWA_CLIENT_SECRET": "set when a seller connects",
        "AMAZON_CHANNEL_ENDPOINTS": dict.fromkeys(("na", "eu", "fe"), amazon.url),
        "AMAZON_CHANNEL_LWA_ENDPOINT": amazon.url,
        "AMAZON_CHANNEL_CONSENT_ENDPOINT": amazon.url,
        "AMAZON_CHANNEL_QUOTA_SCALE": "off",
        # Nobody listens there: what the journeys do does not depend on the broker.
        "AMAZON_CHANNEL_REDIS_URL": "redis://127.0.0.1:1/0",
    } | more


@contextmanager
def make_world(database_uri: str, *, works: bool = True, **config: Any) -> Iterator[ShopWorld]:
    """The world without any seller, over an `empty_shop`.  `works`: this process does a worker's work."""
    with Amazon(seed=7) as amazon:
        app = create_app(app_config(amazon, database_uri, **config))
        with world_of(app, amazon, ShopWorld, works=works) as world:
            yield world


@contextmanager
def world_of(app: Flask, amazon: Amazon, kind: type[AnyWorld], *, works: bool = True) -> Iterator[AnyWorld]:
    """The world of any host that has the channel and its tables."""
    amazon.settings(quotas="off", order_delay=0, submission_delay=2, report_delay=3)
    with app.app_context():
        channel = installed()
        assert channel is not None
        if works:
            begin_immediately(channel.db)
        clock = Clock()
        channel.clock = clock
        channel.ring = lambda: None
        yield kind(app, amazon, channel, clock)
        channel.db.session.remove()
        for engine in channel.db.engines.values():
            engine.dispose()
