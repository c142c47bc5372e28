"""Amazon's own catalogue: an ASIN exists because a seller lists it, or because it was put there."""

from collections.abc import Iterator

from flask_amazon_channel.simulator.shelves.catalogue import BRANDS
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World


def listings_of(world: World, identifier: str) -> Iterator[tuple[str, Listing]]:
    """Every seller's listings of an ASIN, EAN, UPC, ISBN or GTIN, with the seller's id; for reading only."""
    for seller_id in world.state.sellers:
        for sku in sorted(world.index(seller_id).skus_by_id(identifier)):
            listing = world.listing(seller_id, sku)
            if listing is not None and listing.asin:
                yield seller_id, listing


def is_known(world: World, asin: str) -> bool:
    return asin in world.state.products or any(each.asin == asin for _, each in listings_of(world, asin))


def known_asins(world: World, external_id: str) -> list[str]:
    """The ASINs that an EAN, UPC, ISBN or GTIN stands for; it may be several."""
    wanted = external_id.zfill(14)
    products = [
        each.asin
        for each in world.state.products.values()
        if any(known.zfill(14) == wanted for known in each.external_ids)
    ]
    listed = (each.asin for _, each in listings_of(world, external_id) if each.asin != external_id)
    return sorted({*products, *listed})


def brand_of(world: World, asin: str | None) -> str | None:
    """The brand of a known product, or None."""
    if asin is None:
        return None
    if asin in world.state.products:
        return world.state.products[asin].brand
    listing = next((each for _, each in listings_of(world, asin) if each.asin == asin), None)
    return listing_brand(listing) if listing else None


def listing_brand(listing: Listing) -> str:
    """Assumed: a listing whose seller sent no brand is of the brand that its title begins with."""
    for value in (listing.live or {}).get("brand", []):
        return str(value.get("value", ""))
    made = next((each for each in BRANDS if listing.title.startswith(f"{each} ")), None)
    return made or (listing.title.split() or ["Generic"])[0]
