"""Does the shop keep to the port?  `check_shop` asks it what the channel would ask, and undoes all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask

from flask_amazon_channel.channel import Channel, installed
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.testing import orders, products, stock
from flask_amazon_channel.testing.asking import Broken, Finding

Check = Callable[[Channel, Any], Iterator[Finding]]

METHODS = ("products", "product_ids", "find_products", "change_stock", "create_order", "update_order")

ABOUT_THE_CATALOGUE: tuple[Check, ...] = (
    products.the_currency_is_a_code,
    products.ids_can_be_walked,
    products.products_are_as_they_should_be,
    products.unknown_ids_are_left_out,
    products.products_come_in_bulk,
    products.products_are_found,
    products.what_is_optional_is_right,
)
ABOUT_STOCK_AND_ORDERS: tuple[Check, ...] = (
    stock.stock_changes_by_the_delta,
    stock.stock_may_fall_below_zero,
    stock.stock_changes_in_one_statement,
    stock.a_change_underneath_is_kept,
    stock.an_unknown_product_is_refused,
    stock.unmanaged_stock_stays_unmanaged,
    orders.an_order_is_created,
    orders.an_order_may_lack_people_and_products,
    orders.an_order_may_exceed_the_stock,
    orders.changes_leave_stock_alone,
)


def check_shop(app_or_channel: Flask | Channel) -> list[Finding]:
    """Return what is wrong with the shop of this app; nothing means that it keeps to the port.

    Everything is undone: what the session holds uncommitted is rolled back, commits are refused.  It needs
    products in the database; the more kinds of products there are, the more it sees.
    """
    if isinstance(app_or_channel, Flask):
        with app_or_channel.app_context():
            channel = installed(app_or_channel)
            if channel is None:
                raise ConfigurationError("No AmazonChannel is installed in this app.")
            return _check(channel)
    return _check(app_or_channel)


def _check(channel: Channel) -> list[Finding]:
    shop = channel.shop
    findings = [
        Finding(
            f"{name}-missing",
            f"The shop has no method {name}.",
            "See flask_amazon_channel.Shop for what it must do.",
        )
        for name in METHODS
        if not callable(getattr(shop, name, None))
    ]
    if findings:
        return findings
    findings += _found(channel, ABOUT_THE_CATALOGUE)
    if any(finding.check.startswith(("product_ids-", "products-raises")) for finding in findings):
        return findings
    return findings + _found(channel, ABOUT_STOCK_AND_ORDERS)


def _found(channel: Channel, checks: tuple[Check, ...]) -> list[Finding]:
    findings: dict[tuple[str, str], Finding] = {}
    for check in checks:
        for finding in _run(check, channel):
            findings.setdefault((finding.check, finding.sentence), finding)
    return list(findings.values())


def _run(check: Check, channel: Channel) -> Iterator[Finding]:
    try:
        yield from check(channel, channel.shop)
    except Broken as broken:
        yield broken.finding
    except Exception as error:
        yield Finding(
            check.__name__.replace("_", "-"),
            f"An answer of the shop could not even be examined: {type(error).__name__}: {error}",
            "Compare what the shop returns with the types that flask_amazon_channel.Shop names.",
        )
