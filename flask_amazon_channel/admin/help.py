"""Where each page is explained: one chapter of the help page for every page, and the page itself."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, url_for

from flask_amazon_channel.admin import navigation
from flask_amazon_channel.channel import Channel

CHAPTERS: Mapping[str, str] = {
    "home": "stores",
    "search": "search",
    "store": "store",
    "account": "accounts",
    "account_runs": "sync",
    "store_runs": "sync",
    "all_runs": "sync",
    "alerts": "alerts",
    "store_alerts": "alerts",
    "failures": "failures",
    "failed_orders": "failures",
    "failed_changes": "failures",
    "listings_report": "failures",
    "accept_report": "failures",
    "improvements": "reports",
    "issues": "reports",
    "competitive_prices": "reports",
    "listing_changes": "logs",
    "call_errors": "logs",
    "store_activity": "logs",
    "listing_activity": "logs",
    "order_activity": "logs",
    "debug_log": "sync",
    "quotas": "sync",
    "preparation": "preparation",
    "choose_marketplaces": "preparation",
    "save_marketplaces": "preparation",
    "bind_storefronts": "preparation",
    "save_storefronts": "preparation",
    "map_identifiers": "preparation",
    "save_identifiers": "preparation",
    "first_rules": "preparation",
    "review_import": "preparation",
    "last_step": "preparation",
    "listing_rule": "listing-rule",
    "change_listing_rule": "listing-rule",
    "connect": "accounts",
    "start_connecting": "accounts",
    "continue_to_amazon": "accounts",
    "listings": "listings",
    "listing": "listing",
    "choose_product": "listing",
    "listing_prices": "listing",
    "orders": "orders",
    "store_orders": "orders",
    "order": "orders",
    "account_settings": "settings",
    "save_account_settings": "settings",
    "store_settings": "settings",
    "save_store_settings": "settings",
    "store_life": "settings",
    "ask_to_delete": "settings",
    "delete_store": "settings",
    "choose_copies": "settings",
    "copy_settings": "settings",
    "changes": "changes",
    "change": "changes",
    "account_changes": "changes",
    "store_changes": "changes",
    "resume": "preparation",
    "bulk_action": "grid",
    "help": "keys",
}
"""Endpoint of a page to the chapter about it, which is an anchor of the help page."""

FIRST = "stores"


def address() -> str:
    """Return where the page that is shown is explained."""
    return url_for("amazon_channel.help", _anchor=CHAPTERS.get(navigation.endpoint(), FIRST))


def help(channel: Channel) -> str:
    return render_template("amazon_channel/help.html")
