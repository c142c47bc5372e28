"""What an order at Amazon means for the shop: how much stock it takes, and what shop order it becomes."""

from flask_amazon_channel.rules.orders.addresses import address_lines, normalise_address
from flask_amazon_channel.rules.orders.shop_order import (
    new_shop_order,
    quarantine_reason,
)
from flask_amazon_channel.rules.orders.status import (
    KNOWN_STATUSES,
    is_newer,
    takes_effect,
    wants_shop_order,
)
from flask_amazon_channel.rules.orders.stock import quantity, sold, targets
from flask_amazon_channel.rules.orders.totals import order_totals, totals_differ

__all__ = [
    "KNOWN_STATUSES",
    "address_lines",
    "is_newer",
    "new_shop_order",
    "normalise_address",
    "order_totals",
    "quantity",
    "quarantine_reason",
    "sold",
    "takes_effect",
    "targets",
    "totals_differ",
    "wants_shop_order",
]
