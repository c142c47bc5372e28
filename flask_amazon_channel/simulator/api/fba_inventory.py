"""FBA Inventory v1: what Amazon's warehouses hold, and the sandbox's own ways to put something in."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.paging import next_token, read_next_token
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.shelves.catalogue import FBA_CHANNELS
from flask_amazon_channel.simulator.shelves.numbering import make_asin, make_ean
from flask_amazon_channel.simulator.state.fba import INBOUND, RESEARCHING, UNFULFILLABLE, FbaStock, fnsku
from flask_amazon_channel.simulator.state.listings import Listing, Offer
from flask_amazon_channel.simulator.wire.messages import ApiError, Response, json_response

TOKEN_LIFETIME = 30.0
OLDEST_START = 548 * DAY  # 18 months
MOST_SKUS = 50
PAGE = 50
CONDITIONS = {"new": "NewItem", "used": "UsedItem", "collectible": "CollectibleItem", "club": "Club"}


def refused(why: str, status: int = 400, code: str = "InvalidInput") -> ApiError:
    """Seen in public: a bad call of FBA Inventory is told to check its input; the reason is ours, in `details`."""
    return ApiError(status, code, "Invalid request, please check your input.", why)


@answers("getInventorySummaries", bad="InvalidInput", missing="NotFound")
def get_inventory_summaries(call: Call) -> Response:
    """Assumed: a page holds at most 50 SKUs, and fewer, even none, where few of the next listings are Amazon's.

    Assumed: a SKU that Amazon does not fulfil is left out, also where it is asked for by name.
    """
    marketplace = _marketplace(call)
    details = call.flag("details")
    start = _start(call)
    document: dict[str, Any] = {}
    if start is None and (skus := _wanted_skus(call)):
        found = [each for each in (call.world.listing(call.seller.id, sku) for sku in skus) if each is not None]
        found = [each for each in found if warehouse.shown(each, marketplace)]
    else:
        token = read_next_token(call, TOKEN_LIFETIME)
        found, last = warehouse.page(call.world, call.seller.id, marketplace, start, token, PAGE)
        if last:
            document["pagination"] = {"nextToken": next_token(call, {"last": last})}
    granularity = {"granularityType": "Marketplace", "granularityId": marketplace}
    summaries = [summary_shape(call, each, details) for each in found]
    return json_response({"payload": {"granularity": granularity, "inventorySummaries": summaries}, **document})


def _marketplace(call: Call) -> str:
    ids = call.request.many("marketplaceIds")
    if call.request.one("granularityType") != "Marketplace":
        raise refused("granularityType must be Marketplace.")
    if len(ids) != 1:
        raise refused("marketplaceIds must hold one id.")
    if call.request.one("granularityId") != ids[0]:
        raise refused("granularityId must be the id of the marketplace.")
    return call.marketplaces(ids)[0]


def _start(call: Call) -> float | None:
    start = call.moment("startDateTime")
    if start is not None and start < call.world.now() - OLDEST_START:
        raise refused("startDateTime is earlier than 18 months ago.")
    return start


def _wanted_skus(call: Call) -> list[str]:
    skus = call.request.many("sellerSkus")
    if len(skus) > MOST_SKUS:
        raise refused(f"At most {MOST_SKUS} sellerSkus can be given.")
    sku = call.request.one("sellerSku")
    return skus or ([sku] if sku else [])


def summary_shape(call: Call, listing: Listing, details: bool) -> dict[str, Any]:
    stock = warehouse.look(call.world, call.seller.id, listing)
    shape: dict[str, Any] = {
        "asin": listing.asin,
        "fnSku": fnsku(listing.asin),
        "sellerSku": listing.sku,
        "condition": CONDITIONS.get(listing.condition.split("_")[0], "NewItem"),
    }
    if details:
        shape["inventoryDetails"] = _details(listing, stock)
    shape["lastUpdatedTime"] = iso(stock.updated)
    shape["productName"] = listing.title
    shape["totalQuantity"] = listing.quantity + stock.outside
    shape["stores"] = []
    return shape


def _details(listing: Listing, stock: FbaStock) -> dict[str, Any]:
    inbound = {f"inbound{kind.title()}Quantity": stock.inbound.get(kind, 0) for kind in INBOUND}
    researching = [
        {"name": f"researchingQuantityIn{kind.title()}Term", "quantity": stock.researching.get(kind, 0)}
        for kind in RESEARCHING
    ]
    return {
        "fulfillableQuantity": listing.quantity,
        **inbound,
        "reservedQuantity": {
            "totalReservedQuantity": stock.reserved,
            "pendingCustomerOrderQuantity": stock.orders,
            "pendingTransshipmentQuantity": stock.transshipment,
            "fcProcessingQuantity": stock.processing,
        },
        "researchingQuantity": {
            "totalResearchingQuantity": sum(stock.researching.values()),
            "researchingQuantityBreakdown": researching,
        },
        "unfulfillableQuantity": {
            "totalUnfulfillableQuantity": sum(stock.unfulfillable.values()),
            **{f"{_camel(kind)}Quantity": stock.unfulfillable.get(kind, 0) for kind in UNFULFILLABLE},
        },
    }


def _camel(words: str) -> str:
    first, *others = words.split("_")
    return first + "".join(other.title() for other in others)


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
