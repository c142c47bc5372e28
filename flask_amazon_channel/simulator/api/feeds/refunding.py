"""Payment adjustment feeds: the merchant refunds what a buyer paid, or cancels units that cannot be shipped."""

from decimal import Decimal, InvalidOperation

from flask_amazon_channel.simulator.api.feeds.cancelling import finish_change
from flask_amazon_channel.simulator.api.feeds.records import Record, Refused
from flask_amazon_channel.simulator.api.orders.changing import cancel_item, restock
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.feeds import Feed
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.world import World

REASONS = (
    "NoInventory", "CustomerReturn", "GeneralAdjustment", "CouldNotShip", "DifferentItem", "Abandoned",
    "CustomerCancel", "BuyerCanceled", "PriceError", "ProductOutofStock", "CustomerAddressIncorrect", "Exchange",
    "CustomerExchange", "Other", "CarrierCreditDecision", "RiskAssessmentInformationNotValid",
    "CarrierCoverageFailure", "TransactionRecord", "Undeliverable", "RefusedDelivery", "MerchandiseNotReceived",
)  # fmt: skip
INVALID = "18028"
Amounts = dict[str, Decimal]

# Amounts that go to the buyer, each no more than was paid under its name; and what is kept back from them.
_PAID = {
    "item-price-adj": "Principal",
    "item-tax-adj": "Tax",
    "shipping-price-adj": "Shipping",
    "shipping-tax-adj": "ShippingTax",
    "gift-wrap-price-adj": "GiftWrap",
    "gift-wrap-tax-adj": "GiftWrapTax",
}
_PROMOTIONS = ("item-promotion-adj", "ship-promotion-adj")
_KEPT_BACK = ("RestockingFee", "RestockingFeeTax", "ReturnShipping")


def refund(world: World, feed: Feed, order: Order, record: Record) -> None:
    """One refund for each record, kept on the order.

    Documented: a record names the item, the reason, the currency and the parts of the price that are refunded.
    Seen in public: the codes of reasons are those of Amazon's old feed schemas; any other is refused.
    Seen in public: fees that the merchant keeps back are negative, and the sum must still go to the buyer.
    Seen in public: tax can only be refunded where tax was charged apart from the price.
    Assumed: of no part can more be refunded than was paid for it and not refunded yet; promotions lower the sum.
    Assumed: a refund leaves the status of the order and its time of update as they are.
    """
    if order.status in ("PENDING", "PENDING_AVAILABILITY"):
        raise Refused(INVALID, f"An order that is {order.status} cannot be refunded.")
    if not record.lines:
        raise Refused(INVALID, "An adjustment needs an item.")
    items = [_item(order, line) for line in record.lines]
    amounts = [_amounts(order, line) for line in record.lines]
    _check(order, items, amounts, record)
    for item, line in zip(items, record.lines, strict=True):
        _cancel_units(world, order, item, line)
    if any(amounts):
        _keep(world, feed, order, record, list(zip(items, amounts, strict=True)))


def _item(order: Order, line: dict[str, str]) -> OrderItem:
    item = order.item(line.get("item-id", ""))
    if item is None:
        raise Refused(INVALID, f"The order has no item {line.get('item-id') or '(none)'}.")
    if line.get("adjustment-reason-code") not in REASONS:
        given = line.get("adjustment-reason-code") or "(none)"
        raise Refused(INVALID, f"The adjustment reason {given} is not one of {', '.join(REASONS)}.", item.id)
    return item


def _amounts(order: Order, line: dict[str, str]) -> Amounts:
    """What is refunded of each part, by Amazon's names of the parts; what lowers the refund is negative."""
    currency = MARKETPLACES[order.marketplace].currency
    amounts: Amounts = {}
    for name, text in line.items():
        if name not in (*_PAID, *_PROMOTIONS, *_KEPT_BACK, "Goodwill"):
            continue
        amount = _number(text, currency)
        if amount:
            amounts[_PAID.get(name, "Promotion" if name in _PROMOTIONS else name)] = (
                -abs(amount) if name in (*_PROMOTIONS, *_KEPT_BACK) else amount
            )
    if amounts and line.get("currency") != currency:
        raise Refused(INVALID, f"The currency of the order is {currency}.", line.get("item-id", ""))
    return amounts


def _number(text: str, currency: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Refused(INVALID, f"{text} is not an amount.") from None
    if not amount.is_finite() or abs(amount) >= 10**9 or amount != Decimal(money_text(amount, currency)):
        raise Refused(INVALID, f"{text} is not an amount of {currency}.")
    return amount


def _check(order: Order, items: list[OrderItem], amounts: list[Amounts], record: Record) -> None:
    if len({item.id for item in items}) < len(items):
        raise Refused(INVALID, "An item can be adjusted only once in a record.")
    if not any(amounts) and not any("quantity-cancelled" in line for line in record.lines):
        raise Refused(INVALID, "An adjustment needs an amount or a cancelled quantity.", items[0].id)
    for item, parts, line in zip(items, amounts, record.lines, strict=True):
        _units(item, line)
        if parts and not item.shipped:
            raise Refused(INVALID, f"The item {item.id} was not shipped, so there is nothing to refund.", item.id)
        _check_parts(order, item, parts)


def _check_parts(order: Order, item: OrderItem, parts: Amounts) -> None:
    if parts and sum(parts.values()) <= 0:
        raise Refused(INVALID, "The sum of an adjustment must go to the buyer.", item.id)
    left = left_to_refund(order, item)
    for name, amount in parts.items():
        if name in ("Tax", "ShippingTax") and amount > left.get(name, 0):
            raise Refused(INVALID, "The requested refund amount for the tax is not eligible.", item.id)
        if name in _PAID.values() and (amount < 0 or amount > left.get(name, 0)):
            raise Refused(INVALID, f"The refund of {name} exceeds what is left of it: {left.get(name, 0)}.", item.id)
    if sum(parts.values()) > sum(left.values()):
        raise Refused(INVALID, f"The refund exceeds what was paid and not refunded: {sum(left.values())}.", item.id)


def left_to_refund(order: Order, item: OrderItem) -> Amounts:
    """What was paid for the part of an item that was shipped and was not refunded yet, by Amazon's names."""
    left: Amounts = {
        "Principal": Decimal(item.price) * item.shipped,
        "Tax": Decimal(item.tax),
        "Shipping": Decimal(item.shipping),
        "GiftWrap": Decimal(item.gift_wrap),
        "Promotion": -Decimal(item.discount),
    }
    for kept in order.refunds:
        for line in kept.get("items", []):
            if line.get("order_item_id") == item.id:
                for name, amount in line.get("parts", {}).items():
                    left[name] = left.get(name, Decimal(0)) - Decimal(amount)
    return left


def _cancel_units(world: World, order: Order, item: OrderItem, line: dict[str, str]) -> None:
    """Seen in public: an adjustment can cancel single units that cannot be shipped, without a refund.

    Assumed: units that are cancelled so leave the ordered quantity; when all of an item are, it is cancelled.
    """
    quantity = _units(item, line)
    if not quantity:
        return
    reason = line["adjustment-reason-code"]
    if quantity == item.quantity:
        cancel_item(world, order, item, "MERCHANT", reason)
    else:
        restock(world, order, item, quantity)
        item.quantity -= quantity
    finish_change(world, order, reason)


def _units(item: OrderItem, line: dict[str, str]) -> int:
    text = line.get("quantity-cancelled", "0")
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) > item.open:
        raise Refused(INVALID, f"{text} units of the item {item.id} cannot be cancelled.", item.id)
    return int(text)


def _keep(world: World, feed: Feed, order: Order, record: Record, lines: list[tuple[OrderItem, Amounts]]) -> None:
    currency = MARKETPLACES[order.marketplace].currency
    order.refunds.append(
        {
            "id": f"{world.chance('refund').randrange(10**13, 10**14)}",
            "feed": feed.id,
            "posted": iso(world.now()),
            "reason": record.lines[0]["adjustment-reason-code"],
            "currency": currency,
            "total": money_text(sum(sum(parts.values()) for _, parts in lines), currency),
            "items": [_line(item, parts, currency) for item, parts in lines],
        }
    )
    world.occurred("order_refunded", order.seller_id, order=order.id, refund=len(order.refunds) - 1)


def _line(item: OrderItem, parts: Amounts, currency: str) -> dict[str, object]:
    texts = {name: money_text(amount, currency) for name, amount in parts.items()}
    return {"order_item_id": item.id, "sku": item.sku, "asin": item.asin, "parts": texts}
