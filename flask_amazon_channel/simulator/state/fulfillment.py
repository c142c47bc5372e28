"""Orders of other channels that Amazon fulfils (Fulfillment Outbound)."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class FulfillmentItem:
    """`held` units are reserved in the warehouses, `planned` of them belong to a shipment that is being picked."""

    id: str
    sku: str
    quantity: int
    facts: dict[str, Any]  # gift message and the like, as they were sent
    held: int = 0
    planned: int = 0
    shipped: int = 0
    cancelled: int = 0
    unfulfillable: int = 0

    @property
    def missing(self) -> int:
        return self.quantity - self.held - self.shipped - self.cancelled - self.unfulfillable


@dataclass
class FulfillmentShipment:
    """One shipment is one package here."""

    id: str
    center: str
    items: dict[str, int]  # item id, units
    package: int
    carrier: str
    tracking_number: str
    ships: float  # when it leaves, or left
    arrives: float
    status: str = "PENDING"


@dataclass
class ReturnItem:
    id: str
    item_id: str
    shipment_id: str
    reason: str
    comment: str | None
    changed: float
    authorization: str
    status: str = "New"
    condition: str | None = None


@dataclass
class FulfillmentOrder:
    """`facts` is what the recipient's papers say, the address, and the rest of the request that is only repeated."""

    id: str
    seller_id: str
    marketplace: str
    speed: str
    action: str
    policy: str
    facts: dict[str, Any]
    items: list[FulfillmentItem]
    received: float
    updated: float
    status: str = "New"
    shipments: list[FulfillmentShipment] = field(default_factory=list)
    returns: list[ReturnItem] = field(default_factory=list)

    def item(self, item_id: str) -> FulfillmentItem | None:
        return next((item for item in self.items if item.id == item_id), None)


@dataclass
class Fulfillment:
    orders: dict[str, dict[str, FulfillmentOrder]] = field(default_factory=dict)  # by seller, by id
    packages: dict[str, str] = field(default_factory=dict)  # seller and package number, order id
    waiting: dict[str, list[str]] = field(default_factory=dict)  # by seller: orders that wait for units
