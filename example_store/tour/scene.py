"""What the steps of the tour work with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from example_store import create_app
from example_store.database import db
from example_store.demo.control import Control
from example_store.demo.running import Demo
from example_store.demo.visitor import Visitor
from example_store.models import Order, Product
from example_store.seed import DEMO_PASSWORD
from flask_amazon_channel.models import Listing, Sku, Store

Facts = dict[str, Any]
T = TypeVar("T")

PATIENCE = 90.0
POLL = 0.1


class NotSo(Exception):
    """Something is not as it should be.  The text says what was found instead."""


def expect(is_so: object, otherwise: str) -> None:
    """Raise NotSo with what was found instead, unless it is so."""
    if not is_so:
        raise NotSo(otherwise)


class Scene:
    """The running demo, an owner and a clerk at its pages, and a look into its database."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.patience = PATIENCE
        self.amazon = Control(demo.amazon_url)
        self.owner = self._person("owner@example.com")
        self.clerk = self._person("clerk@example.com")
        self.app = create_app(demo.config)

    @property
    def seller(self) -> str:
        return self.demo.seller_id

    def _person(self, email: str) -> Visitor:
        person = Visitor(self.demo.url)
        person.log_in(email, DEMO_PASSWORD)
        return person

    @contextmanager
    def database(self) -> Iterator[Session]:
        """Look into the shop's database, as it is now."""
        with self.app.app_context():
            yield db.session()

    def until(self, look: Callable[[], T]) -> T:
        """Look again and again until it is so; when patience ends, raise the NotSo of the last look."""
        end = time.monotonic() + self.patience
        while True:
            self.demo.look_after()
            try:
                return look()
            except (NotSo, LookupError) as problem:
                if time.monotonic() > end:
                    raise NotSo(f"{problem} (after {self.patience:.0f} seconds)") from problem
            time.sleep(POLL)

    def product(self, sku: str) -> Product:
        """The shop's product as it is now."""
        with self.database() as session:
            found = session.scalar(sa.select(Product).where(Product.sku == sku))
        expect(found, f"The shop has no product {sku}.")
        assert found is not None
        return found

    def listing_page(self, sku: str, country: str = "US") -> str:
        """The address of the listing's page."""
        found = (
            sa.select(Listing.id)
            .join(Listing.sku)
            .join(Listing.store)
            .where(Sku.sku == sku, Store.country_code == country)
        )
        with self.database() as session:
            return f"/amazon/listings/{session.scalars(found).one()}"

    def shop_order(self, amazon_order_id: str) -> Order:
        """The shop order of an Amazon order, with its lines and packages."""
        with self.database() as session:
            found = session.scalars(sa.select(Order).where(Order.external_number == amazon_order_id)).all()
            for order in found:
                _ = order.lines, order.shipments
        expect(found, f"The shop has no order for {amazon_order_id}.")
        expect(len(found) == 1, f"The shop has {len(found)} orders for {amazon_order_id}.")
        return found[0]
