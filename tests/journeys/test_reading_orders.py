"""That no order is lost: tokens that expire, pages that repeat, orders that Amazon shows late, weeks of silence."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from flask_amazon_channel.models import AmazonOrder, Stream, StreamName
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.sync.orders import read_orders
from tests.journeys.world import ShopWorld


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two orders a page."""
    defaults: Any = AmazonClient.search_orders.__kwdefaults__
    monkeypatch.setitem(defaults, "page_size", 2)


def orders_stream(world: ShopWorld, name: StreamName = StreamName.ORDERS) -> Stream:
    [found] = world.all(Stream, Stream.name == name)
    assert isinstance(found, Stream)
    return found


def make_due(world: ShopWorld, name: StreamName) -> None:
    mark(world.session, Stream, world.clock(), Stream.name == name)
    world.session.commit()


def run(world: ShopWorld, *command: str) -> tuple[int, str]:
    done = world.app.test_cli_runner().invoke(args=["amazon", *command])
    world.session.rollback()
    return done.exit_code, done.stdout


def buy(world: ShopWorld, count: int) -> list[str]:
    placed = []
    for _ in range(count):
        placed.append(world.buy(quantity=1))
        world.pass_time(1)
    return placed


@pytest.mark.usefixtures("small_pages")
def test_f51_a_page_token_that_expired_begins_the_window_again(selling: ShopWorld) -> None:
    placed = buy(selling, 5)
    position = orders_stream(selling).position
    selling.amazon.fault("searchOrders", "expire_token", when={"query_contains": "paginationToken"}, times=1)
    selling.pass_time(301)
    selling.work()
    stopped = orders_stream(selling)
    assert (stopped.position, stopped.paging) == (position, None)
    assert stopped.problem is not None
    selling.settle(60)
    assert {order.amazon_order_id for order in selling.all(AmazonOrder)} == set(placed)
    assert len(selling.shop_orders()) == 5
    assert selling.product().stock == 5
    assert orders_stream(selling).position > position


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("kind", ["dup_page", "reorder", "stale_read"])
def test_f52_pages_that_repeat_or_are_shuffled_change_nothing(selling: ShopWorld, kind: str) -> None:
    placed = buy(selling, 5)
    selling.amazon.fault("searchOrders", kind, times=2)
    for _ in range(3):
        selling.cycle()
    assert {order.amazon_order_id for order in selling.all(AmazonOrder)} == set(placed)
    assert len(selling.shop_orders()) == 5
    assert sum(entry.delta for entry in selling.ledger()) == -5
    assert selling.product().stock == 5


def test_f53_an_order_that_amazon_shows_a_moment_late_is_in_the_overlap(selling: ShopWorld) -> None:
    selling.pass_time(301)
    selling.work()
    order_id = selling.buy(quantity=1)
    selling.pass_time(20)
    selling.amazon.fault("searchOrders", "skip_item", times=1)
    make_due(selling, StreamName.ORDERS)
    selling.work()
    assert selling.all(AmazonOrder) == []
    selling.pass_time(60)
    make_due(selling, StreamName.ORDERS)
    selling.work()
    assert selling.order(order_id).shop_order_id is not None


def missed(world: ShopWorld) -> str:
    """Let Amazon leave an order out of its answers until nobody asks for that time any more."""
    order_id = world.buy(quantity=2)
    world.pass_time(301)
    world.amazon.fault("searchOrders", "skip_item", times=1)
    world.work()
    world.cycle()
    world.cycle()
    assert world.all(AmazonOrder) == []
    return order_id


def test_f53_an_order_that_searching_never_showed_is_found_by_the_nightly_count(selling: ShopWorld) -> None:
    order_id = missed(selling)
    make_due(selling, StreamName.ORDERS_REPORT)
    selling.settle(60)
    counted = orders_stream(selling, StreamName.ORDERS_REPORT)
    assert (counted.rows_seen, counted.rows_new) == (1, 1)
    assert counted.due_at - selling.clock() > timedelta(hours=11)
    assert selling.order(order_id).shop_order_id is not None
    assert selling.product().stock == 8
    make_due(selling, StreamName.ORDERS_REPORT)
    selling.settle(60)
    assert orders_stream(selling, StreamName.ORDERS_REPORT).rows_new == 0


def test_f53_a_change_that_searching_never_showed_is_found_by_the_nightly_count(selling: ShopWorld) -> None:
    order_id = selling.buy(quantity=2)
    selling.cycle()
    selling.pass_time(600)
    selling.amazon.change_order(order_id, status="CANCELLED")
    selling.pass_time(301)
    selling.amazon.fault("searchOrders", "skip_item", times=1)
    selling.work()
    selling.cycle()
    assert selling.order(order_id).status == "UNSHIPPED"
    make_due(selling, StreamName.ORDERS_REPORT)
    selling.settle(60)
    assert selling.order(order_id).status == "CANCELLED"
    assert selling.product().stock == 10


def test_i05_audit_orders_prints_the_gaps_fetches_them_and_says_so_by_its_status(selling: ShopWorld) -> None:
    selling.amazon.settings(report_delay=0)
    order_id = missed(selling)
    status, printed = run(selling, "audit-orders", "--json")
    [audit] = json.loads(printed)
    assert status == 1
    assert [gap["amazon_order_id"] for gap in audit["gaps"]] == [order_id]
    assert selling.order(order_id).shop_order_id is not None
    status, printed = run(selling, "audit-orders")
    assert (status, printed.split(": ")[1].strip()) == (0, "1 orders, 0 gaps")


def test_i05_an_order_that_was_not_read_yet_is_no_gap(selling: ShopWorld) -> None:
    selling.amazon.settings(report_delay=0)
    selling.pass_time(400)
    selling.buy(quantity=1)
    status, printed = run(selling, "audit-orders", "--json")
    assert status == 0
    assert json.loads(printed)[0]["gaps"] == []


def test_f71_after_35_days_all_is_read_in_bounded_windows(selling: ShopWorld) -> None:
    placed = []
    for _ in range(7):
        placed.append(selling.buy(quantity=1))
        selling.pass_time(5 * 86400)
    selling.amazon.forget_requests()
    selling.settle(60)
    windows = selling.amazon.requests("searchOrders")
    assert len([call for call in windows if "lastUpdatedBefore" in json.dumps(call)]) >= 4
    assert {order.amazon_order_id for order in selling.all(AmazonOrder)} == set(placed)
    assert selling.product().stock == 3
    assert selling.clock() - orders_stream(selling).position < timedelta(minutes=5)
    assert orders_stream(selling).complete_at is not None


@pytest.mark.usefixtures("small_pages")
def test_f72_a_backlog_is_read_in_many_visits_and_the_position_waits_for_the_last(
    selling: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_orders, "READ_AT_MOST", 0.0)
    placed = buy(selling, 7)
    position = orders_stream(selling).position
    selling.pass_time(301)
    selling.session.rollback()
    assert read_orders.read_orders(selling.channel) == 1
    assert len(selling.all(AmazonOrder)) == 2
    assert orders_stream(selling).position == position
    selling.work()
    assert {order.amazon_order_id for order in selling.all(AmazonOrder)} == set(placed)
    assert orders_stream(selling).position > position
    assert selling.product().stock == 3


def test_i05_the_position_stays_while_the_database_cannot_keep_an_order(
    selling: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id, position = selling.buy(quantity=1), orders_stream(selling).position
    selling.pass_time(301)

    def broken(*given: object) -> None:
        raise SystemError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(read_orders, "keep_one", broken)
        selling.work()
    assert orders_stream(selling).position == position
    selling.settle(3700, step=300)
    assert selling.order(order_id).shop_order_id is not None


def test_orders_of_a_span_are_fetched_and_the_position_stays(selling: ShopWorld) -> None:
    order_id = missed(selling)
    position = orders_stream(selling).position
    since = selling.clock() - timedelta(days=20)
    status, printed = run(selling, "import-orders", "--since", f"{since:%Y-%m-%d}", "--json")
    assert (status, json.loads(printed)) == (0, {"Fjellstad": 1})
    assert selling.order(order_id).shop_order_id is not None
    assert orders_stream(selling).position == position
    until = selling.clock() - timedelta(days=10)
    status, printed = run(
        selling, "import-orders", "--since", f"{since:%Y-%m-%d}", "--until", f"{until:%Y-%m-%d}", "--json"
    )
    assert json.loads(printed) == {"Fjellstad": 0}


def test_one_order_is_fetched_by_its_number(selling: ShopWorld) -> None:
    order_id = missed(selling)
    assert run(selling, "import-orders", "--order", order_id)[0] == 0
    assert selling.order(order_id).shop_order_id is not None
    assert run(selling, "import-orders", "--order", "999-0000000-0000000")[0] == 1
