"""Product Fees v0."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.pricing.asking import check_marketplace, is_asin, my_listing
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.market.fee_table import fees
from flask_amazon_channel.simulator.market.offers import own_listings
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_number
from flask_amazon_channel.simulator.wire.messages import Response, json_response

Shape = dict[str, Any]
MOST = 20
ID_TYPES = ("ASIN", "SellerSKU")
PROGRAMS = ("FBA_CORE", "FBA_SNL", "FBA_EFN")
_REFUSAL = "There is an client-side error. Please verify your inputs."


@answers("getMyFeesEstimateForSKU", bad="InvalidInput", missing="NotFound")
def get_my_fees_estimate_for_sku(call: Call) -> Response:
    return _single(call, "SellerSKU", call.path["SellerSKU"])


@answers("getMyFeesEstimateForASIN", bad="InvalidInput", missing="NotFound")
def get_my_fees_estimate_for_asin(call: Call) -> Response:
    return _single(call, "ASIN", call.path["Asin"])


@answers("getMyFeesEstimates", bad="InvalidInput", missing="NotFound")
def get_my_fees_estimates(call: Call) -> Response:
    """Documented: up to 20 products."""
    try:
        items = call.request.json()
    except ValueError as error:
        raise call.bad_request("Request body is not valid JSON.") from error
    if not isinstance(items, list) or not 1 <= len(items) <= MOST:
        raise call.bad_request(f"The body is a list of 1 to {MOST} products.")
    for item in items:
        if not isinstance(item, dict) or item.get("IdType") not in ID_TYPES or not isinstance(item.get("IdValue"), str):
            raise call.bad_request("Each product has an IdType, ASIN or SellerSKU, and an IdValue.")
    asked = [(item["IdType"], item["IdValue"], _request(call, item)) for item in items]
    return json_response([_result(call, *each) for each in asked])


def _single(call: Call, kind: str, value: str) -> Response:
    result = _result(call, kind, value, _request(call, call.json()))
    return json_response({"payload": {"FeesEstimateResult": result}})


def _request(call: Call, body: Shape) -> Shape:
    """`FeesEstimateRequest`, with all that the model requires."""
    request = body.get("FeesEstimateRequest")
    if not isinstance(request, dict):
        raise call.bad_request("Missing required field FeesEstimateRequest.")
    if request.get("MarketplaceId") not in MARKETPLACES:
        raise call.bad_request("Incorrect Marketplace identifier.")
    check_marketplace(call, request["MarketplaceId"])
    prices = request.get("PriceToEstimateFees")
    if not isinstance(prices, dict) or not isinstance(prices.get("ListingPrice"), dict):
        raise call.bad_request("Missing required field PriceToEstimateFees.ListingPrice.")
    if not isinstance(request.get("Identifier"), str):
        raise call.bad_request("Missing required field Identifier.")
    if (request.get("OptionalFulfillmentProgram") or "FBA_CORE") not in PROGRAMS:
        raise call.bad_request("Invalid OptionalFulfillmentProgram.")
    return request


def _result(call: Call, kind: str, value: str, request: Shape) -> Shape:
    """Seen in public: an item that does not exist, another currency than the marketplace's and amounts that are no
    numbers are all refused with the same sentence, as a ClientError of their item alone.
    """
    marketplace = request["MarketplaceId"]
    identifier = _identifier(call, kind, value, request)
    price = _amount(request["PriceToEstimateFees"]["ListingPrice"], marketplace)
    shipping = _amount(request["PriceToEstimateFees"].get("Shipping"), marketplace)
    item = _item(call, kind, value, marketplace)
    if item is None or not price or shipping is None:
        error = {"Type": "Sender", "Code": "InvalidParameterValue", "Message": _REFUSAL, "Detail": []}
        return {"Status": "ClientError", "FeesEstimateIdentifier": identifier, "Error": error}
    return {
        "Status": "Success",
        "FeesEstimateIdentifier": identifier,
        "FeesEstimate": _estimate(call, item, request, price, shipping),
    }


def _identifier(call: Call, kind: str, value: str, request: Shape) -> Shape:
    shape = {
        "MarketplaceId": request["MarketplaceId"],
        "SellerId": call.seller.id,
        "IdType": kind,
        "IdValue": value,
        "IsAmazonFulfilled": request.get("IsAmazonFulfilled") is True,
        "PriceToEstimateFees": _echoed(request["PriceToEstimateFees"]),
        "SellerInputIdentifier": request["Identifier"],
    }
    if request.get("OptionalFulfillmentProgram"):
        shape["OptionalFulfillmentProgram"] = request["OptionalFulfillmentProgram"]
    return shape


def _echoed(prices: Shape) -> Shape:
    """What was asked, as far as it is in the model."""
    money: Shape = {name: _echoed_money(prices[name]) for name in ("ListingPrice", "Shipping") if name in prices}
    points = prices.get("Points")
    if not isinstance(points, dict):
        return money
    shape: Shape = {"PointsNumber": points["PointsNumber"]} if isinstance(points.get("PointsNumber"), int) else {}
    if "PointsMonetaryValue" in points:
        shape["PointsMonetaryValue"] = _echoed_money(points["PointsMonetaryValue"])
    return {**money, "Points": shape}


def _echoed_money(money: Any) -> Shape:
    given = money if isinstance(money, dict) else {}
    shape: Shape = {"CurrencyCode": given["CurrencyCode"]} if isinstance(given.get("CurrencyCode"), str) else {}
    return {**shape, "Amount": given["Amount"]} if _is_number(given.get("Amount")) else shape


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _amount(money: Any, marketplace: str) -> Decimal | None:
    """The amount, 0 for money that is not given, None for one that cannot be."""
    if money is None:
        return Decimal(0)
    if not isinstance(money, dict) or money.get("CurrencyCode") != MARKETPLACES[marketplace].currency:
        return None
    amount: Any = money.get("Amount")
    return Decimal(str(amount)) if _is_number(amount) and amount >= 0 else None


def _item(call: Call, kind: str, value: str, marketplace: str) -> tuple[str, str] | None:
    """ASIN and product type."""
    if kind == "SellerSKU":
        listing = my_listing(call, value, marketplace)
        return None if listing is None else (listing.asin, listing.product_type)
    if not is_asin(call, value, marketplace):
        return None
    product = call.world.state.products.get(value)
    if product is not None:
        return value, product.product_type
    listed = next(own_listings(call.world, value, marketplace), None)
    return value, listed[1].product_type if listed else "PRODUCT"


def _estimate(call: Call, item: tuple[str, str], request: Shape, price: Decimal, shipping: Decimal) -> Shape:
    """Seen in public: referral, closing and per-item fees are always listed, the last two mostly as 0; fees of
    fulfilment only if it is Amazon's.
    """
    marketplace, by_amazon = request["MarketplaceId"], request.get("IsAmazonFulfilled") is True
    program = request.get("OptionalFulfillmentProgram") or "FBA_CORE"
    found = fees(*item, marketplace, price, shipping, by_amazon, program)
    currency = MARKETPLACES[marketplace].currency
    details = [
        _detail("ReferralFee", found.referral, currency),
        _detail("VariableClosingFee", found.closing, currency),
        _detail("PerItemFee", Decimal(0), currency),
    ]
    if found.fulfillment is not None:
        included = [_detail("FBAPickAndPack", found.fulfillment, currency)]
        details.append({**_detail("FBAFees", found.fulfillment, currency), "IncludedFeeDetailList": included})
    return {
        "TimeOfFeesEstimation": iso(call.world.now()),
        "TotalFeesEstimate": _money(found.total, currency),
        "FeeDetailList": details,
    }


def _money(amount: Decimal, currency: str) -> Shape:
    return {"CurrencyCode": currency, "Amount": money_number(amount, currency)}


def _detail(kind: str, amount: Decimal, currency: str) -> Shape:
    money = _money(amount, currency)
    return {"FeeType": kind, "FeeAmount": money, "FeePromotion": _money(Decimal(0), currency), "FinalFee": money}
