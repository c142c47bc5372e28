"""The example store with the channel, on a fresh database."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask_sqlalchemy.session import Session as StoreSession
from sqlalchemy.orm import Session, sessionmaker

from example_store import create_app, seed
from example_store.amazon_catalogue import amazon_listings
from example_store.database import db
from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.models import Base
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.sync import connect_account, cycles, stores
from flask_amazon_channel.testing.local_amazon import configuration
from tests import brokers

US = "ATVPDKIKX0DER"
NO_BROKER = "redis://127.0.0.1:1/0"
KEY = base64.b64encode(bytes(range(32))).decode()


def no_ring() -> None:
    """Stand in for the ring where the worker is no part of what is measured."""


@contextmanager
def shop(database_uri: str, configured: Mapping[str, Any] | None = None) -> Iterator[Channel]:
    """The store in an application context, seeded; its channel has no account yet."""
    app = create_app({"SECRET_KEY": "of the benchmarks", **settings(database_uri), **(configured or {})})
    with app.app_context():
        db.create_all()
        Base.metadata.create_all(db.engine)
        seed.seed(db.session())
        db.session.commit()
        yield current()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def settings(database_uri: str) -> dict[str, Any]:
    return {
        "SQLALCHEMY_DATABASE_URI": database_uri,
        "AMAZON_CHANNEL_ENCRYPTION_KEYS": KEY,
        "AMAZON_CHANNEL_REDIS_URL": NO_BROKER,
    }


@contextmanager
def broker() -> Iterator[str]:
    """The address of a broker of our own."""
    with TemporaryDirectory(prefix="broker-") as folder:
        server = brokers.start(Path(folder))
        try:
            yield f"redis://127.0.0.1:{server.port}/0"
        finally:
            server.stop()


def session_without_channel() -> Session:
    """A session like the store's own that nobody listens to: the floor."""
    return sessionmaker(class_=StoreSession, db=db)()


def connected(amazon: Amazon) -> tuple[dict[str, Any], dict[str, Any]]:
    """A new seller with the store's listings, and the configuration of an app that talks to it."""
    seller = amazon.add_seller([US], listings=amazon_listings())
    return seller, {**configuration(amazon, seller), "AMAZON_CHANNEL_ENCRYPTION_KEYS": KEY}


def begin_to_sell(channel: Channel, amazon: Amazon, seller: Mapping[str, Any]) -> None:
    """Connect the account, activate its store and work until everything is in step."""
    account = connect_account.connect(
        channel,
        seller_id=seller["seller_id"],
        region=seller["region"],
        name="Benchmark",
        refresh_token=seller["refresh_token"],
    )
    for store in list(account.stores):
        stores.activate(channel, store)
    db.session.rollback()
    cycles.work_until_quiet(channel, at_most=60, quiet=6)
    db.session.rollback()
