"""Orders 2026-01-01: searchOrders and getOrder.

Documented: The last two minutes cannot be searched, and the answer says up to when it did.
Documented: Orders of more than two years ago are not shown; those of Japan, Australia and Singapore since 2016.
Documented: A page token lives for 24 hours and for the same parameters.
Assumed: The first page fixes up to when the later pages look, and orders come oldest first.
Assumed: With the setting `order_lag` an order is found later than the answer claims.
"""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.orders.finding import find_order, is_kept
from flask_amazon_channel.simulator.api.orders.shapes import PARTS, order_shape
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.login.signing import make_token, read_token
from flask_amazon_channel.simulator.state.orders import STATUSES, Order
from flask_amazon_channel.simulator.wire.messages import Response, json_response

TWO_MINUTES = 120.0
MOST_MARKETPLACES = 50


@answers("getOrder", bad="InvalidInput", missing="NotFound")
def get_order(call: Call) -> Response:
    parts = call.choices("includedData", PARTS)
    return json_response({"order": _shape(call, find_order(call, call.path["orderId"]), parts)})


def _shape(call: Call, order: Order, parts: list[str]) -> dict[str, Any]:
    return order_shape(order, parts, call.seller.sees_personal_data, call.world.now())


@answers("searchOrders", bad="InvalidInput", missing="NotFound")
def search_orders(call: Call) -> Response:
    by, after, before = _span(call)
    token = _read_page_token(call)
    before = token["before"] if token else before
    after_key = tuple(token["last"]) if token else (after, "")
    size = call.number("maxResultsPerPage", 100, 100)
    found = [each for each in _matching(call, by, before) if _key(each, by) > after_key]
    found.sort(key=lambda order: _key(order, by))
    parts = call.choices("includedData", PARTS)
    document: dict[str, Any] = {"orders": [_shape(call, each, parts) for each in found[:size]]}
    if len(found) > size:
        document["pagination"] = {"nextToken": _make_page_token(call, before, _key(found[size - 1], by))}
    document["lastUpdatedBefore" if by == "updated" else "createdBefore"] = iso(before)
    return json_response(document)


def _key(order: Order, by: str) -> tuple[float, str]:
    return getattr(order, by), order.id


def _span(call: Call) -> tuple[str, float, float]:
    """By which time to search, from when and until when."""
    created, updated = call.moment("createdAfter"), call.moment("lastUpdatedAfter")
    if (created is None) == (updated is None):
        raise call.bad_request("Exactly one of createdAfter and lastUpdatedAfter must be provided.")
    by, other = ("created", "lastUpdatedBefore") if created is not None else ("updated", "createdBefore")
    if call.request.one(other):
        raise call.bad_request("createdAfter, createdBefore and lastUpdatedAfter, lastUpdatedBefore cannot be mixed.")
    after = created if created is not None else updated
    delay = call.world.settings.order_delay
    before = call.moment("createdBefore" if by == "created" else "lastUpdatedBefore")
    if before is None:
        return by, float(after or 0), call.world.now() - delay
    if before < float(after or 0) or before > call.world.now() - min(TWO_MINUTES, delay):
        raise call.bad_request("The end of the span must not be before its start, and at least two minutes ago.")
    return by, float(after or 0), before


def _matching(call: Call, by: str, before: float) -> list[Order]:
    statuses = call.choices("fulfillmentStatuses", STATUSES)
    fulfilled_by = call.choices("fulfilledBy", ("MERCHANT", "AMAZON"))
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"), required=False)
    if len(marketplaces) > MOST_MARKETPLACES:
        raise call.bad_request(f"At most {MOST_MARKETPLACES} marketplaceIds can be provided.")
    now = call.world.now()
    seen = now - call.world.settings.order_delay - call.world.settings.order_lag
    return [
        order
        for order in call.world.state.orders.values()
        if order.seller_id == call.seller.id
        and getattr(order, by) <= before
        and order.updated <= seen
        and is_kept(order, now)
        and (not statuses or order.status in statuses)
        and (not fulfilled_by or order.fulfilled_by in fulfilled_by)
        and (not marketplaces or order.marketplace in marketplaces)
    ]


def _others(call: Call) -> list[list[Any]]:
    """The parameters that must stay the same from page to page."""
    mine = call.request.parameters
    return sorted([name, call.request.many(name)] for name in mine if name != "paginationToken")


def _make_page_token(call: Call, before: float, last: tuple[float, str]) -> str:
    facts = {"seller": call.seller.id, "before": before, "last": last, "query": _others(call)}
    return make_token(call.world, {**facts, "at": call.world.now()})


def _read_page_token(call: Call) -> dict[str, Any] | None:
    """The facts of the token; it lives for 24 hours and for the same parameters only."""
    text = call.request.one("paginationToken")
    if text is None:
        return None
    facts = read_token(call.world, text)
    if facts is None or facts.get("seller") != call.seller.id or facts.get("query") != _others(call):
        raise call.bad_request("Invalid paginationToken.")
    if call.world.now() - facts["at"] > DAY:
        raise call.bad_request("The paginationToken has expired.")
    return facts
