"""Competitors' offers as the control calls set, show and drop them."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_amazon_channel.simulator.market.behaviours import check_behaviour
from flask_amazon_channel.simulator.market.made_up import references, seller_name
from flask_amazon_channel.simulator.market.moving import begin, changed, remembered
from flask_amazon_channel.simulator.market.offers import CONDITIONS, SUB_CONDITIONS, MarketOffer, market_of
from flask_amazon_channel.simulator.market.summary import Board
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.market import Competitor, Market
from flask_amazon_channel.simulator.world import World

Facts = dict[str, Any]
_OFFER_KEYS = (
    "seller", "price", "shipping", "points", "condition", "sub_condition", "fulfillment", "feedback", "prime",
    "handling", "country", "behaviour",
)  # fmt: skip
_PRICES = ("list_price", "competitive_price", "was_price")
_SWITCHES = ("featurable", "too_soon")
_DEFAULT_SUB_CONDITIONS = {
    "New": "new",
    "Used": "good",
    "Collectible": "good",
    "Refurbished": "refurbished",
    "Club": "club",
}


def put_offers(world: World, asin: str, marketplace: str, offers: list[Facts] | None = None, **facts: Any) -> Facts:
    """Set all competitors' offers of an ASIN, or what else is given of `list_price`, `competitive_price`,
    `was_price` (None: as it would be by itself), `featurable` and `too_soon`.
    """
    _check_place(asin, marketplace)
    if unknown := sorted(set(facts) - {*_PRICES, *_SWITCHES}):
        raise ValueError(f"Unknown facts: {', '.join(unknown)}. Known are offers, {', '.join((*_PRICES, *_SWITCHES))}.")
    made = None if offers is None else [_competitor(world, asin, marketplace, each, n) for n, each in enumerate(offers)]
    prices = {name: _price(facts[name], name, marketplace) for name in _PRICES if name in facts}
    switches = {name: _switch(facts[name], name) for name in _SWITCHES if name in facts}
    if made is not None and len({each.seller for each in made}) < len(made):
        raise ValueError("Each competitor has one offer of an ASIN.")
    market = remembered(world, asin, marketplace)
    for name, value in {**prices, **switches}.items():
        setattr(market, name, value)
    if made is not None:
        _replace(world, market, made)
    changed(world, asin, marketplace)
    return shown_offers(world, asin, marketplace)


def _replace(world: World, market: Market, made: list[Competitor] | None) -> None:
    market.competitors = made
    market.times_set += 1
    begin(world, market)


def drop_offers(world: World, asin: str, marketplace: str) -> None:
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


def shown_offers(world: World, asin: str, marketplace: str) -> Facts:
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
        raise ValueError(f"There is no marketplace {marketplace}.")
    if len(asin) != 10 or not asin.isalnum() or asin != asin.upper():
        raise ValueError("An ASIN is ten digits and capital letters.")


def _competitor(world: World, asin: str, marketplace: str, facts: Facts, number: int) -> Competitor:
    if unknown := sorted(set(facts) - set(_OFFER_KEYS)):
        raise ValueError(f"Unknown facts of an offer: {', '.join(unknown)}. Known are {', '.join(_OFFER_KEYS)}.")
    behaviour = check_behaviour(dict(facts.get("behaviour") or {"kind": "static"}))
    seller = str(facts.get("seller") or seller_name(f"{world.state.seed}/set/{marketplace}/{asin}/{number}"))
    if seller in world.state.sellers:
        raise ValueError(f"{seller} is a seller of the simulator: its offers are its listings.")
    if "price" not in facts and behaviour["kind"] != "no_price":
        raise ValueError("An offer has a price, which may be null.")
    price = None if behaviour["kind"] == "no_price" else _price(facts["price"], "price", marketplace)
    if price is None and behaviour["kind"] not in ("no_price", "static", "disappear"):
        raise ValueError(f"The behaviour {behaviour['kind']} needs a price.")
    condition = _choice(facts, "condition", CONDITIONS, "New")
    fulfillment = _choice(facts, "fulfillment", ("MERCHANT", "AMAZON"), "MERCHANT")
    percent, ratings = _feedback(facts.get("feedback") or {})
    return Competitor(
        seller=seller,
        price=price,
        shipping=_price(facts.get("shipping", 0), "shipping", marketplace, least=0) or "0",
        points=_points(facts.get("points", 0), marketplace),
        condition=condition,
        sub_condition=_choice(facts, "sub_condition", tuple(SUB_CONDITIONS), _DEFAULT_SUB_CONDITIONS[condition]),
        fulfillment=fulfillment,
        prime=_switch(facts.get("prime", fulfillment == "AMAZON"), "prime"),
        percent=percent,
        ratings=ratings,
        hours=_handling(facts.get("handling", [0, 0] if fulfillment == "AMAZON" else [24, 48])),
        country=str(facts.get("country") or ""),
        behaviour=behaviour,
        first_price=price,
    )


def _price(value: Any, name: str, marketplace: str, least: float = 0.000001) -> str | None:
    """An amount, `{amount, currency}`, or None."""
    amount = value.get("amount") if isinstance(value, dict) else value
    if amount is None:
        return None
    try:
        price = Decimal(str(amount))
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < Decimal(str(least)):
        raise ValueError(f"{name} is an amount of money.")
    return money_text(price, MARKETPLACES[marketplace].currency)


def _points(value: Any, marketplace: str) -> int:
    if not _is_count(value) or (value and MARKETPLACES[marketplace].country != "JP"):
        raise ValueError("points is a whole number, and there are points in Japan only.")
    return int(value)


def _feedback(facts: Facts) -> tuple[int, int]:
    percent, count = facts.get("percent", 96), facts.get("count", 1000)
    if not _is_count(percent) or percent > 100 or not _is_count(count):
        raise ValueError("feedback is {percent: 0 to 100, count}.")
    return percent, count


def _handling(value: Any) -> list[int]:
    hours = value if isinstance(value, list) else [value, value]
    if len(hours) != 2 or not all(map(_is_count, hours)) or hours[0] > hours[1]:
        raise ValueError("handling is a number of hours, or the least and the most.")
    return hours


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _switch(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false.")
    return value


def _choice(facts: Facts, name: str, allowed: tuple[str, ...], default: str) -> str:
    value = facts.get(name) or default
    if value not in allowed:
        raise ValueError(f"{name} of an offer is one of {', '.join(allowed)}.")
    return str(value)
