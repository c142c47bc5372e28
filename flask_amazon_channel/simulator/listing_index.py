"""Finds the listings of a seller by ASIN, by external id and by time of update, without reading them all."""

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .state import Listing


class ListingIndex:
    """Derived from the listings; never saved."""

    def __init__(self, listings: "dict[str, Listing]") -> None:
        self._listings = listings
        self._by_id: dict[str, set[str]] = {}
        self._updates: dict[str, list[tuple[float, str]]] = {}
        for listing in listings.values():
            self._add_ids(listing)
            for marketplace, offer in listing.offers.items():
                self._updates.setdefault(marketplace, []).append((offer.updated, listing.sku))
        for updates in self._updates.values():
            updates.sort()

    def add(self, listing: "Listing") -> None:
        self._add_ids(listing)
        for marketplace, offer in listing.offers.items():
            self.updated(marketplace, listing.sku, offer.updated)

    def drop(self, listing: "Listing") -> None:
        for key in _keys(listing):
            self._by_id.get(key, set()).discard(listing.sku)

    def updated(self, marketplace: str, sku: str, moment: float) -> None:
        """Note an update; the entry of the earlier one becomes stale and is swept out now and then."""
        updates = self._updates.setdefault(marketplace, [])
        if updates and updates[-1][0] > moment:
            updates.insert(bisect_left(updates, (moment, sku)), (moment, sku))
        else:
            updates.append((moment, sku))
        if len(updates) > 1000 + 3 * len(self._listings):
            self._updates[marketplace] = [entry for entry in updates if self._is_current(marketplace, *entry)]

    def skus_by_id(self, identifier: str) -> set[str]:
        """SKUs with this ASIN, or with this EAN, UPC, ISBN or GTIN in any of its lengths."""
        return self._by_id.get(_normal(identifier), set())

    def between(self, marketplace: str, after: float | None, before: float | None) -> "list[Listing]":
        """Listings of a marketplace whose last update lies in the span, oldest first."""
        updates = self._updates.get(marketplace, [])
        start = 0 if after is None else bisect_left(updates, (after, ""))
        end = len(updates) if before is None else bisect_left(updates, (before, "\U0010ffff"))
        found = {sku for moment, sku in updates[start:end] if self._is_current(marketplace, moment, sku)}
        order = dict.fromkeys(sku for _, sku in updates[start:end] if sku in found)
        return [self._listings[sku] for sku in order]

    def _is_current(self, marketplace: str, moment: float, sku: str) -> bool:
        listing = self._listings.get(sku)
        offer = listing.offers.get(marketplace) if listing else None
        return offer is not None and offer.updated == moment

    def _add_ids(self, listing: "Listing") -> None:
        for key in _keys(listing):
            self._by_id.setdefault(key, set()).add(listing.sku)


def _keys(listing: "Listing") -> list[str]:
    return [_normal(value) for value in (listing.asin, listing.external_id) if value]


def _normal(identifier: str) -> str:
    """GTINs compare as 14 digits; anything else as upper-case text."""
    return identifier.zfill(14) if identifier.isdigit() else identifier.upper()
