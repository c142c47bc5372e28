"""Product Pricing v0: getPricing (one's own offers) and getCompetitivePricing (featured offers)."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.pricing.asking import check_marketplace, is_asin, my_listing
from flask_amazon_channel.simulator.api.pricing.v0_shapes import Shape, money, prices, product, ranks
from flask_amazon_channel.simulator.market.offers import CONDITIONS, MarketOffer, own_listings, own_offer
from flask_amazon_channel.simulator.market.summary import Board
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.wire.messages import Response, json_response

MOST = 20
_IDS = {"1": "New", "2": "Used"}


@answers("getPricing", bad="InvalidInput", missing="NotFound")
def get_pricing(call: Call) -> Response:
    """Seen in public: an ASIN that exists and that the seller does not offer is a success without any offer."""
    condition, kind = call.choice("ItemCondition", CONDITIONS), call.choice("OfferType", ("B2C", "B2B"), "B2C")

    def describe(asin: str, listing: Listing | None, marketplace: str) -> Shape:
        listings = [listing] if listing else _mine(call, asin, marketplace)
        offers = [_offer(call, each, marketplace, str(kind)) for each in listings]
        wanted = [each for each in offers if each and condition in (None, each["ItemCondition"])]
        return {"Offers": wanted} if wanted else {}

    return json_response({"payload": _priced(call, describe)})


@answers("getCompetitivePricing", bad="InvalidInput", missing="NotFound")
def get_competitive_pricing(call: Call) -> Response:
    customer = str(call.choice("CustomerType", ("Consumer", "Business"), "Consumer"))

    def describe(asin: str, listing: Listing | None, marketplace: str) -> Shape:
        board = Board(call.world, asin, marketplace)
        found = [(id_, board.featured(condition)) for id_, condition in _IDS.items()]
        shown = [_competitive(call, board, id_, each, customer) for id_, each in found if each is not None]
        counts = Counter(each.condition for each in board.offers)
        listed: list[Shape] = [{"condition": each, "Count": counts[each]} for each in CONDITIONS if counts[each]]
        listed += [{"condition": "Any", "Count": len(board.offers)}] if board.offers else []
        pricing = {"CompetitivePrices": shown, "NumberOfOfferListings": listed}
        return {"CompetitivePricing": pricing, "SalesRankings": ranks(board)}

    return json_response({"payload": _priced(call, describe)})


def _priced(call: Call, describe: Callable[[str, Listing | None, str], Shape]) -> list[Shape]:
    """One entry for each ASIN or SKU that was asked for.

    Seen in public: one that does not exist has the status ClientError, and nothing else but its name.
    """
    marketplace = check_marketplace(call, call.request.one("MarketplaceId"))
    kind = call.choice("ItemType", ("Asin", "Sku"))
    wanted = call.request.many("Asins" if kind == "Asin" else "Skus")
    if kind is None or not 1 <= len(wanted) <= MOST:
        raise call.bad_request(f"ItemType and 1 to {MOST} Asins or Skus are required.")
    return [_entry(call, kind, each, marketplace, describe) for each in wanted]


def _entry(call: Call, kind: str, name: str, marketplace: str, describe: Callable[..., Shape]) -> Shape:
    field = "ASIN" if kind == "Asin" else "SellerSKU"
    listing = my_listing(call, name, marketplace) if kind == "Sku" else None
    asin = name if kind == "Asin" else listing.asin if listing else ""
    if not is_asin(call, asin, marketplace):
        return {"status": "ClientError", field: name}
    shape = product(listing, asin, marketplace, call.seller.id)
    shape |= describe(asin, listing, marketplace)
    return {"status": "Success", field: name, "Product": shape}


def _mine(call: Call, asin: str, marketplace: str) -> list[Listing]:
    return [each for seller, each in own_listings(call.world, asin, marketplace) if seller == call.seller.id]


def _offer(call: Call, listing: Listing, marketplace: str, kind: str) -> Shape | None:
    """One's own offer: what buyers pay now, and what they pay when no sale is on."""
    offer, live = own_offer(call.world, call.seller.id, listing, marketplace), listing.offers[marketplace]
    if offer.price is None or live.price is None or (kind == "B2B" and offer.business_price is None):
        return None
    currency = MARKETPLACES[marketplace].currency
    bought = offer._replace(price=offer.business_price) if kind == "B2B" else offer
    shape: dict[str, Any] = {
        "offerType": kind,
        "BuyingPrice": prices(Board(call.world, listing.asin, marketplace), bought),
        "RegularPrice": money(Decimal(live.price), currency),
        "FulfillmentChannel": "AMAZON" if offer.by_amazon else "MERCHANT",
        "ItemCondition": offer.condition,
        "ItemSubCondition": offer.sub_condition.title().replace("_", ""),
        "SellerSKU": listing.sku,
    }
    if offer.business_price is not None:
        shape["businessPrice"] = money(offer.business_price, currency)
    return shape


def _competitive(call: Call, board: Board, id_: str, offer: MarketOffer, customer: str) -> Shape:
    shape: Shape = {
        "CompetitivePriceId": id_,
        "Price": prices(board, offer),
        "condition": offer.condition,
        "subcondition": offer.sub_condition.title().replace("_", ""),
        "belongsToRequester": offer.seller == call.seller.id,
    }
    return {**shape, "offerType": "B2C", "sellerId": offer.seller} if customer == "Business" else shape
