"""How often Amazon lets an account call: what a day needs, and what could go now."""

from __future__ import annotations

from flask import render_template

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import SellerAccount
from flask_amazon_channel.sync.quotas import forecast, headroom


def quotas(channel: Channel, account: SellerAccount) -> str:
    return render_template(
        "amazon_channel/quotas.html",
        account=account,
        needed=forecast(channel, account),
        standing=headroom(channel, account),
    )
