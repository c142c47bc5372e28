"""One product as Amazon's catalogue shows it; what nobody said is decided by its ASIN and its title."""

from dataclasses import dataclass
from hashlib import blake2b

from flask_amazon_channel.simulator.shelves.products import listing_brand, listings_of
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.products import Product
from flask_amazon_channel.simulator.world import World


@dataclass
class Item:
    """`seller_id` and `listing` are those that show the product, if it is listed at all."""

    asin: str
    title: str
    brand: str
    product_type: str
    external_ids: list[str]
    marketplaces: list[str]
    seller_id: str = ""
    listing: Listing | None = None

    def number(self, what: str, below: int) -> int:
        """A number that is always the same for this ASIN."""
        return int.from_bytes(blake2b(f"{self.asin}/{what}".encode(), digest_size=6).digest()) % below


def find_item(world: World, asin: str, marketplaces: list[str]) -> Item | None:
    """The product, if it exists in one of these marketplaces.

    Assumed: a product of the catalogue shows its own facts, any other those of the listing that comes first.
    """
    listed = [(seller_id, each) for seller_id, each in listings_of(world, asin) if each.asin == asin]
    product = world.state.products.get(asin)
    item = _of_product(product) if product else _of_listing(*listed[0]) if listed else None
    if item is None:
        return None
    if listed:
        item.seller_id, item.listing = listed[0]
    there = {each for _, listing in listed for each in listing.offers}
    item.marketplaces = sorted(there.union(item.marketplaces))
    item.external_ids = sorted({*item.external_ids, *(each.external_id for _, each in listed if each.external_id)})
    return item if set(item.marketplaces) & set(marketplaces) else None


def _of_product(product: Product) -> Item:
    return Item(
        product.asin,
        product.title,
        product.brand,
        product.product_type,
        list(product.external_ids),
        list(product.marketplaces),
    )


def _of_listing(seller_id: str, listing: Listing) -> Item:
    return Item(
        listing.asin,
        listing.title,
        listing_brand(listing),
        listing.product_type,
        [listing.external_id] if listing.external_id else [],
        list(listing.offers),
    )
