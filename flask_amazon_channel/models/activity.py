"""The diary: one sentence per event that a person may ask about.  No secret and no personal data goes in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from flask_amazon_channel.models.base import Base, Numbered, Sentence
from flask_amazon_channel.models.listings import Sku
from flask_amazon_channel.models.orders import AmazonOrder


class Activity(Numbered, Base):
    """What happened, to what, when, and who did it (None: the channel itself)."""

    __tablename__ = "amazon_activity"

    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_seller_account.id"), index=True)
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id"), index=True)
    sku_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_sku.id"), index=True)
    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_listing.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_order.id"), index=True)
    action: Mapped[str] = mapped_column(sa.String(32))
    sentence: Mapped[str] = mapped_column(Sentence(1000))
    actor_id: Mapped[str | None] = mapped_column(sa.String(191))
    actor_name: Mapped[str | None] = mapped_column(sa.String(191))

    sku: Mapped[Sku | None] = relationship()
    order: Mapped[AmazonOrder | None] = relationship()


_TABLE: sa.Table = Activity.__table__  # type: ignore[assignment]


def note(session: Session, at: datetime, action: str, sentence: str, **about: int | str | None) -> None:
    """Write one line of the diary, in the caller's transaction; `about` are columns of `Activity`.

    The sentence is a `Phrase` where it is ours, so that it can be read in another language.  The rows that it is about
    are in the database already.
    """
    session.connection().execute(_TABLE.insert(), {"at": at, "action": action, "sentence": sentence, **about})
