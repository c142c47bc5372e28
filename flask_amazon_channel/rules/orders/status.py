"""When does an order at Amazon become a shop order?

An order that the seller ships: as soon as Amazon says that it may be shipped.  An order that Amazon ships:
when it was shipped.  Never a cancelled one.  An order in a state that nobody knows is kept and shown, and
touches nothing.

Orders from before the connection stay Amazon's: they make no shop order and take no stock, unless they were
still unshipped and recent when we first saw them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_amazon_channel.rules.amazon import OrderSnapshot
from flask_amazon_channel.rules.reasons import Reason, because
from flask_amazon_channel.rules.values import FulfilledBy

PENDING = frozenset({"PENDING_AVAILABILITY", "PENDING"})
SHIPPABLE = frozenset({"UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"})
CANCELLED = frozenset({"CANCELLED", "UNFULFILLABLE"})
KNOWN_STATUSES = PENDING | SHIPPABLE | CANCELLED
"""Amazon's `fulfillmentStatus` (Orders 2026-01-01)."""


def wants_shop_order(order: OrderSnapshot, has_effect: bool = True, imports_orders: bool = True) -> Reason | None:
    """Return None if there shall be a shop order now, else why there is none.

    `has_effect` is what `takes_effect` said when the order was first seen.  The code `unknown_status` asks
    for quarantine.
    """
    if order.status not in KNOWN_STATUSES:
        text = "Amazon's status {status} is unknown here: the order waits, and stock stays as it is."
        return because("unknown_status", text, "orders", status=order.status)
    if order.status in CANCELLED:
        return because("cancelled", "It was cancelled at Amazon.", "orders")
    if not imports_orders:
        return because("import_off", "The store does not import orders.", "order-import")
    if not has_effect:
        return because("before_connection", "It is older than the connection to Amazon.", "order-import")
    if order.status in PENDING:
        return because("pending", "Amazon has not confirmed the payment yet.", "orders")
    if order.fulfilled_by is FulfilledBy.AMAZON and order.status != "SHIPPED":
        return because("amazon_ships", "Amazon ships it, and has not shipped it yet.", "orders")
    return None


def takes_effect(first_seen: OrderSnapshot, connected_at: datetime, look_back: timedelta) -> bool:
    """Return whether an order takes stock and becomes a shop order: decided when first seen, and stored."""
    if first_seen.created_at >= connected_at:
        return True
    is_unshipped = first_seen.status in PENDING or first_seen.status == "UNSHIPPED"
    return is_unshipped and first_seen.created_at >= connected_at - look_back


def is_newer(
    order: OrderSnapshot,
    fetched_at: datetime,
    applied_updated_at: datetime | None,
    applied_fetched_at: datetime | None,
) -> bool:
    """Return whether a snapshot replaces the one applied: it changed later, or was fetched later."""
    if applied_updated_at is None or order.last_updated_at > applied_updated_at:
        return True
    is_same = order.last_updated_at == applied_updated_at
    return is_same and (applied_fetched_at is None or fetched_at > applied_fetched_at)
