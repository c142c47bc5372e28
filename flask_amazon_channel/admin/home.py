"""The first page: a card for every store."""

from __future__ import annotations

from flask import render_template

from flask_amazon_channel.admin import access
from flask_amazon_channel.admin.counts import COUNTED, TABS, per_tab
from flask_amazon_channel.channel import Channel


def home(channel: Channel) -> str:
    stores = access.visible_stores(channel)
    counts = {store.id: per_tab(channel.db.session(), store) for store in stores}
    return render_template("amazon_channel/home.html", stores=stores, counts=counts, tabs=TABS, counted=COUNTED)
