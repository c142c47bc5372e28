"""The second host, with and without the channel's tables, connected to a local Amazon of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from flask_amazon_channel.channel import installed
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.testing import configuration
from flask_amazon_channel.testing.plugin import local_amazon
from tests.databases import Databases
from tests.hosts.conftest import filled_shop
from tests.hosts.variant_shop import create_app
from tests.hosts.variant_shop.goods import EANS
from tests.hosts.variant_shop.models import db

GERMANY, FRANCE = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"

__all__ = ["local_amazon"]

Run = Callable[..., Result]
PassTime = Callable[[float], None]


@pytest.fixture
def seller(local_amazon: Amazon) -> dict[str, Any]:
    """A seller in Germany and France whose German listings are the shop's."""
    local_amazon.settings(quotas="off")
    seller = local_amazon.add_seller([GERMANY, FRANCE])
    for number, sku in enumerate(EANS):
        facts = {"asin": f"B00000000{number}", "price": {"amount": 50, "currency": "EUR"}, "quantity": 2}
        local_amazon.put_listing(seller["seller_id"], GERMANY, sku, **facts)
    return seller


@pytest.fixture
def settings(broker_url: str, local_amazon: Amazon, seller: dict[str, Any]) -> dict[str, Any]:
    return {"AMAZON_CHANNEL_REDIS_URL": broker_url, **configuration(local_amazon, seller)}


@pytest.fixture
def empty_app(database_uri: str, settings: dict[str, Any]) -> Iterator[Flask]:
    """The host before anybody made a table."""
    yield from _app(database_uri, settings)


@pytest.fixture
def app(database_server: Databases, settings: dict[str, Any]) -> Iterator[Flask]:
    """The host with its tables, the channel's, and goods."""
    with database_server.fresh(filled_shop) as uri:
        yield from _app(uri, settings)


def _app(uri: str, settings: dict[str, Any]) -> Iterator[Flask]:
    app = create_app(uri, **settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def run(app: Flask) -> Run:
    """Run `flask amazon ...`."""
    return runner(app)


def runner(app: Flask) -> Run:
    def run(*arguments: str, input: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=["amazon", *arguments], input=input)

    return run


@pytest.fixture
def connected(run: Run, seller: dict[str, Any]) -> dict[str, Any]:
    """The seller, connected, with its German store active."""
    done = run(
        *("connect", "--seller-id", seller["seller_id"], "--region", "eu", "--name", "Wolle"),
        *("--refresh-token", "-", "--activate", "DE"),
        input=seller["refresh_token"] + "\n",
    )
    assert done.exit_code == 0, done.output
    return seller


@pytest.fixture
def pass_time(app: Flask, local_amazon: Amazon) -> PassTime:
    """Let time pass, for the channel and for Amazon; else it stands still."""
    channel = installed(app)
    assert channel is not None
    now = datetime.now(UTC)
    channel.clock = lambda: now

    def pass_time(seconds: float) -> None:
        nonlocal now
        now += timedelta(seconds=seconds)
        local_amazon.advance(seconds)

    return pass_time


@pytest.fixture
def synced(run: Run, connected: dict[str, Any], pass_time: PassTime) -> dict[str, Any]:
    """The seller, after so many cycles that Amazon shows what the shop wants."""
    for _ in range(4):
        done = run("sync")
        assert done.exit_code == 0, done.output
        pass_time(300)
    return connected
