"""The daily mail about how an account or a store stands, for those who want one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    AmazonOrder,
    CallError,
    Listing,
    SellerAccount,
    Slot,
    Store,
    StoreState,
    Stream,
    StreamName,
)
from flask_amazon_channel.models.alerts import Alert, AlertMessage, Event, Way, open_alerts
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.phrases import Phrase, Word, phrase, phrase_many
from flask_amazon_channel.rules.reasons import marked
from flask_amazon_channel.rules.state import ListingState

SLOT = "health_mail"
HOUR = 6
"""Of the day, in UTC: before the working day begins in Europe."""
COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Report:
    """How it stands: sentences, and the alerts that are open."""

    name: str
    lines: tuple[str, ...]
    alerts: tuple[Alert, ...]


def queue(channel: Channel) -> int:
    """Queue the mails of the day, once, whoever is first; return how many."""
    session, now = channel.db.session(), channel.clock()
    session.rollback()
    try:
        return in_transaction(session, lambda: _queue(session, now))
    except IntegrityError:
        session.rollback()
        return 0


def _queue(session: Session, now: datetime) -> int:
    slot = session.get(Slot, SLOT)
    if slot is None:
        session.add(Slot(name=SLOT, next_run=_next(now)))
        session.flush()
        return 0
    taken = session.execute(
        sa.update(Slot)
        .where(Slot.name == SLOT, Slot.next_run <= now)
        .values(next_run=_next(now), last_run=now)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return 0
    messages = {message.key: message for message in _messages(session, now)}
    session.add_all(messages.values())
    return len(messages)


def _next(now: datetime) -> datetime:
    today = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def _messages(session: Session, now: datetime) -> Iterator[AlertMessage]:
    for account in session.scalars(sa.select(SellerAccount).order_by(SellerAccount.id)):
        if account.health_mail and account.alert_email:
            yield _message(account.alert_email, now, account_id=account.id)
        for store in account.stores:
            address = store.alert_email or account.alert_email
            if store.health_mail and address and store.state in (StoreState.ACTIVE, StoreState.INACTIVE):
                yield _message(address, now, account_id=account.id, store_id=store.id)


def _message(address: str, now: datetime, *, account_id: int, store_id: int | None = None) -> AlertMessage:
    about = f"store {store_id}" if store_id is not None else f"account {account_id}"
    digest = hashlib.sha256(address.encode()).hexdigest()[:32]
    return AlertMessage(
        key=f"health {now:%Y-%m-%d} {about} {digest}",
        way=Way.MAIL,
        event=Event.HEALTH,
        address=address,
        account_id=account_id,
        store_id=store_id,
        created_at=now,
        due_at=now,
        generation=1,
    )


def report(session: Session, account_id: int | None, store_id: int | None, now: datetime) -> Report:
    """Return how an account, or one store of it, stands now."""
    account = session.get_one(SellerAccount, account_id)
    stores = [store for store in account.stores if store_id in (None, store.id)]
    shown = [store for store in stores if store.state in (StoreState.ACTIVE, StoreState.INACTIVE)]
    lines: list[str] = [
        phrase("{name}: {line}", name=store.name, line=line)
        for store in shown
        for line in _of_store(session, store, now)
    ]
    read_at = _complete(session, Stream.account_id == account.id, StreamName.ORDERS)
    failed = session.scalar(
        sa.select(sa.func.sum(CallError.times)).where(
            CallError.account_id == account.id, CallError.last_at >= now - timedelta(days=1)
        )
    )
    lines += [
        _read(marked("Orders were last read completely: {when}."), read_at),
        phrase_many(
            "{n} call to Amazon failed in the last 24 hours.",
            "{n} calls to Amazon failed in the last 24 hours.",
            failed or 0,
        ),
    ]
    name = stores[0].name if store_id is not None and stores else account.name
    return Report(name, tuple(lines), tuple(open_alerts(session, [store.id for store in stores])))


def _of_store(session: Session, store: Store, now: datetime) -> Iterator[str]:
    bought = AmazonOrder.purchased_at >= now - timedelta(days=1)
    orders = sa.select(AmazonOrder.id).where(AmazonOrder.store_id == store.id, bought)
    active = sa.select(Listing.id).where(Listing.store_id == store.id, Listing.state == ListingState.ACTIVE)
    yield phrase("It takes part.") if store.is_active else phrase("It is paused.")
    yield phrase(
        "Orders in the last 24 hours: {orders}; listings that can be bought: {listings}.",
        orders=_number(session, orders),
        listings=_number(session, active),
    )
    read_at = _complete(session, Stream.store_id == store.id, StreamName.LISTINGS_REPORT)
    yield _read(marked("All its listings were last read: {when}."), read_at)


def _number(session: Session, found: sa.Select[Any]) -> str:
    n = session.scalar(sa.select(sa.func.count()).select_from(found.limit(COUNTED + 1).subquery())) or 0
    return phrase("more than {n}", n=COUNTED) if n > COUNTED else str(n)


def _complete(session: Session, of: sa.ColumnElement[bool], name: StreamName) -> datetime | None:
    return session.scalar(sa.select(Stream.complete_at).where(of, Stream.name == name))


def _read(text: str, at: datetime | None) -> Phrase:
    return phrase(text, when=at or Word(marked("not yet")))
