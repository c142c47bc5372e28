"""Every operation that the simulator serves: where it is, how often it may be called, which role it needs.

Rates are calls per second and bursts are calls, as in Amazon's models; a test compares them.
"""

import re
from typing import NamedTuple

LISTING = "Product Listing"
ORDERS = "Inventory and Order Tracking"
PERSONAL_DATA = "Direct-to-Consumer Shipping"
PRICING = "Pricing"
FULFILLMENT = "Amazon Fulfillment"
FINANCE = "Finance and Accounting"
COMMUNICATION = "Buyer Communication"
ROLES = (LISTING, ORDERS, PERSONAL_DATA, PRICING, FULFILLMENT, FINANCE, COMMUNICATION)

NOTIFICATIONS = "sellingpartnerapi::notifications"
CLIENT_ROTATION = "sellingpartnerapi::client_credential:rotation"
SCOPES = (NOTIFICATIONS, CLIENT_ROTATION)


class Operation(NamedTuple):
    name: str
    method: str
    path: str
    rate: float
    burst: int
    role: str | None
    scope: str | None = None  # of the grantless token that it takes in place of a seller's


_REPORTS = "/reports/2021-06-30"
_LISTINGS = "/listings/2021-08-01/items/{sellerId}"
_ORDERS = "/orders/2026-01-01/orders"

_TABLE = (
    ("getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 0.016, 15, None),
    ("createReport", "POST", f"{_REPORTS}/reports", 0.0167, 15, LISTING),
    ("getReports", "GET", f"{_REPORTS}/reports", 0.0222, 10, LISTING),
    ("getReport", "GET", f"{_REPORTS}/reports/{{reportId}}", 2, 15, LISTING),
    ("cancelReport", "DELETE", f"{_REPORTS}/reports/{{reportId}}", 0.0222, 10, LISTING),
    ("getReportDocument", "GET", f"{_REPORTS}/documents/{{reportDocumentId}}", 0.0167, 15, LISTING),
    ("searchListingsItems", "GET", _LISTINGS, 5, 5, LISTING),
    ("getListingsItem", "GET", f"{_LISTINGS}/{{sku}}", 5, 10, LISTING),
    ("patchListingsItem", "PATCH", f"{_LISTINGS}/{{sku}}", 5, 5, LISTING),
    ("searchOrders", "GET", _ORDERS, 0.0056, 20, ORDERS),
    ("getOrder", "GET", f"{_ORDERS}/{{orderId}}", 0.5, 30, ORDERS),
    ("confirmShipment", "POST", "/orders/v0/orders/{orderId}/shipmentConfirmation", 2, 10, ORDERS),
)

OPERATIONS = {row[0]: Operation(*row) for row in _TABLE}


def _key(method: str, path: str) -> tuple[str, str, int]:
    """The operations are many: only those with the same beginning and as many parts are tried."""
    return method, path.split("/", 2)[1], path.count("/")


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


_ROUTES: dict[tuple[str, str, int], list[tuple[re.Pattern[str], Operation]]] = {}
for _operation in OPERATIONS.values():
    _ROUTES.setdefault(_key(_operation.method, _operation.path), []).append((_pattern(_operation.path), _operation))


def find_operation(method: str, raw_path: str) -> tuple[Operation, dict[str, str]] | None:
    """Match the path as it was sent, still percent-encoded, so that a SKU may hold %2F."""
    for pattern, operation in _ROUTES.get(_key(method, raw_path), []) if raw_path.startswith("/") else []:
        if match := pattern.fullmatch(raw_path):
            return operation, match.groupdict()
    return None
