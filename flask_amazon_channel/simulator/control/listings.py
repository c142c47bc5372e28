"""Listings, as sellers change them in Seller Central and as buyers see them."""

from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import made_availability, made_offers
from flask_amazon_channel.simulator.api.listings.families import leave_family
from flask_amazon_channel.simulator.api.listings.standing import look_again
from flask_amazon_channel.simulator.control.refused import Refused, check_known, find_seller_in
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money, money_text
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.shelves.catalogue import FBA_CHANNELS
from flask_amazon_channel.simulator.shelves.numbering import make_asin, make_ean
from flask_amazon_channel.simulator.state.listings import Listing, Offer
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.world import World

_FACTS = (
    "sku", "asin", "title", "ean", "external_id", "price", "quantity", "status", "fulfillment", "condition",
    "product_type", "issues", "marketplace", "marketplaces",
)  # fmt: skip


def get_listing(world: World, seller_id: str, marketplace: str, sku: str) -> dict[str, Any]:
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


def put_listing(world: World, seller_id: str, marketplace: str, sku: str, /, **facts: Any) -> dict[str, Any]:
    """Make or change a listing, as the seller would in Seller Central: live at once.

    `price` is an amount, `{amount, currency}` or None; `status` is `[]` for a listing that Amazon blocked,
    `["BUYABLE"]` to lift that, or ACTIVE, INACTIVE, INCOMPLETE.
    """
    seller = find_seller_in(world, seller_id, marketplace)
    if not sku:
        raise Refused("A listing has a SKU.")
    check_known(facts, _FACTS, "facts")
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
    return get_listing(world, seller_id, marketplace, sku)


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


def drop_listing(world: World, seller_id: str, marketplace: str, sku: str) -> None:
    """The SKU is gone from all marketplaces."""
    listing = world.listing(seller_id, sku)
    if listing is None:
        raise Refused(f"Seller {seller_id} has no listing {sku}.")
    leave_family(world, seller_id, listing)
    world.drop_listing(seller_id, sku)
