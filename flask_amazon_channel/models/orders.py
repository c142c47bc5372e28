"""Amazon's orders, their effect on the shop's stock, and the packages that the shop sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flask_amazon_channel.encryption import Keyring, Secret
from flask_amazon_channel.models.accounts import SellerAccount, Store
from flask_amazon_channel.models.base import Base, BigId, ExactText, Id, Numbered, in_words
from flask_amazon_channel.models.due import Due
from flask_amazon_channel.rules.phrases import given_back
from flask_amazon_channel.rules.values import FulfilledBy, StockChange


class AmazonOrder(Due, Base):
    """An order as its newest complete snapshot showed it, and the shop order that stands for it.

    It is due while something is still to be done in the shop; `problem` says why it was not.
    """

    __tablename__ = "amazon_order"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "amazon_order_id"),
        sa.UniqueConstraint("shop_order_id"),
        in_words("fulfilled_by", FulfilledBy, "fulfilled_by"),
        sa.Index("ix_amazon_order_purchased", "store_id", "purchased_at", "id"),
        # All that the sales figures read, so that no row is fetched for them.
        sa.Index("ix_amazon_order_sales", "store_id", "purchased_at", "status", "currency", "total_minor"),
        sa.Index("ix_amazon_order_updated", "account_id", "updated_at"),
        sa.Index("ix_amazon_order_ship_by", "status", "ship_by"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id"))
    amazon_order_id: Mapped[str] = mapped_column(Id, index=True)
    marketplace_id: Mapped[str] = mapped_column(Id)
    status: Mapped[str] = mapped_column(sa.String(32))
    fulfilled_by: Mapped[str] = mapped_column(sa.String(16))
    purchased_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    fetched_at: Mapped[datetime]
    ship_by: Mapped[datetime | None]
    deliver_by: Mapped[datetime | None]
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    total_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    details: Mapped[dict[str, Any]]
    has_stock_effect: Mapped[bool] = mapped_column(default=True)
    wants_shop_order: Mapped[bool] = mapped_column(default=True)
    shop_order_id: Mapped[str | None] = mapped_column(sa.String(191))
    imported_at: Mapped[datetime | None]
    shop_cancelled_at: Mapped[datetime | None]
    cancellation_requested_at: Mapped[datetime | None]
    oversold_at: Mapped[datetime | None]

    account: Mapped[SellerAccount] = relationship(viewonly=True)
    store: Mapped[Store | None] = relationship(viewonly=True)
    items: Mapped[list[AmazonOrderItem]] = relationship(back_populates="order", order_by="AmazonOrderItem.id")
    packages: Mapped[list[Package]] = relationship(back_populates="order", order_by="Package.reference")
    person: Mapped[OrderPerson | None] = relationship()

    @property
    def totals_differ(self) -> str | None:
        """Which of Amazon's sums do not add up, as a sentence; None where all do, or nobody knows."""
        found: str | None = given_back(self.details.get("totals_differ"))
        return found

    def __repr__(self) -> str:
        return f"<AmazonOrder {self.amazon_order_id}>"


class AmazonOrderItem(Numbered, Base):
    """A line.  `sold` is what Amazon sold and should be booked, `posted` what the ledger has booked so far.

    `in_shop_order` is how many units the shop order has of it.
    """

    __tablename__ = "amazon_order_item"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "order_item_id"),
        sa.CheckConstraint("quantity_ordered >= 0 AND sold >= 0 AND posted >= 0", name="quantities"),
        sa.Index("ix_amazon_order_item_product", "product_id", "sold", "posted"),
    )

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_order.id"))
    order_item_id: Mapped[str] = mapped_column(Id)
    sku: Mapped[str | None] = mapped_column(ExactText(100), index=True)
    asin: Mapped[str | None] = mapped_column(sa.String(16))
    title: Mapped[str] = mapped_column(sa.String(500))
    product_id: Mapped[str | None] = mapped_column(sa.String(191))
    quantity_ordered: Mapped[int]
    fulfilled: Mapped[int | None]
    unfulfilled: Mapped[int | None]
    sold: Mapped[int] = mapped_column(default=0)
    posted: Mapped[int] = mapped_column(default=0)
    in_shop_order: Mapped[int] = mapped_column(default=0)
    unit_price_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    tax_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    discount_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    order: Mapped[AmazonOrder] = relationship(back_populates="items")
    ledger: Mapped[list[StockEntry]] = relationship(viewonly=True, order_by="StockEntry.sequence")


class OrderPerson(Base):
    """Buyer and address of an order, encrypted, in a table of their own that is emptied when their time is over."""

    __tablename__ = "amazon_order_person"

    order_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("amazon_order.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    purge_at: Mapped[datetime] = mapped_column(index=True)

    @staticmethod
    def _binding(order: AmazonOrder) -> tuple[str, ...]:
        return ("amazon_order_person", str(order.account_id), order.amazon_order_id)

    def keep(self, keys: Keyring, order: AmazonOrder, text: str) -> None:
        self.sealed = keys.seal(text, *self._binding(order))

    def open(self, keys: Keyring, order: AmazonOrder) -> Secret:
        return keys.open(self.sealed, *self._binding(order))


class StockEntry(Numbered, Base):
    """One booking on the shop's stock: only ever added.  `delta` is what the shop's stock changed by."""

    __tablename__ = "amazon_stock_ledger"
    __table_args__ = (
        sa.UniqueConstraint("order_item_id", "sequence"),
        in_words("kind", StockChange, "kind"),
        sa.CheckConstraint("delta <> 0", name="delta"),
    )

    order_item_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_order_item.id"))
    sequence: Mapped[int]
    product_id: Mapped[str] = mapped_column(sa.String(191), index=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    delta: Mapped[int]
    created_at: Mapped[datetime]

    item: Mapped[AmazonOrderItem] = relationship(viewonly=True)


class Package(Due, Base):
    """A package that the shop sent.  It is due until Amazon shows it; `reference` is its number within the order.

    `deadline_told` is how many hours ahead of its deadline a person was told of it last.
    """

    __tablename__ = "amazon_package"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "reference"),
        sa.UniqueConstraint("order_id", "shop_package"),
        sa.CheckConstraint("reference > 0", name="reference"),
    )

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_order.id"))
    reference: Mapped[int]
    shop_package: Mapped[str] = mapped_column(sa.String(191))
    carrier_code: Mapped[str] = mapped_column(sa.String(64))
    carrier_name: Mapped[str | None] = mapped_column(sa.String(120))
    tracking_number: Mapped[str] = mapped_column(sa.String(120))
    shipped_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    deadline_told: Mapped[int | None]

    order: Mapped[AmazonOrder] = relationship(back_populates="packages")
    items: Mapped[list[PackageItem]] = relationship(back_populates="package", cascade="all, delete-orphan")


class PackageItem(Base):
    """How much of a line is in a package."""

    __tablename__ = "amazon_package_item"
    __table_args__ = (sa.CheckConstraint("quantity > 0", name="quantity"),)

    package_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("amazon_package.id"), primary_key=True)
    order_item_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("amazon_order_item.id"), primary_key=True)
    quantity: Mapped[int]

    package: Mapped[Package] = relationship(back_populates="items")
    item: Mapped[AmazonOrderItem] = relationship()
