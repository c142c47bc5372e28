"""What Amazon's warehouses hold for sellers.

The fulfillable units of a SKU are the quantity of its listing; here is the rest, for the SKUs that were touched.
"""

from dataclasses import dataclass, field

INBOUND = ("working", "shipped", "receiving")
RESEARCHING = ("short", "mid", "long")
UNFULFILLABLE = (
    "customer_damaged", "warehouse_damaged", "distributor_damaged", "carrier_damaged", "defective", "expired",
)  # fmt: skip


@dataclass
class FbaStock:
    """Units of one SKU.  `orders` is what customers and the seller's own orders have reserved."""

    updated: float
    inbound: dict[str, int] = field(default_factory=dict)  # by INBOUND
    orders: int = 0
    transshipment: int = 0
    processing: int = 0
    researching: dict[str, int] = field(default_factory=dict)  # by RESEARCHING
    unfulfillable: dict[str, int] = field(default_factory=dict)  # by UNFULFILLABLE
    left: int = 0  # what was shipped to customers, ever

    @property
    def reserved(self) -> int:
        return self.orders + self.transshipment + self.processing

    @property
    def outside(self) -> int:
        """Everything that is on its way or in a warehouse, but cannot be sold now."""
        parts = (self.inbound, self.researching, self.unfulfillable)
        return self.reserved + sum(sum(part.values()) for part in parts)


@dataclass
class Claim:
    """What an item of an order holds in the warehouses, and what of it was shipped."""

    reserved: int = 0
    shipped: int = 0


@dataclass
class Warehouses:
    stock: dict[str, dict[str, FbaStock]] = field(default_factory=dict)  # by seller, by SKU
    claims: dict[str, Claim] = field(default_factory=dict)  # by order id and item id
    tokens: list[str] = field(default_factory=list)  # idempotency tokens of addInventory that were used


def fnsku(asin: str) -> str:
    """The name of a product in Amazon's warehouses.

    Assumed: it follows from the ASIN, so SKUs of one product share it.
    """
    return f"X00{asin[3:]}"
