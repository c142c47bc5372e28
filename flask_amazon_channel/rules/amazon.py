"""What Amazon told us, as values: the client makes them from Amazon's JSON, the rules and the journeys read
them.

Money is `Decimal`, times are aware UTC.  Fields follow Amazon's models (Sellers v1, Listings Items
2021-08-01, Reports 2021-06-30, Orders 2026-01-01).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from flask_amazon_channel.rules.values import Address, Buyer, FulfilledBy


@dataclass(frozen=True, slots=True)
class Participation:
    """One marketplace that a seller may sell in (`getMarketplaceParticipations`)."""

    marketplace_id: str
    name: str
    country_code: str
    currency: str
    language: str
    domain: str
    store_name: str
    is_participating: bool
    has_suspended_listings: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """What Amazon says is wrong with a listing or a submission."""

    code: str
    message: str
    severity: str
    categories: tuple[str, ...] = ()
    attribute_names: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObservedListing:
    """A SKU in one marketplace as `getListingsItem` and `searchListingsItems` show it.

    `status` holds BUYABLE, DISCOVERABLE or neither.  `price` and `quantity` are what buyers see; `attributes`
    is what was sent last and may not be live yet.  `quantity` is None where Amazon does not say (FBA).
    """

    sku: str
    marketplace_id: str
    asin: str | None
    title: str | None
    product_type: str | None
    condition: str | None
    status: tuple[str, ...]
    price: Decimal | None
    currency: str | None
    quantity: int | None
    fulfilled_by: FulfilledBy
    created_at: datetime | None
    last_updated_at: datetime | None
    issues: tuple[Issue, ...] = ()
    attributes: Mapping[str, Any] | None = None


class ReportedListing(NamedTuple):
    """One row of the report GET_MERCHANT_LISTINGS_ALL_DATA.  `quantity` is None for FBA.

    `condition` has Amazon's names (`new_new`), `product_id_type` is `asin, isbn, upc` or `ean`; a code that
    is not known stays as it is.  `status` is "" in stores whose report has no such column.
    """

    sku: str
    asin: str | None
    title: str
    price: Decimal | None
    quantity: int | None
    status: str
    fulfilled_by: FulfilledBy
    condition: str | None
    product_id: str | None
    product_id_type: str | None
    listing_id: str | None
    opened_at: str | None


class SubmissionStatus(StrEnum):
    """What Amazon answered to a submission.  ACCEPTED is a receipt, not a result."""

    ACCEPTED = "ACCEPTED"
    INVALID = "INVALID"
    VALID = "VALID"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a patch."""

    sku: str
    status: SubmissionStatus
    submission_id: str
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderItemSnapshot:
    """A line of an order.  `fulfilled` and `unfulfilled` are None where Amazon did not give them.

    `breakdown` is Amazon's own list of the line's proceeds by type, for the whole line.
    """

    order_item_id: str
    sku: str | None
    asin: str | None
    title: str
    quantity_ordered: int
    fulfilled: int | None
    unfulfilled: int | None
    unit_price: Decimal | None
    tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    item_total: Decimal | None = None
    condition: str | None = None
    cancellation_requested: str | None = None
    cancelled_by: str | None = None
    gift_message: str | None = field(default=None, repr=False)
    breakdown: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackageSnapshot:
    """A package that Amazon shows on an order."""

    reference: str
    carrier: str | None
    tracking_number: str | None
    shipped_at: datetime | None
    items: Mapping[str, int]
    status: str | None = None


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """An order as one answer showed it; `items` is always complete.

    `buyer` and `address` are None where Amazon withholds them.
    """

    amazon_order_id: str
    marketplace_id: str
    status: str
    fulfilled_by: FulfilledBy
    created_at: datetime
    last_updated_at: datetime
    items: tuple[OrderItemSnapshot, ...]
    currency: str | None = None
    grand_total: Decimal | None = None
    breakdown: Mapping[str, Decimal] = field(default_factory=dict)
    buyer: Buyer | None = None
    address: Address | None = None
    service_level: str | None = None
    ship_by: datetime | None = None
    deliver_by: datetime | None = None
    programs: tuple[str, ...] = ()
    packages: tuple[PackageSnapshot, ...] = ()
    is_replacement: bool = False


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """One page of searchOrders.  `read_until` is Amazon's own `lastUpdatedBefore`: the next watermark.

    `unreadable` are orders on the page that could not be understood: (Amazon order id or "", why).
    """

    orders: tuple[OrderSnapshot, ...]
    next_token: str | None
    read_until: datetime | None
    unreadable: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ListingsPage:
    """One page of searchListingsItems.

    `unreadable` are items that could not be understood: (SKU or "", why).
    """

    listings: tuple[ObservedListing, ...]
    next_token: str | None
    total: int
    unreadable: tuple[tuple[str, str], ...] = ()


class ReportStatus(StrEnum):
    """Where a report is.  CANCELLED means nobody knows: never that there are no listings."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FATAL = "FATAL"


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was asked for."""

    report_id: str
    status: ReportStatus
    document_id: str | None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where notifications are sent (Notifications v1): a queue, or an event source of EventBridge."""

    destination_id: str
    name: str
    queue_arn: str | None = None
    event_source: str | None = None
    event_account: str | None = None
    event_region: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """That notifications of a type are sent to a destination."""

    subscription_id: str
    payload_version: str
    destination_id: str
