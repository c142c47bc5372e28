"""Competitors and reference prices of the catalogue's ASINs: decided by the seed and the ASIN, never stored."""

import random
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.market import Competitor
from flask_amazon_channel.simulator.world import World

MOST = 12
_SELLERS = 400
_REACTIONS = (
    {"kind": "static"},
    {"kind": "undercut", "by": "0.01", "delay": 900},
    {"kind": "match", "delay": 1800},
    {"kind": "disappear", "when": "undercut", "delay": 3600},
)


class References(NamedTuple):
    """Prices that Amazon compares offers with, as far as there are any."""

    list_price: Decimal | None
    competitive_price: Decimal | None
    was_price: Decimal | None


def made_up_listing(world: World, seller_id: str, *, asin: str = "", sku: str = "") -> Listing | None:
    """The listing of a seller's catalogue with this ASIN or SKU, as it was before anybody touched it."""
    maker = world.stock(seller_id).maker
    number = maker.number_of_asin(asin) if asin else maker.number_of_sku(sku)
    return None if number is None else maker.listing(number)


def usual_price(world: World, asin: str, marketplace: str) -> Decimal | None:
    """What the item costs about; None for an ASIN that is of no catalogue."""
    for seller in world.state.sellers.values():
        listing = made_up_listing(world, seller.id, asin=asin)
        if listing is not None and marketplace in listing.offers:
            return Decimal(listing.offers[marketplace].price or 0)
    return None


def made_up_competitors(world: World, asin: str, marketplace: str) -> list[Competitor]:
    """For reading only.

    Assumed: an item of a made-up catalogue has up to 12 competitors, at 85 to 130 % of its first price.
    """
    usual = usual_price(world, asin, marketplace)
    return [] if usual is None else list(_made(world.state.seed, marketplace, asin, usual))


@lru_cache(maxsize=1000)
def _made(seed: int, marketplace: str, asin: str, usual: Decimal) -> tuple[Competitor, ...]:
    chance = random.Random(f"{seed}/market/{marketplace}/{asin}")
    sellers = chance.sample(range(_SELLERS), chance.randrange(MOST + 1))
    return tuple(_competitor(f"{seed}/competitor/{each}", chance, usual, marketplace) for each in sellers)


def _competitor(name: str, chance: random.Random, usual: Decimal, marketplace: str) -> Competitor:
    where = MARKETPLACES[marketplace]
    used = chance.random() < 0.1
    factor = Decimal(chance.randrange(50, 90) if used else chance.randrange(85, 131)) / 100
    by_amazon, ships_free = chance.random() < 0.3, chance.random() < 0.6
    shipping = Decimal(0) if by_amazon or ships_free else usual * chance.randrange(4, 12) / 100
    price = money_text(usual * factor, where.currency)
    reaction = chance.choice(_REACTIONS)
    return Competitor(
        seller=seller_name(name),
        price=price,
        shipping=money_text(shipping, where.currency),
        points=int(Decimal(price) / 100) if where.country == "JP" else 0,
        condition="Used" if used else "New",
        sub_condition=chance.choice(("mint", "very_good", "good", "acceptable")) if used else "new",
        fulfillment="AMAZON" if by_amazon else "MERCHANT",
        prime=by_amazon or chance.random() < 0.1,
        percent=chance.choice((100, 99, 98, 97, 96, 95, 93, 90, 86, 79)),
        ratings=int(10 ** chance.uniform(0.5, 4.5)),
        hours=[0, 0] if by_amazon else chance.choice(([0, 24], [24, 24], [24, 48], [48, 120])),
        behaviour=reaction,
        first_price=price,
    )


@lru_cache(maxsize=1000)
def seller_name(seed: str) -> str:
    return "A" + "".join(random.Random(seed).choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=13))


def references(world: World, asin: str, marketplace: str) -> References:
    """What was set, else what is made up.

    Assumed: other retailers ask 105 % of an item's usual price, its list price is 120 %, and buyers paid the usual
    price; an item of no catalogue has none of the three unless they are set.
    """
    usual = usual_price(world, asin, marketplace)
    market = world.state.markets.get(f"{marketplace}/{asin}")
    found = []
    for name, percent in (("list_price", 120), ("competitive_price", 105), ("was_price", 100)):
        explicit = None if market is None else getattr(market, name)
        if explicit is None and usual is not None:
            explicit = money_text(usual * percent / 100, MARKETPLACES[marketplace].currency)
        found.append(None if explicit is None else Decimal(explicit))
    return References(*found)


def sales_ranks(world: World, asin: str, marketplace: str) -> list[tuple[str, int]]:
    """By category.  Assumed: every item has a sales rank in a display group and in a browse node."""
    chance = random.Random(f"{world.state.seed}/rank/{marketplace}/{asin}")
    group = chance.choice(("kitchen", "home", "sports", "office_product", "luggage"))
    rank = chance.randrange(50, 200_000)
    return [(f"{group}_display_on_website", rank), (str(chance.randrange(10**8, 10**9)), max(1, rank // 40))]
