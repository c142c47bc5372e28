"""Listings Items 2021-08-01: reading one.

`attributes` shows what the seller sent; summaries, offers and fulfillmentAvailability show what is live.
"""

from collections.abc import Callable
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers, forbidden
from flask_amazon_channel.simulator.api.listings.attributes import in_marketplaces, sent_attributes
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.wire.messages import Response, json_response

READ_SETS = (
    "summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "procurement", "relationships",
    "productTypes",
)  # fmt: skip


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


def item_shape(call: Call, listing: Listing, marketplaces: list[str], parts: list[str]) -> dict[str, Any]:
    """`Item` of Amazon's model, with the parts that were asked for."""
    mine = [each for each in marketplaces if each in listing.offers]
    now = call.world.now()
    makers: dict[str, Callable[[], Any]] = {
        "summaries": lambda: [_summary(call, listing, each) for each in mine],
        "attributes": lambda: in_marketplaces(sent_attributes(listing), marketplaces),
        "issues": lambda: issues_in(listing, mine),
        "offers": lambda: [offer for each in mine for offer in _offers(listing, each, now)],
        "fulfillmentAvailability": lambda: [_availability(listing)],
        "procurement": list,
        "relationships": list,
        "productTypes": lambda: [{"marketplaceId": each, "productType": listing.product_type} for each in mine],
    }
    return {"sku": listing.sku, **{part: makers[part]() for part in parts}}


def _summary(call: Call, listing: Listing, marketplace: str) -> dict[str, Any]:
    offer = listing.offers[marketplace]
    summary = {
        "marketplaceId": marketplace,
        "asin": listing.asin,
        "productType": listing.product_type,
        "conditionType": listing.condition,
        "status": call.world.status(call.seller.id, listing, marketplace),
        "itemName": listing.title,
        "createdDate": iso(offer.created),
        "lastUpdatedDate": iso(offer.updated),
    }
    if listing.channel != "DEFAULT":
        summary["fnSku"] = f"X00{listing.asin[3:]}"
    return summary


def issues_in(listing: Listing, marketplaces: list[str]) -> list[dict[str, Any]]:
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
