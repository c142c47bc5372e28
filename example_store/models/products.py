"""Products, the movements of their stock, and the exchange rates for selling abroad."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, Date, ForeignKey, Integer, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from example_store.database import Base, UTCDateTime, utc_now

CATEGORIES = {
    "books": "Books",
    "camping": "Camping",
    "kitchen": "Kitchen",
    "stationery": "Stationery",
    "gifts": "Gifts",
}


class Product(Base):
    """Something that the shop sells, in US dollars.

    `stock` may fall below zero: what was sold elsewhere at the same moment is owed to the buyer.
    New and used copies of a book share an EAN, so it is not unique.
    """

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    brand: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="simple")
    condition: Mapped[str] = mapped_column(String(40), default="New")
    enabled: Mapped[bool] = mapped_column(Boolean, default=True)
    stock: Mapped[int] = mapped_column(Integer, default=0)

    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    cost: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    list_price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    sale_price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    sale_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sale_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hold_price: Mapped[bool] = mapped_column(Boolean, default=False)
    """The publisher or maker forbids another price for now: no new price leaves the shop."""

    ean: Mapped[str | None] = mapped_column(String(13), index=True)
    isbn: Mapped[str | None] = mapped_column(String(17), index=True)
    asin: Mapped[str | None] = mapped_column(String(10), index=True)

    def price_at(self, moment: datetime) -> Decimal:
        """Return what the product costs at that moment: the sale price while the sale lasts."""
        if self.sale_price is None:
            return self.price
        begun = self.sale_from is None or self.sale_from <= moment
        over = self.sale_until is not None and self.sale_until <= moment
        return self.sale_price if begun and not over else self.price


class StockMovement(Base):
    """One change of a product's stock.  The unique reference keeps a cause from being booked twice."""

    __tablename__ = "stock_movement"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    delta: Mapped[int]
    cause: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str | None] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)

    product: Mapped[Product] = relationship()


class ExchangeRate(Base):
    """How much of a currency one US dollar bought on a day."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    day: Mapped[date] = mapped_column(Date)
    rate: Mapped[Decimal] = mapped_column(Numeric(18, 6))
