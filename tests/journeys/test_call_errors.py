"""Calls that failed are kept: counted by the hour, with Amazon's words where no buyer can be in them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from flask_amazon_channel.models import CallError
from flask_amazon_channel.spapi.calls import CallMade
from flask_amazon_channel.sync import call_errors, debug_log
from tests.journeys.world import ShopWorld


def made(path: str = "/listings/2021-08-01/items/A1/LAMP", status: int | None = 400, message: str = "Odd.") -> CallMade:
    answered = json.dumps({"errors": [{"code": "InvalidInput", "message": message}]}).encode()
    return CallMade("getListingsItem", "GET", path, "marketplaceIds=US1", None, status, answered, "r-1", 0.1)


def account_id(world: ShopWorld) -> int:
    number: int = world.listing().store.account_id
    world.session.rollback()
    return number


def test_a_call_that_fails_is_kept_without_any_debug_log(selling: ShopWorld) -> None:
    selling.amazon.fault("getListingsItem", kind="5xx_json", times=None)
    selling.amazon.fault("searchListingsItems", kind="5xx_json", times=None)
    selling.save(stock=3)
    selling.settle()
    kept = selling.all(CallError)
    assert kept
    assert all(row.status is not None and row.status >= 500 for row in kept)
    assert kept[0].account_id == account_id(selling)


def test_calls_that_succeed_leave_nothing(selling: ShopWorld) -> None:
    selling.save(stock=3)
    selling.settle()
    assert selling.all(CallError) == []


def test_what_fails_alike_within_an_hour_is_one_row_with_a_count(selling: ShopWorld) -> None:
    number = account_id(selling)
    selling.clock.now = selling.clock.now.replace(minute=0)
    for _ in range(50):
        debug_log.after_call(selling.channel, number, made())
        selling.clock.now += timedelta(minutes=1)
    [row] = selling.all(CallError)
    assert (row.times, row.operation, row.status, row.code) == (50, "getListingsItem", 400, "InvalidInput")
    assert (row.message, row.request_id, row.marketplace_id) == ("Odd.", "r-1", "US1")
    assert row.last_at - row.first_at == timedelta(minutes=49)
    selling.session.rollback()
    selling.clock.now += timedelta(hours=1)
    debug_log.after_call(selling.channel, number, made())
    debug_log.after_call(selling.channel, number, made(status=None))
    assert [row.times for row in selling.all(CallError)] == [50, 1, 1]


def test_amazons_words_about_an_order_are_not_kept(selling: ShopWorld) -> None:
    said = "No such order of Ada Lovelace, 12 Main Street"
    number = account_id(selling)
    call_errors.keep(selling.channel, number, made("/orders/2026-01-01/orders/028-1", status=404, message=said))
    call_errors.keep(selling.channel, number, made(message="The price is too high."))
    about_order, about_listing = selling.all(CallError)
    assert (about_order.code, about_order.message) == ("InvalidInput", "")
    assert about_listing.message == "The price is too high."


@pytest.mark.parametrize(
    "answered",
    [b"", b"<html>", b"[]", b'{"errors": "no"}', b'{"errors": [7]}', b'{"errors": [{"code": "a b", "message": 5}]}'],
)
def test_an_answer_that_is_no_error_of_amazons_shape_is_kept_as_a_failure(selling: ShopWorld, answered: bytes) -> None:
    call = CallMade("getOrder", "GET", "/x", "", None, 502, answered, "", 0.1)
    call_errors.keep(selling.channel, account_id(selling), call)
    [row] = selling.all(CallError)
    assert (row.status, row.code, row.message) == (502, "", "")
