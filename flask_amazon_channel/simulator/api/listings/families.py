"""Variation families: parents that cannot be bought, and the children that can.

Assumed: a family holds once its parent and a child are live, whichever of them came first.
Assumed: the children of a parent that is deleted stand alone, and are its children again when it comes back.
"""

from bisect import insort
from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import Attributes, values_in
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World

RELATIONSHIP = "child_parent_sku_relationship"
FAMILY_ATTRIBUTES = ("parentage_level", RELATIONSHIP, "variation_theme")


def parent_sku(attributes: Attributes) -> str | None:
    """The SKU that a child names as its parent."""
    named = [each for each in attributes.get(RELATIONSHIP, []) if each.get("parent_sku")]
    families = [each for each in named if each.get("child_relationship_type", "variation") == "variation"]
    return str(families[0]["parent_sku"]) if families else None


def join_family(world: World, seller_id: str, listing: Listing) -> None:
    """Let the live relationship of a listing hold; a parent may come after its children."""
    if parent := parent_sku(listing.live or {}):
        insort(world.state.families.setdefault(seller_id, {}).setdefault(parent, []), listing.sku)


def leave_family(world: World, seller_id: str, listing: Listing) -> None:
    """Before its live relationship changes."""
    families, parent = world.state.families.get(seller_id, {}), parent_sku(listing.live or {})
    if parent in families and listing.sku in families[parent]:
        families[parent].remove(listing.sku)
        if not families[parent]:
            del families[parent]


def children(world: World, seller_id: str, sku: str) -> list[str]:
    """The live children of a parent, which must be there itself."""
    parent = world.listing(seller_id, sku)
    return list(world.state.families.get(seller_id, {}).get(sku, [])) if parent and parent.is_parent else []


def parent_of(world: World, seller_id: str, listing: Listing) -> str | None:
    parent = parent_sku(listing.live or {}) if listing.live else None
    return parent if parent and listing.sku in children(world, seller_id, parent) else None


def theme(world: World, seller_id: str, listing: Listing, marketplace: str) -> dict[str, Any] | None:
    """The variation theme of a family, as its parent says it."""
    parent = parent_of(world, seller_id, listing)
    source = world.listing(seller_id, parent) if parent else listing
    values = values_in((source.live if source else None) or {}, "variation_theme", marketplace)
    name = next((str(each.get("name") or each.get("value") or "") for each in values), "")
    return {"attributes": [each.lower() for each in name.split("/")], "theme": name} if name else None


def relationships(world: World, seller_id: str, listing: Listing, marketplace: str) -> list[dict[str, Any]]:
    """`ItemRelationship` of Listings Items, of this marketplace."""
    below = [each for each in children(world, seller_id, listing.sku) if _is_in(world, seller_id, each, marketplace)]
    above = parent_of(world, seller_id, listing)
    if not below and not above:
        return []
    found: dict[str, Any] = {"type": "VARIATION"}
    if below:
        found["childSkus"] = below
    if above:
        found["parentSkus"] = [above]
    if variation := theme(world, seller_id, listing, marketplace):
        found["variationTheme"] = variation
    return [found]


def _is_in(world: World, seller_id: str, sku: str, marketplace: str) -> bool:
    listing = world.listing(seller_id, sku)
    return listing is not None and marketplace in listing.offers
