"""Orders 2026-01-01: searchOrders and getOrder.

Documented: The last two minutes cannot be searched, and the answer says up to when it did.
Documented: Orders of more than two years ago are not shown; those of Japan, Australia and Singapore since 2016.
Documented: A page token lives for 24 hours and for the same parameters.
Assumed: The first page fixes up to when the later pages look, and orders come oldest first.
Assumed: With the setting `order_lag` an order is found later than the answer claims.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.orders.finding import find_order, found_orders
from flask_amazon_channel.simulator.api.orders.shapes import PARTS, order_shape
from flask_amazon_channel.simulator.api.paging import next_token, read_next_token
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.order_index import By, Key
from flask_amazon_channel.simulator.state.orders import STATUSES, Order
from flask_amazon_channel.simulator.wire.messages import Response, json_response

TWO_MINUTES = 120.0
MOST_MARKETPLACES = 50
PAGE_PARAMETER = "paginationToken"


@answers("getOrder", bad="InvalidInput", missing="NotFound")
def get_order(call: Call) -> Response:
    parts = call.choices("includedData", PARTS)
    return json_response({"order": _shape(call, find_order(call, call.path["orderId"]), parts)})


def _shape(call: Call, order: Order, parts: list[str]) -> dict[str, Any]:
    return order_shape(order, parts, call.seller.sees_personal_data, call.world.now())


@answers("searchOrders", bad="InvalidInput", missing="NotFound")
def search_orders(call: Call) -> Response:
    by, after, before = _span(call)
    token = read_next_token(call, DAY, PAGE_PARAMETER) or {"before": before, "last": (after, "")}
    before, (moment, order_id) = token["before"], token["last"]
    size = call.number("maxResultsPerPage", 100, 100)
    found = list(islice(filter(_wanted(call), found_orders(call, by, (moment, order_id), before)), size + 1))
    parts = call.choices("includedData", PARTS)
    document: dict[str, Any] = {"orders": [_shape(call, each, parts) for each in found[:size]]}
    if len(found) > size:
        last = {"before": before, "last": _key(found[size - 1], by)}
        document["pagination"] = {"nextToken": next_token(call, last, PAGE_PARAMETER)}
    document["lastUpdatedBefore" if by == "updated" else "createdBefore"] = iso(before)
    return json_response(document)


def _key(order: Order, by: By) -> Key:
    return getattr(order, by), order.id


def _span(call: Call) -> tuple[By, float, float]:
    """By which time to search, from when and until when."""
    created, updated = call.moment("createdAfter"), call.moment("lastUpdatedAfter")
    if (created is None) == (updated is None):
        raise call.bad_request("Exactly one of createdAfter and lastUpdatedAfter must be provided.")
    by: By = "updated" if created is None else "created"
    if call.request.one("createdBefore" if created is None else "lastUpdatedBefore"):
        raise call.bad_request("createdAfter, createdBefore and lastUpdatedAfter, lastUpdatedBefore cannot be mixed.")
    after = created if created is not None else updated
    delay = call.world.settings.order_delay
    before = call.moment("createdBefore" if by == "created" else "lastUpdatedBefore")
    if before is None:
        return by, float(after or 0), call.world.now() - delay
    if before < float(after or 0) or before > call.world.now() - min(TWO_MINUTES, delay):
        raise call.bad_request("The end of the span must not be before its start, and at least two minutes ago.")
    return by, float(after or 0), before


def _wanted(call: Call) -> Callable[[Order], bool]:
    """Whether an order passes the filters that were asked for."""
    statuses = call.choices("fulfillmentStatuses", STATUSES)
    fulfilled_by = call.choices("fulfilledBy", ("MERCHANT", "AMAZON"))
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"), required=False)
    if len(marketplaces) > MOST_MARKETPLACES:
        raise call.bad_request(f"At most {MOST_MARKETPLACES} marketplaceIds can be provided.")
    return lambda order: (
        (not statuses or order.status in statuses)
        and (not fulfilled_by or order.fulfilled_by in fulfilled_by)
        and (not marketplaces or order.marketplace in marketplaces)
    )
