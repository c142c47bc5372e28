"""The parts of an amount, so that they add up to it exactly."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from flask_amazon_channel.simulator.market.fee_table import fees
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.shelves.catalogue import local_price
from flask_amazon_channel.simulator.state.finances import Charge
from flask_amazon_channel.simulator.state.orders import Order, OrderItem

# what buyers pay, by the name under which a breakdown shows it, with the name of its only part
_PAID = {
    "ProductCharges": "OurPricePrincipal",
    "Shipping": "ShippingPrincipal",
    "GiftWrap": "GiftWrapPrincipal",
    "CODFee": "CODFeePrincipal",
    "Tax": "OurPriceTax",
}
_EXPENSES = ("PromoRebates", "AmazonFees")
_REFUNDED = {
    "Principal": ("ProductCharges", "OurPricePrincipal"),
    "Tax": ("Tax", "OurPriceTax"),
    "Shipping": ("Shipping", "ShippingPrincipal"),
    "ShippingTax": ("Tax", "ShippingTax"),
    "GiftWrap": ("GiftWrap", "GiftWrapPrincipal"),
    "GiftWrapTax": ("Tax", "GiftWrapTax"),
    "Promotion": ("PromoRebates", "OurPricePromoRebates"),
}


def total(charges: Iterable[Charge]) -> Decimal:
    return sum((Decimal(charge.amount) for charge in charges), Decimal(0))


def leaf(kind: str, amount: Decimal, currency: str) -> Charge:
    return Charge(kind, money_text(amount, currency))


def group(kind: str, parts: list[Charge], currency: str) -> Charge:
    return Charge(kind, money_text(total(parts), currency), parts)


def shipped(order: Order, item: OrderItem, product_type: str, before: int, after: int) -> list[Charge]:
    """What the units bring that were shipped after the first `before` and up to the first `after` of a line.

    A line's shipping, tax and discount are spread over its units; with the last unit they are whole.
    """
    marketplace, units = order.marketplace, after - before
    currency = MARKETPLACES[marketplace].currency

    def spread(line: str) -> Decimal:
        return _share(line, after, item.quantity, currency) - _share(line, before, item.quantity, currency)

    paid = {
        "ProductCharges": Decimal(item.price) * units,
        "Shipping": spread(item.shipping),
        "GiftWrap": spread(item.gift_wrap),
        "CODFee": spread(item.cod_fee),
        "Tax": spread(item.tax),
    }
    promotion = -spread(item.discount)
    charges = [
        group(kind, [leaf(_PAID[kind], amount, currency)], currency)
        for kind, amount in paid.items()
        if amount or kind == "ProductCharges"
    ]
    if promotion:
        charges.append(group("PromoRebates", [leaf("OurPricePromoRebates", promotion, currency)], currency))
    price, shipping = (paid["ProductCharges"] + promotion) / units, paid["Shipping"] / units
    fee = fees(item.asin, product_type, marketplace, price, shipping, order.fulfilled_by == "AMAZON")
    taken = {"Commission": fee.referral, "VariableClosingFee": fee.closing}
    taken["FBAPerUnitFulfillmentFee"] = fee.fulfillment or Decimal(0)
    return [*charges, _fees({kind: -amount * units for kind, amount in taken.items()}, currency)]


def _share(line: str, units: int, of: int, currency: str) -> Decimal:
    return Decimal(money_text(Decimal(line) * units / max(1, of), currency))


def _fees(amounts: Mapping[str, Decimal], currency: str) -> Charge:
    parts = [group(kind, [leaf("Base", amount, currency)], currency) for kind, amount in amounts.items() if amount]
    return group("AmazonFees", parts, currency)


def refunded(order: Order, item: OrderItem, product_type: str, parts: Mapping[str, str]) -> list[Charge]:
    """What a refund of one item costs: its parts, and what Amazon gives back of its fee.

    Assumed: a part without a place among the charges, such as a restocking fee, is shown under its own name.
    Assumed: of the referral fee of what is refunded Amazon keeps a fifth, at most about 5 euros.
    """
    marketplace = order.marketplace
    currency = MARKETPLACES[marketplace].currency
    leaves: dict[str, list[Charge]] = {}
    for name, amount in parts.items():
        kind, detail = _REFUNDED.get(name, (name, name))
        leaves.setdefault(kind, []).append(leaf(detail, -Decimal(amount), currency))
    charges = [group(kind, found, currency) for kind, found in leaves.items()]
    price = sum((Decimal(parts.get(name, "0")) for name in ("Principal", "Promotion")), Decimal(0))
    if price <= 0:
        return charges
    fee = fees(item.asin, product_type, marketplace, price, Decimal(parts.get("Shipping", "0")), by_amazon=False)
    kept = min(Decimal(money_text(fee.referral / 5, currency)), Decimal(local_price(500, marketplace)))
    return [*charges, _fees({"Commission": fee.referral, "RefundCommission": -kept}, currency)]


def overview(charges: Iterable[Charge], currency: str) -> list[Charge]:
    """Charges of items as the whole transaction shows them: Sales and Expenses, each with its kinds.

    Seen in public: a transaction's own breakdowns are Sales and Expenses, and go one level deep.
    """
    sums: dict[str, Decimal] = {}
    for charge in charges:
        sums[charge.kind] = sums.get(charge.kind, Decimal(0)) + Decimal(charge.amount)
    sales = [leaf(kind, amount, currency) for kind, amount in sums.items() if kind not in _EXPENSES]
    expenses = [leaf(kind, amount, currency) for kind, amount in sums.items() if kind in _EXPENSES]
    groups = (("Sales", sales), ("Expenses", expenses))
    return [group(name, parts, currency) for name, parts in groups if parts]


def merged(charges: Iterable[Charge], currency: str) -> list[Charge]:
    """Charges of many transactions added up, kind by kind, on every level."""
    found: dict[str, list[Charge]] = {}
    for charge in charges:
        found.setdefault(charge.kind, []).append(charge)
    return [
        Charge(
            kind,
            money_text(total(same), currency),
            merged([part for charge in same for part in charge.parts], currency),
        )
        for kind, same in found.items()
    ]
