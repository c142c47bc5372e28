"""How notifications stand: per account and type, as Amazon says, and when one came last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonError, NotFound
from flask_amazon_channel.models import NotificationSubscription, ReceivedNotification, SellerAccount
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.notifications import TYPES, NotificationType, Outcome
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.sync.accounts import client_for
from flask_amazon_channel.sync.notifications.queue import queue_of
from flask_amazon_channel.sync.notifications.subscribe import connected_accounts, patiently, remedy_for
from flask_amazon_channel.sync.purging import NOTIFICATIONS_KEPT

SET_UP = "Run: flask amazon notifications setup"
QUIET_FOR_LONG = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Standing:
    """One type of one account.  `last_at`: when one came last, within the time that they are remembered."""

    account: str
    type: str
    subscribed: bool
    last_at: datetime | None
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """The queue, and what came in the time that notifications are remembered."""

    queue: str
    waiting: int
    received: int
    dropped: int


def overview(channel: Channel) -> Overview:
    """Look at the queue.  Raises `QueueUnavailable` where it does not answer."""
    queue = queue_of(channel)
    with reading(channel.db.engine) as read:
        by_outcome = dict(
            read.execute(
                sa.select(ReceivedNotification.outcome, sa.func.count()).group_by(ReceivedNotification.outcome)
            ).all()
        )
    return Overview(queue.arn, queue.waiting(), sum(by_outcome.values()), by_outcome.get(Outcome.DROPPED, 0))


def standings(channel: Channel) -> Iterator[Standing]:
    """Ask Amazon for every subscription of every connected account."""
    for account in connected_accounts(channel):
        client = client_for(channel, account.id, account.seller_id, account.region)
        last, ours = _last(channel, account), _ours(channel, account)
        for kind in TYPES.values():
            yield _standing(channel, client, account, kind, last.get(kind.name), ours.get(kind.name))


def _standing(
    channel: Channel,
    client: AmazonClient,
    account: SellerAccount,
    kind: NotificationType,
    last: datetime | None,
    ours: NotificationSubscription | None,
) -> Standing:
    try:
        found = patiently(lambda: client.get_subscription(kind.name, kind.payload_version))
    except NotFound:
        return Standing(account.name, kind.name, False, last, "It is not subscribed.", SET_UP)
    except AmazonError as error:
        return Standing(account.name, kind.name, False, last, str(error), remedy_for(kind))
    if ours is None or found.subscription_id != ours.subscription_id:
        return Standing(account.name, kind.name, False, last, "The subscription is not the one that we know.", SET_UP)
    if last is None and kind.by_event_bus and channel.clock() - ours.created_at > QUIET_FOR_LONG:
        problem = f"Nothing came in {NOTIFICATIONS_KEPT.days} days, perhaps because nothing happened."
        remedy = "See that the rule in EventBridge leads to the queue: flask amazon notifications setup says how."
        return Standing(account.name, kind.name, True, last, problem, remedy)
    return Standing(account.name, kind.name, True, last)


def _last(channel: Channel, account: SellerAccount) -> dict[str, datetime]:
    with reading(channel.db.engine) as read:
        rows = read.execute(
            sa.select(ReceivedNotification.type, sa.func.max(ReceivedNotification.received_at))
            .where(ReceivedNotification.account_id == account.id)
            .group_by(ReceivedNotification.type)
        )
        return dict(rows.all())


def _ours(channel: Channel, account: SellerAccount) -> dict[str, NotificationSubscription]:
    with reading(channel.db.engine) as read:
        rows = read.scalars(sa.select(NotificationSubscription).filter_by(account_id=account.id))
        return {row.type: row for row in rows}
