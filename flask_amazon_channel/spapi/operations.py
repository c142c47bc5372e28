"""The operations that the channel uses, with the rate that Amazon publishes for each.

`rate` is tokens per second and `burst` the size of the bucket, per seller and application (Amazon's models
of August 2026).  `is_write` marks what changes something for buyers or orders: its outcome may be unknown, and is
then read back.
"""

from __future__ import annotations

from typing import NamedTuple


class Operation(NamedTuple):
    """One operation under Amazon's own name."""

    name: str
    method: str
    path: str
    rate: float
    burst: int
    is_write: bool = False


GET_MARKETPLACE_PARTICIPATIONS = Operation(
    "getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 0.016, 15
)
# A report asked for twice does no harm, so creating one is no write.
CREATE_REPORT = Operation("createReport", "POST", "/reports/2021-06-30/reports", 0.0167, 15)
GET_REPORT = Operation("getReport", "GET", "/reports/2021-06-30/reports/{reportId}", 2, 15)
GET_REPORT_DOCUMENT = Operation(
    "getReportDocument", "GET", "/reports/2021-06-30/documents/{reportDocumentId}", 0.0167, 15
)
GET_LISTINGS_ITEM = Operation("getListingsItem", "GET", "/listings/2021-08-01/items/{sellerId}/{sku}", 5, 10)
SEARCH_LISTINGS_ITEMS = Operation("searchListingsItems", "GET", "/listings/2021-08-01/items/{sellerId}", 5, 5)
PATCH_LISTINGS_ITEM = Operation(
    "patchListingsItem", "PATCH", "/listings/2021-08-01/items/{sellerId}/{sku}", 5, 5, is_write=True
)
# Nothing happens by a document alone; one made twice does no harm.
CREATE_FEED_DOCUMENT = Operation("createFeedDocument", "POST", "/feeds/2021-06-30/documents", 0.5, 15)
CREATE_FEED = Operation("createFeed", "POST", "/feeds/2021-06-30/feeds", 0.0083, 15, is_write=True)
GET_FEED = Operation("getFeed", "GET", "/feeds/2021-06-30/feeds/{feedId}", 2, 15)
GET_FEEDS = Operation("getFeeds", "GET", "/feeds/2021-06-30/feeds", 0.0222, 10)
CANCEL_FEED = Operation("cancelFeed", "DELETE", "/feeds/2021-06-30/feeds/{feedId}", 2, 15, is_write=True)
GET_FEED_DOCUMENT = Operation("getFeedDocument", "GET", "/feeds/2021-06-30/documents/{feedDocumentId}", 0.0222, 10)
SEARCH_ORDERS = Operation("searchOrders", "GET", "/orders/2026-01-01/orders", 0.0056, 20)
GET_ORDER = Operation("getOrder", "GET", "/orders/2026-01-01/orders/{orderId}", 0.5, 30)
CONFIRM_SHIPMENT = Operation(
    "confirmShipment", "POST", "/orders/v0/orders/{orderId}/shipmentConfirmation", 2, 10, is_write=True
)
# These change nothing for buyers and orders, and asked for twice they are refused: none is a write.
CREATE_DESTINATION = Operation("createDestination", "POST", "/notifications/v1/destinations", 1, 5)
GET_DESTINATIONS = Operation("getDestinations", "GET", "/notifications/v1/destinations", 1, 5)
CREATE_SUBSCRIPTION = Operation(
    "createSubscription", "POST", "/notifications/v1/subscriptions/{notificationType}", 1, 5
)
GET_SUBSCRIPTION = Operation("getSubscription", "GET", "/notifications/v1/subscriptions/{notificationType}", 1, 5)
DELETE_SUBSCRIPTION_BY_ID = Operation(
    "deleteSubscriptionById", "DELETE", "/notifications/v1/subscriptions/{notificationType}/{subscriptionId}", 1, 5
)
ROTATE_APPLICATION_CLIENT_SECRET = Operation(
    "rotateApplicationClientSecret", "POST", "/applications/2023-11-30/clientSecret", 0.0167, 1, is_write=True
)

OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        GET_MARKETPLACE_PARTICIPATIONS,
        CREATE_REPORT,
        GET_REPORT,
        GET_REPORT_DOCUMENT,
        GET_LISTINGS_ITEM,
        SEARCH_LISTINGS_ITEMS,
        PATCH_LISTINGS_ITEM,
        CREATE_FEED_DOCUMENT,
        CREATE_FEED,
        GET_FEED,
        GET_FEEDS,
        CANCEL_FEED,
        GET_FEED_DOCUMENT,
        SEARCH_ORDERS,
        GET_ORDER,
        CONFIRM_SHIPMENT,
        CREATE_DESTINATION,
        GET_DESTINATIONS,
        CREATE_SUBSCRIPTION,
        GET_SUBSCRIPTION,
        DELETE_SUBSCRIPTION_BY_ID,
        ROTATE_APPLICATION_CLIENT_SECRET,
    )
}
"""Amazon's name to operation."""
