"""Who is told of an alert, and that it comes to them: rows that are due, sent by whoever works.

A row is stored together with the alert, and nothing is sent while a transaction is open.  Each is sent on its own: a
mail server that does not answer keeps no webhook waiting.
"""

from __future__ import annotations

import hashlib
import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.models import SellerAccount, Store
from flask_amazon_channel.models.alerts import Alert, AlertMessage, Event, Way
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, LeaseLost, claim, finish, pause, postpone
from flask_amazon_channel.rules.alerts import SAME_AGAIN, Severity
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.sync.alerts import mail, webhook, wording
from flask_amazon_channel.sync.alerts.undelivered import NotDelivered

log = logging.getLogger(__name__)

AT_ONCE = 20
SEND_AT_MOST = 10.0
"""Seconds of one visit: prices and quantities must not wait for a mail server."""
GIVE_UP_AFTER = timedelta(days=3)
STALE = timedelta(hours=20)
"""How it stood yesterday nobody needs to be told."""

Address = tuple[Way, str]


def queue_raised(session: Session, alert: Alert, now: datetime) -> None:
    """Let everybody be told who is to be.  In the caller's transaction."""
    if alert.severity != Severity.INFO:
        for way, address in addresses(session, alert.account_id, alert.store_id):
            session.add(_message(alert, Event.RAISED, way, address, now, now))


def queue_ended(session: Session, alert: Alert, now: datetime) -> None:
    """Let webhooks be told that it is over, once it stayed so: a person reads it on the page."""
    if alert.severity != Severity.INFO:
        forget_ended(session, alert)
        for way, address in addresses(session, alert.account_id, alert.store_id):
            if way is Way.WEBHOOK:
                session.add(_message(alert, Event.ENDED, way, address, now, now + SAME_AGAIN))


def forget_ended(session: Session, alert: Alert) -> None:
    """It is not over after all."""
    unsent = (AlertMessage.alert_id == alert.id, AlertMessage.event == Event.ENDED, AlertMessage.sent_at.is_(None))
    session.execute(sa.delete(AlertMessage).where(*unsent))


def _message(alert: Alert, event: Event, way: Way, address: str, now: datetime, due_at: datetime) -> AlertMessage:
    return AlertMessage(
        key=key_of(f"alert {alert.id} {event}", way, address),
        way=way,
        event=event,
        address=address,
        alert_id=alert.id,
        account_id=alert.account_id,
        store_id=alert.store_id,
        created_at=now,
        due_at=due_at,
        generation=1,
    )


def key_of(what: str, way: Way, address: str) -> str:
    """Return what makes two messages the same one."""
    return f"{what} {way} {hashlib.sha256(address.encode()).hexdigest()[:32]}"


def addresses(session: Session, account_id: int | None, store_id: int | None) -> list[Address]:
    """Return who is told: a store's own addresses, else its account's; an account's, else those of all its stores; of
    the installation everybody."""
    accounts = {account.id: account for account in session.scalars(sa.select(SellerAccount))}
    stores = list(session.scalars(sa.select(Store).order_by(Store.id)))
    if store_id is not None:
        chosen = [store for store in stores if store.id == store_id]
        found = [address for store in chosen for address in of_store(store, accounts[store.account_id])]
    elif account_id is not None:
        found = list(_of_account(accounts[account_id], stores)) if account_id in accounts else []
    else:
        found = [address for account in accounts.values() for address in _of_account(account, stores)]
    return list(dict.fromkeys(found))


def of_store(store: Store, account: SellerAccount) -> Iterator[Address]:
    for way in Way:
        address = _of(store, way) or _of(account, way)
        if address:
            yield way, address


def _of_account(account: SellerAccount, stores: Iterable[Store]) -> Iterator[Address]:
    for way in Way:
        own = _of(account, way)
        found = [own] if own else [_of(store, way) for store in stores if store.account_id == account.id]
        yield from ((way, address) for address in found if address)


def _of(row: SellerAccount | Store, way: Way) -> str | None:
    return row.alert_email if way is Way.MAIL else row.alert_webhook


def deliver(channel: Channel) -> int:
    """Send what is due, for a bounded time; return how many messages were looked at."""
    claims = {one.id: one for one in claim(channel.db.session(), AlertMessage, channel.clock(), AT_ONCE)}
    if not claims:
        return 0
    with reading(channel.db.engine) as read:
        found = sa.select(AlertMessage).where(AlertMessage.id.in_(claims)).order_by(AlertMessage.id)
        alert = joinedload(AlertMessage.alert)
        loaded = [alert.joinedload(one) for one in (Alert.account, Alert.store, Alert.order)]
        messages = list(read.scalars(found.options(*loaded)))
    end = time.monotonic() + SEND_AT_MOST
    for some in _together(messages):
        mine = [(claims[one.id], one) for one in some]
        if time.monotonic() >= end:
            _give_back(channel, mine, timedelta(0), phrase("It waits for its turn."), counts=False)
        else:
            _send(channel, mine)
    return len(messages)


def _together(messages: Iterable[AlertMessage]) -> list[list[AlertMessage]]:
    """Put into one mail what goes to one address."""
    groups: dict[object, list[AlertMessage]] = {}
    for one in messages:
        goes_along = one.way == Way.MAIL and one.event == Event.RAISED
        groups.setdefault(one.address if goes_along else one.id, []).append(one)
    return list(groups.values())


def _send(channel: Channel, mine: list[tuple[Claim, AlertMessage]]) -> None:
    messages = [one for _, one in mine]
    now = channel.clock()
    if _is_void(messages[0], now):
        _finish(channel, mine, phrase("It was not sent: it is no longer so."), sent=False)
        return
    try:
        _way_out(channel, messages)()
    except NotDelivered as error:
        oldest = min(one.created_at for one in messages)
        if now - oldest > GIVE_UP_AFTER:
            _finish(channel, mine, phrase("Given up after three days: {why}", why=str(error)), sent=False)
        else:
            wait = pause(max(one.failures for one in messages), random.random(), timedelta(seconds=30))
            _give_back(channel, mine, wait, str(error))
    except Exception:
        log_fault(log, "An alert could not be sent")
        _give_back(channel, mine, timedelta(hours=1), phrase("Internal error; the log has the details."))
    else:
        _finish(channel, mine, None, sent=True)


def _way_out(channel: Channel, messages: list[AlertMessage]) -> Callable[[], None]:
    """Put it into words, and return what sends it."""
    first = messages[0]
    if first.way == Way.WEBHOOK:
        assert first.alert is not None
        body = wording.webhook_body(channel, first, first.alert)
        return partial(webhook.post, channel.config, first.address, first.id, body, channel.clock())
    if first.event == Event.HEALTH:
        subject, text = wording.health_mail(channel, first)
    else:
        subject, text = wording.alert_mail(channel, [one.alert for one in messages if one.alert is not None])
    return partial(mail.send, channel.config, first.address, subject, text)


def _is_void(message: AlertMessage, now: datetime) -> bool:
    if message.event == Event.HEALTH:
        return now - message.created_at > STALE
    if message.event == Event.ENDED:
        return message.alert is None or message.alert.ended is None
    return message.alert is None


def _finish(channel: Channel, mine: list[tuple[Claim, AlertMessage]], problem: str | None, *, sent: bool) -> None:
    session, now = channel.db.session(), channel.clock()
    values: dict[str, Any] = {"sent_at": now if sent else None, "problem": problem}
    for claimed, _ in mine:
        try:
            in_transaction(session, partial(finish, session, AlertMessage, claimed, now, **values))
        except LeaseLost:
            session.rollback()


def _give_back(
    channel: Channel, mine: list[tuple[Claim, AlertMessage]], wait: timedelta, problem: str, *, counts: bool = True
) -> None:
    session, again_at = channel.db.session(), channel.clock() + wait
    for claimed, _ in mine:
        try:
            in_transaction(session, partial(postpone, session, AlertMessage, claimed, again_at, problem, counts=counts))
        except LeaseLost:
            session.rollback()
