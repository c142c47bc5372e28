from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_amazon_channel.rules.amazon import OrderSnapshot
from flask_amazon_channel.rules.orders import is_newer, sold, targets
from tests.rules.making import FBA, MFN, MINUTE, NOW, make_item, make_order


@pytest.mark.parametrize(
    ("status", "item", "expected"),
    [
        pytest.param("UNSHIPPED", {}, 3, id="all that was ordered"),
        pytest.param("UNSHIPPED", {"fulfilled": 0, "unfulfilled": 2}, 2, id="one of three cancelled"),
        pytest.param("UNSHIPPED", {"fulfilled": 0}, 3, id="only one of the two numbers given"),
        pytest.param("PARTIALLY_SHIPPED", {"fulfilled": 1, "unfulfilled": 2}, 3, id="shipping changes nothing"),
        pytest.param("SHIPPED", {"fulfilled": 3, "unfulfilled": 0}, 3, id="all shipped"),
        pytest.param("PENDING", {}, 3, id="not paid, reserved"),
        pytest.param("PENDING_AVAILABILITY", {}, 3, id="ordered in advance, reserved"),
        pytest.param("CANCELLED", {"fulfilled": 0, "unfulfilled": 0}, 0, id="cancelled"),
        pytest.param("CANCELLED", {"fulfilled": None, "unfulfilled": None}, 0, id="cancelled, no numbers given"),
        pytest.param("CANCELLED", {"fulfilled": 1, "unfulfilled": 2}, 1, id="cancelled after one was shipped"),
        pytest.param("UNFULFILLABLE", {}, 0, id="cannot be fulfilled"),
        pytest.param("BRAND_NEW", {}, None, id="a status nobody knows leaves all as it is"),
    ],
)
def test_what_a_line_takes_from_the_shops_stock(status: str, item: dict[str, Any], expected: int | None) -> None:
    assert sold(make_item(**item), status, True, MFN) == expected


def test_an_unpaid_order_takes_nothing_where_the_store_does_not_reserve() -> None:
    assert sold(make_item(), "PENDING", False, MFN) == 0
    assert sold(make_item(), "UNSHIPPED", False, MFN) == 3


@pytest.mark.parametrize("status", ["PENDING", "UNSHIPPED", "SHIPPED", "CANCELLED", "BRAND_NEW"])
def test_what_amazon_ships_takes_nothing_from_the_shop(status: str) -> None:
    assert sold(make_item(), status, True, FBA) == 0


def test_a_line_gone_from_the_order_takes_nothing_any_more() -> None:
    assert targets(make_order(), ["item-1", "item-2"], True) == {"item-1": 3, "item-2": 0}


def test_a_status_nobody_knows_gives_nothing_back_either() -> None:
    assert targets(make_order(status="BRAND_NEW"), ["item-1", "item-2"], True) == {
        "item-1": None,
        "item-2": None,
    }


def test_an_order_from_before_the_connection_takes_nothing() -> None:
    assert targets(make_order(), [], True, has_effect=False) == {"item-1": 0}


class Ledger:
    """What a journey does with the targets: apply a newer picture, post the difference."""

    def __init__(self, stock: int) -> None:
        self.stock = stock
        self.posted: dict[str, int] = {}
        self.applied: tuple[datetime | None, datetime | None] = (None, None)

    def see(self, order: OrderSnapshot, fetched_at: datetime) -> None:
        if not is_newer(order, fetched_at, *self.applied):
            return
        self.applied = (order.last_updated_at, fetched_at)
        for line, target in targets(order, self.posted, True).items():
            if target is not None:
                self.stock -= target - self.posted.get(line, 0)
                self.posted[line] = target


def a_life(steps: list[tuple[str, int, int, bool]]) -> list[OrderSnapshot]:
    """Make pictures of one order, each a minute newer: status, shipped, left, whether line 2 is there."""
    return [
        make_order(
            make_item(fulfilled=shipped, unfulfilled=left),
            *([make_item(order_item_id="item-2", quantity_ordered=2)] if second else []),
            status=status,
            last_updated_at=NOW + minute * MINUTE,
        )
        for minute, (status, shipped, left, second) in enumerate(steps)
    ]


known_statuses = st.sampled_from(["PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE"])
lives = st.lists(
    st.tuples(known_statuses, st.integers(0, 3), st.integers(0, 3), st.booleans()), min_size=1, max_size=6
).map(a_life)


@settings(derandomize=True, max_examples=300)
@given(lives, st.data())
def test_repeats_and_disorder_of_pictures_change_nothing(life: list[OrderSnapshot], data: st.DataObject) -> None:
    in_order, shuffled = Ledger(100), Ledger(100)
    for picture in life:
        in_order.see(picture, NOW)
    disorder = data.draw(st.permutations(life + life))
    for minute, picture in enumerate(disorder):
        shuffled.see(picture, NOW + minute * MINUTE)
    assert shuffled.stock == in_order.stock
    expected = targets(life[-1], [], True)
    assert in_order.stock == 100 - sum(target or 0 for target in expected.values())


def test_a_cancelled_order_gives_back_what_was_not_shipped_and_only_once() -> None:
    ledger = Ledger(10)
    life = a_life([("UNSHIPPED", 0, 3, True), ("CANCELLED", 1, 0, True)])
    for picture in [*life, *life, life[0]]:
        ledger.see(picture, NOW)
    assert ledger.stock == 9
