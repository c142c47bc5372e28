"""What happens to orders: placed, shipped, cancelled.  Nothing here commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from example_store import stock
from example_store.models import Order, OrderLine, OrderNote, OrderStatus, Product, Shipment, ShipmentLine


class NotPossible(Exception):
    """The order cannot be placed, shipped or cancelled so.  The text tells the person why."""


@dataclass(frozen=True)
class Destination:
    """Who buys and where it goes."""

    name: str
    email: str
    street: str
    city: str
    postal_code: str
    country_code: str
    state: str | None = None


def place_order(
    session: Session,
    product: Product,
    quantity: int,
    destination: Destination,
    shipping: Decimal,
    now: datetime,
) -> Order:
    """Take the stock and write the order down."""
    if not product.enabled:
        raise NotPossible(f"{product.title} is not for sale at the moment.")
    if not stock.take(session, product.id, quantity, "Sold in the shop"):
        session.refresh(product)
        left = max(0, product.stock)
        raise NotPossible(f"Only {left} left of {product.title}." if left else f"{product.title} has just sold out.")
    unit_price = product.price_at(now)
    order = Order(
        currency="USD",
        created_at=now,
        buyer_name=destination.name,
        buyer_email=destination.email,
        ship_to=destination.name,
        street=destination.street,
        city=destination.city,
        state=destination.state,
        postal_code=destination.postal_code,
        country_code=destination.country_code,
        items_total=unit_price * quantity,
        shipping_total=shipping,
        grand_total=unit_price * quantity + shipping,
        lines=[
            OrderLine(
                product_id=product.id,
                sku=product.sku,
                title=product.title,
                unit_price=unit_price,
                quantity=quantity,
            )
        ],
    )
    session.add(order)
    session.flush()
    return order


def ship_order(
    session: Session, order: Order, carrier: str, tracking_number: str | None, quantities: Mapping[int, int]
) -> Shipment:
    """Put these quantities, by order line id, into one package."""
    chosen = _chosen_lines(order, quantities)
    shipment = Shipment(order=order, carrier=carrier, tracking_number=tracking_number, lines=[])
    for line, quantity in chosen:
        line.shipped += quantity
        shipment.lines.append(ShipmentLine(order_line=line, quantity=quantity))
    order.settle_status()
    session.add(shipment)
    session.flush()
    return shipment


def cancel_order(session: Session, order: Order, reason: str) -> None:
    """Cancel what has not been shipped, and put it back on the shelf.

    Another channel's order is cancelled there, and the shop hears of it: the marketplace tells and refunds the
    buyer, and what comes back to stock is what it really cancelled.
    """
    if order.source != "shop":
        raise NotPossible("Cancel this order where the buyer placed it; the shop follows.")
    for line, quantity in _chosen_lines(order, {line.id: line.open_quantity for line in order.open_lines}):
        line.cancelled += quantity
        if line.product_id is not None:
            stock.book(session, line.product_id, quantity, f"Cancelled: {order.number}", f"cancel-line:{line.id}")
    order.settle_status()
    order.notes.append(OrderNote(text=f"Cancelled: {reason}"))
    session.flush()


def _chosen_lines(order: Order, quantities: Mapping[int, int]) -> list[tuple[OrderLine, int]]:
    if order.status == OrderStatus.CANCELLED:
        raise NotPossible("This order is cancelled.")
    chosen = [(line, quantities.get(line.id, 0)) for line in order.lines if quantities.get(line.id, 0) > 0]
    if not chosen:
        raise NotPossible("Nothing is left to do on this order." if not order.is_open else "Choose at least one item.")
    for line, quantity in chosen:
        if quantity > line.open_quantity:
            raise NotPossible(f"Only {line.open_quantity} of {line.title} are left to ship.")
    return chosen
