"""What a store sold in the last days, beside the days before, as home page and dashboard show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from flask_amazon_channel.admin import formats
from flask_amazon_channel.admin.charts import Column, Columns, Spark, columns, spark
from flask_amazon_channel.admin.words import say, say_many
from flask_amazon_channel.models import Store, sales
from flask_amazon_channel.models.sales import NO_CURRENCY, Sales
from flask_amazon_channel.rules.days import Period, last_days
from flask_amazon_channel.rules.money import from_minor, to_minor
from flask_amazon_channel.spapi.marketplaces import MARKETPLACES

LONG, SHORT = 30, 7
"""Days that can be looked at."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Sales of a store in its own currency; `others` are the amounts in other currencies, which stay apart."""

    period: Period
    currency: str
    days: Sequence[Sales]
    before: Sequence[Sales]
    others: Mapping[str, int]

    @property
    def revenue_minor(self) -> int:
        return sum(day.revenue_minor for day in self.days)

    @property
    def revenue_before_minor(self) -> int:
        return sum(day.revenue_minor for day in self.before)

    @property
    def orders(self) -> int:
        return sum(day.orders for day in self.days)

    @property
    def orders_before(self) -> int:
        return sum(day.orders for day in self.before)

    @property
    def revenue_change(self) -> int | None:
        return change(self.revenue_minor, self.revenue_before_minor)

    @property
    def orders_change(self) -> int | None:
        return change(self.orders, self.orders_before)

    @property
    def spark(self) -> Spark | None:
        return spark([day.revenue_minor for day in self.days])

    @property
    def is_empty(self) -> bool:
        return not self.orders and not self.orders_before


def change(now: int, before: int) -> int | None:
    """Return by how many percent it went up or down, or None where there is nothing to compare with."""
    return round(100 * (now - before) / before) if before else None


def of_store(session: Session, store: Store, now: datetime, days: int) -> Figures:
    """Return the last `days` days in the marketplace's time zone, today included."""
    period = last_days(now, days, zone_of(store))
    found = sales.between(session, store.id, period.edges)
    count = len(period.edges) - 1
    nothing = [Sales()] * count
    revenue = found.get(store.currency, nothing)
    orders = [sum(parts[number].orders for parts in found.values()) for number in range(count)]
    whole = [Sales(orders[number], revenue[number].revenue_minor) for number in range(count)]
    before, in_days = period.split(whole)
    others = {
        currency: sum(part.revenue_minor for part in period.split(parts)[1])
        for currency, parts in found.items()
        if currency not in (store.currency, NO_CURRENCY)
    }
    return Figures(period, store.currency, in_days, before, {name: amount for name, amount in others.items() if amount})


def zone_of(store: Store) -> str:
    marketplace = MARKETPLACES.get(store.marketplace_id)
    return marketplace.time_zone if marketplace else "UTC"


def revenue_chart(figures: Figures) -> Columns:
    """Return the chart of revenue by day, with the days before as a line."""

    def money(minor: int) -> str:
        return str(formats.minor(minor, figures.currency))

    def short(minor: int) -> str:
        return formats.short_money(from_minor(minor, figures.currency), figures.currency)

    values = [(day.revenue_minor, past.revenue_minor) for day, past in zip(figures.days, figures.before, strict=True)]
    return _by_day(
        figures,
        "revenue",
        say("Revenue by day"),
        say(
            "{now} in the last {n} days, {before} in the days before.",
            n=len(figures.days),
            now=money(figures.revenue_minor),
            before=money(figures.revenue_before_minor),
        ),
        values,
        say("Revenue"),
        write=money,
        write_short=short,
        smallest_step=to_minor(Decimal(1), figures.currency),
    )


def orders_chart(figures: Figures) -> Columns:
    """Return the chart of orders by day, with the days before as a line."""
    return _by_day(
        figures,
        "orders",
        say("Orders by day"),
        say(
            "{now} in the last {n} days, {before} in the days before.",
            n=len(figures.days),
            now=say_many("{n} order", "{n} orders", figures.orders),
            before=formats.number(figures.orders_before),
        ),
        [(day.orders, past.orders) for day, past in zip(figures.days, figures.before, strict=True)],
        say("Orders"),
        write=lambda count: str(formats.number(count)),
    )


def _by_day(
    figures: Figures,
    id: str,
    title: str,
    sentence: str,
    values: Sequence[tuple[int, int]],
    name: str,
    **look: Any,
) -> Columns:
    """Return a column for each day; the days before are left out where there was nothing in them."""
    compared = any(before for _, before in values)
    found = [
        Column(formats.day_and_weekday(day), formats.short_day(day), now, before if compared else None)
        for day, (now, before) in zip(figures.period.days, values, strict=True)
    ]
    found[-1] = replace(found[-1], tone="now")
    legend = (("", say("Each day")), ("before", _before(figures)))
    head = (say("Day"), name, _before(figures))
    return columns(
        id, title, sentence, found, head=head if compared else head[:2], legend=legend if compared else (), **look
    )


def _before(figures: Figures) -> str:
    return say_many("{n} day before", "{n} days before", len(figures.days))
