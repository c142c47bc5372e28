"""Customers, their orders and what was shipped."""

from __future__ import annotations

import secrets
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from example_store.database import Base, UTCDateTime, utc_now
from example_store.models.products import Product

# Without letters and digits that look alike on a packing slip.
NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class OrderStatus(StrEnum):
    """Where an order is."""

    NEW = "new"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


def new_order_number() -> str:
    """Return a number of the shop's own: random, so that it does not tell how many orders there are."""
    return "FS-" + "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))


class Customer(Base):
    """Somebody with an account at the shop."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)


class Order(Base):
    """An order, the shop's own (`source` is "shop") or another channel's, which it knows by `external_number`.

    Who bought and where it goes may be unknown: another channel may withhold it.
    """

    __tablename__ = "shop_order"
    __table_args__ = (UniqueConstraint("source", "external_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(60), unique=True, default=new_order_number)
    source: Mapped[str] = mapped_column(String(20), default="shop")
    external_number: Mapped[str | None] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(20), default=OrderStatus.NEW, index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    ship_by: Mapped[datetime | None] = mapped_column(UTCDateTime)

    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    buyer_name: Mapped[str | None] = mapped_column(String(200))
    buyer_email: Mapped[str | None] = mapped_column(String(200))
    ship_to: Mapped[str | None] = mapped_column(String(200))
    company: Mapped[str | None] = mapped_column(String(200))
    street: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str | None] = mapped_column(String(120))
    postal_code: Mapped[str | None] = mapped_column(String(30))
    country_code: Mapped[str | None] = mapped_column(String(2))
    phone: Mapped[str | None] = mapped_column(String(60))

    currency: Mapped[str] = mapped_column(String(3))
    items_total: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    shipping_total: Mapped[Decimal] = mapped_column(Numeric(12, 2), default=Decimal(0))
    other_total: Mapped[Decimal] = mapped_column(Numeric(12, 2), default=Decimal(0))
    tax_total: Mapped[Decimal] = mapped_column(Numeric(12, 2), default=Decimal(0))
    discount_total: Mapped[Decimal] = mapped_column(Numeric(12, 2), default=Decimal(0))
    grand_total: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    payment: Mapped[str] = mapped_column(String(60), default="Invoice")
    shipping_service: Mapped[str | None] = mapped_column(String(100))

    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.id")
    notes: Mapped[list[OrderNote]] = relationship(order_by="OrderNote.id")
    shipments: Mapped[list[Shipment]] = relationship(back_populates="order", order_by="Shipment.id")
    customer: Mapped[Customer | None] = relationship()

    @property
    def open_lines(self) -> list[OrderLine]:
        return [line for line in self.lines if line.open_quantity > 0]

    @property
    def is_open(self) -> bool:
        return bool(self.open_lines)

    @property
    def address_is_known(self) -> bool:
        return self.street is not None or self.city is not None

    def settle_status(self) -> None:
        """Set the status that follows from the lines: nothing left to ship means shipped, or cancelled."""
        if any(line.open_quantity for line in self.lines):
            self.status = OrderStatus.PROCESSING
        elif any(line.shipped for line in self.lines):
            self.status = OrderStatus.SHIPPED
        else:
            self.status = OrderStatus.CANCELLED


class OrderLine(Base):
    """One product of an order.  SKU, title and price are copies: the product may change or go."""

    __tablename__ = "shop_order_line"
    __table_args__ = (UniqueConstraint("order_id", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    external_id: Mapped[str | None] = mapped_column(String(60))
    sku: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(500))
    unit_price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    quantity: Mapped[int]
    shipped: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)

    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product | None] = relationship()

    @property
    def open_quantity(self) -> int:
        return max(0, self.quantity - self.shipped - self.cancelled)

    @property
    def total(self) -> Decimal:
        return self.unit_price * self.quantity


class Shipment(Base):
    """One package."""

    __tablename__ = "shipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    carrier: Mapped[str] = mapped_column(String(60))
    tracking_number: Mapped[str | None] = mapped_column(String(100))
    shipped_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)

    order: Mapped[Order] = relationship(back_populates="shipments")
    lines: Mapped[list[ShipmentLine]] = relationship(order_by="ShipmentLine.id")


class ShipmentLine(Base):
    """How many of an order line are in a package."""

    __tablename__ = "shipment_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipment.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("shop_order_line.id"), index=True)
    quantity: Mapped[int]

    order_line: Mapped[OrderLine] = relationship()


class OrderNote(Base):
    """A remark for the people of the shop; the buyer never sees it."""

    __tablename__ = "order_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
