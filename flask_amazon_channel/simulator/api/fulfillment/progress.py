"""How an order of another channel goes through Amazon's warehouses, step by step on the virtual clock.

Assumed: each step, New to Received, Planning, Processing and the end, takes the setting `fulfillment_delay`.
"""

from flask_amazon_channel.simulator.api.fulfillment.services import carrier_of, transit
from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.fulfillment import FulfillmentOrder, FulfillmentShipment
from flask_amazon_channel.simulator.world import World, effect

HOLD_LASTS = 14 * DAY
FILL_ALL_LASTS = DAY
ENDED = ("Cancelled", "Complete", "CompletePartialled", "Unfulfillable", "Invalid")
BEFORE_PICKING = ("New", "Received", "Planning")


def begin(world: World, order: FulfillmentOrder) -> None:
    world.state.fulfillment.orders.setdefault(order.seller_id, {})[order.id] = order
    enter(world, order, "New", world.now())


def find(world: World, seller_id: str, order_id: str) -> FulfillmentOrder | None:
    return world.state.fulfillment.orders.get(seller_id, {}).get(order_id)


def enter(world: World, order: FulfillmentOrder, status: str, moment: float) -> None:
    order.status, order.updated = status, moment
    await_units(world, order)
    world.occurred("fulfillment_order_changed", order.seller_id, order=order.id)
    if status not in ENDED:
        plan_step(world, order, moment)


def plan_step(world: World, order: FulfillmentOrder, moment: float) -> None:
    facts = {"seller": order.seller_id, "order": order.id, "status": order.status}
    world.at(moment + world.settings.fulfillment_delay, "fulfillment_step", facts)


def await_units(world: World, order: FulfillmentOrder) -> None:
    """Orders that wait for units are known by name, so that arriving units need not look through all."""
    waiting = world.state.fulfillment.waiting.setdefault(order.seller_id, [])
    waits = order.policy == "FillAll" and order.status in ("Received", "Planning", "Processing")
    if waits and any(item.missing for item in order.items):
        if order.id not in waiting:
            waiting.append(order.id)
    elif order.id in waiting:
        waiting.remove(order.id)


@effect("fulfillment_step")
def take_step(world: World, pending: Pending) -> None:
    order = find(world, pending.facts["seller"], pending.facts["order"])
    if order is not None and order.status == pending.facts["status"]:
        advance(world, order, pending.due)


def advance(world: World, order: FulfillmentOrder, moment: float) -> None:
    """One step further, unless the order is on hold, waits for units, or has ended."""
    if order.status == "New":
        _validate(world, order, moment)
    elif order.status == "Received" and order.action == "Ship":
        enter(world, order, "Planning", moment)
    elif order.status == "Planning":
        _pick(world, order, moment)
    elif order.status == "Processing":
        _ship(world, order, moment)


def _validate(world: World, order: FulfillmentOrder, moment: float) -> None:
    """Assumed: an address outside the countries of the seller's region is invalid, and so is an order that must
    be filled whole (FillOrKill) and for which there are too few units now."""
    if not _deliverable(world, order):
        give_up(world, order, "Invalid", moment)
        return
    reserve(world, order)
    short = any(item.missing for item in order.items)
    if short and order.policy == "FillOrKill":
        give_up(world, order, "Invalid", moment)
        return
    if order.policy == "FillAllAvailable":
        strike_missing(order)
    if not any(item.held for item in order.items) and order.policy != "FillAll":
        give_up(world, order, "Unfulfillable", moment)
        return
    enter(world, order, "Received", moment)
    facts = {"seller": order.seller_id, "order": order.id}
    if order.action == "Hold":
        world.at(moment + HOLD_LASTS, "fulfillment_hold_ends", facts)
    elif order.policy == "FillAll":
        world.at(moment + FILL_ALL_LASTS, "fulfillment_wait_ends", facts)


def _deliverable(world: World, order: FulfillmentOrder) -> bool:
    region = world.state.sellers[order.seller_id].region
    countries = {each.country for each in MARKETPLACES.values() if each.region == region}
    return str(order.facts["destinationAddress"]["countryCode"]).upper() in countries


def reserve(world: World, order: FulfillmentOrder) -> None:
    for item in order.items:
        if item.missing > 0:
            taken = warehouse.take(world, order.seller_id, item.sku, item.missing)
            item.held += taken
            if taken:
                warehouse.moved(world, order.seller_id, item.sku)


def strike_missing(order: FulfillmentOrder) -> None:
    """What is missing now will not be shipped."""
    for item in order.items:
        item.unfulfillable += max(0, item.missing)


def give_back(world: World, order: FulfillmentOrder) -> None:
    """Everything that is still held can be sold again, to others: the order waits no more."""
    waiting = world.state.fulfillment.waiting.get(order.seller_id, [])
    if order.id in waiting:
        waiting.remove(order.id)
    for item in order.items:
        units, item.held, item.planned = item.held, 0, 0
        warehouse.release(world, order.seller_id, item.sku, units)


def give_up(world: World, order: FulfillmentOrder, status: str, moment: float) -> None:
    give_back(world, order)
    strike_missing(order)
    for shipment in order.shipments:
        if shipment.status == "PENDING":
            shipment.status = "CANCELLED_BY_FULFILLER"
    enter(world, order, status, moment)


def _pick(world: World, order: FulfillmentOrder, moment: float) -> None:
    """Picking begins for what is held; without any unit the order waits where it is."""
    if any(item.held > item.planned for item in order.items):
        _make_shipment(world, order, moment)
        enter(world, order, "Processing", moment)
    elif not any(item.missing for item in order.items):
        finish(world, order, moment)


def _make_shipment(world: World, order: FulfillmentOrder, moment: float) -> None:
    """Assumed: what is there at one time leaves in one shipment of one package."""
    chance = world.chance("fulfillment_shipment")
    number = chance.randrange(10**8, 2 * 10**9)
    packages = world.state.fulfillment.packages
    while f"{order.seller_id}/{number}" in packages:
        number += 1
    packages[f"{order.seller_id}/{number}"] = order.id
    items = {item.id: item.held - item.planned for item in order.items if item.held > item.planned}
    for item in order.items:
        item.planned = item.held
    carrier, tracking_number = carrier_of(order, chance)
    ships = moment + world.settings.fulfillment_delay
    country = MARKETPLACES[order.marketplace].country
    order.shipments.append(
        FulfillmentShipment(
            id="D" + "".join(chance.choices("0123456789BCDFGHJKLMNPQRSTVWXZ", k=8)),
            center=f"{country}{chance.randrange(1, 10)}X{chance.randrange(1, 10)}",
            items=items,
            package=number,
            carrier=carrier,
            tracking_number=tracking_number,
            ships=ships,
            arrives=ships + transit(order),
        )
    )


def _ship(world: World, order: FulfillmentOrder, moment: float) -> None:
    for shipment in order.shipments:
        if shipment.status == "PENDING":
            shipment.status, shipment.ships, shipment.arrives = "SHIPPED", moment, moment + transit(order)
            _leave(world, order, shipment)
    if any(item.held > item.planned for item in order.items):
        _make_shipment(world, order, moment)
        plan_step(world, order, moment)
    if any(item.missing or item.held for item in order.items):
        order.updated = moment
        world.occurred("fulfillment_order_changed", order.seller_id, order=order.id)
    else:
        finish(world, order, moment)


def _leave(world: World, order: FulfillmentOrder, shipment: FulfillmentShipment) -> None:
    for item in order.items:
        units = shipment.items.get(item.id, 0)
        item.held, item.planned, item.shipped = item.held - units, item.planned - units, item.shipped + units
        warehouse.ship(world, order.seller_id, item.sku, units)


def finish(world: World, order: FulfillmentOrder, moment: float) -> None:
    if not any(item.shipped for item in order.items):
        enter(world, order, "Unfulfillable", moment)
    elif all(item.shipped == item.quantity for item in order.items):
        enter(world, order, "Complete", moment)
    else:
        enter(world, order, "CompletePartialled", moment)
