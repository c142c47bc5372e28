"""ANY_OFFER_CHANGED, B2B_ANY_OFFER_CHANGED and PRICING_HEALTH."""

from typing import Any

from flask_amazon_channel.simulator.market.notices import business_offer_change, offer_change
from flask_amazon_channel.simulator.market.offers import all_offers
from flask_amazon_channel.simulator.market.pricing_health import pricing_health
from flask_amazon_channel.simulator.notifications.delivery import notify, subscriptions
from flask_amazon_channel.simulator.world import Wants, World, listens


def _subscribed(*kinds: str) -> Wants:
    return lambda world, seller_id: any(any(subscriptions(world, seller_id, each)) for each in kinds)


@listens("offers_changed", wants=_subscribed("ANY_OFFER_CHANGED", "B2B_ANY_OFFER_CHANGED"))
def tell_offers(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    asin, marketplace, condition = facts["asin"], facts["marketplace"], facts.get("condition", "New")
    notify(
        world,
        seller_id,
        "ANY_OFFER_CHANGED",
        lambda _: {"AnyOfferChangedNotification": offer_change(world, seller_id, asin, marketplace, condition)},
        marketplace=marketplace,
        about=f"{asin}/{condition}",
    )
    if any(subscriptions(world, seller_id, "B2B_ANY_OFFER_CHANGED")):
        _tell_business_offers(world, seller_id, asin, marketplace, condition)


def _tell_business_offers(world: World, seller_id: str, asin: str, marketplace: str, condition: str) -> None:
    """Business buyers' offers are told where one has a price of its own."""
    offers = [each for each in all_offers(world, asin, marketplace) if each.condition == condition]
    if any(each.business_price is not None for each in offers):
        told = business_offer_change(world, seller_id, asin, marketplace, condition, offers)
        payload = {"B2BAnyOfferChangedNotification": told}
        notify(world, seller_id, "B2B_ANY_OFFER_CHANGED", lambda _: payload, marketplace=marketplace)


@listens("pricing_health", wants=_subscribed("PRICING_HEALTH"))
def tell_pricing_health(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    payload = pricing_health(world, seller_id, facts["sku"], facts["marketplace"])
    if payload is not None:
        notify(world, seller_id, "PRICING_HEALTH", lambda _: payload, marketplace=facts["marketplace"])
