"""Amazon's warehouses: units of listings that Amazon fulfils, as they come, are reserved, leave and come back.

The fulfillable units of a SKU are the quantity of its listing: there is no second number.  Nothing is kept for a
SKU whose units were never moved.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.fba import INBOUND, Claim, FbaStock
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.world import World, effect, listens

LOOKED_AT = 1000  # listings for one page
CHUNK = 200


def by_amazon(listing: Listing | None) -> bool:
    return listing is not None and listing.channel != "DEFAULT"


def shown(listing: Listing, marketplace: str) -> bool:
    return by_amazon(listing) and marketplace in listing.offers


def page(
    world: World, seller_id: str, marketplace: str, start: float | None, token: dict[str, Any] | None, size: int
) -> tuple[list[Listing], list[Any]]:
    """Some listings that Amazon fulfils, by their last update, and the place to go on from if there may be more.

    However many listings there are, a page looks at a bounded number.  What changes while a client turns pages comes
    again at the end, so nothing is missed.
    """
    found: list[Listing] = []
    last: list[Any] = []
    for number, listing in enumerate(_in_order(world, seller_id, marketplace, start, token)):
        if len(found) == size or number == LOOKED_AT:
            return found, last
        last = [listing.offers[marketplace].updated, listing.sku]
        if by_amazon(listing) and (start is None or look(world, seller_id, listing).updated >= start):
            found.append(listing)
    return found, []


def _in_order(
    world: World, seller_id: str, marketplace: str, start: float | None, token: dict[str, Any] | None
) -> Iterator[Listing]:
    last = token["last"] if token else None
    span = world.index(seller_id).span(marketplace, last[0] if last else start, None)
    for sku in chain.from_iterable(span.skus(place, CHUNK, newest_first=False) for place in range(0, len(span), CHUNK)):
        listing = world.listing(seller_id, sku)
        if listing is not None and (last is None or [listing.offers[marketplace].updated, sku] > last):
            yield listing


def look(world: World, seller_id: str, listing: Listing) -> FbaStock:
    """What is known of a SKU, for reading.

    Assumed: stock that was never moved was last updated when its listing was made.
    """
    kept = world.state.warehouses.stock.get(seller_id, {}).get(listing.sku)
    return kept or FbaStock(updated=min((offer.created for offer in listing.offers.values()), default=0.0))


def keep(world: World, seller_id: str, sku: str) -> FbaStock:
    """What is known of a SKU, for changing."""
    shelf = world.state.warehouses.stock.setdefault(seller_id, {})
    if sku not in shelf:
        shelf[sku] = FbaStock(updated=world.now())
    return shelf[sku]


def moved(world: World, seller_id: str, sku: str) -> None:
    """Units of a SKU were moved, now."""
    keep(world, seller_id, sku).updated = world.now()
    listing = world.listing(seller_id, sku)
    if listing is not None:
        world.touch(seller_id, listing)
    world.occurred("fba_inventory_changed", seller_id, sku=sku)


def receive(world: World, seller_id: str, sku: str, units: int) -> None:
    """Make units fulfillable; where no listing of Amazon's can hold them they are set aside."""
    listing = world.listing(seller_id, sku)
    if listing is not None and by_amazon(listing):
        listing.quantity += units
    else:
        keep(world, seller_id, sku).processing += units


def take(world: World, seller_id: str, sku: str, units: int) -> int:
    """Reserve as many of the units as are fulfillable, without a word; returns how many.

    Whoever takes notes it first and then calls `moved`: the word may lead to the next one who takes.
    """
    listing = world.listing(seller_id, sku)
    if listing is None or not by_amazon(listing):
        return 0
    taken = max(0, min(units, listing.quantity))
    if taken:
        listing.quantity -= taken
        keep(world, seller_id, sku).orders += taken
    return taken


def release(world: World, seller_id: str, sku: str, units: int) -> None:
    """Give reserved units back to be sold."""
    if units > 0:
        keep(world, seller_id, sku).orders -= units
        receive(world, seller_id, sku, units)
        moved(world, seller_id, sku)


def ship(world: World, seller_id: str, sku: str, units: int) -> None:
    """Reserved units leave for a customer."""
    if units > 0:
        stock = keep(world, seller_id, sku)
        stock.orders -= units
        stock.left += units
        moved(world, seller_id, sku)


def take_back(world: World, seller_id: str, sku: str, unfulfillable: str | None) -> None:
    """A unit came back from a customer: it can be sold again, or is unfulfillable for this reason."""
    stock = keep(world, seller_id, sku)
    stock.left -= 1
    if unfulfillable is None:
        receive(world, seller_id, sku, 1)
    else:
        stock.unfulfillable[unfulfillable] = stock.unfulfillable.get(unfulfillable, 0) + 1
    moved(world, seller_id, sku)


def expect(world: World, seller_id: str, sku: str, seconds: float) -> None:
    """What is inbound now is received after some time, half of which it takes to be shipped and opened."""
    facts = {"seller": seller_id, "sku": sku}
    world.at(world.now() + seconds / 2, "fba_opened", facts)
    world.at(world.now() + seconds, "fba_received", facts)


@effect("fba_opened")
def open_shipment(world: World, pending: Pending) -> None:
    """Everything inbound has reached the warehouse, and nothing of it is counted yet."""
    stock = keep(world, pending.facts["seller"], pending.facts["sku"])
    if units := sum(stock.inbound.values()):
        stock.inbound = {"receiving": units}
        world.occurred("fba_inventory_changed", pending.facts["seller"], sku=pending.facts["sku"])


@effect("fba_received")
def count_shipment(world: World, pending: Pending) -> None:
    seller_id, sku = pending.facts["seller"], pending.facts["sku"]
    stock = keep(world, seller_id, sku)
    units = sum(stock.inbound.get(kind, 0) for kind in INBOUND)
    stock.inbound = {}
    if units:
        receive(world, seller_id, sku, units)
        moved(world, seller_id, sku)


@listens("order_changed")
def follow_order(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Units of an order that Amazon fulfils: reserved when it is placed, gone when shipped, free when cancelled."""
    order = world.state.orders.get(str(facts.get("order")))
    if order is not None and order.fulfilled_by == "AMAZON":
        for item in order.items:
            _follow(world, order, item)


def _follow(world: World, order: Order, item: OrderItem) -> None:
    """Assumed: an order for more units than there are reserves what there is, and more whenever it changes."""
    claim = world.state.warehouses.claims.setdefault(f"{order.id}/{item.id}", Claim())
    still_open = max(0, item.open)
    shipped = max(0, item.shipped - claim.shipped)
    if still_open + shipped > claim.reserved:
        taken = take(world, order.seller_id, item.sku, still_open + shipped - claim.reserved)
        claim.reserved += taken
        if taken:
            moved(world, order.seller_id, item.sku)
    leaving = min(shipped, claim.reserved)
    claim.shipped += shipped
    claim.reserved -= leaving
    ship(world, order.seller_id, item.sku, leaving)
    surplus = max(0, claim.reserved - still_open)
    claim.reserved -= surplus
    release(world, order.seller_id, item.sku, surplus)
