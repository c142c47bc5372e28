"""Orders of buyers at Amazon: imported, shipped, cancelled."""

from __future__ import annotations

import time

import sqlalchemy as sa

from example_store.demo.amazon import MARKETPLACES
from example_store.models import Order, StockMovement
from example_store.tour.scene import Facts, Scene, expect

US = MARKETPLACES["US"][0]
ORDERED = (("CG-2006", 2), ("KT-3005", 3))
CANCELLED = ("CG-2010", 4)
CARRIER, TRACKING = "UPS", "1Z999AA10123456784"


def order_imported(scene: Scene) -> Facts:
    """Let a buyer order two products; then read the same order once more, which must change nothing."""
    before = _stock(scene)
    order_id = scene.amazon.place_order(scene.seller, US, *ORDERED)
    placed_at = time.monotonic()
    order = scene.until(lambda: scene.shop_order(order_id))
    seconds = round(time.monotonic() - placed_at, 2)
    lines = {line.sku: line.quantity for line in order.lines}
    expect(lines == dict(ORDERED), f"The shop order has the lines {lines}.")
    wanted = {sku: before[sku] - quantity for sku, quantity in ORDERED}
    scene.until(lambda: _expect_stock(scene, wanted))
    scene.amazon.change_order(order_id)
    scene.demo.flask("amazon", "import-orders", "--json")
    _expect_stock(scene, wanted)
    movements = _movements(scene, order_id)
    expect(movements == sorted(-quantity for _, quantity in ORDERED), f"The stock was booked so: {movements}.")
    return {
        "amazon_order": order_id,
        "shop_order": scene.shop_order(order_id).number,
        "lines": lines,
        "stock": {sku: {"before": before[sku], "after": wanted[sku]} for sku in wanted},
        "seconds_to_shop": seconds,
    }


def order_shipped(scene: Scene) -> Facts:
    """Book the package on the order's page in the back office, and look at the order at Amazon."""
    order = _newest_open(scene)
    before = _stock(scene)
    page = scene.clerk.open(f"/office/orders/{order.id}")
    scene.clerk.send(page.form(f"/orders/{order.id}/ship"), carrier=CARRIER, tracking_number=TRACKING)
    shipped_at = time.monotonic()
    order_id = str(order.external_number)
    scene.until(lambda: _expect_package(scene, order_id))
    seconds = round(time.monotonic() - shipped_at, 2)
    status = scene.shop_order(order_id).status
    expect(status == "shipped", f"The shop order is {status}.")
    _expect_stock(scene, before)
    package = scene.amazon.order(order_id)["packages"][0]
    return {"amazon_order": order_id, "package": package, "seconds_to_amazon": seconds}


def order_cancelled(scene: Scene) -> Facts:
    """Let a buyer order, and Amazon cancel it before it was shipped."""
    sku, quantity = CANCELLED
    before = scene.product(sku).stock
    order_id = scene.amazon.place_order(scene.seller, US, CANCELLED)
    scene.until(lambda: scene.shop_order(order_id))
    scene.until(lambda: _expect_stock(scene, {sku: before - quantity}))
    scene.amazon.change_order(order_id, status="CANCELLED")
    cancelled_at = time.monotonic()
    scene.until(lambda: _expect_cancelled(scene, order_id))
    scene.until(lambda: _expect_stock(scene, {sku: before}))
    return {
        "amazon_order": order_id,
        "shop_order": scene.shop_order(order_id).number,
        "stock": {"before": before, "ordered": before - quantity, "after": before},
        "seconds_to_shop": round(time.monotonic() - cancelled_at, 2),
    }


def _stock(scene: Scene) -> dict[str, int]:
    return {sku: scene.product(sku).stock for sku, _ in ORDERED}


def _expect_stock(scene: Scene, wanted: dict[str, int]) -> None:
    found = {sku: scene.product(sku).stock for sku in wanted}
    expect(found == wanted, f"The stock is {found}, it should be {wanted}.")


def _movements(scene: Scene, order_id: str) -> list[int]:
    """What was booked for an Amazon order, per product."""
    booked = sa.select(StockMovement.delta).where(StockMovement.cause.startswith(f"Amazon {order_id}"))
    with scene.database() as session:
        return sorted(session.scalars(booked))


def _newest_open(scene: Scene) -> Order:
    newest = sa.select(Order).where(Order.source == "amazon", Order.status == "processing").order_by(Order.id.desc())
    with scene.database() as session:
        order = session.scalar(newest.limit(1))
    expect(order, "The shop has no open Amazon order.")
    assert order is not None
    return order


def _expect_package(scene: Scene, order_id: str) -> None:
    seen = scene.amazon.order(order_id)
    expect(seen["packages"], f"Amazon shows no package of {order_id}.")
    expect(len(seen["packages"]) == 1, f"Amazon shows {len(seen['packages'])} packages of {order_id}.")
    expect(TRACKING in str(seen["packages"][0]), f"Amazon shows another package: {seen['packages'][0]}.")
    expect(seen["status"] == "SHIPPED", f"Amazon says that {order_id} is {seen['status']}.")


def _expect_cancelled(scene: Scene, order_id: str) -> None:
    status = scene.shop_order(order_id).status
    expect(status == "cancelled", f"The shop order of {order_id} is {status}.")
