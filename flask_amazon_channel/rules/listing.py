"""One listing as the rules see it: what we know about one SKU in one store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from flask_amazon_channel.rules.amazon import Issue
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.rules.values import FulfilledBy

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Override(Generic[Value]):
    """A person's own value.  It holds until `until` (None: until it is removed) and says why it was set."""

    value: Value
    until: datetime | None = None
    reason: str = ""

    def holds(self, now: datetime) -> bool:
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """What the channel knows about a listing.

    `fulfilled_by` is the observed channel, None where nothing was observed yet.  `ever_live` says whether
    buyers have ever been able to buy it.  `match_problem` is a code of `matching`.  `restriction` is Amazon's
    sentence.  `listing_since` is set while a creation is open, `sent_at` while an accepted change was not
    read back yet; `not_applied` once Amazon accepted it again and again and never showed it.  `released_price` is a
    refused price that a person has let through.
    """

    sku: str
    asin: str | None = None
    product_id: str | None = None
    on_amazon: bool = False
    buyable: bool = False
    fulfilled_by: FulfilledBy | None = None
    observed_price: Decimal | None = None
    observed_quantity: int | None = None
    observed_at: datetime | None = None
    ever_live: bool = False
    ended_at: datetime | None = None
    issues: tuple[Issue, ...] = ()
    amazon_status: tuple[str, ...] = ()
    price_override: Override[Decimal] | None = None
    quantity_override: Override[int] | None = None
    match_problem: str | None = None
    restriction: str | None = None
    listing_since: datetime | None = None
    sent_at: datetime | None = None
    not_applied: bool = False
    released_price: Decimal | None = None
    price_owner: Owner = Owner.SHOP
    quantity_owner: Owner = Owner.SHOP
