"""What moves a market: our live offers, competitors that react, and time; and who is told."""

from dataclasses import replace
from typing import Any

from flask_amazon_channel.simulator.market.behaviours import DELAY, GONE, next_step, wanted
from flask_amazon_channel.simulator.market.buy_box import can_be_featured, is_overpriced
from flask_amazon_channel.simulator.market.made_up import made_up_listing
from flask_amazon_channel.simulator.market.offers import competitors, key, market_of, own_listings
from flask_amazon_channel.simulator.market.summary import Board
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.market import Competitor, Market
from flask_amazon_channel.simulator.world import World, effect, listens


def remembered(world: World, asin: str, marketplace: str) -> Market:
    return world.state.markets.setdefault(key(asin, marketplace), Market(asin, marketplace))


def changed(world: World, asin: str, marketplace: str) -> None:
    """Offers of an ASIN may have changed: tell the sellers that list it, and let competitors react.

    Documented: a seller is told when one of the 20 lowest offers of a condition changes, or what Amazon sums up of
    the offers, for items that the seller lists.
    """
    market, board = remembered(world, asin, marketplace), Board(world, asin, marketplace)
    sellers = list(dict.fromkeys(seller for seller, _ in own_listings(world, asin, marketplace)))
    conditions = {offer.condition for offer in board.offers} | set(market.told)
    for condition in sorted(conditions):
        digest = board.digest(condition)
        if market.told.get(condition) != digest:
            market.told[condition] = digest
            for seller in sellers:
                world.occurred("offers_changed", seller, asin=asin, marketplace=marketplace, condition=condition)
    _tell_overpriced(world, market, board)
    _let_react(world, market, board)


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


@listens("listing_changed")
def follow_listing(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Our live price, or whether we sell at all, may have changed; a new quantity alone changes no market."""
    listing = world.stock(seller_id).get(facts["sku"])
    everywhere = world.state.sellers[seller_id].marketplaces
    for marketplace in everywhere if listing is None else facts["marketplaces"]:
        _follow_offer(world, seller_id, facts["sku"], listing, marketplace)


def _follow_offer(world: World, seller_id: str, sku: str, listing: Listing | None, marketplace: str) -> None:
    name, seen = f"{marketplace}/{seller_id}/{sku}", _seen(world, seller_id, listing, marketplace)
    before = world.state.offers_seen.get(name)
    if before is None:
        before = _seen(world, seller_id, made_up_listing(world, seller_id, sku=sku), marketplace)
    if seen == before:
        return
    world.state.offers_seen[name] = seen
    for asin in sorted({each.partition(" ")[0] for each in (before, seen) if each}):
        changed(world, asin, marketplace)
    if listing is not None:
        _watch_moments(world, seller_id, listing, marketplace)


def _seen(world: World, seller_id: str, listing: Listing | None, marketplace: str) -> str:
    """What buyers see of an offer, in a few words that begin with the ASIN; nothing if they cannot buy it.

    Moments at which its price changes belong to it, so that they are waited for.
    """
    if listing is None or marketplace not in listing.offers:
        return ""
    offer, now = listing.offers[marketplace], world.now()
    moments = (offer.sale, offer.starts, offer.ends) if offer.sale or offer.starts or offer.ends else ""
    if "BUYABLE" not in world.status(seller_id, listing, marketplace):
        return f"{listing.asin} {moments}" if moments and offer.starts and now < offer.starts else ""
    return (
        f"{listing.asin} {offer.price_at(now)} {offer.business_price} {listing.channel} {listing.condition} {moments}"
    )


def _watch_moments(world: World, seller_id: str, listing: Listing, marketplace: str) -> None:
    """A price that begins or ends at a moment changes the market then."""
    offer = listing.offers.get(marketplace)
    if offer is None:
        return
    for moment in [*(offer.sale[:2] if offer.sale else []), offer.starts, offer.ends]:
        if moment is not None and moment > world.now():
            facts = {"seller": seller_id, "sku": listing.sku, "marketplace": marketplace}
            world.at(moment, "price_moment", facts)


@effect("price_moment")
def look_again(world: World, pending: Pending) -> None:
    facts = pending.facts
    listing = world.stock(facts["seller"]).get(facts["sku"])
    _follow_offer(world, facts["seller"], facts["sku"], listing, facts["marketplace"])
