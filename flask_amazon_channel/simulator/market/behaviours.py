"""How competitors behave: each behaviour says what a competitor wants, given the offers of the simulator's sellers.

static              never reacts
undercut            goes below us by an amount or a percentage when we ask as much or less; not below its floor
match               asks what we ask, up and down; not below its floor
raise_when_alone    asks `to` while nobody else sells the item in its condition, else its first price
disappear           goes away after a time, or with `when: undercut` when we ask less
no_price            comes without a price
walk                moves its price by up to a percentage at each interval, between floor and ceiling

Assumed: competitors look at landed prices, and react some minutes after a change rather than at once.
"""

import random
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_amazon_channel.simulator.market.offers import MarketOffer
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.market import Competitor

DELAY = 900.0
GONE = "gone"
_KEYS: dict[str, tuple[str, ...]] = {
    "static": (),
    "undercut": ("by", "percent", "floor", "delay"),
    "match": ("floor", "delay"),
    "raise_when_alone": ("to", "delay"),
    "disappear": ("after", "when", "delay"),
    "no_price": (),
    "walk": ("every", "percent", "floor", "ceiling"),
}


def check_behaviour(behaviour: dict[str, Any]) -> dict[str, Any]:
    """The behaviour, or ValueError with a sentence."""
    kind = behaviour.get("kind")
    if kind not in _KEYS:
        raise ValueError(f"The kind of a behaviour is one of {', '.join(_KEYS)}.")
    if unknown := sorted(set(behaviour) - {"kind", *_KEYS[kind]}):
        raise ValueError(f"The behaviour {kind} does not know {', '.join(unknown)}.")
    for name in ("by", "percent", "floor", "ceiling", "to"):
        if name in behaviour and (_decimal(behaviour[name]) or Decimal(-1)) <= 0:
            raise ValueError(f"{name} of a behaviour is a number above 0.")
    for name in ("delay", "after", "every"):
        value = behaviour.get(name, 1)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} of a behaviour is a number of seconds, at least 1.")
    if kind == "raise_when_alone" and "to" not in behaviour:
        raise ValueError("raise_when_alone needs the price that it goes to.")
    if kind == "disappear" and ("after" in behaviour) == (behaviour.get("when") == "undercut"):
        raise ValueError('disappear needs either after or when: "undercut".')
    return behaviour


def _decimal(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def wanted(competitor: Competitor, offers: Iterable[MarketOffer], marketplace: str) -> str | None:
    """The price that a competitor wants now, its own if it is content, or `GONE`."""
    rivals = [each for each in offers if each.condition == competitor.condition and each.seller != competitor.seller]
    want = _WANTS.get(competitor.behaviour["kind"])
    return competitor.price if want is None else want(competitor, rivals, marketplace)


def _our_lowest(rivals: list[MarketOffer]) -> Decimal | None:
    return min((each.landed for each in rivals if each.sku is not None and each.landed is not None), default=None)


def _landed(competitor: Competitor) -> Decimal:
    return Decimal(competitor.price or 0) + Decimal(competitor.shipping) - competitor.points


def _priced(competitor: Competitor, landed: Decimal, marketplace: str) -> str:
    """The price that makes this landed price, but no less than the floor and the smallest coin."""
    where = MARKETPLACES[marketplace]
    price = landed - Decimal(competitor.shipping) + competitor.points
    floor = Decimal(str(competitor.behaviour.get("floor", 0)))
    return money_text(max(price, floor, Decimal(1).scaleb(-where.decimals)), where.currency)


def _undercut(competitor: Competitor, rivals: list[MarketOffer], marketplace: str) -> str | None:
    ours = _our_lowest(rivals)
    if ours is None or _landed(competitor) < ours:
        return competitor.price
    behaviour = competitor.behaviour
    if "percent" in behaviour:
        target = ours * (100 - Decimal(str(behaviour["percent"]))) / 100
    else:
        target = ours - Decimal(str(behaviour.get("by", Decimal(1).scaleb(-MARKETPLACES[marketplace].decimals))))
    price = _priced(competitor, target, marketplace)
    return min(price, str(competitor.price), key=Decimal)  # its floor never makes it dearer


def _match(competitor: Competitor, rivals: list[MarketOffer], marketplace: str) -> str | None:
    ours = _our_lowest(rivals)
    return competitor.price if ours is None else _priced(competitor, ours, marketplace)


def _raise_when_alone(competitor: Competitor, rivals: list[MarketOffer], marketplace: str) -> str | None:
    if any(each.price is not None for each in rivals):
        return competitor.first_price
    return money_text(competitor.behaviour["to"], MARKETPLACES[marketplace].currency)


def _disappear(competitor: Competitor, rivals: list[MarketOffer], marketplace: str) -> str | None:
    ours = _our_lowest(rivals)
    undercut = competitor.behaviour.get("when") == "undercut" and ours is not None and ours < _landed(competitor)
    return GONE if undercut else competitor.price


_WANTS: dict[str, Callable[[Competitor, list[MarketOffer], str], str | None]] = {
    "undercut": _undercut,
    "match": _match,
    "raise_when_alone": _raise_when_alone,
    "disappear": _disappear,
}


def next_step(competitor: Competitor, seed: str, marketplace: str) -> str:
    """The next price of a random walk, the same for the same seed."""
    behaviour, where = competitor.behaviour, MARKETPLACES[marketplace]
    chance = random.Random(f"{seed}/{competitor.seller}/{competitor.steps}")
    most = Decimal(str(behaviour.get("percent", 2)))
    moved = Decimal(str(competitor.price or 0)) * (100 + most * chance.randrange(-1000, 1001) / 1000) / 100
    floor = Decimal(str(behaviour.get("floor", Decimal(1).scaleb(-where.decimals))))
    ceiling = Decimal(str(behaviour.get("ceiling", 10**9)))
    return money_text(min(max(moved, floor), ceiling), where.currency)
