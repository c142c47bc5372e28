"""How a wanted price or quantity is written for Amazon.

Amazon replaces the whole `purchasable_offer` of a marketplace, so everything in it that is not ours (business
prices, discount plans, a sale price) is carried over from what was read before.  What was never read cannot
be carried, so then no price is sent.  The quantity is merged, so that handling time and restock date stay.

Numbers are `Decimal`: whoever writes the JSON must write them exactly.
Shapes: Listings Items 2021-08-01, attribute `purchasable_offer` and `fulfillment_availability`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

Patch = dict[str, Any]
Offer = dict[str, Any]

EVERYBODY = "ALL"
"""The audience of the ordinary price.  An offer without an audience is meant for everybody."""


def price_patch(
    attributes_read: Sequence[Mapping[str, Any]] | None,
    marketplace_id: str,
    currency: str,
    price: Decimal,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
) -> Patch | None:
    """Return the patch that sets this price in one marketplace, or None where the offer was never read."""
    value = patched_offer(attributes_read, marketplace_id, currency, price, minimum, maximum)
    return None if value is None else {"op": "replace", "path": "/attributes/purchasable_offer", "value": value}


def patched_offer(
    attributes_read: Sequence[Mapping[str, Any]] | None,
    marketplace_id: str,
    currency: str,
    price: Decimal,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
) -> list[Offer] | None:
    """Return the new `purchasable_offer` of one marketplace, or None where the old one was never read.

    `attributes_read` is the attribute as last read (an empty list: read, and there was no offer).
    """
    if attributes_read is None:
        return None
    offers = [_exact(offer) for offer in attributes_read if offer.get("marketplace_id") == marketplace_id]
    ours = next((offer for offer in offers if _audience(offer) == EVERYBODY), None)
    if ours is None:
        ours = {"marketplace_id": marketplace_id, "audience": EVERYBODY}
        offers.insert(0, ours)
    ours["currency"] = currency
    ours["our_price"] = _scheduled(price)
    _set_limit(ours, "minimum_seller_allowed_price", minimum, lambda limit: limit <= price)
    _set_limit(ours, "maximum_seller_allowed_price", maximum, lambda limit: price <= limit)
    return offers


def _set_limit(offer: Offer, name: str, ours: Decimal | None, allows: Callable[[Decimal], bool]) -> None:
    """Set our limit, else keep the one read unless it forbids the price: Amazon would stop the listing."""
    if ours is not None:
        offer[name] = _scheduled(ours)
    elif any(not allows(Decimal(amount)) for amount in _amounts(offer.get(name))):
        del offer[name]


def _amounts(limit: Any) -> list[Any]:
    times = [time for part in limit or () for time in part.get("schedule", ())]
    return [time["value_with_tax"] for time in times if "value_with_tax" in time]


def quantity_patch(quantity: int) -> Patch:
    """Return the patch that sets the merchant's own quantity and leaves the rest alone.  Never for FBA."""
    if quantity < 0:
        raise ValueError(f"A quantity of {quantity} cannot be shown.")
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
    return {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}


def withdrawal_patch(attributes_read: Sequence[Mapping[str, Any]] | None, marketplace_id: str, currency: str) -> Patch:
    """Return the patch that takes all offers of one marketplace away, whoever they are for."""
    read = [offer for offer in attributes_read or () if offer.get("marketplace_id") == marketplace_id]
    selectors = {(EVERYBODY, currency)}
    selectors |= {(_audience(offer), str(offer.get("currency", currency))) for offer in read}
    value = [
        {"marketplace_id": marketplace_id, "currency": code, "audience": audience}
        for audience, code in sorted(selectors)
    ]
    return {"op": "delete", "path": "/attributes/purchasable_offer", "value": value}


def _audience(offer: Mapping[str, Any]) -> str:
    return str(offer.get("audience") or EVERYBODY)


def _scheduled(amount: Decimal) -> list[dict[str, Any]]:
    return [{"schedule": [{"value_with_tax": amount}]}]


def _exact(part: Any) -> Any:
    """Copy what was read; a float becomes the decimal that it was written as."""
    if isinstance(part, Mapping):
        return {name: _exact(value) for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [_exact(value) for value in part]
    return Decimal(str(part)) if isinstance(part, float) else part
