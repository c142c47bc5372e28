"""What is to be sent, and what was sent: aspects and submissions; where reading has come to: streams and slots."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flask_amazon_channel.models.base import Base, BigId, Id, Numbered, Sentence, in_words
from flask_amazon_channel.models.due import Due
from flask_amazon_channel.models.feeds import Feed
from flask_amazon_channel.models.listings import Listing, Sku


class AspectName(StrEnum):
    """What one patch carries, and nothing else with it."""

    QUANTITY = "quantity"
    PRICE = "price"


class Aspect(Due, Base):
    """The work on one aspect: the quantity of a SKU, or the price of a listing.

    `drastic_at` is when it was last about to change a lot; while that waits, `drastic_value` is where to.
    `released_value` is what a person let through.  Both in units, or in the currency's smallest unit.

    `verified_value` is the last one of ours that Amazon showed.  `drift_since` is when it was first seen that Amazon
    shows another, though the shop still wants that one.
    """

    __tablename__ = "amazon_aspect"
    __table_args__ = (
        sa.UniqueConstraint("sku_id", "name"),
        sa.UniqueConstraint("listing_id", "name"),
        in_words("name", AspectName, "name"),
        sa.CheckConstraint(
            "(name = 'quantity' AND sku_id IS NOT NULL AND listing_id IS NULL)"
            " OR (name <> 'quantity' AND sku_id IS NULL AND listing_id IS NOT NULL)",
            name="subject",
        ),
        sa.Index(
            "ix_amazon_aspect_drastic",
            "account_id",
            "name",
            "drastic_at",
            sqlite_where=sa.text("drastic_at IS NOT NULL"),
            postgresql_where=sa.text("drastic_at IS NOT NULL"),
        ),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_seller_account.id"), index=True)
    sku_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_sku.id"))
    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_listing.id"))
    name: Mapped[str] = mapped_column(sa.String(16))
    drastic_at: Mapped[datetime | None]
    drastic_value: Mapped[int | None] = mapped_column(sa.BigInteger)
    released_value: Mapped[int | None] = mapped_column(sa.BigInteger)
    verified_value: Mapped[int | None] = mapped_column(sa.BigInteger)
    verified_at: Mapped[datetime | None]
    drift_since: Mapped[datetime | None]

    sku: Mapped[Sku | None] = relationship()
    listing: Mapped[Listing | None] = relationship()


class SubmissionState(StrEnum):
    """How a submission stands.  INTENT and UNKNOWN are open; ACCEPTED is a receipt; LIVE was read back.

    NOT_APPLIED: Amazon accepted it again and again, and never showed it.
    """

    INTENT = "intent"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    NOT_APPLIED = "not_applied"
    LIVE = "live"
    INVALID = "invalid"
    LOST = "lost"
    SUPERSEDED = "superseded"


class Submission(Numbered, Base):
    """One patch: stored before it leaves, and completed with Amazon's answer.

    `open_aspect_id` is the aspect while nobody knows the outcome and NULL afterwards; that it is unique means that an
    aspect never has two open submissions.

    One that travels in a feed stays INTENT until the feed has reported.  Its `message_id` is the number of its SKU, so
    that a feed's message ids are unique also means that a feed names a SKU once.  `overtook_id` is the aspect's newest
    submission when a feed reported that was left behind: the feed may have overwritten it and all before it.

    `before` is what Amazon showed when it was stored, in units or in the currency's smallest unit.

    `attempt` is how often the same was sent before and accepted without being shown, `first_sent_at` when first.
    `against_drift`: it was sent because somebody else had changed the value at Amazon.
    """

    __tablename__ = "amazon_submission"
    __table_args__ = (
        sa.UniqueConstraint("open_aspect_id"),
        sa.UniqueConstraint("feed_id", "message_id"),
        sa.CheckConstraint("(feed_id IS NULL) = (message_id IS NULL)", name="message"),
        in_words("state", SubmissionState, "state"),
        sa.CheckConstraint(
            "(open_aspect_id IS NOT NULL AND state IN ('intent', 'unknown'))"
            " OR (open_aspect_id IS NULL AND state NOT IN ('intent', 'unknown'))",
            name="open",
        ),
        sa.CheckConstraint("quantity IS NULL OR (quantity >= 0 AND quantity <= sellable)", name="quantity"),
        sa.CheckConstraint("price_minor IS NULL OR price_minor > 0", name="price"),
        sa.Index(
            "ix_amazon_submission_trouble",
            "state",
            "id",
            sqlite_where=sa.text("state IN ('invalid', 'not_applied')"),
            postgresql_where=sa.text("state IN ('invalid', 'not_applied')"),
        ),
    )

    aspect_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_aspect.id"), index=True)
    open_aspect_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("amazon_aspect.id"))
    generation: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(sa.String(16), default=SubmissionState.INTENT)
    marketplace_id: Mapped[str] = mapped_column(Id)
    quantity: Mapped[int | None]
    sellable: Mapped[int | None]
    price_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    before: Mapped[int | None] = mapped_column(sa.BigInteger)
    patches: Mapped[list[Any]]
    feed_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("amazon_feed.id"))
    message_id: Mapped[int | None] = mapped_column(BigId)
    overtook_id: Mapped[int | None] = mapped_column(BigId)
    amazon_submission_id: Mapped[str | None] = mapped_column(Id)
    request_id: Mapped[str | None] = mapped_column(sa.String(100))
    problem: Mapped[str | None] = mapped_column(Sentence(1000))
    created_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    first_sent_at: Mapped[datetime | None]
    against_drift: Mapped[bool] = mapped_column(default=False)

    aspect: Mapped[Aspect] = relationship(foreign_keys=[aspect_id])
    feed: Mapped[Feed | None] = relationship()

    @property
    def via(self) -> str:
        return "patch" if self.feed_id is None else "feed"

    @property
    def waits_for_feed(self) -> bool:
        """Whether only the report of its feed can say what became of it."""
        return self.feed_id is not None and self.state == SubmissionState.INTENT


class StreamName(StrEnum):
    """What is read continually.

    Of an account: its orders, and the report of all of them that shows what was missed.  Of a store: the listings that
    changed, the report of all of them, the shop's catalogue (products that have no listing yet), and the shop's
    products that have one (what changed without anybody seeing it).  Of a store that is being deleted: what is left of
    it.
    """

    ORDERS = "orders"
    ORDERS_REPORT = "orders_report"
    LISTINGS = "listings"
    LISTINGS_REPORT = "listings_report"
    CATALOGUE = "catalogue"
    PRODUCTS = "products"
    DELETION = "deletion"


class Stream(Due, Base):
    """How far something was read.  `position` moves only when everything before it is stored.

    A reading that takes longer than one visit goes on where it stopped: `paging` says where (Amazon's page token and
    what it belongs to, or the last id of a walk), after `rows_done` rows of `rows_known`, of which `rows_new` were new
    to us.  `rows_seen` is how many rows the last complete reading had, `rows_refused` how many the report had that was
    not believed since.
    """

    __tablename__ = "amazon_stream"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "name"),
        sa.UniqueConstraint("store_id", "name"),
        in_words("name", StreamName, "name"),
        sa.CheckConstraint(
            "(name IN ('orders', 'orders_report') AND account_id IS NOT NULL AND store_id IS NULL)"
            " OR (name NOT IN ('orders', 'orders_report') AND account_id IS NULL AND store_id IS NOT NULL)",
            name="subject",
        ),
    )

    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id"))
    name: Mapped[str] = mapped_column(sa.String(16))
    position: Mapped[datetime | None]
    complete_at: Mapped[datetime | None]
    report_id: Mapped[str | None] = mapped_column(Id)
    report_asked_at: Mapped[datetime | None]
    paging: Mapped[dict[str, Any] | None]
    rows_done: Mapped[int] = mapped_column(default=0, server_default="0")
    rows_known: Mapped[int | None]
    rows_new: Mapped[int] = mapped_column(default=0, server_default="0")
    rows_seen: Mapped[int | None]
    rows_refused: Mapped[int | None]


class Slot(Base):
    """When a timed job runs next.  Whoever moves `next_run` runs it, so several timetables do no harm."""

    __tablename__ = "amazon_slot"

    name: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    next_run: Mapped[datetime]
    last_run: Mapped[datetime | None]


class ProductChange(Numbered, Base):
    """A product of the shop changed: written in the shop's own transaction, and only ever added and deleted.

    `product_id` is `*` where nobody knows which products changed: all of them are looked at again.
    """

    __tablename__ = "amazon_product_change"

    product_id: Mapped[str] = mapped_column(sa.String(191))


EVERY_PRODUCT = "*"
