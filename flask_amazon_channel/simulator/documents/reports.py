"""The contents of reports, made from the state at the moment of processing."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.documents.fba_reports import FBA_MAKERS
from flask_amazon_channel.simulator.documents.listing_rows import LAYOUTS
from flask_amazon_channel.simulator.documents.recipes import make_recipe, zipped
from flask_amazon_channel.simulator.documents.rows import Row
from flask_amazon_channel.simulator.documents.settlement_reports import SETTLEMENT_MAKERS
from flask_amazon_channel.simulator.documents.shipping_reports import SHIPPING_MAKERS
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.order_index import By
from flask_amazon_channel.simulator.state.documents import Document, Report
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.world import World

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


def make_document(world: World, report: Report) -> Document | None:
    """Store the document of a report; None where there is nothing to tell."""
    settings, by_recipe = world.settings, report.type in LAYOUTS
    recipe = make_recipe(world, report) if by_recipe else None
    body = b"" if by_recipe else _body(world, *MAKERS[report.type](world, report))
    if recipe is None and not body:
        return None
    identifier = f"amzn1.spdoc.1.4.{report.seller_id}.{world.hex_id('document')}"
    content_type = f"text/plain; charset={settings.report_charset.upper()}"
    compressed, now = settings.report_gzip, world.now()
    document = Document(identifier, report.seller_id, body, content_type, compressed, now, recipe=recipe)
    world.state.documents[identifier] = document
    return document


def _body(world: World, header: Row, rows: Iterator[Row]) -> bytes:
    """Nothing where there is no row."""
    first = next(rows, None)
    if first is None:
        return b""
    settings = world.settings
    mark = "\ufeff" if settings.report_bom and settings.report_charset == "utf-8" else ""
    lines = (f"{mark if row is header else ''}{chr(9).join(row)}\r\n" for row in chain([header, first], rows))
    pieces = (line.encode(settings.report_charset, "replace") for line in lines)
    return b"".join(zipped(pieces) if settings.report_gzip else pieces)


def _order_rows(by: By) -> Callable[[World, Report], tuple[Row, Iterator[Row]]]:
    def make(world: World, report: Report) -> tuple[Row, Iterator[Row]]:
        start = report.data_start or 0.0
        end = world.now() if report.data_end is None else report.data_end
        orders = [
            order
            for order in world.orders(report.seller_id).since(by, start, end)
            if order.marketplace in report.marketplaces
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
    **SETTLEMENT_MAKERS,
    **SHIPPING_MAKERS,
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": _order_rows("updated"),
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL": _order_rows("created"),
}
