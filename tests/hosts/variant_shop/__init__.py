"""A host unlike the example store: clothes in sizes, two warehouses, two storefronts, euros.

What it knows of the channel it imports from `flask_amazon_channel` alone.

| module | what it holds |
|---|---|
| `models` | parents with the price, variants with UUIDs, stock with an allocated part, orders |
| `shop` | the port, written without `SQLAlchemyShop` |
| `goods` | what the tests find in it, and what they change and look at |
"""

from __future__ import annotations

from typing import Any

from flask import Flask

from flask_amazon_channel import AmazonChannel
from tests.hosts.variant_shop.models import StockLevel, Variant, db
from tests.hosts.variant_shop.shop import VariantShop

amazon = AmazonChannel()
amazon.watch(Variant)
amazon.watch(StockLevel, key=StockLevel.variant_id)


def create_app(database_uri: str, **config: Any) -> Flask:
    """Make the shop, without tables."""
    app = Flask("variant_shop")
    app.config.update(
        TESTING=True,
        SECRET_KEY="for tests",
        SQLALCHEMY_DATABASE_URI=database_uri,
        **config,
    )
    db.init_app(app)
    amazon.init_app(
        app,
        db=db,
        shop=VariantShop(),
        authorize=lambda permission, store: True,
        actor=lambda: ("1", "Mara"),
    )
    return app


def create_tables(app: Flask) -> None:
    """Make the host's tables and the channel's."""
    with app.app_context():
        db.create_all()
    made = app.test_cli_runner().invoke(args=["amazon", "db", "upgrade"])
    if made.exit_code:
        raise RuntimeError(made.output)
