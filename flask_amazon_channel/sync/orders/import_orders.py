"""Orders of a span, or one by its number, fetched because somebody asks: what is read continually stays where it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import NotFound
from flask_amazon_channel.models import SellerAccount
from flask_amazon_channel.rules.reading import bounded
from flask_amazon_channel.sync.accounts import client_for
from flask_amazon_channel.sync.orders.read_orders import keep_one, keep_page

TOO_FRESH = timedelta(minutes=2)
"""Amazon takes no end of a window that is younger."""


def import_span(
    channel: Channel,
    account: SellerAccount,
    since: datetime,
    until: datetime | None,
    progress: Callable[[int, datetime], None] = lambda orders, until: None,
) -> int:
    """Fetch the orders that were placed in the span, window by window; return how many there were.

    `progress` is told after each page: so many orders, of the window that ends then.
    """
    client = client_for(channel, account.id, account.seller_id, account.region)
    latest = channel.clock() - TOO_FRESH
    seen = 0
    for begin, end in bounded(since, min(until or latest, latest)):
        token: str | None = None
        while True:
            page = client.search_orders(created_after=begin, created_before=end, page_token=token)
            keep_page(channel, account.id, page)
            seen += len(page.orders) + len(page.unreadable)
            progress(seen, end)
            token = page.next_token
            if token is None:
                break
    return seen


def import_one(channel: Channel, account: SellerAccount, amazon_order_id: str) -> bool:
    """Fetch one order; return whether the account has it."""
    client = client_for(channel, account.id, account.seller_id, account.region)
    try:
        seen = client.get_order(amazon_order_id)
    except NotFound:
        return False
    keep_one(channel, account.id, seen, channel.clock())
    return True
