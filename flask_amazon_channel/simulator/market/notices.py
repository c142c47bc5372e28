"""What ANY_OFFER_CHANGED and B2B_ANY_OFFER_CHANGED tell of a market, in the shapes of Amazon's schemas."""

from collections import Counter
from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.market.offers import MarketOffer
from flask_amazon_channel.simulator.market.summary import MOST_SHOWN, Board, Group, group_of
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_number
from flask_amazon_channel.simulator.world import World

Shape = dict[str, Any]


def offer_change(world: World, seller_id: str, asin: str, marketplace: str, condition: str) -> Shape:
    """`AnyOfferChangedNotification`: SellerId, OfferChangeTrigger, Summary and Offers, as they are now.

    Assumed: a price that the schema requires and that is not known is the lowest offer's, an unknown state of origin
    and the date of an offer that is available are empty, and outside Japan the points are 0.  Assumed: an offer
    without a price is not told.
    """
    board = Board(world, asin, marketplace)
    return {
        "SellerId": seller_id,
        "OfferChangeTrigger": {**_trigger(world, asin, marketplace, condition), "OfferChangeType": "Internal"},
        "Summary": _summary(board),
        "Offers": [_offer(board, each) for each in board.shown(condition) if each.price is not None],
    }


def business_offer_change(
    world: World, seller_id: str, asin: str, marketplace: str, condition: str, offers: list[MarketOffer]
) -> Shape:
    """`B2BAnyOfferChangedNotification`: these offers, as they are made to business buyers, the lowest first.

    Assumed: an offer without a business price is made to business buyers at its ordinary price.
    Assumed: business prices in notifications are for one unit.
    """
    currency = MARKETPLACES[marketplace].currency
    priced = [each for each in offers if _business_price(each) is not None]
    counts = [_count(*each) for each in Counter(group_of(offer) for offer in priced).items()]
    lowest = sorted(priced, key=lambda each: (_business_price(each) or Decimal(0)) + each.shipping)[:MOST_SHOWN]
    best = [(each, _business_prices(each, currency)) for each in lowest[:1]]
    return {
        "SellerId": seller_id,
        "OfferChangeTrigger": _trigger(world, asin, marketplace, condition),
        "Summary": {
            "NumberOfOffers": counts,
            "BuyBoxEligibleOffers": counts,
            "LowestPrices": [{**_group(group_of(each)), **price} for each, price in best],
            "BuyBoxPrices": [
                {"Condition": each.condition.lower(), **price, "SellerId": each.seller} for each, price in best
            ],
        },
        "Offers": [_business_offer(each, currency) for each in lowest],
    }


def _trigger(world: World, asin: str, marketplace: str, condition: str) -> Shape:
    return {
        "MarketplaceId": marketplace,
        "ASIN": asin,
        "ItemCondition": condition.lower(),
        "TimeOfOfferChange": iso(world.now()),
    }


def _summary(board: Board) -> Shape:
    lowest = min((each.landed for each in board.lowest() if each.landed is not None), default=Decimal(0))
    known, eligible, currency = board.references, board.eligible_counts(), board.currency
    return {
        "NumberOfOffers": [_count(*each) for each in board.counts().items()],
        "LowestPrices": [{**_group(group_of(each)), **_prices(each, currency)} for each in board.lowest()],
        "BuyBoxPrices": [{"Condition": each.condition, **_prices(each, currency)} for each in board.winners()],
        "ListPrice": _money(known.list_price or lowest, currency),
        "MinimumAdvertisedPrice": _money(lowest, currency),
        "SuggestedLowerPricePlusShipping": _money(lowest, currency),
        "TotalBuyBoxEligibleOffers": sum(eligible.values()),
        "SalesRankings": [{"ProductCategoryId": name, "Rank": rank} for name, rank in board.sales_ranks()],
        "NumberOfBuyBoxEligibleOffers": [_count(*each) for each in eligible.items()],
        "CompetitivePriceThreshold": _money(known.competitive_price or lowest, currency),
    }


def _money(amount: Decimal, currency: str) -> Shape:
    return {"Amount": money_number(amount, currency), "CurrencyCode": currency}


def _group(group: Group) -> Shape:
    channel = "Amazon" if group.by_amazon else "Merchant"
    return {"Condition": group.condition.lower(), "FulfillmentChannel": channel}


def _count(group: Group, count: int) -> Shape:
    return {**_group(group), "OfferCount": count}


def _prices(offer: MarketOffer, currency: str) -> Shape:
    return {
        "LandedPrice": _money(offer.landed or Decimal(0), currency),
        "ListingPrice": _money(offer.price or Decimal(0), currency),
        "Shipping": _money(offer.shipping, currency),
        "Points": {"PointsNumber": offer.points},
    }


def _business_price(offer: MarketOffer) -> Decimal | None:
    return offer.price if offer.business_price is None else offer.business_price


def _business_prices(offer: MarketOffer, currency: str) -> Shape:
    price = _business_price(offer) or Decimal(0)
    return {
        "OfferType": "B2C" if offer.business_price is None else "B2B",
        "QuantityTier": 1,
        "LandedPrice": _money(price + offer.shipping, currency),
        "ListingPrice": _money(price, currency),
        "Shipping": _money(offer.shipping, currency),
    }


def _offer(board: Board, offer: MarketOffer) -> Shape:
    return {
        **_seller(offer),
        "ShippingTime": {**_shipping_time(offer), "AvailableDate": ""},
        "ListingPrice": _money(offer.price or Decimal(0), board.currency),
        "Points": {"PointsNumber": offer.points},
        "Shipping": _money(offer.shipping, board.currency),
        "ShipsFrom": {"Country": offer.country, "State": ""},
        "IsFulfilledByAmazon": offer.by_amazon,
        "PrimeInformation": {"IsOfferPrime": offer.prime, "IsOfferNationalPrime": offer.prime},
        "IsExpeditedShippingAvailable": offer.by_amazon,
        "IsFeaturedMerchant": board.is_eligible(offer),
        "ShipsDomestically": True,
        "ShipsInternationally": False,
    }


def _business_offer(offer: MarketOffer, currency: str) -> Shape:
    return {
        **_seller(offer),
        "ShippingTime": _shipping_time(offer),
        "ListingPrice": _money(_business_price(offer) or Decimal(0), currency),
        "Shipping": _money(offer.shipping, currency),
        "ShipsFrom": {"Country": offer.country},
        "IsFulfilledByAmazon": offer.by_amazon,
        "PrimeInformation": {"IsPrime": offer.prime, "IsNationalPrime": offer.prime},
    }


def _seller(offer: MarketOffer) -> Shape:
    feedback = {"FeedbackCount": offer.ratings, "SellerPositiveFeedbackRating": offer.percent}
    return {"SellerId": offer.seller, "SubCondition": offer.sub_condition, "SellerFeedbackRating": feedback}


def _shipping_time(offer: MarketOffer) -> Shape:
    return {"MinimumHours": offer.hours[0], "MaximumHours": offer.hours[1], "AvailabilityType": "NOW"}
