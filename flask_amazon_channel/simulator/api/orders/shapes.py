"""An order as Orders 2026-01-01 shows it: the parts that were asked for, and no more than the status reveals.

A pending order has neither prices nor buyer nor address.
"""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money
from flask_amazon_channel.simulator.state.orders import Order, OrderItem, Package

PENDING = ("PENDING", "PENDING_AVAILABILITY")
PARTS = (
    "BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES",
    "TAX",
    "PAYMENT", "FULFILLMENT_ORDERS",
)  # fmt: skip


def order_shape(order: Order, parts: list[str], personal_data: bool) -> dict[str, Any]:
    marketplace = MARKETPLACES[order.marketplace]
    known = order.status not in PENDING
    channel = {"channelName": "AMAZON", "marketplaceId": marketplace.id, "marketplaceName": marketplace.name}
    shape: dict[str, Any] = {
        "orderId": order.id,
        "createdTime": iso(order.created),
        "lastUpdatedTime": iso(order.updated),
        "salesChannel": channel,
    }
    if order.programs:
        shape["programs"] = order.programs
    if order.replaces:
        shape["associatedOrders"] = [{"orderId": order.replaces, "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    if known and personal_data:
        shape |= _people(order, parts)
    if known and "PROCEEDS" in parts:
        shape["proceeds"] = _proceeds(order, marketplace.currency)
    if "FULFILLMENT" in parts:
        shape["fulfillment"] = _fulfillment(order)
    shape["orderItems"] = [_item(order, item, parts, marketplace.currency) for item in order.items]
    if "PACKAGES" in parts and order.packages:
        shape["packages"] = [package_shape(package) for package in order.packages]
    return shape


def _people(order: Order, parts: list[str]) -> dict[str, Any]:
    """The buyer's mail address exists for orders that the merchant fulfils only."""
    people: dict[str, Any] = {}
    mine = order.fulfilled_by == "MERCHANT"
    if "BUYER" in parts:
        people["buyer"] = {name: value for name, value in order.buyer.items() if mine or name != "buyerEmail"}
    if "RECIPIENT" in parts:
        shown = {name: value for name, value in order.address.items() if mine or name != "phone"}
        people["recipient"] = {"deliveryAddress": shown}
    return people


def _fulfillment(order: Order) -> dict[str, Any]:
    shape: dict[str, Any] = {"fulfillmentStatus": order.status, "fulfilledBy": order.fulfilled_by}
    shape["fulfillmentServiceLevel"] = order.service_level
    if order.status not in PENDING:
        ship, deliver = order.created + order.ship_within, order.created + order.deliver_within
        shape["shipByWindow"] = {"earliestDateTime": iso(order.created), "latestDateTime": iso(ship)}
        shape["deliverByWindow"] = {"earliestDateTime": iso(ship + DAY), "latestDateTime": iso(deliver)}
    return shape


def _item(order: Order, item: OrderItem, parts: list[str], currency: str) -> dict[str, Any]:
    known = order.status not in PENDING
    kind = "USED" if item.condition.startswith("used") else "NEW"
    product: dict[str, Any] = {"asin": item.asin, "title": item.title, "sellerSku": item.sku}
    product["condition"] = {"conditionType": kind, "conditionSubtype": "GOOD" if kind == "USED" else "NEW"}
    if known:
        product["price"] = {"unitPrice": money(item.price, currency)}
    shape: dict[str, Any] = {"orderItemId": item.id, "quantityOrdered": item.quantity, "product": product}
    if known and "PROCEEDS" in parts:
        shape["proceeds"] = _item_proceeds(item, currency)
    if "CANCELLATION" in parts and (cancellation := _cancellation(item)):
        shape["cancellation"] = cancellation
    if "FULFILLMENT" in parts:
        shape["fulfillment"] = _item_fulfillment(item)
    return shape


def _item_fulfillment(item: OrderItem) -> dict[str, Any]:
    shape: dict[str, Any] = {"quantityFulfilled": item.shipped, "quantityUnfulfilled": item.open}
    if item.gift_message is not None:
        shape["packing"] = {"giftOption": {"giftMessage": item.gift_message, "giftWrapLevel": "STANDARD"}}
    return shape


def _cancellation(item: OrderItem) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    if item.cancel_request is not None:
        shape["cancellationRequest"] = {"requester": "BUYER", "cancelReason": item.cancel_request}
    if item.cancelled_by is not None:
        execution = {"cancelledBy": item.cancelled_by, "cancelReason": item.cancel_reason or ""}
        shape["cancellationExecution"] = execution
    return shape


def _amounts(item: OrderItem) -> dict[str, Decimal]:
    """The signed parts of what the buyer pays for a line; of a cancelled one, for what was shipped."""
    if item.cancelled_by:
        return {"ITEM": Decimal(item.price) * item.shipped}
    amounts = {
        "ITEM": Decimal(item.price) * item.quantity,
        "SHIPPING": Decimal(item.shipping),
        "TAX": Decimal(item.tax),
        "DISCOUNT": -Decimal(item.discount),
    }
    return {kind: amount for kind, amount in amounts.items() if amount or kind == "ITEM"}


def _item_proceeds(item: OrderItem, currency: str) -> dict[str, Any]:
    amounts = _amounts(item)
    breakdowns: list[dict[str, Any]] = []
    for kind, amount in amounts.items():
        breakdown: dict[str, Any] = {"type": kind, "subtotal": money(amount, currency)}
        if kind in ("TAX", "DISCOUNT"):
            breakdown["detailedBreakdowns"] = [{"subtype": "ITEM", "value": money(amount, currency)}]
        breakdowns.append(breakdown)
    return {"proceedsTotal": money(sum(amounts.values()), currency), "breakdowns": breakdowns}


def _proceeds(order: Order, currency: str) -> dict[str, Any]:
    sums: dict[str, Decimal] = {}
    for item in order.items:
        for kind, amount in _amounts(item).items():
            sums[kind] = sums.get(kind, Decimal(0)) + amount
    breakdowns = [{"type": kind, "subtotal": money(amount, currency)} for kind, amount in sums.items()]
    return {"grandTotal": money(sum(sums.values()), currency), "breakdowns": breakdowns}


def package_shape(package: Package) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "packageReferenceId": package.reference,
        "createdTime": iso(package.created),
        "packageStatus": {"status": package.status},
        "carrier": package.carrier,
        "shipTime": iso(package.ship_time),
        "trackingNumber": package.tracking_number,
        "packageItems": [{"orderItemId": item, "quantity": number} for item, number in package.items.items()],
    }
    if package.service:
        shape["shippingService"] = package.service
    return shape
