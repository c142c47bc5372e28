"""Product Pricing 2022-05-01: getCompetitiveSummary."""

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.pricing.asking import answer_batch, check_marketplace, is_asin
from flask_amazon_channel.simulator.market.offers import CONDITIONS, SUB_CONDITIONS, MarketOffer
from flask_amazon_channel.simulator.market.summary import MOST_SHOWN, Board
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_number
from flask_amazon_channel.simulator.shelves.numbering import make_asin
from flask_amazon_channel.simulator.wire.messages import Response

Shape = dict[str, Any]
MOST, MOST_INPUTS, SIMILAR = 20, 5, 5
URI = "/products/pricing/2022-05-01/items/competitiveSummary"
PARTS = ("featuredBuyingOptions", "referencePrices", "lowestPricedOffers", "similarItems")
_DEFAULT_INPUT = {"itemCondition": "New", "offerType": "Consumer"}
_PRIMES_SHARE = 65
_POSTAL_CODES = {"US": "98109", "GB": "EC1A 1BB", "DE": "10115", "FR": "75001", "IT": "00184", "ES": "28001",
                 "JP": "100-0001", "CA": "M5V 2T6"}  # fmt: skip


@answers("getCompetitiveSummary", bad="InvalidInput", missing="NotFound")
def get_competitive_summary(call: Call) -> Response:
    return answer_batch(call, URI, MOST, _check, _answer)


def _check(call: Call, request: dict[str, Any]) -> None:
    parts = request.get("includedData")
    if not isinstance(parts, list) or not parts or any(each not in PARTS for each in parts):
        raise call.bad_request(f"'includedData' holds at least one of {', '.join(PARTS)}.")
    if not isinstance(request.get("asin"), str):
        raise call.bad_request("Missing required field 'asin'.")
    check_marketplace(call, request.get("marketplaceId"))
    _check_inputs(call, request.get("lowestPricedOffersInputs", []), parts)


def _check_inputs(call: Call, inputs: Any, parts: list[str]) -> None:
    if not isinstance(inputs, list) or len(inputs) > MOST_INPUTS or (inputs and "lowestPricedOffers" not in parts):
        raise call.bad_request(f"At most {MOST_INPUTS} 'lowestPricedOffersInputs' go with 'lowestPricedOffers'.")
    for each in inputs:
        valid = isinstance(each, dict) and each.get("itemCondition") in CONDITIONS
        if not valid or each.get("offerType") != "Consumer":
            raise call.bad_request("Invalid 'lowestPricedOffersInputs': an itemCondition and offerType Consumer.")


def _answer(call: Call, request: dict[str, Any]) -> Shape:
    asin, marketplace = request["asin"], request["marketplaceId"]
    place = {"asin": asin, "marketplaceId": marketplace}
    if not is_asin(call, asin, marketplace):
        error = {"code": "INVALID_ASIN", "message": f"{asin} is not a valid ASIN"}
        return {"status": {"statusCode": 400, "reasonPhrase": "Client Error"}, "body": {**place, "errors": [error]}}
    board = Board(call.world, asin, marketplace)
    inputs = request.get("lowestPricedOffersInputs") or [_DEFAULT_INPUT]
    makers: dict[str, Callable[[], list[Shape]]] = {
        "featuredBuyingOptions": lambda: _buying_options(board),
        "referencePrices": lambda: _reference_prices(board),
        "lowestPricedOffers": lambda: _lowest(board, inputs),
        "similarItems": lambda: [{"items": _similar(board)}],
    }
    parts = {part: makers[part]() for part in dict.fromkeys(request["includedData"])}
    return {"status": {"statusCode": 200, "reasonPhrase": "Success"}, "body": {**place, **parts}}


def money(amount: Decimal, currency: str) -> Shape:
    return {"amount": money_number(amount, currency), "currencyCode": currency}


def points(offer: MarketOffer) -> Shape:
    return {"pointsNumber": offer.points, "pointsMonetaryValue": money(Decimal(offer.points), "JPY")}


def _offer(board: Board, offer: MarketOffer) -> Shape:
    """Assumed: an offer without a price has a listingPrice without an amount."""
    no_price = {"currencyCode": board.currency}
    shape: Shape = {
        "sellerId": offer.seller,
        "condition": offer.condition,
        "subCondition": SUB_CONDITIONS[offer.sub_condition],
        "fulfillmentType": "AFN" if offer.by_amazon else "MFN",
        "listingPrice": no_price if offer.price is None else money(offer.price, board.currency),
        "shippingOptions": [{"shippingOptionType": "DEFAULT", "price": money(offer.shipping, board.currency)}],
        "primeDetails": {"eligibility": "NATIONAL" if offer.prime else "NONE"},
    }
    return {**shape, "points": points(offer)} if board.has_points else shape


def _buying_options(board: Board) -> list[Shape]:
    """The featured offer of customers with Prime and of those without, which may be the same.

    Seen in public: there is a featured buying option for new items only.  Assumed: 65 % of the customers that look
    at an item have Prime.
    """
    found: dict[MarketOffer, list[Shape]] = {}
    for membership, share in (("PRIME", _PRIMES_SHARE), ("NON_PRIME", 100 - _PRIMES_SHARE)):
        offer = board.featured("New", to_prime_members=membership == "PRIME")
        if offer is not None:
            found.setdefault(offer, []).append(_segment(board, membership, share))
    offers = [{**_offer(board, offer), "featuredOfferSegments": segments} for offer, segments in found.items()]
    return [{"buyingOptionType": "New", "segmentedFeaturedOffers": offers}] if offers else []


def _segment(board: Board, membership: str, share: int) -> Shape:
    country = MARKETPLACES[board.marketplace].country
    details: Shape = {"glanceViewWeightPercentage": share}
    if country in _POSTAL_CODES:
        details["sampleLocation"] = {"postalCode": {"countryCode": country, "value": _POSTAL_CODES[country]}}
    return {"customerMembership": membership, "segmentDetails": details}


def _reference_prices(board: Board) -> list[Shape]:
    """Documented: other retailers' price is the CompetitivePrice, in Japan the CompetitivePriceThreshold; the
    WasPrice is the median of what customers paid in 90 days.
    """
    known = board.references
    outside = "CompetitivePriceThreshold" if board.has_points else "CompetitivePrice"
    named = ((outside, known.competitive_price), ("WasPrice", known.was_price))
    return [{"name": name, "price": money(price, board.currency)} for name, price in named if price is not None]


def _lowest(board: Board, inputs: list[Shape]) -> list[Shape]:
    """Assumed: an input for which there is no offer is left out of the answer."""
    found = []
    for each in inputs:
        if offers := board.of(each["itemCondition"])[:MOST_SHOWN]:
            wanted = {name: each[name] for name in _DEFAULT_INPUT}
            found.append({"lowestPricedOffersInput": wanted, "offers": [_offer(board, offer) for offer in offers]})
    return found


def _similar(board: Board) -> list[Shape]:
    """Assumed: five other ASINs, always the same ones, which need not be in any catalogue."""
    chance = random.Random(f"{board.world.state.seed}/similar/{board.marketplace}/{board.asin}")
    return [{"asin": make_asin(chance)} for _ in range(SIMILAR)]
