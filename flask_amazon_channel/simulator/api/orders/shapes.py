"""An order as Orders 2026-01-01 shows it: the parts that were asked for, and no more than the status reveals.

Documented: A pending order has neither prices nor buyer nor address.
Documented: Without the role for personal data, calls succeed and buyer and recipient are absent.
Documented: The buyer's mail address and packages are shown for orders that the merchant fulfils only.
Documented: The phone number is absent for orders that Amazon fulfils, and for shipped ones past their latest
delivery date.
Assumed: Tax registrations of the buyer are personal data, too.
Assumed: A cancelled line counts towards the proceeds with what was shipped of it.
"""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.api.orders.amounts import item_proceeds, order_proceeds, payment
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money
from flask_amazon_channel.simulator.state.orders import Order, OrderItem, Package

PARTS = (
    "BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "TAX",
    "PAYMENT", "FULFILLMENT_ORDERS",
)  # fmt: skip
_SUBTYPES = {
    "like_new": "MINT", "very_good": "VERY_GOOD", "good": "GOOD", "acceptable": "ACCEPTABLE", "new": "NEW",
    "open_box": "OPEN_BOX", "oem": "OEM", "refurbished": "REFURBISHED", "club": "CLUB",
}  # fmt: skip


def order_shape(order: Order, parts: list[str], personal_data: bool, now: float | None = None) -> dict[str, Any]:
    """`now` lets the phone number disappear in time."""
    marketplace = MARKETPLACES[order.marketplace]
    channel = {"channelName": order.channel, "marketplaceId": marketplace.id, "marketplaceName": marketplace.name}
    shape: dict[str, Any] = {
        "orderId": order.id,
        "createdTime": iso(order.created),
        "lastUpdatedTime": iso(order.updated),
        "salesChannel": channel,
        **_relations(order),
    }
    if not order.is_pending:
        if personal_data:
            shape |= _people(order, parts, now)
        shape |= _money(order, parts, personal_data, marketplace.currency)
    if "FULFILLMENT" in parts:
        shape["fulfillment"] = _fulfillment(order)
    shape["orderItems"] = [_item(order, item, parts, marketplace.currency) for item in order.items]
    if "PACKAGES" in parts and order.packages and order.fulfilled_by == "MERCHANT":
        shape["packages"] = [package_shape(package) for package in order.packages]
    if "FULFILLMENT_ORDERS" in parts and order.fulfillment_orders:
        shape["fulfillmentOrders"] = [{"fulfillmentOrderId": each} for each in order.fulfillment_orders]
    return shape


def _relations(order: Order) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    if order.seller_order_id:
        shape["orderAliases"] = [{"aliasId": order.seller_order_id, "aliasType": "SELLER_ORDER_ID"}]
    if order.programs:
        shape["programs"] = order.programs
    originals = {"REPLACEMENT_ORIGINAL_ID": order.replaces, "EXCHANGE_ORIGINAL_ID": order.exchanges}
    if associated := [{"orderId": each, "associationType": kind} for kind, each in originals.items() if each]:
        shape["associatedOrders"] = associated
    return shape


def _people(order: Order, parts: list[str], now: float | None) -> dict[str, Any]:
    people: dict[str, Any] = {}
    mine = order.fulfilled_by == "MERCHANT"
    if "BUYER" in parts:
        people["buyer"] = {name: value for name, value in order.buyer.items() if mine or name != "buyerEmail"}
    if "RECIPIENT" in parts:
        people["recipient"] = {"deliveryAddress": delivery_address(order, now)}
        if order.delivery_preference:
            people["recipient"]["deliveryPreference"] = order.delivery_preference
    return people


def delivery_address(order: Order, now: float | None) -> dict[str, Any]:
    """Without the phone number where Amazon suppresses it; in Brazil with the parts of the street."""
    late = now is not None and order.status == "SHIPPED" and now > order.latest_delivery
    hidden = order.fulfilled_by == "AMAZON" or late
    address: dict[str, Any] = {
        name: value for name, value in order.address.items() if not (hidden and name == "phone")
    }  # fmt: skip
    if address.get("countryCode") == "BR":
        street, _, number = address.get("addressLine1", "").rpartition(" ")
        address["extendedFields"] = {"streetName": street, "streetNumber": number}
    return address


def _money(order: Order, parts: list[str], personal_data: bool, currency: str) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    if "PROCEEDS" in parts:
        shape["proceeds"] = order_proceeds(order, currency)
    if "PAYMENT" in parts:
        shape["payment"] = {"paymentExecutions": [payment(order, currency)]}
    if "TAX" in parts and (tax := _tax(order, personal_data)):
        shape["tax"] = tax
    return shape


def _tax(order: Order, personal_data: bool) -> dict[str, Any]:
    country = MARKETPLACES[order.marketplace].country
    tax: dict[str, Any] = {}
    if order.tax_registrations and personal_data:
        tax["taxRegistrations"] = order.tax_registrations
    if country == "TR":
        tax["taxInvoicing"] = {"buyerInvoicePreference": "BUSINESS" if order.is_business else "INDIVIDUAL"}
    if country == "BR" or "AMAZON_EASY_SHIP" in order.programs:
        tax["taxInvoicing"] = {**tax.get("taxInvoicing", {}), "invoiceStatus": "NOT_REQUIRED"}
    return tax


def _fulfillment(order: Order) -> dict[str, Any]:
    shape: dict[str, Any] = {"fulfillmentStatus": order.status, "fulfilledBy": order.fulfilled_by}
    shape["fulfillmentServiceLevel"] = order.service_level
    if not order.is_pending:
        ship, deliver = order.created + order.ship_within, order.latest_delivery
        shape["shipByWindow"] = {"earliestDateTime": iso(order.created), "latestDateTime": iso(ship)}
        shape["deliverByWindow"] = {"earliestDateTime": iso(min(ship + DAY, deliver)), "latestDateTime": iso(deliver)}
    return shape


def _item(order: Order, item: OrderItem, parts: list[str], currency: str) -> dict[str, Any]:
    product: dict[str, Any] = {"asin": item.asin, "title": item.title, "sellerSku": item.sku}
    product["condition"] = condition_shape(item.condition)
    shape: dict[str, Any] = {"orderItemId": item.id, "quantityOrdered": item.quantity, "product": product}
    if item.programs:
        shape["programs"] = item.programs
    if not order.is_pending:
        product["price"] = {"unitPrice": money(item.price, currency)}
        if item.business_price:
            product["price"]["priceDesignation"] = "BUSINESS_PRICE"
        shape |= _item_money(item, parts, currency)
    if "CANCELLATION" in parts and (cancellation := _cancellation(item)):
        shape["cancellation"] = cancellation
    if "FULFILLMENT" in parts:
        shape["fulfillment"] = _item_fulfillment(item)
    return shape


def condition_shape(condition: str) -> dict[str, str]:
    """`used_very_good` is USED, VERY_GOOD."""
    kind, _, subtype = condition.partition("_")
    return {"conditionType": kind.upper(), "conditionSubtype": _SUBTYPES.get(subtype, "OTHER")}


def _item_money(item: OrderItem, parts: list[str], currency: str) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    if "PROCEEDS" in parts:
        shape["proceeds"] = item_proceeds(item, currency)
    if "EXPENSE" in parts and item.points:
        granted = {"pointsNumber": item.points, "pointsMonetaryValue": money(item.points, currency)}
        shape["expense"] = {"pointsCost": {"pointsGranted": granted}}
    if "PROMOTION" in parts and item.promotions:
        shape["promotion"] = {"breakdowns": [{"promotionId": each} for each in item.promotions]}
    if "TAX" in parts and (tax := _item_tax(item, currency)):
        shape["tax"] = tax
    return shape


def _item_tax(item: OrderItem, currency: str) -> dict[str, Any]:
    """In the United States Amazon collects the tax."""
    tax: dict[str, Any] = {}
    if item.reporting_scheme:
        tax["taxCalculationBreakdowns"] = [{"reportingScheme": item.reporting_scheme}]
    if currency == "USD" and Decimal(item.tax):
        tax["taxCollections"] = [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon Services, Inc."}]
    return tax


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


def package_shape(package: Package) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "packageReferenceId": package.reference,
        "createdTime": iso(package.created),
        "packageStatus": {"status": package.status},
        "carrier": package.carrier,
        "shipTime": iso(package.ship_time),
        "trackingNumber": package.tracking_number,
        "packageItems": [_package_item(package, item, number) for item, number in package.items.items()],
    }
    if package.service:
        shape["shippingService"] = package.service
    return shape


def _package_item(package: Package, item_id: str, quantity: int) -> dict[str, Any]:
    shape: dict[str, Any] = {"orderItemId": item_id, "quantity": quantity}
    if codes := package.transparency_codes.get(item_id):
        shape["transparencyCodes"] = codes
    return shape
