"""Finds the listings of a seller by ASIN, by external id and by time of update, without reading them all."""

from bisect import bisect_left, insort
from typing import NamedTuple

from flask_amazon_channel.simulator.state.listings import Listing

_LAST = "\U0010ffff"  # sorts after every SKU


class Span(NamedTuple):
    """Listings of a marketplace whose last update lies between two moments, oldest first."""

    updates: list[tuple[float, str]]
    start: int
    end: int

    def __len__(self) -> int:
        return max(0, self.end - self.start)

    def skus(self, start: int, size: int, newest_first: bool) -> list[str]:
        """A part of the span, counted from its beginning in the order asked for."""
        size = min(size, len(self) - start)
        if size <= 0:
            return []
        if newest_first:
            return [sku for _, sku in reversed(self.updates[self.end - start - size : self.end - start])]
        return [sku for _, sku in self.updates[self.start + start : self.start + start + size]]


class ListingIndex:
    """Derived from the listings; never saved."""

    def __init__(self, listings: dict[str, Listing]) -> None:
        self._by_id: dict[str, set[str]] = {}
        self._updates: dict[str, list[tuple[float, str]]] = {}
        for listing in listings.values():
            self._add_ids(listing)
            for marketplace, offer in listing.offers.items():
                self._updates.setdefault(marketplace, []).append((offer.updated, listing.sku))
        for updates in self._updates.values():
            updates.sort()

    def add(self, listing: Listing) -> None:
        self._add_ids(listing)
        for marketplace, offer in listing.offers.items():
            insort(self._updates.setdefault(marketplace, []), (offer.updated, listing.sku))

    def drop(self, listing: Listing) -> None:
        for key in _keys(listing):
            self._by_id.get(key, set()).discard(listing.sku)
        for marketplace, offer in listing.offers.items():
            self._forget(marketplace, listing.sku, offer.updated)

    def moved(self, marketplace: str, sku: str, before: float, after: float) -> None:
        """The last update of a listing is another one now."""
        self._forget(marketplace, sku, before)
        insort(self._updates.setdefault(marketplace, []), (after, sku))

    def skus_by_id(self, identifier: str) -> set[str]:
        """SKUs with this ASIN, or with this EAN, UPC, ISBN or GTIN in any of its lengths."""
        return self._by_id.get(_normal(identifier), set())

    def span(self, marketplace: str, after: float | None, before: float | None) -> Span:
        updates = self._updates.get(marketplace, [])
        start = 0 if after is None else bisect_left(updates, (after, ""))
        end = len(updates) if before is None else bisect_left(updates, (before, _LAST))
        return Span(updates, start, end)

    def _forget(self, marketplace: str, sku: str, moment: float) -> None:
        updates = self._updates.get(marketplace, [])
        place = bisect_left(updates, (moment, sku))
        if updates[place : place + 1] == [(moment, sku)]:
            del updates[place]

    def _add_ids(self, listing: Listing) -> None:
        for key in _keys(listing):
            self._by_id.setdefault(key, set()).add(listing.sku)


def _keys(listing: Listing) -> list[str]:
    return [_normal(value) for value in (listing.asin, listing.external_id) if value]


def _normal(identifier: str) -> str:
    """GTINs compare as 14 digits; anything else as upper-case text."""
    return identifier.zfill(14) if identifier.isdigit() else identifier.upper()
