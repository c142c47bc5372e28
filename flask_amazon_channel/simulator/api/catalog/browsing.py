"""Finding products by words."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from flask_amazon_channel.simulator.api.catalog.derived import classification_id
from flask_amazon_channel.simulator.shelves.items import Item, find_item
from flask_amazon_channel.simulator.shelves.products import listing_brand
from flask_amazon_channel.simulator.world import World

LOOKED_AT = 2000  # listings of each seller


class Matches(NamedTuple):
    """`total` is estimated where not all products were looked at."""

    items: list[Item]
    total: int


class _Words(NamedTuple):
    asin: str
    text: str
    brand: str
    product_type: str


def browse(world: World, marketplace: str, keywords: list[str], brands: list[str], nodes: list[str]) -> Matches:
    """Assumed: a product is found when its title, brand and product type hold the beginning of every word.

    Assumed: only the first two thousand listings of each seller are looked at; the number of results is
    estimated from them.
    """
    words = [word for each in keywords for word in each.casefold().split()]
    wanted = {each.casefold() for each in brands}
    found = {
        each.asin: None
        for each in _everything(world, marketplace)
        if all(f" {word}" in each.text for word in words)
        and (not wanted or each.brand.casefold() in wanted)
        and (not nodes or classification_id(each.product_type) in nodes)
    }
    items = [item for asin in found if (item := find_item(world, asin, [marketplace]))]
    return Matches(items, round(len(items) * _share(world)))


def _everything(world: World, marketplace: str) -> Iterator[_Words]:
    for product in world.state.products.values():
        if marketplace in product.marketplaces:
            yield _words(product.asin, product.title, product.brand, product.product_type)
    for seller_id in world.state.sellers:
        for listing in islice(world.listings(seller_id), LOOKED_AT):
            if marketplace in listing.offers and listing.asin not in world.state.products:
                yield _words(listing.asin, listing.title, listing_brand(listing), listing.product_type)


def _words(asin: str, title: str, brand: str, product_type: str) -> _Words:
    text = f" {title} {brand} {product_type}".casefold().replace("_", " ").replace("-", " ").replace(",", " ")
    return _Words(asin, text, brand, product_type)


def _share(world: World) -> float:
    """How many times more listings there are than were looked at."""
    sizes = [len(world.stock(seller_id)) for seller_id in world.state.sellers]
    looked = sum(min(size, LOOKED_AT) for size in sizes)
    return sum(sizes) / looked if looked else 1.0
