"""The tour goes through the journeys against real parts, and says so when one does not hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tour.conftest import Tour

STEPS = [
    "connect",
    "import",
    "match",
    "product_saved",
    "order_imported",
    "order_shipped",
    "order_cancelled",
    "explained",
]


@pytest.fixture(scope="module")
def tour(take_tour: Callable[..., Tour]) -> Tour:
    return take_tour()


@pytest.fixture(scope="module")
def broken_tour(take_tour: Callable[..., Tour]) -> Tour:
    return take_tour("--break", "product_saved")


def test_every_step_of_the_tour_holds(tour: Tour) -> None:
    why = {name: step["facts"].get("why") for name, step in tour.steps.items() if not step["ok"]}
    assert why == {}
    assert [step["name"] for step in tour.document["steps"]] == STEPS
    assert tour.document["ok"] is True
    assert tour.status == 0


def test_each_step_says_how_long_it_took_and_what_it_found(tour: Tour) -> None:
    for step in tour.document["steps"]:
        assert set(step) == {"name", "ok", "seconds", "facts"}
        assert step["seconds"] >= 0
        assert step["facts"]


def test_a_saved_price_is_what_buyers_see_in_both_marketplaces(tour: Tour) -> None:
    seen = tour.steps["product_saved"]["facts"]["buyers_see"]
    assert seen == {
        "US": {"price": "84.50", "quantity": 21},
        "MX": {"price": "1571.70", "quantity": 21},
    }


def test_an_order_lowers_the_stock_by_what_was_ordered(tour: Tour) -> None:
    facts = tour.steps["order_imported"]["facts"]
    taken = {sku: stock["before"] - stock["after"] for sku, stock in facts["stock"].items()}
    assert taken == facts["lines"] == {"CG-2006": 2, "KT-3005": 3}


def test_the_tour_leaves_no_process(tour: Tour) -> None:
    assert tour.left == {}


def test_a_step_that_does_not_hold_makes_the_tour_fail(broken_tour: Tour) -> None:
    assert broken_tour.status == 1
    assert broken_tour.document["ok"] is False
    step = broken_tour.steps["product_saved"]
    assert step["ok"] is False
    assert "buyers see" in step["facts"]["why"]


def test_steps_that_need_the_failed_one_fail_and_the_others_go_on(broken_tour: Tour) -> None:
    held = [name for name, step in broken_tour.steps.items() if step["ok"]]
    assert held == ["connect", "import", "match", "order_imported", "order_shipped", "order_cancelled"]
    assert broken_tour.steps["explained"]["facts"]["why"] == "It needs product_saved."


def test_a_failed_tour_leaves_no_process_either(broken_tour: Tour) -> None:
    assert broken_tour.left == {}


def test_when_the_account_cannot_be_connected_no_step_holds(take_tour: Callable[..., Tour]) -> None:
    tour = take_tour("--break", "connect")
    assert tour.status == 1
    assert [step["ok"] for step in tour.document["steps"]] == [False] * len(STEPS)
    assert "MD1000" in tour.steps["connect"]["facts"]["why"]
