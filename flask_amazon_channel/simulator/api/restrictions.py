"""Listings Restrictions 2021-08-01: may a seller list an ASIN?"""

import re
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers, forbidden
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.shelves.products import brand_of, is_known
from flask_amazon_channel.simulator.shelves.restricted import CONDITIONS, restrictions_on
from flask_amazon_channel.simulator.wire.messages import Response, json_response

_MESSAGES = {
    "APPROVAL_REQUIRED": "You need approval to list this product.",
    "ASIN_NOT_FOUND": "The ASIN does not exist in this marketplace.",
    "NOT_ELIGIBLE": "You are not eligible to list this product.",
}


@answers("getListingsRestrictions", bad="BAD_REQUEST", missing="NOT_FOUND", bare_errors=True)
def get_listings_restrictions(call: Call) -> Response:
    """Assumed: reasons are told in English, whatever the locale."""
    asin = call.request.one("asin") or ""
    if not re.fullmatch("[0-9A-Z]{10}", asin):
        raise call.bad_request("Invalid 'asin' provided.")
    if call.request.one("sellerId") is None:
        raise call.bad_request("Missing required parameter 'sellerId'.")
    if call.request.one("sellerId") != call.seller.id:
        raise forbidden("The seller of the request is not the seller of the access token.")
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    condition = call.choice("conditionType", CONDITIONS)
    found = [each for marketplace in marketplaces for each in _restrictions(call, marketplace, asin, condition)]
    return json_response({"restrictions": found})


def _restrictions(call: Call, marketplace: str, asin: str, condition: str | None) -> list[dict[str, Any]]:
    """Assumed: an ASIN that nobody lists and nobody put into the catalogue answers ASIN_NOT_FOUND."""
    if not is_known(call.world, asin):
        return [_shape(marketplace, asin, condition, "ASIN_NOT_FOUND")]
    brand = brand_of(call.world, asin)
    found = restrictions_on(call.world, call.seller.id, marketplace, asin, brand, condition)
    return [_shape(marketplace, asin, each.condition or condition, each.reason) for each in found]


def _shape(marketplace: str, asin: str, condition: str | None, reason: str) -> dict[str, Any]:
    links = [_link(marketplace, asin)] if reason == "APPROVAL_REQUIRED" else []
    shape = {
        "marketplaceId": marketplace,
        "reasons": [{"message": _MESSAGES[reason], "reasonCode": reason, "links": links}],
    }
    return {**shape, "conditionType": condition} if condition else shape


def _link(marketplace: str, asin: str) -> dict[str, str]:
    domain = MARKETPLACES[marketplace].domain.removeprefix("www.")
    return {
        "resource": f"https://sellercentral.{domain}/hz/approvalrequest/restrictions/approve?asin={asin}",
        "verb": "GET",
        "title": "Request Approval via Seller Central.",
        "type": "text/html",
    }
