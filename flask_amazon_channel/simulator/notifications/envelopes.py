"""What is around a payload: Amazon's envelope, and the event of EventBridge around that."""

import uuid
from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.notifications.types import NotificationType
from flask_amazon_channel.simulator.world import World

SOURCE = "aws.partner/sellingpartnerapi.amazon.com"


def new_id(world: World, kind: str) -> str:
    """A UUID that the seed decides."""
    return str(uuid.UUID(int=world.chance(kind).getrandbits(128), version=4))


def envelope(
    world: World, kind: NotificationType, version: str, subscription_id: str, event_time: float, payload: dict[str, Any]
) -> dict[str, Any]:
    """A notification, in the casing of its type.

    Documented: LISTINGS_ITEM_STATUS_CHANGE is named so in the message, too, although its schema says _CHANGED.
    """
    metadata = {
        "ApplicationId": world.state.application.application_id,
        "SubscriptionId": subscription_id,
        "PublishTime": iso(world.now()),
        "NotificationId": new_id(world, "notification"),
    }
    notification = {
        "NotificationVersion": kind.notification_version,
        "NotificationType": kind.name,
        "PayloadVersion": version,
        "EventTime": iso(event_time),
        "Payload": payload,
        "NotificationMetadata": metadata,
    }
    return _camel({**notification, "NotificationMetadata": _camel(metadata)}) if kind.camel else notification


def _camel(document: dict[str, Any]) -> dict[str, Any]:
    return {name[0].lower() + name[1:]: value for name, value in document.items()}


def event_source(world: World, account: str) -> str:
    return f"{SOURCE}/{account}/{world.state.application.application_id}"


def event(world: World, account: str, region: str, kind: str, notification: dict[str, Any]) -> dict[str, Any]:
    """A notification as EventBridge hands it on.

    Documented: the partner event source carries the account and the application, the detail type is the
    type of the notification.
    """
    return {
        "version": "0",
        "id": new_id(world, "event"),
        "detail-type": kind,
        "source": event_source(world, account),
        "account": account,
        "time": iso(world.now())[:19] + "Z",
        "region": region,
        "resources": [],
        "detail": notification,
    }
