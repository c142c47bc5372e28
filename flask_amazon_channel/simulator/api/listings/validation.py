"""What Amazon finds wrong with submitted attributes, as issues of the Listings Items API."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import Attributes
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.product_types.issues import Issue, make_issue


def find_issues(attributes: Attributes, touched: set[str], marketplace: str) -> list[Issue]:
    """What no schema says, of the attributes that a submission touched: they are of the right shape already."""
    issues: list[Issue] = []
    if "fulfillment_availability" in touched:
        issues += [
            issue for value in attributes.get("fulfillment_availability", []) for issue in _quantity_issues(value)
        ]
    if "purchasable_offer" in touched:
        mine = [
            value for value in attributes.get("purchasable_offer", []) if value.get("marketplace_id") == marketplace
        ]
        issues += [issue for value in mine for issue in _offer_issues(value)]
    return issues


def _quantity_issues(value: dict[str, Any]) -> list[Issue]:
    name = "fulfillment_availability"
    if "fulfillment_channel_code" not in value:
        return [
            make_issue("90220", "'fulfillment_channel_code' is required but not supplied.", name, "MISSING_ATTRIBUTE")
        ]
    quantity = value.get("quantity", 0)
    if isinstance(quantity, int) and not isinstance(quantity, bool) and quantity >= 0:
        return []
    message = "The provided value for 'quantity' is invalid: it must be a whole number that is not negative."
    return [make_issue("90000900", message, name, "INVALID_ATTRIBUTE")]


def _offer_issues(offer: dict[str, Any]) -> list[Issue]:
    name = "purchasable_offer"
    currency = MARKETPLACES[offer["marketplace_id"]].currency
    if offer.get("currency", currency) != currency:
        message = f"The provided value for 'currency' is invalid: this marketplace uses {currency}."
        return [make_issue("90000900", message, name, "INVALID_ATTRIBUTE")]
    price = price_in(offer, "our_price")
    if price is None and offer.get("audience", "ALL") == "ALL":
        return [make_issue("90220", "'our_price' is required but not supplied.", name, "MISSING_PRICE")]
    parts = ("our_price", "minimum_seller_allowed_price", "maximum_seller_allowed_price", "discounted_price")
    if any(not _is_price(price_in(offer, part), currency) for part in parts if part in offer):
        message = f"A price is invalid: it must be above 0 and a whole number of the smallest unit of {currency}."
        return [make_issue("90000900", message, name, "INVALID_PRICE")]
    return []


def bounds_issues(offer: dict[str, Any]) -> list[Issue]:
    """A price outside the bounds that the seller has set."""
    price, lowest, highest = (
        price_in(offer, "our_price"),
        price_in(offer, "minimum_seller_allowed_price"),
        price_in(offer, "maximum_seller_allowed_price"),
    )
    if price is not None and lowest is not None and lowest > price:
        message = (
            "The 'minimum price' is greater than the selling price (excluding shipping) for the listing."
            " Review and update your price and/or minimum price."
        )
        return [make_issue("18155", message, "purchasable_offer", "INVALID_PRICE")]
    if price is not None and highest is not None and highest < price:
        message = "The 'maximum price' is less than the selling price (excluding shipping) for the listing."
        return [make_issue("18156", message, "purchasable_offer", "INVALID_PRICE")]
    return []


def price_in(offer: dict[str, Any], part: str) -> Decimal | None:
    """The price of the first schedule of a part of an offer, or None; a price that is no number is 0."""
    try:
        return Decimal(str(offer[part][0]["schedule"][0]["value_with_tax"]))
    except (KeyError, IndexError, TypeError):
        return None
    except InvalidOperation:
        return Decimal(0)


def _is_price(price: Decimal | None, currency: str) -> bool:
    decimals = 0 if currency == "JPY" else 2
    return price is not None and price.is_finite() and price > 0 and price == round(price, decimals)
