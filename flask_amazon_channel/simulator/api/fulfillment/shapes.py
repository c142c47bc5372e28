"""Orders of other channels as Fulfillment Outbound 2020-07-01 shows them."""

from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.state.fulfillment import (
    FulfillmentItem,
    FulfillmentOrder,
    FulfillmentShipment,
    ReturnItem,
)

_SHOWN = (
    "displayableOrderId", "displayableOrderDate", "displayableOrderComment", "deliveryWindow", "destinationAddress",
    "codSettings", "notificationEmails", "featureConstraints",
)  # fmt: skip
CENTER_ADDRESS = {
    "name": "Amazon Returns",
    "addressLine1": "1 Warehouse Road",
    "city": "Fulfillment City",
    "postalCode": "00001",
}


def order_shape(order: FulfillmentOrder) -> dict[str, Any]:
    return {
        "sellerFulfillmentOrderId": order.id,
        "marketplaceId": order.marketplace,
        "shippingSpeedCategory": order.speed,
        "fulfillmentAction": order.action,
        "fulfillmentPolicy": order.policy,
        "receivedDate": iso(order.received),
        "fulfillmentOrderStatus": order.status,
        "statusUpdatedDate": iso(order.updated),
        **{name: order.facts[name] for name in _SHOWN if name in order.facts},
    }


def whole_shape(order: FulfillmentOrder) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "fulfillmentOrder": order_shape(order),
        "fulfillmentOrderItems": [_item(order, item) for item in order.items],
        "fulfillmentShipments": [_shipment(order, each) for each in order.shipments],
        "returnItems": [return_item_shape(each) for each in order.returns],
        "returnAuthorizations": authorizations_shape(order, order.returns),
    }
    if "paymentInformation" in order.facts:
        shape["paymentInformation"] = order.facts["paymentInformation"]
    return shape


def _item(order: FulfillmentOrder, item: FulfillmentItem) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "sellerSku": item.sku,
        "sellerFulfillmentOrderItemId": item.id,
        "quantity": item.quantity,
        "cancelledQuantity": item.cancelled,
        "unfulfillableQuantity": item.unfulfillable,
        "orderItemDisposition": "Sellable",
        **item.facts,
    }
    shipments = [each for each in order.shipments if item.id in each.items and not each.status.startswith("CANCELLED")]
    if shipments:
        shape["estimatedShipDate"] = iso(shipments[-1].ships)
        shape["estimatedArrivalDate"] = iso(shipments[-1].arrives)
    return shape


def _shipment(order: FulfillmentOrder, shipment: FulfillmentShipment) -> dict[str, Any]:
    skus = {item.id: item.sku for item in order.items}
    items = [
        {
            "sellerSku": skus[item_id],
            "sellerFulfillmentOrderItemId": item_id,
            "quantity": units,
            "packageNumber": shipment.package,
        }
        for item_id, units in shipment.items.items()
    ]
    shape: dict[str, Any] = {
        "amazonShipmentId": shipment.id,
        "fulfillmentCenterId": shipment.center,
        "fulfillmentShipmentStatus": shipment.status,
        "fulfillmentShipmentItem": items,
    }
    if shipment.status in ("PENDING", "SHIPPED"):
        shape["shippingDate"] = iso(shipment.ships)
        shape["estimatedArrivalDate"] = iso(shipment.arrives)
    if shipment.status == "SHIPPED":
        shape["fulfillmentShipmentPackage"] = [_package(shipment)]
    return shape


def _package(shipment: FulfillmentShipment) -> dict[str, Any]:
    """Assumed: a package has its number and its tracking number once it has left the warehouse."""
    return {
        "packageNumber": shipment.package,
        "carrierCode": shipment.carrier,
        "trackingNumber": shipment.tracking_number,
        "estimatedArrivalDate": iso(shipment.arrives),
    }


def return_item_shape(item: ReturnItem) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "sellerReturnItemId": item.id,
        "sellerFulfillmentOrderItemId": item.item_id,
        "amazonShipmentId": item.shipment_id,
        "sellerReturnReasonCode": item.reason,
        "status": item.status,
        "statusChangedDate": iso(item.changed),
        "returnAuthorizationId": item.authorization,
    }
    if item.comment is not None:
        shape["returnComment"] = item.comment
    if item.condition is not None:
        shape["amazonReturnReasonCode"] = item.reason
        shape["returnReceivedCondition"] = item.condition
    return shape


def authorizations_shape(order: FulfillmentOrder, items: list[ReturnItem]) -> list[dict[str, Any]]:
    """One for each time that returns were asked for."""
    center = order.shipments[0].center if order.shipments else ""
    country = str(order.facts["destinationAddress"]["countryCode"])
    return [
        {
            "returnAuthorizationId": each,
            "fulfillmentCenterId": center,
            "returnToAddress": {**CENTER_ADDRESS, "countryCode": country},
            "amazonRmaId": each.removeprefix("RA"),
            "rmaPageURL": f"https://www.amazon.com/returns/label/{each}",
        }
        for each in dict.fromkeys(item.authorization for item in items)
    ]
