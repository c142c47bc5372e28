"""Amazon's notifications: which we want, and what each hints at.

A notification is only a hint that something should be read again.  Nothing that it says is believed: it may come
twice, late, in any order, from anybody who can write to the queue, or never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from flask_amazon_channel.rules.phrases import phrase


class NotificationType(NamedTuple):
    """A type that we subscribe to.  `by_event_bus`: Amazon sends it to EventBridge, never straight to a queue."""

    name: str
    payload_version: str
    by_event_bus: bool
    role: str
    """The role without which Amazon refuses the subscription."""


TYPES = {
    one.name: one
    for one in (
        NotificationType("ORDER_CHANGE", "1.0", False, "Inventory and Order Tracking"),
        NotificationType("ANY_OFFER_CHANGED", "1.0", False, "Pricing"),
        NotificationType("LISTINGS_ITEM_STATUS_CHANGE", "1.0", True, "Product Listing"),
        NotificationType("LISTINGS_ITEM_ISSUES_CHANGE", "2023-12-13", True, "Product Listing"),
        NotificationType("LISTINGS_ITEM_MFN_QUANTITY_CHANGE", "1.0", True, "Product Listing"),
        NotificationType("FEED_PROCESSING_FINISHED", "2020-09-04", False, "any"),
        NotificationType("REPORT_PROCESSING_FINISHED", "2020-09-04", False, "any"),
        NotificationType("FBA_INVENTORY_AVAILABILITY_CHANGES", "1.0", False, "Amazon Fulfillment"),
    )
}
"""By name."""

NEW_SECRET = "APPLICATION_OAUTH_CLIENT_NEW_SECRET"  # noqa: S105  # the name of a notification
SECRET_EXPIRY = "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY"  # noqa: S105  # the name of a notification


class HintKind(StrEnum):
    """What is to be read again."""

    ORDER = "order"
    SKU = "sku"
    OFFERS = "offers"
    FEED = "feed"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to be read again.  `marketplace_id` is empty where the notification names none."""

    kind: HintKind
    subject: str
    marketplace_id: str = ""


@dataclass(frozen=True, slots=True)
class SecretNews:
    """What Amazon says about the application's client secrets.  `new_secret` is None in a mere warning."""

    client_id: str
    new_secret: str | None = field(repr=False)
    expires_at: datetime | None = None
    old_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification as it came, without anything of its payload but the ids.

    `type` is empty where it is no plausible name.  `why_not` says why nothing can be learned from it.
    """

    id: str
    type: str
    subscription_id: str
    seller_id: str | None = None
    hints: Sequence[Hint] = ()
    secret: SecretNews | None = None
    why_not: str | None = None


class Outcome(StrEnum):
    """What became of a notification."""

    TAKEN = "taken"
    IGNORED = "ignored"
    DROPPED = "dropped"


def judge(notification: Notification, seller_id: str | None) -> tuple[Outcome, str]:
    """Say whether to believe that Amazon sent it for us, and why not.  `seller_id`: of the subscription that it names,
    None where that is none of ours."""
    if notification.why_not is not None:
        return Outcome.DROPPED, notification.why_not
    if seller_id is None:
        return Outcome.DROPPED, phrase("It names a subscription that is not ours.")
    if notification.seller_id not in (None, seller_id):
        return Outcome.DROPPED, phrase("It names another seller than its subscription.")
    if not notification.hints:
        return Outcome.IGNORED, ""
    return Outcome.TAKEN, ""
