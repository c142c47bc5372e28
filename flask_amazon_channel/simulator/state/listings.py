"""Listings: one SKU of a seller, and its offer in each marketplace.  Prices are decimal text."""

from dataclasses import dataclass, field
from typing import Any

from flask_amazon_channel.simulator.clock import parse_iso


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
    issues: list[dict[str, Any]] = field(default_factory=list)  # set from outside
    found: list[dict[str, Any]] = field(default_factory=list)  # found by Amazon in what is live
    starts: float | None = None  # the price holds from here
    ends: float | None = None  # to here

    def price_at(self, now: float) -> str | None:
        if (self.starts is not None and now < self.starts) or (self.ends is not None and now >= self.ends):
            return None
        if self.price is not None and self.sale and self.sale[0] <= now < self.sale[1]:
            return str(self.sale[2])
        return self.price

    def enforced(self, now: float) -> set[str]:
        """What Amazon does against the offer because of its issues, but for those that are exempt now."""
        issues = [*self.issues, *self.found]
        enforcements = [issue["enforcements"] for issue in issues if "enforcements" in issue]
        return {
            action["action"]
            for each in enforcements
            if not _exempt(each.get("exemption", {}), now)
            for action in each.get("actions", [])
        }


def _exempt(exemption: dict[str, Any], now: float) -> bool:
    if exemption.get("status") == "EXEMPT_UNTIL_EXPIRY_DATE":
        return "expiryDate" not in exemption or now < parse_iso(exemption["expiryDate"])
    return exemption.get("status") == "EXEMPT"


@dataclass(slots=True)
class Listing:
    """One SKU of a seller: quantity is shared by its marketplaces, offers are not.

    `attributes` is what the seller sent; None means that nothing was sent yet and live values stand for it.
    `live` holds the attributes that submissions have made live, and `waiting` the marketplaces in which the
    listing was accepted but is not live yet: it has no offer there, and no ASIN before its first offer.
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
    live: dict[str, list[dict[str, Any]]] | None = None
    waiting: list[str] = field(default_factory=list)
    requirements: str = ""  # of the last full submission

    @property
    def is_parent(self) -> bool:
        """A variation parent: it stands for its children and cannot be bought."""
        levels = (self.live or {}).get("parentage_level", [])
        return any(each.get("value") == "parent" for each in levels)

    def status(self, marketplace: str, now: float) -> list[str]:
        """BUYABLE and DISCOVERABLE as they hold now; nothing means inactive."""
        offer = self.offers[marketplace]
        enforced = offer.enforced(now) if offer.issues or offer.found else set()
        if offer.suppressed or offer.incomplete or "CATALOG_ITEM_REMOVED" in enforced:
            return []
        sold = offer.price_at(now) is not None and self.quantity > 0 and not self.is_parent
        held = {
            "BUYABLE": sold and "LISTING_SUPPRESSED" not in enforced,
            "DISCOVERABLE": "SEARCH_SUPPRESSED" not in enforced,
        }
        return [status for status, holds in held.items() if holds]
