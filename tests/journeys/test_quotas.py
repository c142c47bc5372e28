"""The journeys with Amazon's quotas on: what has no turn waits for it, and nothing is lost or counted as a failure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from example_store.channel import amazon
from example_store.database import db
from flask_amazon_channel.cli.quotas import examine_quotas, examine_versions
from flask_amazon_channel.models import AmazonOrder, Aspect, AspectName, SellerAccount, Stream, StreamName
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.operations import GET_ORDER, PATCH_LISTINGS_ITEM, SEARCH_ORDERS, Operation
from flask_amazon_channel.spapi.quotas import Allowance, Quotas
from flask_amazon_channel.sync import cycles, quotas, stores
from flask_amazon_channel.sync.accounts import allowance
from flask_amazon_channel.sync.publishing.publish import publish
from tests.databases import Databases
from tests.journeys.world import ShopWorld, empty_shop, listed, make_world
from tests.processes.conftest import Broker

MANY = 12
SKUS = [f"LAMP{number}" for number in range(MANY)]


@pytest.fixture
def counted(database_server: Databases) -> Iterator[ShopWorld]:
    """Twelve lamps are listed and in step; from now on Amazon counts the calls, and so do we."""
    with database_server.fresh(empty_shop) as uri, make_world(uri) as world:
        for sku in SKUS:
            world.add_product(sku)
        world.connect(listings=[listed(sku) for sku in SKUS])
        world.cycle()
        world.amazon.settings(quotas={"scale": 1})
        world.channel.config = replace(world.channel.config, quota_scale=1.0)
        world.amazon.forget_requests()
        yield world


def allowed(world: ShopWorld) -> Allowance:
    return allowance(world.channel, world.seller["seller_id"], "na")


def use_up(world: ShopWorld, operation: Operation, leave: int = 0) -> None:
    """Take all ordinary tokens but some."""
    for _ in range(allowed(world).headroom(operation, 1000) - leave):
        allowed(world).take(operation)


def refused(world: ShopWorld) -> list[str]:
    return [call["operation"] for call in world.amazon.requests() if call["status"] == 429]


def prices(world: ShopWorld) -> set[Decimal | None]:
    return {world.shown(sku)[0] for sku in SKUS}


def change_prices(world: ShopWorld, price: str) -> None:
    for sku in SKUS:
        world.save(sku, price=Decimal(price))


def test_many_changes_reach_amazon_within_the_quota_and_none_is_refused(counted: ShopWorld) -> None:
    change_prices(counted, "21.00")
    counted.settle(60, step=1)
    assert prices(counted) == {Decimal("21.00")}
    assert refused(counted) == []
    assert {aspect.failures for aspect in counted.aspects()} == {0}
    assert {submission.state for submission in counted.submissions()} == {"live"}


def test_no_more_is_claimed_than_may_be_sent(counted: ShopWorld) -> None:
    change_prices(counted, "21.00")
    cycles.work_once(counted.channel, ("listings",))
    use_up(counted, PATCH_LISTINGS_ITEM, leave=3)
    before = {aspect.id: aspect.lease_epoch for aspect in counted.aspects()}
    assert publish(counted.channel, AspectName.PRICE) == 3
    assert publish(counted.channel, AspectName.PRICE) == 0
    moved = [aspect for aspect in counted.aspects() if aspect.lease_epoch != before[aspect.id]]
    assert len(moved) == len(counted.patches()) == 3


def test_urgent_changes_pass_where_ordinary_ones_wait(counted: ShopWorld) -> None:
    use_up(counted, PATCH_LISTINGS_ITEM)
    counted.save(SKUS[0], stock=20)
    counted.save(SKUS[1], price=Decimal("21.00"))
    counted.work()
    assert counted.patches() == []
    counted.save(SKUS[2], stock=3)
    counted.work()
    assert [patches[0]["value"][0]["quantity"] for patches in counted.patches()] == [3]
    assert refused(counted) == []


def test_what_waits_for_its_turn_is_due_at_exactly_that_time_and_says_so(counted: ShopWorld) -> None:
    use_up(counted, PATCH_LISTINGS_ITEM)
    counted.save(SKUS[0], stock=20)
    counted.work()
    [waiting] = [aspect for aspect in counted.aspects() if aspect.problem]
    assert "quota" in waiting.problem
    assert waiting.failures == 0
    assert (waiting.due_at - counted.clock()).total_seconds() == pytest.approx(0.2, abs=0.01)
    assert [one for one in counted.submissions() if one.state == "lost"] == []


def test_f06_a_429_costs_no_attempt_and_names_the_time(counted: ShopWorld) -> None:
    counted.amazon.fault("patchListingsItem", "429", times=2)
    counted.save(SKUS[0], price=Decimal("21.00"))
    counted.work()
    [waiting] = [aspect for aspect in counted.aspects() if aspect.problem]
    assert waiting.failures == 0
    assert (waiting.due_at - counted.clock()).total_seconds() == pytest.approx(0.4, abs=0.05)
    assert allowed(counted).headroom(PATCH_LISTINGS_ITEM, 9, urgent=True) == 0
    counted.settle(30, step=1)
    assert counted.shown(SKUS[0])[0] == Decimal("21.00")


def test_f07_429_for_minutes_halves_the_rate_and_nothing_is_lost(counted: ShopWorld) -> None:
    counted.amazon.fault("patchListingsItem", "429", times=None)
    change_prices(counted, "21.00")
    counted.settle(180, step=5)
    standing = allowed(counted).standing(PATCH_LISTINGS_ITEM)
    assert standing is not None
    assert standing.rate <= 2.5
    assert {aspect.failures for aspect in counted.aspects()} == {0}
    slowed = {one.operation: one for one in quotas.headroom(counted.channel, account(counted))}["patchListingsItem"]
    assert slowed.is_slowed
    assert "Amazon publishes 5 a second" in slowed.sentence
    counted.amazon.heal()
    counted.settle(120, step=5)
    assert prices(counted) == {Decimal("21.00")}
    counted.save(SKUS[0], price=Decimal("22.00"))
    counted.settle(60, step=5)
    standing = allowed(counted).standing(PATCH_LISTINGS_ITEM)
    assert standing is not None
    assert standing.rate == 5


def account(world: ShopWorld) -> SellerAccount:
    [found] = world.all(SellerAccount)
    return found


def test_a_confirmation_that_amazon_turned_away_is_sent_again_at_its_turn(counted: ShopWorld) -> None:
    order_id = counted.buy(SKUS[0])
    counted.cycle()
    counted.amazon.fault("confirmShipment", "429", times=1)
    shop_order_id = counted.order(order_id).shop_order_id
    amazon.order_shipped(shop_order_id, carrier="DHL", tracking_number="0034")
    db.session.commit()
    counted.work()
    [package] = counted.packages()
    assert (package.sent_at, package.failures) == (None, 0)
    counted.settle(60, step=5)
    assert counted.packages()[0].confirmed_at is not None


def test_a_reading_of_many_pages_goes_on_where_the_quota_ended(
    counted: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = AmazonClient.search_orders
    monkeypatch.setattr(AmazonClient, "search_orders", lambda self, **asked: search(self, **asked, page_size=1))
    for number in range(6):
        counted.buy(SKUS[number])
    counted.pass_time(130)
    use_up(counted, SEARCH_ORDERS, leave=4)
    cycles.make_reading_due(counted.channel)
    db.session.commit()
    counted.work()
    [stream] = counted.all(Stream, Stream.name == StreamName.ORDERS)
    assert len(counted.all(AmazonOrder)) == 4
    assert (stream.failures, stream.due_at > counted.clock()) == (0, True)
    for _ in range(3):
        counted.pass_time(180)
        counted.work()
    assert len(counted.all(AmazonOrder)) == 6
    asked = [call for call in counted.amazon.requests("searchOrders") if call["status"] == 200]
    assert len(asked) == 6
    assert refused(counted) == []


def test_orders_that_are_asked_for_again_leave_the_last_token(counted: ShopWorld) -> None:
    for number in range(3):
        counted.buy(SKUS[number])
    counted.cycle()
    use_up(counted, GET_ORDER, leave=1)
    db.session.execute(sa.update(AmazonOrder).values(due_at=counted.clock()))
    db.session.commit()
    counted.work()
    assert len(counted.amazon.requests("getOrder")) == 1


def test_redis_flushed_and_stopped_in_between_loses_nothing(database_server: Databases, tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    with database_server.fresh(empty_shop) as uri, make_world(uri) as world:
        world.channel.clock = lambda: datetime.now(UTC)
        world.channel.quotas = Quotas(broker.url, world.channel.clock)
        for sku in SKUS:
            world.add_product(sku)
        world.connect(listings=[listed(sku) for sku in SKUS], activate=False)
        world.amazon.settings(submission_delay=0, report_delay=0, quotas={"scale": 20})
        world.channel.config = replace(world.channel.config, quota_scale=20.0)
        for store in list(account(world).stores):
            stores.activate(world.channel, store)
        _work_until(world, lambda: len(world.all(Aspect)) == 2 * MANY)
        for price, then in (("21.00", broker.flush), ("22.00", broker.stop), ("23.00", broker.start)):
            change_prices(world, price)
            cycles.work_once(world.channel)
            then()
            _work_until(world, lambda price=price: prices(world) == {Decimal(price)})
        assert {aspect.failures for aspect in world.aspects()} == {0}
    broker.stop()


def _work_until(world: ShopWorld, holds: Callable[[], bool]) -> None:
    """The time is only there so that a broken test ends."""
    for _ in range(60):
        cycles.work_until_quiet(world.channel, at_most=2, quiet=0.3)
        if holds():
            return
    raise AssertionError("It did not happen.")


def test_a_command_waits_a_little_for_its_turn_and_no_longer(counted: ShopWorld) -> None:
    counted.channel.clock = lambda: datetime.now(UTC)
    change_prices(counted, "21.00")
    cycles.run_once(counted.channel, only=("prices", "listings"))
    assert len(counted.patches()) == MANY
    counted.amazon.settings(rate_header=False)
    counted.channel.config = replace(counted.channel.config, quota_scale=0.0001)
    change_prices(counted, "22.00")
    cycles.run_once(counted.channel, only=("prices", "listings"))
    assert len(counted.patches()) <= MANY + PATCH_LISTINGS_ITEM.burst


def test_the_forecast_says_what_a_day_needs(counted: ShopWorld) -> None:
    change_prices(counted, "21.00")
    counted.settle(60, step=1)
    needed = {one.operation: one for one in quotas.forecast(counted.channel, account(counted))}
    assert needed["searchOrders"].sentence == (
        "Orders, one search per cycle: 288 of the 483 calls of searchOrders that Amazon allows in a day, 60 %."
    )
    assert needed["patchListingsItem"].calls == pytest.approx(MANY / 7)
    assert needed["createReport"].calls == 1
    standing = {one.operation: one for one in quotas.headroom(counted.channel, account(counted))}
    assert standing["getOrder"].sentence == "30 of 30 calls could go now, then one every 2 s."


def test_doctor_and_the_accounts_page_say_the_same_figures(counted: ShopWorld) -> None:
    use_up(counted, GET_ORDER)
    counted.channel.authorize = lambda permission, store: True
    findings = [*examine_quotas(counted.channel), *examine_versions(counted.channel)]
    found = {finding.sentence: finding.grade for finding in findings}
    sentence = "Orders, one search per cycle: 288 of the 483 calls of searchOrders that Amazon allows in a day, 60 %."
    low = "1 of 30 calls could go now, then one every 2 s."
    assert found[sentence] == "good"
    assert found[f"getOrder: {low}"] == "note"
    assert "confirmShipment. No end is announced." in found
    browser = counted.app.test_client()
    page = browser.get(f"/amazon/accounts/{account(counted).id}/quotas").text
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "searchOrders Orders, one search with each cycle 288 483 60 %" in said
    assert "getOrder 1 of 30" in said
    assert "/quotas" in browser.get(f"/amazon/accounts/{account(counted).id}").text


def test_a_cycle_that_asks_for_more_than_a_day_allows_is_told(counted: ShopWorld) -> None:
    counted.channel.config = replace(counted.channel.config, sync_interval=timedelta(seconds=60))
    [finding] = [one for one in examine_quotas(counted.channel) if one.grade == "wrong"]
    assert "1,440 of the 483 calls of searchOrders" in finding.sentence
    assert "SYNC_INTERVAL" in finding.remedy
