"""Setting up notifications: the queue's policy, Amazon's destinations, the rule of EventBridge, the subscriptions.

Everything is looked for before it is made, so doing it twice changes nothing.  One thing that cannot be done stops only
what needs it, and says what a person has to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonError, AmazonUnavailable, NotFound
from flask_amazon_channel.models import AccountState, NotificationSubscription, SellerAccount
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.rules.amazon import Destination, Subscription
from flask_amazon_channel.rules.notifications import TYPES, NotificationType
from flask_amazon_channel.spapi.application import ApplicationClient
from flask_amazon_channel.spapi.aws import RULE, SELLING_PARTNER_API, Queue, QueueUnavailable
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.sync.accounts import application_for, client_for
from flask_amazon_channel.sync.notifications.queue import queue_of, require_own

T = TypeVar("T")

BY_EVENT_BUS = tuple(name for name, one in TYPES.items() if one.by_event_bus)
PATIENCE = 5
"""So many times a call is made again that Amazon asked to slow down."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at.

    `result` is `there` (it was so already), `made`, `by_hand` (AWS does not let us: `remedy` says what a person has to
    do, unless it is done), or `failed`.
    """

    about: str
    result: str
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where Amazon sends in a region; None where it could not be made."""

    queue: str | None
    events: str | None


def set_up(channel: Channel) -> Iterator[Step]:
    """Make what is missing; yield what was looked at.  Raises `QueueUnavailable` where the queue does not answer."""
    queue = queue_of(channel)
    require_own(channel)
    arn = queue.arn
    yield Step("queue", "there", f"It answers: {arn}.")
    yield _allow(queue)
    accounts = connected_accounts(channel)
    if not accounts:
        yield Step("accounts", "failed", "None is connected.", "Connect one, then run this again.")
    for region in dict.fromkeys(account.region for account in accounts):
        destinations, steps = _destinations(channel, queue, region)
        yield from steps
        for account in accounts:
            if account.region == region:
                yield from _subscribe(channel, account, destinations, application_for(channel, region))


def connected_accounts(channel: Channel) -> list[SellerAccount]:
    channel.db.session().rollback()
    with reading(channel.db.engine) as read:
        connected = sa.select(SellerAccount).where(SellerAccount.state == AccountState.CONNECTED)
        return list(read.scalars(connected.order_by(SellerAccount.id)))


def _allow(queue: Queue) -> Step:
    try:
        was_so = queue.allow_amazon()
    except QueueUnavailable as error:
        remedy = (
            f"In the queue's access policy allow AWS account {SELLING_PARTNER_API} sqs:SendMessage and "
            "sqs:GetQueueAttributes, and the service events.amazonaws.com sqs:SendMessage."
        )
        return Step("policy", "by_hand", str(error), remedy)
    return Step("policy", "there" if was_so else "made", "Amazon may write to the queue.")


def _destinations(channel: Channel, queue: Queue, region: str) -> tuple[Destinations, list[Step]]:
    application = application_for(channel, region)
    try:
        known = patiently(application.get_destinations)
    except AmazonError as error:
        step = Step(f"destinations {region}", "failed", str(error), "See that the application has the roles it needs.")
        return Destinations(None, None), [step]
    to_queue, first = _destination(
        f"destination {region}",
        next((one for one in known if one.queue_arn == queue.arn), None),
        lambda: application.create_queue_destination(queue.arn),
        "See that the queue is a standard queue (no FIFO) and that its policy lets Amazon in.",
    )
    to_events, second = _destination(
        f"events {region}",
        next((one for one in known if one.event_account == queue.account), None),
        lambda: application.create_event_destination(queue.account, queue.region),
        "Listings are then noticed by reading alone, as without notifications.",
    )
    steps = [first, second]
    if to_events is not None and to_events.event_source:
        steps.append(_lead(queue, region, to_events.event_source))
    found = (to_queue, to_events)
    return Destinations(*(one.destination_id if one else None for one in found)), steps


def _destination(
    about: str, known: Destination | None, make: Callable[[], Destination], remedy: str
) -> tuple[Destination | None, Step]:
    if known is not None:
        return known, Step(about, "there", f"Destination {known.destination_id}.")
    try:
        made = patiently(make)
    except AmazonError as error:
        return None, Step(about, "failed", str(error), remedy)
    return made, Step(about, "made", f"Destination {made.destination_id}.")


def _lead(queue: Queue, region: str, source: str) -> Step:
    """Bring the events from Amazon's event source into the queue."""
    about = f"rule {region}"
    try:
        was_so = queue.lead_events_here(source, BY_EVENT_BUS)
    except QueueUnavailable as error:
        remedy = (
            f"In AWS, region {queue.region}: Amazon EventBridge, Partner event sources, choose {source}, Associate "
            f"with event bus. Then Rules, that event bus, Create rule, name {RULE}, event pattern "
            f'{{"source": ["{source}"]}}, target: the SQS queue {queue.arn}.'
        )
        return Step(about, "by_hand", str(error), remedy)
    return Step(about, "there" if was_so else "made", f"Events of {source} go to the queue.")


def _subscribe(
    channel: Channel, account: SellerAccount, destinations: Destinations, application: ApplicationClient
) -> Iterator[Step]:
    client = client_for(channel, account.id, account.seller_id, account.region)
    for kind in TYPES.values():
        about = f"{account.name}: {kind.name}"
        destination = destinations.events if kind.by_event_bus else destinations.queue
        if destination is None:
            yield Step(about, "failed", "There is no destination for it.", "See above.")
            continue
        try:
            subscription, was_so = _subscription(client, application, kind, destination)
        except AmazonError as error:
            yield Step(about, "failed", str(error), remedy_for(kind))
            continue
        _remember(channel, account.id, kind.name, subscription)
        yield Step(about, "there" if was_so else "made", "Subscribed.")


def _subscription(
    client: AmazonClient, application: ApplicationClient, kind: NotificationType, destination_id: str
) -> tuple[Subscription, bool]:
    """Return the subscription, and whether it was there already.  One that leads elsewhere is made anew."""
    try:
        found = patiently(lambda: client.get_subscription(kind.name, kind.payload_version))
    except NotFound:
        found = None
    if found is not None and found.destination_id == destination_id:
        return found, True
    if found is not None:
        ended = found.subscription_id
        patiently(lambda: application.delete_subscription(kind.name, ended))
    made = patiently(lambda: client.create_subscription(kind.name, kind.payload_version, destination_id))
    return made, False


def remedy_for(kind: NotificationType) -> str:
    if kind.role == "any":
        return "Run this again later."
    return f"Give the application the role {kind.role}, connect the account again, and run this again."


def _remember(channel: Channel, account_id: int, kind: str, subscription: Subscription) -> None:
    """Keep the id, by which notifications are recognised as ours."""
    session = channel.db.session()

    def keep() -> None:
        row = session.scalar(sa.select(NotificationSubscription).filter_by(account_id=account_id, type=kind))
        if row is None:
            row = NotificationSubscription(account_id=account_id, type=kind, created_at=channel.clock())
            session.add(row)
        row.subscription_id, row.destination_id = subscription.subscription_id, subscription.destination_id

    in_transaction(session, keep)


def patiently(call: Callable[[], T]) -> T:
    """Make a call, again where it has to wait for Amazon's quota: one a second."""
    for _ in range(PATIENCE):
        try:
            return call()
        except AmazonUnavailable as error:
            if not error.throttled:
                raise
            time.sleep(min(error.wait.total_seconds(), 5.0) if error.wait else 1.1)
    return call()
