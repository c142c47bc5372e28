"""What needs a person, from the facts of a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flask_amazon_channel.rules import alerts
from flask_amazon_channel.rules.alerts import Account, Facts, Installation, OpenOrder, Orders, Severity, StoreFacts
from flask_amazon_channel.rules.breaker import mass_change
from flask_amazon_channel.rules.contacts import email_problem, webhook_problem
from flask_amazon_channel.rules.permission import Freeze
from flask_amazon_channel.rules.reasons import PLACES
from tests.rules.making import NOW

WELL = Installation(instance="here", stored_instance="here", used_since=NOW, worker_seen=NOW, cycle_began=NOW)
ACCOUNT = Account(1, "Potter", connected_at=NOW, orders_read_at=NOW)
STORE = StoreFacts(3, 1, "Potter DE")
ORDERS = Orders(1, 3, "Potter DE")


def ago(**long: float) -> object:
    return NOW - timedelta(**long)


def codes(facts: Facts) -> list[str]:
    return [alarm.code for alarm in alerts.alarms(facts, NOW)]


def test_an_installation_in_which_all_is_well_needs_nobody() -> None:
    well = Facts(WELL, (ACCOUNT,), (STORE,), (ORDERS,), (OpenOrder(9, 1, 3, "028-1"),))
    assert codes(well) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"read_only": True}, "read_only"),
        ({"stored_instance": "there"}, "another_instance"),
        ({"secret": ("The client secret ends soon.", False)}, "secret_expiring"),
        ({"failed_run": NOW}, "run_failed"),
        ({"worker_seen": ago(minutes=11)}, "worker_silent"),
        ({"cycle_began": ago(minutes=26)}, "timetable_silent"),
    ],
)
def test_what_is_wrong_with_the_installation_concerns_everybody(changed: dict[str, object], code: str) -> None:
    [alarm] = alerts.alarms(Facts(replace(WELL, **changed)), NOW)
    assert (alarm.code, alarm.subject.key) == (code, "installation")


def test_a_worker_is_not_silent_before_it_has_had_time() -> None:
    assert codes(Facts(replace(WELL, worker_seen=None, cycle_began=None))) == []
    assert codes(Facts(replace(WELL, worker_seen=ago(minutes=9), cycle_began=ago(minutes=24)))) == []


def test_without_an_active_store_nobody_has_to_work() -> None:
    assert codes(Facts(Installation(is_used=False))) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"is_connected": False, "problem": "Revoked."}, "disconnected"),
        ({"is_connected": False, "needs_secret": True}, "needs_secret"),
        ({"expiry": ("It ends in 7 days.", False)}, "authorisation_expiring"),
        ({"freeze": Freeze(NOW, "Ada")}, "account_frozen"),
        ({"orders_read_at": ago(minutes=15)}, "orders_unread"),
        ({"orders_read_at": None, "connected_at": ago(minutes=15)}, "orders_unread"),
        ({"zeros": 2}, "zero_unsent"),
        ({"work_since": ago(hours=1)}, "work_waits"),
        ({"stuck_feeds": 1}, "feeds_stuck"),
        ({"refused_calls": (("searchOrders", 10),)}, "quota_exhausted"),
    ],
)
def test_what_is_wrong_with_an_account_is_said_once(changed: dict[str, object], code: str) -> None:
    [alarm] = alerts.alarms(Facts(WELL, (replace(ACCOUNT, **changed),)), NOW)
    assert (alarm.code, alarm.subject.key) == (code, "account 1")
    assert "Potter" in alarm.reason.sentence


def test_what_has_ended_is_worse_than_what_will_end() -> None:
    for is_over, severity in ((False, Severity.WARN), (True, Severity.BAD)):
        [alarm] = alerts.alarms(Facts(WELL, (replace(ACCOUNT, expiry=("It ends.", is_over)),)), NOW)
        assert alarm.severity is severity


def test_an_account_that_is_not_connected_has_no_orders_to_read() -> None:
    away = replace(ACCOUNT, is_connected=False, orders_read_at=ago(days=3), zeros=4, work_since=ago(days=3))
    assert codes(Facts(WELL, (away,))) == ["disconnected"]


def test_of_an_account_without_an_active_store_nothing_is_late() -> None:
    idle = replace(ACCOUNT, has_active_store=False, orders_read_at=ago(days=3), work_since=ago(days=3))
    assert codes(Facts(WELL, (idle,))) == []


def test_a_frozen_account_says_that_it_is_frozen_and_not_that_work_waits() -> None:
    assert codes(Facts(WELL, (replace(ACCOUNT, freeze=Freeze(NOW), work_since=ago(days=3)),))) == ["account_frozen"]


def test_a_few_refused_calls_are_nothing() -> None:
    assert codes(Facts(WELL, (replace(ACCOUNT, refused_calls=(("getOrder", 9),)),))) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"freeze": Freeze(NOW)}, "store_frozen"),
        ({"problem": "Amazon has suspended it."}, "store_problem"),
        ({"not_applied": 3}, "not_applied"),
        ({"refused": 4}, "listings_refused"),
        ({"small_report": (10, 1000)}, "report_small"),
    ],
)
def test_what_is_wrong_with_a_store_is_said_once(changed: dict[str, object], code: str) -> None:
    [alarm] = alerts.alarms(Facts(WELL, stores=(replace(STORE, **changed),)), NOW)
    assert (alarm.code, alarm.subject.key) == (code, "store 3")


def test_a_paused_store_has_nothing_that_needs_a_person() -> None:
    assert codes(Facts(WELL, stores=(replace(STORE, is_active=False, refused=4, problem="Suspended."),))) == []


def test_orders_that_are_late_are_not_also_told_as_near() -> None:
    near = replace(ORDERS, soon=2, ship_by=NOW)
    assert codes(Facts(WELL, orders=(near,))) == ["orders_to_ship"]
    assert codes(Facts(WELL, orders=(replace(near, late=1),))) == ["orders_late"]
    assert codes(Facts(WELL, orders=(replace(ORDERS, quarantined=1),))) == ["orders_quarantined"]


def test_each_order_that_waits_for_a_decision_has_alerts_of_its_own() -> None:
    orders = tuple(OpenOrder(n, 1, 3, f"028-{n}", is_oversold=True, asks_to_cancel=n == 1) for n in (1, 2))
    found = alerts.alarms(Facts(WELL, open_orders=orders), NOW)
    assert [alarm.key for alarm in found] == ["oversold order 1", "cancellation_requested order 1", "oversold order 2"]


def test_reading_that_failed_twice_is_a_hiccup_and_thrice_a_problem() -> None:
    reading = alerts.Reading(1, 3, "Potter DE", "listings_report", 2)
    assert codes(Facts(WELL, readings=(reading,))) == []
    assert codes(Facts(WELL, readings=(replace(reading, failures=3),))) == ["listings_report_failing"]


def test_a_mass_change_is_signalled_by_whoever_notices_it() -> None:
    waiting = alerts.Waiting(1, None, mass_change("quantity", 60, 100, NOW))
    [alarm] = alerts.alarms(Facts(WELL, waiting=(waiting,)), NOW)
    assert alarm.is_signalled_elsewhere
    assert (alarm.key, alarm.severity) == ("mass_change account 1", Severity.BAD)


def test_an_alert_that_reaches_nobody_is_told_on_the_pages_after_an_hour() -> None:
    lost = alerts.Undelivered(1, None, "mail", NOW - timedelta(minutes=59), "No answer.")
    assert codes(Facts(WELL, undelivered=(lost,))) == []
    assert codes(Facts(WELL, undelivered=(replace(lost, since=NOW - timedelta(hours=1)),))) == ["mail_undelivered"]


def test_every_alert_has_a_sentence_without_gaps_and_a_place_that_pages_know() -> None:
    facts = Facts(
        replace(WELL, read_only=True, stored_instance="there", secret=("It ends.", True), failed_run=NOW),
        (replace(ACCOUNT, zeros=1, orders_read_at=None, connected_at=ago(days=1), stuck_feeds=1),),
        (replace(STORE, problem="{odd}", not_applied=1, refused=1, small_report=(1, 50), freeze=Freeze(NOW)),),
        (replace(ORDERS, quarantined=1, late=1, ship_by=NOW),),
        readings=tuple(alerts.Reading(1, None, "Potter", what, 5) for what in ("orders", "deletion")),
    )
    for alarm in alerts.alarms(facts, NOW):
        assert alarm.reason.sentence
        assert alarm.reason.see in PLACES | {""}


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, ["1 feed lies", "1 SKU is", "1 change and", "1 listing.", "1 listing,", "1 order could", "1 order should"]),
        (
            2,
            [
                "2 feeds lie",
                "2 SKUs are",
                "2 changes and",
                "2 listings.",
                "2 listings,",
                "2 orders could",
                "2 orders sh",
            ],
        ),
    ],
)
def test_one_is_told_as_one_and_many_as_many(n: int, said: list[str]) -> None:
    facts = Facts(
        WELL,
        (replace(ACCOUNT, stuck_feeds=n, zeros=n),),
        (replace(STORE, not_applied=n, refused=n, small_report=(n, 50)),),
        (replace(ORDERS, quarantined=n, late=n, ship_by=NOW),),
    )
    sentences = [alarm.reason.sentence for alarm in alerts.alarms(facts, NOW)]
    assert [words for words in said if not any(words in sentence for sentence in sentences)] == []


@pytest.mark.parametrize("text", ["ada@example.com", "a.b+c@mail.example.co.uk", "root@localhost"])
def test_a_mail_address_is_known(text: str) -> None:
    assert email_problem(text) is None


@pytest.mark.parametrize(
    "text", ["", "ada", "a@b@c.de", "a b@c.de", "a@b.de\nBcc: x@y.de", "a..b@c.de", f"{'a' * 300}@b.de"]
)
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    assert email_problem(text)


@pytest.mark.parametrize("text", ["https://example.com/hook?key=1", "http://127.0.0.1:8000/hook", "http://localhost/"])
def test_an_address_of_a_webhook_is_known(text: str) -> None:
    assert webhook_problem(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "http://example.com/",
        "https://ada:hush@example.com/",
        "ftp://127.0.0.1/",
        "https://[",
        "https:// x",
    ],
)
def test_alerts_leave_this_machine_only_encrypted(text: str) -> None:
    assert webhook_problem(text)
