"""The second host, with its tables, the channel's, and goods."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.databases import Databases
from tests.hosts.variant_shop import create_app, create_tables
from tests.hosts.variant_shop.goods import seed
from tests.hosts.variant_shop.models import db


def filled_shop(database_uri: str) -> None:
    app = create_app(database_uri)
    create_tables(app)
    with app.app_context():
        seed(db.session())
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(database_server: Databases) -> Iterator[Flask]:
    with database_server.fresh(filled_shop) as uri:
        app = create_app(uri)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
