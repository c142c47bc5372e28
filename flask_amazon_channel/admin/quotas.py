"""How often Amazon lets an account call: what a day needs, and what could go now."""

from __future__ import annotations

from flask import render_template

from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import SellerAccount
from flask_amazon_channel.sync.quotas import forecast, headroom

NEEDED_FOR = {
    "searchOrders": marked("Orders, one search with each cycle"),
    "createReport": marked("Listings by report, one a day for each store"),
    "getReportDocument": marked("Listings by report, fetched"),
    "patchListingsItem": marked("Prices and quantities one by one, as in the last 7 days"),
    "searchListingsItems": marked("What changed, with each cycle and store, and reading back what was sent"),
    "confirmShipment": marked("Shipments, as in the last 7 days"),
    "getOrder": marked("Shipments read back, as in the last 7 days"),
}


def quotas(channel: Channel, account: SellerAccount) -> str:
    return render_template(
        "amazon_channel/quotas.html",
        account=account,
        needed=forecast(channel, account),
        needed_for=lambda operation, otherwise: say(NEEDED_FOR[operation]) if operation in NEEDED_FOR else otherwise,
        standing=headroom(channel, account),
        pace=pace,
    )


def pace(rate: float) -> str:
    """Say a rate as people do."""
    if rate >= 1:
        return say("{calls} a second", calls=f"{rate:g}")
    return say("one every {seconds} s", seconds=f"{1 / rate:.0f}")
