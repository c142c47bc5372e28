"""The simulator's state: plain data, so that it can be saved as JSON.

Moments are seconds since 1970 on the virtual clock, prices are decimal text.
"""

from dataclasses import dataclass, field
from typing import Any

from .operations import PERSONAL_DATA, ROLES
from .settings import Settings

DAY = 86400.0


@dataclass
class Secret:
    value: str
    expires_at: float | None = None


@dataclass
class Application:
    """The developer's application that sellers authorise."""

    application_id: str
    client_id: str
    secrets: list[Secret]
    redirect_uris: list[str] = field(default_factory=list)


@dataclass
class Seller:
    id: str
    region: str
    marketplaces: list[str]
    store_name: str
    refresh_tokens: list[str] = field(default_factory=list)
    suspended: list[str] = field(default_factory=list)  # marketplaces on vacation
    roles: list[str] = field(default_factory=lambda: list(ROLES))
    revoked: bool = False

    @property
    def sees_personal_data(self) -> bool:
        return PERSONAL_DATA in self.roles


@dataclass(slots=True)
class Offer:
    """A SKU in one marketplace, as buyers see it."""

    price: str | None
    created: float
    updated: float
    business_price: str | None = None
    sale: list[Any] | None = None  # start, end, price
    suppressed: bool = False  # blocked by Amazon
    incomplete: bool = False  # never became buyable
    issues: list[dict[str, Any]] = field(default_factory=list)

    def price_at(self, now: float) -> str | None:
        if self.price is not None and self.sale and self.sale[0] <= now < self.sale[1]:
            return str(self.sale[2])
        return self.price


@dataclass(slots=True)
class Listing:
    """One SKU of a seller: quantity is shared by its marketplaces, offers are not.

    `attributes` is what the seller sent; None means that nothing was sent yet and live values stand for it.
    """

    sku: str
    asin: str
    title: str
    external_id: str  # EAN, UPC or ISBN, or empty
    quantity: int
    channel: str = "DEFAULT"
    condition: str = "new_new"
    product_type: str = "PRODUCT"
    offers: dict[str, Offer] = field(default_factory=dict)
    attributes: dict[str, list[dict[str, Any]]] | None = None

    def status(self, marketplace: str, now: float) -> list[str]:
        """BUYABLE and DISCOVERABLE as they hold now; nothing means inactive."""
        offer = self.offers[marketplace]
        if offer.suppressed or offer.incomplete:
            return []
        buyable = offer.price_at(now) is not None and self.quantity > 0
        return ["BUYABLE", "DISCOVERABLE"] if buyable else ["DISCOVERABLE"]


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


@dataclass
class Report:
    id: str
    seller_id: str
    type: str
    marketplaces: list[str]
    created: float
    data_start: float | None
    data_end: float | None
    status: str = "IN_QUEUE"
    started: float | None = None
    ended: float | None = None
    document_id: str | None = None


@dataclass
class Document:
    """`body` is what a download gives, gzipped where `gzip` says so."""

    id: str
    seller_id: str
    body: bytes
    content_type: str
    gzip: bool = False


@dataclass
class Pending:
    """An effect that comes later: `kind` names it, `facts` are plain."""

    due: float
    kind: str
    facts: dict[str, Any]


@dataclass
class AccessToken:
    seller_id: str
    expires_at: float


@dataclass
class Code:
    """An authorisation code of the consent page."""

    seller_id: str
    expires_at: float


@dataclass
class State:
    """Everything that is saved and loaded."""

    seed: int
    application: Application
    sellers: dict[str, Seller] = field(default_factory=dict)
    listings: dict[str, dict[str, Listing]] = field(default_factory=dict)  # by seller, by SKU
    orders: dict[str, Order] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    tokens: dict[str, AccessToken] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
