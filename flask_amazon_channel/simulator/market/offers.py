"""Every offer of an ASIN in a marketplace: ours, and the competitors'."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from flask_amazon_channel.simulator.market.made_up import made_up_competitors
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.market import Competitor, Market
from flask_amazon_channel.simulator.world import World

CONDITIONS = ("New", "Used", "Collectible", "Refurbished", "Club")
SUB_CONDITIONS = {
    "new": "New", "mint": "Mint", "very_good": "VeryGood", "good": "Good", "acceptable": "Acceptable", "poor": "Poor",
    "club": "Club", "oem": "OEM", "warranty": "Warranty", "refurbished_warranty": "RefurbishedWarranty",
    "refurbished": "Refurbished", "open_box": "OpenBox", "other": "Other",
}  # fmt: skip
_OWN_HOURS = (24, 48)
_OWN_PERCENT, _OWN_RATINGS = 97, 1250


class MarketOffer(NamedTuple):
    """An offer as buyers see it.  `sku` is None for a competitor, which is no seller of the simulator."""

    seller: str
    sku: str | None
    condition: str
    sub_condition: str
    price: Decimal | None
    shipping: Decimal
    points: int  # an Amazon Point is worth one yen
    by_amazon: bool
    prime: bool
    percent: int
    ratings: int
    hours: tuple[int, int]
    country: str
    business_price: Decimal | None = None

    @property
    def landed(self) -> Decimal | None:
        return None if self.price is None else self.price + self.shipping - self.points


def key(asin: str, marketplace: str) -> str:
    return f"{marketplace}/{asin}"


def market_of(world: World, asin: str, marketplace: str) -> Market | None:
    """What is remembered, if anything is."""
    return world.state.markets.get(key(asin, marketplace))


def all_offers(world: World, asin: str, marketplace: str) -> list[MarketOffer]:
    """By landed price, the lowest first; those without a price come last."""
    offers = list(own_offers(world, asin, marketplace))
    offers += [_of_competitor(each, marketplace) for each in competitors(world, asin, marketplace)]
    return sorted(offers, key=_order)


def _order(offer: MarketOffer) -> tuple[bool, Decimal, bool, str]:
    return offer.landed is None, offer.landed or Decimal(0), not offer.by_amazon, offer.seller


def competitors(world: World, asin: str, marketplace: str) -> list[Competitor]:
    """For reading only."""
    market = market_of(world, asin, marketplace)
    if market is not None and market.competitors is not None:
        return market.competitors
    return made_up_competitors(world, asin, marketplace)


def own_offers(world: World, asin: str, marketplace: str) -> Iterator[MarketOffer]:
    """Offers that sellers of the simulator make and that can be bought."""
    for seller_id, listing in own_listings(world, asin, marketplace):
        if "BUYABLE" in world.status(seller_id, listing, marketplace):
            yield own_offer(world, seller_id, listing, marketplace)


def own_listings(world: World, asin: str, marketplace: str) -> Iterator[tuple[str, Listing]]:
    """Whoever of the simulator's sellers lists the ASIN in the marketplace, buyable or not; for reading only."""
    for seller in world.state.sellers.values():
        if marketplace in seller.marketplaces:
            for sku in sorted(world.index(seller.id).skus_by_id(asin)):
                listing = world.stock(seller.id).get(sku)
                if listing is not None and listing.asin == asin and marketplace in listing.offers:
                    yield seller.id, listing


def own_offer(world: World, seller_id: str, listing: Listing, marketplace: str) -> MarketOffer:
    """Assumed: an offer of a seller of the simulator has free shipping, gives no points, ships within one to two
    days, and has a seller with good feedback.
    """
    offer = listing.offers[marketplace]
    price, business = offer.price_at(world.now()), offer.business_price
    condition, sub_condition = condition_of(listing)
    by_amazon = listing.channel != "DEFAULT"
    return MarketOffer(
        seller=seller_id,
        sku=listing.sku,
        condition=condition,
        sub_condition=sub_condition,
        price=None if price is None else Decimal(price),
        shipping=Decimal(0),
        points=0,
        by_amazon=by_amazon,
        prime=by_amazon,
        percent=_OWN_PERCENT,
        ratings=_OWN_RATINGS,
        hours=(0, 0) if by_amazon else _OWN_HOURS,
        country=MARKETPLACES[marketplace].country,
        business_price=None if business is None else Decimal(business),
    )


def condition_of(listing: Listing) -> tuple[str, str]:
    """New and new of `new_new`, Used and very_good of `used_very_good`."""
    condition, _, sub_condition = listing.condition.partition("_")
    sub_condition = {"like_new": "mint"}.get(sub_condition, sub_condition)
    known = condition.capitalize() if condition.capitalize() in CONDITIONS else "New"
    return known, sub_condition if sub_condition in SUB_CONDITIONS else "other"


def _of_competitor(competitor: Competitor, marketplace: str) -> MarketOffer:
    return MarketOffer(
        seller=competitor.seller,
        sku=None,
        condition=competitor.condition,
        sub_condition=competitor.sub_condition,
        price=None if competitor.price is None else Decimal(competitor.price),
        shipping=Decimal(competitor.shipping),
        points=competitor.points,
        by_amazon=competitor.fulfillment == "AMAZON",
        prime=competitor.prime,
        percent=competitor.percent,
        ratings=competitor.ratings,
        hours=(competitor.hours[0], competitor.hours[1]),
        country=competitor.country or MARKETPLACES[marketplace].country,
    )


def is_known(world: World, asin: str, marketplace: str) -> bool:
    """Whether Amazon's catalogue of the marketplace has the ASIN: competitors were set, or somebody lists it."""
    market = market_of(world, asin, marketplace)
    if market is not None and market.competitors is not None:
        return True
    product = world.state.products.get(asin)
    if product is not None and marketplace in product.marketplaces:
        return True
    return next(own_listings(world, asin, marketplace), None) is not None
