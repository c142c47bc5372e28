"""What changes the way of an order through the warehouses: the seller, arriving units, time, and the sandbox."""

from typing import Any

from flask_amazon_channel.simulator.api.fulfillment.progress import (
    ENDED,
    FILL_ALL_LASTS,
    advance,
    await_units,
    enter,
    find,
    finish,
    give_back,
    give_up,
    plan_step,
    reserve,
    strike_missing,
)
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.fulfillment import FulfillmentItem, FulfillmentOrder
from flask_amazon_channel.simulator.world import World, effect, listens


def cancel(world: World, order: FulfillmentOrder, moment: float) -> None:
    give_back(world, order)
    for item in order.items:
        item.cancelled += item.missing
    for shipment in order.shipments:
        if shipment.status == "PENDING":
            shipment.status = "CANCELLED_BY_SELLER"
    enter(world, order, "Cancelled", moment)


@effect("fulfillment_hold_ends")
def end_hold(world: World, pending: Pending) -> None:
    order = find(world, pending.facts["seller"], pending.facts["order"])
    if order is not None and order.status == "Received" and order.action == "Hold":
        cancel(world, order, pending.due)


@effect("fulfillment_wait_ends")
def end_wait(world: World, pending: Pending) -> None:
    """A day is over: what is missing will not come."""
    order = find(world, pending.facts["seller"], pending.facts["order"])
    if order is None or order.status in ENDED or order.action == "Hold":
        return
    strike_missing(order)
    await_units(world, order)
    if not any(item.held for item in order.items):
        finish(world, order, pending.due)


@listens("fba_inventory_changed")
def use_arrivals(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Orders that wait for units take those that came."""
    for order_id in list(world.state.fulfillment.waiting.get(seller_id, [])):
        order = find(world, seller_id, order_id)
        if order is None or not any(item.sku == facts["sku"] and item.missing for item in order.items):
            continue
        held = sum(item.held for item in order.items)
        reserve(world, order)
        if sum(item.held for item in order.items) > held:
            await_units(world, order)
            plan_step(world, order, world.now())


def change_quantity(world: World, order: FulfillmentOrder, item: FulfillmentItem, quantity: int) -> None:
    """The seller wants another number of units of an item that is on hold."""
    more = quantity - (item.quantity - item.cancelled)
    if more > 0:
        item.quantity += more
        reserve(world, order)
        return
    item.cancelled -= more
    found = min(item.unfulfillable, -more)
    item.unfulfillable -= found
    surplus = max(0, -item.missing)
    item.held -= surplus
    warehouse.release(world, order.seller_id, item.sku, surplus)


def lift_hold(world: World, order: FulfillmentOrder) -> None:
    """The order goes on; one that must be filled whole, and cannot be, ends."""
    order.action = "Ship"
    moment = world.now()
    if order.status == "New":
        return
    if order.policy == "FillOrKill" and any(item.missing for item in order.items):
        give_up(world, order, "Unfulfillable", moment)
        return
    if order.policy == "FillAllAvailable":
        strike_missing(order)
    if order.policy == "FillAll":
        world.at(moment + FILL_ALL_LASTS, "fulfillment_wait_ends", {"seller": order.seller_id, "order": order.id})
    order.updated = moment
    world.occurred("fulfillment_order_changed", order.seller_id, order=order.id)
    plan_step(world, order, moment)


def end_as(world: World, order: FulfillmentOrder, status: str) -> None:
    """Let the order go straight to a status, as the sandbox is told to."""
    moment = world.now()
    if status == "Cancelled":
        cancel(world, order, moment)
    elif status in ("Unfulfillable", "Invalid"):
        give_up(world, order, status, moment)
    else:
        _hurry(world, order, status, moment)


def _hurry(world: World, order: FulfillmentOrder, status: str, moment: float) -> None:
    """Assumed: the last unit of an order that is to be CompletePartialled is unfulfillable."""
    order.action = "Ship"
    while order.status not in (status, *ENDED):
        before = (order.status, [item.shipped for item in order.items])
        if order.status in ("Planning", "Processing") and status in ("Complete", "CompletePartialled"):
            strike_missing(order)
        if order.status == "Planning" and status == "CompletePartialled":
            _lose_one(world, order)
        advance(world, order, moment)
        if before == (order.status, [item.shipped for item in order.items]):
            return


def _lose_one(world: World, order: FulfillmentOrder) -> None:
    item = next((each for each in reversed(order.items) if each.held), None)
    if item is not None and sum(each.held for each in order.items) > 1:
        item.held -= 1
        item.unfulfillable += 1
        warehouse.release(world, order.seller_id, item.sku, 1)
