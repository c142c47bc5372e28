"""Buyers who order from what Amazon shows, and a shop that goes on living: prices, stock, sales, shipments."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from example_store import stock
from example_store.channel import amazon as channel
from example_store.database import db
from example_store.models import Order, Product, StockMovement
from flask_amazon_channel.simulator.control.refused import Refused
from tests.chaos.ground import Ground
from tests.journeys.world import US


class _Thread(threading.Thread):
    """Does `total` things over the storm, evenly; where the machine is slow it goes on after the kills."""

    def __init__(self, ground: Ground, total: int, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.ground, self.total = ground, total
        self.chance = random.Random(f"{ground.plan.seed}/{name}")
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            with self.ground.world.app.app_context():
                self.live()
                db.session.remove()
        except BaseException as error:
            self.error = error
            raise

    def live(self) -> None:
        begun, count, storm = time.monotonic(), 0, self.ground.plan.storm
        while count < self.total and (elapsed := time.monotonic() - begun) < storm + self.ground.plan.rest:
            wanted = min(self.total, int(self.total * elapsed / (0.95 * storm)) + 1)
            if count >= wanted:
                time.sleep(0.005)
                continue
            count += self.act()

    def act(self) -> bool:
        """Do one thing; return whether it was done."""
        raise NotImplementedError


class Buyers(_Thread):
    """They order what is shown as available; some orders wait for their payment, some are cancelled, whole or in part.

    `kept` are orders that will be paid and not cancelled: the shop may ship them.
    """

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground, ground.plan.orders, "buyers")
        self.skus = sorted(ground.stocked)
        self.waiting: list[tuple[float, Callable[[], None]]] = []
        self.kept: list[str] = []

    def act(self) -> bool:
        self._let_things_happen(time.monotonic())
        amazon, seller = self.ground.world.amazon, self.ground.world.seller["seller_id"]
        for _ in range(30):
            lines = [{"sku": self.chance.choice(self.skus), "quantity": self.chance.choice((1, 1, 2))}]
            if self.chance.random() < 0.1:
                lines.append({"sku": self.chance.choice(self.skus), "quantity": 1})
            if len({line["sku"] for line in lines}) < len(lines):
                continue
            status = "PENDING" if self.chance.random() < 0.2 else "UNSHIPPED"
            try:
                order_id = amazon.place_order(seller, US, lines, status)
            except Refused:
                continue  # sold out
            self._plan(order_id, lines, status)
            self.done["orders"] += 1
            return True
        self.failed["found nothing to buy"] += 1
        time.sleep(0.05)
        return False

    def _plan(self, order_id: str, lines: list[dict[str, object]], status: str) -> None:
        change = self.ground.world.amazon.change_order
        moment = time.monotonic() + self.chance.uniform(0.5, 6)
        dice = self.chance.random()
        if dice < 0.06:
            self.waiting.append((moment, lambda: self._do("cancelled", change, order_id, status="CANCELLED")))
            return
        if status == "PENDING":
            self.waiting.append((moment, lambda: self._do("paid", change, order_id, status="UNSHIPPED")))
        if dice < 0.10 and lines[0]["quantity"] == 2:
            part = [{"sku": lines[0]["sku"], "quantity": 1}]
            self.waiting.append((moment + 1, lambda: self._do("reduced", change, order_id, items=part)))
        elif dice < 0.13 and len(lines) == 2:
            part = [{"sku": lines[1]["sku"], "quantity": 0}]
            self.waiting.append((moment + 1, lambda: self._do("line cancelled", change, order_id, items=part)))
        else:
            self.kept.append(order_id)

    def _do(self, what: str, change: Callable[..., object], order_id: str, **changes: object) -> None:
        change(order_id, **changes)
        self.done[what] += 1

    def _let_things_happen(self, now: float) -> None:
        due = [each for each in self.waiting if each[0] <= now]
        self.waiting = [each for each in self.waiting if each[0] > now]
        for _, act in due:
            act()

    def live(self) -> None:
        super().live()
        self._let_things_happen(float("inf"))


class Shop(_Thread):
    """Each act is one transaction of the shop's own; every way to change a product comes up."""

    def __init__(self, ground: Ground, buyers: Buyers) -> None:
        super().__init__(ground, ground.plan.changes, "shop")
        self.buyers = buyers
        self.ids = list(db.session.scalars(sa.select(Product.id).order_by(Product.id)))
        db.session.rollback()
        self.shipped: set[str] = set()
        self.ways = {
            self.save_price: 40,
            self.sell: 12,
            self.restock: 14,
            self.count_anew: 8,
            self.bulk_prices: 2,
            self.text_in_the_session: 1,
            self.sql_that_no_hook_sees: 5,
            self.slip: 4,
            self.switch_off_or_on: 3,
            self.think_better_of_it: 3,
            self.ship: 8,
        }

    def act(self) -> bool:
        way = self.chance.choices(list(self.ways), list(self.ways.values()))[0]
        try:
            if way() is False:
                return False
            self.done[way.__name__] += 1
            return True
        except SQLAlchemyError as error:
            # The shop's own transaction failed, as when its database restarts: it was not committed, or nobody knows.
            db.session.rollback()
            self.failed[type(error).__name__] += 1
            time.sleep(0.2)
            return False
        finally:
            db.session.remove()

    def _product(self) -> Product:
        return db.session.get_one(Product, self.chance.choice(self.ids))

    def _price(self) -> Decimal:
        """All prices are near each other: a wave of jumps would be held back as a slip of the whole shop's."""
        return Decimal(self.chance.randrange(2000, 2900)) / 100

    def save_price(self) -> None:
        self._product().price = self._price()
        db.session.commit()

    def sell(self) -> None:
        stock.take(db.session(), self.chance.choice(self.ids), 1, "Sold in the shop")
        db.session.commit()

    def restock(self) -> None:
        stock.book(db.session(), self.chance.choice(self.ids), self.chance.randrange(1, 12), "Delivered")
        db.session.commit()

    def count_anew(self) -> None:
        """Fewer than were thought, often none: a decrease is what matters most."""
        product = self._product()
        db.session.refresh(product, with_for_update=True)
        least = -max(0, product.stock)
        stock.book(db.session(), product.id, self.chance.randrange(least, 1), "Counted")
        db.session.commit()

    def bulk_prices(self) -> None:
        category = self.chance.choice(("camping", "kitchen", "gifts"))
        some = sa.update(Product).where(Product.category == category, Product.id % 5 == self.chance.randrange(5))
        db.session.execute(some.values(price=self._price()))
        db.session.commit()

    def text_in_the_session(self) -> None:
        statement = sa.text("UPDATE product SET price = :price WHERE id = :id")
        db.session.execute(statement, {"price": str(self._price()), "id": self.chance.choice(self.ids)})
        db.session.commit()

    def sql_that_no_hook_sees(self) -> None:
        """What the manual asks for: `product_changed` in the same transaction."""
        product_id, delta = self.chance.choice(self.ids), self.chance.randrange(-2, 4)
        connection = db.session.connection()
        connection.exec_driver_sql(f"UPDATE product SET stock = stock + ({delta}) WHERE id = {product_id}")
        movement = sa.insert(StockMovement.__table__).values(product_id=product_id, delta=delta, cause="By SQL")
        connection.execute(movement)
        channel.product_changed(product_id)
        db.session.commit()

    def slip(self) -> None:
        self._product().price = self.chance.choice((Decimal("0.01"), Decimal("99999.00")))
        db.session.commit()

    def switch_off_or_on(self) -> None:
        """Always the same few: many at once would be held back as a slip."""
        product = db.session.get_one(Product, self.chance.choice(self.ids[:15]))
        product.enabled = not product.enabled
        db.session.commit()

    def think_better_of_it(self) -> None:
        self._product().price = self._price()
        db.session.flush()
        db.session.rollback()

    def ship(self) -> bool:
        """One of the newest orders; nothing while none is there that may be shipped."""
        newest = sa.select(Order).filter_by(source="amazon").order_by(Order.id.desc()).limit(100)
        left = set(self.buyers.kept) - self.shipped
        found = [one for one in db.session.scalars(newest) if one.external_number in left]
        if not found:
            return False
        order = self.chance.choice(found)
        packages = [None]
        first = order.lines[0]
        if first.quantity == 2 and len(order.lines) == 1:
            packages = [{first.external_id: 1}, {first.external_id: 1}]
        numbers = [f"00{order.id:08}{index}" for index in range(len(packages))]
        for number, items in zip(numbers, packages, strict=True):
            channel.order_shipped(str(order.id), carrier="DHL", tracking_number=number, items=items)
        db.session.commit()
        self.shipped.add(str(order.external_number))
        return True

    def put_right(self) -> None:
        """The slips are noticed; now the shop stays as it is."""
        for product in db.session.scalars(sa.select(Product).where(sa.or_(Product.price < 2, Product.price > 400))):
            product.price = Decimal("25.00")
        db.session.commit()
