"""A host as small as can be: `python host.py [with|without]` starts it with or without the channel, and ends.

`with --modules` prints the modules that are loaded then.
"""

from __future__ import annotations

import os
import sys

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Product(Base):
    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str]


app = Flask("host")
app.config.update(SECRET_KEY="of the benchmarks", SQLALCHEMY_DATABASE_URI="sqlite://")
db.init_app(app)

if sys.argv[1:2] == ["with"]:
    from flask_amazon_channel import AmazonChannel, SQLAlchemyShop

    class Shop(SQLAlchemyShop):
        def create_order(self, order: object) -> str:
            raise NotImplementedError

        def update_order(self, shop_order_id: str, change: object) -> None:
            raise NotImplementedError

    amazon = AmazonChannel()
    amazon.watch(Product)
    amazon.init_app(
        app, db=db, shop=Shop(Product, currency="USD", sku=Product.sku, title=Product.sku, price=Product.id)
    )

if "--modules" in sys.argv:
    print("\n".join(sorted(sys.modules)))

# What follows in an interpreter that ends is no part of the start.
sys.stdout.flush()
os._exit(0)
