"""FBA Inventory v1: what Amazon's warehouses hold."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.fba_inventory.errors import refused
from flask_amazon_channel.simulator.api.paging import next_token, read_next_token
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.state.fba import INBOUND, RESEARCHING, UNFULFILLABLE, FbaStock, fnsku
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.wire.messages import Response, json_response

TOKEN_LIFETIME = 30.0
OLDEST_START = 548 * DAY  # 18 months
MOST_SKUS = 50
PAGE = 50
CONDITIONS = {"new": "NewItem", "used": "UsedItem", "collectible": "CollectibleItem", "club": "Club"}


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
