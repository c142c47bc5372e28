"""Listings Items 2021-08-01: reading.

`attributes` shows what the seller sent; summaries, offers and fulfillmentAvailability show what is live.
"""

from collections.abc import Callable
from typing import Any

from ..clock import iso
from ..marketplaces import MARKETPLACES, money
from ..messages import Response, json_response
from ..state import Listing
from ..tokens import make_token, read_token
from .attributes import in_marketplaces, sent_attributes
from .call import Call, answers, forbidden

READ_SETS = (
    "summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "procurement", "relationships",
    "productTypes",
)  # fmt: skip
ID_TYPES = ("ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC")
SORTS = ("sku", "createdDate", "lastUpdatedDate")
MOST = 1000  # SKUs that can be paged through


def check_seller(call: Call) -> None:
    if call.path["sellerId"] != call.seller.id:
        raise forbidden("The seller of the path is not the seller of the access token.")


@answers("getListingsItem", bad="BAD_REQUEST", missing="NOT_FOUND")
def get_listings_item(call: Call) -> Response:
    check_seller(call)
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    parts = call.choices("includedData", READ_SETS) or ["summaries"]
    listing = call.world.listing(call.seller.id, call.path["sku"])
    if listing is None or not any(each in listing.offers for each in marketplaces):
        raise call.not_found(f"SKU '{call.path['sku']}' not found in marketplace {', '.join(marketplaces)}.")
    return json_response(item_shape(call, listing, marketplaces, parts))


@answers("searchListingsItems", bad="BAD_REQUEST", missing="NOT_FOUND")
def search_listings_items(call: Call) -> Response:
    check_seller(call)
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    parts = call.choices("includedData", READ_SETS) or ["summaries"]
    found = _found(call, marketplaces)
    size = call.number("pageSize", 10, 20)
    start = _start(call)
    page = found[start : min(start + size, MOST)]
    document: dict[str, Any] = {"numberOfResults": len(found)}
    if pagination := _pagination(call, start, size, len(found)):
        document["pagination"] = pagination
    document["items"] = [item_shape(call, each, marketplaces, parts) for each in page]
    return json_response(document)


def _start(call: Call) -> int:
    token = call.request.one("pageToken")
    if token is None:
        return 0
    facts = read_token(call.world, token)
    if facts is None or facts.get("seller") != call.seller.id or "start" not in facts:
        raise call.bad_request("Invalid 'pageToken' provided.")
    return int(facts["start"])


def _pagination(call: Call, start: int, size: int, total: int) -> dict[str, str]:
    pagination = {}
    if start + size < min(total, MOST):
        pagination["nextToken"] = make_token(call.world, {"seller": call.seller.id, "start": start + size})
    if start > 0:
        pagination["previousToken"] = make_token(
            call.world, {"seller": call.seller.id, "start": max(0, start - size)}
        )
    return pagination


def _found(call: Call, marketplaces: list[str]) -> list[Listing]:
    """All listings that match, in the order asked for."""
    sort = call.choice("sortBy", SORTS, "lastUpdatedDate")
    descending = call.choice("sortOrder", ("ASC", "DESC"), "DESC") == "DESC"
    keep = _filters(call, marketplaces)
    found = [each for each in _candidates(call, marketplaces) if all(passes(each) for passes in keep)]
    keys: dict[str | None, Callable[[Listing], tuple[Any, ...]]] = {
        "sku": lambda listing: (listing.sku,),
        "createdDate": lambda listing: (_newest(listing, marketplaces, "created"), listing.sku),
        "lastUpdatedDate": lambda listing: (_newest(listing, marketplaces, "updated"), listing.sku),
    }
    return sorted(found, key=keys[sort], reverse=descending)


def _newest(listing: Listing, marketplaces: list[str], field: str) -> float:
    """The latest time of creation or update in these marketplaces."""
    moments: list[float] = [
        getattr(listing.offers[each], field) for each in marketplaces if each in listing.offers
    ]
    return max(moments)


def _candidates(call: Call, marketplaces: list[str]) -> list[Listing]:
    identifiers, kind = call.request.many("identifiers"), call.choice("identifiersType", ID_TYPES)
    parents = [name for name in ("variationParentSku", "packageHierarchySku") if call.request.one(name)]
    if bool(identifiers) != bool(kind):
        raise call.bad_request("'identifiers' and 'identifiersType' must be provided together.")
    if len(identifiers) > 20:
        raise call.bad_request("At most 20 'identifiers' can be provided.")
    if len(parents) + bool(identifiers) > 1:
        raise call.bad_request(
            "Only one of 'identifiers', 'variationParentSku', 'packageHierarchySku' can be provided."
        )
    if parents:
        return []  # no listing of the simulator has a family
    if identifiers:
        return _identified(call, identifiers, str(kind), marketplaces)
    after, before = call.moment("lastUpdatedAfter"), call.moment("lastUpdatedBefore")
    index = call.world.index(call.seller.id)
    found = {each.sku: each for mine in marketplaces for each in index.between(mine, after, before)}
    return list(found.values())


def _identified(call: Call, identifiers: list[str], kind: str, marketplaces: list[str]) -> list[Listing]:
    listings = call.world.state.listings.get(call.seller.id, {})
    index = call.world.index(call.seller.id)
    skus = (
        set(identifiers) if kind == "SKU" else {sku for each in identifiers for sku in index.skus_by_id(each)}
    )
    found = [listings[sku] for sku in skus if sku in listings]
    if kind in ("ASIN", "SKU"):
        wanted = [each for each in found if kind == "SKU" or each.asin in identifiers]
    else:
        wanted = [each for each in found if each.external_id and kind != "FNSKU"]
    after, before = call.moment("lastUpdatedAfter"), call.moment("lastUpdatedBefore")
    return [
        each
        for each in wanted
        if any(mine in each.offers for mine in marketplaces)
        and _within(_newest(each, marketplaces, "updated"), after, before)
    ]


def _within(moment: float, after: float | None, before: float | None) -> bool:
    return (after is None or moment >= after) and (before is None or moment <= before)


def _filters(call: Call, marketplaces: list[str]) -> list[Callable[[Listing], bool]]:
    now = call.world.now()
    keep: list[Callable[[Listing], bool]] = []
    statuses = ("BUYABLE", "DISCOVERABLE")
    wanted, unwanted = call.choices("withStatus", statuses), call.choices("withoutStatus", statuses)
    severities = call.choices("withIssueSeverity", ("WARNING", "ERROR"))
    after, before = call.moment("createdAfter"), call.moment("createdBefore")

    def status(listing: Listing) -> set[str]:
        return {each for mine in marketplaces if mine in listing.offers for each in listing.status(mine, now)}

    if wanted:
        keep.append(lambda listing: bool(status(listing) & set(wanted)))
    if unwanted:
        keep.append(lambda listing: not status(listing) & set(unwanted))
    if severities:
        keep.append(
            lambda listing: any(each["severity"] in severities for each in _issues(listing, marketplaces))
        )
    if after is not None or before is not None:
        keep.append(lambda listing: _within(_newest(listing, marketplaces, "created"), after, before))
    return keep


def item_shape(call: Call, listing: Listing, marketplaces: list[str], parts: list[str]) -> dict[str, Any]:
    """`Item` of Amazon's model, with the parts that were asked for."""
    mine = [each for each in marketplaces if each in listing.offers]
    now = call.world.now()
    makers: dict[str, Callable[[], Any]] = {
        "summaries": lambda: [_summary(call, listing, each, now) for each in mine],
        "attributes": lambda: in_marketplaces(sent_attributes(listing), marketplaces),
        "issues": lambda: _issues(listing, mine),
        "offers": lambda: [offer for each in mine for offer in _offers(listing, each, now)],
        "fulfillmentAvailability": lambda: [_availability(listing)],
        "procurement": lambda: [],
        "relationships": lambda: [],
        "productTypes": lambda: [
            {"marketplaceId": each, "productType": listing.product_type} for each in mine
        ],
    }
    return {"sku": listing.sku, **{part: makers[part]() for part in parts}}


def _summary(call: Call, listing: Listing, marketplace: str, now: float) -> dict[str, Any]:
    offer = listing.offers[marketplace]
    suspended = marketplace in call.seller.suspended
    summary = {
        "marketplaceId": marketplace,
        "asin": listing.asin,
        "productType": listing.product_type,
        "conditionType": listing.condition,
        "status": [] if suspended else listing.status(marketplace, now),
        "itemName": listing.title,
        "createdDate": iso(offer.created),
        "lastUpdatedDate": iso(offer.updated),
    }
    if listing.channel != "DEFAULT":
        summary["fnSku"] = f"X00{listing.asin[3:]}"
    return summary


def _issues(listing: Listing, marketplaces: list[str]) -> list[dict[str, Any]]:
    mine = [each for each in marketplaces if each in listing.offers]
    return [{**issue, "marketplaceIds": [each]} for each in mine for issue in listing.offers[each].issues]


def _offers(listing: Listing, marketplace: str, now: float) -> list[dict[str, Any]]:
    offer = listing.offers[marketplace]
    currency = MARKETPLACES[marketplace].currency
    prices = [("B2C", offer.price_at(now), {"value": "ALL", "displayName": "Sell on Amazon"})]
    prices.append(("B2B", offer.business_price, {"value": "B2B", "displayName": "Amazon Business"}))
    return [
        {
            "marketplaceId": marketplace,
            "offerType": kind,
            "price": money(price, currency),
            "audience": audience,
        }
        for kind, price, audience in prices
        if price is not None
    ]


def _availability(listing: Listing) -> dict[str, Any]:
    return {"fulfillmentChannelCode": listing.channel, "quantity": max(0, listing.quantity)}
