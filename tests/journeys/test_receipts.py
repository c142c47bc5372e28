"""What Amazon accepted is sent again until it shows, ever later; then a person is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flask_amazon_channel.models import Activity, Listing, Submission
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.state import Note
from tests.journeys.world import ShopWorld

HOUR = 3600.0


def hours(world: ShopWorld, hours: float) -> None:
    """Let hours go by; there is a look at Amazon every five minutes."""
    for _ in range(int(hours * 12)):
        world.pass_time(300)
        world.work()


def price(world: ShopWorld) -> list[Submission]:
    return [one for one in world.submissions() if one.price_minor is not None]


@pytest.fixture
def stuck(selling: ShopWorld) -> ShopWorld:
    """Amazon accepts everything and applies nothing; a price was sent."""
    selling.amazon.settings(apply="never")
    selling.save(price=Decimal("21.00"))
    selling.work()
    return selling


def test_f30_what_is_not_applied_is_sent_again_three_times_ever_later_and_then_shown(stuck: ShopWorld) -> None:
    began = stuck.clock.now
    hours(stuck, 12)
    sent = [round((one.created_at - began).total_seconds() / HOUR, 1) for one in price(stuck)]
    assert sent == [0.0, 0.5, 1.5, 3.5]
    assert [one.attempt for one in price(stuck)] == [0, 1, 2, 3]
    assert [one.state for one in price(stuck)] == ["superseded"] * 3 + ["not_applied"]
    assert stuck.listing().note == Note.NOT_APPLIED
    [problem] = [aspect.problem for aspect in stuck.aspects() if aspect.name == "price"]
    assert problem is not None
    assert f"accepted the price 21.00 at {began:%Y-%m-%d %H:%M UTC} and 3 times since" in problem
    told = [row.sentence for row in stuck.all(Activity, Activity.action == "price")]
    assert told.count(problem) == 1


def test_f30_what_is_applied_after_all_is_live_though_it_was_given_up(stuck: ShopWorld) -> None:
    hours(stuck, 9)
    assert price(stuck)[-1].state == "not_applied"
    stuck.amazon.put_listing(
        stuck.seller["seller_id"], "ATVPDKIKX0DER", "LAMP", price={"amount": 21, "currency": "USD"}
    )
    hours(stuck, 2)
    assert price(stuck)[-1].state == "live"
    assert stuck.listing().note is None
    assert [aspect.problem for aspect in stuck.aspects()] == [None, None]


def test_another_price_goes_at_once_though_the_last_was_given_up(stuck: ShopWorld) -> None:
    hours(stuck, 9)
    stuck.amazon.settings(apply="normal")
    stuck.save(price=Decimal("22.00"))
    stuck.settle(30)
    assert stuck.shown()[0] == Decimal("22.00")
    assert [one.state for one in price(stuck)][-2:] == ["superseded", "live"]


def test_a_person_can_have_it_sent_again(stuck: ShopWorld) -> None:
    from flask_amazon_channel.models import AspectName
    from flask_amazon_channel.sync.publishing import drift

    hours(stuck, 9)
    stuck.amazon.settings(apply="normal")
    drift.send_again(stuck.channel, _row(stuck), AspectName.PRICE)
    stuck.settle(30)
    assert stuck.shown()[0] == Decimal("21.00")
    assert price(stuck)[-1].attempt == 0


def test_f31_an_older_price_that_arrives_late_is_replaced_by_the_newer(selling: ShopWorld) -> None:
    selling.save(price=Decimal("21.00"))
    selling.settle(30)
    selling.save(price=Decimal("22.00"))
    selling.settle(30)
    store = selling.listing().store
    store.on_drift_price = "adopt"
    selling.session.commit()
    seller = selling.seller["seller_id"]
    selling.amazon.put_listing(seller, "ATVPDKIKX0DER", "LAMP", price={"amount": 21, "currency": "USD"})
    selling.cycle()
    assert selling.shown()[0] == Decimal("22.00")
    assert selling.listing().price_override_minor is None


def _row(world: ShopWorld) -> Listing:
    from flask_amazon_channel.sync.decisions import load_listings

    with reading(world.channel.db.engine) as read:
        return load_listings(read)[0]
