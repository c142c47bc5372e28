"""Buyers who order by themselves, on the virtual clock.

Assumed: Orders come at random moments, at the rate that was set, and start as PENDING without price and address.
Assumed: After the minutes that were set an order is UNSHIPPED; if its payment fails Amazon cancels it.
Assumed: Some buyers ask to cancel within an hour of the payment, and the order stays as it is until it is
cancelled.
Assumed: Buyers rather take listings that have the featured offer: two of three look for another listing otherwise.
Assumed: However far the clock is advanced at once, at most 2,000 orders come of it; the time that is left over
passes without orders.
"""

import random
from dataclasses import asdict, fields
from typing import Any

from flask_amazon_channel.simulator.api.orders.changing import REQUEST, changed
from flask_amazon_channel.simulator.control.order_changes import enter_status
from flask_amazon_channel.simulator.control.refused import Refused, check_known, find_seller, find_seller_in
from flask_amazon_channel.simulator.control.sales import place_order
from flask_amazon_channel.simulator.market.summary import Board
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.orders import Order, Shoppers
from flask_amazon_channel.simulator.world import World, effect

MOST_AT_ONCE = 2000
_TRIES = 12  # listings that a buyer looks at before giving up
_HOUR = 3600.0
_SHIPPING = ("0", "0", "3.99")
_RATES = ("cancel_rate", "failure_rate", "several_rate", "gift_rate", "business_rate")
_OWN = ("generation", "placed", "seller_id", "marketplace")
_FACTS = tuple(each.name for each in fields(Shoppers) if each.name not in _OWN)


def set_shoppers(world: World, seller: str, marketplace: str = "", **facts: Any) -> dict[str, Any]:
    """With orders_per_hour or orders_per_day, and other facts of the shoppers; a rate of 0 ends the shopping."""
    marketplace = marketplace or next(iter(find_seller(world, seller).marketplaces))
    find_seller_in(world, seller, marketplace)
    if "orders_per_day" in facts:
        facts["orders_per_hour"] = _number("orders_per_day", facts.pop("orders_per_day")) / 24
    check_known(facts, _FACTS, "facts of the buyers")
    shoppers = _make(world, seller, marketplace, facts)
    world.state.shoppers[_key(shoppers)] = shoppers
    _plan_visit(world, shoppers, world.now())
    return get_shoppers(world)


def _make(world: World, seller_id: str, marketplace: str, facts: dict[str, Any]) -> Shoppers:
    for name, value in facts.items():
        _number(name, value, 1.0 if name in _RATES else 1e6)
    if "orders_per_hour" not in facts or int(facts.get("quantity", 1)) < 1:
        raise Refused("Buyers have orders_per_hour or orders_per_day, and a quantity of at least 1.")
    shoppers = Shoppers(seller_id, marketplace, **facts)
    earlier = world.state.shoppers.get(_key(shoppers))
    shoppers.generation = earlier.generation + 1 if earlier else 0
    return shoppers


def _number(name: str, value: Any, most: float = 1e6) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise Refused(f"{name} is a number from 0 to {most:g}.")
    return float(value)


def _key(shoppers: Shoppers) -> str:
    return f"{shoppers.seller_id}/{shoppers.marketplace}"


def get_shoppers(world: World) -> dict[str, Any]:
    return {"buyers": [asdict(each) for each in world.state.shoppers.values() if each.orders_per_hour > 0]}


def drop_shoppers(world: World) -> None:
    for shoppers in world.state.shoppers.values():
        shoppers.orders_per_hour = 0.0


def _plan_visit(world: World, shoppers: Shoppers, last: float) -> None:
    if shoppers.orders_per_hour <= 0:
        return
    gap = world.chance("visit").expovariate(shoppers.orders_per_hour / _HOUR)
    world.at(last + gap, "visit", {"shoppers": _key(shoppers), "generation": shoppers.generation})


@effect("visit")
def visit(world: World, pending: Pending) -> None:
    """The visit that is due, and all that have become due since."""
    shoppers = world.state.shoppers[pending.facts["shoppers"]]
    if shoppers.generation != pending.facts["generation"] or shoppers.orders_per_hour <= 0:
        return
    moment, now = pending.due, world.now()
    for _ in range(MOST_AT_ONCE):
        _shop(world, shoppers, moment)
        moment += world.chance("visit").expovariate(shoppers.orders_per_hour / _HOUR)
        if moment > now:
            break
    moment = max(moment, now)
    world.at(moment, "visit", {"shoppers": _key(shoppers), "generation": shoppers.generation})


def _shop(world: World, shoppers: Shoppers, moment: float) -> None:
    chance = world.chance("shopping")
    items = _basket(world, shoppers, chance)
    if not items:
        return
    programs = ["AMAZON_BUSINESS"] if chance.random() < shoppers.business_rate else []
    ago = world.now() - moment
    place = (shoppers.seller_id, shoppers.marketplace)
    order = place_order(world, *place, items, status="PENDING", programs=programs, ago=ago)
    shoppers.placed += 1
    _plan_payment(world, shoppers, order, chance)


def _basket(world: World, shoppers: Shoppers, chance: random.Random) -> list[dict[str, Any]]:
    size = chance.randrange(2, 4) if chance.random() < shoppers.several_rate else 1
    found = [_choose(world, shoppers, chance) for _ in range(size)]
    listings = {listing.sku: listing for listing in found if listing is not None}
    channels = [listing.channel for listing in listings.values()]  # an order is fulfilled by one party
    return [_line(shoppers, each, chance) for each in listings.values() if each.channel == channels[0]]


def _line(shoppers: Shoppers, listing: Listing, chance: random.Random) -> dict[str, Any]:
    most = min(int(shoppers.quantity), listing.quantity)
    line: dict[str, Any] = {"sku": listing.sku, "quantity": min(chance.choice((1, 1, 1, 1, most)), most)}
    if MARKETPLACES[shoppers.marketplace].currency != "JPY":
        line["shipping"] = chance.choice(_SHIPPING)
    if chance.random() < shoppers.gift_rate:
        line |= {"gift_message": "Happy birthday!", "gift_wrap": "4" if listing.channel == "DEFAULT" else "0"}
    return line


def _choose(world: World, shoppers: Shoppers, chance: random.Random) -> Listing | None:
    """A listing that can be bought, of a few chosen by number: however large the catalogue is."""
    for _ in range(_TRIES):
        sku = _any_sku(world, shoppers, chance)
        listing = None if sku is None else world.listing(shoppers.seller_id, sku)
        if listing is None or shoppers.marketplace not in listing.offers:
            continue
        if "BUYABLE" not in world.status(shoppers.seller_id, listing, shoppers.marketplace) or listing.quantity < 1:
            continue
        if _is_featured(world, shoppers, listing) or chance.random() < 1 / 3:
            return listing
    return None


def _any_sku(world: World, shoppers: Shoppers, chance: random.Random) -> str | None:
    span = world.index(shoppers.seller_id).span(shoppers.marketplace, None, None)
    touched, made = span.end - span.start, span.last - span.first
    if touched + made <= 0:
        return None
    place = chance.randrange(touched + made)
    if place < touched:
        return span.updates[span.start + place][1]
    return span.maker.sku(span.maker.number_at(span.first + place - touched))


def _is_featured(world: World, shoppers: Shoppers, listing: Listing) -> bool:
    board = Board(world, listing.asin, shoppers.marketplace)
    return any((each.seller, each.sku) == (shoppers.seller_id, listing.sku) for each in board.winners())


def _plan_payment(world: World, shoppers: Shoppers, order: Order, chance: random.Random) -> None:
    facts = {"order": order.id, "fails": chance.random() < shoppers.failure_rate}
    moment = order.created + shoppers.pending_minutes * 60
    world.at(moment, "payment", facts)
    if not facts["fails"] and chance.random() < shoppers.cancel_rate:
        world.at(moment + chance.uniform(60, _HOUR), "second_thoughts", {"order": order.id})


@effect("payment")
def finish_payment(world: World, pending: Pending) -> None:
    """The order is ready to be shipped, or Amazon cancels it."""
    order = world.state.orders[pending.facts["order"]]
    if not order.is_pending:
        return
    if pending.facts["fails"]:
        enter_status(world, order, "CANCELLED", {"cancelled_by": "AMAZON", "reason": "PAYMENT_DECLINED"})
    else:
        enter_status(world, order, "UNSHIPPED", {})
    changed(world, order, at=pending.due)


@effect("second_thoughts")
def ask_to_cancel(world: World, pending: Pending) -> None:
    order = world.state.orders[pending.facts["order"]]
    if order.status != "UNSHIPPED":
        return
    for item in order.items:
        item.cancel_request = "BUYER_CANCELED"
    changed(world, order, REQUEST, "BUYER_CANCELED", at=pending.due)
