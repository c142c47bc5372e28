"""A host as small as can be: one model of products, orders with lines, and a shop that keeps to the port."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from flask_amazon_channel import AmazonChannel, NewShopOrder, OrderChange, OrderChangeKind, Shop, SQLAlchemyShop


class Base(DeclarativeBase):
    """The base of the models."""


db = SQLAlchemy(model_class=Base)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Article(Base):
    """A product with most of what a shop may keep about one, some of it in unfortunate types."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(sa.String(40), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200), default="An article")
    price: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2), default=Decimal("10.00"))
    cost: Mapped[float | None] = mapped_column(sa.Double)
    stock: Mapped[int | None]
    ean: Mapped[int | None] = mapped_column(sa.BigInteger)
    kind: Mapped[str | None] = mapped_column(sa.String(20))
    colour: Mapped[Colour | None]
    heavy: Mapped[bool] = mapped_column(default=False)
    sale_from: Mapped[datetime | None] = mapped_column(sa.DateTime)
    sale_until: Mapped[date | None]
    picture: Mapped[str | None] = mapped_column(sa.String(200))


class Book(Base):
    """A product with a UUID."""

    __tablename__ = "book"

    id: Mapped[UUID] = mapped_column(sa.Uuid, primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(sa.String(200))
    copies: Mapped[int] = mapped_column(default=0)


class Record(Base):
    """A product whose key is text."""

    __tablename__ = "record"

    number: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200))


class Order(Base):
    """A shop order."""

    __tablename__ = "customer_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(sa.String(20), default="new")
    name: Mapped[str | None] = mapped_column(sa.String(100))
    lines: Mapped[list[Line]] = relationship(cascade="all, delete-orphan")


class Line(Base):
    """A line of it."""

    __tablename__ = "customer_order_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("customer_order.id"))
    reference: Mapped[str | None] = mapped_column(sa.String(40))
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id"))
    quantity: Mapped[int]


class GoodShop(SQLAlchemyShop):
    """Keeps to the port."""

    def __init__(self, **columns: Any) -> None:
        columns = {
            "currency": "EUR",
            "sku": Article.sku,
            "title": Article.title,
            "price": Article.price,
            "quantity": Article.stock,
            "identifiers": {"ean": Article.ean},
            "prices": {"cost": Article.cost},
            "attributes": {"colour": Article.colour, "heavy": Article.heavy, "kind": Article.kind},
            "kind": Article.kind,
            "sale_from": Article.sale_from,
            "sale_until": Article.sale_until,
            "image_urls": Article.picture,
            **columns,
        }
        super().__init__(Article, **columns)

    def create_order(self, order: NewShopOrder) -> str:
        row = Order(name=order.buyer.name if order.buyer else None)
        for line in order.lines:
            key = int(line.product_id) if line.product_id else None
            row.lines.append(Line(reference=line.id, article_id=key, quantity=line.quantity))
        self.session.add(row)
        self.session.flush()
        return str(row.id)

    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        order = self.session.get_one(Order, int(shop_order_id))
        if change.kind in (OrderChangeKind.SHIPPED, OrderChangeKind.CANCELLED):
            order.status = change.kind


def create_app(database_uri: str, shop: Shop) -> Flask:
    """Make the host, with its tables and a few articles; the channel's tables are made by its own command."""
    app = Flask("small_host")
    app.config.update(TESTING=True, SECRET_KEY="for tests", SQLALCHEMY_DATABASE_URI=database_uri)
    db.init_app(app)
    AmazonChannel(app, db=db, shop=shop)
    with app.app_context():
        db.create_all()
        db.session.add_all(articles())
        db.session.commit()
    return app


def articles() -> list[Article]:
    plain = [Article(sku=f"A-{number}", stock=number, ean=4006381333900 + number) for number in range(1, 8)]
    return [*plain, Article(sku="UNMANAGED", stock=None), Article(sku="OWED", stock=-2)]
