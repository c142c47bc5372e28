"""Feeds: many submissions that travelled to Amazon in one document."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flask_amazon_channel.models.accounts import SellerAccount
from flask_amazon_channel.models.base import Base, Id, in_words
from flask_amazon_channel.models.due import Due
from flask_amazon_channel.rules.phrases import phrase


class FeedState(StrEnum):
    """How far a feed has come.

    INTENT: its messages are being stored, nothing has left.  UPLOADED: the document is at Amazon, and createFeed may
    have been called.  SUBMITTED: Amazon gave it an id.  DONE: its report was read.  FATAL: Amazon gave up, perhaps in
    the middle.  CANCELLED: none of it was carried out.  STUCK: it lies at Amazon, and its messages went another way.
    """

    INTENT = "intent"
    UPLOADED = "uploaded"
    SUBMITTED = "submitted"
    STUCK = "stuck"
    DONE = "done"
    FATAL = "fatal"
    CANCELLED = "cancelled"


OPEN_FEEDS = (FeedState.INTENT, FeedState.UPLOADED, FeedState.SUBMITTED, FeedState.STUCK)


class Feed(Due, Base):
    """One feed of an account: one aspect, one marketplace, each SKU once."""

    __tablename__ = "amazon_feed"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "amazon_feed_id"),
        in_words("state", FeedState, "state"),
        sa.CheckConstraint("state NOT IN ('submitted', 'stuck', 'done') OR amazon_feed_id IS NOT NULL", name="known"),
        sa.CheckConstraint("messages >= 0 AND accepted >= 0 AND refused >= 0 AND missing >= 0", name="counts"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_seller_account.id"), index=True)
    aspect: Mapped[str] = mapped_column(sa.String(16))
    marketplace_id: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(sa.String(16), default=FeedState.INTENT)
    document_id: Mapped[str | None] = mapped_column(sa.String(255))
    amazon_feed_id: Mapped[str | None] = mapped_column(Id)
    messages: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    uploaded_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    account: Mapped[SellerAccount] = relationship()

    @property
    def called(self) -> str:
        """Return what a person calls it, at Amazon's support too."""
        return phrase("Feed {feed}", feed=self.amazon_feed_id) if self.amazon_feed_id else phrase("The feed")
