"""Listing attributes: what the seller sent, and how a patch changes it."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.listings import Listing, Offer

Values = list[dict[str, Any]]
Attributes = dict[str, Values]


def sent_attributes(listing: Listing) -> Attributes:
    """What was sent; for a listing that was never patched, what must have been sent to make it."""
    return listing.attributes if listing.attributes is not None else made_attributes(listing)


def made_attributes(listing: Listing) -> Attributes:
    attributes: Attributes = {
        "item_name": [
            {"value": listing.title, "language_tag": MARKETPLACES[each].language, "marketplace_id": each}
            for each in listing.offers
        ],
        "condition_type": [{"value": listing.condition, "marketplace_id": each} for each in listing.offers],
        "merchant_suggested_asin": [{"value": listing.asin, "marketplace_id": each} for each in listing.offers],
        "fulfillment_availability": made_availability(listing),
    }
    if listing.external_id:
        identifier = {
            "type": "upc" if len(listing.external_id) == 12 else "ean",
            "value": listing.external_id,
        }
        attributes["externally_assigned_product_identifier"] = [
            {**identifier, "marketplace_id": each} for each in listing.offers
        ]
    if offers := made_offers(listing):
        attributes["purchasable_offer"] = offers
    return attributes


def made_availability(listing: Listing) -> Values:
    if listing.channel != "DEFAULT":
        return [{"fulfillment_channel_code": listing.channel}]
    return [{"fulfillment_channel_code": "DEFAULT", "quantity": listing.quantity}]


def made_offers(listing: Listing) -> Values:
    return [_made_offer(each, offer) for each, offer in listing.offers.items() if offer.price is not None]


def _made_offer(marketplace: str, offer: Offer) -> dict[str, Any]:
    currency = MARKETPLACES[marketplace].currency
    price = Decimal(str(offer.price))
    amount = int(price) if price == int(price) else float(price)
    made = {"marketplace_id": marketplace, "currency": currency, "audience": "ALL"}
    return {**made, "our_price": [{"schedule": [{"value_with_tax": amount}]}]}


def in_marketplaces(attributes: Attributes, marketplaces: list[str]) -> Attributes:
    """The values that hold in these marketplaces: those of the marketplace, and those of all."""
    kept = {
        name: [value for value in values if value.get("marketplace_id", marketplaces[0]) in marketplaces]
        for name, values in attributes.items()
    }
    return {name: values for name, values in kept.items() if values}


def value_in(attributes: Attributes, name: str, marketplace: str) -> Any:
    """The first `value` of an attribute in a marketplace, or None."""
    return next((each["value"] for each in values_in(attributes, name, marketplace) if "value" in each), None)


def values_in(attributes: Attributes, name: str, marketplace: str) -> Values:
    return [each for each in attributes.get(name, []) if each.get("marketplace_id", marketplace) == marketplace]
