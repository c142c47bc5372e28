"""Which order a call asks for."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from flask_amazon_channel.simulator.api.call import Call
from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.order_index import By, Key
from flask_amazon_channel.simulator.state.orders import Order

ORDER_ID = re.compile(r"\d{3}-\d{7}-\d{7}")
_KEPT = 2 * 365 * DAY
_KEPT_SINCE_2016 = ("JP", "AU", "SG")
_2016 = datetime(2016, 1, 1, tzinfo=UTC).timestamp()


def is_kept(order: Order, now: float) -> bool:
    """Whether Amazon still shows an order of that age."""
    if MARKETPLACES[order.marketplace].country in _KEPT_SINCE_2016:
        return order.created >= _2016
    return order.created >= now - _KEPT


def found_orders(call: Call, by: By, after: Key, before: float) -> Iterator[Order]:
    """The orders behind a moment and id that a search finds by now, up to a moment, oldest first."""
    now, settings = call.world.now(), call.world.settings
    seen = now - settings.order_delay - settings.order_lag
    for order in call.world.orders(call.seller.id).between(by, after, before):
        if order.updated <= seen and is_kept(order, now):
            yield order


def find_order(call: Call, order_id: str) -> Order:
    """An order of the seller that calls; any other does not exist."""
    if not ORDER_ID.fullmatch(order_id):
        raise call.bad_request("The order id is not in 3-7-7 format.")
    order = call.world.state.orders.get(order_id)
    if order is None or order.seller_id != call.seller.id or not is_kept(order, call.world.now()):
        raise call.not_found("The order does not exist.")
    return order
