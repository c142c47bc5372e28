"""Amazon's own catalogue, and what sellers may not list, as the control calls change them."""

from dataclasses import asdict
from typing import Any

from flask_amazon_channel.simulator.control.refused import Refused, check_known, find_seller_in
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.product_types.catalogue import TYPES
from flask_amazon_channel.simulator.shelves.numbering import make_asin, make_ean
from flask_amazon_channel.simulator.shelves.restricted import CONDITIONS, REASONS
from flask_amazon_channel.simulator.state.products import Product, Restriction
from flask_amazon_channel.simulator.world import World


def add_product(
    world: World,
    title: str,
    marketplaces: list[str],
    brand: str = "Generic",
    asin: str | None = None,
    ean: str | list[str] | None = None,
    product_type: str = "PRODUCT",
) -> dict[str, Any]:
    """A product that nobody offers; `ean` is an EAN, UPC or ISBN, several, `[]` for none, or made up."""
    if not title or not marketplaces or any(each not in MARKETPLACES for each in marketplaces):
        raise Refused("A product has a title and known marketplaces.")
    if asin is not None and (len(asin) != 10 or not asin.isalnum() or asin != asin.upper()):
        raise Refused("An ASIN has ten letters and digits.")
    if product_type not in TYPES:
        raise Refused(f"There is no product type {product_type}.")
    chance = world.chance("product")
    ids = [make_ean(chance)] if ean is None else [ean] if isinstance(ean, str) else list(ean)
    product = Product(asin or make_asin(chance), title, brand, product_type, list(marketplaces), ids)
    world.state.products[product.asin] = product
    return asdict(product)


def add_restriction(
    world: World,
    seller: str,
    marketplace: str,
    reason: str = "APPROVAL_REQUIRED",
    asin: str | None = None,
    brand: str | None = None,
    condition: str | None = None,
) -> dict[str, Any]:
    """A seller may not list an ASIN, or a brand, in a marketplace, in one condition or in any."""
    find_seller_in(world, seller, marketplace)
    if (asin is None) == (brand is None):
        raise Refused("A restriction is of an ASIN or of a brand.")
    if reason not in REASONS or condition not in (None, *CONDITIONS):
        raise Refused(f"The reason is one of {', '.join(REASONS)}; the condition is one of {', '.join(CONDITIONS)}.")
    restriction = Restriction(seller, marketplace, reason, asin, brand, condition)
    world.state.restrictions.append(restriction)
    return asdict(restriction)


def drop_restrictions(world: World, **facts: Any) -> dict[str, Any]:
    """Lift all restrictions that have these facts: all of them without any fact."""
    known = {"seller": "seller_id", "marketplace": "marketplace", "reason": "reason", "asin": "asin",
             "brand": "brand", "condition": "condition"}  # fmt: skip
    check_known(facts, tuple(known), "facts")
    world.state.restrictions = [
        each
        for each in world.state.restrictions
        if any(getattr(each, known[name]) != value for name, value in facts.items())
    ]
    return {"left": len(world.state.restrictions)}
