"""What PRICING_HEALTH tells of an offer and its market, in the shape of Amazon's schema."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.market.offers import MarketOffer, condition_of, own_offer
from flask_amazon_channel.simulator.market.summary import Board, Group
from flask_amazon_channel.simulator.marketplaces import money_number
from flask_amazon_channel.simulator.world import World

Shape = dict[str, Any]


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
        "merchantOffer": _Shapes(board).merchant_offer(offer),
        "summary": _Shapes(board).summary(),
    }


class _Shapes:
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
