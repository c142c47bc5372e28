"""P3: a report of a million listings into the two tables, once as it is and once matched with as many products.

The floor reads the same file with the csv module and writes the same two tables with the fastest bulk statements that
the database has.  Ours runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from example_store import create_app
from example_store.database import db
from example_store.models import Product
from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.models import Listing, SellerAccount, Sku, Store, StoreState, Stream, StreamName
from flask_amazon_channel.models.database import begin_immediately
from flask_amazon_channel.models.due import Claim
from flask_amazon_channel.spapi.documents import Document
from flask_amazon_channel.sync import listings_report, reports
from tests.benchmarks import places
from tests.benchmarks.figures import Figure
from tests.databases import Databases

ROWS = 1_000_000
MARK, MARK_MATCHED = 0.4, 0.2
MEGABYTES = 300
_PORTION = 5000
_HEADER = [
    *("item-name", "item-description", "listing-id", "seller-sku", "price", "quantity", "open-date"),
    *("product-id-type", "item-note", "item-condition", "asin1", "product-id", "fulfillment-channel"),
    *("merchant-shipping-group", "status"),
]


def measure(databases: Databases) -> list[Figure]:
    with TemporaryDirectory(prefix="report-") as folder:
        report = Path(folder) / "report.txt"
        _write_report(report)
        floor = _floor(databases, report)
        return [_ours(databases, report, floor, matched=False), _ours(databases, report, floor, matched=True)]


def _write_report(report: Path) -> None:
    with report.open("w", encoding="utf-8") as file:
        file.write("\t".join(_HEADER) + "\n")
        for number in range(ROWS):
            cells = {
                "item-name": f"The article with the number {number}, in one of its many colours",
                "item-description": "What it is good for, said in a sentence of some length.",
                "listing-id": f"1122{number:07d}",
                "seller-sku": _sku(number),
                "price": f"{number % 90 + 9}.99",
                "quantity": str(number % 50),
                "open-date": "2026-01-07 07:35:42 PST",
                "product-id-type": "1",
                "item-condition": "11",
                "asin1": f"B{number:09d}",
                "product-id": f"B{number:09d}",
                "fulfillment-channel": "DEFAULT",
                "merchant-shipping-group": "Standard",
                "status": "Active",
            }
            file.write("\t".join(cells.get(name, "") for name in _HEADER) + "\n")


def _sku(number: int) -> str:
    return f"SKU-{number:07d}"


def _ours(databases: Databases, report: Path, floor: float, *, matched: bool) -> Figure:
    with databases.fresh() as uri:
        with places.shop(uri) as channel:
            channel.ring = places.no_ring
            _prepare(matched)
        command = [sys.executable, "-m", __name__, uri, str(report)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        answer = json.loads(done.stdout)
    if answer["rows"] != ROWS or answer["matched"] != (ROWS if matched else 0):
        raise RuntimeError(f"Not all of it came in: {answer}")
    rate, megabytes, mark = ROWS / answer["seconds"], answer["megabytes"], MARK_MATCHED if matched else MARK
    return Figure(
        "P3",
        f"import of {ROWS:,} listings" + (", matched" if matched else ""),
        "rows/s",
        rate,
        f">= {mark} x floor, <= {MEGABYTES} MB",
        rate >= mark * floor and megabytes <= MEGABYTES,
        floor,
        (f"peak memory {megabytes:.0f} MB", f"{answer['seconds']:.1f} s"),
    )


def _prepare(with_products: bool) -> None:
    """Make an account with a store whose report is there, and the products that its SKUs belong to."""
    now = datetime.now(UTC)
    session = db.session()
    account = SellerAccount(seller_id="A2", region="na", name="Benchmark", connected_at=now - timedelta(days=9))
    if not with_products:
        account.identifier_attributes = {}
    session.add(account)
    session.flush()
    store = Store(account_id=account.id, marketplace_id=places.US, name="United States", currency="USD")
    store.country_code, store.language, store.domain = "US", "en_US", "www.amazon.com"
    store.state, store.created_at = StoreState.ACTIVE, now
    session.add(store)
    session.flush()
    for name in (StreamName.LISTINGS, StreamName.LISTINGS_REPORT, StreamName.CATALOGUE, StreamName.PRODUCTS):
        session.add(Stream(store_id=store.id, name=name, report_asked_at=now - timedelta(minutes=5)))
    session.flush()
    if with_products:
        facts = {"brand": "B", "category": "camping", "description": "", "condition": "new", "enabled": True}
        for begin in range(0, ROWS, _PORTION):
            rows = [
                {"sku": _sku(number), "title": f"Product {number}", "price": 10, "stock": 5, **facts}
                for number in range(begin, min(begin + _PORTION, ROWS))
            ]
            session.connection().execute(sa.insert(Product), rows)
    session.execute(sa.text("DELETE FROM amazon_product_change"))
    session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def _floor(databases: Databases, report: Path) -> float:
    """Return the rows per second of the driver alone."""
    with databases.fresh() as uri, places.shop(uri) as channel:
        channel.ring = places.no_ring
        _prepare(with_products=False)
        with closing(db.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            begun = perf_counter()
            write = _executemany if db.engine.dialect.name == "sqlite" else _copy
            for portion in _portions(report):
                write(cursor, portion)
                connection.commit()
            return ROWS / (perf_counter() - begun)


def _portions(report: Path) -> Iterator[list[tuple[int, list[str]]]]:
    with report.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        numbered = enumerate(rows, start=1)
        while portion := list(islice(numbered, 10 * _PORTION)):
            yield portion


_SKU_COLUMNS = "id, account_id, sku, fulfilled_by, condition, observed_quantity, observed_quantity_at, ever_live"
_LISTING_COLUMNS = (
    "store_id, sku_id, seller_sku, asin, title, on_amazon, amazon_status, observed_price_minor, shown_quantity,"
    " observed_at, state"
)
_AT = "2026-01-01 00:00:00.000000"


def _sku_row(number: int, row: list[str]) -> tuple[Any, ...]:
    return (number, 1, row[3], "merchant", "new_new", int(row[5]), _AT, True)


def _listing_row(number: int, row: list[str]) -> tuple[Any, ...]:
    price = int(row[4].replace(".", ""))
    buyable = "BUYABLE DISCOVERABLE"
    return (1, number, row[3], row[10], row[0], True, buyable, price, int(row[5]), _AT, "new_third_party")


def _executemany(cursor: Any, portion: list[tuple[int, list[str]]]) -> None:
    for table, columns, key, make in (
        ("amazon_sku", _SKU_COLUMNS, "account_id, sku", _sku_row),
        ("amazon_listing", _LISTING_COLUMNS, "store_id, sku_id", _listing_row),
    ):
        names = columns.split(", ")
        updated = ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("id", *key.split(", ")))
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))})"
            f" ON CONFLICT ({key}) DO UPDATE SET {updated}",
            [make(number, row) for number, row in portion],
        )


def _copy(cursor: Any, portion: list[tuple[int, list[str]]]) -> None:
    for table, columns, make in (
        ("amazon_sku", _SKU_COLUMNS, _sku_row),
        ("amazon_listing", _LISTING_COLUMNS, _listing_row),
    ):
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for number, row in portion:
                copy.write_row(make(number, row))


def _import(channel: Channel, report: Path) -> float:
    """Read the document as the worker does."""
    begin_immediately(db)
    reports.READ_AT_MOST = float("inf")
    session = db.session()
    session.execute(sa.update(Stream).values(lease_epoch=1))
    session.commit()
    stream = session.scalars(sa.select(Stream).filter_by(name=StreamName.LISTINGS_REPORT)).one()
    store = session.scalars(sa.select(Store).options(joinedload(Store.account))).one()
    session.expunge_all()
    session.rollback()
    claimed = Claim(stream.id, 1, stream.generation)
    begun = perf_counter()
    with Document(report.open("rb"), "utf-8", report.stat().st_size, ROWS + 1) as document:
        listings_report._read(channel, document, stream, store, claimed)
    return perf_counter() - begun


def main(uri: str, report: str) -> None:
    app = create_app({"SECRET_KEY": "of the benchmarks", **places.settings(uri)})
    with app.app_context():
        channel = current()
        channel.ring = places.no_ring
        seconds = _import(channel, Path(report))
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        count = sa.select(sa.func.count())
        rows = db.session.scalar(count.select_from(Listing))
        matched = db.session.scalar(count.select_from(Sku).where(Sku.product_id.is_not(None)))
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "rows": rows, "matched": matched}))


if __name__ == "__main__":
    main(*sys.argv[1:])
