"""What a store sold is counted by days and currencies, without what was not sold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy

from flask_amazon_channel.models import Store, sales
from flask_amazon_channel.models.sales import NO_CURRENCY, Sales
from tests.admin import making
from tests.admin.making import NOW, ago, make_app


@pytest.fixture
def db(database_uri: str) -> Iterator[SQLAlchemy]:
    app, db, _ = make_app(database_uri)
    with app.app_context():
        yield db
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def store(db: SQLAlchemy) -> Store:
    return making.store(db, making.account(db))


def sell(db: SQLAlchemy, store: Store, at: datetime, minor: int | None = 1000, **values: object) -> None:
    given = {"purchased_at": at, "total_minor": minor, "currency": "EUR", "status": "SHIPPED"}
    making.order(db, store.account, store, **{**given, **values})


def days(count: int) -> list[datetime]:
    return [NOW - timedelta(days=count - number) for number in range(count + 1)]


def test_each_order_counts_on_the_day_on_which_it_was_bought(db: SQLAlchemy, store: Store) -> None:
    edges = days(5)
    sell(db, store, edges[0])
    sell(db, store, edges[1] - timedelta(microseconds=1), 500)
    sell(db, store, edges[1], 70)
    sell(db, store, edges[4], 3)
    assert sales.between(db.session(), store.id, edges) == {
        "EUR": [Sales(2, 1500), Sales(1, 70), Sales(), Sales(), Sales(1, 3)]
    }


def test_what_was_bought_before_the_first_or_at_the_last_edge_is_left_out(db: SQLAlchemy, store: Store) -> None:
    edges = days(2)
    sell(db, store, edges[0] - timedelta(seconds=1))
    sell(db, store, edges[-1])
    assert sales.between(db.session(), store.id, edges) == {}


@pytest.mark.parametrize("status", sales.NOT_SOLD)
def test_cancelled_and_unreadable_orders_do_not_count(db: SQLAlchemy, store: Store, status: str) -> None:
    sell(db, store, ago(hours=5), status=status)
    assert sales.between(db.session(), store.id, days(2)) == {}
    assert sales.in_all(db.session(), store.id) == {}


def test_amounts_of_different_currencies_stay_apart(db: SQLAlchemy, store: Store) -> None:
    sell(db, store, ago(hours=5), 1000)
    sell(db, store, ago(hours=5), 700, currency="SEK")
    assert sales.between(db.session(), store.id, days(1)) == {"EUR": [Sales(1, 1000)], "SEK": [Sales(1, 700)]}
    assert sales.in_all(db.session(), store.id) == {"EUR": Sales(1, 1000), "SEK": Sales(1, 700)}


def test_an_order_whose_total_is_not_known_yet_is_counted_and_comes_to_nothing(db: SQLAlchemy, store: Store) -> None:
    sell(db, store, ago(hours=5), None, currency=None, status="PENDING")
    assert sales.between(db.session(), store.id, days(1)) == {NO_CURRENCY: [Sales(1, 0)]}


def test_orders_of_another_store_are_that_stores(db: SQLAlchemy, store: Store) -> None:
    sell(db, making.store(db, store.account, "GB"), ago(hours=5))
    assert sales.between(db.session(), store.id, days(1)) == {}


def test_any_number_of_days_is_told_apart(db: SQLAlchemy, store: Store) -> None:
    for count in (1, 2, 3, 61):
        edges = days(count)
        db.session.execute(sa.text("DELETE FROM amazon_order_item"))
        db.session.execute(sa.text("DELETE FROM amazon_order"))
        for number, edge in enumerate(edges[:-1]):
            sell(db, store, edge + timedelta(minutes=1), number + 1)
        assert [day.revenue_minor for day in sales.between(db.session(), store.id, edges)["EUR"]] == [
            *range(1, count + 1)
        ]


def test_the_figures_are_read_from_the_index_alone(db: SQLAlchemy, store: Store) -> None:
    """However many orders there are, and however large each is."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("The plan is asked for in SQLite's words.")
    store_id = store.id
    asked: list[tuple[str, tuple[object, ...]]] = []
    connection = db.session.connection()

    @sa.event.listens_for(connection, "before_cursor_execute")
    def listen(_: object, cursor: object, statement: str, parameters: tuple[object, ...], *rest: object) -> None:
        asked.append((statement, parameters))

    sales.between(db.session(), store_id, days(60))
    sales.in_all(db.session(), store_id)
    plans = [
        " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
        for statement, parameters in asked[:2]
    ]
    assert all("USING COVERING INDEX ix_amazon_order_sales" in plan for plan in plans), plans
