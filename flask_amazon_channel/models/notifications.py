"""Amazon's notifications: what we subscribed to, what came, and what is to be read again for it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from flask_amazon_channel.models.accounts import SellerAccount
from flask_amazon_channel.models.base import Base, ExactText, Id, Numbered, in_words
from flask_amazon_channel.models.due import Due, mark
from flask_amazon_channel.rules.notifications import Hint, HintKind, Outcome


class NotificationSubscription(Numbered, Base):
    """That Amazon sends notifications of a type about an account.  What names another subscription is not believed."""

    __tablename__ = "amazon_notification_subscription"
    __table_args__ = (sa.UniqueConstraint("account_id", "type"), sa.UniqueConstraint("subscription_id"))

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    type: Mapped[str] = mapped_column(Id)
    subscription_id: Mapped[str] = mapped_column(ExactText(64))
    destination_id: Mapped[str] = mapped_column(sa.String(255))
    created_at: Mapped[datetime]

    account: Mapped[SellerAccount] = relationship()


class ReceivedNotification(Numbered, Base):
    """A notification that came: its id and type, so that it counts once, and nothing of what it says."""

    __tablename__ = "amazon_notification"
    __table_args__ = (
        sa.UniqueConstraint("notification_id"),
        in_words("outcome", Outcome, "outcome"),
        sa.Index("ix_amazon_notification_last", "account_id", "type", "received_at"),
    )

    notification_id: Mapped[str] = mapped_column(ExactText(64))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    type: Mapped[str] = mapped_column(Id)
    outcome: Mapped[str] = mapped_column(sa.String(16))
    received_at: Mapped[datetime] = mapped_column(index=True)


class PendingHint(Due, Base):
    """Something of an account that is to be read again, once, however many notifications said so."""

    __tablename__ = "amazon_hint"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "kind", "marketplace_id", "subject"),
        in_words("kind", HintKind, "kind"),
        sa.Index("ix_amazon_hint_kind", "kind", "due_at"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    marketplace_id: Mapped[str] = mapped_column(Id, default="")
    subject: Mapped[str] = mapped_column(ExactText(100))

    account: Mapped[SellerAccount] = relationship()


def mark_hint(session: Session, account_id: int, hint: Hint, now: datetime) -> None:
    """Make it due, in the caller's transaction.  IntegrityError: another worker marked the same; do all of it again."""
    facts = {"account_id": account_id, "kind": hint.kind, "marketplace_id": hint.marketplace_id}
    facts["subject"] = hint.subject
    where = [getattr(PendingHint, name) == value for name, value in facts.items()]
    if not mark(session, PendingHint, now, *where):
        session.add(PendingHint(**facts, due_at=now, generation=1))
        session.flush()
