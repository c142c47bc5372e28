"""A seeded shop in a database of its own, and people to visit it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

from example_store import create_app
from example_store.database import db
from example_store.models import Order, Product
from example_store.seed import DEMO_PASSWORD, seed

ENCRYPTION_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


class Visitor:
    """Somebody with a browser: follows redirects and sends the token of the form on the page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.status = 0
        self.page = ""

    def get(self, path: str) -> str:
        return self._send("GET", path)

    def post(
        self, path: str, on: str | None = None, when: Callable[[], object] = lambda: None, **fields: object
    ) -> str:
        """Send a form as it stands on the page `on` (default: the same path), after `when` has let it go."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(on or path))
        assert token, "The page has no form."
        when()
        return self._send("POST", path, data={"csrf_token": token[1], **fields})

    def _send(self, method: str, path: str, **what: Any) -> str:
        """Ask from outside the test's application context: within it, `g` would outlive the request."""
        answer = Context().run(lambda: self.client.open(path, method=method, follow_redirects=True, **what))
        self.status, self.page = answer.status_code, answer.text
        return self.page

    def log_in(self, role: str) -> Visitor:
        self.post("/login", email=f"{role}@example.com", password=DEMO_PASSWORD)
        return self

    def order(
        self, product_id: int, quantity: int | str = 1, when: Callable[[], object] = lambda: None, **fields: object
    ) -> str:
        person = {"name": "Alma Ek", "email": "alma@example.com", "street": "12 Lake Rd", "city": "Duluth"}
        place = {"postal_code": "55802", "country_code": "US"}
        return self.post(f"/products/{product_id}", None, when, quantity=quantity, **(person | place | fields))


def make_shop(file: Path) -> Flask:
    return create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "for tests",
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}",
            "AMAZON_CHANNEL_ENCRYPTION_KEYS": ENCRYPTION_KEY,
        }
    )


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled database to copy: hashing three passwords for each test would take most of its time."""
    file = tmp_path_factory.mktemp("shop") / "seeded.sqlite3"
    with make_shop(file).app_context():
        upgrade()
        seed(db.session())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return file


@pytest.fixture
def app(tmp_path: Path, seeded: Path) -> Iterator[Flask]:
    app = make_shop(Path(shutil.copy(seeded, tmp_path / "shop.sqlite3")))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def clerk(app: Flask) -> Visitor:
    return Visitor(app.test_client()).log_in("clerk")


def product(sku: str) -> Product:
    """The product as the database has it now."""
    db.session.expire_all()
    return db.session.scalars(select(Product).filter_by(sku=sku)).one()


def last_order() -> Order:
    db.session.expire_all()
    return db.session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
