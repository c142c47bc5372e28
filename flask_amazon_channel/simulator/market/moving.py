"""What a change of offers leads to: sellers are told of it, and competitors react."""

from collections.abc import Iterable
from dataclasses import replace

from flask_amazon_channel.simulator.market.behaviours import DELAY, GONE, next_step, wanted
from flask_amazon_channel.simulator.market.buy_box import can_be_featured, is_overpriced
from flask_amazon_channel.simulator.market.offers import competitors, key, market_of, own_listings
from flask_amazon_channel.simulator.market.summary import Board
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.market import Competitor, Market
from flask_amazon_channel.simulator.world import World, effect

TOLD = ("offers_changed", "pricing_health")


def remembered(world: World, asin: str, marketplace: str) -> Market:
    return world.state.markets.setdefault(key(asin, marketplace), Market(asin, marketplace))


def changed(world: World, asin: str, marketplace: str, concerned: Iterable[str] = ()) -> None:
    """Offers of an ASIN changed: tell the sellers that list it, and let competitors react.

    `concerned` are conditions of offers that changed, or went.

    Documented: a seller is told when one of the 20 lowest offers of a condition changes, or what Amazon sums up of
    the offers, for items that the seller lists.

    Where nobody would hear or react nothing is computed, and what was told is forgotten: the next change that is
    heard is told, whatever was told before.
    """
    market = market_of(world, asin, marketplace)
    if not _matters(world, market, asin, marketplace):
        if market is not None:
            market.told, market.overpriced = {}, []
        return
    market, board = remembered(world, asin, marketplace), Board(world, asin, marketplace)
    sellers = list(dict.fromkeys(seller for seller, _ in own_listings(world, asin, marketplace)))
    conditions = {offer.condition for offer in board.offers} | set(market.told) | set(concerned)
    for condition in sorted(conditions):
        digest = board.digest(condition)
        if market.told.get(condition) != digest:
            market.told[condition] = digest
            for seller in sellers:
                world.occurred("offers_changed", seller, asin=asin, marketplace=marketplace, condition=condition)
    _tell_overpriced(world, market, board)
    _let_react(world, market, board)


def _matters(world: World, market: Market | None, asin: str, marketplace: str) -> bool:
    """Whether anybody hears of a change of these offers, or may react to it."""
    if world.settings.competitors_react or (market is not None and market.competitors is not None):
        return True
    hearing = {seller_id for seller_id in world.state.sellers if any(world.is_heard(each, seller_id) for each in TOLD)}
    return bool(hearing) and any(seller_id in hearing for seller_id, _ in own_listings(world, asin, marketplace))


def _tell_overpriced(world: World, market: Market, board: Board) -> None:
    """Documented: PRICING_HEALTH is sent when an offer cannot be featured because of its price."""
    reference = board.reference("New")
    ours = [offer for offer in board.of("New") if offer.sku is not None and can_be_featured(offer)]
    over = {f"{offer.seller}/{offer.sku}": offer for offer in ours if is_overpriced(offer, reference)}
    before, market.overpriced = market.overpriced, sorted(over)
    for name, offer in over.items():
        if name not in before:
            world.occurred("pricing_health", offer.seller, sku=offer.sku, marketplace=market.marketplace)


def _let_react(world: World, market: Market, board: Board) -> None:
    """Made-up competitors are stored as soon as one of them wants to react."""
    if market.competitors is None and not world.settings.competitors_react:
        return
    found = market.competitors
    if found is None:
        found = [replace(each) for each in competitors(world, market.asin, market.marketplace)]
    eager = [each for each in found if not each.waiting and _is_eager(each, board)]
    if not eager:
        return
    market.competitors = found
    for each in eager:
        each.waiting = True
        delay = float(each.behaviour.get("delay", DELAY))
        world.later(delay, "reaction", {**_address(market), "seller": each.seller})


def _is_eager(competitor: Competitor, board: Board) -> bool:
    return wanted(competitor, board.offers, board.marketplace) != competitor.price


def _address(market: Market) -> dict[str, object]:
    return {"asin": market.asin, "marketplace": market.marketplace, "times_set": market.times_set}


def _find(world: World, pending: Pending) -> tuple[Market, Competitor] | None:
    """The competitor that wanted to act, unless it was replaced in the meantime."""
    facts = pending.facts
    market = market_of(world, facts["asin"], facts["marketplace"])
    if market is None or market.times_set != facts["times_set"]:
        return None
    found = next((each for each in market.competitors or [] if each.seller == facts["seller"]), None)
    return None if found is None else (market, found)


@effect("reaction")
def react(world: World, pending: Pending) -> None:
    """A competitor does what it wants by now, which may be nothing any more."""
    found = _find(world, pending)
    if found is None:
        return
    market, competitor = found
    competitor.waiting = False
    _apply(
        market, competitor, wanted(competitor, Board(world, market.asin, market.marketplace).offers, market.marketplace)
    )
    changed(world, market.asin, market.marketplace)


def _apply(market: Market, competitor: Competitor, want: str | None) -> None:
    if want == GONE:
        market.competitors = [each for each in market.competitors or [] if each is not competitor]
    else:
        competitor.price = want


@effect("departure")
def depart(world: World, pending: Pending) -> None:
    if found := _find(world, pending):
        _apply(*found, GONE)
        changed(world, found[0].asin, found[0].marketplace)


@effect("walk")
def walk(world: World, pending: Pending) -> None:
    """One step, and the next one an interval later."""
    found = _find(world, pending)
    if found is None:
        return
    market, competitor = found
    competitor.steps += 1
    seed = f"{world.state.seed}/walk/{market.marketplace}/{market.asin}"
    competitor.price = next_step(competitor, seed, market.marketplace)
    changed(world, market.asin, market.marketplace)
    world.at(pending.due + float(competitor.behaviour.get("every", 3600.0)), "walk", pending.facts)


def begin(world: World, market: Market) -> None:
    """Start what competitors do of their own accord, once they were set."""
    for each in market.competitors or []:
        behaviour, facts = each.behaviour, {**_address(market), "seller": each.seller}
        if behaviour["kind"] == "walk":
            world.later(float(behaviour.get("every", 3600.0)), "walk", facts)
        if behaviour["kind"] == "disappear" and "after" in behaviour:
            world.later(float(behaviour["after"]), "departure", facts)
