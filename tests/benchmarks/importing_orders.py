"""P8: orders into the shop, each in a transaction of its own: its rows, the stock of its lines, its shop order.

The floor writes the very rows that the channel wrote, and the same changes of stock, without it: bare statements of the
driver, one transaction per order.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from example_store.database import db
from example_store.models import Order, OrderLine, Product, StockMovement
from flask_amazon_channel import Shop
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    Activity,
    AmazonOrder,
    AmazonOrderItem,
    OrderPerson,
    SellerAccount,
    Sku,
    StockEntry,
    Store,
    StoreState,
)
from flask_amazon_channel.models.database import begin_immediately
from flask_amazon_channel.rules.amazon import OrderItemSnapshot, OrderSnapshot
from flask_amazon_channel.rules.values import Address, Buyer, FulfilledBy
from flask_amazon_channel.sync.orders.keep_order import keep_order
from tests.benchmarks import places
from tests.benchmarks.figures import Figure
from tests.databases import Databases

ORDERS = 600
WARM_UP = 50
MARK = 300
WRITTEN = (Order, OrderLine, StockMovement, AmazonOrder, AmazonOrderItem, OrderPerson, StockEntry, Activity)


def measure(databases: Databases) -> list[Figure]:
    with databases.fresh() as uri, places.shop(uri) as channel:
        channel.ring = places.no_ring
        begin_immediately(db)
        account_id, products = _sell_everything()
        orders = [make_order(number, products) for number in range(WARM_UP + ORDERS)]
        _seconds(channel, account_id, orders[:WARM_UP])
        first = _rows()
        channel.shop = shop = TimedShop(channel.shop)
        seconds = _seconds(channel, account_id, orders[WARM_UP:])
        imported = db.session.scalar(sa.select(sa.func.count()).where(AmazonOrder.shop_order_id.is_not(None)))
        if imported != len(orders):
            raise RuntimeError(f"Only {imported} of {len(orders)} orders came into the shop.")
        floor = _floor(databases, first)
    figure = Figure(
        "P8",
        "order import, two lines each",
        "orders/s",
        ORDERS / seconds,
        ">= 300 orders/s on SQLite",
        ORDERS / seconds >= MARK,
        floor,
        (f"{seconds / ORDERS * 1e3:.2f} ms an order, of which the shop's own {shop.seconds / ORDERS * 1e3:.2f} ms",),
    )
    return [figure]


class TimedShop:
    """The shop, and how long it was at work: what no channel can do for it."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._shop, name)
        return partial(self._timed, member) if callable(member) else member

    def _timed(self, member: Callable[..., Any], *given: Any, **named: Any) -> Any:
        begun = perf_counter()
        try:
            return member(*given, **named)
        finally:
            self.seconds += perf_counter() - begun


def _seconds(channel: Channel, account_id: int, orders: list[OrderSnapshot]) -> float:
    begun = perf_counter()
    for order in orders:
        keep_order(channel, account_id, order, channel.clock())
    return perf_counter() - begun


def _sell_everything() -> tuple[int, list[Product]]:
    """Make an account with one store and a SKU for every product; nobody at Amazon is asked."""
    now = datetime.now(UTC)
    session = db.session()
    account = SellerAccount(seller_id="A2", region="na", name="Benchmark", connected_at=now - timedelta(days=9))
    session.add(account)
    session.flush()
    store = Store(account_id=account.id, marketplace_id=places.US, name="United States", currency="USD")
    store.country_code, store.language, store.domain = "US", "en_US", "www.amazon.com"
    store.state, store.created_at = StoreState.ACTIVE, now
    session.add(store)
    products = list(session.scalars(sa.select(Product).order_by(Product.id)))
    for product in products:
        product.stock = 100_000
    session.add_all(Sku(account_id=account.id, sku=product.sku, product_id=str(product.id)) for product in products)
    session.commit()
    session.refresh(account)
    for product in products:
        session.refresh(product)
    session.expunge_all()
    session.rollback()
    return account.id, products


def make_order(number: int, products: list[Product]) -> OrderSnapshot:
    """An order of two different products, paid, to be shipped, with buyer and address."""
    now = datetime.now(UTC)
    chosen = [products[(number + offset) % len(products)] for offset in (0, 7)]
    items = tuple(
        OrderItemSnapshot(
            order_item_id=f"{number:07d}{line}",
            sku=product.sku,
            asin=product.asin,
            title=product.title,
            quantity_ordered=1,
            fulfilled=0,
            unfulfilled=1,
            unit_price=product.price,
            tax=Decimal("1.10"),
            item_total=product.price + Decimal("1.10"),
            breakdown={"ITEM": product.price, "TAX": Decimal("1.10")},
        )
        for line, product in enumerate(chosen)
    )
    total = sum((product.price for product in chosen), Decimal(0))
    return OrderSnapshot(
        amazon_order_id=f"111-{number:07d}-0000000",
        marketplace_id=places.US,
        status="UNSHIPPED",
        fulfilled_by=FulfilledBy.MERCHANT,
        created_at=now,
        last_updated_at=now,
        items=items,
        currency="USD",
        grand_total=total + Decimal("2.20"),
        breakdown={"ITEM": total, "TAX": Decimal("2.20")},
        buyer=Buyer(name=f"Buyer {number}", email=f"{number}@marketplace.example"),
        address=Address(
            name=f"Buyer {number}",
            lines=("12 Harbour Street",),
            city="Seattle",
            state="WA",
            postal_code="98101",
            country_code="US",
        ),
        ship_by=now + timedelta(days=2),
        deliver_by=now + timedelta(days=6),
    )


def _rows() -> dict[str, int]:
    """Return how many rows each table has."""
    count = sa.select(sa.func.count())
    counts = {model.__tablename__: db.session.scalar(count.select_from(model)) or 0 for model in WRITTEN}
    db.session.rollback()
    return counts


def _floor(databases: Databases, first: dict[str, int]) -> float:
    """Return the orders per second of the driver alone."""
    writes = _writes_per_order(first)
    with databases.fresh() as uri, places.shop(uri), closing(db.engine.raw_connection()) as connection:
        _sell_everything()
        cursor = connection.cursor()
        if db.engine.dialect.name == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        else:
            cursor.execute("SET session_replication_role = replica")
        connection.commit()
        begun = perf_counter()
        for order in writes:
            for statement, parameters in order:
                cursor.execute(statement, parameters)
            connection.commit()
        return ORDERS / (perf_counter() - begun)


def _writes_per_order(first: dict[str, int]) -> list[list[tuple[str, tuple[Any, ...]]]]:
    """Return what was written after the warm-up, order by order: the rows as the driver reads them, and the stock."""
    place = "?" if db.engine.dialect.name == "sqlite" else "%s"
    writes: list[list[tuple[str, tuple[Any, ...]]]] = [[] for _ in range(ORDERS)]
    with closing(db.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        for name, before in first.items():
            key = "order_id" if name == OrderPerson.__tablename__ else "id"
            cursor.execute(f"SELECT * FROM {name} ORDER BY {key} LIMIT {10**9} OFFSET {before}")
            columns = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
            insert = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join([place] * len(columns))})"
            for number, row in enumerate(rows):
                writes[number * ORDERS // len(rows)].append((insert, tuple(row)))
                if name == StockMovement.__tablename__:
                    product_id = row[columns.index("product_id")]
                    change = f"UPDATE product SET stock = stock - 1 WHERE id = {place}"
                    writes[number * ORDERS // len(rows)].append((change, (product_id,)))
    return writes
