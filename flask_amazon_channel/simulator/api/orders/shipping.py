"""Orders v0: confirmShipment, the only way to confirm one.

Seen in public: A confirmation with a package reference that the order knows already edits that package.
Seen in public: An order that Amazon fulfils answers 400, and one that does not exist 404.
Assumed: More units than were ordered and an order that is pending or cancelled are refused with 400.
Assumed: A confirmation of an order that is cancelled before it is carried out is void.
"""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.orders.changing import add_package, changed
from flask_amazon_channel.simulator.api.orders.finding import find_order
from flask_amazon_channel.simulator.clock import parse_iso
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.orders import Order, Package
from flask_amazon_channel.simulator.wire.messages import Response
from flask_amazon_channel.simulator.world import World, effect

_JAPAN = "A1VC38T7YXB528"
_OPEN = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")


@answers("confirmShipment", bad="Invalid Input", missing="NotFound")
def confirm_shipment(call: Call) -> Response:
    order = _order(call)
    body = call.json()
    detail = body.get("packageDetail")
    if not isinstance(detail, dict):
        raise call.bad_request("packageDetail is required.")
    if body.get("marketplaceId") != order.marketplace:
        raise call.bad_request("marketplaceId is missing or not the marketplace of the order.")
    if body.get("codCollectionMethod") is not None and (
        body["codCollectionMethod"] != "DirectPayment" or order.marketplace != _JAPAN
    ):
        raise call.bad_request("codCollectionMethod is DirectPayment, and for Japan only.")
    package = _package(call, detail)
    _check_quantities(call, order, package)
    call.world.later(call.world.settings.shipment_delay, "shipment", {"order": order.id, "package": vars(package)})
    return Response(204)


def _order(call: Call) -> Order:
    order = find_order(call, call.path["orderId"])
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
        transparency_codes=_codes(call, detail),
    )


def _codes(call: Call, detail: dict[str, Any]) -> dict[str, list[str]]:
    """The transparency codes of each item that has some."""
    codes = {line["orderItemId"]: line["transparencyCodes"] for line in detail["orderItems"] if _has_codes(line)}
    if any(not isinstance(each, list) or any(not isinstance(code, str) for code in each) for each in codes.values()):
        raise call.bad_request("transparencyCodes is a list of texts.")
    return codes


def _has_codes(line: dict[str, Any]) -> bool:
    return line.get("transparencyCodes") is not None


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
        add_package(order, Package(**pending.facts["package"]))
        changed(world, order)
