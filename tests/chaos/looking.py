"""What the shop, the channel and Amazon know: read once, when everything has come to rest."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import sqlalchemy as sa

from example_store.database import db
from example_store.models import Order, Product, StockMovement
from flask_amazon_channel.models import (
    AmazonOrder,
    AmazonOrderItem,
    Aspect,
    AspectName,
    Listing,
    Package,
    Sku,
    StockEntry,
    Stream,
    StreamName,
    Submission,
)
from tests.journeys.world import US, ShopWorld

_LOG = {
    "sqlite": """
        CREATE TRIGGER chaos_stock_changed AFTER UPDATE OF stock ON product WHEN NEW.stock <> OLD.stock BEGIN
        INSERT INTO chaos_stock (product_id, stock, at)
        VALUES (NEW.id, NEW.stock, (julianday('now') - 2440587.5) * 86400.0); END
    """,
    "postgresql": """
        CREATE FUNCTION chaos_keep() RETURNS trigger AS $$ BEGIN
        INSERT INTO chaos_stock (product_id, stock, at)
        VALUES (NEW.id, NEW.stock, EXTRACT(EPOCH FROM clock_timestamp())); RETURN NEW; END $$ LANGUAGE plpgsql;
        CREATE TRIGGER chaos_stock_changed AFTER UPDATE OF stock ON product FOR EACH ROW
        WHEN (NEW.stock <> OLD.stock) EXECUTE FUNCTION chaos_keep()
    """,
    "mysql": """
        CREATE TRIGGER chaos_stock_changed AFTER UPDATE ON product FOR EACH ROW
        INSERT INTO chaos_stock (product_id, stock, at) VALUES (NEW.id, NEW.stock, UNIX_TIMESTAMP(SYSDATE(6)))
    """,
}


def log_the_stock() -> None:
    """Let the database write down every stock that a product has, with the time; begin with what there is."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE chaos_stock (product_id INTEGER, stock INTEGER, at DOUBLE PRECISION)")
        connection.exec_driver_sql("INSERT INTO chaos_stock SELECT id, stock, 0 FROM product")
        connection.exec_driver_sql(_LOG[connection.dialect.name])


@dataclass
class Sent:
    """One patch as Amazon received it."""

    at: float
    sku: str
    aspect: str
    value: Decimal | int | None
    fault: str | None
    status: int


def value_of(intent: Submission) -> Decimal | int | None:
    return intent.quantity if intent.price_minor is None else Decimal(intent.price_minor) / 100


class Knowledge:
    """Everything, by plain dictionaries."""

    def __init__(self, world: ShopWorld, stocked: Mapping[str, int]) -> None:
        self.world, self.stocked = world, stocked
        db.session.remove()
        self._of_shop()
        self._of_channel()
        self._of_amazon()
        db.session.remove()

    def _of_shop(self) -> None:
        read = db.session
        self.products = {row.sku: row for row in read.scalars(sa.select(Product)).all()}
        self.sku_of = {str(product.id): sku for sku, product in self.products.items()}
        self.movements = Counter[str]()
        self.amazon_movements = Counter[str]()
        for product_id, delta, reference in read.execute(
            sa.select(StockMovement.product_id, StockMovement.delta, StockMovement.reference)
        ):
            self.movements[self.sku_of[str(product_id)]] += delta
            if (reference or "").startswith("amazon:"):
                self.amazon_movements[self.sku_of[str(product_id)]] += delta
        self.shop_orders = Counter(read.scalars(sa.select(Order.external_number).filter_by(source="amazon")))
        self.shop_order_status = dict(
            read.execute(sa.select(Order.external_number, Order.status).filter_by(source="amazon")).all()
        )

    def _of_channel(self) -> None:
        read = db.session
        read_until = read.scalar(sa.select(Stream.position).where(Stream.name == StreamName.ORDERS))
        self.read_until = read_until.timestamp() if read_until else None
        self.orders = Counter[str]()
        self.updated: dict[str, float] = {}
        self.quarantined: set[str] = set()
        for order in read.scalars(sa.select(AmazonOrder)):
            self.orders[order.amazon_order_id] += 1
            self.updated[order.amazon_order_id] = order.updated_at.timestamp()
            self.quarantined |= {order.amazon_order_id} if order.problem else set()
        self.booked = {
            item: int(total)
            for item, total in read.execute(
                sa.select(AmazonOrderItem.order_item_id, sa.func.sum(StockEntry.delta))
                .join(StockEntry, StockEntry.order_item_id == AmazonOrderItem.id)
                .group_by(AmazonOrderItem.order_item_id)
            )
        }
        self.ledger = Counter[str]()
        for product_id, delta in read.execute(sa.select(StockEntry.product_id, StockEntry.delta)):
            self.ledger[self.sku_of[product_id]] += delta
        self.packages: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for order_id, reference, number in read.execute(
            sa.select(AmazonOrder.amazon_order_id, Package.reference, Package.tracking_number).join(Package)
        ):
            self.packages[order_id].append((str(reference), number))
        now = self.world.channel.clock()
        self.package_states = {
            package.tracking_number: _state(package, now) for package in read.scalars(sa.select(Package))
        }
        self.intents: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for submission, sku in read.execute(
            sa.select(Submission, Sku.sku)
            .join(Aspect, Aspect.id == Submission.aspect_id)
            .outerjoin(Listing, Listing.id == Aspect.listing_id)
            .join(Sku, sa.or_(Sku.id == Aspect.sku_id, Sku.id == Listing.sku_id))
            .order_by(Submission.id)
        ):
            kind = AspectName.PRICE if submission.price_minor is not None else AspectName.QUANTITY
            self.intents[sku, kind].append(submission)

    def _of_amazon(self) -> None:
        amazon = self.world.amazon
        state = amazon.world.state
        self.amazon_orders = state.orders
        requests = amazon.requests()
        self.calls = len(requests)
        self.over_budget = [one for one in requests if one["status"] == 429 and one["fault"] != "429"]
        self.sent = list(_patches(requests))
        self.confirmed = [
            (unquote(one["path"].split("/")[4]), json.loads(one["body"]))
            for one in requests
            if one["operation"] == "confirmShipment"
        ]
        seller = self.world.seller["seller_id"]
        self.live = {sku: amazon.listing(seller, US, sku) for sku in self.products}

    def why(self, sku: str) -> str:
        """Say how the work on the SKU stands, for whoever looks for the cause."""
        now = self.world.channel.clock()
        found = db.session.execute(
            sa.select(Aspect, Sku)
            .outerjoin(Listing, Listing.id == Aspect.listing_id)
            .join(Sku, sa.or_(Sku.id == Aspect.sku_id, Sku.id == Listing.sku_id))
            .where(Sku.sku == sku)
        ).all()
        last = [one.state for name in AspectName for one in self.intents.get((sku, name), [])[-1:]]
        return "; ".join([f"{aspect.name} {_state(aspect, now)}" for aspect, _ in found] + last)

    def wanted_quantity(self, sku: str) -> int:
        product = self.products[sku]
        return max(0, product.stock) if product.enabled else 0

    def wanted_price(self, sku: str) -> Decimal | None:
        """None where nothing is wanted: what must not be sold keeps its price."""
        product = self.products[sku]
        return Decimal(product.price).quantize(Decimal("0.01")) if product.enabled and product.stock > 0 else None

    @cached_property
    def stocks(self) -> dict[str, list[tuple[float, int]]]:
        found: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for product_id, stock, at in db.session.execute(
            sa.text("SELECT product_id, stock, at FROM chaos_stock ORDER BY at")
        ):
            found[self.sku_of[str(product_id)]].append((float(at), int(stock)))
        db.session.rollback()
        return found

    def greatest_stock(self, sku: str, since: float, until: float) -> int:
        """The highest stock that the shop had at any moment of a stretch of time."""
        before, within = 0, []
        for at, stock in self.stocks[sku]:
            if at <= since:
                before = stock
            elif at <= until:
                within.append(stock)
        return max([before, *within])


def _state(row: Any, now: datetime) -> str:
    due = "not due" if row.due_at is None else f"due in {(row.due_at - now).total_seconds():.0f} s"
    lease = "" if row.leased_until is None else f", leased for {(row.leased_until - now).total_seconds():.0f} s"
    return f"{due}{lease}, {row.failures} failures: {row.problem}"


def _patches(requests: Iterable[dict[str, Any]]) -> Iterable[Sent]:
    for one in requests:
        # Refused at the door (401, 403), the same call comes again with a new token.
        if one["operation"] != "patchListingsItem" or one["fault"] == "refuse" or one["status"] in (401, 403):
            continue
        sku = unquote(one["path"].rsplit("/", 1)[-1])
        for patch in json.loads(one["body"])["patches"]:
            name, value = _value(patch)
            yield Sent(one["at"], sku, name, value, one["fault"], one["status"])


def _value(patch: dict[str, Any]) -> tuple[str, Decimal | int | None]:
    if patch["path"] == "/attributes/fulfillment_availability":
        return AspectName.QUANTITY, int(patch["value"][0]["quantity"])
    for offer in patch.get("value") or ():
        if offer.get("audience", "ALL") == "ALL":
            return AspectName.PRICE, Decimal(str(offer["our_price"][0]["schedule"][0]["value_with_tax"]))
    return AspectName.PRICE, None
