"""Somebody changes a price or a quantity in Seller Central."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.models import Activity, AspectName, Listing
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.sync.decisions import load_listings
from flask_amazon_channel.sync.publishing import drift
from flask_amazon_channel.sync.publishing.plan import plan
from tests.journeys.world import US, ShopWorld

OURS, THEIRS = Decimal("20.00"), Decimal("25.00")


def edit(world: ShopWorld, **facts: Any) -> None:
    """Change the listing at Amazon without the channel."""
    world.pass_time(20)
    world.amazon.put_listing(world.seller["seller_id"], US, "LAMP", **facts)


def edit_price(world: ShopWorld, amount: Decimal = THEIRS) -> None:
    edit(world, price={"amount": amount, "currency": "USD"})


def setting(world: ShopWorld, **values: Any) -> None:
    store = world.listing().store
    for name, value in values.items():
        setattr(store, name, value)
    world.session.commit()


def problem(world: ShopWorld, name: str = "price") -> str:
    return next(aspect.problem or "" for aspect in world.aspects() if aspect.name == name)


def diary(world: ShopWorld) -> list[str]:
    return [row.sentence for row in world.all(Activity, Activity.action == "drift")]


def row(world: ShopWorld) -> Listing:
    with reading(world.channel.db.engine) as read:
        return load_listings(read)[0]


def test_f115_by_default_the_shops_price_is_sent_again(selling: ShopWorld) -> None:
    edit_price(selling)
    selling.cycle()
    assert selling.shown()[0] == OURS
    assert [one.against_drift for one in selling.submissions()] == [True]


def test_f115_there_is_no_fight_whoever_keeps_changing_it(selling: ShopWorld) -> None:
    for number in range(8):
        edit_price(selling, THEIRS + number)
        selling.cycle()
    assert len(selling.patches()) == 3
    assert selling.shown()[0] == THEIRS + 7
    assert "sent 3 times within a day" in problem(selling)
    selling.pass_time(86400)
    selling.settle(60)
    assert selling.shown()[0] == OURS, "the next day it is tried again"


def test_f115_the_person_who_is_asked_can_have_ours_sent(selling: ShopWorld) -> None:
    for number in range(4):
        edit_price(selling, THEIRS + number)
        selling.cycle()
    assert selling.shown()[0] == THEIRS + 3
    assert drift.send_again(selling.channel, row(selling), AspectName.PRICE)
    selling.settle(60)
    assert selling.shown()[0] == OURS


def test_f115_the_person_who_is_asked_can_take_theirs_over(selling: ShopWorld) -> None:
    for number in range(4):
        edit_price(selling, THEIRS + number)
        selling.cycle()
    assert drift.take_over(selling.channel, row(selling), AspectName.PRICE)
    selling.settle(60)
    selling.cycle()
    assert selling.shown()[0] == THEIRS + 3
    assert problem(selling) == ""


def test_f115_an_adopted_price_becomes_an_override_with_a_line_in_the_diary(selling: ShopWorld) -> None:
    setting(selling, on_drift_price="adopt")
    edit_price(selling)
    selling.cycle()
    selling.save(price=Decimal("19.00"))
    selling.cycle()
    assert selling.patches() == []
    assert selling.listing().price_override_minor == 2500
    assert diary(selling) == ["Somebody set the price 25.00 USD at Amazon instead of 20.00 USD; it was taken over."]


def test_f115_an_ignored_price_is_shown_until_the_shop_wants_another(selling: ShopWorld) -> None:
    setting(selling, on_drift_price="ignore")
    edit_price(selling)
    selling.cycle()
    selling.cycle()
    assert selling.patches() == []
    assert "25.00 USD at Amazon instead of 20.00 USD" in problem(selling)
    [since] = [aspect.drift_since for aspect in selling.aspects() if aspect.name == "price"]
    assert since is not None
    selling.save(price=Decimal("21.00"))
    selling.settle(60)
    assert selling.shown()[0] == Decimal("21.00")
    assert problem(selling) == ""


def test_the_plan_says_that_an_ignored_price_is_not_sent(selling: ShopWorld) -> None:
    setting(selling, on_drift_price="ignore")
    edit_price(selling)
    selling.cycle()
    selling.session.rollback()
    [planned] = plan(selling.channel)
    assert planned.why is not None
    assert planned.why.code == "drift_ignored"


def test_a_drift_that_is_put_right_at_amazon_is_forgotten(selling: ShopWorld) -> None:
    setting(selling, on_drift_price="ignore")
    edit_price(selling)
    selling.cycle()
    edit_price(selling, OURS)
    selling.cycle()
    assert problem(selling) == ""
    assert [aspect.drift_since for aspect in selling.aspects()] == [None, None]


def test_a_price_outside_the_guards_is_not_taken_over(selling: ShopWorld) -> None:
    setting(selling, on_drift_price="adopt", price_maximum_minor=2200)
    edit_price(selling)
    selling.cycle()
    assert selling.shown()[0] == OURS


def test_f115_a_lower_quantity_is_adopted(selling: ShopWorld) -> None:
    setting(selling, on_drift_quantity="adopt")
    edit(selling, quantity=6)
    selling.cycle()
    selling.cycle()
    assert selling.patches() == []
    assert selling.sku().quantity_override == 6


@pytest.mark.parametrize("what", ["assert", "adopt", "ignore"])
def test_more_units_than_the_shop_has_do_not_stay(selling: ShopWorld, what: str) -> None:
    setting(selling, on_drift_quantity=what)
    edit(selling, quantity=50)
    selling.cycle()
    assert selling.shown()[1] == 10


def test_a_sale_is_not_taken_for_somebodys_edit(selling: ShopWorld) -> None:
    """Four are sold, and four come in: what Amazon shows is lower than before, and nobody changed it there."""
    setting(selling, on_drift_quantity="adopt")
    selling.buy(quantity=4)
    selling.save(stock=14)
    selling.cycle()
    selling.cycle()
    assert selling.shown()[1] == 10
    assert selling.sku().quantity_override is None
    assert diary(selling) == []
