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


def patched(old: Values, op: str, new: Values, marketplaces: list[str]) -> Values:
    """One attribute after one patch.

    `replace` puts the new values in place of everything that the attribute holds in the call's
    marketplaces, other audiences included; `add` replaces only values with the same selectors; `merge`
    keeps the parts that the new value does not name; `delete` removes the values with the given selectors.
    How far `replace` reaches is assumed: a client that carries what it does not own is right either way.
    """
    if op == "merge":
        return _merged(old, new)
    if op == "delete":
        return [value for value in old if not any(_selected(value, each) for each in new)]
    if op == "replace":
        return [value for value in old if not _replaced(value, new, marketplaces)] + new
    return [value for value in old if not any(_same_selectors(value, each) for each in new)] + new


_SELECTORS = ("marketplace_id", "audience", "fulfillment_channel_code", "language_tag", "type")


def _selectors(value: dict[str, Any]) -> dict[str, Any]:
    found = {name: value[name] for name in _SELECTORS if name in value}
    return {**found, "audience": value.get("audience", "ALL")} if "our_price" in value else found


def _same_selectors(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return _selectors(old) == _selectors(new)


def _replaced(old: dict[str, Any], new: Values, marketplaces: list[str]) -> bool:
    if "fulfillment_channel_code" in old:
        return any(_same_selectors(old, each) for each in new)
    return old.get("marketplace_id", marketplaces[0]) in marketplaces


def _selected(value: dict[str, Any], selectors: dict[str, Any]) -> bool:
    given = {name: selectors[name] for name in _SELECTORS if name in selectors}
    known = {"audience": "ALL", **value}
    return bool(given) and all(known.get(name) == wanted for name, wanted in given.items())


def _merged(old: Values, new: Values) -> Values:
    result = [dict(value) for value in old]
    for value in new:
        twin = next((each for each in result if _same_merge_target(each, value)), None)
        if twin is None:
            result.append(dict(value))
        else:
            twin.update(value)
    return result


def _same_merge_target(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Selectors that the new value leaves out (an audience, say) fall back to their default."""
    return {"audience": "ALL", **_selectors(old)} == {"audience": "ALL", **_selectors(new)}
