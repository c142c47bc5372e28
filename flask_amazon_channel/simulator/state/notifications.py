"""Destinations, subscriptions, notifications that wait for the end of a period, and queues."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Destination:
    """A queue (`arn`), or an account and region of EventBridge."""

    id: str
    name: str
    arn: str | None = None
    account: str | None = None
    region: str | None = None


@dataclass
class Subscription:
    """`periods` are the aggregation periods that run, by what they are about; each may hold the next payload."""

    id: str
    seller_id: str
    type: str
    payload_version: str
    destination_id: str
    created: float
    directive: dict[str, Any] | None = None
    periods: dict[str, Any] = field(default_factory=dict)

    @property
    def event_filter(self) -> dict[str, Any]:
        found: dict[str, Any] = (self.directive or {}).get("eventFilter") or {}
        return found

    @property
    def expression(self) -> str | None:
        return (self.directive or {}).get("filterExpression")


@dataclass
class EventRule:
    """Where EventBridge takes the events of an account in a region; no types mean all of them."""

    account: str
    region: str
    queue_arn: str
    types: list[str] = field(default_factory=list)


@dataclass
class Message:
    """`visible` is the moment from which receivers see it; `receipt` is the newest receipt handle."""

    id: str
    body: str
    sent: float
    visible: float
    attributes: dict[str, Any] = field(default_factory=dict)
    receipt: str = ""
    received: int = 0
    first_received: float | None = None


@dataclass
class Queue:
    """A standard queue; its messages by id, oldest first."""

    region: str
    account: str
    name: str
    created: float
    changed: float
    attributes: dict[str, str] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{self.region}:{self.account}:{self.name}"


@dataclass
class Notifications:
    """Subscriptions are kept by seller and id, queues by ARN, rules by `{account}/{region}`.

    `told_orders` holds the status of orders, by id, as it was told last.
    """

    destinations: dict[str, Destination] = field(default_factory=dict)
    subscriptions: dict[str, dict[str, Subscription]] = field(default_factory=dict)
    rules: dict[str, EventRule] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    told_orders: dict[str, str] = field(default_factory=dict)
