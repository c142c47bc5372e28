"""What the shop stores."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, Numeric, String, UniqueConstraint, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

MAIN, OUTLET = "main", "outlet"


class Base(DeclarativeBase):
    """The base of the shop's models."""


db = SQLAlchemy(model_class=Base)


class Parent(Base):
    """A garment: it has the price, and is sold in variants.  `hidden_in` is a storefront that does not sell it."""

    __tablename__ = "garment"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    brand: Mapped[str] = mapped_column(String(80))
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    hidden_in: Mapped[str | None] = mapped_column(String(20))

    variants: Mapped[list[Variant]] = relationship(back_populates="parent")
    storefront_prices: Mapped[list[StorefrontPrice]] = relationship()


class Variant(Base):
    """A garment in a size: what the channel takes for a product."""

    __tablename__ = "garment_variant"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    parent_id: Mapped[int] = mapped_column(ForeignKey("garment.id"), index=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    ean: Mapped[str | None] = mapped_column(String(14), index=True)
    size: Mapped[str] = mapped_column(String(8))
    on_sale: Mapped[bool] = mapped_column(default=True)

    parent: Mapped[Parent] = relationship(back_populates="variants")
    stock: Mapped[list[StockLevel]] = relationship()


class StockLevel(Base):
    """The stock of a variant in a warehouse.  What is allocated is promised to buyers, and still on the shelf."""

    __tablename__ = "stock_level"
    __table_args__ = (UniqueConstraint("variant_id", "warehouse"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("garment_variant.id"))
    warehouse: Mapped[str] = mapped_column(String(20))
    on_hand: Mapped[int] = mapped_column(default=0)
    allocated: Mapped[int] = mapped_column(default=0)


class StorefrontPrice(Base):
    """What a garment costs in one storefront, where that differs."""

    __tablename__ = "storefront_price"

    parent_id: Mapped[int] = mapped_column(ForeignKey("garment.id"), primary_key=True)
    storefront: Mapped[str] = mapped_column(String(20), primary_key=True)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))


class Order(Base):
    """A shop order."""

    __tablename__ = "sale"

    id: Mapped[int] = mapped_column(primary_key=True)
    amazon_order_id: Mapped[str] = mapped_column(String(30))
    status: Mapped[str] = mapped_column(String(20), default="open")
    recipient: Mapped[str | None] = mapped_column(String(200))
    total: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    notes: Mapped[str] = mapped_column(String(1000), default="")

    lines: Mapped[list[OrderLine]] = relationship(order_by="OrderLine.id", cascade="all, delete-orphan")


class OrderLine(Base):
    """A line of it.  `reference` is Amazon's id of the line."""

    __tablename__ = "sale_line"
    __table_args__ = (UniqueConstraint("order_id", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("sale.id"))
    reference: Mapped[str] = mapped_column(String(40))
    variant_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("garment_variant.id"))
    description: Mapped[str] = mapped_column(String(300))
    quantity: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
