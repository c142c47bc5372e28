"""The port: how this shop's products and orders look to the Amazon channel.

What one table of products can answer, `SQLAlchemyShop` answers.  What differs from shop to shop is here: orders,
a record of every change of stock, exchange rates.  Nothing here commits: the channel does, or rolls it all back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from example_store.models import (
    CATEGORIES,
    Customer,
    ExchangeRate,
    Order,
    OrderLine,
    OrderNote,
    OrderStatus,
    Product,
    StockMovement,
)
from flask_amazon_channel import (
    Address,
    Buyer,
    FulfilledBy,
    NewShopOrder,
    OrderChange,
    OrderChangeKind,
    ShopAttribute,
    SQLAlchemyShop,
    StockCause,
)
from flask_amazon_channel.rules.values import CustomerPolicy

CURRENCY = "USD"


class ExampleShop(SQLAlchemyShop):
    """Fjellstad & Sons."""

    def __init__(self) -> None:
        super().__init__(
            Product,
            currency=CURRENCY,
            sku=Product.sku,
            title=Product.title,
            price=Product.price,
            quantity=Product.stock,
            identifiers={"asin": Product.asin, "ean": Product.ean, "isbn": Product.isbn},
            prices={"cost": Product.cost, "list_price": Product.list_price},
            attributes={
                "category": Product.category,
                "brand": Product.brand,
                "hold_price": Product.hold_price,
            },
            sale_price=Product.sale_price,
            sale_from=Product.sale_from,
            sale_until=Product.sale_until,
            condition=Product.condition,
            enabled=Product.enabled,
            kind=Product.kind,
            brand=Product.brand,
            description=Product.description,
        )

    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        """Book the change and write it down; the same ledger entry cannot be written twice."""
        quantity = super().change_stock(product_id, delta, cause, storefront)
        self.session.add(
            StockMovement(
                product_id=int(product_id),
                delta=delta,
                cause=f"Amazon {cause.amazon_order_id}: {cause.kind}",
                reference=f"amazon:{cause.ledger_id}",
            )
        )
        return quantity

    def create_order(self, order: NewShopOrder) -> str:
        """Write the order down as one that is paid.  Orders that Amazon fulfils have left already."""
        sent = order.fulfilled_by is FulfilledBy.AMAZON
        created = Order(
            source="amazon",
            external_number=order.amazon_order_id,
            status=OrderStatus.SHIPPED if sent else _known_status(order.status),
            created_at=order.purchased_at,
            ship_by=order.ship_by,
            customer=self._customer(order),
            currency=order.currency,
            items_total=order.totals.items,
            shipping_total=order.totals.shipping,
            other_total=order.totals.gift_wrap + order.totals.other,
            tax_total=order.totals.tax,
            discount_total=order.totals.discount,
            grand_total=order.totals.grand_total,
            payment=order.payment_label,
            shipping_service=order.shipping_service,
            lines=[
                OrderLine(
                    external_id=line.id,
                    product_id=int(line.product_id) if line.product_id else None,
                    sku=line.sku,
                    title=line.title,
                    quantity=line.quantity,
                    shipped=line.quantity if sent else 0,
                    cancelled=0,
                    unit_price=line.unit_price,
                )
                for line in order.lines
            ],
            notes=[OrderNote(text=f"Gift message: {order.gift_message}")] if order.gift_message else [],
        )
        if order.number:
            created.number = order.number
        _write_person(created, order.buyer, order.address)
        self.session.add(created)
        self.session.flush()
        return str(created.id)

    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        """Follow what happened at Amazon, as far as something of the order is left to ship or to cancel."""
        order = self.session.get(Order, int(shop_order_id))
        if order is None:
            raise LookupError(f"The shop has no order {shop_order_id}.")
        match change.kind:
            case OrderChangeKind.CANCELLED | OrderChangeKind.LINES_CANCELLED:
                for line, quantity in _lines(order, change):
                    line.cancelled += quantity
                order.settle_status()
            case OrderChangeKind.SHIPPED:
                for line, quantity in _lines(order, change):
                    line.shipped += quantity
                order.settle_status()
            case OrderChangeKind.ADDRESS_CHANGED:
                _write_person(order, change.buyer, change.address)
        if change.note:
            order.notes.append(OrderNote(text=change.note))
        self.session.flush()

    def attributes(self) -> Sequence[ShopAttribute]:
        """Offer the categories by name, so that nobody has to type them."""
        return [
            replace(each, type="choice", choices=tuple(CATEGORIES)) if each.name == "category" else each
            for each in super().attributes()
        ]

    def product_url(self, product_id: str) -> str:
        return _path("office.product", product_id=int(product_id))

    def order_url(self, shop_order_id: str) -> str:
        return _path("office.order", order_id=int(shop_order_id))

    def exchange_rate(self, from_currency: str, to_currency: str) -> Decimal | None:
        """Return the newest rate; between two foreign currencies by way of the dollar."""
        one, other = _per_dollar(self.session, from_currency), _per_dollar(self.session, to_currency)
        return other / one if one and other else None

    def _customer(self, order: NewShopOrder) -> Customer | None:
        """Find or make the account of the buyer, where the store wants one and Amazon says who it is."""
        if order.customer is not CustomerPolicy.NEW or order.buyer is None or not order.buyer.email:
            return None
        known = self.session.scalar(select(Customer).where(Customer.email == order.buyer.email))
        return known or Customer(email=order.buyer.email, name=order.buyer.name)


def _known_status(wanted: str | None) -> OrderStatus:
    """Return the status that the store's settings ask for, if the shop has it."""
    return OrderStatus(wanted) if wanted in set(OrderStatus) else OrderStatus.PROCESSING


def _lines(order: Order, change: OrderChange) -> list[tuple[OrderLine, int]]:
    """Return the lines that a change concerns and how many of each: all that is left where it names none."""
    if not change.lines:
        return [(line, line.open_quantity) for line in order.lines]
    named = [(line, change.lines.get(line.external_id or "", 0)) for line in order.lines]
    return [(line, min(quantity, line.open_quantity)) for line, quantity in named]


def _write_person(order: Order, buyer: Buyer | None, address: Address | None) -> None:
    """Write down what Amazon gives; what it withholds stays as it is."""
    if buyer is not None:
        order.buyer_name, order.buyer_email = buyer.name, buyer.email
    if address is not None:
        order.ship_to, order.company, order.phone = address.name, address.company, address.phone
        order.street = "\n".join([*address.lines, *filter(None, [address.district])])
        order.city, order.state = address.city, address.state
        order.postal_code, order.country_code = address.postal_code, address.country_code


def _per_dollar(session: Session, currency: str) -> Decimal | None:
    if currency == CURRENCY:
        return Decimal(1)
    newest = select(ExchangeRate.rate).filter_by(currency=currency).order_by(ExchangeRate.day.desc()).limit(1)
    return session.scalar(newest)


def _path(endpoint: str, **values: int) -> str:
    """Return the path of a page, in a worker too, where no request says how the shop is reached."""
    root = current_app.config["APPLICATION_ROOT"]
    return current_app.url_map.bind("localhost", script_name=root).build(endpoint, values)
