"""FBA Inventory v1: the sandbox's own ways to put something into Amazon's warehouses."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.fba_inventory.errors import refused
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.shelves.catalogue import FBA_CHANNELS
from flask_amazon_channel.simulator.shelves.numbering import make_asin, make_ean
from flask_amazon_channel.simulator.state.listings import Listing, Offer
from flask_amazon_channel.simulator.wire.messages import ApiError, Response, json_response


@answers("createInventoryItem", bad="InvalidInput", missing="NotFound")
def create_inventory_item(call: Call) -> Response:
    """A new SKU without units and without a price.

    Assumed: a SKU that the seller has in this marketplace already is refused.
    """
    body = call.json()
    sku, marketplace, name = (_text(body, each) for each in ("sellerSku", "marketplaceId", "productName"))
    call.marketplaces([marketplace])
    world = call.world
    listing = world.listing(call.seller.id, sku)
    if listing is not None and (marketplace in listing.offers or not warehouse.by_amazon(listing)):
        raise refused(f"The seller has {sku} already.")
    if listing is None:
        chance = world.chance("listing")
        channel = FBA_CHANNELS[call.seller.region]
        asin, ean = make_asin(chance), make_ean(chance)
        listing = Listing(sku, asin, title=name, external_id=ean, quantity=0, channel=channel)
    else:
        world.drop_listing(call.seller.id, sku)  # it comes again, with one marketplace more
    listing.offers[marketplace] = Offer(None, world.now(), world.now())
    world.add_listing(call.seller.id, listing)
    warehouse.moved(world, call.seller.id, sku)
    return json_response({})


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise refused(f"{name} is required.")
    return value


@answers("deleteInventoryItem", bad="InvalidInput", missing="NotFound")
def delete_inventory_item(call: Call) -> Response:
    """The SKU leaves the marketplace; with its last marketplace its listing and its units are gone.

    Assumed: a SKU of which units are reserved for orders cannot be deleted.
    """
    marketplace = call.request.one("marketplaceId")
    if marketplace is None:
        raise refused("marketplaceId is required.")
    listing = _known(call, call.path["sellerSku"], call.marketplaces([marketplace])[0])
    if warehouse.look(call.world, call.seller.id, listing).orders:
        raise refused("Units of the SKU are reserved for orders.")
    call.world.drop_listing(call.seller.id, listing.sku)
    listing.offers.pop(marketplace)
    if listing.offers:
        call.world.add_listing(call.seller.id, listing)
    else:
        call.world.state.warehouses.stock.get(call.seller.id, {}).pop(listing.sku, None)
    call.world.occurred("fba_inventory_changed", call.seller.id, sku=listing.sku)
    return json_response({})


def _known(call: Call, sku: str, marketplace: str) -> Listing:
    """Assumed: a SKU that Amazon does not fulfil in the marketplace is answered with 404."""
    listing = call.world.listing(call.seller.id, sku)
    if listing is None or not warehouse.shown(listing, marketplace):
        raise ApiError(404, "NotFound", "The requested resource could not be found.", f"There is no SKU {sku}.")
    return listing


@answers("addInventory", bad="InvalidInput", missing="NotFound")
def add_inventory(call: Call) -> Response:
    """Units that can be sold at once.

    Assumed: a call with an idempotency token that was used before adds nothing, and is answered like the first.
    Assumed: one bad item refuses the whole call.
    """
    token = call.request.headers.get("x-amzn-idempotency-token", "")
    if not token:
        raise refused("The header x-amzn-idempotency-token is required.")
    items = call.json().get("inventoryItems")
    if not isinstance(items, list) or not items or not all(isinstance(each, dict) for each in items):
        raise refused("inventoryItems is a list of items.")
    units = [(_known_item(call, each), _units(each)) for each in items]
    used = call.world.state.warehouses.tokens
    if f"{call.seller.id}/{token}" in used:
        return json_response({})
    used.append(f"{call.seller.id}/{token}")
    for listing, quantity in units:
        warehouse.receive(call.world, call.seller.id, listing.sku, quantity)
        warehouse.moved(call.world, call.seller.id, listing.sku)
    return json_response({})


def _known_item(call: Call, item: dict[str, Any]) -> Listing:
    marketplace = call.marketplaces([_text(item, "marketplaceId")])[0]
    return _known(call, _text(item, "sellerSku"), marketplace)


def _units(item: dict[str, Any]) -> int:
    quantity = item.get("quantity")
    if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1:
        raise refused("quantity is a whole number of at least 1.")
    return quantity
