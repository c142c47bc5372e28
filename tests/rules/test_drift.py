"""What to do about a value that somebody else changed at Amazon."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flask_amazon_channel.rules.drift import Answer, Drift, OnDrift, decide_drift, has_drifted
from flask_amazon_channel.rules.reasons import because

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PRICE = Drift(
    what="price",
    observed=2500,
    verified=2000,
    shown="25.00 USD",
    wanted="20.00 USD",
    setting=OnDrift.ASSERT,
    since=NOW,
)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def test_what_was_never_verified_has_not_drifted() -> None:
    assert not has_drifted(2000, 2500, None)


def test_a_new_wish_of_the_shop_is_no_drift() -> None:
    assert not has_drifted(2100, 2500, 2000)


def test_a_value_as_verified_has_not_drifted() -> None:
    assert not has_drifted(2000, 2000, 2000)


def test_another_value_while_the_shop_wants_the_same_has_drifted() -> None:
    assert has_drifted(2000, 2500, 2000)


@pytest.mark.parametrize(("observed", "expected"), [(7, False), (6, False), (5, True), (11, True)])
def test_a_quantity_that_sales_explain_has_not_drifted(observed: int, expected: bool) -> None:
    assert has_drifted(10, observed, 10, sold_since=4) is expected


@pytest.mark.parametrize(
    ("setting", "answer"),
    [(OnDrift.ASSERT, Answer.ASSERT), (OnDrift.ADOPT, Answer.ADOPT), (OnDrift.IGNORE, Answer.IGNORE)],
)
def test_the_setting_decides(setting: OnDrift, answer: Answer) -> None:
    decided = decide_drift(replace(PRICE, setting=setting), NOW)
    assert decided.answer is answer
    assert "25.00 USD" in decided.reason.sentence
    assert "20.00 USD" in decided.reason.sentence


def test_f115_ours_is_sent_three_times_a_day_and_then_a_person_is_asked() -> None:
    thrice = (ago(hours=20), ago(hours=10), ago(hours=1))
    asked = decide_drift(replace(PRICE, asserted=thrice), NOW)
    assert asked.answer is Answer.ASK
    assert asked.again_at == NOW + timedelta(hours=4), "when the first of the three is a day old"
    assert decide_drift(replace(PRICE, asserted=thrice), NOW + timedelta(hours=4)).answer is Answer.ASSERT
    assert decide_drift(replace(PRICE, asserted=thrice[1:]), NOW).answer is Answer.ASSERT


@pytest.mark.parametrize("setting", [OnDrift.ADOPT, OnDrift.IGNORE])
def test_more_units_than_there_are_never_stay(setting: OnDrift) -> None:
    more = replace(PRICE, what="quantity", observed=50, verified=10, setting=setting, unsellable=True)
    assert decide_drift(more, NOW).answer is Answer.ASSERT
    fought = replace(more, asserted=(ago(hours=3), ago(hours=2), ago(minutes=20)))
    waits = decide_drift(fought, NOW)
    assert (waits.answer, waits.again_at) == (Answer.WAIT, NOW + timedelta(minutes=40))
    assert decide_drift(fought, NOW + timedelta(minutes=40)).answer is Answer.ASSERT


@pytest.mark.parametrize("setting", [OnDrift.ADOPT, OnDrift.IGNORE])
def test_a_price_that_a_guard_refuses_never_stays(setting: OnDrift) -> None:
    refused = because("price_too_low", "Too low.", "price-guards")
    assert decide_drift(replace(PRICE, setting=setting, refused=refused), NOW).answer is Answer.ASSERT


@pytest.mark.parametrize("setting", [OnDrift.ADOPT, OnDrift.IGNORE])
def test_f31_an_older_value_of_ours_that_arrives_late_is_replaced(setting: OnDrift) -> None:
    assert decide_drift(replace(PRICE, setting=setting, was_ours=True), NOW).answer is Answer.ASSERT


def test_nothing_is_taken_over_while_amazon_may_still_show_what_was_before() -> None:
    fresh = replace(PRICE, setting=OnDrift.ADOPT, live_at=ago(minutes=5))
    waits = decide_drift(fresh, NOW)
    assert (waits.answer, waits.again_at) == (Answer.WAIT, NOW + timedelta(minutes=10))
    assert decide_drift(fresh, NOW + timedelta(minutes=10)).answer is Answer.ADOPT
