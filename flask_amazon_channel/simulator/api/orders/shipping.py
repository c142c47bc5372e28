"""Orders v0: confirmShipment, the only way to confirm one."""

import re
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.clock import parse_iso
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.orders import Order, Package
from flask_amazon_channel.simulator.wire.messages import Response
from flask_amazon_channel.simulator.world import World, effect

_ORDER_ID = re.compile(r"\d{3}-\d{7}-\d{7}")
_OPEN = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")


@answers("confirmShipment", bad="Invalid Input", missing="NotFound")
def confirm_shipment(call: Call) -> Response:
    """204; the same package reference again edits that package."""
    order = _order(call)
    body = call.json()
    detail = body.get("packageDetail")
    if not isinstance(detail, dict):
        raise call.bad_request("packageDetail is required.")
    if body.get("marketplaceId") != order.marketplace:
        raise call.bad_request("marketplaceId is missing or not the marketplace of the order.")
    package = _package(call, detail)
    _check_quantities(call, order, package)
    call.world.later(call.world.settings.shipment_delay, "shipment", {"order": order.id, "package": vars(package)})
    return Response(204)


def _order(call: Call) -> Order:
    order_id = call.path["orderId"]
    if not _ORDER_ID.fullmatch(order_id):
        raise call.bad_request("The order id is not in 3-7-7 format.")
    order = call.world.state.orders.get(order_id)
    if order is None or order.seller_id != call.seller.id:
        raise call.not_found("The order does not exist.")
    if order.fulfilled_by == "AMAZON":
        raise call.bad_request("The order is fulfilled by Amazon.")
    if order.status not in _OPEN:
        raise call.bad_request(f"An order that is {order.status} cannot be shipped.")
    return order


def _package(call: Call, detail: dict[str, Any]) -> Package:
    for name in ("packageReferenceId", "carrierCode", "trackingNumber", "shipDate"):
        if not isinstance(detail.get(name), str) or not detail[name].strip():
            raise call.bad_request(f"packageDetail.{name} is required.")
    reference = detail["packageReferenceId"]
    if not reference.isdigit() or int(reference) < 1:
        raise call.bad_request("packageReferenceId must be a positive number.")
    if detail["carrierCode"] == "Other" and not detail.get("carrierName"):
        raise call.bad_request("carrierName is required when carrierCode is Other.")
    try:
        ship_time = parse_iso(detail["shipDate"])
    except ValueError as error:
        raise call.bad_request("shipDate is not in ISO 8601 format.") from error
    carrier = detail["carrierName"] if detail["carrierCode"] == "Other" else detail["carrierCode"]
    return Package(
        reference=reference,
        carrier=carrier,
        tracking_number=detail["trackingNumber"],
        ship_time=ship_time,
        created=call.world.now(),
        items=_items(call, detail),
        service=detail.get("shippingMethod"),
    )


def _items(call: Call, detail: dict[str, Any]) -> dict[str, int]:
    items: dict[str, int] = {}
    lines = detail.get("orderItems")
    for line in lines if isinstance(lines, list) else []:
        quantity = line.get("quantity") if isinstance(line, dict) else None
        if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1 or not line.get("orderItemId"):
            raise call.bad_request("Each of orderItems needs an orderItemId and a quantity of at least 1.")
        items[line["orderItemId"]] = items.get(line["orderItemId"], 0) + quantity
    if not items:
        raise call.bad_request("packageDetail.orderItems is required.")
    return items


def _check_quantities(call: Call, order: Order, package: Package) -> None:
    """No more than is left, not counting what the same package held before this edit."""
    before = next((each.items for each in order.packages if each.reference == package.reference), {})
    for item_id, quantity in package.items.items():
        item = order.item(item_id)
        if item is None:
            raise call.bad_request(f"The order has no item {item_id}.")
        if quantity > item.open + before.get(item_id, 0):
            raise call.bad_request(f"The quantity of item {item_id} is more than is left to ship.")


@effect("shipment")
def apply_shipment(world: World, pending: Pending) -> None:
    """Let the order show the package; an order that was cancelled in the meantime stays as it is."""
    order = world.state.orders[pending.facts["order"]]
    if order.status in _OPEN:
        add_package(world, order, Package(**pending.facts["package"]))
        world.occurred("order_changed", order.seller_id, order=order.id, change="OrderStatusChange", reason=None)


def add_package(world: World, order: Order, package: Package) -> None:
    """Add a package, or edit the one with its reference, and count anew what was shipped."""
    earlier = next((each for each in order.packages if each.reference == package.reference), None)
    if earlier:
        package.created = earlier.created
        order.packages[order.packages.index(earlier)] = package
    else:
        order.packages.append(package)
    for item in order.items:
        item.shipped = sum(each.items.get(item.id, 0) for each in order.packages)
    order.status = shipped_status(order)
    order.updated = world.now()


def shipped_status(order: Order) -> str:
    if not any(item.shipped for item in order.items):
        return "UNSHIPPED"
    return "PARTIALLY_SHIPPED" if any(item.open for item in order.items) else "SHIPPED"
