"""Fulfillment Outbound 2020-07-01: orders of other channels are read, changed and cancelled."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.fulfillment import changes, progress
from flask_amazon_channel.simulator.api.fulfillment.bodies import MOST_UNITS, STATUSES, read_body
from flask_amazon_channel.simulator.api.fulfillment.creating import checked_facts, make_item
from flask_amazon_channel.simulator.api.fulfillment.shapes import order_shape, whole_shape
from flask_amazon_channel.simulator.api.paging import next_token, read_next_token
from flask_amazon_channel.simulator.state.fulfillment import FulfillmentItem, FulfillmentOrder
from flask_amazon_channel.simulator.wire.messages import Response, json_response

PAGE = 50


def order_of(call: Call) -> FulfillmentOrder:
    """The order of the path.

    Assumed: an order that the seller does not have is answered with 404.
    """
    order = progress.find(call.world, call.seller.id, call.path["sellerFulfillmentOrderId"])
    if order is None:
        raise call.not_found("The fulfillment order does not exist.")
    return order


@answers("getFulfillmentOrder", bad="InvalidInput", missing="NotFound")
def get_fulfillment_order(call: Call) -> Response:
    return json_response({"payload": whole_shape(order_of(call))})


@answers("listAllFulfillmentOrders", bad="InvalidInput", missing="NotFound")
def list_all_fulfillment_orders(call: Call) -> Response:
    """Oldest update first.

    Assumed: a page holds 50 orders.
    Assumed: without queryStartDate the orders of the last 36 hours are meant.
    """
    token = read_next_token(call)
    start = call.moment("queryStartDate")
    after = (call.world.now() - 36 * 3600.0, "") if start is None else (start, "")
    after = (token["last"][0], token["last"][1]) if token else after
    mine = call.world.state.fulfillment.orders.get(call.seller.id, {}).values()
    found = sorted((each for each in mine if (each.updated, each.id) > after), key=lambda each: (each.updated, each.id))
    payload: dict[str, Any] = {"fulfillmentOrders": [order_shape(each) for each in found[:PAGE]]}
    if len(found) > PAGE:
        last = found[PAGE - 1]
        payload["nextToken"] = next_token(call, {"last": [last.updated, last.id]})
    return json_response({"payload": payload})


@answers("updateFulfillmentOrder", bad="InvalidInput", missing="NotFound")
def update_fulfillment_order(call: Call) -> Response:
    """Assumed: only an order on hold that has not been picked can be changed; its items by quantity only.

    Assumed: a smaller quantity cancels units, and 0 cancels the item.
    """
    order = order_of(call)
    body = read_body(call, "UPDATE")
    if order.action != "Hold" or order.status not in progress.BEFORE_PICKING:
        raise call.bad_request("Only a fulfillment order with an order hold on it can be updated.")
    if "marketplaceId" in body and body["marketplaceId"] != order.marketplace:
        raise call.bad_request("The marketplace of a fulfillment order cannot be changed.")
    facts = checked_facts(call, body, order.marketplace)
    quantities = _quantities(call, order, body.get("items", []))
    speed = body.get("shippingSpeedCategory", order.speed)
    if speed == "ScheduledDelivery" and order.speed != speed:
        raise call.bad_request("The speed of a fulfillment order cannot become ScheduledDelivery.")
    order.facts |= facts
    order.speed, order.policy = speed, body.get("fulfillmentPolicy", order.policy)
    for item, quantity in quantities:
        changes.change_quantity(call.world, order, item, quantity)
    if body.get("fulfillmentAction") == "Ship":
        changes.lift_hold(call.world, order)
    return json_response({})


def _quantities(call: Call, order: FulfillmentOrder, items: list[dict[str, Any]]) -> list[tuple[FulfillmentItem, int]]:
    found = []
    for each in items:
        item = order.item(each["sellerFulfillmentOrderItemId"])
        if item is None or each.get("sellerSku", item.sku) != item.sku:
            raise call.bad_request(f"The order has no item {each['sellerFulfillmentOrderItemId']}.")
        item.facts |= make_item({**each, "sellerSku": item.sku}).facts
        found.append((item, int(each["quantity"])))
    changed = {item.id: quantity for item, quantity in found}
    units = sum(changed.get(item.id, item.quantity - item.cancelled) for item in order.items)
    if not 1 <= units <= MOST_UNITS:
        raise call.bad_request(f"An order has 1 to {MOST_UNITS} units.")
    return found


@answers("cancelFulfillmentOrder", bad="InvalidInput", missing="NotFound")
def cancel_fulfillment_order(call: Call) -> Response:
    order = order_of(call)
    if order.status not in progress.BEFORE_PICKING:
        raise call.bad_request(f"A fulfillment order that is {order.status} cannot be cancelled.")
    changes.cancel(call.world, order, call.world.now())
    return json_response({})


@answers("submitFulfillmentOrderStatusUpdate", bad="InvalidInput", missing="NotFound")
def submit_status(call: Call) -> Response:
    """The order goes on to this status at once, through those that are between.

    Assumed: an order cannot go back, nor leave the status that it ended with.
    """
    order = order_of(call)
    status = read_body(call, "STATUS")["fulfillmentOrderStatus"]
    if not _can_become(order, status):
        raise call.bad_request(f"A fulfillment order that is {order.status} cannot become {status}.")
    changes.end_as(call.world, order, status)
    return json_response({})


def _can_become(order: FulfillmentOrder, status: str) -> bool:
    if order.status in progress.ENDED:
        return False
    if status == "Cancelled":
        return order.status in progress.BEFORE_PICKING
    if status in ("Invalid", "Unfulfillable"):
        return not any(item.shipped for item in order.items)
    way = [each for each in STATUSES if each not in ("Cancelled", "Invalid", "Unfulfillable")]
    return way.index(status) > way.index(order.status)
