"""The price of the channel in the host's own transaction, in statements: these are counted, not timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from example_store.database import db
from example_store.models import ExchangeRate, Product
from tests.benchmarks import places
from tests.benchmarks.saving import statements_of


@pytest.fixture
def products(database_uri: str) -> Iterator[list[Product]]:
    """The products of the example store, loaded."""
    with places.shop(database_uri) as channel:
        channel.ring = places.no_ring
        loaded = list(db.session.scalars(sa.select(Product).order_by(Product.id)))
        # The channel looks once whether its tables are there.
        loaded[0].stock += 1
        db.session.flush()
        yield loaded


def inserts(act: Callable[[], object]) -> int:
    """Return how many statements write product changes down while `act` runs."""
    return sum("amazon_product_change" in statement for statement in statements_of(act))


def _raise_price(products: list[Product]) -> None:
    for product in products:
        product.price += 1
    db.session.flush()


@pytest.mark.parametrize("count", [1, 2, 50])
def test_a_flush_costs_one_statement_more_whatever_the_number_of_products(products: list[Product], count: int) -> None:
    assert inserts(lambda: _raise_price(products[:count])) == 1


def test_each_changed_product_is_in_that_statement(products: list[Product]) -> None:
    written = sa.text("SELECT product_id FROM amazon_product_change")
    db.session.execute(sa.text("DELETE FROM amazon_product_change"))
    _raise_price(products[:50])
    assert sorted(db.session.scalars(written)) == sorted(str(product.id) for product in products[:50])


def test_a_flush_of_other_models_costs_nothing(products: list[Product]) -> None:
    def change_rates() -> None:
        for rate in db.session.scalars(sa.select(ExchangeRate)):
            rate.rate += 1
        db.session.flush()

    assert inserts(change_rates) == 0


def test_the_same_value_again_costs_nothing(products: list[Product]) -> None:
    def save_again() -> None:
        for product in products:
            product.price = product.price
        db.session.flush()

    assert inserts(save_again) == 0


def test_a_flush_adds_no_other_statement(products: list[Product]) -> None:
    statements = statements_of(lambda: _raise_price(products[:1]))
    assert [statement.split()[0] for statement in statements] == ["UPDATE", "INSERT"]
