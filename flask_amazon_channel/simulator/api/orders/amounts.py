"""What an order brings, as Orders 2026-01-01 breaks it down.

Assumed: An order is paid at once and as a whole by one means of payment.
"""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.marketplaces import money
from flask_amazon_channel.simulator.state.orders import Order, OrderItem

_DETAILED = ("TAX", "DISCOUNT")


def item_amounts(item: OrderItem) -> dict[str, Decimal]:
    """The signed parts of what the buyer pays for a line."""
    if item.cancelled_by:
        return {"ITEM": Decimal(item.price) * item.shipped}
    amounts = {
        "ITEM": Decimal(item.price) * item.quantity,
        "SHIPPING": Decimal(item.shipping),
        "GIFT_WRAP": Decimal(item.gift_wrap),
        "COD_FEE": Decimal(item.cod_fee),
        "TAX": Decimal(item.tax),
        "DISCOUNT": -Decimal(item.discount),
    }
    return {kind: amount for kind, amount in amounts.items() if amount or kind == "ITEM"}


def order_amounts(order: Order) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for item in order.items:
        for kind, amount in item_amounts(item).items():
            sums[kind] = sums.get(kind, Decimal(0)) + amount
    if Decimal(order.tip):
        sums["DELIVERY_TIP"] = Decimal(order.tip)
    return sums


def order_total(order: Order) -> Decimal:
    return sum(order_amounts(order).values(), Decimal(0))


def item_proceeds(item: OrderItem, currency: str) -> dict[str, Any]:
    amounts = item_amounts(item)
    breakdowns: list[dict[str, Any]] = []
    for kind, amount in amounts.items():
        breakdown: dict[str, Any] = {"type": kind, "subtotal": money(amount, currency)}
        if kind in _DETAILED:
            breakdown["detailedBreakdowns"] = [{"subtype": "ITEM", "value": money(amount, currency)}]
        breakdowns.append(breakdown)
    return {"proceedsTotal": money(sum(amounts.values()), currency), "breakdowns": breakdowns}


def order_proceeds(order: Order, currency: str) -> dict[str, Any]:
    breakdowns: list[dict[str, Any]] = [
        {"type": kind, "subtotal": money(amount, currency)} for kind, amount in order_amounts(order).items()
    ]
    for breakdown in breakdowns:
        if breakdown["type"] == "DELIVERY_TIP":
            breakdown["status"] = "FINALIZED"
    return {"grandTotal": money(order_total(order), currency), "breakdowns": breakdowns}


def payment(order: Order, currency: str) -> dict[str, Any]:
    """In Brazil with the acquirer, and the brand of a credit card."""
    shape: dict[str, Any] = {
        "paymentMethod": order.payment_method,
        "paymentAmount": money(order_total(order), currency),
    }
    if currency == "BRL" and order.payment_method in ("CreditCard", "Pix"):
        shape |= {"acquirerId": "04.391.007/0001-32", "authorizationCode": order.id[-6:]}
        if order.payment_method == "CreditCard":
            shape["cardBrand"] = "Visa"
    return shape
