"""The second host, filled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.hosts.variant_shop import create_app, create_tables
from tests.hosts.variant_shop.goods import seed
from tests.hosts.variant_shop.models import db


@pytest.fixture
def app(database_uri: str) -> Iterator[Flask]:
    app = create_app(database_uri)
    create_tables(app)
    with app.app_context():
        seed(db.session())
        yield app
        db.session.remove()
        db.engine.dispose()
