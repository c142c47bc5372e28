"""`SQLAlchemyShop`: one model as the shop's products."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from flask_amazon_channel import Kind, ShopAttribute, ShopProduct, SQLAlchemyShop, StockCause, StockChange
from tests.port.host import Article, Book, Colour, GoodShop, Record, db

CAUSE = StockCause("028-0000000-0000001", "1", "1", StockChange.SALE)


def article(sku: str, **values: Any) -> Article:
    row = Article(sku=sku, **values)
    db.session.add(row)
    db.session.commit()
    return row


def product(shop: SQLAlchemyShop, row: Article) -> ShopProduct:
    [found] = shop.products([str(row.id)], None)
    return found


def stock_in_the_database(row: Article) -> int | None:
    return db.session.scalar(sa.select(Article.stock).where(Article.id == row.id))


@pytest.fixture
def books(app: Flask) -> SQLAlchemyShop:
    db.session.add_all([Book(title=f"Book {number}", copies=number) for number in range(7)])
    db.session.commit()
    price = sa.literal(Decimal("5.00"), sa.Numeric(10, 2))
    return SQLAlchemyShop(Book, currency="EUR", sku=Book.title, title=Book.title, price=price, quantity=Book.copies)


@pytest.fixture
def records(app: Flask) -> SQLAlchemyShop:
    db.session.add_all([Record(number=number, title="A record") for number in ("10", "2", "b", "a")])
    db.session.commit()
    return SQLAlchemyShop(
        Record, currency="EUR", sku=Record.number, title=Record.title, price=sa.literal(1, sa.Integer)
    )


def walk(shop: SQLAlchemyShop, limit: int) -> list[str]:
    ids: list[str] = []
    while page := shop.product_ids(ids[-1] if ids else None, limit):
        ids += page
    return ids


def test_a_price_kept_as_a_float_is_read_as_it_was_written(app: Flask, shop: GoodShop) -> None:
    assert product(shop, article("X", cost=19.99)).prices == {"cost": Decimal("19.99")}


def test_a_time_without_a_zone_is_utc_and_a_date_its_first_moment(app: Flask, shop: GoodShop) -> None:
    row = article("X", sale_from=datetime(2026, 3, 1, 12), sale_until=date(2026, 4, 1))
    found = product(shop, row)
    assert found.sale_from == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert found.sale_until == datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stored", "kind"), [(None, Kind.SIMPLE), ("bundle", Kind.BUNDLE), ("subscription", Kind.OTHER)]
)
def test_a_kind_that_the_channel_does_not_know_is_another(
    app: Flask, shop: GoodShop, stored: str | None, kind: Kind
) -> None:
    assert product(shop, article("X", kind=stored)).kind is kind


def test_an_identifier_kept_as_a_number_is_text_and_is_found(app: Flask, shop: GoodShop) -> None:
    row = article("X", ean=4006381333931)
    assert product(shop, row).identifiers == {"ean": "4006381333931"}
    assert shop.find_products("ean", ["4006381333931", "no number"]) == {"4006381333931": [str(row.id)]}


def test_one_picture_is_a_list_of_one(app: Flask, shop: GoodShop) -> None:
    assert product(shop, article("X", picture="https://shop.test/x.jpg")).image_urls == ("https://shop.test/x.jpg",)


def test_attributes_say_what_they_are(app: Flask, shop: GoodShop) -> None:
    assert shop.attributes() == [
        ShopAttribute("colour", "Colour", "choice", ("RED", "BLUE")),
        ShopAttribute("heavy", "Heavy", "yes_no"),
        ShopAttribute("kind", "Kind", "text"),
    ]
    assert product(shop, article("X", colour=Colour.RED)).attributes["colour"] is Colour.RED


def test_skus_that_differ_in_case_are_two(app: Flask, shop: GoodShop) -> None:
    row = article("Case")
    assert shop.find_products("sku", ["Case", "CASE"]) == {"Case": [str(row.id)]}


def test_what_the_shop_does_not_have_finds_nothing(app: Flask, shop: GoodShop) -> None:
    assert shop.find_products("gcid", ["1"]) == {}


@pytest.mark.parametrize("unknown", ["", "1x", " 1", "01", "1.0", "99999999999999999999", "-1"])
def test_what_is_written_unlike_an_id_is_no_product(app: Flask, shop: GoodShop, unknown: str) -> None:
    assert list(shop.products([unknown], None)) == []
    with pytest.raises(LookupError):
        shop.change_stock(unknown, 1, CAUSE)


def test_more_ids_than_a_statement_can_take_are_asked_for_in_portions(app: Flask, shop: GoodShop) -> None:
    db.session.execute(sa.insert(Article), [{"sku": f"M-{number}"} for number in range(1100)])
    db.session.commit()
    ids = walk(shop, 1000)
    assert [row.id for row in shop.products(ids, None)] == ids
    assert len(shop.find_products("sku", [f"M-{number}" for number in range(1100)])) == 1100


def test_uuids_are_walked_and_read_as_text(books: SQLAlchemyShop) -> None:
    ids = walk(books, 2)
    assert sorted(ids) == sorted(str(key) for key in db.session.scalars(sa.select(Book.id)))
    assert {row.id for row in books.products(ids, None)} == set(ids)


def test_a_uuid_written_without_hyphens_is_not_the_id(books: SQLAlchemyShop) -> None:
    [some] = books.product_ids(None, 1)
    assert list(books.products([some.replace("-", "")], None)) == []


def test_text_keys_are_walked_as_text(records: SQLAlchemyShop) -> None:
    assert walk(records, 1) == ["10", "2", "a", "b"]


def test_stock_that_nobody_mapped_is_not_managed(records: SQLAlchemyShop) -> None:
    assert records.change_stock("a", -1, CAUSE) is None
    with pytest.raises(LookupError):
        records.change_stock("nothing", -1, CAUSE)


def test_stock_changes_below_zero_and_says_what_is_left(app: Flask, shop: GoodShop) -> None:
    row = article("X", stock=3)
    assert shop.change_stock(str(row.id), -5, CAUSE) == -2
    assert stock_in_the_database(row) == -2


def test_stock_changes_by_the_delta_whatever_the_session_has_loaded(app: Flask, shop: GoodShop) -> None:
    row = article("X", stock=10)
    assert row.stock == 10
    underneath = sa.update(Article).where(Article.id == row.id).values(stock=100)
    db.session.execute(underneath.execution_options(synchronize_session=False))
    assert shop.change_stock(str(row.id), -1, CAUSE) == 99
    assert row.stock == 99


def test_a_change_that_the_session_has_not_yet_written_is_kept(app: Flask, shop: GoodShop) -> None:
    row = article("X", stock=10)
    row.stock = 20
    assert shop.change_stock(str(row.id), -1, CAUSE) == 19
    assert row.stock == 19


def test_a_rollback_takes_the_change_back(app: Flask, shop: GoodShop) -> None:
    row = article("X", stock=10)
    shop.change_stock(str(row.id), -1, CAUSE)
    db.session.rollback()
    assert stock_in_the_database(row) == 10


def test_a_product_without_a_number_stays_without_one(app: Flask, shop: GoodShop) -> None:
    row = article("X", stock=None)
    assert shop.change_stock(str(row.id), -1, CAUSE) is None
    assert stock_in_the_database(row) is None


def test_a_calculated_quantity_cannot_be_booked_on_and_says_so(app: Flask) -> None:
    shop = GoodShop(quantity=Article.stock - 1)
    row = article("X", stock=10)
    assert product(shop, row).quantity == 9
    with pytest.raises(TypeError, match="write change_stock"):
        shop.change_stock(str(row.id), -1, CAUSE)


def test_a_field_that_does_not_exist_is_named() -> None:
    with pytest.raises(TypeError, match="knows no weight"):
        GoodShop(weight=Article.stock)
