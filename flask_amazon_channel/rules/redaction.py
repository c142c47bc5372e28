"""What of a call to Amazon may be kept?  Only fields that are known to hold no secret and nobody's personal data.

Everything else leaves its name and the kind of its value, so the shape of an answer can be read and a new field of
Amazon's is hidden until somebody has looked at it.
"""

from __future__ import annotations

import re
from typing import Any

_HARMLESS = """
    sku skus asin asins identifier identifiers identifiersType marketplaceId marketplaceIds marketplace_id
    productType productTypes conditionType condition_type fulfillmentChannelCode fulfillment_channel_code fnSku
    status statuses submissionId submissionStatus code severity categories attributeNames
    enforcements action actions exemption
    quantity quantityOrdered quantityFulfilled quantityUnfulfilled numberOfResults numberOfItems pageSize
    lead_time_to_ship_max_days restock_date is_inventory_available
    price listingPrice landedPrice amount currency currencyCode currency_code value_with_tax audience offerType
    op path mode includedData sortBy sortOrder issueLocale
    orderId orderItemId orderStatus fulfillmentStatus fulfilledBy programs salesChannel channelName
    createdTime createdDate createdAfter createdBefore lastUpdatedTime lastUpdatedDate lastUpdatedAfter
    lastUpdatedBefore updatedAfter updatedBefore purchaseDate createdSince createdUntil start_at end_at
    reportId reportType reportTypes reportDocumentId dataStartTime dataEndTime processingStatus processingStatuses
    processingStartTime processingEndTime feedId feedType feedTypes feedDocumentId resultFeedDocumentId
    inputFeedDocumentId compressionAlgorithm contentType scheduleId
    messageId operationType version sellerId messagesProcessed messagesAccepted
    messagesInvalid requirements requirementsEnforced locale
    notificationType subscriptionId destinationId payloadVersion
    packageReferenceId carrierCode shippingMethod shipDate
"""
FIELDS = frozenset(_HARMLESS.split())
"""Ids, states, counts, times and prices.  Names, addresses, free text, documents' addresses and tokens are not here."""

PUBLIC = ("/listings/", "/feeds/", "/reports/", "/catalog/", "/products/", "/sellers/", "/definitions/")
"""Paths where no buyer appears, so that what Amazon says in words may be kept, too."""
MESSAGES_UNDER = frozenset({"issues", "errors"})

LONGEST = 200
LISTED = 20
DEEPEST = 20
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,60}")


def redacted(value: Any, *, with_messages: bool = False) -> Any:
    """Return parsed JSON with everything hidden that is not known to be harmless."""
    return _redacted(value, "", with_messages, "", 0)


def redacted_query(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parameters of an address likewise."""
    return [(name, value if _is_harmless(name, value) else _kind(value)) for name, value in pairs if _NAME.match(name)]


def _redacted(value: Any, name: str, with_messages: bool, under: str, depth: int) -> Any:
    if depth > DEEPEST:
        return "(deeper)"
    if isinstance(value, dict):
        kept = {key: child for key, child in value.items() if isinstance(key, str) and _NAME.fullmatch(key)}
        # What is said in words belongs to the list that it stands in.
        above = name or under
        return {key: _redacted(child, key, with_messages, above, depth + 1) for key, child in kept.items()}
    if isinstance(value, list):
        shown = [_redacted(child, name, with_messages, under, depth + 1) for child in value[:LISTED]]
        return shown if len(value) <= LISTED else [*shown, f"(and {len(value) - LISTED} more)"]
    if value is None or _is_harmless(name, value):
        return value
    if with_messages and name == "message" and under in MESSAGES_UNDER and isinstance(value, str):
        return value[:LONGEST]
    return _kind(value)


def _is_harmless(name: str, value: Any) -> bool:
    return name in FIELDS and not (isinstance(value, str) and len(value) > LONGEST)


def _kind(value: Any) -> str:
    return f"(text, {len(value)})" if isinstance(value, str) else "(hidden)"
