"""The contents of reports, made from the state at the moment of processing."""

import gzip
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.documents.fba_reports import FBA_MAKERS
from flask_amazon_channel.simulator.documents.offer_reports import OFFER_MAKERS
from flask_amazon_channel.simulator.documents.report_headers import LISTING_COLUMNS, listing_headers
from flask_amazon_channel.simulator.documents.shipping_reports import SHIPPING_MAKERS
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.documents import Document, Report
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.world import World

Row = list[str]

ORDER_COLUMNS = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status",
    "fulfillment-channel", "sales-channel", "order-channel", "url", "ship-service-level", "product-name",
    "sku",
    "asin", "item-status", "quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax",
    "gift-wrap-price", "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount", "ship-city",
    "ship-state", "ship-postal-code", "ship-country", "promotion-ids", "is-business-order",
    "purchase-order-number",
    "price-designation",
)  # fmt: skip
_ORDER_STATUS = {
    "PENDING": "Pending", "PENDING_AVAILABILITY": "Pending", "UNSHIPPED": "Unshipped", "SHIPPED": "Shipped",
    "PARTIALLY_SHIPPED": "Shipping", "CANCELLED": "Cancelled", "UNFULFILLABLE": "Unfulfillable",
}  # fmt: skip
_CONDITION_CODES = {
    "used_like_new": "1", "used_very_good": "2", "used_good": "3", "used_acceptable": "4",
    "collectible_like_new": "5", "collectible_very_good": "6", "collectible_good": "7",
    "collectible_acceptable": "8", "refurbished_refurbished": "10",
}  # fmt: skip


def make_document(world: World, report: Report) -> Document | None:
    """Store the document of a report; None where there is nothing to tell."""
    header, rows = MAKERS[report.type](world, report)
    lines = ["\t".join(row) for row in rows]
    if not lines:
        return None
    settings = world.settings
    text = "\r\n".join(["\t".join(header), *lines]) + "\r\n"
    body = text.encode(settings.report_charset, "replace")
    if settings.report_bom and settings.report_charset == "utf-8":
        body = b"\xef\xbb\xbf" + body
    if settings.report_gzip:
        body = gzip.compress(body, compresslevel=1, mtime=0)
    identifier = f"amzn1.spdoc.1.4.{report.seller_id}.{world.hex_id('document')}"
    content_type = f"text/plain; charset={settings.report_charset.upper()}"
    document = Document(identifier, report.seller_id, body, content_type, settings.report_gzip, world.now())
    world.state.documents[identifier] = document
    return document


def _listing_rows(world: World, report: Report) -> tuple[Row, Iterator[Row]]:
    """One marketplace for each report: further ids are dropped, as Amazon drops them."""
    marketplace = report.marketplaces[0]
    wanted = _WANTED_STATUSES.get(report.type, ("Active", "Inactive", "Incomplete"))
    now = world.now()

    def rows() -> Iterator[Row]:
        for listing in world.listings(report.seller_id):
            if marketplace in listing.offers:
                status = _status(world, report.seller_id, listing, marketplace)
                if status in wanted:
                    yield _listing_row(listing, marketplace, status, now)

    return listing_headers(world.settings.report_headers), rows()


_WANTED_STATUSES = {
    "GET_MERCHANT_LISTINGS_DATA": ("Active",),
    "GET_MERCHANT_LISTINGS_INACTIVE_DATA": ("Inactive",),
}


def _status(world: World, seller_id: str, listing: Listing, marketplace: str) -> str:
    if listing.offers[marketplace].incomplete:
        return "Incomplete"
    return "Active" if "BUYABLE" in world.status(seller_id, listing, marketplace) else "Inactive"


def _listing_row(listing: Listing, marketplace: str, status: str, now: float) -> Row:
    offer = listing.offers[marketplace]
    price = offer.price_at(now)
    mine = listing.channel == "DEFAULT"
    opened = datetime.fromtimestamp(offer.created, ZoneInfo(MARKETPLACES[marketplace].zone))
    values = {
        "item-name": listing.title,
        "listing-id": f"{listing.asin[2:]}{marketplace[-3:]}",
        "seller-sku": listing.sku,
        "price": "" if price is None else money_text(price, MARKETPLACES[marketplace].currency),
        "quantity": str(max(0, listing.quantity)) if mine else "",
        "open-date": opened.strftime("%Y-%m-%d %H:%M:%S %Z"),
        "item-is-marketplace": "y",
        "product-id-type": _id_type(listing),
        "item-condition": _CONDITION_CODES.get(listing.condition, "11"),
        "asin1": listing.asin,
        "product-id": listing.external_id or listing.asin,
        "pending-quantity": "0",
        "fulfillment-channel": listing.channel,
        "merchant-shipping-group": "Migrated Template",
        "status": status,
    }
    return [values.get(column, "") for column in LISTING_COLUMNS]


def _id_type(listing: Listing) -> str:
    if not listing.external_id:
        return "1"
    return {10: "2", 12: "3"}.get(len(listing.external_id), "4")


def _order_rows(by: str) -> Callable[[World, Report], tuple[Row, Iterator[Row]]]:
    def make(world: World, report: Report) -> tuple[Row, Iterator[Row]]:
        start = report.data_start or 0.0
        end = world.now() if report.data_end is None else report.data_end
        orders = [
            order
            for order in world.state.orders.values()
            if order.seller_id == report.seller_id
            and order.marketplace in report.marketplaces
            and start <= getattr(order, by) <= end
        ]
        return list(ORDER_COLUMNS), (_order_row(order, item) for order in orders for item in order.items)

    return make


def _order_row(order: Order, item: OrderItem) -> Row:
    marketplace = MARKETPLACES[order.marketplace]
    pending = order.status.startswith("PENDING")
    line = {
        "amazon-order-id": order.id,
        "merchant-order-id": order.id,
        "purchase-date": iso(order.created),
        "last-updated-date": iso(order.updated),
        "order-status": _ORDER_STATUS[order.status],
        "fulfillment-channel": "Merchant" if order.fulfilled_by == "MERCHANT" else "Amazon",
        "sales-channel": marketplace.name,
        "ship-service-level": order.service_level.capitalize(),
        "product-name": item.title,
        "sku": item.sku,
        "asin": item.asin,
        "item-status": "Cancelled" if item.cancelled_by else _ORDER_STATUS[order.status],
        "quantity": "0" if item.cancelled_by else str(item.quantity),
        "is-business-order": str("AMAZON_BUSINESS" in order.programs).lower(),
    }
    return [{**line, **({} if pending else _prices(order, item))}.get(column, "") for column in ORDER_COLUMNS]


def _prices(order: Order, item: OrderItem) -> dict[str, str]:
    currency = MARKETPLACES[order.marketplace].currency
    return {
        "currency": currency,
        "item-price": money_text(Decimal(item.price) * item.quantity, currency),
        "item-tax": money_text(item.tax, currency),
        "shipping-price": money_text(item.shipping, currency),
        "item-promotion-discount": money_text(item.discount, currency),
        "ship-city": order.address.get("city", ""),
        "ship-state": order.address.get("stateOrRegion", ""),
        "ship-postal-code": order.address.get("postalCode", ""),
        "ship-country": order.address.get("countryCode", ""),
    }


MAKERS: dict[str, Callable[[World, Report], tuple[Row, Iterator[Row]]]] = {
    **FBA_MAKERS,
    **OFFER_MAKERS,
    **SHIPPING_MAKERS,
    "GET_MERCHANT_LISTINGS_ALL_DATA": _listing_rows,
    "GET_MERCHANT_LISTINGS_DATA": _listing_rows,
    "GET_MERCHANT_LISTINGS_INACTIVE_DATA": _listing_rows,
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": _order_rows("updated"),
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL": _order_rows("created"),
}
