"""Orders, their items and packages.  Prices are decimal text."""

from dataclasses import dataclass, field
from typing import Any

from flask_amazon_channel.simulator.clock import DAY

PENDING = ("PENDING", "PENDING_AVAILABILITY")
STATUSES = (*PENDING, "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE")


@dataclass
class OrderItem:
    id: str
    sku: str
    asin: str
    title: str
    condition: str
    quantity: int
    price: str  # of one unit
    shipping: str = "0"
    tax: str = "0"
    discount: str = "0"  # of the line, positive
    gift_message: str | None = None
    shipped: int = 0
    cancel_request: str | None = None
    cancelled_by: str | None = None
    cancel_reason: str | None = None
    gift_wrap: str = "0"
    cod_fee: str = "0"
    points: int = 0  # granted for the line, in Japan
    promotions: list[str] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    business_price: bool = False
    reporting_scheme: str | None = None  # IOSS or UOSS

    @property
    def open(self) -> int:
        return 0 if self.cancelled_by else self.quantity - self.shipped


@dataclass
class Package:
    reference: str
    carrier: str
    tracking_number: str
    ship_time: float
    created: float
    items: dict[str, int]  # order item id, quantity
    service: str | None = None
    status: str = "SHIPPED"
    transparency_codes: dict[str, list[str]] = field(default_factory=dict)  # by order item id


@dataclass
class Regulated:
    """What a buyer told of a regulated product, and whether it was reviewed."""

    fields: list[dict[str, str]]  # FieldId, FieldLabel, FieldType, FieldValue
    status: str = "Pending"
    reasons: list[dict[str, str]] = field(default_factory=list)  # RejectionReasonId, RejectionReasonDescription
    rejected_for: str | None = None
    reviewer: str | None = None
    reviewed: float | None = None
    details: dict[str, Any] | None = None


@dataclass
class Order:
    id: str
    seller_id: str
    marketplace: str
    status: str
    fulfilled_by: str
    created: float
    updated: float
    items: list[OrderItem]
    buyer: dict[str, str]
    address: dict[str, str]
    service_level: str = "STANDARD"
    ship_within: float = 2 * DAY
    deliver_within: float = 6 * DAY
    programs: list[str] = field(default_factory=list)
    replaces: str | None = None
    packages: list[Package] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    exchanges: str | None = None
    channel: str = "AMAZON"  # or NON_AMAZON
    seller_order_id: str | None = None
    payment_method: str = "CreditCard"
    tip: str = "0"
    tax_registrations: list[dict[str, Any]] = field(default_factory=list)  # as Orders 2026-01-01 shows them
    fulfillment_orders: list[str] = field(default_factory=list)  # of Easy Ship
    delivery_preference: dict[str, Any] = field(default_factory=dict)  # as Orders 2026-01-01 shows it
    pickup: str | None = None  # what the store said of an order that is picked up there
    regulated: Regulated | None = None

    @property
    def is_pending(self) -> bool:
        return self.status in PENDING

    @property
    def is_business(self) -> bool:
        return "AMAZON_BUSINESS" in self.programs

    @property
    def latest_delivery(self) -> float:
        return self.created + self.deliver_within

    def item(self, item_id: str) -> OrderItem | None:
        return next((item for item in self.items if item.id == item_id), None)


@dataclass
class Shoppers:
    """Buyers who order by themselves from one seller in one marketplace.  Rates are shares from 0 to 1."""

    seller_id: str
    marketplace: str
    orders_per_hour: float
    pending_minutes: float = 30.0
    cancel_rate: float = 0.02  # of orders whose buyer asks to cancel before they are shipped
    failure_rate: float = 0.01  # of orders whose payment fails
    several_rate: float = 0.1  # of orders with more than one item
    gift_rate: float = 0.05
    business_rate: float = 0.08
    quantity: int = 3  # the most units of one item
    generation: int = 0  # a visit that was planned for earlier shoppers is void
    placed: int = 0
