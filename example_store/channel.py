"""The Amazon channel in this shop: everything that had to be added to get it.

The rest of the code meets it in few places: `office.py` says that a package left, two templates show
`amazon_listing` and `amazon_order`, `templates/amazon_channel/layout.html` puts its pages into the shop's frame,
and `receivers.py` listens to it.
"""

from __future__ import annotations

from flask import Flask

from example_store import receivers
from example_store.access import may, who
from example_store.database import db
from example_store.models import Product
from example_store.shop import ExampleShop
from flask_amazon_channel import AmazonChannel

amazon = AmazonChannel()
amazon.watch(Product)


def init_app(app: Flask) -> None:
    amazon.init_app(app, db=db, shop=ExampleShop(), authorize=may, actor=who)
    receivers.connect(app)
