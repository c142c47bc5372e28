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
_FEEDS = "/feeds/2021-06-30"
_CATALOG = "/catalog/2022-04-01/items"
_LISTINGS = "/listings/2021-08-01/items/{sellerId}"
_PRODUCT_TYPES = "/definitions/2020-09-01/productTypes"
_ORDERS = "/orders/2026-01-01/orders"
_APPLICATIONS = "/applications/2023-11-30"
_MESSAGING = "/messaging/v1/orders/{amazonOrderId}"
_MESSAGES = f"{_MESSAGING}/messages"
_UPLOADS = "/uploads/2020-11-01/uploadDestinations"
_ORDERS_V0 = "/orders/v0/orders"
_FBA = "/fba/inventory/v1"
_OUTBOUND = "/fba/outbound/2020-07-01"
_OUTBOUND_ORDERS = f"{_OUTBOUND}/fulfillmentOrders"
_OUTBOUND_ORDER = f"{_OUTBOUND_ORDERS}/{{sellerFulfillmentOrderId}}"
_NOTIFICATIONS = "/notifications/v1"
_DESTINATIONS = f"{_NOTIFICATIONS}/destinations"
_SUBSCRIPTIONS = f"{_NOTIFICATIONS}/subscriptions"
_SUBSCRIPTION = f"{_SUBSCRIPTIONS}/{{notificationType}}"
_FINANCES = "/finances/2024-06-19"
_PRICES = "/products/pricing/v0"
_PRICES_2022 = "/batches/products/pricing/2022-05-01"
_EXPECTED_PRICE = f"{_PRICES_2022}/offer/featuredOfferExpectedPrice"
_FEES = "/products/fees/v0"

_TABLE = (
    ("getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 0.016, 15, None),
    ("getAccount", "GET", "/sellers/v1/account", 0.016, 15, None),
    ("createReport", "POST", f"{_REPORTS}/reports", 0.0167, 15, None),  # the type of the report needs a role
    ("getReports", "GET", f"{_REPORTS}/reports", 0.0222, 10, None),
    ("getReport", "GET", f"{_REPORTS}/reports/{{reportId}}", 2, 15, None),
    ("cancelReport", "DELETE", f"{_REPORTS}/reports/{{reportId}}", 0.0222, 10, None),
    ("getReportDocument", "GET", f"{_REPORTS}/documents/{{reportDocumentId}}", 0.0167, 15, None),
    ("createReportSchedule", "POST", f"{_REPORTS}/schedules", 0.0222, 10, None),
    ("getReportSchedules", "GET", f"{_REPORTS}/schedules", 0.0222, 10, None),
    ("getReportSchedule", "GET", f"{_REPORTS}/schedules/{{reportScheduleId}}", 0.0222, 10, None),
    ("cancelReportSchedule", "DELETE", f"{_REPORTS}/schedules/{{reportScheduleId}}", 0.0222, 10, None),
    ("createFeedDocument", "POST", f"{_FEEDS}/documents", 0.5, 15, None),
    ("getFeedDocument", "GET", f"{_FEEDS}/documents/{{feedDocumentId}}", 0.0222, 10, None),
    ("createFeed", "POST", f"{_FEEDS}/feeds", 0.0083, 15, None),  # the type of the feed needs a role
    ("getFeeds", "GET", f"{_FEEDS}/feeds", 0.0222, 10, None),
    ("getFeed", "GET", f"{_FEEDS}/feeds/{{feedId}}", 2, 15, None),
    ("cancelFeed", "DELETE", f"{_FEEDS}/feeds/{{feedId}}", 2, 15, None),
    ("searchListingsItems", "GET", _LISTINGS, 5, 5, LISTING),
    ("getListingsItem", "GET", f"{_LISTINGS}/{{sku}}", 5, 10, LISTING),
    ("putListingsItem", "PUT", f"{_LISTINGS}/{{sku}}", 5, 10, LISTING),
    ("patchListingsItem", "PATCH", f"{_LISTINGS}/{{sku}}", 5, 5, LISTING),
    ("deleteListingsItem", "DELETE", f"{_LISTINGS}/{{sku}}", 5, 5, LISTING),
    ("searchDefinitionsProductTypes", "GET", _PRODUCT_TYPES, 5, 10, LISTING),
    ("getDefinitionsProductType", "GET", f"{_PRODUCT_TYPES}/{{productType}}", 5, 10, LISTING),
    ("getListingsRestrictions", "GET", "/listings/2021-08-01/restrictions", 5, 10, LISTING),
    ("searchCatalogItems", "GET", _CATALOG, 2, 2, LISTING),
    ("getCatalogItem", "GET", f"{_CATALOG}/{{asin}}", 2, 2, LISTING),
    ("searchOrders", "GET", _ORDERS, 0.0056, 20, ORDERS),
    ("getOrder", "GET", f"{_ORDERS}/{{orderId}}", 0.5, 30, ORDERS),
    ("confirmShipment", "POST", f"{_ORDERS_V0}/{{orderId}}/shipmentConfirmation", 2, 10, ORDERS),
    ("getOrders", "GET", _ORDERS_V0, 0.0167, 20, ORDERS),
    ("getOrderV0", "GET", f"{_ORDERS_V0}/{{orderId}}", 0.5, 30, ORDERS),
    ("getOrderBuyerInfo", "GET", f"{_ORDERS_V0}/{{orderId}}/buyerInfo", 0.5, 30, ORDERS),
    ("getOrderAddress", "GET", f"{_ORDERS_V0}/{{orderId}}/address", 0.5, 30, ORDERS),
    ("getOrderItems", "GET", f"{_ORDERS_V0}/{{orderId}}/orderItems", 0.5, 30, ORDERS),
    ("getOrderItemsBuyerInfo", "GET", f"{_ORDERS_V0}/{{orderId}}/orderItems/buyerInfo", 0.5, 30, ORDERS),
    ("updateShipmentStatus", "POST", f"{_ORDERS_V0}/{{orderId}}/shipment", 5, 15, ORDERS),
    ("getOrderRegulatedInfo", "GET", f"{_ORDERS_V0}/{{orderId}}/regulatedInfo", 0.5, 30, ORDERS),
    ("updateVerificationStatus", "PATCH", f"{_ORDERS_V0}/{{orderId}}/regulatedInfo", 0.5, 30, ORDERS),
    ("getMessagingActionsForOrder", "GET", _MESSAGING, 1, 5, COMMUNICATION),
    ("GetAttributes", "GET", f"{_MESSAGING}/attributes", 1, 5, COMMUNICATION),
    ("confirmCustomizationDetails", "POST", f"{_MESSAGES}/confirmCustomizationDetails", 1, 5, COMMUNICATION),
    ("createConfirmDeliveryDetails", "POST", f"{_MESSAGES}/confirmDeliveryDetails", 1, 5, COMMUNICATION),
    ("createLegalDisclosure", "POST", f"{_MESSAGES}/legalDisclosure", 1, 5, COMMUNICATION),
    ("createConfirmOrderDetails", "POST", f"{_MESSAGES}/confirmOrderDetails", 1, 5, COMMUNICATION),
    ("createConfirmServiceDetails", "POST", f"{_MESSAGES}/confirmServiceDetails", 1, 5, COMMUNICATION),
    ("CreateWarranty", "POST", f"{_MESSAGES}/warranty", 1, 5, COMMUNICATION),
    ("createDigitalAccessKey", "POST", f"{_MESSAGES}/digitalAccessKey", 1, 5, COMMUNICATION),
    ("createUnexpectedProblem", "POST", f"{_MESSAGES}/unexpectedProblem", 1, 5, COMMUNICATION),
    ("sendInvoice", "POST", f"{_MESSAGES}/invoice", 1, 5, COMMUNICATION),
    ("createUploadDestinationForResource", "POST", f"{_UPLOADS}/{{resource}}", 10, 10, COMMUNICATION),
    ("getOrderMetrics", "GET", "/sales/v1/orderMetrics", 0.5, 15, ORDERS),
    ("createRestrictedDataToken", "POST", "/tokens/2021-03-01/restrictedDataToken", 1, 10, None),
    ("rotateApplicationClientSecret", "POST", f"{_APPLICATIONS}/clientSecret", 0.0167, 1, None, CLIENT_ROTATION),
    ("getInventorySummaries", "GET", f"{_FBA}/summaries", 2, 2, FULFILLMENT),
    ("createInventoryItem", "POST", f"{_FBA}/items", 2, 2, FULFILLMENT),
    ("deleteInventoryItem", "DELETE", f"{_FBA}/items/{{sellerSku}}", 2, 2, FULFILLMENT),
    ("addInventory", "POST", f"{_FBA}/items/inventory", 2, 2, FULFILLMENT),
    ("getFulfillmentPreview", "POST", f"{_OUTBOUND_ORDERS}/preview", 2, 30, FULFILLMENT),
    ("deliveryOffers", "POST", f"{_OUTBOUND}/deliveryOffers", 5, 30, FULFILLMENT),
    ("listAllFulfillmentOrders", "GET", _OUTBOUND_ORDERS, 2, 30, FULFILLMENT),
    ("createFulfillmentOrder", "POST", _OUTBOUND_ORDERS, 2, 30, FULFILLMENT),
    ("getPackageTrackingDetails", "GET", f"{_OUTBOUND}/tracking", 2, 30, FULFILLMENT),
    ("listReturnReasonCodes", "GET", f"{_OUTBOUND}/returnReasonCodes", 2, 30, FULFILLMENT),
    ("createFulfillmentReturn", "PUT", f"{_OUTBOUND_ORDER}/return", 2, 30, FULFILLMENT),
    ("getFulfillmentOrder", "GET", _OUTBOUND_ORDER, 2, 30, FULFILLMENT),
    ("updateFulfillmentOrder", "PUT", _OUTBOUND_ORDER, 2, 30, FULFILLMENT),
    ("cancelFulfillmentOrder", "PUT", f"{_OUTBOUND_ORDER}/cancel", 2, 30, FULFILLMENT),
    ("submitFulfillmentOrderStatusUpdate", "PUT", f"{_OUTBOUND_ORDER}/status", 2, 30, FULFILLMENT),
    ("getFeatures", "GET", f"{_OUTBOUND}/features", 2, 30, FULFILLMENT),
    ("getFeatureInventory", "GET", f"{_OUTBOUND}/features/inventory/{{featureName}}", 2, 30, FULFILLMENT),
    ("getFeatureSKU", "GET", f"{_OUTBOUND}/features/inventory/{{featureName}}/{{sellerSku}}", 2, 30, FULFILLMENT),
    ("listTransactions", "GET", f"{_FINANCES}/transactions", 0.5, 10, FINANCE),
    ("listBalances", "GET", f"{_FINANCES}/balances", 0.5, 10, FINANCE),
    ("listSummary", "GET", f"{_FINANCES}/summary", 0.5, 10, FINANCE),
    ("getPricing", "GET", f"{_PRICES}/price", 0.5, 1, PRICING),
    ("getCompetitivePricing", "GET", f"{_PRICES}/competitivePrice", 0.5, 1, PRICING),
    ("getListingOffers", "GET", f"{_PRICES}/listings/{{SellerSKU}}/offers", 1, 2, PRICING),
    ("getItemOffers", "GET", f"{_PRICES}/items/{{Asin}}/offers", 0.5, 1, PRICING),
    ("getListingOffersBatch", "POST", f"/batches{_PRICES}/listingOffers", 0.5, 1, PRICING),
    ("getItemOffersBatch", "POST", f"/batches{_PRICES}/itemOffers", 0.1, 1, PRICING),
    ("getCompetitiveSummary", "POST", f"{_PRICES_2022}/items/competitiveSummary", 0.033, 1, PRICING),
    ("getFeaturedOfferExpectedPriceBatch", "POST", _EXPECTED_PRICE, 0.033, 1, PRICING),
    ("getMyFeesEstimateForSKU", "POST", f"{_FEES}/listings/{{SellerSKU}}/feesEstimate", 1, 2, PRICING),
    ("getMyFeesEstimateForASIN", "POST", f"{_FEES}/items/{{Asin}}/feesEstimate", 1, 2, PRICING),
    ("getMyFeesEstimates", "POST", f"{_FEES}/feesEstimate", 0.5, 1, PRICING),
    ("createDestination", "POST", _DESTINATIONS, 1, 5, None, NOTIFICATIONS),
    ("getDestinations", "GET", _DESTINATIONS, 1, 5, None, NOTIFICATIONS),
    ("getDestination", "GET", f"{_DESTINATIONS}/{{destinationId}}", 1, 5, None, NOTIFICATIONS),
    ("deleteDestination", "DELETE", f"{_DESTINATIONS}/{{destinationId}}", 1, 5, None, NOTIFICATIONS),
    ("getSubscriptions", "GET", _SUBSCRIPTIONS, 1, 5, None),
    ("createSubscription", "POST", _SUBSCRIPTION, 1, 5, None),  # the type of the notification needs a role
    ("getSubscription", "GET", _SUBSCRIPTION, 1, 5, None),
    ("getSubscriptionById", "GET", f"{_SUBSCRIPTION}/{{subscriptionId}}", 1, 5, None, NOTIFICATIONS),
    ("deleteSubscriptionById", "DELETE", f"{_SUBSCRIPTION}/{{subscriptionId}}", 1, 5, None, NOTIFICATIONS),
    ("sendTestNotification", "POST", f"{_SUBSCRIPTION}/testNotification", 1, 5, None, NOTIFICATIONS),
)

OPERATIONS = {row[0]: Operation(*row) for row in _TABLE}


_LONG = "{resource}"  # a part of a path that may hold slashes


def _key(method: str, path: str) -> tuple[str, str, int]:
    """The operations are many: only those with the same beginning and as many parts are tried."""
    beginning = path.split("/", 2)[1]
    return method, beginning, 0 if beginning == "uploads" else path.count("/")


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template.replace(_LONG, r"(?P<resource>.+)")))


_ROUTES: dict[tuple[str, str, int], list[tuple[re.Pattern[str], Operation]]] = {}
for _operation in OPERATIONS.values():
    _ROUTES.setdefault(_key(_operation.method, _operation.path), []).append((_pattern(_operation.path), _operation))


def find_operation(method: str, raw_path: str) -> tuple[Operation, dict[str, str]] | None:
    """Match the path as it was sent, still percent-encoded, so that a SKU may hold %2F."""
    for pattern, operation in _ROUTES.get(_key(method, raw_path), []) if raw_path.startswith("/") else []:
        if match := pattern.fullmatch(raw_path):
            return operation, match.groupdict()
    return None
