"""What a shop does to its products is noted in its own transaction, with one insert per flush, and never fails it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from decimal import Decimal

import pytest
import sqlalchemy as sa

from example_store.channel import amazon
from example_store.database import db
from example_store.models import ExchangeRate, Product
from flask_amazon_channel import StockCause, StockChange
from flask_amazon_channel.models import ProductChange
from tests.databases import Databases
from tests.journeys.world import ShopWorld, empty_shop, make_world


@pytest.fixture
def shop(database_server: Databases) -> Iterator[ShopWorld]:
    """Three products, and nothing noted."""
    with database_server.fresh(empty_shop) as uri, make_world(uri, works=False) as world:
        for sku in ("A", "B", "C"):
            world.add_product(sku)
        noted()
        yield world


def noted() -> set[str]:
    """Return what is noted, and forget it."""
    found = set(db.session.scalars(sa.select(ProductChange.product_id)))
    db.session.execute(sa.delete(ProductChange.__table__))
    db.session.commit()
    return found


def key(sku: str) -> str:
    return str(db.session.scalar(sa.select(Product.id).filter_by(sku=sku)))


def test_a_saved_a_new_and_a_deleted_product_are_noted(shop: ShopWorld) -> None:
    gone, changed = key("A"), key("B")
    db.session.delete(shop.product("A"))
    shop.product("B").price = Decimal("3.00")
    db.session.commit()
    shop.add_product("D")
    assert noted() == {gone, changed, key("D")}


def test_what_is_not_a_product_and_what_did_not_change_is_not_noted(shop: ShopWorld) -> None:
    shop.product("A").price = shop.product("A").price
    db.session.scalars(sa.select(ExchangeRate)).first().rate = Decimal("1.5")  # type: ignore[union-attr]
    db.session.commit()
    assert noted() == set()


def test_a_change_that_is_rolled_back_is_not_noted_even_in_a_savepoint(shop: ShopWorld) -> None:
    kept = key("B")
    with db.session.begin_nested() as savepoint:
        shop.product("A").stock = 1
        db.session.flush()
        savepoint.rollback()
    db.session.scalars(sa.select(Product).filter_by(sku="B")).one().stock = 2
    db.session.commit()
    assert noted() == {kept}


def test_the_worker_is_rung_when_the_change_is_committed_and_not_before(shop: ShopWorld) -> None:
    seen: list[int] = []

    def ring() -> None:
        with db.engine.connect() as worker:
            seen.append(worker.scalar(sa.select(sa.func.count()).select_from(ProductChange)) or 0)

    shop.channel.ring = ring
    shop.product("A").stock = 1
    db.session.flush()
    db.session.rollback()
    assert seen == []
    shop.product("A").stock = 2
    db.session.flush()
    db.session.commit()
    assert seen == [1]


def test_an_update_statement_notes_the_products_that_it_changes(shop: ShopWorld) -> None:
    changed = {key("A"), key("C")}
    db.session.execute(sa.update(Product).where(Product.sku.in_(["A", "C"])).values(stock=Product.stock - 1))
    db.session.commit()
    assert noted() == changed


def test_a_statement_with_parameters_of_its_own_notes_what_it_changes(shop: ShopWorld) -> None:
    changed = key("B")
    statement = sa.update(Product).where(Product.sku == sa.bindparam("which"))
    statement = statement.values(stock=Product.stock + sa.bindparam("more", type_=sa.Integer))
    db.session.execute(statement.execution_options(synchronize_session=False), {"which": "B", "more": 3})
    db.session.commit()
    assert noted() == {changed}


def test_stock_that_the_channel_books_is_a_change_like_any_other(shop: ShopWorld) -> None:
    """Another account may sell the same product."""
    booked = key("A")
    shop.channel.shop.change_stock(booked, -2, StockCause("111", "1", "amazon-1", StockChange.SALE))
    db.session.commit()
    assert noted() == {booked}


def test_an_update_by_primary_keys_notes_those(shop: ShopWorld) -> None:
    changed = {key("A"), key("B")}
    db.session.execute(sa.update(Product), [{"id": int(one), "stock": 5} for one in changed])
    db.session.commit()
    assert noted() == changed


def test_a_statement_run_for_many_rows_of_parameters_means_look_at_everything(shop: ShopWorld) -> None:
    statement = sa.update(Product).where(Product.sku == sa.bindparam("which")).values(stock=sa.bindparam("left"))
    rows = [{"which": "A", "left": 1}, {"which": "B", "left": 2}]
    db.session.connection()
    db.session.execute(statement.execution_options(synchronize_session=False, dml_strategy="core_only"), rows)
    db.session.commit()
    assert noted() == {"*"}


def test_a_delete_statement_notes_what_it_deletes(shop: ShopWorld) -> None:
    gone = key("B")
    db.session.execute(sa.delete(Product).where(Product.sku == "B"))
    db.session.commit()
    assert noted() == {gone}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE product SET stock = 0", "DELETE FROM product WHERE sku = 'A'"],
)
def test_sql_that_nobody_can_read_means_look_at_everything(shop: ShopWorld, statement: str) -> None:
    db.session.execute(sa.text(statement.replace("product", Product.__tablename__, 1)))
    db.session.commit()
    assert noted() == {"*"}


def test_reading_by_sql_notes_nothing(shop: ShopWorld) -> None:
    db.session.execute(sa.text(f"SELECT count(*) FROM {Product.__tablename__}"))
    db.session.commit()
    assert noted() == set()


def test_a_shop_can_say_by_hand_what_changed(shop: ShopWorld) -> None:
    amazon.product_changed(7, "8")
    db.session.commit()
    assert noted() == {"7", "8"}
    amazon.product_changed(9)
    db.session.rollback()
    assert noted() == set()


def test_without_our_tables_the_shop_works(shop: ShopWorld, caplog: pytest.LogCaptureFixture) -> None:
    ProductChange.__table__.drop(db.engine)  # type: ignore[attr-defined]
    db.session.execute(sa.text("DROP TABLE amazon_slot"))
    db.session.commit()
    shop.channel._has_tables = False
    with caplog.at_level(logging.ERROR):
        shop.save("A", stock=3)
    assert shop.product("A").stock == 3
    assert caplog.records == []
