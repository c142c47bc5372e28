"""Competitors' offers of an ASIN, as the control calls set, show and drop them."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.control.competitors import Facts, amount_of, make_competitors, switch_of
from flask_amazon_channel.simulator.control.refused import Refused, check_known
from flask_amazon_channel.simulator.market.made_up import references
from flask_amazon_channel.simulator.market.moving import begin, changed, remembered
from flask_amazon_channel.simulator.market.offers import MarketOffer, market_of
from flask_amazon_channel.simulator.market.summary import Board
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.market import Competitor, Market
from flask_amazon_channel.simulator.world import World

_PRICES = ("list_price", "competitive_price", "was_price")
_SWITCHES = ("featurable", "too_soon")


def put_offers(world: World, asin: str, marketplace: str, offers: list[Facts] | None = None, **facts: Any) -> Facts:
    """Set all competitors' offers of an ASIN, or what else is given of `list_price`, `competitive_price`,
    `was_price` (None: as it would be by itself), `featurable` and `too_soon`.
    """
    _check_place(asin, marketplace)
    check_known(facts, (*_PRICES, *_SWITCHES), "facts")
    made = None if offers is None else make_competitors(world, asin, marketplace, offers)
    prices = {name: amount_of(facts[name], name, marketplace) for name in _PRICES if name in facts}
    switches = {name: switch_of(facts[name], name) for name in _SWITCHES if name in facts}
    market = remembered(world, asin, marketplace)
    for name, value in {**prices, **switches}.items():
        setattr(market, name, value)
    if made is not None:
        _replace(world, market, made)
    changed(world, asin, marketplace)
    return get_offers(world, marketplace, asin)


def _replace(world: World, market: Market, made: list[Competitor] | None) -> None:
    market.competitors = made
    market.times_set += 1
    begin(world, market)


def drop_offers(world: World, marketplace: str, asin: str) -> None:
    """Nothing that was set holds any more: an item of a catalogue has its made-up competitors again, others none."""
    _check_place(asin, marketplace)
    market = market_of(world, asin, marketplace)
    if market is None:
        return
    for name in _PRICES:
        setattr(market, name, None)
    market.featurable, market.too_soon = True, False
    _replace(world, market, None)
    changed(world, asin, marketplace)


def get_offers(world: World, marketplace: str, asin: str) -> Facts:
    """All offers with ours, by landed price, and the seller of the featured offer by condition."""
    _check_place(asin, marketplace)
    board, market = Board(world, asin, marketplace), market_of(world, asin, marketplace)
    found = references(world, asin, marketplace)
    behaviours = {each.seller: each.behaviour for each in (market.competitors if market else None) or []}
    winners = board.winners()
    return {
        "asin": asin,
        "marketplace": marketplace,
        "offers": [_shown(each, each in winners, behaviours, board.currency) for each in board.offers],
        "featured": {each.condition: each.seller for each in winners},
        **{name: _text(getattr(found, name), board.currency) for name in _PRICES},
        "featurable": market.featurable if market else True,
        "too_soon": market.too_soon if market else False,
    }


def _shown(offer: MarketOffer, wins: bool, behaviours: dict[str, Facts], currency: str) -> Facts:
    return {
        "seller": offer.seller,
        "sku": offer.sku,
        "price": _text(offer.price, currency),
        "shipping": _text(offer.shipping, currency),
        "points": offer.points,
        "landed": _text(offer.landed, currency),
        "condition": offer.condition,
        "sub_condition": offer.sub_condition,
        "fulfillment": "AMAZON" if offer.by_amazon else "MERCHANT",
        "prime": offer.prime,
        "feedback": {"percent": offer.percent, "count": offer.ratings},
        "handling": list(offer.hours),
        "country": offer.country,
        "behaviour": behaviours.get(offer.seller, {"kind": "static"}) if offer.sku is None else None,
        "featured": wins,
    }


def _text(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else money_text(amount, currency)


def _check_place(asin: str, marketplace: str) -> None:
    if marketplace not in MARKETPLACES:
        raise Refused(f"There is no marketplace {marketplace}.")
    if len(asin) != 10 or not asin.isalnum() or asin != asin.upper():
        raise Refused("An ASIN is ten digits and capital letters.")
