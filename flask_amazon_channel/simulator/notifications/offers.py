"""ANY_OFFER_CHANGED, B2B_ANY_OFFER_CHANGED and PRICING_HEALTH."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.market.notices import offer_change, pricing_health
from flask_amazon_channel.simulator.market.offers import MarketOffer, all_offers
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_number
from flask_amazon_channel.simulator.notifications.delivery import Payload, notify
from flask_amazon_channel.simulator.world import World, listens

MOST = 20


@listens("offers_changed")
def tell_offers(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Business buyers' offers are told where one has a price of its own."""
    asin, marketplace, condition = facts["asin"], facts["marketplace"], facts.get("condition", "New")
    notify(
        world,
        seller_id,
        "ANY_OFFER_CHANGED",
        lambda _: {"AnyOfferChangedNotification": offer_change(world, seller_id, asin, marketplace, condition)},
        marketplace=marketplace,
        about=f"{asin}/{condition}",
    )
    offers = [each for each in all_offers(world, asin, marketplace) if each.condition == condition]
    if any(each.business_price is not None for each in offers):
        trigger = {
            "MarketplaceId": marketplace,
            "ASIN": asin,
            "ItemCondition": condition.lower(),
            "TimeOfOfferChange": iso(world.now()),
        }
        payload = {"B2BAnyOfferChangedNotification": business_payload(seller_id, trigger, offers)}
        notify(world, seller_id, "B2B_ANY_OFFER_CHANGED", lambda _: payload, marketplace=marketplace)


@listens("pricing_health")
def tell_pricing_health(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    payload = pricing_health(world, seller_id, facts["sku"], facts["marketplace"])
    if payload is not None:
        notify(world, seller_id, "PRICING_HEALTH", lambda _: payload, marketplace=facts["marketplace"])


def business_payload(seller_id: str, trigger: dict[str, str], offers: list[MarketOffer]) -> Payload:
    """Offers to business buyers, the lowest first.

    Assumed: an offer without a business price is made to business buyers at its ordinary price.
    Assumed: business prices in notifications are for one unit.
    """
    currency = MARKETPLACES[trigger["MarketplaceId"]].currency
    priced = [each for each in offers if _price(each) is not None]
    lowest = sorted(priced, key=lambda each: (_price(each) or Decimal(0)) + each.shipping)[:MOST]
    best = [_Business(each, currency) for each in lowest]
    return {
        "SellerId": seller_id,
        "OfferChangeTrigger": trigger,
        "Summary": {
            "NumberOfOffers": _counts(priced),
            "BuyBoxEligibleOffers": _counts(priced),
            "LowestPrices": [each.lowest() for each in best[:1]],
            "BuyBoxPrices": [each.buy_box() for each in best[:1]],
        },
        "Offers": [each.offer() for each in best],
    }


def _price(offer: MarketOffer) -> Decimal | None:
    return offer.price if offer.business_price is None else offer.business_price


def _channel(offer: MarketOffer) -> str:
    return "Amazon" if offer.by_amazon else "Merchant"


def _counts(offers: list[MarketOffer]) -> list[Payload]:
    counts: dict[tuple[str, str], int] = {}
    for offer in offers:
        group = offer.condition.lower(), _channel(offer)
        counts[group] = counts.get(group, 0) + 1
    return [
        {"Condition": condition, "FulfillmentChannel": channel, "OfferCount": count}
        for (condition, channel), count in counts.items()
    ]


class _Business:
    """The shapes of one offer to business buyers."""

    def __init__(self, offer: MarketOffer, currency: str) -> None:
        self._offer, self._currency = offer, currency

    def _money(self, amount: Decimal) -> Payload:
        return {"Amount": money_number(amount, self._currency), "CurrencyCode": self._currency}

    def _prices(self) -> Payload:
        price = _price(self._offer) or Decimal(0)
        return {
            "OfferType": "B2B" if self._offer.business_price is not None else "B2C",
            "QuantityTier": 1,
            "LandedPrice": self._money(price + self._offer.shipping),
            "ListingPrice": self._money(price),
            "Shipping": self._money(self._offer.shipping),
        }

    def lowest(self) -> Payload:
        condition = self._offer.condition.lower()
        return {"Condition": condition, "FulfillmentChannel": _channel(self._offer), **self._prices()}

    def buy_box(self) -> Payload:
        return {"Condition": self._offer.condition.lower(), **self._prices(), "SellerId": self._offer.seller}

    def offer(self) -> Payload:
        offer = self._offer
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
            },
            "ListingPrice": self._money(_price(offer) or Decimal(0)),
            "Shipping": self._money(offer.shipping),
            "ShipsFrom": {"Country": offer.country},
            "IsFulfilledByAmazon": offer.by_amazon,
            "PrimeInformation": {"IsPrime": offer.prime, "IsNationalPrime": offer.prime},
        }
