from __future__ import annotations

from datetime import date

from flask_amazon_channel.spapi import versions
from flask_amazon_channel.spapi.operations import CONFIRM_SHIPMENT, OPERATIONS, SEARCH_ORDERS, Operation


def test_every_operation_is_told_once_with_the_version_of_its_api() -> None:
    told = [name for one in versions.used() for name in one.operations]
    assert sorted(told) == sorted(OPERATIONS)
    assert versions.api_of(SEARCH_ORDERS) == "Orders 2026-01-01"
    assert versions.api_of(CONFIRM_SHIPMENT) == "Orders v0"


def test_of_the_old_orders_api_only_reading_ends() -> None:
    assert versions.removed_on(CONFIRM_SHIPMENT) is None
    old = Operation("getOrders", "GET", "/orders/v0/orders", 0.0167, 20)
    assert versions.removed_on(old) == date(2027, 3, 27)


def test_nothing_that_is_used_has_an_end() -> None:
    assert [one.api for one in versions.used() if one.removed_on] == []


def test_every_name_is_amazons() -> None:
    assert {one.api.split(" ")[0].lower() for one in versions.used()} <= {
        name.split(" ")[0].lower() for name in versions.NAMES.values()
    }
