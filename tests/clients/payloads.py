"""What all clients send: bodies in Amazon's own shapes."""

from __future__ import annotations

from typing import Any

from tests.clients.conftest import DE

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:shop"
JSON_FEED = "application/json; charset=UTF-8"


def offer(amount: float) -> list[dict[str, Any]]:
    price = [{"schedule": [{"value_with_tax": amount}]}]
    return [{"marketplace_id": DE, "currency": "EUR", "audience": "ALL", "our_price": price}]


def price_patch(amount: float) -> dict[str, Any]:
    patch = {"op": "replace", "path": "/attributes/purchasable_offer", "value": offer(amount)}
    return {"productType": "PRODUCT", "patches": [patch]}


def offer_on(asin: str, amount: float = 12.5, quantity: int = 4) -> dict[str, Any]:
    """What puts an offer on an item of the catalogue."""
    attributes = {
        "merchant_suggested_asin": [{"value": asin, "marketplace_id": DE}],
        "condition_type": [{"value": "new_new", "marketplace_id": DE}],
        "purchasable_offer": offer(amount),
        "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}],
    }
    return {"productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": attributes}


def price_feed(seller_id: str) -> dict[str, Any]:
    """A price for a listing that is there, and one for a listing that is not."""
    messages = [
        {"messageId": 1, "sku": "LAMP", "operationType": "PATCH", **price_patch(45)},
        {"messageId": 2, "sku": "NOT THERE", "operationType": "PATCH", **price_patch(45)},
    ]
    return {"header": {"sellerId": seller_id, "version": "2.0"}, "messages": messages}


def package(order_item_id: str) -> dict[str, Any]:
    return {
        "packageReferenceId": "1",
        "carrierCode": "DHL",
        "trackingNumber": "0034",
        "shipDate": "2026-11-20T10:00:00Z",
        "orderItems": [{"orderItemId": order_item_id, "quantity": 1}],
    }


def offers_request(asin: str) -> dict[str, Any]:
    where = {"uri": f"/products/pricing/v0/items/{asin}/offers", "method": "GET"}
    return {"requests": [{**where, "MarketplaceId": DE, "ItemCondition": "New"}]}


def summary_request(asin: str) -> dict[str, Any]:
    where = {"uri": "/products/pricing/2022-05-01/items/competitiveSummary", "method": "GET"}
    parts = ["featuredBuyingOptions", "lowestPricedOffers", "referencePrices"]
    return {"requests": [{**where, "asin": asin, "marketplaceId": DE, "includedData": parts}]}


def fees_request() -> dict[str, Any]:
    price = {"ListingPrice": {"CurrencyCode": "EUR", "Amount": 49.0}}
    request = {"MarketplaceId": DE, "PriceToEstimateFees": price, "Identifier": "1", "IsAmazonFulfilled": False}
    return {"FeesEstimateRequest": request}
