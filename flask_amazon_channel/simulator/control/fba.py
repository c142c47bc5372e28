"""What happens in Amazon's warehouses without the seller's client: deliveries, losses, counting."""

from typing import Any

from flask_amazon_channel.simulator.control.refused import Refused, check_known
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.state.fba import INBOUND, RESEARCHING, UNFULFILLABLE, FbaStock, fnsku
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World

_NUMBERS = ("fulfillable", "transshipment", "processing")
_FACTS = (*_NUMBERS, "inbound", "received_in", "researching", "unfulfillable")


def get_fba(world: World, seller_id: str, sku: str) -> dict[str, Any]:
    """Where the units of a SKU are; `left` went to customers."""
    listing = _listing(world, seller_id, sku)
    stock = warehouse.look(world, seller_id, listing)
    return {
        "sku": sku,
        "fnsku": fnsku(listing.asin),
        "fulfillable": listing.quantity,
        "inbound": {kind: stock.inbound.get(kind, 0) for kind in INBOUND},
        "orders": stock.orders,
        "transshipment": stock.transshipment,
        "processing": stock.processing,
        "researching": {kind: stock.researching.get(kind, 0) for kind in RESEARCHING},
        "unfulfillable": {kind: stock.unfulfillable.get(kind, 0) for kind in UNFULFILLABLE},
        "left": stock.left,
    }


def put_fba(world: World, seller_id: str, sku: str, /, **facts: Any) -> dict[str, Any]:
    """Say where units are: `fulfillable`, `transshipment`, `processing` are numbers, the others `{kind: number}`.

    With `received_in` what is inbound becomes fulfillable after so many seconds.  What orders have reserved stays.
    """
    listing = _listing(world, seller_id, sku)
    check_known(facts, _FACTS, "facts")
    counts = {name: _count(name, facts[name]) for name in _NUMBERS if name in facts}
    inbound = _counts("inbound", facts, INBOUND)
    researching = _counts("researching", facts, RESEARCHING)
    unfulfillable = _counts("unfulfillable", facts, UNFULFILLABLE)
    seconds = facts.get("received_in")
    if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0):
        raise Refused("received_in is a number of seconds.")
    stock = warehouse.keep(world, seller_id, sku)
    listing.quantity = counts.get("fulfillable", listing.quantity)
    _change(stock, counts, inbound, researching, unfulfillable)
    warehouse.moved(world, seller_id, sku)
    if seconds is not None:
        warehouse.expect(world, seller_id, sku, seconds)
    return get_fba(world, seller_id, sku)


def _change(stock: FbaStock, counts: dict[str, int], *parts: dict[str, int] | None) -> None:
    stock.transshipment = counts.get("transshipment", stock.transshipment)
    stock.processing = counts.get("processing", stock.processing)
    inbound, researching, unfulfillable = parts
    stock.inbound = stock.inbound if inbound is None else inbound
    stock.researching = stock.researching if researching is None else researching
    stock.unfulfillable = stock.unfulfillable if unfulfillable is None else unfulfillable


def _listing(world: World, seller_id: str, sku: str) -> Listing:
    listing = world.listing(seller_id, sku)
    if listing is None or not warehouse.by_amazon(listing):
        raise Refused(f"Seller {seller_id} has no listing {sku} that Amazon fulfils.")
    return listing


def _counts(name: str, facts: dict[str, Any], kinds: tuple[str, ...]) -> dict[str, int] | None:
    if name not in facts:
        return None
    if not isinstance(facts[name], dict) or set(facts[name]) - set(kinds):
        raise Refused(f"{name} is {{kind: number}} with the kinds {', '.join(kinds)}.")
    return {kind: _count(kind, value) for kind, value in facts[name].items()}


def _count(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refused(f"{name} is a whole number of at least 0.")
    return value
