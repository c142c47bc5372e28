"""Listings: one SKU of a seller, and its offer in each marketplace.  Prices are decimal text."""

from dataclasses import dataclass, field
from typing import Any


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
