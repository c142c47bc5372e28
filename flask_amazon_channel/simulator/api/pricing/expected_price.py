"""Product Pricing 2022-05-01: getFeaturedOfferExpectedPriceBatch."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.pricing.asking import answer_batch, check_marketplace, my_listing
from flask_amazon_channel.simulator.api.pricing.competitive_summary import money, points
from flask_amazon_channel.simulator.market.buy_box import can_be_featured, expected_price, featured
from flask_amazon_channel.simulator.market.offers import MarketOffer
from flask_amazon_channel.simulator.market.summary import Board
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.wire.messages import Response

Shape = dict[str, Any]
MOST = 40
URI = "/products/pricing/2022-05-01/offer/featuredOfferExpectedPrice"


@answers("getFeaturedOfferExpectedPriceBatch", bad="InvalidInput", missing="NotFound")
def get_featured_offer_expected_price_batch(call: Call) -> Response:
    return answer_batch(call, URI, MOST, _check, _answer)


def _check(call: Call, request: dict[str, Any]) -> None:
    if not isinstance(request.get("sku"), str) or not request["sku"]:
        raise call.bad_request("Missing required field 'sku'.")
    if not isinstance(request.get("segment", {}), dict):
        raise call.bad_request("'segment' must be an object.")
    check_marketplace(call, request.get("marketplaceId"))


def _answer(call: Call, request: dict[str, Any]) -> Shape:
    """Assumed: the segment of a request is echoed and changes nothing."""
    asked = {name: request[name] for name in ("marketplaceId", "sku", "segment") if name in request}
    listing = my_listing(call, request["sku"], request["marketplaceId"])
    if listing is None:
        message = "The requested SKU does not exist for the seller in the requested Amazon store."
        body: Shape = {"errors": [{"code": "INVALID_SKU", "message": message}]}
        status: Shape = {"statusCode": 400, "reasonPhrase": "Client Error"}
    else:
        board = Board(call.world, listing.asin, request["marketplaceId"])
        body = {
            "offerIdentifier": _target(call, listing, board),
            "featuredOfferExpectedPriceResults": [_result(call, listing, board)],
        }
        status = {"statusCode": 200, "reasonPhrase": "Success"}
    return {"request": asked, "status": status, "headers": {}, "body": body}


def _target(call: Call, listing: Listing, board: Board) -> Shape:
    return {
        "asin": listing.asin,
        "sku": listing.sku,
        "marketplaceId": board.marketplace,
        "fulfillmentType": "MFN" if listing.channel == "DEFAULT" else "AFN",
        "sellerId": call.seller.id,
    }


def _result(call: Call, listing: Listing, board: Board) -> Shape:
    """Documented: only new offers that may be featured get a price, and there may be none without a competing offer.

    Assumed: a listing that cannot be bought is OFFER_NOT_FOUND, and an ASIN without featured offers is
    ASIN_NOT_ELIGIBLE.
    """
    mine = next((each for each in board.offers if (each.seller, each.sku) == (call.seller.id, listing.sku)), None)
    current = board.featured("New")
    shown = {"currentFeaturedOffer": _featured(board, current)} if current else {}
    if board.market is not None and not board.market.featurable:
        return {"resultStatus": "ASIN_NOT_ELIGIBLE"}
    if mine is None:
        return {"resultStatus": "OFFER_NOT_FOUND", **shown}
    if mine.condition != "New" or not can_be_featured(mine):
        return {"resultStatus": "OFFER_NOT_ELIGIBLE", **shown}
    return {**_computed(board, mine), **shown}


def _computed(board: Board, mine: MarketOffer) -> Shape:
    rivals = [each for each in board.of("New") if each != mine]
    competing = featured(rivals, board.reference("New"))
    unit = Decimal(1).scaleb(-MARKETPLACES[board.marketplace].decimals)
    price = expected_price(mine, rivals, board.reference("New"), unit) if competing else None
    if competing is None or price is None:
        return {"resultStatus": "NO_COMPETING_OFFER"}
    expected: Shape = {"listingPrice": money(price, board.currency)}
    if board.has_points:
        expected["points"] = points(mine)
    return {
        "featuredOfferExpectedPrice": expected,
        "resultStatus": "VALID_FOEP",
        "competingFeaturedOffer": _featured(board, competing),
    }


def _featured(board: Board, offer: MarketOffer) -> Shape:
    price: Shape = {
        "listingPrice": money(offer.price or Decimal(0), board.currency),
        "shippingPrice": money(offer.shipping, board.currency),
    }
    if board.has_points:
        price["points"] = points(offer)
    return {
        "offerIdentifier": {
            "asin": board.asin,
            "marketplaceId": board.marketplace,
            "fulfillmentType": "AFN" if offer.by_amazon else "MFN",
            "sellerId": offer.seller,
        },
        "condition": offer.condition,
        "price": price,
    }
