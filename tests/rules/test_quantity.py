from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_amazon_channel.rules.listing import Override
from flask_amazon_channel.rules.quantity import (
    QuantityDecision,
    sellable,
    sendable,
    shared_quantity,
    wanted_quantity,
    withdraws_offer,
)
from flask_amazon_channel.rules.reasons import because
from flask_amazon_channel.rules.settings import QuantityRules
from tests.rules.making import DAY, FBA, MINUTE, NOW, make_product, make_rules


def wanted(quantity: Any, held: int = 0, override: Any = None, eligible: bool = True, **limits: int) -> int | None:
    rules = make_rules(quantity=QuantityRules(**limits))
    return wanted_quantity(make_product(quantity=quantity), held, rules, override, NOW, eligible).value


@pytest.mark.parametrize(
    ("quantity", "held", "limits", "expected"),
    [
        pytest.param(80, 0, {"maximum": 10}, 10, id="V22 stock 80, at most 10"),
        pytest.param(80, 0, {"maximum": 12}, 12, id="V22 stock 80, at most 12"),
        pytest.param(80, 0, {"maximum": 1}, 1, id="V22 one at a time"),
        pytest.param(1, 0, {"maximum": 1}, 1, id="V22 shown again while stock remains"),
        pytest.param(3, 0, {"maximum": 10}, 3, id="the maximum is no promise"),
        pytest.param(Decimal("2.5"), 0, {}, 2, id="halves are rounded down"),
        pytest.param(Decimal("-0.5"), 0, {}, 0, id="below nothing is nothing"),
        pytest.param(8, 3, {}, 5, id="sold at Amazon, not booked yet"),
        pytest.param(8, 0, {"buffer": 3}, 5, id="three held back"),
        pytest.param(8, 3, {"buffer": 3, "maximum": 1}, 1, id="all of it together"),
        pytest.param(2, 0, {"buffer": 5}, 0, id="more held back than there is"),
        pytest.param(5, -2, {}, 7, id="cancelled at Amazon, not booked back yet"),
        pytest.param(None, 50, {}, 100, id="nobody counts the stock"),
        pytest.param(None, 0, {"unmanaged": 100, "maximum": 10}, 10, id="nobody counts, at most 10"),
    ],
)
def test_the_quantity_shown(quantity: Any, held: int, limits: dict[str, Any], expected: int) -> None:
    assert wanted(quantity, held, **limits) == expected


def test_what_must_not_be_sold_shows_none() -> None:
    assert wanted(80, eligible=False) == 0


def test_no_quantity_is_ever_sent_for_what_amazon_ships() -> None:
    for eligible in (True, False):
        decision = wanted_quantity(make_product(), 0, make_rules(), None, NOW, eligible, FBA)
        assert decision.value is None
        assert decision.to_send is None


@pytest.mark.parametrize(
    ("quantity", "override", "expected"),
    [
        pytest.param(8, Override(3), 3, id="fewer than there are"),
        pytest.param(8, Override(50), 8, id="never more than there are"),
        pytest.param(8, Override(0), 0, id="none"),
        pytest.param(8, Override(3, until=NOW + DAY), 3, id="still holds"),
        pytest.param(8, Override(3, until=NOW), 8, id="has run out"),
        pytest.param(None, Override(250), 250, id="where nobody counts the stock, as it is"),
    ],
)
def test_a_person_may_set_the_quantity(quantity: Any, override: Override[int], expected: int) -> None:
    assert wanted(quantity, override=override) == expected


numbers = st.integers(-50, 10_000)


@settings(derandomize=True, max_examples=500)
@given(
    quantity=st.one_of(numbers, st.decimals(-50, 10_000, places=3)),
    held=st.integers(-50, 500),
    maximum=st.integers(0, 10_000),
    buffer=st.integers(0, 500),
    override=st.none() | st.builds(Override, st.integers(-5, 20_000)),
)
def test_the_quantity_shown_never_exceeds_what_can_be_sold(
    quantity: Any, held: int, maximum: int, buffer: int, override: Override[int] | None
) -> None:
    product = make_product(quantity=quantity)
    value = wanted(quantity, held, override, maximum=maximum, buffer=buffer)
    can_be_sold = sellable(product, held)
    assert can_be_sold is not None
    assert value is not None
    assert 0 <= value <= max(0, can_be_sold)


def test_every_step_says_what_it_left() -> None:
    rules = make_rules(quantity=QuantityRules(maximum=10, buffer=2))
    decision = wanted_quantity(make_product(quantity=Decimal("80.5")), 3, rules, None, NOW, True)
    assert [(step.sentence, str(step.value)) for step in decision.steps] == [
        ("In the shop.", "80.5"),
        ("3 sold at Amazon and not yet booked in the shop.", "77.5"),
        ("Rounded down.", "77"),
        ("2 held back.", "75"),
        ("Never more than 10.", "10"),
    ]


LATER_THAN_THE_LISTING = NOW - MINUTE
BEFORE_THE_LISTING = NOW - 6 * MINUTE


@pytest.mark.parametrize(
    ("wanted", "observed", "ever_live", "orders_read_until", "expected"),
    [
        pytest.param(8, 5, True, LATER_THAN_THE_LISTING, None, id="orders read after it was seen"),
        pytest.param(8, 5, True, BEFORE_THE_LISTING, "sale_perhaps_unseen", id="orders not read since"),
        pytest.param(8, 5, True, NOW - 5 * MINUTE, "sale_perhaps_unseen", id="orders read up to that very moment"),
        pytest.param(8, 5, True, None, "orders_never_read", id="orders never read"),
        pytest.param(5, 5, True, None, None, id="what is shown already"),
        pytest.param(4, 5, True, BEFORE_THE_LISTING, None, id="a decrease never waits"),
        pytest.param(0, 5, True, None, None, id="a zero never waits"),
        pytest.param(8, 0, False, None, None, id="never live, so nobody can have bought"),
        pytest.param(8, None, True, LATER_THAN_THE_LISTING, None, id="live quantity unknown, orders fresh"),
        pytest.param(8, None, True, None, "orders_never_read", id="live quantity and orders unknown"),
        pytest.param(0, None, True, None, None, id="a zero although the live quantity is unknown"),
    ],
)
def test_more_than_amazon_shows_waits_for_the_orders(
    wanted: int, observed: int | None, ever_live: bool, orders_read_until: Any, expected: str | None
) -> None:
    reason = sendable(wanted, observed, NOW - 5 * MINUTE, ever_live, orders_read_until, NOW)
    assert (reason.code if reason else None) == expected


@pytest.mark.parametrize(("age", "may_leave"), [(9 * MINUTE, True), (10 * MINUTE, False), (DAY, False)])
def test_orders_read_ten_minutes_ago_vouch_for_nothing(age: Any, may_leave: bool) -> None:
    reason = sendable(8, 5, NOW - 2 * DAY, True, NOW - age, NOW)
    assert (reason.code if reason else None) == (None if may_leave else "orders_read_too_long_ago")


def test_the_wait_says_the_numbers_and_for_what() -> None:
    reason = sendable(8, 5, NOW, True, NOW - MINUTE, NOW)
    assert reason is not None
    assert reason.sentence == (
        "A quantity of 8 is wanted, Amazon shows 5, perhaps after a sale: orders were read only until "
        "2026-11-20 11:59 UTC.  It waits for the next reading, usually five minutes."
    )


def wish(value: int | None, is_wanted: bool = True, paused: bool = False) -> QuantityDecision:
    waits = because("store_paused", "It is paused.", "store") if paused else None
    return QuantityDecision(value, (), is_wanted, waits)


@pytest.mark.parametrize(
    ("stores", "expected"),
    [
        pytest.param([wish(8), wish(5)], 5, id="the smallest counts"),
        pytest.param([wish(8), wish(0, False)], 8, id="one store that wants it is enough"),
        pytest.param([wish(0, False), wish(0, False)], 0, id="nobody wants it"),
        pytest.param([wish(0), wish(8)], 0, id="set to none by hand in one store"),
        pytest.param([wish(None), wish(None)], None, id="Amazon ships it"),
        pytest.param([wish(3, paused=True), wish(8)], 8, id="a paused store has no say in the number"),
        pytest.param([], None, id="no stores"),
    ],
)
def test_stores_of_one_account_share_one_quantity(stores: list[QuantityDecision], expected: int | None) -> None:
    assert shared_quantity(stores).to_send == expected


def test_another_stores_zero_does_not_sell_out_a_paused_store() -> None:
    assert shared_quantity([wish(0, False), wish(5, paused=True)]).to_send is None


def test_the_steps_say_that_the_stores_differ() -> None:
    assert "smallest" in shared_quantity([wish(8), wish(5)]).steps[-1].sentence
    assert shared_quantity([wish(5), wish(5)]).steps == ()


def test_an_offer_is_withdrawn_where_a_zero_would_hurt_another_store_or_cannot_be_sent() -> None:
    nothing = wish(0, False)
    assert withdraws_offer(nothing, False, [wish(8)])
    assert not withdraws_offer(nothing, False, [wish(0, False)])
    assert withdraws_offer(wish(None, False), False, [])
    assert not withdraws_offer(wish(8), True, [wish(8)])
