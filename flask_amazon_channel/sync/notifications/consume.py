"""From the queue into the database.  A message only marks what is to be read again; what it says is not believed.

The marks and the notification's id are committed first, and the message is deleted afterwards: whoever dies in between
gets it again, knows it, and only deletes it.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonError, ConfigurationError
from flask_amazon_channel.models import (
    Feed,
    NotificationSubscription,
    PendingHint,
    ReceivedNotification,
    SellerAccount,
    Store,
    Stream,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.models.feeds import OPEN_FEEDS
from flask_amazon_channel.models.notifications import mark_hint
from flask_amazon_channel.rules.notifications import Hint, HintKind, Notification, Outcome, judge
from flask_amazon_channel.rules.phrases import joined, phrase, phrase_many
from flask_amazon_channel.spapi.aws import Message, QueueUnavailable
from flask_amazon_channel.spapi.parse_notifications import parse_notification
from flask_amazon_channel.sync import client_secrets
from flask_amazon_channel.sync.notifications.queue import is_configured, queue_of, refused
from flask_amazon_channel.sync.purging import NOTIFICATIONS_KEPT

log = logging.getLogger(__name__)

AT_MOST = 5.0
"""Seconds for the queue in one `work`, which is a tenth of its time."""

Verdict = tuple[Notification, Outcome, str]


def drain(channel: Channel, *, at_most: float = AT_MOST) -> int:
    """Take what waits in the queue, for a bounded time; return how many messages.  It never fails: reading goes on
    without it."""
    if not is_configured(channel) or refused(channel):
        return 0
    channel.db.session().rollback()
    taken, end = 0, time.monotonic() + at_most
    try:
        queue = queue_of(channel)
        while time.monotonic() < end:
            messages = queue.receive()
            if not messages:
                break
            queue.delete(take(channel, messages))
            taken += len(messages)
    except (QueueUnavailable, ConfigurationError) as error:
        log.warning("The queue of Amazon's notifications could not be read: %s", error)
    return taken


def take(channel: Channel, messages: Sequence[Message]) -> list[Message]:
    """Mark what the messages hint at, and commit.  Return those that are done with."""
    session, done = channel.db.session(), []
    read: list[Notification] = []
    verdicts: list[Verdict] = []
    for message in messages:
        notification = parse_notification(message.body, message.id)
        try:
            if notification.secret is not None:
                verdicts.append((notification, *client_secrets.receive(channel, notification.secret)))
            else:
                read.append(notification)
        except (AmazonError, IntegrityError):
            # Whether the secret is good cannot be known now: the message comes again.
            session.rollback()
            continue
        done.append(message)
    for _ in range(3):
        try:
            in_transaction(session, lambda: _take(channel, session, read, verdicts))
            return done
        except IntegrityError:
            # Another worker took the same notification, or marked the same, in this moment.
            continue
    return []


def _take(channel: Channel, session: Session, read: Iterable[Notification], verdicts: Sequence[Verdict]) -> None:
    now = channel.clock()
    new = {one.id: one for one in (*read, *(verdict[0] for verdict in verdicts))}
    known = ReceivedNotification.notification_id
    for seen in session.scalars(sa.select(known).where(known.in_(new))):
        del new[seen]
    settled = {notification.id: (outcome, why) for notification, outcome, why in verdicts}
    accounts = _accounts(session, [one.subscription_id for one in new.values()])
    dropped: Counter[str] = Counter()
    for notification in new.values():
        account_id, seller_id = accounts.get(notification.subscription_id, (None, None))
        outcome, why = settled.get(notification.id) or judge(notification, seller_id)
        if outcome is Outcome.TAKEN and account_id is not None:
            for hint in notification.hints:
                _mark(channel, session, account_id, hint)
        if outcome is Outcome.DROPPED:
            dropped[why] += 1
        session.add(
            ReceivedNotification(
                notification_id=notification.id,
                account_id=None if outcome is Outcome.DROPPED else account_id,
                type=notification.type,
                outcome=outcome,
                received_at=now,
            )
        )
    if dropped:
        one = "{n} notification was dropped. {reasons}"
        many = "{n} notifications were dropped. {reasons}"
        reasons = joined(phrase("{why} ({n})", why=why, n=count) for why, count in sorted(dropped.items()))
        note(session, now, "notification", phrase_many(one, many, dropped.total(), reasons=reasons))
    session.flush()


def _accounts(session: Session, subscription_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Return account and seller by subscription, of those that are ours."""
    rows = session.execute(
        sa.select(NotificationSubscription.subscription_id, SellerAccount.id, SellerAccount.seller_id)
        .join(SellerAccount, NotificationSubscription.account_id == SellerAccount.id)
        .where(NotificationSubscription.subscription_id.in_(subscription_ids))
    )
    return {subscription_id: (account_id, seller_id) for subscription_id, account_id, seller_id in rows}


def _mark(channel: Channel, session: Session, account_id: int, hint: Hint) -> None:
    now = channel.clock()
    if hint.kind is HintKind.REPORT:
        stores = sa.select(Store.id).where(Store.account_id == account_id)
        ours = sa.or_(Stream.account_id == account_id, Stream.store_id.in_(stores))
        mark(session, Stream, now, Stream.report_id == hint.subject, ours)
    elif hint.kind is HintKind.FEED:
        open_now = (Feed.account_id == account_id, Feed.state.in_(OPEN_FEEDS))
        mark(session, Feed, now, Feed.amazon_feed_id == hint.subject, *open_now)
    else:
        mark_hint(session, account_id, hint, now)


def purge(channel: Channel) -> None:
    """Delete the hints that are done with, and those that nobody took."""
    session, old = channel.db.session(), channel.clock() - NOTIFICATIONS_KEPT

    def delete() -> None:
        done = sa.and_(PendingHint.due_at.is_(None), PendingHint.leased_until.is_(None))
        session.execute(sa.delete(PendingHint).where(sa.or_(done, PendingHint.due_at < old)))

    in_transaction(session, delete)
