"""Reports of listings are kept as recipes: what was touched is written down, the rest is made at each download.

So a report of a million listings is ready at once, and neither its rows nor its bytes are ever held.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from flask_amazon_channel.simulator.documents.listing_rows import LAYOUTS, View
from flask_amazon_channel.simulator.shelves.catalogue import Maker
from flask_amazon_channel.simulator.state.documents import Recipe, Report
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World

_LINES = 500  # of one piece
_GZIP = 16 + zlib.MAX_WBITS


def make_recipe(world: World, report: Report) -> Recipe | None:
    """What a report says at this moment; None where it has no row.  Only touched listings are looked at."""
    world.take_back()
    stock, settings = world.stock(report.seller_id), world.settings
    marketplace = report.marketplaces[0]  # further ids are dropped, as Amazon drops them
    recipe = Recipe(
        type=report.type,
        marketplace=marketplace,
        moment=world.now(),
        suspended=marketplace in world.state.sellers[report.seller_id].suspended,
        language=settings.report_headers,
        charset=settings.report_charset,
        bom=settings.report_bom,
        catalogue=stock.shelf.catalogue,
        skipped=stock.touched(),
    )
    recipe.touched = zlib.compress("".join(_lines(recipe, stock.shelf.kept.values())).encode(), 1)
    return recipe if any(_rows(recipe)) else None


def contents(recipe: Recipe) -> Iterator[bytes]:
    """The document in pieces, encoded but not compressed."""
    header = "\t".join(LAYOUTS[recipe.type].header(recipe.language)) + "\r\n"
    rows = _rows(recipe)
    bodies = iter(lambda: "".join(islice(rows, _LINES)), "")
    pieces = (each.encode(recipe.charset, "replace") for each in chain([header], bodies))
    return chain([b"\xef\xbb\xbf"], pieces) if recipe.bom and recipe.charset == "utf-8" else pieces


def zipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same, compressed on the way."""
    packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def unzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    for piece in pieces:
        yield unpacker.decompress(piece)


def _rows(recipe: Recipe) -> Iterator[str]:
    """First what was touched, then the catalogue."""
    if touched := zlib.decompress(recipe.touched).decode():
        yield touched
    maker, skipped = Maker(recipe.catalogue), set(recipe.skipped)
    yield from _lines(recipe, (maker.listing(number) for number in range(maker.size) if number not in skipped))


def _lines(recipe: Recipe, listings: Iterable[Listing]) -> Iterator[str]:
    row_of, view = LAYOUTS[recipe.type].row, View(recipe.marketplace, recipe.moment, recipe.suspended)
    for listing in listings:
        if row := row_of(listing, view):
            yield "\t".join(row) + "\r\n"
