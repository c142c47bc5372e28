"""The smallest host, with a shop that keeps to the port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.port.host import GoodShop, create_app, db


@pytest.fixture
def shop() -> GoodShop:
    return GoodShop()


@pytest.fixture
def app(database_uri: str, shop: GoodShop) -> Iterator[Flask]:
    app = create_app(database_uri, shop)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
