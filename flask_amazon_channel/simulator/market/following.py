"""Our own offers in the market: what buyers see of each, and what moves when it is not what they saw before."""

from typing import Any, NamedTuple

from flask_amazon_channel.simulator.market.made_up import made_up_listing
from flask_amazon_channel.simulator.market.moving import changed
from flask_amazon_channel.simulator.market.offers import condition_of
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World, effect, listens


class Seen(NamedTuple):
    """An offer as buyers see it; all empty while they cannot buy it.

    `moments` at which its price changes belong to it, so that they are waited for.
    """

    asin: str = ""
    condition: str = ""
    terms: str = ""
    moments: str = ""

    def is_as(self, other: "Seen") -> bool:
        return self[:3] == other[:3]


@listens("listing_changed")
def follow_listing(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Our live price, or whether we sell at all, may have changed; a new quantity alone changes no market."""
    listing = world.stock(seller_id).get(facts["sku"])
    everywhere = world.state.sellers[seller_id].marketplaces
    for marketplace in everywhere if listing is None else facts["marketplaces"]:
        _follow_offer(world, seller_id, facts["sku"], listing, marketplace)


def _follow_offer(world: World, seller_id: str, sku: str, listing: Listing | None, marketplace: str) -> None:
    name, now = f"{marketplace}/{seller_id}/{sku}", _seen(world, seller_id, listing, marketplace)
    kept = world.state.offers_seen.get(name)
    if kept is None:
        before = _seen(world, seller_id, made_up_listing(world, seller_id, sku=sku), marketplace)
    else:
        before = Seen(*kept.split("|"))
    if now == before:
        return
    world.state.offers_seen[name] = "|".join(now)
    if not now.is_as(before):
        _tell_market(world, marketplace, before, now)
    if listing is not None and now.moments:
        _watch_moments(world, seller_id, listing, marketplace)


def _tell_market(world: World, marketplace: str, *seen: Seen) -> None:
    """Both markets where the ASIN was exchanged."""
    for asin in sorted({each.asin for each in seen if each.asin}):
        changed(world, asin, marketplace, {each.condition for each in seen if each.asin == asin})


def _seen(world: World, seller_id: str, listing: Listing | None, marketplace: str) -> Seen:
    if listing is None or marketplace not in listing.offers:
        return Seen()
    offer, now = listing.offers[marketplace], world.now()
    moments = f"{offer.sale} {offer.starts} {offer.ends}" if offer.sale or offer.starts or offer.ends else ""
    if "BUYABLE" not in world.status(seller_id, listing, marketplace):
        return Seen(moments=moments if offer.starts and now < offer.starts else "")
    terms = f"{offer.price_at(now)} {offer.business_price} {listing.channel} {listing.condition}"
    return Seen(listing.asin, condition_of(listing)[0], terms, moments)


def _watch_moments(world: World, seller_id: str, listing: Listing, marketplace: str) -> None:
    """A price that begins or ends at a moment changes the market then."""
    offer = listing.offers[marketplace]
    for moment in [*(offer.sale[:2] if offer.sale else []), offer.starts, offer.ends]:
        if moment is not None and moment > world.now():
            facts = {"seller": seller_id, "sku": listing.sku, "marketplace": marketplace}
            world.at(moment, "price_moment", facts)


@effect("price_moment")
def look_again(world: World, pending: Pending) -> None:
    facts = pending.facts
    listing = world.stock(facts["seller"]).get(facts["sku"])
    _follow_offer(world, facts["seller"], facts["sku"], listing, facts["marketplace"])
