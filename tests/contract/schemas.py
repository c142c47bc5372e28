"""Amazon's schemas of notifications: every notification of the simulator is held against its own.

Stricter than the schemas in one point: a field that the schema does not know is an error, so nothing is invented.
Looser in two: LISTINGS_ITEM_STATUS_CHANGE is called so in Amazon's example, and _CHANGED in the schema's own list;
the schema of FBA_INVENTORY_AVAILABILITY_CHANGES forgets the metadata that every notification has.
"""

import json
from functools import cache
from typing import Any

import jsonschema_rs

from tests.contract.models import FOLDER

SCHEMAS = FOLDER / "schemas" / "notifications"

FILES = {
    ("ANY_OFFER_CHANGED", "1.0"): "AnyOfferChangedNotification",
    ("B2B_ANY_OFFER_CHANGED", "1.0"): "B2bAnyOfferChangedNotification",
    ("PRICING_HEALTH", "1.0"): "PricingHealthNotification",
    ("ORDER_CHANGE", "1.0"): "OrderChangeNotification",
    ("LISTINGS_ITEM_STATUS_CHANGE", "1.0"): "ListingsItemStatusChangeNotification",
    ("LISTINGS_ITEM_ISSUES_CHANGE", "1.0"): "ListingsItemIssuesChangeNotification",
    ("LISTINGS_ITEM_ISSUES_CHANGE", "2023-12-13"): "ListingsItemIssuesChangeNotification_2023-12-13",
    ("LISTINGS_ITEM_MFN_QUANTITY_CHANGE", "1.0"): "ListingsItemMfnQuantityChange",
    ("PRODUCT_TYPE_DEFINITIONS_CHANGE", "1.0"): "ProductTypeDefinitionsChangeNotification",
    ("FEED_PROCESSING_FINISHED", "2020-09-04"): "FeedProcessingFinishedNotification",
    ("REPORT_PROCESSING_FINISHED", "2020-09-04"): "ReportProcessingFinishedNotification",
    ("FBA_INVENTORY_AVAILABILITY_CHANGES", "1.0"): "FBAInventoryAvailabilityChangeNotification",
    ("FULFILLMENT_ORDER_STATUS", "1.0"): "FulfillmentOrderStatusNotification",
    ("TRANSACTION_UPDATE", "1.0"): "TransactionUpdateNotification",
}
WITHOUT_SCHEMA = (
    "ACCOUNT_STATUS_CHANGED", "APPLICATION_OAUTH_CLIENT_NEW_SECRET", "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY",
)  # fmt: skip


def kind_of(notification: dict[str, Any]) -> str:
    """Its type; envelopes are written in two ways."""
    return str(notification.get("NotificationType") or notification.get("notificationType"))


def problems(notification: dict[str, Any]) -> list[str]:
    """What is wrong with a notification, in sentences; nothing where it keeps to its schema."""
    kind = kind_of(notification)
    version = notification.get("PayloadVersion") or notification.get("payloadVersion")
    if kind in WITHOUT_SCHEMA:
        return []
    if (kind, version) not in FILES:
        return [f"{kind} has no payload version {version}."]
    errors = _validator(FILES[kind, str(version)]).iter_errors(notification)
    return [f"{kind} {'/'.join(map(str, error.instance_path))}: {error.message}" for error in errors]


@cache
def _validator(name: str) -> Any:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    if "#ref" in schema:
        schema["$ref"] = schema.pop("#ref")
    _close(schema)
    if name.startswith("FBA"):
        schema["properties"]["NotificationMetadata"] = True
    return jsonschema_rs.Draft7Validator(schema, validate_formats=True)


def _close(schema: Any) -> None:
    """Forbid unknown fields in every object whose fields are listed, and hold every item against the first one."""
    if isinstance(schema, list):
        for each in schema:
            _close(each)
    elif isinstance(schema, dict):
        schema.pop("examples", None)
        if isinstance(schema.get("properties"), dict):
            schema["additionalProperties"] = False
            for name in schema.get("required", []):
                schema["properties"].setdefault(name, True)
        if isinstance(schema.get("items"), list):
            schema["items"] = {"anyOf": schema["items"]}
        if schema.get("enum") == ["LISTINGS_ITEM_STATUS_CHANGED"]:
            schema["enum"] = ["LISTINGS_ITEM_STATUS_CHANGE"]
        for each in schema.values():
            _close(each)
