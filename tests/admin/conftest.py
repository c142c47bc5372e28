"""The small shop in a database of its own, somebody who may do everything, and a browser of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from flask_amazon_channel.models import SellerAccount, Store
from tests.admin import making
from tests.admin.making import Person, SmallShop, make_app, product
from tests.databases import Databases, make_tables


@dataclass
class Pages:
    """What a test has at hand.  `get` and `post` do what a browser does; `post` takes the token from a page."""

    app: Flask
    db: SQLAlchemy
    shop: SmallShop
    person: Person
    browser: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()

    def get(self, address: str, **options: Any) -> TestResponse:
        return self.browser.get(f"/amazon{address}", **options)

    def text(self, address: str, **options: Any) -> str:
        """Return what a page says, without tags, in single spaces."""
        answer = self.get(address, **options)
        assert answer.status_code == 200, answer.status
        return said(answer)

    def token(self, page: str = "/connect") -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page).text)
        assert found is not None, f"{page} has no token"
        return found[1]

    def post(self, address: str, page: str = "/connect", **fields: str) -> TestResponse:
        return self.browser.post(f"/amazon{address}", data={"csrf_token": self.token(page), **fields})


def said(answer: TestResponse) -> str:
    """Return the text of an answer as it is read."""
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def pages(database_server: Databases) -> Iterator[Pages]:
    shop = SmallShop(product(), product("8"))
    with database_server.fresh(make_tables) as uri:
        app, db, person = make_app(uri, shop=shop, tables=False)
        with app.app_context():
            yield Pages(app, db, shop, person)
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def of(pages: Pages) -> SellerAccount:
    return making.account(pages.db)


@pytest.fixture
def here(pages: Pages, of: SellerAccount) -> Store:
    return making.store(pages.db, of)
