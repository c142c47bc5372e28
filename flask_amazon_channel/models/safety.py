"""What keeps a slip or a copy from reaching Amazon: whose database it is, and mass changes that wait for a person."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from flask_amazon_channel.models.base import Base, Numbered, in_words
from flask_amazon_channel.models.work import AspectName


class Instance(Base):
    """The installation that the database belongs to: one row.  Another one that reads it sends nothing."""

    __tablename__ = "amazon_instance"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    name: Mapped[str] = mapped_column(sa.String(191))
    adopted_at: Mapped[datetime]


class MassChange(Numbered, Base):
    """More at once than looks meant: the zeros of an account, or the prices of a store, wait until a person says so.

    `counted` of `live` rows were affected when it was noticed.  The rows that wait are aspects with a `drastic_value`.
    """

    __tablename__ = "amazon_mass_change"
    __table_args__ = (
        sa.UniqueConstraint("account_id"),
        sa.UniqueConstraint("store_id"),
        in_words("aspect", AspectName, "aspect"),
        sa.CheckConstraint(
            "(aspect = 'quantity' AND account_id IS NOT NULL AND store_id IS NULL)"
            " OR (aspect = 'price' AND account_id IS NULL AND store_id IS NOT NULL)",
            name="subject",
        ),
    )

    aspect: Mapped[str] = mapped_column(sa.String(16))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id"))
    noticed_at: Mapped[datetime]
    counted: Mapped[int]
    live: Mapped[int]
