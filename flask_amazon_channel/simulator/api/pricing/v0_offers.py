"""Product Pricing v0: the lowest offers of a listing or an item, one at a time and in batches."""

import random
import re
from collections.abc import Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.pricing.asking import (
    Inner,
    check_marketplace,
    inner_error,
    is_asin,
    my_listing,
    requests_of,
)
from flask_amazon_channel.simulator.api.pricing.v0_shapes import Shape, offer_detail, summary
from flask_amazon_channel.simulator.market.offers import CONDITIONS
from flask_amazon_channel.simulator.market.summary import Board
from flask_amazon_channel.simulator.wire.messages import ApiError, Response, json_response

MOST = 20
CUSTOMERS = ("Consumer", "Business")
_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden"}


@answers("getListingOffers", bad="InvalidInput", missing="NotFound")
def get_listing_offers(call: Call) -> Response:
    return json_response({"payload": _listing_offers(call, call.path["SellerSKU"], *_asked(call))})


@answers("getItemOffers", bad="InvalidInput", missing="NotFound")
def get_item_offers(call: Call) -> Response:
    return json_response({"payload": _item_offers(call, call.path["Asin"], *_asked(call))})


@answers("getListingOffersBatch", bad="InvalidInput", missing="NotFound")
def get_listing_offers_batch(call: Call) -> Response:
    return _batch(call, "listings", "SellerSKU", _listing_offers)


@answers("getItemOffersBatch", bad="InvalidInput", missing="NotFound")
def get_item_offers_batch(call: Call) -> Response:
    return _batch(call, "items", "Asin", _item_offers)


def _asked(call: Call) -> tuple[str, str, str]:
    """Marketplace, condition and customer of a single call."""
    condition = call.choice("ItemCondition", CONDITIONS)
    if condition is None:
        raise call.bad_request("Missing required parameter ItemCondition.")
    customer = call.choice("CustomerType", CUSTOMERS, "Consumer")
    return check_marketplace(call, call.request.one("MarketplaceId")), condition, str(customer)


def _listing_offers(call: Call, sku: str, marketplace: str, condition: str, customer: str) -> Shape:
    """Seen in public: a SKU that does not exist is an invalid one for the marketplace."""
    listing = my_listing(call, sku, marketplace)
    if listing is None:
        raise call.bad_request(f"{sku} is an invalid SKU for marketplace {marketplace}")
    shape = _offers(call, listing.asin, marketplace, condition, customer)
    for each in shape["Offers"]:
        each["MyOffer"] = each["SellerId"] == call.seller.id
    return {"SKU": sku, **shape, "Identifier": {**shape["Identifier"], "SellerSKU": sku}}


def _item_offers(call: Call, asin: str, marketplace: str, condition: str, customer: str) -> Shape:
    """Seen in public: an ASIN that does not exist is an invalid one for the marketplace, and asked by ASIN no offer
    says whether it is one's own.
    """
    if not is_asin(call, asin, marketplace):
        raise call.bad_request(f"{asin} is an invalid ASIN for marketplace {marketplace}")
    shape = _offers(call, asin, marketplace, condition, customer)
    return {"ASIN": asin, **shape, "Identifier": {**shape["Identifier"], "ASIN": asin}}


def _offers(call: Call, asin: str, marketplace: str, condition: str, customer: str) -> Shape:
    """Seen in public: the summary is about all conditions, the offers are of the one that was asked for."""
    board = Board(call.world, asin, marketplace)
    too_soon = board.market is not None and board.market.too_soon
    shown = [] if too_soon else board.shown(condition)
    return {
        "marketplaceId": marketplace,
        "status": "ActiveButTooSoonForProcessing" if too_soon else "Success" if shown else "NoBuyableOffers",
        "ItemCondition": condition,
        "Identifier": {"MarketplaceId": marketplace, "ItemCondition": condition},
        "Summary": summary(board, customer),
        "Offers": [offer_detail(board, each, customer) for each in shown],
    }


def _batch(call: Call, family: str, name: str, answer: Callable[..., Shape]) -> Response:
    """Assumed: a request that lacks what is required spoils its whole batch, one for an unknown item only itself."""
    parsed = [_parsed(call, each, family, name) for each in requests_of(call, MOST)]
    return json_response({"responses": [_inner(call, n, each, name, answer) for n, each in enumerate(parsed)]})


def _parsed(call: Call, request: dict[str, Any], family: str, name: str) -> dict[str, str]:
    """A request of a batch in the words of its answer."""
    found = re.fullmatch(rf"/products/pricing/v0/{family}/([^/?]+)/offers", str(request.get("uri")))
    if found is None or request.get("method") != "GET":
        raise call.bad_request(f"Invalid uri or method: GET /products/pricing/v0/{family}/.../offers is expected.")
    if request.get("ItemCondition") not in CONDITIONS or request.get("CustomerType", "Consumer") not in CUSTOMERS:
        raise call.bad_request("Invalid ItemCondition or CustomerType.")
    if not isinstance(request.get("MarketplaceId"), str):
        raise call.bad_request("Missing required parameter MarketplaceId.")
    given: dict[str, str] = {
        each: request[each] for each in ("MarketplaceId", "ItemCondition", "CustomerType") if each in request
    }
    return {**given, name: unquote(found[1])}


def _inner(call: Call, number: int, asked: dict[str, str], name: str, answer: Callable[..., Shape]) -> Shape:
    customer = asked.get("CustomerType", "Consumer")
    try:
        marketplace = check_marketplace(call, asked["MarketplaceId"])
        inner = Inner(200, {"payload": answer(call, asked[name], marketplace, asked["ItemCondition"], customer)})
    except ApiError as error:
        inner = inner_error(error)
    return {
        "headers": {"x-amzn-RequestId": _request_id(call, number), "Date": formatdate(call.world.now(), usegmt=True)},
        "status": {"statusCode": inner.status, "reasonPhrase": _REASONS[inner.status]},
        "body": inner.body,
        "request": asked,
    }


def _request_id(call: Call, number: int) -> str:
    digits = f"{random.Random(f'{call.world.state.seed}/{call.world.now()}/{number}').getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
