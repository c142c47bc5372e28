"""How a person gets started: what was ticked or skipped and by whom, and what was found in the shop's catalogue."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from flask_amazon_channel.models.base import Base, Numbered, in_words
from flask_amazon_channel.models.due import Due


class MarkState(StrEnum):
    """DONE: a person says that it is done or looked at.  SKIPPED: a person goes on without it."""

    DONE = "done"
    SKIPPED = "skipped"


class OnboardingMark(Numbered, Base):
    """What only a person can say: that something of the checklist is done, or a step is confirmed or skipped.

    `account_id` is None for what concerns the whole installation.
    """

    __tablename__ = "amazon_onboarding_mark"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "item"),
        in_words("state", MarkState, "state"),
    )

    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_seller_account.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[str] = mapped_column(sa.String(16))
    at: Mapped[datetime]
    actor_id: Mapped[str | None] = mapped_column(sa.String(191))
    actor_name: Mapped[str | None] = mapped_column(sa.String(191))


class Preparation(Due, Base):
    """The walk over the shop's catalogue that counts what Amazon needs: one row.

    `after` is the product that the last visit came to, `counts` what was counted so far; `found` is what the last
    complete walk counted, at `found_at`.  The shapes are those of `rules.preparation.Counts`.
    """

    __tablename__ = "amazon_preparation"

    begun_at: Mapped[datetime | None]
    after: Mapped[str | None] = mapped_column(sa.String(191))
    counts: Mapped[dict[str, Any] | None]
    found: Mapped[dict[str, Any] | None]
    found_at: Mapped[datetime | None]
