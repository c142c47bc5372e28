"""May this product be sold in this store?

A product is eligible when nothing speaks against it.  It must exist in the storefront, be enabled, be of a
kind that Amazon sells one by one, be inside its selling dates, fulfil the store's listing rule, and have enough
stock: at least one unit more than the buffer, at least the threshold, at least one.  Stock that Amazon keeps (FBA) is
Amazon's affair and is not counted here.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from flask_amazon_channel.rules.listing import ListingFacts
from flask_amazon_channel.rules.reasons import Reason, because
from flask_amazon_channel.rules.settings import StoreRules
from flask_amazon_channel.rules.values import FulfilledBy, Kind, ShopProduct

SUPPORTED_KINDS = frozenset({Kind.SIMPLE, Kind.VARIANT})
"""A parent has no stock of its own: its variants are listed.  The others Amazon does not take."""


def reasons_against(
    product: ShopProduct | None,
    facts: ListingFacts,
    rules: StoreRules,
    sellable: Decimal | int | None,
    now: datetime,
) -> tuple[Reason, ...]:
    """Return every reason, not only the first, so that a person can put them right in one go.

    `sellable` comes from `quantity.sellable`; None: the shop does not manage its stock.
    """
    if product is None:
        return (because("product_gone", "{store} no longer has the product.", "product", store=rules.name),)
    reasons = []
    if not product.enabled:
        reasons.append(because("disabled", "The product is disabled in the shop.", "product"))
    if product.kind not in SUPPORTED_KINDS:
        text = "Products of the kind {kind} cannot be sold on Amazon."
        reasons.append(because("unsupported_kind", text, "product", kind=product.kind.value))
    if product.sell_from is not None and now < product.sell_from:
        text = "It is not on sale before {sell_from}."
        reasons.append(because("not_yet_on_sale", text, "product", sell_from=product.sell_from))
    if product.sell_until is not None and product.sell_until <= now:
        text = "Its sale ended at {sell_until}."
        reasons.append(because("no_longer_on_sale", text, "product", sell_until=product.sell_until))
    if rules.listing_rule is not None:
        reasons += rules.listing_rule.judge(product).reasons
    if sellable is not None and fulfilled_by(product, facts, rules) is FulfilledBy.MERCHANT:
        needed = least_stock(rules)
        if sellable < needed:
            text = "{sellable} can be sold, {needed} needed (threshold {threshold}, buffer {buffer})."
            threshold, buffer = rules.threshold, rules.quantity.buffer
            reasons.append(
                because(
                    "too_little_stock", text, "stock",
                    sellable=sellable, needed=needed, threshold=threshold, buffer=buffer,
                )
            )  # fmt: skip
    return tuple(reasons)


def undecided(product: ShopProduct | None, rules: StoreRules) -> Reason | None:
    """Return why the listing rule cannot say whether the product is offered, or None where it can.

    What nobody can say excludes nothing.  Nothing new is listed for it, and no quantity raised.
    """
    if rules.listing_rule_problem is not None or rules.listing_rule is None or product is None:
        return rules.listing_rule_problem
    return rules.listing_rule.judge(product).unknown


def least_stock(rules: StoreRules) -> int:
    """Return the smallest sellable quantity with which a product is offered."""
    return max(1, rules.threshold, rules.quantity.buffer + 1)


def fulfilled_by(product: ShopProduct | None, facts: ListingFacts, rules: StoreRules) -> FulfilledBy:
    """Return who ships: what Amazon shows, else what the product says, else the store's default."""
    if facts.fulfilled_by is not None:
        return facts.fulfilled_by
    if product is not None and product.fulfilled_by is not None:
        return product.fulfilled_by
    return rules.fulfilled_by
