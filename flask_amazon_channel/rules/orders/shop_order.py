"""What shop order does an order at Amazon become?

Every line that is or will be shipped, at Amazon's prices, with Amazon's totals, dates and flags.  Short stock
stops nothing: what Amazon sold is sold.  A line whose product nobody knows holds back this one order until
somebody matches it, or becomes a line with a description only, as the store prefers.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask_amazon_channel.rules.amazon import OrderItemSnapshot, OrderSnapshot
from flask_amazon_channel.rules.orders.addresses import normalise_address
from flask_amazon_channel.rules.orders.stock import quantity
from flask_amazon_channel.rules.orders.totals import order_totals
from flask_amazon_channel.rules.reasons import Reason, because
from flask_amazon_channel.rules.settings import OrderRules
from flask_amazon_channel.rules.values import NewShopOrder, NewShopOrderLine, OrderFlags

Products = Mapping[str, str | None]
"""The product of each line, by order item id."""


def quarantine_reason(order: OrderSnapshot, products: Products, rules: OrderRules) -> Reason | None:
    """Return why the shop order has to wait for a person, or None.  An amount is never converted."""
    if order.currency not in (None, rules.currency):
        text = "The buyer pays in {charged}, {store} sells in {currency}: nothing is converted without a person."
        return because(
            "other_currency", text, "orders", charged=order.currency, store=rules.store, currency=rules.currency
        )
    if rules.describes_unmatched_lines:
        return None
    unknown = [item.sku or item.order_item_id for item in _lines(order) if not products.get(item.order_item_id)]
    if not unknown:
        return None
    text = "No product of the shop is known for {skus}: match it, and the order is created."
    return because("line_without_product", text, "matching", skus=", ".join(unknown))


def new_shop_order(
    order: OrderSnapshot, products: Products, rules: OrderRules, links: Mapping[str, str] | None = None
) -> NewShopOrder:
    """Return the shop order to create.  Ask `wants_shop_order` and `quarantine_reason` first."""
    return NewShopOrder(
        amazon_order_id=order.amazon_order_id,
        store=rules.store,
        storefront=rules.storefront,
        number=order.amazon_order_id if rules.uses_amazon_number else None,
        status=rules.status,
        customer=rules.customer,
        buyer=order.buyer,
        address=None if order.address is None else normalise_address(order.address),
        lines=tuple(_line(item, products.get(item.order_item_id)) for item in _lines(order)),
        shipping_service=order.service_level,
        totals=order_totals(order),
        currency=order.currency or rules.currency,
        purchased_at=order.created_at,
        ship_by=order.ship_by,
        deliver_by=order.deliver_by,
        flags=_flags(order),
        fulfilled_by=order.fulfilled_by,
        gift_message=next((item.gift_message for item in order.items if item.gift_message), None),
        payment_label=rules.payment_label,
        links=dict(links or {}),
    )


def _lines(order: OrderSnapshot) -> list[OrderItemSnapshot]:
    return [item for item in order.items if quantity(item) > 0]


def _line(item: OrderItemSnapshot, product_id: str | None) -> NewShopOrderLine:
    return NewShopOrderLine(
        id=item.order_item_id,
        product_id=product_id,
        sku=item.sku or "",
        title=item.title,
        quantity=quantity(item),
        unit_price=item.unit_price or Decimal(0),
        tax=item.tax,
        discount=abs(item.discount),
    )


def _flags(order: OrderSnapshot) -> OrderFlags:
    programs = frozenset(order.programs)
    return OrderFlags(
        prime="PRIME" in programs,
        business="AMAZON_BUSINESS" in programs,
        replacement=order.is_replacement,
        premium="PREMIUM" in programs,
        gift=any(item.gift_message for item in order.items),
    )
