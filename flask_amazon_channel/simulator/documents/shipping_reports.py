"""Reports of orders with buyers and addresses: their documents need a restricted data token."""

from decimal import Decimal

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.documents.rows import Makers, Rows, with_columns
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.documents import Report
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.world import World

COLUMNS = (
    "order-id", "order-item-id", "purchase-date", "payments-date", "buyer-email", "buyer-name", "buyer-phone-number",
    "sku", "product-name", "quantity-purchased", "quantity-to-ship", "currency", "item-price", "item-tax",
    "shipping-price", "ship-service-level", "recipient-name", "ship-address-1", "ship-address-2", "ship-address-3",
    "ship-city", "ship-state", "ship-postal-code", "ship-country", "latest-ship-date", "is-business-order",
)  # fmt: skip
_ADDRESS = {
    "recipient-name": "name",
    "ship-address-1": "addressLine1",
    "ship-address-2": "addressLine2",
    "ship-address-3": "addressLine3",
    "ship-city": "city",
    "ship-state": "stateOrRegion",
    "ship-postal-code": "postalCode",
    "ship-country": "countryCode",
    "buyer-phone-number": "phone",
}
_UNSHIPPED = ("UNSHIPPED", "PARTIALLY_SHIPPED")


def _orders(world: World, report: Report, unshipped_only: bool) -> Rows:
    """Orders that the merchant fulfils, by the time of purchase."""
    start, end = report.data_start or 0.0, world.now() if report.data_end is None else report.data_end
    for order in world.orders(report.seller_id).since("created", start, end):
        mine = order.marketplace in report.marketplaces and order.fulfilled_by == "MERCHANT"
        wanted = order.status in _UNSHIPPED if unshipped_only else not order.status.startswith("PENDING")
        if mine and wanted:
            yield from (_row(order, item) for item in order.items if item.open or not unshipped_only)


def _row(order: Order, item: OrderItem) -> dict[str, str]:
    currency = MARKETPLACES[order.marketplace].currency
    return {
        "order-id": order.id,
        "order-item-id": item.id,
        "purchase-date": iso(order.created),
        "payments-date": iso(order.created),
        "buyer-email": order.buyer.get("buyerEmail", ""),
        "buyer-name": order.buyer.get("buyerName", ""),
        "sku": item.sku,
        "product-name": item.title,
        "quantity-purchased": str(item.quantity),
        "quantity-to-ship": str(item.open),
        "currency": currency,
        "item-price": money_text(Decimal(item.price) * item.quantity, currency),
        "item-tax": money_text(item.tax, currency),
        "shipping-price": money_text(item.shipping, currency),
        "ship-service-level": order.service_level.capitalize(),
        "latest-ship-date": iso(order.created + order.ship_within),
        "is-business-order": str(order.is_business).lower(),
        **{column: order.address.get(name, "") for column, name in _ADDRESS.items()},
    }


def _actionable(world: World, report: Report) -> Rows:
    """Seen in public: the columns of reports with addresses; of them the simulator has those that it knows.

    Documented: this report holds the orders that are still to be shipped.
    """
    return _orders(world, report, unshipped_only=True)


def _all(world: World, report: Report) -> Rows:
    return _orders(world, report, unshipped_only=False)


SHIPPING_MAKERS: Makers = {
    "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING": with_columns(COLUMNS, _actionable),
    "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING": with_columns(COLUMNS, _all),
}
