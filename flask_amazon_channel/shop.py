"""The port to the host: what the channel asks of a shop.

`change_stock`, `create_order` and `update_order` run inside the channel's transaction on the host's session and must
neither commit nor use the network.  No transaction is open when `products`, `product_ids` and `find_products` are
called.  A method may be left out where the table of optional members says so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Iterable, Mapping, Protocol, Sequence, runtime_checkable

from flask_amazon_channel.rules.values import (
    NewShopOrder,
    OrderChange,
    ShopAttribute,
    ShopProduct,
    StockCause,
    Storefront,
)


@runtime_checkable
class Shop(Protocol):
    """What every shop must offer.  All ids are text; money is `Decimal` in `currency`."""

    @property
    def currency(self) -> str:
        """ISO 4217 code of the shop's prices."""
        ...

    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        """Return these products, in bulk, as they hold for that storefront.

        A product left out does not exist there.  An exception means that nobody knows: nothing is sent.
        """
        ...

    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        """Return up to `limit` ids that follow `after` in an order of the shop's own: a walk over the catalogue."""
        ...

    def find_products(self, attribute: str, values: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return the ids of the products whose attribute has one of these values, by the value that was asked."""
        ...

    def change_stock(
        self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None
    ) -> int | None:
        """Add `delta` to what can be sold, in one statement, and return the new quantity (None: not managed).

        It accepts going below zero: what Amazon sold is sold.  An unknown product raises `LookupError`.
        """
        ...

    def create_order(self, order: NewShopOrder) -> str:
        """Create the shop order and return its id.  Stock stays as it is: `change_stock` is the only way to it."""
        ...

    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        """Bring a change at Amazon to the shop order.  Stock stays as it is."""
        ...


class OptionalShop(Protocol):
    """What a shop may offer besides.  The channel looks for each by its name (`offers`)."""

    def attributes(self) -> Sequence[ShopAttribute]:
        """Return the attributes of products that rules and mappings may use."""
        ...

    def storefronts(self) -> Sequence[Storefront]:
        """Return the storefronts that a Store can be bound to."""
        ...

    def product_url(self, product_id: str) -> str:
        """Return the address of the shop's own page of a product."""
        ...

    def order_url(self, shop_order_id: str) -> str:
        """Return the address of the shop's own page of an order."""
        ...

    def exchange_rate(self, from_currency: str, to_currency: str) -> Decimal | None:
        """Return how much of one currency one unit of the other buys today, or None."""
        ...
