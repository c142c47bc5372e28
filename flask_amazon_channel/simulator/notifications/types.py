"""Every type of notification: payload versions, way of delivery, role of the seller, names in the envelope.

Assumed: subscriptions to the types that nothing here causes are accepted, and nothing ever comes of them.
"""

from typing import NamedTuple

from flask_amazon_channel.simulator.operations import FINANCE, FULFILLMENT, LISTING, ORDERS, PRICING

SQS, EVENTBRIDGE = "sqs", "eventBridge"
_FIRST = ("1.0",)


class NotificationType(NamedTuple):
    """`camel` envelopes say notificationType where the others say NotificationType."""

    name: str
    workflow: str
    role: str | None
    versions: tuple[str, ...] = _FIRST
    camel: bool = False
    filters: tuple[str, ...] = ()  # what its event filter may hold besides its own name
    notification_version: str = "1.0"


_PROCESSING = ("2020-09-04",)
_TABLE = (
    NotificationType("ANY_OFFER_CHANGED", SQS, PRICING, filters=("marketplaceIds", "aggregationSettings")),
    NotificationType("B2B_ANY_OFFER_CHANGED", SQS, PRICING),
    NotificationType("PRICING_HEALTH", SQS, PRICING, camel=True),
    NotificationType("ORDER_CHANGE", SQS, ORDERS, filters=("marketplaceIds", "orderChangeTypes")),
    NotificationType("LISTINGS_ITEM_STATUS_CHANGE", EVENTBRIDGE, LISTING),
    NotificationType("LISTINGS_ITEM_ISSUES_CHANGE", EVENTBRIDGE, LISTING, ("1.0", "2023-12-13")),
    NotificationType("LISTINGS_ITEM_MFN_QUANTITY_CHANGE", EVENTBRIDGE, LISTING),
    NotificationType("PRODUCT_TYPE_DEFINITIONS_CHANGE", EVENTBRIDGE, LISTING),
    NotificationType("FEED_PROCESSING_FINISHED", SQS, None, _PROCESSING, True, (), "2020-09-04"),
    NotificationType("REPORT_PROCESSING_FINISHED", SQS, None, _PROCESSING, True, (), "2020-09-04"),
    NotificationType("FBA_INVENTORY_AVAILABILITY_CHANGES", SQS, FULFILLMENT),
    NotificationType("FULFILLMENT_ORDER_STATUS", SQS, FULFILLMENT),
    NotificationType("TRANSACTION_UPDATE", SQS, FINANCE),
    NotificationType("ACCOUNT_STATUS_CHANGED", SQS, None, ("2021-01-01",), True),
    # Nothing here causes these.
    NotificationType("BRANDED_ITEM_CONTENT_CHANGE", EVENTBRIDGE, LISTING),
    NotificationType("ITEM_PRODUCT_TYPE_CHANGE", EVENTBRIDGE, LISTING),
    NotificationType("FBA_OUTBOUND_SHIPMENT_STATUS", SQS, FULFILLMENT),
    NotificationType("FEE_PROMOTION", SQS, PRICING),
)

TYPES = {each.name: each for each in _TABLE}

NEW_SECRET = NotificationType("APPLICATION_OAUTH_CLIENT_NEW_SECRET", SQS, None, ("2023-11-30",), True)
SECRET_EXPIRY = NotificationType("APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY", SQS, None, ("2023-11-30",), True)
OF_THE_APPLICATION = {each.name: each for each in (NEW_SECRET, SECRET_EXPIRY)}
"""They go to the queue that is registered for the application: nobody subscribes to them."""

LISTING_TYPES = (
    "LISTINGS_ITEM_STATUS_CHANGE", "LISTINGS_ITEM_ISSUES_CHANGE", "LISTINGS_ITEM_MFN_QUANTITY_CHANGE",
)  # fmt: skip
