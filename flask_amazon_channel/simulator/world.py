"""The simulator's world: the state with its clock, its lock, chance, and effects that come later.

Ids and chance come from the seed and from counters: the same calls make the same world again.
"""

import random
import threading
import time
from bisect import bisect_right, insort
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any

from flask_amazon_channel.simulator.clock import Clock
from flask_amazon_channel.simulator.order_index import OrderIndex
from flask_amazon_channel.simulator.shelves.listing_index import ListingIndex
from flask_amazon_channel.simulator.shelves.stock import MOST_LENT, Stock
from flask_amazon_channel.simulator.state import Pending, State
from flask_amazon_channel.simulator.state.application import Application, Secret
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.orders import Order
from flask_amazon_channel.simulator.state.settings import Settings
from flask_amazon_channel.simulator.state.shelves import Shelf

_PAUSE = 0.001  # seconds

Effect = Callable[["World", Pending], None]
EFFECTS: dict[str, Effect] = {}


def effect(kind: str) -> Callable[[Effect], Effect]:
    """Register the function that carries out pending effects of this kind."""

    def register(function: Effect) -> Effect:
        EFFECTS[kind] = function
        return function

    return register


Listener = Callable[["World", str, dict[str, Any]], None]
LISTENERS: dict[str, list[Listener]] = {}


Wants = Callable[["World", str], bool]
_WANTS: dict[Listener, Wants] = {}


def listens(occurrence: str, wants: Wants | None = None) -> Callable[[Listener], Listener]:
    """Register a function that hears, with seller and facts, of every occurrence of this name.

    `wants` says whether it would do anything about one of a seller's; without it, it always would.
    """

    def register(function: Listener) -> Listener:
        LISTENERS.setdefault(occurrence, []).append(function)
        if wants is not None:
            _WANTS[function] = wants
        return function

    return register


def _due(pending: Pending) -> float:
    return pending.due


class World:
    """The state, its clock and its lock.  Whoever reads or writes the state holds the lock."""

    def __init__(self, seed: int, now: float | None = None, speed: float = 1.0) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(now, speed)
        self.url = ""
        self.held_back = 0.0  # seconds by which what is caused now comes later than it should
        self.reset(seed)

    def reset(self, seed: int) -> None:
        application = Application(
            application_id=f"amzn1.sellerapps.app.{self._hex(seed, 'application', 32)}",
            client_id=f"amzn1.application-oa2-client.{self._hex(seed, 'client', 32)}",
            secrets=[Secret(f"amzn1.oa2-cs.v1.{self._hex(seed, 'secret', 64)}", self.now())],
        )
        self.adopt(State(seed, application))

    def adopt(self, state: State) -> None:
        self.state = state
        state.pending.sort(key=_due)
        self._stocks: dict[str, Stock] = {}
        by_seller: dict[str, list[Order]] = {}
        for order in state.orders.values():
            by_seller.setdefault(order.seller_id, []).append(order)
        self._orders = {seller_id: OrderIndex(orders) for seller_id, orders in by_seller.items()}

    @staticmethod
    def _hex(seed: int, kind: str, digits: int) -> str:
        return f"{random.Random(f'{seed}/{kind}').getrandbits(digits * 4):0{digits}x}"

    @property
    def settings(self) -> Settings:
        return self.state.settings

    def now(self) -> float:
        return self.clock.now()

    def chance(self, kind: str) -> random.Random:
        """A fresh source of chance, decided by the seed and by how often this kind was asked for."""
        number = self.state.counters[kind] = self.state.counters.get(kind, 0) + 1
        return random.Random(f"{self.state.seed}/{kind}/{number}")

    def hex_id(self, kind: str, digits: int = 32) -> str:
        return f"{self.chance(kind).getrandbits(digits * 4):0{digits}x}"

    def request_id(self) -> str:
        """As an id of hex digits, made in less time: every call gets one."""
        number = self.state.counters["request"] = self.state.counters.get("request", 0) + 1
        return blake2b(f"{self.state.seed}/request/{number}".encode(), digest_size=16).hexdigest()

    def later(self, delay: float, kind: str, facts: dict[str, Any]) -> None:
        """Let an effect come after a delay; without a delay it comes at once."""
        delay += self.held_back
        pending = Pending(self.now() + delay, kind, facts)
        if delay <= 0:
            EFFECTS[kind](self, pending)
        else:
            insort(self.state.pending, pending, key=_due)

    def occurred(self, occurrence: str, seller_id: str, **facts: Any) -> None:
        """Something happened that a seller may want to be notified of."""
        for listener in LISTENERS.get(occurrence, []):
            listener(self, seller_id, facts)

    def is_heard(self, occurrence: str, seller_id: str) -> bool:
        """Whether anybody would do something about such an occurrence."""
        wants = (_WANTS.get(listener) for listener in LISTENERS.get(occurrence, []))
        return any(each is None or each(self, seller_id) for each in wants)

    def at(self, moment: float, kind: str, facts: dict[str, Any]) -> None:
        """Let an effect come at a moment, with those that are due then; one that is past comes next."""
        insort(self.state.pending, Pending(moment + self.held_back, kind, facts), key=_due)

    def settle(self) -> None:
        """Carry out, in order, whatever has become due, also by what was carried out: before every request."""
        self.take_back(MOST_LENT)
        pending = self.state.pending
        while pending and pending[0].due <= (now := self.now()):
            place = bisect_right(pending, now, key=_due)
            due, pending[:place] = pending[:place], []
            for each in due:
                EFFECTS[each.kind](self, each)

    def give_way(self) -> None:
        """Let other calls go on in the middle of a long one, which has the lock; they may change the state."""
        self.lock.release()
        time.sleep(_PAUSE)  # whoever only releases the lock has it again before others wake up
        self.lock.acquire()

    def take_back(self, at_least: int = 1) -> None:
        """Forget the listings of catalogues that were read and not changed, where there are so many."""
        for stock in self._stocks.values():
            stock.take_back(at_least)

    def stock(self, seller_id: str) -> Stock:
        if seller_id not in self._stocks:
            self._stocks[seller_id] = Stock(self.state.shelves.setdefault(seller_id, Shelf()))
        return self._stocks[seller_id]

    def listing(self, seller_id: str, sku: str) -> Listing | None:
        """The listing, which may be changed until the next request comes: what was changed is kept."""
        listing = self.stock(seller_id).get(sku)
        if listing is not None:
            self.occurred("listing_taken", seller_id, listing=listing)
        return listing

    def listings(self, seller_id: str) -> Iterator[Listing]:
        """All listings of a seller in a fixed order, made on the way: for reading only, never kept."""
        return iter(self.stock(seller_id))

    def listings_of_amazon(self, seller_id: str) -> Iterator[Listing]:
        """All listings that Amazon fulfils, in the same way and in an order of their own."""
        return self.stock(seller_id).of_amazon()

    def status(self, seller_id: str, listing: Listing, marketplace: str) -> list[str]:
        """What buyers can do with a listing now; nothing while the seller is on vacation there."""
        suspended = marketplace in self.state.sellers[seller_id].suspended
        return [] if suspended else listing.status(marketplace, self.now())

    def add_listing(self, seller_id: str, listing: Listing) -> None:
        """Put a listing on the shelf that is new, or was dropped from the index because its ids change."""
        self.stock(seller_id).add(listing)
        self.occurred("listing_added", seller_id, listing=listing)

    def drop_listing(self, seller_id: str, sku: str) -> None:
        self.stock(seller_id).drop(sku, self.now())
        self.occurred("listing_changed", seller_id, sku=sku, marketplaces=[])

    def index(self, seller_id: str) -> ListingIndex:
        return self.stock(seller_id).index

    def orders(self, seller_id: str) -> OrderIndex:
        if seller_id not in self._orders:
            self._orders[seller_id] = OrderIndex()
        return self._orders[seller_id]

    def add_order(self, order: Order) -> None:
        self.state.orders[order.id] = order
        self.orders(order.seller_id).add(order)

    def touch(self, seller_id: str, listing: Listing, marketplaces: list[str] | None = None) -> None:
        """A listing changed at Amazon now, in all its marketplaces or in these."""
        index, now = self.index(seller_id), self.now()
        index.drop(listing)
        touched = list(listing.offers) if marketplaces is None else marketplaces
        for marketplace in touched:
            listing.offers[marketplace].updated = now
        index.add(listing)
        self.occurred("listing_changed", seller_id, sku=listing.sku, marketplaces=touched)
