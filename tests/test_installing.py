"""Installing the channel: by a factory, twice, in several apps of one process, beside what the host has already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from flask_amazon_channel import AmazonChannel, signals
from flask_amazon_channel.channel import current
from flask_amazon_channel.cli import database
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import ProductChange
from tests.admin.making import KEY, SmallShop

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@dataclass
class Host:
    """One app of a factory, with a model of products of its own."""

    app: Flask
    db: SQLAlchemy
    product: Any
    amazon: AmazonChannel | None

    def save(self, title: str) -> int:
        with self.app.app_context():
            row = self.product(title=title)
            self.db.session.add(row)
            self.db.session.commit()
            return int(row.id)

    def changes(self) -> list[str]:
        with self.app.app_context():
            return sorted(self.db.session.scalars(sa.select(ProductChange.product_id)))


Make = Callable[..., Host]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Host] = []

    def factory(
        name: str = "host",
        *,
        install: bool = True,
        tables: bool = True,
        amazon: AmazonChannel | None = None,
        authorize: Any = lambda permission, store: True,
        **config: Any,
    ) -> Host:
        app, db = Flask(name), SQLAlchemy()
        app.config |= {
            "SECRET_KEY": "secret",
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / name}.db",
            "AMAZON_CHANNEL_ENCRYPTION_KEYS": KEY,
            "AMAZON_CHANNEL_REDIS_URL": NOBODY_LISTENS,
            "AMAZON_CHANNEL_LWA_CLIENT_ID": "client",
            "AMAZON_CHANNEL_LWA_CLIENT_SECRET": "secret",
            "AMAZON_CHANNEL_APPLICATION_ID": "amzn1.sp.solution.1",
            **config,
        }
        db.init_app(app)

        class Product(db.Model):  # type: ignore[name-defined,misc]
            id = sa.Column(sa.Integer, primary_key=True)
            title = sa.Column(sa.String(80), nullable=False)

        if install:
            amazon = amazon or AmazonChannel()
            amazon.init_app(app, db=db, shop=SmallShop(), authorize=authorize)
            amazon.watch(Product)
        with app.app_context():
            db.create_all()
            if install and tables:
                database.upgrade(current())
        made.append(Host(app, db, Product, amazon))
        return made[-1]

    yield factory
    for host in made:
        with host.app.app_context():
            host.db.session.remove()
            for engine in host.db.engines.values():
                engine.dispose()


def test_two_apps_do_not_see_each_others_configuration(make: Make) -> None:
    one = make("one", AMAZON_CHANNEL_URL_PREFIX="/amazon", AMAZON_CHANNEL_READ_ONLY=True)
    other = make("other", AMAZON_CHANNEL_URL_PREFIX="/marketplaces/amazon")
    assert one.app.test_client().get("/amazon/").status_code == 200
    assert other.app.test_client().get("/amazon/").status_code == 404
    assert other.app.test_client().get("/marketplaces/amazon/").status_code == 200
    with one.app.app_context():
        assert current().config.read_only
    with other.app.app_context():
        assert not current().config.read_only


def test_two_apps_do_not_see_each_others_products(make: Make) -> None:
    one, other = make("one"), make("other")
    saved = one.save("Lamp")
    assert (one.changes(), other.changes()) == ([str(saved)], [])


def test_one_channel_object_serves_several_apps(make: Make) -> None:
    amazon = AmazonChannel()
    one, other = make("one", amazon=amazon), make("other", amazon=amazon)
    one.save("Lamp")
    other.save("Rope")
    other.save("Stove")
    assert (len(one.changes()), len(other.changes())) == (1, 2)


def test_a_channel_is_not_installed_twice_in_one_app(make: Make) -> None:
    host = make()
    with pytest.raises(RuntimeError, match="already installed in this app"):
        AmazonChannel(host.app, db=host.db, shop=SmallShop())


def test_a_channel_made_with_an_app_needs_its_database_and_its_shop() -> None:
    with pytest.raises(TypeError, match=r"db= .* shop="):
        AmazonChannel(Flask("host"))


def test_an_app_without_the_channel_is_left_alone(make: Make) -> None:
    make("with")
    without = make("without", install=False)
    without.save("Lamp")
    with without.app.app_context():
        assert not sa.inspect(without.db.engine).has_table("amazon_product_change")
        assert "amazon_listing" not in without.app.jinja_env.globals


def test_outside_an_app_with_the_channel_a_sentence_says_what_to_do(make: Make) -> None:
    without = make("without", install=False)
    with without.app.app_context(), pytest.raises(ConfigurationError, match="No AmazonChannel is installed"):
        current()


def test_a_receiver_hears_the_app_that_it_was_connected_to(make: Make) -> None:
    one, other = make("one"), make("other")
    heard: list[tuple[str, int]] = []

    @signals.account_connected.connect_via(one.app)
    def note(app: Flask, account_id: int, **extra: Any) -> None:
        heard.append((app.name, account_id))

    for number, host in enumerate((other, one)):
        with host.app.app_context():
            signals.announce(signals.account_connected, account_id=number)
    assert heard == [("one", 1)]


def test_a_saved_product_is_kept_when_the_broker_is_down(make: Make) -> None:
    host = make()
    saved = host.save("Lamp")
    assert host.changes() == [str(saved)]
    with host.app.app_context():
        assert host.db.session.scalars(sa.select(host.product.title)).all() == ["Lamp"]


def test_a_shop_sells_on_before_the_channels_tables_are_there(make: Make) -> None:
    host = make(tables=False)
    host.save("Lamp")
    page = host.app.test_client().get("/amazon/")
    assert page.status_code == 503
    assert "flask amazon db upgrade" in page.text


def test_a_watched_model_of_another_database_is_refused(make: Make) -> None:
    host = make(SQLALCHEMY_BINDS={"archive": "sqlite://"})

    class Elsewhere(host.db.Model):  # type: ignore[name-defined,misc]
        __bind_key__ = "archive"
        id = sa.Column(sa.Integer, primary_key=True)

    with pytest.raises(ConfigurationError, match="must share one database"):
        AmazonChannel().watch(Elsewhere)


def test_a_misspelt_key_is_named_at_the_start(make: Make) -> None:
    with pytest.raises(ConfigurationError, match=r"AMAZON_CHANNEL_URL_PREFIXX.*Known: AMAZON_CHANNEL_"):
        make(AMAZON_CHANNEL_URL_PREFIXX="/amazon")


def test_pages_and_forms_work_beside_the_hosts_own_protection(make: Make) -> None:
    host = make()
    CSRFProtect(host.app)
    browser = host.app.test_client()
    assert browser.post("/amazon/connect", data={"name": "Shop", "region": "eu"}).status_code == 400
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/amazon/connect").text)
    assert token
    sent = browser.post("/amazon/connect", data={"name": "Shop", "region": "eu", "csrf_token": token[1]})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/amazon/connect/continue")


def test_the_hosts_login_decides_who_sees_the_pages(make: Make) -> None:
    host = make(authorize=lambda permission, store: bool(current_user.is_authenticated))
    logins = LoginManager(host.app)
    host.app.context_processor(lambda: {"title": "The host's own", "show": "The host's own"})

    class Somebody(UserMixin):
        id = "1"

    logins.user_loader(lambda user_id: Somebody())

    @host.app.get("/log-in")
    def log_in() -> str:
        login_user(Somebody())
        return "Welcome"

    browser = host.app.test_client()
    assert browser.get("/amazon/").status_code == 403
    browser.get("/log-in")
    page = browser.get("/amazon/")
    assert page.status_code == 200
    assert "No store yet" in page.text


def test_the_channels_protection_does_not_reach_the_hosts_own_pages(make: Make) -> None:
    host = make()

    @host.app.route("/own", methods=["GET", "POST"])
    def own() -> str:
        return "The host's own page."

    browser = host.app.test_client()
    assert browser.post("/own").status_code == 200
    assert "Content-Security-Policy" not in browser.get("/own").headers
    assert "Content-Security-Policy" in browser.get("/amazon/").headers
    assert browser.get("/no-such-page").status_code == 404
