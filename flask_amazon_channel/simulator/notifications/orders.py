"""ORDER_CHANGE: a new order, a change of its status, a buyer who asks to cancel."""

from typing import Any

from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.notifications.delivery import Payload, notify, subscriptions
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.world import World, listens

STATUSES = {
    "PENDING": "Pending",
    "PENDING_AVAILABILITY": "PendingAvailability",
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
    "UNFULFILLABLE": "Unfulfillable",
}
PROGRAMS = {"AMAZON_BUSINESS": "Business", "PRIME": "Prime", "PREMIUM": "Premium", "IBA": "IBA"}
_UNKNOWN_YET = ("PENDING", "PENDING_AVAILABILITY")


@listens("order_changed")
def tell(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """An order that changed otherwise than in its status is not told.

    Assumed: further packages of an order that stays partially shipped are not told.
    """
    order, change = world.state.orders[facts["order"]], facts["change"]
    if change == "OrderStatusChange" and not _has_new_status(world, order):
        return
    payload = {"OrderChangeNotification": order_payload(order, change, facts.get("reason"), world.now())}
    notify(world, seller_id, "ORDER_CHANGE", lambda _: payload, marketplace=order.marketplace, change=change)


def _has_new_status(world: World, order: Order) -> bool:
    """Kept for the orders of sellers who want to hear of them."""
    if not any(subscriptions(world, order.seller_id, "ORDER_CHANGE")):
        return False
    told = world.state.notifications.told_orders
    before, told[order.id] = told.get(order.id), order.status
    return before != order.status


def order_payload(order: Order, change: str, reason: str | None, now: float) -> Payload:
    """Assumed: ChangeReason of ORDER_CHANGE says Order Status Change where no other reason is known."""
    words = "Buyer Requested Cancel" if change == "BuyerRequestedChange" else reason or "Order Status Change"
    return {
        "NotificationLevel": "OrderLevel",
        "SellerId": order.seller_id,
        "AmazonOrderId": order.id,
        "OrderChangeType": change,
        "OrderChangeTrigger": {"TimeOfOrderChange": iso(now), "ChangeReason": words},
        "Summary": _summary(order),
    }


def _summary(order: Order) -> Payload:
    """Without postal code and dates while the order is pending."""
    known = order.status not in _UNKNOWN_YET
    programs = [PROGRAMS[each] for each in order.programs if each in PROGRAMS]
    summary: Payload = {
        "MarketplaceId": order.marketplace,
        "OrderStatus": STATUSES[order.status],
        "PurchaseDate": iso(order.created),
        "DestinationPostalCode": order.address.get("postalCode") if known else None,
        "FulfillmentType": "MFN" if order.fulfilled_by == "MERCHANT" else "AFN",
        "OrderType": "StandardOrder",
        "NumberOfItemsShipped": sum(item.shipped for item in order.items),
        "NumberOfItemsUnshipped": sum(item.open for item in order.items),
        **(_dates(order) if known else {}),
        "OrderItems": [_item(item) for item in order.items],
    }
    programs += ["Replacement"] if order.replaces else []
    return summary | ({"OrderPrograms": programs} if programs else {})


def _dates(order: Order) -> dict[str, str]:
    ship = order.created + order.ship_within
    return {
        "EarliestShipDate": iso(order.created),
        "LatestShipDate": iso(ship),
        "EarliestDeliveryDate": iso(ship + DAY),
        "LatestDeliveryDate": iso(order.created + order.deliver_within),
    }


def _item(item: OrderItem) -> Payload:
    return {
        "OrderItemId": item.id,
        "SellerSKU": item.sku,
        "SupplySourceId": None,
        "Quantity": item.quantity,
        "QuantityShipped": item.shipped,
        "IsBuyerRequestedCancel": item.cancel_request is not None,
    }
