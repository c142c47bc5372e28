"""Reading notifications, and what Notifications v1 answers.

Of a notification only ids are taken.  Names are compared without regard to case: Amazon writes some types in Pascal
case, some in camel case.  EventBridge wraps it once more, in `detail`.  Sources: Amazon's schemas of notifications.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from flask_amazon_channel.rules.amazon import Destination, Subscription
from flask_amazon_channel.rules.notifications import (
    NEW_SECRET,
    SECRET_EXPIRY,
    Hint,
    HintKind,
    Notification,
    SecretNews,
)
from flask_amazon_channel.spapi.answers import NotJSON, read_json
from flask_amazon_channel.spapi.parse import (
    JSON,
    Unreadable,
    key,
    needed,
    objects,
    optional_key,
    optional_moment,
    part,
)

LONGEST_ID = 64
_TYPE = re.compile(r"[A-Z][A-Z0-9_]{1,63}", re.ASCII)
_ORDER_ID = re.compile(r"[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}", re.ASCII)


def parse_destinations(answer: JSON) -> list[Destination]:
    """`getDestinations`."""
    return [_destination(one) for one in objects(answer, "payload")]


def parse_destination(answer: JSON) -> Destination:
    """`createDestination`."""
    return _destination(needed(answer, "payload"))


def _destination(found: JSON) -> Destination:
    resource = needed(found, "resource")
    bus = part(resource, "eventBridge")
    return Destination(
        destination_id=key(found, "destinationId"),
        name=optional_key(found, "name") or "",
        queue_arn=optional_key(part(resource, "sqs"), "arn"),
        event_source=optional_key(bus, "name"),
        event_account=optional_key(bus, "accountId"),
        event_region=optional_key(bus, "region"),
    )


def parse_subscription(answer: JSON) -> Subscription:
    """`createSubscription` and `getSubscription`."""
    found = needed(answer, "payload")
    return Subscription(key(found, "subscriptionId"), key(found, "payloadVersion"), key(found, "destinationId"))


def parse_notification(body: str, message_id: str) -> Notification:
    """Read a message of the queue.  It never fails: `why_not` says what is wrong with it.

    `message_id` stands in for the id of a notification that has none.
    """
    try:
        found = _lowered(read_json(body.encode()))
        if not isinstance(found, dict):
            raise Unreadable("It is no object.")
        found = part(found, "detail") or found
        metadata = part(found, "notificationmetadata")
        notification_id = _short(metadata, "notificationid")
        subscription_id = _short(metadata, "subscriptionid")
        if notification_id is None or subscription_id is None:
            raise Unreadable("It has no id or no subscription.")
    except (NotJSON, Unreadable, UnicodeError, RecursionError):
        return Notification(f"message:{message_id}"[:LONGEST_ID], "", "", why_not="It is no notification of Amazon's.")
    name = found.get("notificationtype")
    name = name if isinstance(name, str) and _TYPE.fullmatch(name) else ""
    payload = _unwrapped(part(found, "payload"))
    try:
        return _read(notification_id, name, subscription_id, payload)
    except Unreadable:
        return Notification(
            notification_id, name, subscription_id, why_not="Its payload is not as Amazon describes it."
        )


def _read(notification_id: str, name: str, subscription_id: str, payload: JSON) -> Notification:
    if name in (NEW_SECRET, SECRET_EXPIRY):
        return Notification(notification_id, name, subscription_id, secret=_secret(name, payload))
    reader = _READERS.get(name)
    hints = tuple(reader(payload)) if reader else ()
    return Notification(notification_id, name, subscription_id, optional_key(payload, "sellerid"), hints)


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.lower(): _lowered(below) for name, below in value.items()}
    return [_lowered(below) for below in value] if isinstance(value, list) else value


def _unwrapped(payload: JSON) -> JSON:
    """Some types put the payload into one object more, with the name of the type."""
    if len(payload) == 1:
        [(name, inner)] = payload.items()
        if isinstance(inner, dict) and ("notification" in name or name.startswith("application")):
            return inner
    return payload


def _short(parent: JSON, name: str) -> str | None:
    found = optional_key(parent, name)
    return found if found is None or len(found) <= LONGEST_ID else None


def _order(payload: JSON) -> Iterator[Hint]:
    order_id = key(payload, "amazonorderid")
    if not _ORDER_ID.fullmatch(order_id):
        raise Unreadable("amazonorderid is none.")
    yield Hint(HintKind.ORDER, order_id)


def _sku(payload: JSON) -> Iterator[Hint]:
    sku = key(payload, "sku")
    if len(sku) > 100:
        raise Unreadable("sku is too long.")
    yield Hint(HintKind.SKU, sku, _marketplace(payload))


def _offers(payload: JSON) -> Iterator[Hint]:
    trigger = needed(payload, "offerchangetrigger")
    asin = key(trigger, "asin")
    if len(asin) > 16:
        raise Unreadable("asin is too long.")
    yield Hint(HintKind.OFFERS, asin, _marketplace(trigger))


def _feed(payload: JSON) -> Iterator[Hint]:
    yield Hint(HintKind.FEED, _needed_short(payload, "feedid"))


def _report(payload: JSON) -> Iterator[Hint]:
    yield Hint(HintKind.REPORT, _needed_short(payload, "reportid"))


def _marketplace(payload: JSON) -> str:
    return _short(payload, "marketplaceid") or ""


def _needed_short(payload: JSON, name: str) -> str:
    found = _short(payload, name)
    if found is None:
        raise Unreadable(f"{name} is missing or too long.")
    return found


def _secret(name: str, payload: JSON) -> SecretNews:
    client_id = key(payload, "clientid")
    if name == SECRET_EXPIRY:
        return SecretNews(client_id, None, optional_moment(payload, "clientsecretexpirytime"))
    return SecretNews(
        client_id,
        key(payload, "newclientsecret"),
        optional_moment(payload, "newclientsecretexpirytime"),
        optional_moment(payload, "oldclientsecretexpirytime"),
    )


_READERS: dict[str, Callable[[JSON], Iterator[Hint]]] = {
    "ORDER_CHANGE": _order,
    "ANY_OFFER_CHANGED": _offers,
    "LISTINGS_ITEM_STATUS_CHANGE": _sku,
    "LISTINGS_ITEM_ISSUES_CHANGE": _sku,
    "LISTINGS_ITEM_MFN_QUANTITY_CHANGE": _sku,
    "FBA_INVENTORY_AVAILABILITY_CHANGES": _sku,
    "FEED_PROCESSING_FINISHED": _feed,
    "REPORT_PROCESSING_FINISHED": _report,
}
