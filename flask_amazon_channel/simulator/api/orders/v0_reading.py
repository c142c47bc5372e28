"""Orders v0: the reads, which are deprecated.

Documented: The reads of Orders v0 fail from 2027-03-27; the setting `orders_v0_removed` lets them fail now.
Assumed: They fail with 403, as a path that does not exist.
Assumed: A page token of Orders v0 lives for 24 hours and keeps to the filters of the first call.
Assumed: getOrders with `AmazonOrderIds` or `SellerOrderId` needs no time to start from.
"""

from itertools import islice
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers, forbidden
from flask_amazon_channel.simulator.api.orders.finding import ORDER_ID, find_order, found_orders
from flask_amazon_channel.simulator.api.orders.v0_shapes import (
    CHANNELS,
    PAYMENTS,
    STATUSES,
    address_shape,
    buyer_shape,
    item_buyer_shape,
    item_shape,
    order_shape,
)
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.login.signing import make_token, read_token
from flask_amazon_channel.simulator.state.orders import Order
from flask_amazon_channel.simulator.wire.messages import Response, json_response

MOST_IDS = 50
_TWO_MINUTES = 120.0
_SPANS = {"CreatedAfter": "created", "LastUpdatedAfter": "updated"}
_BEFORE = {"created": "CreatedBefore", "updated": "LastUpdatedBefore"}


@answers("getOrders", bad="InvalidInput", missing="NotFound")
def get_orders(call: Call) -> Response:
    _check_not_removed(call)
    query = _query(call)
    by = query["by"]
    moment, order_id = query["last"]
    matching = (each for each in found_orders(call, by, (moment, order_id), query["before"]) if _matches(each, query))
    found = list(islice(matching, query["size"] + 1))
    page, elements = found[: query["size"]], call.elements or []
    payload: dict[str, Any] = {"Orders": [order_shape(each, elements, call.world.now()) for each in page]}
    payload[_BEFORE[by]] = iso(query["before"])
    if len(found) > len(page):
        last = [getattr(page[-1], by), page[-1].id]
        payload["NextToken"] = make_token(call.world, {**query, "last": last, "at": call.world.now()})
    return json_response({"payload": payload})


def _check_not_removed(call: Call) -> None:
    if call.world.settings.orders_v0_removed:
        raise forbidden("")


def _query(call: Call) -> dict[str, Any]:
    marketplaces = call.request.many("MarketplaceIds")
    if not 1 <= len(marketplaces) <= MOST_IDS:
        raise call.bad_request(f"MarketplaceIds must hold 1 to {MOST_IDS} ids.")
    call.marketplaces(marketplaces)
    if text := call.request.one("NextToken"):
        return _read_token(call, text)
    ids, own_id = call.request.many("AmazonOrderIds"), call.request.one("SellerOrderId")
    if len(ids) > MOST_IDS or any(not ORDER_ID.fullmatch(each) for each in ids):
        raise call.bad_request(f"AmazonOrderIds holds at most {MOST_IDS} ids in 3-7-7 format.")
    by, after, before = _span(call, bool(ids or own_id))
    statuses = call.choices("OrderStatuses", (*STATUSES.values(), "InvoiceUnconfirmed"))
    return {
        "seller": call.seller.id, "by": by, "last": [after, ""], "before": before, "marketplaces": marketplaces,
        "ids": ids, "own_id": own_id, "statuses": statuses,
        "channels": call.choices("FulfillmentChannels", tuple(CHANNELS.values())),
        "payments": call.choices("PaymentMethods", ("COD", "CVS", "Other")),
        "email": call.request.one("BuyerEmail"), "ispu": call.choice("IsISPU", ("true", "false")),
        "deliveries": _deliveries(call), "size": call.number("MaxResultsPerPage", 100, 100),
    }  # fmt: skip


def _read_token(call: Call, text: str) -> dict[str, Any]:
    facts = read_token(call.world, text)
    if facts is None or facts.get("seller") != call.seller.id or call.world.now() - facts["at"] > DAY:
        raise call.bad_request("Invalid NextToken.")
    return facts


def _span(call: Call, optional: bool) -> tuple[str, float, float]:
    """By which time to search, from when and until when."""
    latest = call.world.now() - call.world.settings.order_delay
    given = {by: call.moment(name) for name, by in _SPANS.items() if call.request.one(name)}
    if optional and not given:
        return "created", 0.0, latest
    if len(given) != 1:
        raise call.bad_request("Exactly one of CreatedAfter and LastUpdatedAfter must be provided.")
    ((by, after),) = given.items()
    other = _BEFORE["updated" if by == "created" else "created"]
    if call.request.one(other):
        raise call.bad_request("CreatedAfter, CreatedBefore and LastUpdatedAfter, LastUpdatedBefore cannot be mixed.")
    before = call.moment(_BEFORE[by])
    if before is None:
        return by, float(after or 0), latest
    if before < float(after or 0) or before > call.world.now() - min(_TWO_MINUTES, call.world.settings.order_delay):
        raise call.bad_request("The end of the span must not be before its start, and at least two minutes ago.")
    return by, float(after or 0), before


def _deliveries(call: Call) -> dict[str, float | None]:
    names = (f"{which}DeliveryDate{side}" for which in ("Earliest", "Latest") for side in ("Before", "After"))
    return {name: call.moment(name) for name in names}


def _matches(order: Order, query: dict[str, Any]) -> bool:
    return (
        order.marketplace in query["marketplaces"]
        and (not query["ids"] or order.id in query["ids"])
        and query["own_id"] in (None, order.seller_order_id)
        and (not query["statuses"] or STATUSES[order.status] in query["statuses"])
        and (not query["channels"] or CHANNELS[order.fulfilled_by] in query["channels"])
        and (not query["payments"] or PAYMENTS.get(order.payment_method, "Other") in query["payments"])
        and query["email"] in (None, order.buyer.get("buyerEmail"))
        and query["ispu"] in (None, str("IN_STORE_PICK_UP" in order.programs).lower())
        and _is_delivered_in(order, query["deliveries"])
    )


def _is_delivered_in(order: Order, bounds: dict[str, float | None]) -> bool:
    earliest = min(order.created + order.ship_within + DAY, order.latest_delivery)
    moments = {"Earliest": earliest, "Latest": order.latest_delivery}
    for name, bound in bounds.items():
        moment = moments[name.partition("Delivery")[0]]
        if bound is not None and (moment > bound if name.endswith("Before") else moment < bound):
            return False
    return True


@answers("getOrderV0", bad="InvalidInput", missing="NotFound")
def get_order(call: Call) -> Response:
    _check_not_removed(call)
    order = find_order(call, call.path["orderId"])
    return json_response({"payload": order_shape(order, call.elements or [], call.world.now())})


@answers("getOrderBuyerInfo", bad="InvalidInput", missing="NotFound")
def get_order_buyer_info(call: Call) -> Response:
    _check_not_removed(call)
    order = find_order(call, call.path["orderId"])
    return json_response({"payload": {"AmazonOrderId": order.id, **buyer_shape(order, _may_see(call))}})


@answers("getOrderAddress", bad="InvalidInput", missing="NotFound")
def get_order_address(call: Call) -> Response:
    _check_not_removed(call)
    order = find_order(call, call.path["orderId"])
    payload: dict[str, Any] = {"AmazonOrderId": order.id}
    if address := address_shape(order, _may_see(call), call.world.now()):
        payload["ShippingAddress"] = address
    return json_response({"payload": payload})


@answers("getOrderItems", bad="InvalidInput", missing="NotFound")
def get_order_items(call: Call) -> Response:
    restricted = "buyerInfo" in (call.elements or [])
    return _items(call, lambda order, item: item_shape(order, item, restricted))


@answers("getOrderItemsBuyerInfo", bad="InvalidInput", missing="NotFound")
def get_order_items_buyer_info(call: Call) -> Response:
    return _items(call, lambda order, item: {"OrderItemId": item.id, **item_buyer_shape(order, item)})


def _may_see(call: Call) -> bool:
    return call.elements is not None and call.seller.sees_personal_data


def _items(call: Call, shape: Any) -> Response:
    """All items are on one page, so there is no token that could be asked for."""
    _check_not_removed(call)
    order = find_order(call, call.path["orderId"])
    if call.request.one("NextToken"):
        raise call.bad_request("Invalid NextToken.")
    items = [] if order.is_pending and call.operation.name == "getOrderItemsBuyerInfo" else order.items
    return json_response({"payload": {"AmazonOrderId": order.id, "OrderItems": [shape(order, each) for each in items]}})
