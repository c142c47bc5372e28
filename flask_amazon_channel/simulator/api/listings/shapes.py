"""Summaries and offers of a live listing, in the words of the Listings Items API."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.api.call import Call
from flask_amazon_channel.simulator.api.listings.attributes import values_in
from flask_amazon_channel.simulator.api.listings.standing import MAIN_IMAGE, shows_product
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money
from flask_amazon_channel.simulator.shelves.pictures import picture
from flask_amazon_channel.simulator.state.fba import fnsku
from flask_amazon_channel.simulator.state.listings import Listing

_JAPAN = "A1VC38T7YXB528"


def summary(call: Call, listing: Listing, marketplace: str) -> dict[str, Any]:
    offer = listing.offers[marketplace]
    found: dict[str, Any] = {
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
        found["fnSku"] = fnsku(listing.asin)
    if link := main_image(listing, marketplace):
        found["mainImage"] = {"link": link, "height": 500, "width": 500}
    return found


def main_image(listing: Listing, marketplace: str) -> str | None:
    """Assumed: a listing whose seller sent no product facts shows the picture of its ASIN."""
    for value in values_in(listing.live or {}, MAIN_IMAGE, marketplace):
        return str(value.get("media_location", ""))
    return None if shows_product(listing) else picture(listing.asin, 0)


def offers_in(listing: Listing, marketplace: str, now: float) -> list[dict[str, Any]]:
    offer = listing.offers[marketplace]
    currency = MARKETPLACES[marketplace].currency
    prices = [("B2C", offer.price_at(now), {"value": "ALL", "displayName": "Sell on Amazon"})]
    prices.append(("B2B", offer.business_price, {"value": "B2B", "displayName": "Amazon Business"}))
    return [
        {
            "marketplaceId": marketplace,
            "offerType": kind,
            "price": money(price, currency),
            **_points(marketplace, price),
            "audience": audience,
        }
        for kind, price, audience in prices
        if price is not None
    ]


def _points(marketplace: str, price: str) -> dict[str, Any]:
    """Assumed: an offer in Japan gives one percent of its price in points."""
    return {"points": {"pointsNumber": int(Decimal(price) / 100)}} if marketplace == _JAPAN else {}
