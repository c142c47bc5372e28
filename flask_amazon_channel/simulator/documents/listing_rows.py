"""The rows of reports that have one row for each listing: nothing but the listing and a view of it decides."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_amazon_channel.simulator.documents.report_headers import LISTING_COLUMNS, listing_headers
from flask_amazon_channel.simulator.documents.rows import Row
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.listings import Listing

OPEN_COLUMNS = ("sku", "asin", "price", "quantity", "Business Price")
_CONDITION_CODES = {
    "used_like_new": "1", "used_very_good": "2", "used_good": "3", "used_acceptable": "4",
    "collectible_like_new": "5", "collectible_very_good": "6", "collectible_good": "7",
    "collectible_acceptable": "8", "refurbished_refurbished": "10",
}  # fmt: skip
_ID_TYPES = {0: "1", 10: "2", 12: "3"}  # by the number of digits


class View(NamedTuple):
    """A marketplace at a moment; `suspended` while the seller is on vacation there."""

    marketplace: str
    now: float
    suspended: bool

    def status(self, listing: Listing) -> str:
        if listing.offers[self.marketplace].incomplete:
            return "Incomplete"
        sold = not self.suspended and "BUYABLE" in listing.status(self.marketplace, self.now)
        return "Active" if sold else "Inactive"


class Layout(NamedTuple):
    """`row` answers None for a listing that is not in the report; `header` takes a language."""

    header: Callable[[str], Row]
    row: Callable[[Listing, View], Row | None]


def _with_status(*wanted: str) -> Callable[[Listing, View], Row | None]:
    def row(listing: Listing, view: View) -> Row | None:
        if view.marketplace not in listing.offers:
            return None
        status = view.status(listing)
        return _listing_row(listing, view, status) if status in wanted else None

    return row


def _listing_row(listing: Listing, view: View, status: str) -> Row:
    offer = listing.offers[view.marketplace]
    price = offer.price_at(view.now)
    marketplace = MARKETPLACES[view.marketplace]
    values = {
        "item-name": listing.title,
        "listing-id": f"{listing.asin[2:]}{view.marketplace[-3:]}",
        "seller-sku": listing.sku,
        "price": "" if price is None else money_text(price, marketplace.currency),
        "quantity": str(max(0, listing.quantity)) if listing.channel == "DEFAULT" else "",
        "open-date": _opened(offer.created, marketplace.zone),
        "item-is-marketplace": "y",
        "product-id-type": _ID_TYPES.get(len(listing.external_id), "4"),
        "item-condition": _CONDITION_CODES.get(listing.condition, "11"),
        "asin1": listing.asin,
        "product-id": listing.external_id or listing.asin,
        "pending-quantity": "0",
        "fulfillment-channel": listing.channel,
        "merchant-shipping-group": "Migrated Template",
        "status": status,
    }
    return [values.get(column, "") for column in LISTING_COLUMNS]


def _open_row(listing: Listing, view: View) -> Row | None:
    """GET_FLAT_FILE_OPEN_LISTINGS_DATA: the offers that buyers can see.

    Assumed: the columns are sku, asin, price, quantity and Business Price, and only active offers are listed.
    Assumed: the quantity of a listing that Amazon fulfils is empty.
    """
    offer = listing.offers.get(view.marketplace)
    if offer is None or view.status(listing) != "Active":
        return None
    currency = MARKETPLACES[view.marketplace].currency
    price = money_text(offer.price_at(view.now) or "0", currency)
    quantity = str(max(0, listing.quantity)) if listing.channel == "DEFAULT" else ""
    business = money_text(offer.business_price, currency) if offer.business_price else ""
    return [listing.sku, listing.asin, price, quantity, business]


def _opened(created: float, zone: str) -> str:
    moment = datetime.fromtimestamp(int(created), ZoneInfo(zone))
    return f"{moment.isoformat(' ')[:19]} {moment.tzname()}"


LAYOUTS: dict[str, Layout] = {
    "GET_FLAT_FILE_OPEN_LISTINGS_DATA": Layout(lambda _: list(OPEN_COLUMNS), _open_row),
    "GET_MERCHANT_LISTINGS_ALL_DATA": Layout(listing_headers, _with_status("Active", "Inactive", "Incomplete")),
    "GET_MERCHANT_LISTINGS_DATA": Layout(listing_headers, _with_status("Active")),
    "GET_MERCHANT_LISTINGS_INACTIVE_DATA": Layout(listing_headers, _with_status("Inactive")),
}
