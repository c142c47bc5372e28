"""What notifications tell of a market, in the shapes of Amazon's schemas."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.market.offers import MarketOffer, condition_of, own_offer
from flask_amazon_channel.simulator.market.summary import Board, Group
from flask_amazon_channel.simulator.marketplaces import money_number
from flask_amazon_channel.simulator.world import World

Shape = dict[str, Any]


def offer_change(world: World, seller_id: str, asin: str, marketplace: str, condition: str) -> Shape:
    """`AnyOfferChangedNotification`: SellerId, OfferChangeTrigger, Summary and Offers, as they are now."""
    board = Board(world, asin, marketplace)
    return {
        "SellerId": seller_id,
        "OfferChangeTrigger": {
            "MarketplaceId": marketplace,
            "ASIN": asin,
            "ItemCondition": condition.lower(),
            "TimeOfOfferChange": iso(world.now()),
            "OfferChangeType": "Internal",
        },
        "Summary": _Pascal(board).summary(),
        "Offers": [_Pascal(board).offer(each) for each in board.shown(condition) if each.price is not None],
    }


class _Pascal:
    """The shapes of ANY_OFFER_CHANGED.

    Assumed: a price that the schema requires and that is not known is the lowest offer's, an unknown state of origin
    and the date of an offer that is available are empty, and outside Japan the points are 0.  Assumed: an offer
    without a price is not told.
    """

    def __init__(self, board: Board) -> None:
        self.board = board

    def money(self, amount: Decimal) -> Shape:
        return {"Amount": money_number(amount, self.board.currency), "CurrencyCode": self.board.currency}

    def summary(self) -> Shape:
        board = self.board
        lowest = min((each.landed for each in board.lowest() if each.landed is not None), default=Decimal(0))
        known = board.references
        eligible = board.eligible_counts()
        return {
            "NumberOfOffers": [self._count(*each) for each in board.counts().items()],
            "LowestPrices": [{**self._group(each), **self._prices(each)} for each in board.lowest()],
            "BuyBoxPrices": [{"Condition": each.condition, **self._prices(each)} for each in board.winners()],
            "ListPrice": self.money(known.list_price or lowest),
            "MinimumAdvertisedPrice": self.money(lowest),
            "SuggestedLowerPricePlusShipping": self.money(lowest),
            "TotalBuyBoxEligibleOffers": sum(eligible.values()),
            "SalesRankings": [{"ProductCategoryId": name, "Rank": rank} for name, rank in board.sales_ranks()],
            "NumberOfBuyBoxEligibleOffers": [self._count(*each) for each in eligible.items()],
            "CompetitivePriceThreshold": self.money(known.competitive_price or lowest),
        }

    def _count(self, group: Group, count: int) -> Shape:
        channel = "Amazon" if group.by_amazon else "Merchant"
        return {"Condition": group.condition.lower(), "FulfillmentChannel": channel, "OfferCount": count}

    def _group(self, offer: MarketOffer) -> Shape:
        channel = "Amazon" if offer.by_amazon else "Merchant"
        return {"Condition": offer.condition.lower(), "FulfillmentChannel": channel}

    def _prices(self, offer: MarketOffer) -> Shape:
        return {
            "LandedPrice": self.money(offer.landed or Decimal(0)),
            "ListingPrice": self.money(offer.price or Decimal(0)),
            "Shipping": self.money(offer.shipping),
            "Points": {"PointsNumber": offer.points},
        }

    def offer(self, offer: MarketOffer) -> Shape:
        return {
            "SellerId": offer.seller,
            "SubCondition": offer.sub_condition,
            "SellerFeedbackRating": {
                "FeedbackCount": offer.ratings,
                "SellerPositiveFeedbackRating": offer.percent,
            },
            "ShippingTime": {
                "MinimumHours": offer.hours[0],
                "MaximumHours": offer.hours[1],
                "AvailabilityType": "NOW",
                "AvailableDate": "",
            },
            "ListingPrice": self.money(offer.price or Decimal(0)),
            "Points": {"PointsNumber": offer.points},
            "Shipping": self.money(offer.shipping),
            "ShipsFrom": {"Country": offer.country, "State": ""},
            "IsFulfilledByAmazon": offer.by_amazon,
            "PrimeInformation": {"IsOfferPrime": offer.prime, "IsOfferNationalPrime": offer.prime},
            "IsExpeditedShippingAvailable": offer.by_amazon,
            "IsFeaturedMerchant": self.board.is_eligible(offer),
            "ShipsDomestically": True,
            "ShipsInternationally": False,
        }


def pricing_health(world: World, seller_id: str, sku: str, marketplace: str) -> Shape | None:
    """The payload of PRICING_HEALTH for an offer that cannot be featured because of its price; None without it."""
    listing = world.listing(seller_id, sku)
    if listing is None or marketplace not in listing.offers:
        return None
    offer, board = own_offer(world, seller_id, listing, marketplace), Board(world, listing.asin, marketplace)
    if offer.price is None:
        return None
    return {
        "issueType": "BuyBoxDisqualification",
        "sellerId": seller_id,
        "offerChangeTrigger": {
            "marketplaceId": marketplace,
            "asin": listing.asin,
            "itemCondition": condition_of(listing)[0].lower(),
            "timeOfOfferChange": iso(world.now()),
        },
        "merchantOffer": _Camel(board).merchant_offer(offer),
        "summary": _Camel(board).summary(),
    }


class _Camel:
    """The shapes of PRICING_HEALTH."""

    def __init__(self, board: Board) -> None:
        self.board = board

    def money(self, amount: Decimal) -> Shape:
        return {"amount": money_number(amount, self.board.currency), "currencyCode": self.board.currency}

    def merchant_offer(self, offer: MarketOffer) -> Shape:
        channel = "AFN" if offer.by_amazon else "MFN"
        return {"condition": offer.condition.lower(), "fulfillmentType": channel, **self._prices(offer)}

    def _prices(self, offer: MarketOffer) -> Shape:
        prices = {
            "landedPrice": self.money(offer.landed or Decimal(0)),
            "listingPrice": self.money(offer.price or Decimal(0)),
            "shipping": self.money(offer.shipping),
        }
        return {**prices, "points": {"pointsNumber": offer.points}} if self.board.has_points else prices

    def summary(self) -> Shape:
        board, known = self.board, self.board.references
        named = (
            ("averageSellingPrice", known.was_price),
            ("competitivePriceThreshold", known.competitive_price),
            ("msrpPrice", known.list_price),
        )
        return {
            "numberOfOffers": [self._count(*each) for each in board.counts().items()],
            "buyBoxEligibleOffers": [self._count(*each) for each in board.eligible_counts().items()],
            "buyBoxPrices": [{"condition": each.condition.lower(), **self._prices(each)} for each in board.winners()],
            "salesRankings": [{"productCategoryId": name, "rank": rank} for name, rank in board.sales_ranks()],
            "referencePrice": {name: self.money(price) for name, price in named if price is not None},
        }

    def _count(self, group: Group, count: int) -> Shape:
        channel = "AFN" if group.by_amazon else "MFN"
        return {"condition": group.condition.lower(), "fulfillmentType": channel, "offerCount": count}
