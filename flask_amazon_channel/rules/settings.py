"""What a shop owner has set, as the rules take it.

Quantity rules belong to the seller account, because Amazon keeps one quantity per SKU; everything else
belongs to one store.  Prices and guards are in the marketplace's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from flask_amazon_channel.rules.listing_rule import ListingRule
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.rules.values import CustomerPolicy, FulfilledBy


@dataclass(frozen=True, slots=True)
class QuantityRules:
    """How many units the seller account shows at most, holds back, and shows where stock is not managed."""

    maximum: int = 10_000
    buffer: int = 0
    unmanaged: int = 100


@dataclass(frozen=True, slots=True)
class PriceGuards:
    """What no price may pass, in the store's currency; the step is from the observed price."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    greatest_step_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StoreRules:
    """The settings of one store, with those of its seller account that the rules need.

    `exchange_rate` is how much of `currency` one unit of `shop_currency` buys; None: nobody knows.
    `listing_rule` says which products the store offers (None: all); where it cannot be read any more it is None and
    `listing_rule_problem` says why.
    `condition_map` maps the shop's condition to Amazon's `condition_type`; a condition that it lacks is
    missing information.  `stopped` is what stops all sending now, as `permission.stopped` says it.
    """

    name: str
    marketplace_id: str
    currency: str
    time_zone: str = "UTC"
    shop_currency: str = ""
    threshold: int = 0
    quantity: QuantityRules = QuantityRules()
    price_source: str = "price"
    vat_percent: Decimal = Decimal(0)
    exchange_rate: Decimal | None = None
    guards: PriceGuards = PriceGuards()
    fulfilled_by: FulfilledBy = FulfilledBy.MERCHANT
    publish_automatically: bool = True
    is_active: bool = True
    publishes_price: bool = True
    publishes_quantity: bool = True
    stopped: Reason | None = None
    default_condition: str | None = "new_new"
    condition_map: Mapping[str, str] = field(default_factory=dict)
    listing_rule: ListingRule | None = None
    listing_rule_problem: Reason | None = None

    def condition_of(self, condition: str | None) -> str | None:
        """Return Amazon's `condition_type` for the shop's condition, or None if nobody mapped it."""
        if condition is None or not self.condition_map:
            return self.default_condition
        return self.condition_map.get(condition)


@dataclass(frozen=True, slots=True)
class OrderRules:
    """How one store brings Amazon's orders into the shop."""

    store: str
    currency: str
    storefront: str | None = None
    imports_orders: bool = True
    reserve_pending: bool = True
    uses_amazon_number: bool = False
    status: str | None = None
    customer: CustomerPolicy = CustomerPolicy.GUEST
    describes_unmatched_lines: bool = False
    look_back: timedelta = timedelta(days=2)
    payment_label: str = "Amazon"


IdentifierAttributes = Mapping[str, str]
"""Which attribute of the shop's products holds an identifier: `{"sku": "sku", "ean": "barcode"}`."""
