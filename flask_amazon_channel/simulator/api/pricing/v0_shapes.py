"""The shapes of Product Pricing v0."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.market.offers import MarketOffer
from flask_amazon_channel.simulator.market.summary import Board, Group
from flask_amazon_channel.simulator.marketplaces import money_number
from flask_amazon_channel.simulator.state.listings import Listing

Shape = dict[str, Any]
_FOUR_HOURS = 4 * 3600


def money(amount: Decimal, currency: str) -> Shape:
    return {"CurrencyCode": currency, "Amount": money_number(amount, currency)}


def prices(board: Board, offer: MarketOffer) -> Shape:
    shape = {
        "LandedPrice": money(offer.landed or Decimal(0), board.currency),
        "ListingPrice": money(offer.price or Decimal(0), board.currency),
        "Shipping": money(offer.shipping, board.currency),
    }
    return {**shape, "Points": points(offer)} if board.has_points else shape


def points(offer: MarketOffer) -> Shape:
    return {"PointsNumber": offer.points, "PointsMonetaryValue": money(Decimal(offer.points), "JPY")}


def ranks(board: Board) -> list[Shape]:
    return [{"ProductCategoryId": name, "Rank": rank} for name, rank in board.sales_ranks()]


def summary(board: Board, customer: str) -> Shape:
    """Seen in public: conditions are in small letters but in BuyBoxPrices, and without any offer only the count of 0
    is told.  Seen in public: offers that are not ready yet are always four hours away, whenever one asks.
    Documented: only Japan has a CompetitivePriceThreshold.
    """
    if board.market is not None and board.market.too_soon:
        return {"TotalOfferCount": 0, "OffersAvailableTime": iso(board.world.now() + _FOUR_HOURS)}
    if not board.offers:
        return {"TotalOfferCount": 0}
    kind = {"offerType": "B2C"} if customer == "Business" else {}
    shape: Shape = {
        "TotalOfferCount": len(board.offers),
        "NumberOfOffers": [_count(*each) for each in board.counts().items()],
        "LowestPrices": [
            {**_group(Group(each.condition, each.by_amazon)), **kind, **prices(board, each)} for each in board.lowest()
        ],
        "BuyBoxPrices": [
            {"condition": each.condition, **kind, **prices(board, each), **_winner(each, customer)}
            for each in board.winners()
        ],
        "BuyBoxEligibleOffers": [_count(*each) for each in board.eligible_counts().items()],
        "SalesRankings": ranks(board),
    }
    return shape | _references(board)


def _winner(offer: MarketOffer, customer: str) -> Shape:
    return {"sellerId": offer.seller} if customer == "Business" else {}


def _references(board: Board) -> Shape:
    known = board.references
    found = {"ListPrice": known.list_price}
    if board.has_points:
        found["CompetitivePriceThreshold"] = known.competitive_price
    return {name: money(price, board.currency) for name, price in found.items() if price is not None}


def _group(group: Group) -> Shape:
    channel = "Amazon" if group.by_amazon else "Merchant"
    return {"condition": group.condition.lower(), "fulfillmentChannel": channel}


def _count(group: Group, count: int) -> Shape:
    return {**_group(group), "OfferCount": count}


def offer_detail(board: Board, offer: MarketOffer, customer: str) -> Shape:
    """Seen in public: sub-conditions are in small letters, and an offer fulfilled by Amazon names no origin.

    Assumed: an offer without a price has a ListingPrice without an amount.
    """
    shape: Shape = {
        "SellerId": offer.seller,
        "SubCondition": offer.sub_condition,
        "SellerFeedbackRating": {"FeedbackCount": offer.ratings, "SellerPositiveFeedbackRating": offer.percent},
        "ShippingTime": {"minimumHours": offer.hours[0], "maximumHours": offer.hours[1], "availabilityType": "NOW"},
        "ListingPrice": {"CurrencyCode": board.currency} if offer.price is None else money(offer.price, board.currency),
        "Shipping": money(offer.shipping, board.currency),
        "IsFulfilledByAmazon": offer.by_amazon,
        "PrimeInformation": {"IsPrime": offer.prime, "IsNationalPrime": offer.prime},
        "IsBuyBoxWinner": offer in board.winners(),
        "IsFeaturedMerchant": board.is_eligible(offer),
    }
    if not offer.by_amazon:
        shape["ShipsFrom"] = {"Country": offer.country}
    if board.has_points:
        shape["Points"] = points(offer)
    if customer == "Business":
        shape |= _business(board, offer)
    return shape


def _business(board: Board, offer: MarketOffer) -> Shape:
    if offer.business_price is None:
        return {"offerType": "B2C"}
    return {"offerType": "B2B", "ListingPrice": money(offer.business_price, board.currency)}


def product(listing: Listing | None, asin: str, marketplace: str, seller_id: str) -> Shape:
    """`Product` with its identifiers alone; the SKU is named where the item was asked for by SKU."""
    identifiers: Shape = {"MarketplaceASIN": {"MarketplaceId": marketplace, "ASIN": asin}}
    if listing is not None:
        identifiers["SKUIdentifier"] = {"MarketplaceId": marketplace, "SellerId": seller_id, "SellerSKU": listing.sku}
    return {"Identifiers": identifiers}
