"""The values that cross the port to the shop: products come in, orders go out.

Money is `Decimal` in the named currency, times are aware UTC, ids are text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of product it is.  Bundles, grouped products and gift cards cannot be sold on Amazon."""

    SIMPLE = "simple"
    VARIANT = "variant"
    PARENT = "parent"
    BUNDLE = "bundle"
    GROUPED = "grouped"
    GIFT_CARD = "gift_card"
    OTHER = "other"


class FulfilledBy(StrEnum):
    """Who ships: the merchant (MFN) or Amazon from its own stock (FBA)."""

    MERCHANT = "merchant"
    AMAZON = "amazon"


@dataclass(frozen=True, slots=True)
class ShopProduct:
    """A product as it holds for one storefront of the shop.

    `quantity` is what the shop can sell now, below zero where it is oversold, `None` where it does not manage
    stock.  `identifiers` has lower-case names: `asin, ean, upc, isbn, gcid`.  `prices` are further prices by
    name.
    """

    id: str
    sku: str
    title: str
    price: Decimal
    currency: str | None = None
    quantity: Decimal | int | None = None
    prices: Mapping[str, Decimal | None] = field(default_factory=dict)
    sale_price: Decimal | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    sell_from: datetime | None = None
    sell_until: datetime | None = None
    identifiers: Mapping[str, str | None] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    condition: str | None = None
    enabled: bool = True
    kind: Kind = Kind.SIMPLE
    family: str | None = None
    brand: str | None = None
    description: str | None = None
    image_urls: tuple[str, ...] = ()
    fulfilled_by: FulfilledBy | None = None


class StockChange(StrEnum):
    """Why the channel changes the shop's stock."""

    SALE = "sale"
    RELEASE = "release"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class StockCause:
    """Where a change of stock comes from.  `ledger_id` is unique: a shop may refuse to book it twice."""

    amazon_order_id: str
    order_item_id: str
    ledger_id: str
    kind: StockChange


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as Amazon gave it.  All of it is personal data."""

    name: str | None = None
    company: str | None = None
    lines: tuple[str, ...] = ()
    city: str | None = None
    district: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    phone: str | None = None

    def __repr__(self) -> str:
        return "<Address: personal data>"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who bought.  The e-mail address is Amazon's anonymised one.  All of it is personal data."""

    name: str | None = None
    email: str | None = None
    company: str | None = None

    def __repr__(self) -> str:
        return "<Buyer: personal data>"


@dataclass(frozen=True, slots=True)
class NewShopOrderLine:
    """One line to create.  `id` is Amazon's order item id; `product_id` may be None."""

    id: str
    product_id: str | None
    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the buyer pays, by part, in the order's currency."""

    items: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    gift_wrap: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    other: Decimal = Decimal(0)
    grand_total: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class OrderFlags:
    """What is special about the order."""

    prime: bool = False
    business: bool = False
    replacement: bool = False
    premium: bool = False
    gift: bool = False


class CustomerPolicy(StrEnum):
    """Whether the shop makes a customer account for the buyer."""

    GUEST = "guest"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class NewShopOrder:
    """A shop order to create for an Amazon order.

    `number` is the number that the shop shall use, or None for its own.  `status` is the order status wanted,
    or None for the shop's default.  `buyer` and `address` are None where Amazon withholds them.  No mail may
    be sent: Amazon writes to the buyer.  Creating it must not commit and must not touch stock.
    """

    amazon_order_id: str
    store: str
    storefront: str | None
    number: str | None
    status: str | None
    customer: CustomerPolicy
    buyer: Buyer | None
    address: Address | None
    lines: tuple[NewShopOrderLine, ...]
    shipping_service: str | None
    totals: Totals
    currency: str
    purchased_at: datetime
    ship_by: datetime | None = None
    deliver_by: datetime | None = None
    flags: OrderFlags = OrderFlags()
    fulfilled_by: FulfilledBy = FulfilledBy.MERCHANT
    gift_message: str | None = field(default=None, repr=False)
    payment_label: str = "Amazon"
    links: Mapping[str, str] = field(default_factory=dict)
    send_mail: bool = False


class OrderChangeKind(StrEnum):
    """What happened to the order at Amazon."""

    CANCELLED = "cancelled"
    LINES_CANCELLED = "lines_cancelled"
    SHIPPED = "shipped"
    ADDRESS_CHANGED = "address_changed"
    NOTE_ADDED = "note_added"


@dataclass(frozen=True, slots=True)
class OrderChange:
    """A change to make on a shop order.

    `lines` maps Amazon's order item id to the quantity concerned (empty: the whole order).  It must not touch
    stock.
    """

    kind: OrderChangeKind
    lines: Mapping[str, int] = field(default_factory=dict)
    address: Address | None = None
    buyer: Buyer | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ShopAttribute:
    """An attribute that rules and mappings may use.  `type` is text, number, choice or yes_no.

    A product's value may be several texts or choices.  Where the choices form a tree, such as categories, `tree` names
    for a choice the one above it: `{"Tents": "Camping"}`.
    """

    name: str
    label: str
    type: str = "text"
    choices: tuple[str, ...] = ()
    tree: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Storefront:
    """One of the shop's storefronts (website, store view)."""

    id: str
    name: str
