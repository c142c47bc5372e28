"""The shop, Amazon, its buyers and a worker that may die, as rules; the promises as invariants."""

from __future__ import annotations

from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from example_store import stock
from example_store.channel import amazon as channel
from example_store.database import db
from example_store.models import Product, StockMovement
from flask_amazon_channel.models import AspectName, Store
from flask_amazon_channel.simulator.control.refused import Refused
from flask_amazon_channel.simulator.wire.faults import KINDS
from flask_amazon_channel.sync import cycles
from tests.chaos.ground import HIGHEST, LOWEST
from tests.chaos.looking import Knowledge
from tests.chaos.nemesis import NO_ACCIDENT
from tests.crash.boundaries import Boundaries, connection_lost, out_of_time, watched
from tests.crash.truths import always, at_rest
from tests.databases import Databases
from tests.journeys.world import ShopWorld, empty_shop, listed, make_world

STOCKED = {"LAMP": 40, "PAN": 12}
SKUS = st.sampled_from(sorted(STOCKED))
ACCIDENTS = [kind for kind in KINDS if kind not in (*NO_ACCIDENT, "skip_item", "bomb")]
OPERATIONS = ["*", "patchListingsItem", "confirmShipment", "searchOrders", "getOrder", "searchListingsItems", "token"]


class Journeys(RuleBasedStateMachine):
    """One world.  `orders` are orders at Amazon that nothing final has happened to."""

    orders = Bundle("orders")

    def __init__(self, server: Databases) -> None:
        super().__init__()
        self.server = server
        self.open = ExitStack()
        self.arrived = 0
        self.stock_before: dict[str, int] = {}

    @initialize()
    def begin(self) -> None:
        uri = self.open.enter_context(self.server.fresh(empty_shop))
        self.world: ShopWorld = self.open.enter_context(make_world(uri))
        for sku, units in STOCKED.items():
            self.world.add_product(sku, stock=units)
        self.world.connect(listings=[listed(sku, quantity=units) for sku, units in STOCKED.items()])
        guards = {"price_minimum_minor": int(LOWEST * 100), "price_maximum_minor": int(HIGHEST * 100)}
        db.session.execute(sa.update(Store).values(**guards))
        db.session.commit()
        self.world.cycle()
        self.world.amazon.forget_requests()
        patches = self.open.enter_context(pytest.MonkeyPatch.context())
        self.boundaries: Boundaries = self.open.enter_context(watched(self.world.channel, patches))
        self.stock_before = self._stocks()

    # The shop

    @rule(sku=SKUS, cents=st.one_of(st.integers(1900, 2300), st.sampled_from([1, 9999900])))
    def host_price(self, sku: str, cents: int) -> None:
        self.world.save(sku, price=Decimal(cents) / 100)

    @rule(sku=SKUS, delta=st.integers(-15, 15).filter(bool))
    def host_stock(self, sku: str, delta: int) -> None:
        stock.book(db.session(), self.world.product(sku).id, delta, "Counted")
        db.session.commit()

    @rule(sku=SKUS)
    def shop_sale(self, sku: str) -> None:
        stock.take(db.session(), self.world.product(sku).id, 1, "Sold in the shop")
        db.session.commit()

    @rule(sku=SKUS, delta=st.integers(-5, 5).filter(bool))
    def raw_sql_change(self, sku: str, delta: int) -> None:
        product_id = self.world.product(sku).id
        db.session.connection().exec_driver_sql(f"UPDATE product SET stock = stock + ({delta}) WHERE id = {product_id}")
        movement = sa.insert(StockMovement.__table__).values(product_id=product_id, delta=delta, cause="By SQL")
        db.session.connection().execute(movement)
        channel.product_changed(product_id)
        db.session.commit()

    @rule(sku=SKUS)
    def think_better_of_it(self, sku: str) -> None:
        self.world.product(sku).price = Decimal("1.11")
        db.session.flush()
        db.session.rollback()

    @rule(order_id=orders, part=st.booleans())
    def ship(self, order_id: str, part: bool) -> None:
        found = [row for row in self.world.shop_orders() if row.external_number == order_id]
        amazons = self.world.amazon.world.state.orders[order_id]
        if not found or amazons.is_pending or amazons.status == "CANCELLED":
            return
        lines = {line.external_id: 1 for line in found[0].lines} if part else None
        number = f"00{found[0].id:05}{len(self.world.packages())}"
        try:
            channel.order_shipped(str(found[0].id), carrier="DHL", tracking_number=number, items=lines)
        except ValueError:
            db.session.rollback()  # more than is left of it
            return
        db.session.commit()

    # Amazon

    @rule(target=orders, sku=SKUS, units=st.integers(1, 3), status=st.sampled_from(["UNSHIPPED", "PENDING"]))
    def amazon_sale(self, sku: str, units: int, status: str) -> Any:
        try:
            return self.world.buy(sku, units, status=status)
        except Refused:
            return multiple()

    @rule(order_id=orders)
    def amazon_payment(self, order_id: str) -> None:
        if self.world.amazon.world.state.orders[order_id].is_pending:
            self.world.amazon.change_order(order_id, status="UNSHIPPED")

    @rule(order_id=consumes(orders))
    def amazon_cancel(self, order_id: str) -> None:
        """Not what the shop has sent already: the shop would have to call it back."""
        if not self._has_packages(order_id):
            self.world.amazon.change_order(order_id, status="CANCELLED")

    @rule(order_id=orders)
    def amazon_cancel_part(self, order_id: str) -> None:
        item = self.world.amazon.world.state.orders[order_id].items[0]
        if item.quantity > 1 and not self._has_packages(order_id):
            units = [{"sku": item.sku, "quantity": item.quantity - 1}]
            self.world.amazon.change_order(order_id, items=units)

    @rule()
    def revoke(self) -> None:
        self.world.amazon.change_seller(self.world.seller["seller_id"], revoked=True)

    @rule()
    def authorise_again(self) -> None:
        self.world.amazon.change_seller(self.world.seller["seller_id"], revoked=False)
        self.world.amazon.heal()
        self.world.authorise("Fjellstad")
        db.session.rollback()

    # What a worker does, and what happens to it

    @rule()
    def work(self) -> None:
        cycles.work_once(self.world.channel)
        db.session.rollback()

    @rule()
    def cycle(self) -> None:
        self.world.pass_time(301)
        self._survive(lambda: cycles.begin(self.world.channel) and self.world.work())

    @rule(at=st.integers(0, 60), crash=st.sampled_from([out_of_time, connection_lost]))
    def work_and_die(self, at: int, crash: Any) -> None:
        self.boundaries.begin(at, crash)
        self._survive(self.world.work)
        self.boundaries.end()

    def _survive(self, act: Any) -> None:
        try:
            act()
        except (sa.exc.OperationalError, sa.exc.ProgrammingError):
            pass
        except BaseException as error:
            if type(error).__name__ != "OutOfTime":
                raise
        db.session.remove()
        self.world.channel.db.engine.dispose()

    @rule(seconds=st.sampled_from([1, 5, 31, 130, 301]))
    def advance_clock(self, seconds: int) -> None:
        self.world.pass_time(seconds)

    @rule(operation=st.sampled_from(OPERATIONS), kind=st.sampled_from(ACCIDENTS))
    def fault(self, operation: str, kind: str) -> None:
        seconds = {"reorder": 20.0, "slow_drip": 0.1}.get(kind, 0.05)
        self.world.amazon.fault(operation, kind, seconds=seconds)

    # The promises

    @invariant()
    def promises(self) -> None:
        if not self.stock_before:
            return
        assert always(self.world, STOCKED) == []
        known, stocks = Knowledge(self.world, STOCKED), self._stocks()
        for sent in known.sent[self.arrived :]:
            if sent.aspect == AspectName.QUANTITY:
                had = max(0, stocks[sent.sku], self.stock_before[sent.sku])
                assert int(sent.value or 0) <= had, f"{sent.sku}: {sent.value} were sent, the shop had {had}"
        self.arrived, self.stock_before = len(known.sent), stocks

    def teardown(self) -> None:
        try:
            if self.stock_before:
                self._come_to_rest()
                assert at_rest(self.world, STOCKED) == []
        finally:
            self.open.close()

    def _come_to_rest(self) -> None:
        """Everything is healed, slips are put right, what was sold is paid for; then time passes."""
        world = self.world
        self.boundaries.end()
        self.authorise_again()
        for sku in STOCKED:
            if not LOWEST <= world.product(sku).price <= HIGHEST:
                world.save(sku, price=Decimal("21.00"))
        for _ in range(2):
            world.pass_time(3700)
            cycles.begin(world.channel)
            world.settle(70, step=14)

    def _stocks(self) -> dict[str, int]:
        db.session.rollback()
        return dict(db.session.execute(sa.select(Product.sku, Product.stock)).all())

    def _has_packages(self, order_id: str) -> bool:
        known = Knowledge(self.world, STOCKED)
        return bool(known.packages.get(order_id) or self.world.amazon.world.state.orders[order_id].packages)
