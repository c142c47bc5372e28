"""The SKUs of an account and their listings in its stores: what Amazon showed last, and what was decided last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flask_amazon_channel.models.accounts import SellerAccount, Store
from flask_amazon_channel.models.base import Base, BigId, ExactText, Id, Numbered, in_words
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.rules.values import FulfilledBy


class Sku(Numbered, Base):
    """A seller SKU of an account: one region, one stock, one writer.  Several SKUs may be one product."""

    __tablename__ = "amazon_sku"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "sku"),
        # Lists are filtered by these; what most rows have is found without an index.
        sa.Index("ix_amazon_sku_condition", "condition"),
        sa.Index("ix_amazon_sku_fulfilled_by", "fulfilled_by"),
        sa.Index("ix_amazon_sku_quantity_owner", "quantity_owner"),
        sa.Index("ix_amazon_sku_wanted_quantity", "wanted_quantity"),
        in_words("fulfilled_by", FulfilledBy, "fulfilled_by"),
        in_words("quantity_owner", Owner, "quantity_owner"),
        sa.CheckConstraint("quantity_override IS NULL OR quantity_override >= 0", name="quantity_override"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    sku: Mapped[str] = mapped_column(ExactText(100))
    product_id: Mapped[str | None] = mapped_column(sa.String(191), index=True)
    matched_by: Mapped[str | None] = mapped_column(sa.String(16))
    match_problem: Mapped[str | None] = mapped_column(sa.String(32))
    match_candidates: Mapped[list[Any] | None]
    fulfilled_by: Mapped[str] = mapped_column(sa.String(16), default=FulfilledBy.MERCHANT)
    condition: Mapped[str | None] = mapped_column(sa.String(32))
    product_type: Mapped[str | None] = mapped_column(sa.String(120))

    observed_quantity: Mapped[int | None]
    observed_quantity_at: Mapped[datetime | None]
    ever_live: Mapped[bool] = mapped_column(default=False)
    wanted_quantity: Mapped[int | None]

    quantity_override: Mapped[int | None]
    quantity_override_until: Mapped[datetime | None]
    quantity_override_reason: Mapped[str | None] = mapped_column(sa.String(255))
    quantity_owner: Mapped[str] = mapped_column(sa.String(16), default=Owner.SHOP, server_default=Owner.SHOP)

    account: Mapped[SellerAccount] = relationship()
    listings: Mapped[list[Listing]] = relationship(back_populates="sku", order_by="Listing.id")

    @property
    def wants_another_quantity(self) -> bool:
        """Whether Amazon shows another quantity than ours."""
        is_ours = self.product_id is not None and self.fulfilled_by != FulfilledBy.AMAZON
        return is_ours and self.wanted_quantity not in (None, self.observed_quantity)

    def __repr__(self) -> str:
        return f"<Sku {self.sku!r}>"


class Listing(Numbered, Base):
    """One SKU in one Store.  Money is in minor units of the store's currency.

    `seller_sku` and `shown_quantity` are the SKU's `sku` and `observed_quantity` once more: a list of one state, sorted
    by them, needs both in one index.  Nobody but `copied_from_sku.py` and the import writes them.
    """

    __tablename__ = "amazon_listing"
    __table_args__ = (
        sa.UniqueConstraint("sku_id", "store_id"),
        in_words("state", ListingState, "state"),
        in_words("price_owner", Owner, "price_owner"),
        sa.CheckConstraint("price_override_minor IS NULL OR price_override_minor > 0", name="price_override"),
        # With the store, or SQLite takes the store alone for the narrower one.
        sa.Index("ix_amazon_listing_asin", "asin", "store_id"),
        # What lists are sorted by, each within a state; the one with the title is also read whole to look for words.
        # By SKU also without one.  That one is not unique: upserts of two workers could then collide in either of two.
        sa.Index("ix_amazon_listing_all_by_sku", "store_id", "seller_sku", "id"),
        sa.Index("ix_amazon_listing_seller_sku", "store_id", "state", "seller_sku", "id"),
        sa.Index("ix_amazon_listing_title", "store_id", "state", "title", "id"),
        sa.Index("ix_amazon_listing_price", "store_id", "state", "observed_price_minor", "id"),
        sa.Index("ix_amazon_listing_quantity", "store_id", "state", "shown_quantity", "id"),
        sa.Index("ix_amazon_listing_price_owner", "store_id", "price_owner"),
        sa.Index("ix_amazon_listing_wanted_price", "store_id", "wanted_price_minor"),
        sa.Index(
            "ix_amazon_listing_price_override",
            "store_id",
            "price_override_minor",
            sqlite_where=sa.text("price_override_minor IS NOT NULL"),
            postgresql_where=sa.text("price_override_minor IS NOT NULL"),
        ),
    )

    store_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_store.id"))
    sku_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_sku.id"))
    seller_sku: Mapped[str] = mapped_column(ExactText(100))
    asin: Mapped[str | None] = mapped_column(sa.String(16))
    title: Mapped[str | None] = mapped_column(sa.String(500))

    on_amazon: Mapped[bool] = mapped_column(default=False)
    amazon_status: Mapped[str] = mapped_column(sa.String(64), default="")
    observed_price_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    shown_quantity: Mapped[int | None]
    observed_at: Mapped[datetime | None]
    amazon_updated_at: Mapped[datetime | None]
    offer_read: Mapped[list[Any] | None]
    offer_read_at: Mapped[datetime | None]

    state: Mapped[str] = mapped_column(sa.String(20), default=ListingState.NEW_THIRD_PARTY)
    note: Mapped[str | None] = mapped_column(sa.String(32))
    wanted_price_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    product_fingerprint: Mapped[int | None] = mapped_column(sa.BigInteger)

    price_override_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    price_override_until: Mapped[datetime | None]
    price_override_reason: Mapped[str | None] = mapped_column(sa.String(255))
    price_owner: Mapped[str] = mapped_column(sa.String(16), default=Owner.SHOP, server_default=Owner.SHOP)
    released_price_minor: Mapped[int | None] = mapped_column(sa.BigInteger)

    store: Mapped[Store] = relationship()
    sku: Mapped[Sku] = relationship(back_populates="listings")
    issues: Mapped[list[ListingIssue]] = relationship(
        back_populates="listing", cascade="all, delete-orphan", order_by="ListingIssue.id"
    )

    @property
    def wants_another_price(self) -> bool:
        """Whether Amazon shows another price than ours."""
        return self.wanted_price_minor not in (None, self.observed_price_minor)

    def __repr__(self) -> str:
        return f"<Listing {self.id}>"


class ListingIssue(Numbered, Base):
    """What Amazon says is wrong with a listing, or with what was sent for it."""

    __tablename__ = "amazon_listing_issue"

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_listing.id", ondelete="CASCADE"), index=True)
    submission_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("amazon_submission.id"), index=True)
    code: Mapped[str] = mapped_column(Id, index=True)
    severity: Mapped[str] = mapped_column(sa.String(16))
    message: Mapped[str] = mapped_column(sa.Text)
    categories: Mapped[list[Any]] = mapped_column(default=list)
    attribute_names: Mapped[list[Any]] = mapped_column(default=list)
    actions: Mapped[list[Any]] = mapped_column(default=list)
    seen_at: Mapped[datetime]

    listing: Mapped[Listing] = relationship(back_populates="issues")
