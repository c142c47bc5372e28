"""How many units did Amazon sell?

For each line there is one number that the shop's stock must have been lowered by: the *target*.  It is
computed anew from the newest complete picture of the order, and the ledger posts only the difference to what
it posted before, so repeats and disorder change nothing.  Shipping changes nothing.  A cancelled order took
what was shipped before.  What Amazon ships from its own stock takes nothing from the shop.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_amazon_channel.rules.amazon import OrderItemSnapshot, OrderSnapshot
from flask_amazon_channel.rules.orders.status import CANCELLED, PENDING, SHIPPABLE
from flask_amazon_channel.rules.values import FulfilledBy


def sold(item: OrderItemSnapshot, status: str, reserve_pending: bool, fulfilled_by: FulfilledBy) -> int | None:
    """Return the units that the shop's stock must have been lowered by for this line.

    None: the status is unknown, so what was posted stays.
    """
    if fulfilled_by is FulfilledBy.AMAZON:
        return 0
    if status in CANCELLED:
        return max(0, item.fulfilled or 0)
    if status in PENDING:
        return quantity(item) if reserve_pending else 0
    if status in SHIPPABLE:
        return quantity(item)
    return None


def quantity(item: OrderItemSnapshot) -> int:
    """Return the units of a line that were or will be shipped: cancelled ones are in neither number."""
    if item.fulfilled is not None and item.unfulfilled is not None:
        return max(0, item.fulfilled + item.unfulfilled)
    return max(0, item.quantity_ordered)


def targets(
    order: OrderSnapshot, posted_lines: Iterable[str], reserve_pending: bool, has_effect: bool = True
) -> dict[str, int | None]:
    """Return the target of every line, by order item id, 0 for lines that Amazon no longer shows.

    `posted_lines` are the lines that the ledger knows.  An order without effect has the target 0.
    """
    is_known = order.status in PENDING | SHIPPABLE | CANCELLED
    gone: dict[str, int | None] = dict.fromkeys(posted_lines, 0 if is_known else None)
    shown = {
        item.order_item_id: sold(item, order.status, reserve_pending, order.fulfilled_by) if has_effect else 0
        for item in order.items
    }
    return gone | shown
