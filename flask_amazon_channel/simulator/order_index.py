"""Finds the orders of a seller by the moments at which they were placed and last updated, without reading them all."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import Literal

from flask_amazon_channel.simulator.state.orders import Order

By = Literal["created", "updated"]
Key = tuple[float, str]  # a moment and an order id


class OrderIndex:
    """Derived from the orders; never saved.  It grows with the orders, and by nothing else."""

    def __init__(self, orders: Iterable[Order] = ()) -> None:
        self._orders = {order.id: order for order in orders}
        self._created: list[Key] = sorted((order.created, order.id) for order in self._orders.values())
        self._updated: list[Key] = sorted((order.updated, order.id) for order in self._orders.values())

    def __len__(self) -> int:
        return len(self._orders)

    def add(self, order: Order) -> None:
        self._orders[order.id] = order
        insort(self._created, (order.created, order.id))
        insort(self._updated, (order.updated, order.id))

    def update(self, order: Order, moment: float) -> None:
        """The order was updated at this moment, which it says itself from now on."""
        del self._updated[bisect_left(self._updated, (order.updated, order.id))]
        order.updated = moment
        insort(self._updated, (order.updated, order.id))

    def between(self, by: By, after: Key, until: float) -> Iterator[Order]:
        """The orders behind a moment and id, up to and with those of another moment, oldest first."""
        keys = self._created if by == "created" else self._updated
        end = bisect_right(keys, until, key=lambda key: key[0])
        for place in range(bisect_right(keys, after), end):
            yield self._orders[keys[place][1]]

    def since(self, by: By, moment: float, until: float) -> Iterator[Order]:
        """The orders of a span of time, with those of both its ends, oldest first."""
        return self.between(by, (moment, ""), until)
