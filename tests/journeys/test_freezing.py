"""Nothing starts after a freeze, from a copy or while the installation only reads; nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from example_store.channel import amazon
from example_store.database import db
from flask_amazon_channel import signals
from flask_amazon_channel.errors import SendingStopped
from flask_amazon_channel.models import Activity, Instance, SellerAccount, Store
from flask_amazon_channel.spapi.operations import OPERATIONS
from flask_amazon_channel.sync import accounts, freezing, stores
from flask_amazon_channel.sync.publishing import next_step, publish
from flask_amazon_channel.sync.publishing.plan import plan
from tests.journeys.test_publishing import heard
from tests.journeys.world import DE, UK, ShopWorld, listed


def account(world: ShopWorld) -> SellerAccount:
    found: SellerAccount = world.all(SellerAccount)[0]
    return found


def store(world: ShopWorld, number: int = 0) -> Store:
    found: Store = world.all(Store)[number]
    return found


def problems(world: ShopWorld) -> set[str]:
    return {aspect.problem for aspect in world.aspects() if aspect.problem}


@pytest.mark.parametrize("what", [account, store], ids=["account", "store"])
def test_a_freeze_lets_nothing_out_says_why_and_loses_nothing(
    selling: ShopWorld, what: Callable[[ShopWorld], Any]
) -> None:
    freezing.freeze(selling.channel, what(selling), "A wrong price list.", by="Ada")
    selling.save(price=Decimal("21.50"), stock=7)
    selling.settle(30)
    selling.cycle()
    assert selling.patches() == []
    assert selling.shown() == (Decimal("20.00"), 10)
    [problem] = problems(selling)
    assert "frozen" in problem
    assert "by Ada (A wrong price list.)" in problem
    freezing.unfreeze(selling.channel, what(selling), by="Ada")
    selling.settle(30)
    assert selling.shown() == (Decimal("21.50"), 7)
    assert problems(selling) == set()


def test_a_freeze_is_told_with_who_and_why(selling: ShopWorld) -> None:
    with heard(signals.account_needs_attention) as told:
        freezing.freeze(selling.channel, store(selling), "A wrong price list.", by="Ada")
    assert [fact["account_id"] for fact in told] == [1]
    assert "A wrong price list." in told[0]["problem"]
    freezing.unfreeze(selling.channel, store(selling), by="Grace")
    lines = selling.all(Activity, Activity.action.in_(("frozen", "unfrozen")))
    assert [(line.action, line.actor_name, line.store_id) for line in lines] == [
        ("frozen", "Ada", 1),
        ("unfrozen", "Grace", 1),
    ]


def test_a_frozen_store_has_no_say_in_the_quantity_that_another_store_goes_on_selling(world: ShopWorld) -> None:
    world.connect(UK, DE, listings=[listed(price="15.10")])
    world.cycle()
    world.cycle()
    world.amazon.forget_requests()
    assert {row.on_amazon for row in world.sku().listings} == {True}
    freezing.freeze(world.channel, store(world, 0))
    world.save(price=Decimal("21.50"), stock=4)
    world.settle(60)
    sent = world.amazon.requests("patchListingsItem")
    assert len(sent) == 2, "the other store's price, and the quantity"
    assert {store(world, 1).marketplace_id in str(call) for call in sent} == {True}
    assert {store(world, 0).marketplace_id in str(call) for call in sent} == {False}
    assert world.sku().observed_quantity == 4


def test_a_freeze_that_commits_between_the_decision_and_the_intent_stops_the_sending(
    selling: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I-28: no write starts after a freeze is committed."""
    real = next_step.next_step

    def decide_then_freeze(*given: Any) -> Any:
        step = real(*given)
        if isinstance(step, next_step.Send) and not store(selling).is_frozen:
            freezing.freeze(selling.channel, store(selling), "Just now.")
        return step

    monkeypatch.setattr(publish, "next_step", decide_then_freeze)
    selling.save(stock=3)
    selling.settle(30)
    assert selling.patches() == []
    assert selling.submissions() == []
    assert "Just now." in problems(selling).pop()
    freezing.unfreeze(selling.channel, store(selling))
    monkeypatch.undo()
    selling.settle(30)
    assert selling.shown()[1] == 3


def test_a_pause_that_commits_between_the_decision_and_the_intent_stops_the_sending(
    selling: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = next_step.next_step

    def decide_then_pause(*given: Any) -> Any:
        step = real(*given)
        if store(selling).is_active:
            stores.deactivate(selling.channel, store(selling))
        return step

    monkeypatch.setattr(publish, "next_step", decide_then_pause)
    selling.save(stock=3)
    selling.settle(30)
    assert selling.patches() == []


def test_what_is_on_the_wire_when_the_freeze_commits_is_read_back(selling: ShopWorld) -> None:
    selling.save(stock=3)
    selling.work()
    freezing.freeze(selling.channel, store(selling))
    selling.settle(30)
    assert [one.state for one in selling.submissions()] == ["live"]


@pytest.mark.parametrize("what", [account, store], ids=["account", "store"])
def test_a_shipment_waits_for_the_end_of_the_freeze(selling: ShopWorld, what: Callable[[ShopWorld], Any]) -> None:
    order_id = selling.buy(quantity=2)
    selling.cycle()
    freezing.freeze(selling.channel, what(selling), "Stocktaking.")
    amazon.order_shipped(str(selling.order(order_id).shop_order_id), carrier="DHL", tracking_number="0034")
    db.session.commit()
    selling.settle(60)
    assert selling.amazon.requests("confirmShipment") == []
    assert "Stocktaking." in str(selling.packages()[0].problem)
    assert selling.packages()[0].sent_at is None
    freezing.unfreeze(selling.channel, what(selling))
    selling.settle(30)
    assert len(selling.amazon.order(order_id)["packages"]) == 1


def test_orders_are_read_and_booked_while_everything_is_frozen(selling: ShopWorld) -> None:
    freezing.freeze(selling.channel, account(selling))
    selling.buy(quantity=2)
    selling.cycle()
    assert selling.product().stock == 8


def test_plan_shows_what_waits_and_for_what(selling: ShopWorld) -> None:
    freezing.freeze(selling.channel, store(selling), "A wrong price list.")
    selling.save(price=Decimal("21.50"))
    [planned] = plan(selling.channel)
    assert planned.new == Decimal("21.50")
    assert planned.why is not None
    assert planned.why.code == "store_frozen"
    assert "20.00 -> 21.50 waits: " in planned.sentence


def other_installation(world: ShopWorld) -> None:
    """Let the world go on as a copy of its database would on another machine."""
    world.channel.config = replace(world.channel.config, instance="staging")


def test_a_copied_database_sends_nothing_until_somebody_says_that_it_is_ours(selling: ShopWorld) -> None:
    """F-102 and promise 14: a copy on another instance writes nothing."""
    selling.save(stock=9)
    selling.settle(30)
    selling.amazon.forget_requests()
    order_id = selling.buy(quantity=1)
    selling.cycle()
    other_installation(selling)
    selling.save(price=Decimal("1.00"), stock=3)
    amazon.order_shipped(str(selling.order(order_id).shop_order_id), carrier="DHL", tracking_number="0034")
    db.session.commit()
    selling.settle(60)
    selling.cycle()
    writes = [call for name in OPERATIONS if OPERATIONS[name].is_write for call in selling.amazon.requests(name)]
    assert writes == []
    assert any("belongs to another installation" in problem for problem in problems(selling))
    assert freezing.adopt(selling.channel, by="Ada")
    selling.settle(60)
    assert selling.shown() == (Decimal("1.00"), 3)
    assert selling.session.scalars(sa.select(Instance.name)).all() == ["staging"]


def test_whoever_connects_an_account_first_is_remembered_as_the_installation(world: ShopWorld) -> None:
    assert world.session.scalars(sa.select(Instance.name)).all() == []
    world.session.rollback()
    world.connect(listings=[listed()])
    world.settle(60)
    world.session.rollback()
    assert world.session.scalars(sa.select(Instance.name)).all() == [world.channel.instance]


def test_read_only_shows_the_plan_and_sends_nothing(selling: ShopWorld) -> None:
    selling.channel.config = replace(selling.channel.config, read_only=True)
    selling.save(price=Decimal("21.50"))
    selling.settle(30)
    assert selling.patches() == []
    [planned] = plan(selling.channel)
    assert (planned.new, planned.why.code if planned.why else None) == (Decimal("21.50"), "read_only")


@pytest.mark.parametrize("operation", sorted(name for name in OPERATIONS if OPERATIONS[name].is_write))
def test_no_write_leaves_a_frozen_account_even_where_nobody_asked(selling: ShopWorld, operation: str) -> None:
    freezing.freeze(selling.channel, account(selling))
    with pytest.raises(SendingStopped):
        accounts._before_call(selling.channel, operation, 1)
    freezing.unfreeze(selling.channel, account(selling))
    accounts._before_call(selling.channel, operation, 1)
    other_installation(selling)
    with pytest.raises(SendingStopped):
        accounts._before_call(selling.channel, operation, None)
