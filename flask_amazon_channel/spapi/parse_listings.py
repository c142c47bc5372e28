"""Listings Items 2021-08-01 as values, each SKU as one marketplace shows it."""

from __future__ import annotations

from decimal import Decimal

from flask_amazon_channel.rules.amazon import ListingsPage, ObservedListing, Receipt, SubmissionStatus
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.spapi.parse import (
    JSON,
    Unreadable,
    count,
    issues,
    key,
    money,
    objects,
    optional_count,
    optional_key,
    optional_moment,
    part,
    text,
    texts,
)


def parse_listing(item: JSON, marketplace_id: str) -> ObservedListing:
    """`getListingsItem`.

    Where the marketplace has no summary, the SKU exists and is neither buyable nor found.
    """
    summary = _of_marketplace(item, "summaries", marketplace_id)
    price = _consumer_price(item, marketplace_id)
    fulfilled_by, quantity = _availability(item)
    attributes = item.get("attributes")
    return ObservedListing(
        sku=key(item, "sku"),
        marketplace_id=marketplace_id,
        asin=optional_key(summary, "asin"),
        title=text(summary, "itemName"),
        product_type=optional_key(summary, "productType")
        or optional_key(_of_marketplace(item, "productTypes", marketplace_id), "productType"),
        condition=text(summary, "conditionType"),
        status=texts(summary, "status"),
        price=price[0] if price else None,
        currency=price[1] if price else None,
        quantity=quantity,
        fulfilled_by=fulfilled_by,
        created_at=optional_moment(summary, "createdDate"),
        last_updated_at=optional_moment(summary, "lastUpdatedDate"),
        issues=issues(item, "issues", marketplace_id),
        attributes=attributes if isinstance(attributes, dict) else None,
    )


def _of_marketplace(item: JSON, name: str, marketplace_id: str) -> JSON:
    for row in objects(item, name):
        if row.get("marketplaceId") == marketplace_id:
            return row
    return {}


def _consumer_price(item: JSON, marketplace_id: str) -> tuple[Decimal, str] | None:
    """The price for everybody: B2C, and no narrower audience."""
    for offer in objects(item, "offers"):
        audience = text(part(offer, "audience"), "value") or "ALL"
        if offer.get("marketplaceId") == marketplace_id and offer.get("offerType") == "B2C" and audience == "ALL":
            return money(offer, "price")
    return None


def _availability(item: JSON) -> tuple[FulfilledBy, int | None]:
    """Who ships, and the merchant's quantity.

    Any of Amazon's channels makes it Amazon's (AMAZON_NA, AMAZON_EU ...).
    """
    quantity: int | None = None
    for row in objects(item, "fulfillmentAvailability"):
        if key(row, "fulfillmentChannelCode") != "DEFAULT":
            return FulfilledBy.AMAZON, None
        quantity = optional_count(row, "quantity")
    return FulfilledBy.MERCHANT, quantity


def parse_listings_page(answer: JSON, marketplace_id: str) -> ListingsPage:
    """`searchListingsItems`.  A page without its `items` is an error, not an empty page."""
    if not isinstance(answer.get("items"), list):
        raise Unreadable("items is missing.")
    listings: list[ObservedListing] = []
    unreadable: list[tuple[str, str]] = []
    for item in answer["items"]:
        try:
            listings.append(parse_listing(_object(item), marketplace_id))
        except Unreadable as why:
            unreadable.append((_sku(item), str(why)))
    return ListingsPage(
        listings=tuple(listings),
        next_token=text(part(answer, "pagination"), "nextToken"),
        total=count(answer, "numberOfResults"),
        unreadable=tuple(unreadable),
    )


def _object(item: object) -> JSON:
    if not isinstance(item, dict):
        raise Unreadable("The item is not an object.")
    return item


def _sku(item: object) -> str:
    try:
        return key(_object(item), "sku")
    except Unreadable:
        return ""


def parse_receipt(answer: JSON) -> Receipt:
    """`patchListingsItem`."""
    status = key(answer, "status")
    if status not in SubmissionStatus.__members__:
        raise Unreadable("status is none that we know.")
    return Receipt(key(answer, "sku"), SubmissionStatus(status), key(answer, "submissionId"), issues(answer, "issues"))
