"""The listings of one seller: those that were touched are kept, the others are made when they are asked for."""

from collections.abc import Iterator

from flask_amazon_channel.simulator.shelves.catalogue import Maker
from flask_amazon_channel.simulator.shelves.listing_index import ListingIndex
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.shelves import Shelf

MOST_LENT = 1000


class Stock:
    """A shelf in use.  Its index is derived from it; what is kept stands in the shelf alone."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.maker = Maker(shelf.catalogue)
        self.index = ListingIndex(self.maker, shelf.kept.values(), shelf.dropped)
        self._own = sum(1 for sku in shelf.kept if self.maker.number_of_sku(sku) is None)
        self._lent: list[str] = []

    def __len__(self) -> int:
        return self.maker.size - len(self.shelf.dropped) + self._own

    def __iter__(self) -> Iterator[Listing]:
        """The catalogue in its order, then the others in theirs: for reading only, as they are now."""
        kept, dropped = self.shelf.kept, self.shelf.dropped
        for listing in self.maker:
            if listing.sku not in dropped:
                yield kept.get(listing.sku, listing)
        yield from [each for each in kept.values() if self.maker.number_of_sku(each.sku) is None]

    def of_amazon(self) -> Iterator[Listing]:
        """Those that Amazon fulfils, for reading only: none of the others is made for that."""
        for number in self.maker.of_amazon():
            sku = self.maker.sku(number)
            if sku not in self.shelf.dropped:
                listing = self.shelf.kept.get(sku) or self.maker.listing(number)
                if listing.channel != "DEFAULT":
                    yield listing
        for listing in [each for each in self.shelf.kept.values() if each.channel != "DEFAULT"]:
            made = self.maker.number_of_sku(listing.sku)
            if made is None or not self.maker.is_of_amazon(made):
                yield listing

    def get(self, sku: str) -> Listing | None:
        """The listing, which may be changed: it is lent, and kept if it was changed."""
        found = self.shelf.kept.get(sku)
        if found is not None or sku in self.shelf.dropped:
            return found
        number = self.maker.number_of_sku(sku)
        if number is None:
            return None
        self._lent.append(sku)
        listing = self.shelf.kept[sku] = self.maker.listing(number)
        return listing

    def add(self, listing: Listing) -> None:
        if self.maker.number_of_sku(listing.sku) is None:
            self._own += listing.sku not in self.shelf.kept
        else:
            self.shelf.dropped.pop(listing.sku, None)
        self.shelf.kept[listing.sku] = listing
        self.index.add(listing)

    def drop(self, sku: str, now: float) -> None:
        """Raises KeyError for a SKU that there is not."""
        listing = self.get(sku)
        if listing is None:
            raise KeyError(sku)
        self.index.drop(listing)
        del self.shelf.kept[sku]
        if self.maker.number_of_sku(sku) is None:
            self._own -= 1
        else:
            self.shelf.dropped[sku] = now

    def touched(self) -> list[int]:
        """The numbers of the catalogue's listings that are kept or dropped."""
        numbers = map(self.maker.number_of_sku, [*self.shelf.kept, *self.shelf.dropped])
        return sorted(number for number in numbers if number is not None)

    def take_back(self, at_least: int = 1) -> None:
        """Forget the lent listings that nobody changed, once there are so many: nobody may hold one now."""
        if len(self._lent) < at_least:
            return
        lent, self._lent = self._lent, []
        for sku in lent:
            number = self.maker.number_of_sku(sku)
            if number is not None and self.shelf.kept.get(sku) == self.maker.listing(number):
                del self.shelf.kept[sku]
