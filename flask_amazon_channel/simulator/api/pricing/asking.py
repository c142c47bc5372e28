"""What all operations of Product Pricing ask alike: the marketplace, one's own listings, ASINs that exist."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from flask_amazon_channel.simulator.api.call import Call, forbidden
from flask_amazon_channel.simulator.market.offers import is_known
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.wire.messages import ApiError, Response, json_response


class Inner(NamedTuple):
    """The answer to one request of a batch."""

    status: int
    body: dict[str, Any]


def check_marketplace(call: Call, marketplace: str | None) -> str:
    """An unknown one is a bad request, a foreign one is forbidden."""
    if marketplace not in MARKETPLACES:
        raise call.bad_request("Invalid MarketplaceId." if marketplace else "Missing required parameter MarketplaceId.")
    if marketplace not in call.seller.marketplaces:
        raise forbidden(f"The seller does not sell in marketplace {marketplace}.")
    return str(marketplace)


def my_listing(call: Call, sku: str, marketplace: str) -> Listing | None:
    listing = call.world.listing(call.seller.id, sku)
    return listing if listing is not None and listing.asin and marketplace in listing.offers else None


def is_asin(call: Call, asin: str, marketplace: str) -> bool:
    """Whether it looks like an ASIN, and the marketplace has it."""
    return re.fullmatch(r"[A-Z0-9]{10}", asin) is not None and is_known(call.world, asin, marketplace)


def requests_of(call: Call, most: int) -> list[dict[str, Any]]:
    """The requests of a batch, as its body holds them."""
    requests = call.json().get("requests")
    if not isinstance(requests, list) or not 1 <= len(requests) <= most:
        raise call.bad_request(f"'requests' must hold 1 to {most} requests.")
    if not all(isinstance(each, dict) for each in requests):
        raise call.bad_request("Each of 'requests' must be an object.")
    return requests


def answer_batch(
    call: Call,
    uri: str,
    most: int,
    check: Callable[[Call, dict[str, Any]], None],
    answer: Callable[[Call, dict[str, Any]], dict[str, Any]],
) -> Response:
    """The answers to the requests of a batch that all go to `uri`; one that is wrong refuses them all."""
    requests = requests_of(call, most)
    for request in requests:
        if request.get("uri") != uri or request.get("method") != "GET":
            raise call.bad_request(f"Invalid uri or method: GET {uri} is expected.")
        check(call, request)
    return json_response({"responses": [answer(call, each) for each in requests]})


def inner_error(error: ApiError) -> Inner:
    return Inner(error.status, error.body)
