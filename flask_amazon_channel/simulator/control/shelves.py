"""Sellers and their listings, as the control calls make and change them."""

from collections.abc import Iterable
from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import made_availability, made_offers
from flask_amazon_channel.simulator.api.listings.families import leave_family
from flask_amazon_channel.simulator.api.listings.standing import look_again
from flask_amazon_channel.simulator.control.sales import Refused
from flask_amazon_channel.simulator.login.lives import issue_refresh_token, rotate_secret
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money, money_text
from flask_amazon_channel.simulator.operations import PERSONAL_DATA, ROLES
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.shelves.catalogue import FBA_CHANNELS
from flask_amazon_channel.simulator.shelves.numbering import make_asin, make_ean
from flask_amazon_channel.simulator.state.listings import Listing, Offer
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.state.shelves import Catalogue, Shelf
from flask_amazon_channel.simulator.world import World

MOST_LISTINGS = 10_000_000
_AT_ONCE = "at_once"
_LISTING_KEYS = (
    "sku", "asin", "title", "ean", "external_id", "price", "quantity", "status", "fulfillment", "condition",
    "product_type", "issues", "marketplace", "marketplaces",
)  # fmt: skip


def add_seller(
    world: World,
    marketplaces: list[str],
    catalogue_size: int = 0,
    listings: Iterable[dict[str, Any]] = (),
    redirect_uris: Iterable[str] = (),
    store_name: str | None = None,
) -> dict[str, Any]:
    """A seller of one region, authorised already; answers what a client needs to know."""
    regions = {MARKETPLACES[each].region for each in marketplaces if each in MARKETPLACES}
    if len(regions) != 1 or any(each not in MARKETPLACES for each in marketplaces):
        raise Refused("A seller has known marketplaces of one region.")
    size = catalogue_size
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= MOST_LISTINGS:
        raise Refused(f"The size of a catalogue is a whole number from 0 to {MOST_LISTINGS}.")
    seller_id = "A" + "".join(world.chance("seller").choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=13))
    name = store_name or f"Store {len(world.state.sellers) + 1}"
    seller = Seller(seller_id, regions.pop(), list(dict.fromkeys(marketplaces)), name)
    world.state.sellers[seller_id] = seller
    application = world.state.application
    application.redirect_uris += [each for each in redirect_uris if each not in application.redirect_uris]
    refresh_token = issue_refresh_token(world, seller)
    _fill_shelves(world, seller, catalogue_size, listings)
    return {
        "seller_id": seller_id,
        "client_id": application.client_id,
        "client_secret": application.secrets[-1].value,
        "application_id": application.application_id,
        "refresh_token": refresh_token,
        "region": seller.region,
        "marketplaces": seller.marketplaces,
    }


def _fill_shelves(world: World, seller: Seller, size: int, listings: Iterable[dict[str, Any]]) -> None:
    seed = f"{world.state.seed}/catalogue/{seller.id}"
    world.state.shelves[seller.id] = Shelf(Catalogue(seed, size, world.now(), list(seller.marketplaces)))
    for facts in listings:
        where = facts.get("marketplaces") or (
            [facts["marketplace"]] if facts.get("marketplace") else seller.marketplaces
        )
        for marketplace in where:
            put_listing(world, seller.id, marketplace, str(facts.get("sku", "")), facts)


def change_seller(world: World, seller_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    """roles, personal_data, revoked, suspended, store_name, refresh_token (a new one), rotate_secret,
    redirect_uris.

    `rotate_secret` is true (the old secret lives for seven days) or "at_once".
    """
    seller = _seller(world, seller_id)
    if "roles" in changes:
        seller.roles = [role for role in ROLES if role in changes["roles"]]
    if "personal_data" in changes:
        others = [role for role in seller.roles if role != PERSONAL_DATA]
        seller.roles = [*others, PERSONAL_DATA] if changes["personal_data"] else others
    if "suspended" in changes:
        seller.suspended = [each for each in seller.marketplaces if each in changes["suspended"]]
    if "revoked" in changes:
        seller.revoked = bool(changes["revoked"])
    seller.store_name = changes.get("store_name", seller.store_name)
    if "redirect_uris" in changes:
        world.state.application.redirect_uris = list(changes["redirect_uris"])
    answer = {
        "seller_id": seller_id,
        "roles": seller.roles,
        "revoked": seller.revoked,
        "suspended": seller.suspended,
    }
    if changes.get("refresh_token"):
        answer["refresh_token"] = issue_refresh_token(world, seller)
    if changes.get("rotate_secret"):
        answer["client_secret"] = rotate_secret(world, keep_old=changes["rotate_secret"] != _AT_ONCE)
    return answer


def _seller(world: World, seller_id: str) -> Seller:
    if seller_id not in world.state.sellers:
        raise Refused(f"There is no seller {seller_id}.")
    return world.state.sellers[seller_id]


def listing_facts(world: World, seller_id: str, marketplace: str, sku: str) -> dict[str, Any]:
    """What a buyer would see, and what tells the listing apart."""
    listing = world.listing(seller_id, sku)
    if listing is None or marketplace not in listing.offers:
        raise Refused(f"Seller {seller_id} has no listing {sku} in {marketplace}.")
    now = world.now()
    price = listing.offers[marketplace].price_at(now)
    return {
        "sku": listing.sku,
        "asin": listing.asin,
        "price": None if price is None else money(price, MARKETPLACES[marketplace].currency),
        "quantity": listing.quantity,
        "status": world.status(seller_id, listing, marketplace),
        "title": listing.title,
        "external_id": listing.external_id,
        "fulfillment": "MERCHANT" if listing.channel == "DEFAULT" else "AMAZON",
        "condition": listing.condition,
        "product_type": listing.product_type,
    }


def put_listing(world: World, seller_id: str, marketplace: str, sku: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Make or change a listing, as the seller would in Seller Central: live at once.

    `price` is an amount, `{amount, currency}` or None; `status` is `[]` for a listing that Amazon blocked,
    `["BUYABLE"]` to lift that, or ACTIVE, INACTIVE, INCOMPLETE.
    """
    seller = _seller(world, seller_id)
    if marketplace not in seller.marketplaces:
        raise Refused(f"Seller {seller_id} does not sell in {marketplace}.")
    if not sku:
        raise Refused("A listing has a SKU.")
    if unknown := sorted(set(facts) - set(_LISTING_KEYS)):
        raise Refused(f"Unknown facts: {', '.join(unknown)}. Known are {', '.join(_LISTING_KEYS)}.")
    listing = world.listing(seller_id, sku) or _new_listing(world, sku)
    now = world.now()
    world.index(seller_id).drop(listing)  # its ids may change
    offer = listing.offers.setdefault(marketplace, Offer(None, now, now))
    listing.asin = listing.asin or make_asin(world.chance("listing"))
    _change_listing(listing, seller, facts)
    _change_offer(offer, marketplace, facts)
    _send(listing, facts)
    look_again(world, listing, [marketplace])
    world.add_listing(seller_id, listing)
    world.touch(seller_id, listing, None if "quantity" in facts else [marketplace])
    if "quantity" in facts and warehouse.by_amazon(listing):
        warehouse.moved(world, seller_id, sku)
    return listing_facts(world, seller_id, marketplace, sku)


def _new_listing(world: World, sku: str) -> Listing:
    chance = world.chance("listing")
    return Listing(sku, make_asin(chance), title=sku, external_id=make_ean(chance), quantity=0)


def _change_listing(listing: Listing, seller: Seller, facts: dict[str, Any]) -> None:
    for name in ("asin", "title", "condition", "product_type"):
        if facts.get(name):
            setattr(listing, name, str(facts[name]))
    for name in ("ean", "external_id"):
        if name in facts:
            listing.external_id = str(facts[name] or "")
    if "quantity" in facts:
        listing.quantity = int(facts["quantity"])
    if "fulfillment" in facts:
        by_amazon = facts["fulfillment"] == "AMAZON"
        listing.channel = FBA_CHANNELS[seller.region] if by_amazon else "DEFAULT"


def _change_offer(offer: Offer, marketplace: str, facts: dict[str, Any]) -> None:
    if "price" in facts:
        price = facts["price"]
        amount = price.get("amount") if isinstance(price, dict) else price
        offer.price = None if amount is None else money_text(amount, MARKETPLACES[marketplace].currency)
        offer.sale = None
    if "status" in facts:
        status = facts["status"]
        offer.incomplete = status == "INCOMPLETE"
        offer.suppressed = status in ([], "INACTIVE")
    if "issues" in facts:
        offer.issues = list(facts["issues"])


def _send(listing: Listing, facts: dict[str, Any]) -> None:
    """Seller Central sends attributes too: keep what is sent, and what is live of it, in step with the change."""
    for attributes in (listing.attributes, listing.live):
        if attributes is not None and "price" in facts:
            attributes["purchasable_offer"] = made_offers(listing)
        if attributes is not None and ("quantity" in facts or "fulfillment" in facts):
            attributes["fulfillment_availability"] = made_availability(listing)


def drop_listing(world: World, seller_id: str, sku: str) -> None:
    listing = world.listing(seller_id, sku)
    if listing is None:
        raise Refused(f"Seller {seller_id} has no listing {sku}.")
    leave_family(world, seller_id, listing)
    world.drop_listing(seller_id, sku)
