"""What needs a person, since when, and who is to be told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from flask_amazon_channel.models.accounts import SellerAccount, Store
from flask_amazon_channel.models.base import Base, BigId, Id, Numbered, in_words
from flask_amazon_channel.models.due import Due
from flask_amazon_channel.models.orders import AmazonOrder
from flask_amazon_channel.rules.alerts import Alarm, Severity
from flask_amazon_channel.rules.phrases import given_back, kept
from flask_amazon_channel.rules.reasons import Reason

LONGEST_FACT = 500
MANY = "*"
"""Among the facts of an alert: its text for any number but one.  No fact is called so."""


class Alert(Numbered, Base):
    """One thing that needs a person, from `since` until `ended`.

    `open_key` is its kind and what it is about while it lasts and NULL afterwards; that it is unique means that of each
    kind there is one for each thing.  `text` is a sentence with `{names}` for the numbers in `facts`; `see` is where it
    is put right.  `seen_at` is when it was last found to hold.  Without account it is about the installation.
    """

    __tablename__ = "amazon_alert"
    __table_args__ = (
        sa.UniqueConstraint("open_key"),
        in_words("severity", Severity, "severity"),
        sa.CheckConstraint("(open_key IS NULL) = (ended IS NOT NULL)", name="open"),
        sa.Index("ix_amazon_alert_known", "known_key", "id"),
    )

    code: Mapped[str] = mapped_column(Id)
    known_key: Mapped[str] = mapped_column(sa.String(120))
    open_key: Mapped[str | None] = mapped_column(sa.String(120))
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("amazon_seller_account.id", ondelete="CASCADE"), index=True
    )
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id", ondelete="CASCADE"), index=True)
    order_id: Mapped[int | None] = mapped_column(
        BigId, sa.ForeignKey("amazon_order.id", ondelete="CASCADE"), index=True
    )
    severity: Mapped[str] = mapped_column(sa.String(8))
    text: Mapped[str] = mapped_column(sa.String(500))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    see: Mapped[str] = mapped_column(sa.String(32), default="")
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended: Mapped[datetime | None] = mapped_column(index=True)

    account: Mapped[SellerAccount | None] = relationship()
    store: Mapped[Store | None] = relationship()
    order: Mapped[AmazonOrder | None] = relationship()

    @classmethod
    def of(cls, alarm: Alarm, now: datetime) -> Alert:
        about = alarm.subject
        return cls(
            code=alarm.code,
            known_key=alarm.key,
            open_key=alarm.key,
            account_id=about.account_id,
            store_id=about.store_id,
            order_id=about.order_id,
            since=now,
            **told(alarm),
            seen_at=now,
        )

    @property
    def reason(self) -> Reason:
        facts = {name: given_back(value) for name, value in self.facts.items()}
        return Reason(self.code, self.text, self.see, facts, facts.pop(MANY, ""))

    @property
    def sentence(self) -> str:
        return self.reason.sentence


def told(alarm: Alarm) -> dict[str, Any]:
    """Return what an alert says, as its columns."""
    reason = alarm.reason
    facts = {name: _short(kept(value)) for name, value in reason.facts.items()}
    if reason.many:
        facts[MANY] = reason.many
    return {"severity": alarm.severity, "text": reason.text, "facts": facts, "see": reason.see}


def _short(fact: Any) -> Any:
    return fact[:LONGEST_FACT] if isinstance(fact, str) else fact


class Way(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class Event(StrEnum):
    """What somebody is told of."""

    RAISED = "raised"
    ENDED = "ended"
    HEALTH = "health"


class AlertMessage(Due, Base):
    """Somebody is to be told: due until it was delivered, or given up.

    `key` is unique, so that the same is told once.  Of what it says only the alert is kept, or (HEALTH) of which
    account or store; it is put into words when it is sent.
    """

    __tablename__ = "amazon_alert_message"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        in_words("way", Way, "way"),
        in_words("event", Event, "event"),
    )

    key: Mapped[str] = mapped_column(sa.String(120))
    way: Mapped[str] = mapped_column(sa.String(8))
    event: Mapped[str] = mapped_column(sa.String(8))
    address: Mapped[str] = mapped_column(sa.String(500))
    alert_id: Mapped[int | None] = mapped_column(
        BigId, sa.ForeignKey("amazon_alert.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("amazon_seller_account.id", ondelete="CASCADE"), index=True
    )
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]

    alert: Mapped[Alert | None] = relationship()

    def __repr__(self) -> str:
        return f"<AlertMessage {self.id} {self.way} {self.event}>"


_WORST_FIRST = sa.case({Severity.BAD: 0, Severity.WARN: 1}, value=Alert.severity, else_=2)


def concerning(store_ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition on the alerts of these stores, of accounts all of whose stores are among them, and of the
    installation."""
    others = sa.select(Store.account_id).where(Store.id.not_in(store_ids))
    whole = sa.select(Store.account_id).where(Store.id.in_(store_ids), Store.account_id.not_in(others))
    of_account = sa.and_(Alert.store_id.is_(None), Alert.account_id.in_(whole))
    return sa.or_(Alert.store_id.in_(store_ids), of_account, Alert.account_id.is_(None))


def open_alerts(session: Session, store_ids: Collection[int]) -> list[Alert]:
    """Return what needs a person in these stores: the worst first, then the newest."""
    found = sa.select(Alert).where(Alert.open_key.is_not(None), concerning(store_ids))
    return list(session.scalars(found.order_by(_WORST_FIRST, Alert.since.desc(), Alert.id.desc())))
