"""Money: what the seller earned and paid, and when it was released and transferred.  Amounts are decimal text."""

from dataclasses import dataclass, field
from decimal import Decimal

DEFERRED, RELEASED, DEFERRED_RELEASED = "DEFERRED", "RELEASED", "DEFERRED_RELEASED"


@dataclass
class Charge:
    """A part of an amount.  `amount` is that of `parts` together where there are any."""

    kind: str
    amount: str
    parts: list["Charge"] = field(default_factory=list)


@dataclass
class TransactionItem:
    id: str  # of the order's item
    sku: str
    asin: str
    title: str
    quantity: int
    charges: list[Charge]

    @property
    def total(self) -> Decimal:
        return sum((Decimal(charge.amount) for charge in self.charges), Decimal(0))


@dataclass
class Transaction:
    """`charges` are those of the whole transaction: they add up to what the items add up to, where it has items."""

    id: str
    seller_id: str
    marketplace: str
    currency: str
    type: str
    description: str
    status: str
    posted: float
    identifiers: dict[str, str]  # ORDER_ID and the like
    charges: list[Charge]
    items: list[TransactionItem] = field(default_factory=list)
    network: str | None = None  # MFN, AFN
    matures: float | None = None  # when a deferred one is released
    released: float | None = None

    @property
    def total(self) -> Decimal:
        return sum((Decimal(charge.amount) for charge in self.charges), Decimal(0))


@dataclass
class Finances:
    transactions: dict[str, Transaction] = field(default_factory=dict)  # in the order in which they were posted
    paid: dict[str, int] = field(default_factory=dict)  # units that were posted, by order id and item id
    opened: dict[str, float] = field(default_factory=dict)  # accounts: seller and marketplace, first moment
