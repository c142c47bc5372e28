"""Finding products by words."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from flask_amazon_channel.simulator.api.catalog.derived import classification_id
from flask_amazon_channel.simulator.shelves.products import listing_brand
from flask_amazon_channel.simulator.world import World

LOOKED_AT = 2000  # listings of each seller


class Hit(NamedTuple):
    asin: str
    brand: str
    product_type: str


class Matches(NamedTuple):
    """`total` is estimated where not all products were looked at."""

    hits: list[Hit]
    total: int


def browse(world: World, marketplace: str, keywords: list[str], brands: list[str], nodes: list[str]) -> Matches:
    """Assumed: a product is found when its title, brand and product type hold the beginning of every word.

    Assumed: only the first two thousand listings of each seller are looked at; the number of results is
    estimated from them.
    """
    words = [f" {word}" for each in keywords for word in each.casefold().split()]
    wanted = {each.casefold() for each in brands}
    found = {
        hit.asin: hit
        for title, hit in _everything(world, marketplace)
        if _holds(words, title, hit)
        and (not wanted or hit.brand.casefold() in wanted)
        and (not nodes or classification_id(hit.product_type) in nodes)
    }
    return Matches(list(found.values()), round(len(found) * _share(world)))


def _holds(words: list[str], title: str, hit: Hit) -> bool:
    text = f" {title} {hit.brand} {hit.product_type}".casefold()
    text = text.translate(_SPACES)
    return all(word in text for word in words)


_SPACES = str.maketrans("_-,/", "    ")


def _everything(world: World, marketplace: str) -> Iterator[tuple[str, Hit]]:
    """Titles, with what is known of each product."""
    for product in world.state.products.values():
        if marketplace in product.marketplaces:
            yield product.title, Hit(product.asin, product.brand, product.product_type)
    for seller_id in world.state.sellers:
        for listing in islice(world.listings(seller_id), LOOKED_AT):
            if marketplace in listing.offers and listing.asin not in world.state.products:
                yield listing.title, Hit(listing.asin, listing_brand(listing), listing.product_type)


def _share(world: World) -> float:
    """How many times more listings there are than were looked at."""
    sizes = [len(world.stock(seller_id)) for seller_id in world.state.sellers]
    looked = sum(min(size, LOOKED_AT) for size in sizes)
    return sum(sizes) / looked if looked else 1.0
