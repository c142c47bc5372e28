"""A competitor's offer, made of the facts that a control call tells of it."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_amazon_channel.simulator.control.refused import Refused, check_known
from flask_amazon_channel.simulator.market.behaviours import check_behaviour
from flask_amazon_channel.simulator.market.made_up import seller_name
from flask_amazon_channel.simulator.market.offers import CONDITIONS, SUB_CONDITIONS
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.market import Competitor
from flask_amazon_channel.simulator.world import World

Facts = dict[str, Any]
_FACTS = (
    "seller", "price", "shipping", "points", "condition", "sub_condition", "fulfillment", "feedback", "prime",
    "handling", "country", "behaviour",
)  # fmt: skip
_DEFAULT_SUB_CONDITIONS = {
    "New": "new",
    "Used": "good",
    "Collectible": "good",
    "Refurbished": "refurbished",
    "Club": "club",
}


def make_competitors(world: World, asin: str, marketplace: str, offers: list[Facts]) -> list[Competitor]:
    made = [_competitor(world, asin, marketplace, each, number) for number, each in enumerate(offers)]
    if len({each.seller for each in made}) < len(made):
        raise Refused("Each competitor has one offer of an ASIN.")
    return made


def _competitor(world: World, asin: str, marketplace: str, facts: Facts, number: int) -> Competitor:
    check_known(facts, _FACTS, "facts of an offer")
    behaviour = check_behaviour(dict(facts.get("behaviour") or {"kind": "static"}))
    seller = str(facts.get("seller") or seller_name(f"{world.state.seed}/set/{marketplace}/{asin}/{number}"))
    if seller in world.state.sellers:
        raise Refused(f"{seller} is a seller of the simulator: its offers are its listings.")
    if "price" not in facts and behaviour["kind"] != "no_price":
        raise Refused("An offer has a price, which may be null.")
    price = None if behaviour["kind"] == "no_price" else amount_of(facts["price"], "price", marketplace)
    if price is None and behaviour["kind"] not in ("no_price", "static", "disappear"):
        raise Refused(f"The behaviour {behaviour['kind']} needs a price.")
    condition = _choice(facts, "condition", CONDITIONS, "New")
    fulfillment = _choice(facts, "fulfillment", ("MERCHANT", "AMAZON"), "MERCHANT")
    percent, ratings = _feedback(facts.get("feedback") or {})
    return Competitor(
        seller=seller,
        price=price,
        shipping=amount_of(facts.get("shipping", 0), "shipping", marketplace, least=0) or "0",
        points=_points(facts.get("points", 0), marketplace),
        condition=condition,
        sub_condition=_choice(facts, "sub_condition", tuple(SUB_CONDITIONS), _DEFAULT_SUB_CONDITIONS[condition]),
        fulfillment=fulfillment,
        prime=switch_of(facts.get("prime", fulfillment == "AMAZON"), "prime"),
        percent=percent,
        ratings=ratings,
        hours=_handling(facts.get("handling", [0, 0] if fulfillment == "AMAZON" else [24, 48])),
        country=str(facts.get("country") or ""),
        behaviour=behaviour,
        first_price=price,
    )


def amount_of(value: Any, name: str, marketplace: str, least: float = 0.000001) -> str | None:
    """An amount, `{amount, currency}`, or None."""
    amount = value.get("amount") if isinstance(value, dict) else value
    if amount is None:
        return None
    try:
        price = Decimal(str(amount))
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < Decimal(str(least)):
        raise Refused(f"{name} is an amount of money.")
    return money_text(price, MARKETPLACES[marketplace].currency)


def _points(value: Any, marketplace: str) -> int:
    if not _is_count(value) or (value and MARKETPLACES[marketplace].country != "JP"):
        raise Refused("points is a whole number, and there are points in Japan only.")
    return int(value)


def _feedback(facts: Facts) -> tuple[int, int]:
    percent, count = facts.get("percent", 96), facts.get("count", 1000)
    if not _is_count(percent) or percent > 100 or not _is_count(count):
        raise Refused("feedback is {percent: 0 to 100, count}.")
    return percent, count


def _handling(value: Any) -> list[int]:
    hours = value if isinstance(value, list) else [value, value]
    if len(hours) != 2 or not all(map(_is_count, hours)) or hours[0] > hours[1]:
        raise Refused("handling is a number of hours, or the least and the most.")
    return hours


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def switch_of(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise Refused(f"{name} is true or false.")
    return value


def _choice(facts: Facts, name: str, allowed: tuple[str, ...], default: str) -> str:
    value = facts.get(name) or default
    if value not in allowed:
        raise Refused(f"{name} of an offer is one of {', '.join(allowed)}.")
    return str(value)
