"""Finds the listings of a seller by ASIN, by external id and by time of update, without reading them all."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import NamedTuple

from flask_amazon_channel.simulator.shelves.catalogue import Maker
from flask_amazon_channel.simulator.state.listings import Listing

Entry = tuple[float, str | int]  # when it was updated, and its SKU or its rank among the catalogue's updates
_LAST = "\U0010ffff"  # sorts after every SKU


class Span(NamedTuple):
    """Listings of a marketplace whose last update lies between two moments, oldest first.

    Those of the catalogue are counted by the ranks of their updates, but for those that are `out`: touched or
    dropped.  The others stand in `updates`.
    """

    updates: list[tuple[float, str]]
    start: int
    end: int
    maker: Maker
    out: list[int]
    first: int
    last: int

    def __len__(self) -> int:
        made = self.last - self.first - bisect_left(self.out, self.last) + bisect_left(self.out, self.first)
        return max(0, self.end - self.start) + max(0, made)

    def skus(self, start: int, size: int, newest_first: bool) -> list[str]:
        """A part of the span, counted from its beginning in the order asked for."""
        return list(islice(self._skus(newest_first, start), max(0, size)))

    def _skus(self, newest_first: bool, start: int) -> Iterator[str]:
        places = range(self.start, self.end)
        own: Iterator[Entry] = (self.updates[place] for place in (reversed(places) if newest_first else places))
        both: Iterator[Entry] = merge(own, self._made(newest_first), key=_moment, reverse=newest_first)
        for _, found in islice(both, start, None):
            yield found if isinstance(found, str) else self.maker.sku(self.maker.number_at(found))

    def _made(self, newest_first: bool) -> Iterator[Entry]:
        """Moments and ranks of the catalogue's own."""
        ranks, out = range(self.first, self.last), set(self.out)
        for rank in reversed(ranks) if newest_first else ranks:
            if rank not in out:
                yield self.maker.updated(rank), rank


def _moment(entry: Entry) -> float:
    return entry[0]


class ListingIndex:
    """Derived from the shelf; never saved.  Listings of the catalogue are in it until they are dropped."""

    def __init__(self, maker: Maker, kept: Iterable[Listing], dropped: Iterable[str]) -> None:
        self._maker = maker
        self._by_id: dict[str, set[str]] = {}
        self._updates: dict[str, list[tuple[float, str]]] = {}
        out = set(map(self._rank, dropped))
        for listing in kept:
            out.add(self._rank(listing.sku))
            self._add_ids(listing)
            for marketplace, offer in listing.offers.items():
                self._updates.setdefault(marketplace, []).append((offer.updated, listing.sku))
        self._out = sorted(rank for rank in out if rank is not None)
        for updates in self._updates.values():
            updates.sort()

    def add(self, listing: Listing) -> None:
        """A listing that was dropped before, or that is not of the catalogue."""
        self._add_ids(listing)
        for marketplace, offer in listing.offers.items():
            insort(self._updates.setdefault(marketplace, []), (offer.updated, listing.sku))

    def drop(self, listing: Listing) -> None:
        """Forget a listing, with the ids and moments that it has now."""
        rank = self._rank(listing.sku)
        if rank is not None and not self._is_out(rank):
            insort(self._out, rank)
            return
        for key in _keys(listing):
            self._by_id.get(key, set()).discard(listing.sku)
        for marketplace, offer in listing.offers.items():
            self._forget(marketplace, listing.sku, offer.updated)

    def skus_by_id(self, identifier: str) -> set[str]:
        """SKUs with this ASIN, or with this EAN, UPC, ISBN or GTIN in any of its lengths."""
        key = _normal(identifier)
        found = set(self._by_id.get(key, ()))
        ean = key.removeprefix("0") if len(key) == 14 else key
        for number in {self._maker.number_of_asin(key), self._maker.number_of_ean(ean)} - {None}:
            if number is not None and not self._is_out(self._maker.rank(number)):
                found.add(self._maker.sku(number))
        return found

    def span(self, marketplace: str, after: float | None, before: float | None) -> Span:
        updates = self._updates.get(marketplace, [])
        start = 0 if after is None else bisect_left(updates, (after, ""))
        end = len(updates) if before is None else bisect_left(updates, (before, _LAST))
        return Span(updates, start, end, self._maker, self._out, *self._ranks(marketplace, after, before))

    def joint_span(self, marketplaces: list[str], after: float | None, before: float | None) -> Span:
        """Listings updated in any of these marketplaces between two moments, by their last update in all of them."""
        if len(marketplaces) == 1:
            return self.span(marketplaces[0], after, before)
        newest: dict[str, float] = {}
        found: set[str] = set()
        for span in (self.span(each, after, before) for each in marketplaces):
            found.update(sku for _, sku in span.updates[span.start : span.end])
            for moment, sku in span.updates:
                newest[sku] = max(moment, newest.get(sku, moment))
        updates = sorted((newest[sku], sku) for sku in found)
        mine = next((each for each in marketplaces if each in self._maker.marketplaces), "")
        return Span(updates, 0, len(updates), self._maker, self._out, *self._ranks(mine, after, before))

    def _ranks(self, marketplace: str, after: float | None, before: float | None) -> tuple[int, int]:
        if marketplace not in self._maker.marketplaces:
            return 0, 0
        first = 0 if after is None else self._maker.first_rank(after, or_later=True)
        last = self._maker.size if before is None else self._maker.first_rank(before, or_later=False)
        return first, max(first, last)

    def _rank(self, sku: str) -> int | None:
        number = self._maker.number_of_sku(sku)
        return None if number is None else self._maker.rank(number)

    def _is_out(self, rank: int) -> bool:
        place = bisect_left(self._out, rank)
        return self._out[place : place + 1] == [rank]

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
