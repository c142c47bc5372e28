"""What happens to orders without the seller's client: payment, shipping in Seller Central, cancellation.

Documented: An order that Amazon cannot fulfil is UNFULFILLABLE; only one that Amazon fulfils and that was
placed outside of Amazon's shops can be.
"""

from typing import Any

from flask_amazon_channel.simulator.api.orders.changing import (
    REQUEST,
    STATUS,
    add_package,
    cancel_item,
    changed,
    restock,
)
from flask_amazon_channel.simulator.control.refused import Refused, check_known
from flask_amazon_channel.simulator.state.orders import PENDING, STATUSES, Order, OrderItem, Package
from flask_amazon_channel.simulator.world import World

PACKAGE_STATUSES = ("PENDING", "IN_TRANSIT", "SHIPPED", "DELIVERED", "CANCELLED", "UNDELIVERABLE")
CANCELLERS = ("BUYER", "MERCHANT", "AMAZON")
_CHANGES = ("status", "cancelled_by", "reason", "buyer_requests_cancel", "items", "address", "packages")


def find_order(world: World, order_id: str) -> Order:
    """Raises Refused where there is none."""
    if order_id not in world.state.orders:
        raise Refused(f"There is no order {order_id}.")
    return world.state.orders[order_id]


def change_order(world: World, order_id: str, changes: dict[str, Any]) -> Order:
    """What may be changed: status (with cancelled_by, reason), buyer_requests_cancel, items, address, packages.

    An item is `{sku or order_item_id, quantity}`; quantity 0 cancels the line.  `packages` is a package
    status.
    """
    order = find_order(world, order_id)
    _check(order, changes)
    if changes.get("buyer_requests_cancel"):
        for item in order.items:
            item.cancel_request = str(changes.get("reason") or "BUYER_CANCELED")
    for line in changes.get("items") or []:
        _change_item(world, order, line, changes)
    order.address |= changes.get("address") or {}
    for package in order.packages if changes.get("packages") else []:
        package.status = str(changes["packages"])
    if "status" in changes:
        enter_status(world, order, str(changes["status"]), changes)
    changed(world, order, REQUEST if changes.get("buyer_requests_cancel") else STATUS, changes.get("reason"))
    return order


def _check(order: Order, changes: dict[str, Any]) -> None:
    check_known(changes, _CHANGES, "changes")
    if changes.get("packages") and changes["packages"] not in PACKAGE_STATUSES:
        raise Refused(f"The status of a package is one of {', '.join(PACKAGE_STATUSES)}.")
    if changes.get("cancelled_by") and changes["cancelled_by"] not in CANCELLERS:
        raise Refused(f"An order is cancelled by one of {', '.join(CANCELLERS)}.")
    status = changes.get("status", order.status)
    if status in PENDING and not order.is_pending:
        raise Refused(f"An order that is {order.status} does not become {status} again.")


def enter_status(world: World, order: Order, status: str, changes: dict[str, Any]) -> None:
    """Let an order have a status, with all that belongs to it."""
    if status not in STATUSES:
        raise Refused(f"The status of an order is one of {', '.join(STATUSES)}.")
    if status == "UNFULFILLABLE" and order.fulfilled_by != "AMAZON":
        raise Refused("Only an order that Amazon fulfils can be UNFULFILLABLE.")
    if status in ("CANCELLED", "UNFULFILLABLE"):
        for item in order.items:
            _cancel_item(world, order, item, changes)
    still_open = [item for item in order.items if item.open]
    if status == "PARTIALLY_SHIPPED" and not any(item.shipped for item in order.items):
        _ship(world, order, {item.id: max(1, item.open // 2) for item in still_open[:1]})
    if status == "SHIPPED":
        _ship(world, order, {item.id: item.open for item in still_open})
    if status == "PENDING_AVAILABILITY" and "PREORDER" not in order.programs:
        order.programs.append("PREORDER")
    order.status = status


def _change_item(world: World, order: Order, line: dict[str, Any], changes: dict[str, Any]) -> None:
    wanted = str(line.get("order_item_id") or line.get("sku"))
    item = next((each for each in order.items if wanted in (each.id, each.sku)), None)
    quantity = line.get("quantity")
    if item is None or not isinstance(quantity, int) or quantity < item.shipped:
        raise Refused("An item is {sku or order_item_id, quantity}, with no less than was shipped.")
    if quantity == 0:
        _cancel_item(world, order, item, changes)
        return
    if quantity < item.quantity:
        restock(world, order, item, item.quantity - quantity)
    item.quantity = quantity


def _ship(world: World, order: Order, items: dict[str, int]) -> None:
    """Shipped without the API: by Amazon, which shows no packages, or in Seller Central."""
    if order.fulfilled_by == "AMAZON":
        for item in order.items:
            item.shipped += items.get(item.id, 0)
    elif items:
        now = world.now()
        number = str(world.chance("tracking").randrange(10**11, 10**12))
        reference = str(len(order.packages) + 1)
        add_package(order, Package(reference, "DHL", f"00{number}", ship_time=now, created=now, items=items))


def _cancel_item(world: World, order: Order, item: OrderItem, changes: dict[str, Any]) -> None:
    by, reason = str(changes.get("cancelled_by") or "BUYER"), str(changes.get("reason") or "BUYER_CANCELED")
    cancel_item(world, order, item, by, reason)
