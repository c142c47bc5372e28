"""The prices of a listing over time: what Amazon showed of ours, and what competitors asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import render_template, request

from flask_amazon_channel.admin import figures, formats
from flask_amazon_channel.admin.charts import Line, Steps, steps
from flask_amazon_channel.admin.words import say, say_many
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Listing, prices
from flask_amazon_channel.rules.money import from_minor

PERIODS = (30, 90)


def listing_prices(channel: Channel, listing: Listing) -> str:
    days = next((days for days in PERIODS if request.args.get("days") == str(days)), PERIODS[0])
    now = channel.clock()
    ours = Line(say("Our price"), prices.shown(channel.db.session(), listing, now - timedelta(days=days)))
    return render_template(
        "amazon_channel/listing_prices.html",
        listing=listing,
        sku=listing.sku,
        store=listing.store,
        days=days,
        periods=PERIODS,
        chart=_chart(listing, ours, now, days) if ours.points else None,
    )


def _chart(listing: Listing, ours: Line, now: datetime, days: int) -> Steps:
    currency, zone = listing.store.currency, ZoneInfo(figures.zone_of(listing.store))

    def money(minor: int) -> str:
        return str(formats.money(from_minor(minor, currency), currency))

    values = [price for _, price in ours.points]
    return steps(
        "prices",
        say("Prices over time"),
        say_many(
            "Our price was between {lowest} and {highest} in the last day, and is {last}.",
            "Our price was between {lowest} and {highest} in the last {n} days, and is {last}.",
            days,
            lowest=money(min(values)),
            highest=money(max(values)),
            last=money(values[-1]),
        ),
        [ours],
        now - timedelta(days=days),
        now,
        head=(say("Since"), say("Whose"), say("Price")),
        write=money,
        write_time=formats.written,
        write_day=lambda at: formats.short_day(at.astimezone(zone).date()),
    )
