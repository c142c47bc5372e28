"""What needs a person becomes one open alert, is signalled once, and ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flask_amazon_channel import jobs
from flask_amazon_channel.models import (
    Alert,
    AlertMessage,
    AmazonOrder,
    Aspect,
    CallError,
    Listing,
    Run,
    SellerAccount,
    Sku,
    Slot,
    Store,
    Stream,
    StreamName,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.alerts import open_alerts
from flask_amazon_channel.rules.alerts import Alarm, Severity, Subject
from flask_amazon_channel.rules.reasons import because
from flask_amazon_channel.signals import alert_raised
from flask_amazon_channel.sync import cycles, freezing
from flask_amazon_channel.sync.alerts import facts
from flask_amazon_channel.sync.alerts.evaluate import evaluate, silent_now, watch_timetable, watch_worker
from tests.journeys.world import ShopWorld


@contextmanager
def listening(world: ShopWorld) -> Iterator[list[dict[str, Any]]]:
    heard: list[dict[str, Any]] = []

    def receive(app: object, **facts: Any) -> None:
        heard.append(facts)

    with alert_raised.connected_to(receive, world.app):
        yield heard


def is_open(world: ShopWorld) -> list[str]:
    return sorted(alert.code for alert in world.all(Alert, Alert.open_key.is_not(None)))


def look(world: ShopWorld, *, read: bool = True) -> list[str]:
    """Look at what needs a person, just after the orders were `read`."""
    world.session.rollback()
    if read:
        is_orders = Stream.name == StreamName.ORDERS
        world.session.execute(sa.update(Stream).where(is_orders).values(complete_at=world.clock.now))
        world.session.commit()
    evaluate(world.channel)
    return is_open(world)


def store_of(world: ShopWorld) -> Store:
    store: Store = world.listing().store
    return store


def test_in_a_world_that_is_in_step_nothing_needs_a_person(selling: ShopWorld) -> None:
    assert look(selling) == []


def test_what_lasts_is_one_alert_and_one_signal_and_it_ends_by_itself(selling: ShopWorld) -> None:
    with listening(selling) as heard:
        freezing.freeze(selling.channel, store_of(selling), "stocktaking")
        began = selling.clock.now
        for _ in range(3):
            assert look(selling) == ["store_frozen"]
            selling.clock.now += timedelta(minutes=5)
        freezing.unfreeze(selling.channel, store_of(selling))
        assert look(selling) == []
    [alert] = selling.all(Alert)
    assert (alert.since, alert.seen_at, alert.ended) == (began, began + timedelta(minutes=10), selling.clock.now)
    assert "stocktaking" in alert.sentence
    [said] = heard
    assert (said["code"], said["store_id"]) == ("store_frozen", alert.store_id)


def test_what_comes_back_at_once_is_the_same_alert_and_what_comes_back_later_another(selling: ShopWorld) -> None:
    with listening(selling) as heard:
        for minutes in (5, 5, 31):
            freezing.freeze(selling.channel, store_of(selling))
            look(selling)
            freezing.unfreeze(selling.channel, store_of(selling))
            look(selling)
            selling.clock.now += timedelta(minutes=minutes)
        freezing.freeze(selling.channel, store_of(selling))
        look(selling)
    assert [alert.ended is None for alert in selling.all(Alert)] == [False, True]
    assert len(heard) == 2


def test_of_each_kind_the_database_takes_one_open_alert_for_each_thing(selling: ShopWorld) -> None:
    alarm = Alarm(Subject(store_of(selling).account_id), Severity.BAD, because("disconnected", "It is away."))
    for _ in range(2):
        selling.session.add(Alert.of(alarm, selling.clock.now))
    with pytest.raises(IntegrityError):
        selling.session.commit()
    selling.session.rollback()


def test_the_cycle_looks_when_its_work_is_done(selling: ShopWorld) -> None:
    """After a night without a worker the first cycle reads the orders before it complains that they were not read."""
    selling.pass_time(9 * 3600)
    assert look(selling, read=False) == ["orders_unread"]
    selling.pass_time(5)
    with cycles.recorded(selling.channel, "cycle"):
        assert cycles.begin(selling.channel)
        cycles.work_until_quiet(selling.channel, at_most=30, quiet=0)
        cycles.end(selling.channel)
    assert is_open(selling) == []


def test_a_fault_in_looking_does_not_stop_the_cycle(selling: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(facts, "gather", break_down)
    cycles.end(selling.channel)
    assert is_open(selling) == []


# Each kind, brought about in the world


def test_an_account_that_amazon_does_not_let_in_needs_a_person(selling: ShopWorld) -> None:
    selling.session.execute(sa.update(SellerAccount).values(state="disconnected", problem="The consent was revoked."))
    selling.session.commit()
    assert look(selling) == ["disconnected"]


def test_an_order_that_cannot_be_brought_into_the_shop_is_counted_without_its_words(selling: ShopWorld) -> None:
    order_id = selling.buy()
    selling.cycle()
    row = selling.order(order_id)
    row.problem, row.due_at = "Ms Lovelace, 12 Main Street: no such street.", selling.clock.now
    selling.session.commit()
    assert look(selling) == ["orders_quarantined"]
    [alert] = selling.all(Alert)
    assert "1 order " in alert.sentence
    assert "Lovelace" not in str(alert.facts)


def test_an_order_to_be_shipped_today_and_one_that_should_have_been(selling: ShopWorld) -> None:
    order_id = selling.buy()
    selling.cycle()
    row = selling.order(order_id)
    row.ship_by = selling.clock.now + timedelta(hours=23)
    selling.session.commit()
    assert look(selling) == ["orders_to_ship"]
    row.ship_by = selling.clock.now - timedelta(minutes=1)
    selling.session.commit()
    assert look(selling) == ["orders_late"]
    row.status = "SHIPPED"
    selling.session.commit()
    assert look(selling) == []


def test_an_order_that_sold_more_than_there_is_and_one_that_is_to_be_cancelled(selling: ShopWorld) -> None:
    order_id = selling.buy()
    selling.cycle()
    row = selling.order(order_id)
    row.oversold_at = row.cancellation_requested_at = selling.clock.now
    selling.session.commit()
    assert look(selling) == ["cancellation_requested", "oversold"]
    row.status = "CANCELLED"
    selling.session.commit()
    assert look(selling) == []


def test_a_zero_that_nobody_sends_needs_a_person(selling: ShopWorld) -> None:
    selling.session.execute(sa.update(Sku).values(wanted_quantity=0))
    is_quantity = Aspect.name == "quantity"
    selling.session.execute(sa.update(Aspect).where(is_quantity).values(due_at=selling.clock.now))
    selling.session.commit()
    assert look(selling) == []
    selling.clock.now += timedelta(minutes=5)
    assert look(selling) == ["zero_unsent"]


def test_a_change_that_waits_for_an_hour_needs_a_person(selling: ShopWorld) -> None:
    now = selling.clock.now
    selling.session.execute(sa.update(Aspect).values(due_at=now - timedelta(hours=1)))
    selling.session.commit()
    assert look(selling) == ["work_waits"]


def test_changes_that_amazon_refused_or_did_not_apply_are_counted_until_something_newer_is_sent(
    selling: ShopWorld,
) -> None:
    selling.save(price=21)
    selling.settle()
    last = selling.submissions()[-1]
    for state, code in ((SubmissionState.INVALID, "listings_refused"), (SubmissionState.NOT_APPLIED, "not_applied")):
        selling.session.execute(sa.update(Submission).where(Submission.id == last.id).values(state=state))
        selling.session.commit()
        assert look(selling) == [code]
    selling.save(price=22)
    selling.settle()
    assert look(selling) == []


def test_a_report_that_is_suspiciously_small_asks_and_stays_until_somebody_answers(selling: ShopWorld) -> None:
    is_report = Stream.name == StreamName.LISTINGS_REPORT
    selling.session.execute(sa.update(Stream).where(is_report).values(rows_seen=400, due_at=selling.clock.now))
    selling.session.commit()
    selling.settle()
    assert look(selling) == ["report_small"]
    [alert] = selling.all(Alert)
    assert "has 1 listing, the last one had 400" in alert.sentence
    from flask_amazon_channel.sync.listings_report import accept_smaller

    accept_smaller(selling.channel, store_of(selling).id)
    assert look(selling) == []


def test_reading_that_fails_again_and_again_needs_a_person(selling: ShopWorld) -> None:
    is_listings = Stream.name == StreamName.LISTINGS
    selling.session.execute(sa.update(Stream).where(is_listings).values(failures=3, problem="Amazon did not answer."))
    selling.session.commit()
    assert look(selling) == ["listings_failing"]


def test_calls_that_amazon_refuses_for_their_number_need_a_person(selling: ShopWorld) -> None:
    now = selling.clock.now
    refused = {"bucket": "x", "account_id": store_of(selling).account_id, "operation": "searchOrders", "status": 429}
    selling.session.add(CallError(**refused, times=12, first_at=now, last_at=now))
    selling.session.commit()
    assert look(selling) == ["quota_exhausted"]
    selling.clock.now += timedelta(minutes=61)
    assert "quota_exhausted" not in look(selling)


# Silence


def let_somebody_have_worked(world: ShopWorld, at: Any) -> None:
    world.session.add(Run(name="work", idle_name="work", state="idle", process="x 1", began=at, seen_at=at, ended=at))
    world.session.merge(Slot(name="cycle", next_run=at, last_run=at))
    world.session.commit()


def test_the_timetable_tells_where_no_worker_lives_and_the_next_cycle_that_one_does(selling: ShopWorld) -> None:
    let_somebody_have_worked(selling, selling.clock.now)
    assert watch_worker(selling.channel) == []
    selling.clock.now += timedelta(minutes=11)
    assert [alarm.code for alarm in watch_worker(selling.channel)] == ["worker_silent"]
    assert watch_worker(selling.channel) == []
    assert is_open(selling) == ["worker_silent"]
    let_somebody_have_worked_again = sa.update(Run).values(seen_at=selling.clock.now)
    selling.session.execute(let_somebody_have_worked_again)
    selling.session.commit()
    assert "worker_silent" not in look(selling)


def test_a_worker_that_is_rung_tells_where_no_cycle_begins(selling: ShopWorld) -> None:
    let_somebody_have_worked(selling, selling.clock.now)
    assert watch_timetable(selling.channel) == []
    selling.clock.now += timedelta(minutes=26)
    selling.session.execute(sa.update(Run).values(seen_at=selling.clock.now))
    selling.session.commit()
    assert [alarm.code for alarm in watch_timetable(selling.channel)] == ["timetable_silent"]
    assert is_open(selling) == ["timetable_silent"]


def test_a_page_sees_silence_without_storing_anything(selling: ShopWorld) -> None:
    let_somebody_have_worked(selling, selling.clock.now)
    selling.clock.now += timedelta(minutes=40)
    assert [alarm.code for alarm in silent_now(selling.channel)] == ["worker_silent"]
    assert selling.all(Alert) == []


# Who sees them


def test_alerts_are_shown_to_those_who_may_see_what_they_are_about(selling: ShopWorld) -> None:
    store, now = store_of(selling), selling.clock.now
    values = {"country_code": "CA", "currency": "CAD", "language": "en_CA", "domain": "www.amazon.ca"}
    other = Store(account_id=store.account_id, marketplace_id="A2EUQ1WTGCTBG2", name="CA", created_at=now, **values)
    selling.session.add(other)
    selling.session.flush()
    for subject in (Subject(), Subject(store.account_id), Subject(store.account_id, store.id)):
        reason = because(subject.key.replace(" ", "_"), "It is odd.")
        selling.session.add(Alert.of(Alarm(subject, Severity.WARN, reason), now))
    selling.session.commit()

    def seen(*ids: int) -> list[str]:
        return sorted(alert.code.partition("_")[0] for alert in open_alerts(selling.session, ids))

    assert seen(store.id, other.id) == ["account", "installation", "store"]
    assert seen(store.id) == ["installation", "store"]
    assert seen(other.id) == ["installation"]
    assert seen() == ["installation"]


def test_the_worst_comes_first(selling: ShopWorld) -> None:
    for severity in (Severity.INFO, Severity.BAD, Severity.WARN):
        alarm = Alarm(Subject(), severity, because(f"kind_{severity}", "It is odd."))
        selling.session.add(Alert.of(alarm, selling.clock.now))
    selling.session.commit()
    assert [alert.severity for alert in open_alerts(selling.session, [])] == ["bad", "warn", "info"]


def test_a_deleted_order_takes_its_alerts_along(selling: ShopWorld) -> None:
    order_id = selling.buy()
    selling.cycle()
    row = selling.order(order_id)
    row.oversold_at = selling.clock.now
    selling.session.commit()
    assert look(selling) == ["oversold"]
    assert selling.all(Alert)[0].order_id == row.id
    assert selling.all(AlertMessage) == []
    assert selling.all(AmazonOrder)
    assert selling.all(Listing)


def test_looking_finds_what_is_open_and_due_by_its_index(selling: ShopWorld) -> None:
    """A million listings and orders at rest cost a cycle nothing."""
    if selling.session.get_bind().dialect.name != "sqlite":
        pytest.skip("Only SQLite's plans are read here.")
    order_id = selling.buy()
    selling.cycle()
    row = selling.order(order_id)
    columns = {column.name: getattr(row, column.key) for column in AmazonOrder.__table__.columns if column.name != "id"}
    more = [{**columns, "amazon_order_id": f"x{n}", "shop_order_id": None, "status": "SHIPPED"} for n in range(3000)]
    selling.session.execute(sa.insert(AmazonOrder.__table__), more)
    aspect = selling.all(Aspect, Aspect.name == "price")[0]
    submission = {
        "generation": 1,
        "state": "live",
        "marketplace_id": "x",
        "patches": [],
        "created_at": selling.clock.now,
    }
    selling.session.execute(sa.insert(Submission), [{"aspect_id": aspect.id, "price_minor": 1, **submission}] * 3000)
    selling.session.execute(sa.text("ANALYZE"))
    selling.session.commit()
    asked: list[tuple[str, Any]] = []

    def listen(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        asked.append((statement, parameters))

    engine = selling.channel.db.engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        evaluate(selling.channel)
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)
    plans = [
        f"{line[3]}: {statement}"
        for statement, parameters in asked
        if statement.startswith("SELECT")
        for line in selling.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    assert any("SEARCH amazon_order USING COVERING INDEX ix_amazon_order_ship_by" in plan for plan in plans)
    assert any("SEARCH amazon_aspect USING INDEX ix_amazon_aspect_due_at" in plan for plan in plans)
    assert [plan for plan in plans if plan.startswith("SCAN amazon_submission:")] == []


def test_the_job_of_the_cycle_looks_at_its_end(selling: ShopWorld) -> None:
    freezing.freeze(selling.channel, store_of(selling))
    selling.pass_time(301)
    selling.session.rollback()
    jobs.cycle()
    assert "store_frozen" in is_open(selling)
