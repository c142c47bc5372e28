"""What notifications lead to: something is read sooner, and nothing is ever believed."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from example_store.models import Order
from flask_amazon_channel.models import (
    Activity,
    AmazonOrder,
    Feed,
    FeedState,
    NotificationSubscription,
    PendingHint,
    ReceivedNotification,
    Stream,
    StreamName,
)
from flask_amazon_channel.rules.notifications import HintKind
from flask_amazon_channel.sync import cycles, purging
from flask_amazon_channel.sync.notifications import consume
from flask_amazon_channel.sync.notifications.queue import queue_of
from flask_amazon_channel.sync.orders.keep_order import keep_order
from tests.journeys.notifications.conftest import hear, send, waiting
from tests.journeys.world import US, ShopWorld


def calls(world: ShopWorld) -> list[str]:
    ours = [call["operation"] for call in world.amazon.requests()]
    return [name for name in ours if name[0].islower() and name != "token"]


def told(world: ShopWorld) -> dict[str, Any]:
    """The newest notification about orders that was sent."""
    found: dict[str, Any] = world.amazon.notifications("ORDER_CHANGE")[-1]["notification"]
    return found


def outcomes(world: ShopWorld) -> list[str]:
    return [row.outcome for row in world.all(ReceivedNotification) if row.received_at == world.clock()]


def diary(world: ShopWorld) -> list[str]:
    return [line.sentence for line in world.all(Activity, Activity.action == "notification")]


# What each type leads to


def test_an_order_is_in_the_shop_as_soon_as_amazon_tells_of_it(subscribed: ShopWorld) -> None:
    order_id = subscribed.buy()
    hear(subscribed)
    assert subscribed.order(order_id).shop_order_id is not None
    assert subscribed.product().stock == 9
    assert "searchOrders" not in calls(subscribed)
    assert waiting(subscribed) == 0


def test_a_cancelled_order_gives_back_its_stock_as_soon_as_amazon_tells_of_it(subscribed: ShopWorld) -> None:
    order_id = subscribed.buy()
    hear(subscribed)
    subscribed.amazon.change_order(order_id, status="CANCELLED")
    subscribed.pass_time(1)
    hear(subscribed)
    assert subscribed.order(order_id).status == "CANCELLED"
    assert subscribed.product().stock == 10


def test_a_quantity_that_changed_at_amazon_is_read_and_put_right(subscribed: ShopWorld) -> None:
    subscribed.amazon.put_listing(subscribed.seller["seller_id"], US, "LAMP", quantity=3)
    assert hear(subscribed) > 0
    assert subscribed.sku().observed_quantity == 3
    assert [row.subject for row in subscribed.all(PendingHint, PendingHint.kind == HintKind.SKU)] == ["LAMP"]


def test_a_listing_whose_status_or_issues_changed_is_read(subscribed: ShopWorld) -> None:
    before = subscribed.listing().observed_at
    subscribed.pass_time(2)
    subscribed.amazon.put_listing(subscribed.seller["seller_id"], US, "LAMP", status=[])
    hear(subscribed)
    after = subscribed.listing()
    assert subscribed.amazon.notifications("LISTINGS_ITEM_STATUS_CHANGE")
    assert (after.observed_at > before, after.amazon_status) == (True, "")


def test_a_sku_that_is_new_at_amazon_is_found_without_waiting_for_the_cycle(subscribed: ShopWorld) -> None:
    subscribed.amazon.put_listing(
        subscribed.seller["seller_id"],
        US,
        "TENT",
        asin="B0TENT0000",
        price={"amount": 90, "currency": "USD"},
        quantity=4,
    )
    hear(subscribed)
    assert subscribed.listing("TENT").observed_price_minor == 9000


def test_a_report_is_looked_at_as_soon_as_it_is_made(subscribed: ShopWorld) -> None:
    stream = subscribed.all(Stream, Stream.name == StreamName.LISTINGS_REPORT)[0]
    stream.due_at = subscribed.clock()
    subscribed.session.commit()
    subscribed.amazon.settings(report_delay=0)
    cycles.work_once(subscribed.channel)
    asked = subscribed.all(Stream, Stream.name == StreamName.LISTINGS_REPORT)[0]
    assert (asked.report_id is not None, asked.due_at > subscribed.clock()) == (True, True)
    subscribed.amazon.advance(0)
    hear(subscribed)
    read = subscribed.all(Stream, Stream.name == StreamName.LISTINGS_REPORT)[0]
    assert (read.report_id, read.complete_at) == (None, subscribed.clock())


def test_a_feed_is_polled_as_soon_as_it_was_processed(subscribed: ShopWorld) -> None:
    account_id = subscribed.all(NotificationSubscription)[0].account_id
    later = subscribed.clock() + timedelta(hours=1)
    facts = {"account_id": account_id, "aspect": "price", "marketplace_id": US, "created_at": subscribed.clock()}
    for number, state in (("1001", FeedState.SUBMITTED), ("1002", FeedState.DONE), ("1003", FeedState.SUBMITTED)):
        subscribed.session.add(Feed(**facts, amazon_feed_id=number, state=state, due_at=later))
    subscribed.session.commit()
    for number in ("1001", "1002"):
        send(subscribed, notification(subscribed, "FEED_PROCESSING_FINISHED", feed(subscribed, number), id=number))
    consume.drain(subscribed.channel)
    assert [row.due_at == later for row in subscribed.all(Feed)] == [False, True, True]


def test_offers_that_changed_are_marked_for_the_reading_of_competitors(subscribed: ShopWorld) -> None:
    asin = subscribed.listing().asin
    for _ in range(2):
        seller = subscribed.seller["seller_id"]
        subscribed.amazon.cause_notification("offers_changed", seller, asin=asin, marketplace=US)
    hear(subscribed)
    [hint] = subscribed.all(PendingHint, PendingHint.kind == HintKind.OFFERS)
    assert (hint.subject, hint.marketplace_id, hint.due_at) == (asin, US, subscribed.clock())
    assert calls(subscribed) == []


def feed(world: ShopWorld, number: str) -> dict[str, Any]:
    facts = {"sellerId": world.seller["seller_id"], "feedId": number, "processingStatus": "DONE"}
    return {"feedProcessingFinishedNotification": facts}


def notification(
    world: ShopWorld, kind: str, payload: Any, *, id: str = "made-up", version: str = "1.0", like: str = ""
) -> dict[str, Any]:
    """A message as Amazon would send it for our subscription."""
    [subscription] = world.all(NotificationSubscription, NotificationSubscription.type == (like or kind))
    return {
        "notificationVersion": version,
        "notificationType": kind,
        "payloadVersion": version,
        "eventTime": "2026-11-23T00:00:00.000Z",
        "payload": payload,
        "notificationMetadata": {
            "applicationId": "amzn1.sellerapps.app.x",
            "subscriptionId": subscription.subscription_id,
            "publishTime": "2026-11-23T00:00:00.000Z",
            "notificationId": id,
        },
    }


# Twice, late, in any order, not at all


def test_f68_a_notification_that_comes_twice_counts_once(subscribed: ShopWorld) -> None:
    subscribed.amazon.settings(notification_duplicates=1.0)
    subscribed.buy()
    assert waiting(subscribed) > len(subscribed.amazon.notifications())
    hear(subscribed)
    assert len(subscribed.all(ReceivedNotification)) == len(
        {row.notification_id for row in subscribed.all(ReceivedNotification)}
    )
    assert calls(subscribed).count("getOrder") == 1


def test_f68_one_that_comes_again_after_seven_days_changes_nothing(subscribed: ShopWorld) -> None:
    order_id = subscribed.buy()
    hear(subscribed)
    old = told(subscribed)
    subscribed.amazon.change_order(order_id, status="CANCELLED")
    subscribed.pass_time(1)
    hear(subscribed)
    subscribed.pass_time(7 * 86400)
    subscribed.cycle()
    subscribed.amazon.forget_requests()
    send(subscribed, old)
    hear(subscribed)
    assert waiting(subscribed) == 0
    assert "getOrder" not in calls(subscribed)
    assert (subscribed.order(order_id).status, subscribed.product().stock) == ("CANCELLED", 10)


def test_f68_one_that_comes_only_after_seven_days_is_read_anew_and_its_content_is_not_believed(
    subscribed: ShopWorld,
) -> None:
    order_id = subscribed.buy()
    late = told(subscribed)
    late["NotificationMetadata"]["NotificationId"] = "delayed"
    hear(subscribed)
    subscribed.amazon.change_order(order_id, status="CANCELLED")
    subscribed.pass_time(7 * 86400)
    subscribed.cycle()
    send(subscribed, late)
    hear(subscribed)
    assert late["Payload"]["OrderChangeNotification"]["Summary"]["OrderStatus"] == "Unshipped"
    assert (subscribed.order(order_id).status, subscribed.product().stock) == ("CANCELLED", 10)


def test_f68_in_any_order_the_newest_reading_holds(subscribed: ShopWorld) -> None:
    subscribed.amazon.settings(notification_disorder=True)
    orders = [subscribed.buy() for _ in range(3)]
    for order_id in orders:
        subscribed.amazon.change_order(order_id, status="CANCELLED")
    subscribed.pass_time(1)
    hear(subscribed)
    assert [subscribed.order(order_id).status for order_id in orders] == ["CANCELLED"] * 3
    assert subscribed.product().stock == 10


def test_many_notifications_about_one_order_are_one_reading(subscribed: ShopWorld) -> None:
    order_id = subscribed.buy()
    payload = told(subscribed)["Payload"]
    for number in range(12):
        send(subscribed, notification(subscribed, "ORDER_CHANGE", payload, id=f"again-{number}"))
    hear(subscribed)
    assert subscribed.order(order_id).shop_order_id is not None
    assert calls(subscribed).count("getOrder") == 1


def test_one_that_comes_while_the_order_is_read_lets_it_be_read_again(subscribed: ShopWorld) -> None:
    order_id = subscribed.buy()
    consume.drain(subscribed.channel)
    [hint] = subscribed.all(PendingHint, PendingHint.kind == HintKind.ORDER)
    subscribed.session.rollback()
    read = subscribed.channel.clock

    def comes_meanwhile() -> Any:
        if "getOrder" in calls(subscribed) and "meanwhile" not in seen:
            seen.append("meanwhile")
            with subscribed.app.app_context():
                send(subscribed, notification(subscribed, "ORDER_CHANGE", told(subscribed)["Payload"], id="meanwhile"))
                consume.drain(subscribed.channel)
        return read()

    seen: list[str] = []
    subscribed.channel.clock = comes_meanwhile
    subscribed.work()
    subscribed.channel.clock = read
    assert seen
    assert calls(subscribed).count("getOrder") == 2
    assert subscribed.all(PendingHint, PendingHint.id == hint.id)[0].due_at is None
    assert len(subscribed.all(AmazonOrder, AmazonOrder.amazon_order_id == order_id)) == 1


def test_with_notifications_off_everything_still_comes(subscribed: ShopWorld) -> None:
    subscribed.amazon.settings(notifications="off")
    order_id = subscribed.buy()
    hear(subscribed)
    assert subscribed.all(AmazonOrder) == []
    subscribed.cycle()
    assert subscribed.order(order_id).shop_order_id is not None
    assert subscribed.shown()[1] == subscribed.product().stock == 9


def test_without_a_queue_nothing_is_asked_of_aws(subscribed: ShopWorld) -> None:
    subscribed.channel.config = replace(subscribed.channel.config, aws_queue_url="")
    subscribed.buy()
    assert hear(subscribed) == 0
    assert subscribed.amazon.requests("ReceiveMessage") == []


def test_a_queue_that_does_not_answer_stops_nothing(subscribed: ShopWorld, caplog: pytest.LogCaptureFixture) -> None:
    subscribed.amazon.fault("ReceiveMessage", "5xx_json", times=None)
    order_id = subscribed.buy()
    with caplog.at_level(logging.WARNING):
        cycles.work_until_quiet(subscribed.channel, at_most=20, quiet=0)
    assert "could not be read" in caplog.text
    subscribed.cycle()
    assert subscribed.order(order_id).shop_order_id is not None


def test_the_workers_round_empties_the_queue_when_nothing_else_is_due(subscribed: ShopWorld) -> None:
    order_id = subscribed.buy()
    cycles.work_until_quiet(subscribed.channel, at_most=20, quiet=0)
    assert subscribed.order(order_id).shop_order_id is not None
    assert waiting(subscribed) == 0


def test_a_worker_that_never_comes_to_rest_looks_at_the_queue_too(subscribed: ShopWorld) -> None:
    subscribed.buy()
    cycles.work_until_quiet(subscribed.channel, at_most=0, quiet=0)
    assert waiting(subscribed) == 0


def test_a_full_queue_takes_only_a_part_of_the_time(subscribed: ShopWorld) -> None:
    for number in range(25):
        send(subscribed, f"nothing {number}")
    assert consume.drain(subscribed.channel, at_most=0) == 0
    assert consume.drain(subscribed.channel) == 25


# Killed, and two at once


def test_a_consumer_that_is_killed_before_it_deletes_gets_the_message_again_and_knows_it(
    subscribed: ShopWorld,
) -> None:
    order_id = subscribed.buy()
    queue = queue_of(subscribed.channel)
    subscribed.session.rollback()
    taken = consume.take(subscribed.channel, queue.receive())
    assert taken
    assert waiting(subscribed) == len(taken)
    subscribed.work()
    subscribed.pass_time(61)
    subscribed.amazon.forget_requests()
    assert hear(subscribed) == len(taken)
    assert "getOrder" not in calls(subscribed)
    assert subscribed.order(order_id).shop_order_id is not None
    assert waiting(subscribed) == 0


def test_a_consumer_that_is_killed_before_it_commits_loses_nothing(subscribed: ShopWorld) -> None:
    order_id = subscribed.buy()
    assert queue_of(subscribed.channel).receive()
    assert hear(subscribed) == 0
    subscribed.pass_time(61)
    hear(subscribed)
    assert subscribed.order(order_id).shop_order_id is not None


def test_a_consumer_that_is_killed_while_it_commits_leaves_the_message_in_the_queue(
    subscribed: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    order_id = subscribed.buy()
    with monkeypatch.context() as patched:
        patched.setattr(consume, "mark_hint", die)
        with pytest.raises(Killed):
            consume.drain(subscribed.channel)
    assert subscribed.all(ReceivedNotification, ReceivedNotification.type == "ORDER_CHANGE") == []
    subscribed.pass_time(61)
    hear(subscribed)
    assert subscribed.order(order_id).shop_order_id is not None


@pytest.fixture
def barrier() -> Iterator[threading.Barrier]:
    barrier = threading.Barrier(2, timeout=20)
    yield barrier
    barrier.abort()


def test_f67_the_same_order_by_notification_and_by_reading_all_at_once_is_there_once(
    subscribed: ShopWorld, barrier: threading.Barrier
) -> None:
    order_id = subscribed.buy()
    account_id = subscribed.all(NotificationSubscription)[0].account_id
    subscribed.session.rollback()
    from flask_amazon_channel.sync.accounts import client_for

    client = client_for(subscribed.channel, account_id, subscribed.seller["seller_id"], subscribed.seller["region"])
    by_name = client.get_order(order_id)
    [by_search] = client.search_orders(updated_after=subscribed.clock() - timedelta(hours=1)).orders
    failures: list[BaseException] = []

    def worker(seen: Any) -> None:
        with subscribed.app.app_context():
            try:
                barrier.wait()
                keep_order(subscribed.channel, account_id, seen, subscribed.clock())
            except BaseException as error:
                failures.append(error)
            finally:
                subscribed.channel.db.session.remove()

    workers = [threading.Thread(target=worker, args=(seen,)) for seen in (by_name, by_search)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)
    assert failures == []
    assert len(subscribed.all(AmazonOrder)) == 1
    assert len(subscribed.ledger()) == 1
    assert [order.id for order in subscribed.all(Order)] == [int(subscribed.order(order_id).shop_order_id or 0)]
    assert subscribed.product().stock == 9


# Forged, foreign, odd


def test_f69_a_message_for_another_seller_or_subscription_is_dropped_and_told(subscribed: ShopWorld) -> None:
    subscribed.buy()
    true = told(subscribed)
    other_seller = json.loads(json.dumps(true))
    other_seller["Payload"]["OrderChangeNotification"]["SellerId"] = "A000NOTOURS"
    other_seller["NotificationMetadata"]["NotificationId"] = "forged-1"
    other_subscription = json.loads(json.dumps(true))
    other_subscription["NotificationMetadata"] |= {"SubscriptionId": "unknown", "NotificationId": "forged-2"}
    consume.drain(subscribed.channel)
    subscribed.work()
    subscribed.pass_time(1)
    subscribed.amazon.forget_requests()
    for forged in (other_seller, other_subscription):
        send(subscribed, forged)
    hear(subscribed)
    assert outcomes(subscribed) == ["dropped", "dropped"]
    assert "getOrder" not in calls(subscribed)
    [line] = diary(subscribed)
    assert line.startswith("2 notifications were dropped.")
    assert waiting(subscribed) == 0


ODD = {
    "no JSON": "<html>",
    "no object": "[1, 2]",
    "a number": "7",
    "nothing of Amazon's": {"hello": "world"},
    "deep": "[" * 3000 + "]" * 3000,
    "deep objects": '{"a":' * 900 + "1" + "}" * 900,
    "lone surrogate": '{"NotificationMetadata": {"NotificationId": "\\ud800"}}',
    "long id": {"NotificationMetadata": {"NotificationId": "x" * 300, "SubscriptionId": "s"}},
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_f69_what_is_no_notification_is_dropped(body: Any, subscribed: ShopWorld) -> None:
    subscribed.pass_time(1)
    send(subscribed, body)
    assert hear(subscribed) == 1
    assert outcomes(subscribed) == ["dropped"]
    assert waiting(subscribed) == 0


PAYLOADS = {
    "no order id": {"OrderChangeNotification": {"SellerId": None}},
    "an order id that is none": {"OrderChangeNotification": {"AmazonOrderId": "../../etc"}},
    "a list": [],
    "text": "x",
    "an order id that is a list": {"OrderChangeNotification": {"AmazonOrderId": ["1"]}},
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_f69_a_payload_that_is_not_as_described_is_dropped(payload: Any, subscribed: ShopWorld) -> None:
    subscribed.pass_time(1)
    send(subscribed, notification(subscribed, "ORDER_CHANGE", payload))
    hear(subscribed)
    assert outcomes(subscribed) == ["dropped"]


def test_an_unknown_type_is_ignored_and_an_unknown_version_is_read_as_far_as_it_goes(subscribed: ShopWorld) -> None:
    order_id = subscribed.buy()
    payload = told(subscribed)["Payload"]
    consume.drain(subscribed.channel)
    subscribed.session.execute(sa.delete(PendingHint))
    subscribed.session.commit()
    subscribed.pass_time(1)
    send(subscribed, notification(subscribed, "BRAND_NEW_TYPE", {"x": 1}, id="new", like="ORDER_CHANGE"))
    send(subscribed, notification(subscribed, "ORDER_CHANGE", payload, id="version", version="9.0"))
    hear(subscribed)
    assert sorted(outcomes(subscribed)) == ["ignored", "taken"]
    assert subscribed.order(order_id).shop_order_id is not None


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_keys_are_read_in_either_case_and_wrapped_by_eventbridge_or_not(case: Any, subscribed: ShopWorld) -> None:
    order_id = subscribed.buy()
    body = notification(subscribed, "ORDER_CHANGE", told(subscribed)["Payload"], id="odd")

    def recased(value: Any) -> Any:
        return {case(name): recased(below) for name, below in value.items()} if isinstance(value, dict) else value

    # What Amazon sent is thrown away: only the odd one is heard.
    queue = queue_of(subscribed.channel)
    while messages := queue.receive():
        queue.delete(messages)
    send(subscribed, {"version": "0", "detail-type": "ORDER_CHANGE", "source": "x", "detail": recased(body)})
    hear(subscribed)
    assert subscribed.order(order_id).shop_order_id is not None


def test_an_order_that_amazon_does_not_show_is_asked_for_a_few_times_and_leaves_nothing(subscribed: ShopWorld) -> None:
    payload = {"OrderChangeNotification": {"AmazonOrderId": "111-1111111-1111111"}}
    send(subscribed, notification(subscribed, "ORDER_CHANGE", payload))
    consume.drain(subscribed.channel)
    subscribed.settle(300, step=30)
    assert calls(subscribed).count("getOrder") == 3
    assert subscribed.all(AmazonOrder) == []
    assert [hint.due_at for hint in subscribed.all(PendingHint, PendingHint.kind == HintKind.ORDER)] == [None]


def test_nothing_personal_of_a_notification_is_kept_or_logged(
    subscribed: ShopWorld, caplog: pytest.LogCaptureFixture
) -> None:
    subscribed.buy()
    body = told(subscribed)
    body["NotificationMetadata"]["NotificationId"] = "with a place"
    body["Payload"]["OrderChangeNotification"]["Summary"]["DestinationPostalCode"] = "CANARY-48110"
    broken = {**body, "Payload": {"OrderChangeNotification": {"AmazonOrderId": "CANARY-48110"}}}
    with caplog.at_level(logging.DEBUG):
        send(subscribed, body)
        send(subscribed, broken)
        hear(subscribed)
    for table in (ReceivedNotification, PendingHint, Activity):
        for row in subscribed.all(table):
            assert "CANARY" not in str({column.key: getattr(row, column.key) for column in table.__table__.columns})
    assert not [
        record
        for record in caplog.records
        if record.name.startswith("flask_amazon") and "CANARY" in record.getMessage()
    ]


def test_what_came_is_forgotten_after_the_time_that_a_queue_keeps_messages(subscribed: ShopWorld) -> None:
    subscribed.buy()
    hear(subscribed)
    assert subscribed.all(ReceivedNotification)
    subscribed.amazon.settings(notifications="off")
    subscribed.pass_time(14 * 86400)
    purging.purge(subscribed.channel)
    assert subscribed.all(ReceivedNotification)
    subscribed.pass_time(2 * 86400)
    purging.purge(subscribed.channel)
    consume.purge(subscribed.channel)
    assert subscribed.all(ReceivedNotification) == []
    assert subscribed.all(PendingHint) == []


def test_notifications_and_no_notifications_lead_to_the_same_world(subscribed: ShopWorld) -> None:
    """Two orders, one heard of and one found by reading all, are alike in everything but their numbers."""
    heard = subscribed.buy()
    hear(subscribed)
    subscribed.amazon.settings(notifications="off")
    found = subscribed.buy()
    subscribed.cycle()
    names = ("status", "store_id", "fulfilled_by", "currency", "total_minor", "has_stock_effect", "problem")
    first, second = ([getattr(subscribed.order(one), name) for name in names] for one in (heard, found))
    assert first == second
    assert len(subscribed.shop_orders()) == 2


def test_the_position_of_reading_all_orders_is_not_moved_by_a_notification(subscribed: ShopWorld) -> None:
    def position() -> Any:
        return subscribed.all(Stream, Stream.name == StreamName.ORDERS)[0].position

    before = position()
    subscribed.buy()
    hear(subscribed)
    assert position() == before
