"""Where the quotas of an account stand, and how much of a day's quota this catalogue needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AmazonOrder, Aspect, Package, SellerAccount, Store, StoreState, Submission
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.spapi.client import MAX_SKUS_PER_SEARCH
from flask_amazon_channel.spapi.operations import (
    CONFIRM_SHIPMENT,
    CREATE_REPORT,
    GET_LISTINGS_ITEM,
    GET_ORDER,
    GET_REPORT_DOCUMENT,
    PATCH_LISTINGS_ITEM,
    SEARCH_LISTINGS_ITEMS,
    SEARCH_ORDERS,
    Operation,
)
from flask_amazon_channel.spapi.quotas import Standing
from flask_amazon_channel.sync.accounts import allowance

DAY = 24 * 3600
OBSERVED = timedelta(days=7)
LITTLE = 0.25
"""A bucket with less than this is told."""

CALLED_FOR_SELLERS = (
    SEARCH_ORDERS,
    GET_ORDER,
    CONFIRM_SHIPMENT,
    PATCH_LISTINGS_ITEM,
    SEARCH_LISTINGS_ITEMS,
    GET_LISTINGS_ITEM,
    CREATE_REPORT,
    GET_REPORT_DOCUMENT,
)


@dataclass(frozen=True, slots=True)
class Headroom:
    """How one quota of an account stands."""

    operation: str
    rate: float
    published: float
    burst: int
    left: int
    closed_for: float

    @property
    def is_low(self) -> bool:
        return self.left < self.burst * LITTLE or self.closed_for > 0

    @property
    def is_slowed(self) -> bool:
        return self.rate < self.published * 0.99

    @property
    def sentence(self) -> str:
        now = f"{self.left} of {self.burst} calls could go now, then {_pace(self.rate)}."
        if self.closed_for > 0:
            now = f"Amazon asked to wait another {ceil(self.closed_for)} s; then {_pace(self.rate)}."
        return f"{now} Amazon publishes {_pace(self.published)}." if self.is_slowed else now


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many calls a day something takes, of those that Amazon allows."""

    operation: str
    what: str
    calls: float
    allowed: float

    @property
    def percent(self) -> int:
        return ceil(100 * self.calls / self.allowed)

    @property
    def sentence(self) -> str:
        return (
            f"{self.what}: {ceil(self.calls):,} of the {int(self.allowed):,} calls of {self.operation} "
            f"that Amazon allows in a day, {self.percent} %."
        )


def headroom(channel: Channel, account: SellerAccount) -> list[Headroom]:
    """Return how the account's quotas stand; nothing where calls are not counted."""
    return [
        Headroom(
            standing.operation.name,
            standing.rate,
            _published(channel, account, standing.operation),
            standing.operation.burst,
            int(standing.left + 0.001),
            standing.closed_for,
        )
        for standing in _standings(channel, account)
    ]


def forecast(channel: Channel, account: SellerAccount) -> list[Forecast]:
    """Return what this catalogue needs in a day, as it was in the last seven days."""
    allowed = {standing.operation: standing.rate * DAY for standing in _standings(channel, account)}
    cycles = DAY / channel.config.sync_interval.total_seconds()
    stores, patches, packages = _observed(channel, account)
    expected = (
        (SEARCH_ORDERS, "Orders, one search per cycle", cycles),
        (CREATE_REPORT, "Listings by report, one a day for each store", stores),
        (GET_REPORT_DOCUMENT, "Listings by report, fetched", stores),
        (PATCH_LISTINGS_ITEM, "Prices and quantities one by one, as in the last 7 days", patches),
        (
            SEARCH_LISTINGS_ITEMS,
            f"What changed, one search per cycle and store, and read-backs, {MAX_SKUS_PER_SEARCH} at best with each",
            cycles * stores + patches,
        ),
        (CONFIRM_SHIPMENT, "Shipments, as in the last 7 days", packages),
        (GET_ORDER, "Shipments read back, as in the last 7 days", packages),
    )
    return [
        Forecast(operation.name, what, calls, allowed[operation])
        for operation, what, calls in expected
        if operation in allowed
    ]


def _standings(channel: Channel, account: SellerAccount) -> list[Standing]:
    allowed = allowance(channel, account.seller_id, account.region)
    found = (allowed.standing(operation) for operation in CALLED_FOR_SELLERS)
    return [standing for standing in found if standing is not None]


def _published(channel: Channel, account: SellerAccount, operation: Operation) -> float:
    return operation.rate * (allowance(channel, account.seller_id, account.region).scale or 1)


def _observed(channel: Channel, account: SellerAccount) -> tuple[int, float, float]:
    """Return the active stores, and how many patches and packages a day were sent in the last seven days."""
    since = channel.clock() - OBSERVED
    active = (Store.account_id == account.id, Store.state == StoreState.ACTIVE)
    sent = (Aspect.account_id == account.id, Submission.created_at >= since, Submission.feed_id.is_(None))
    shipped = (AmazonOrder.account_id == account.id, Package.sent_at >= since)
    with reading(channel.db.engine) as read:
        stores = read.scalar(sa.select(sa.func.count()).select_from(Store).where(*active)) or 0
        patches = read.scalar(sa.select(sa.func.count()).select_from(Submission).join(Submission.aspect).where(*sent))
        packages = read.scalar(sa.select(sa.func.count()).select_from(Package).join(Package.order).where(*shipped))
    return stores, (patches or 0) / OBSERVED.days, (packages or 0) / OBSERVED.days


def _pace(rate: float) -> str:
    """Say a rate as people do."""
    if rate >= 1:
        return f"{rate:g} a second"
    return f"one every {1 / rate:.0f} s"
