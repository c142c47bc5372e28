"""A seller's authorisation lasts for 365 days: a person is told in time, and connecting again begins a new year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from flask_amazon_channel.cli import doctor
from flask_amazon_channel.models import AccountState, Activity, SellerAccount
from flask_amazon_channel.rules.expiry import days_left, to_be_told
from flask_amazon_channel.signals import account_needs_attention
from flask_amazon_channel.sync import cycles, expiry
from tests.journeys.world import ShopWorld

DAY = timedelta(days=1)


@pytest.fixture
def told(world: ShopWorld) -> Iterator[list[str]]:
    problems: list[str] = []

    def receiver(app: object, account_id: int, problem: str, **extra: object) -> None:
        problems.append(problem)

    world.connect(activate=False)
    with account_needs_attention.connected_to(receiver, world.app):
        yield problems


def watch_for(world: ShopWorld, first: int, last: int, told: list[str]) -> dict[int, str]:
    """Watch once a day; return what was told, by day since the connection."""
    begun = world.all(SellerAccount)[0].authorised_at
    found = {}
    for day in range(first, last + 1):
        world.clock.now = begun + day * DAY + timedelta(minutes=5)
        expiry.watch(world.channel)
        expiry.watch(world.channel)
        for sentence in told:
            assert day not in found
            found[day] = sentence
        told.clear()
    return found


def test_an_authorisation_that_ends_is_told_thirty_seven_and_one_day_ahead_once_each(
    world: ShopWorld, told: list[str]
) -> None:
    found = watch_for(world, 300, 366, told)
    assert list(found) == [335, 358, 364]
    assert "in 30 days" in found[335]
    assert "in 1 day:" in found[364]
    assert len(world.all(Activity, Activity.action == "expiry")) == 3


def test_whoever_was_away_is_told_only_the_most_urgent(world: ShopWorld, told: list[str]) -> None:
    assert list(watch_for(world, 360, 363, told)) == [360]


def test_connecting_again_begins_a_new_year(world: ShopWorld, told: list[str]) -> None:
    watch_for(world, 334, 336, told)
    world.authorise()
    assert watch_for(world, 0, 334, told) == {}
    assert list(watch_for(world, 335, 335, told)) == [335]


def test_f21_an_authorisation_that_has_ended_lets_the_account_rest(world: ShopWorld, told: list[str]) -> None:
    world.amazon.settings(authorisation_expiry=True)
    world.pass_time(366 * 86400)
    world.session.rollback()
    cycles.begin(world.channel)
    world.work()
    assert world.all(SellerAccount)[0].state == AccountState.DISCONNECTED
    assert [problem for problem in told if "connect the account again" in problem]
    count = len(told)
    expiry.watch(world.channel)
    assert len(told) == count


def test_doctor_says_it_as_long_as_it_is_near(world: ShopWorld, told: list[str]) -> None:
    def said() -> list[str]:
        return [finding.sentence for finding in doctor._expiry(world.channel)]

    assert said() == []
    world.clock.now += 340 * DAY
    [sentence] = said()
    assert "connect the account again before" in sentence
    account = world.all(SellerAccount)[0]
    warning = expiry.authorisation_warning(account, world.clock())
    assert warning is not None
    assert warning.sentence == sentence


@pytest.mark.parametrize(
    ("days", "told_before", "step"),
    [
        (31, None, None),
        (30, None, 30),
        (30, 30, None),
        (7, 30, 7),
        (8, 30, None),
        (1, 7, 1),
        (0, 1, None),
        (0, None, 1),
        (3, None, 7),
    ],
)
def test_each_step_is_told_once(days: int, told_before: int | None, step: int | None, world: ShopWorld) -> None:
    now = world.clock()
    assert to_be_told(now + days * DAY, now, told_before) == step
    assert days_left(now + days * DAY, now) == days
