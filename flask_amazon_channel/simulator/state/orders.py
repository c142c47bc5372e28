"""Orders, their items and packages.  Prices are decimal text."""

from dataclasses import dataclass, field
from typing import Any

from flask_amazon_channel.simulator.clock import DAY


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

    def item(self, item_id: str) -> OrderItem | None:
        return next((item for item in self.items if item.id == item_id), None)
