"""Going back to what was live before, and leaving alone what is not the shop's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from example_store.database import db
from example_store.models import Product
from flask_amazon_channel.models import Activity, Listing, MassChange, Store
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.sync import ownership, restoring
from flask_amazon_channel.sync.publishing import mass_changes
from flask_amazon_channel.sync.publishing.plan import plan
from tests.journeys.test_mass_changes import STEADY, amazon_shows, shop_with, slip
from tests.journeys.world import ShopWorld


def test_a_wrong_mass_price_change_is_taken_back_and_stays_so(world: ShopWorld) -> None:
    skus = shop_with(world, 60)
    begun = world.clock.now
    slip(world, skus, price=Decimal("0.20"))
    mass_changes.settle(world.channel, world.all(MassChange)[0], send=True)
    world.settle(120)
    assert amazon_shows(world, skus) == {(Decimal("0.20"), 10)}
    found = restoring.find(world.channel, since=begun)
    assert {(one.old, one.new) for one in found} == {(Decimal("0.20"), Decimal("20.00"))}
    assert len(found) == 60
    restoring.restore(world.channel, found, by="Ada")
    world.settle(120)
    assert amazon_shows(world, skus) == {STEADY}
    assert world.all(MassChange) == [], "what was live before is no slip"
    slip(world, skus[:3], title="Touched")
    assert amazon_shows(world, skus) == {STEADY}, "the shop's price is still wrong, and does not undo it"
    db.session.execute(sa.update(Product).values(price=Decimal("19.00")))
    db.session.commit()
    assert restoring.let_go(world.channel, by="Ada") == 60
    world.settle(120)
    assert amazon_shows(world, skus) == {(Decimal("19.00"), 10)}


def test_a_restored_price_passes_the_guard_that_the_step_back_would_break(selling: ShopWorld) -> None:
    selling.save(price=Decimal("12.00"))
    selling.settle(30)
    store = db.session.get_one(Store, 1)
    store.price_greatest_step_percent = Decimal(10)
    db.session.commit()
    [found] = restoring.find(selling.channel, sku="LAMP")
    assert found.sentence.endswith("LAMP: price 12.00 -> 20.00")
    restoring.restore(selling.channel, [found], by="Ada")
    selling.settle(30)
    assert selling.shown()[0] == Decimal("20.00")
    assert selling.listing().price_override_reason == "restored"
    [line] = selling.all(Activity, Activity.action == "restored")
    assert (line.actor_name, line.listing_id) == ("Ada", selling.listing().id)


def test_only_what_changed_in_that_time_is_restored_and_quantities_only_if_asked(selling: ShopWorld) -> None:
    selling.save(price=Decimal("21.00"))
    selling.settle(30)
    selling.pass_time(3600)
    begun = selling.clock.now
    assert restoring.find(selling.channel, since=begun) == []
    selling.save(price=Decimal("22.00"), stock=5)
    selling.settle(30)
    selling.save(price=Decimal("23.00"))
    selling.settle(30)
    [price] = restoring.find(selling.channel, since=begun)
    assert (price.old, price.new) == (Decimal("23.00"), Decimal("21.00"))
    both = restoring.find(selling.channel, since=begun, quantities=True)
    assert [(one.aspect, one.old, one.new) for one in both if one.aspect == "quantity"] == [("quantity", 5, 10)]
    assert restoring.find(selling.channel, since=begun - timedelta(days=1), until=begun - timedelta(hours=2)) == []


def test_a_restored_quantity_is_never_more_than_the_shop_has(selling: ShopWorld) -> None:
    selling.save(stock=4)
    selling.settle(30)
    restoring.restore(selling.channel, restoring.find(selling.channel, sku="LAMP", quantities=True))
    selling.cycle()
    assert selling.shown()[1] == 4


@pytest.mark.parametrize("owner", [Owner.AMAZON, Owner.REPRICER, Owner.PERSON])
def test_a_price_that_is_not_the_shops_is_never_sent(selling: ShopWorld, owner: Owner) -> None:
    ownership.set_owner(selling.channel, selling.listing(), "price_owner", owner, by="Ada")
    selling.save(price=Decimal("21.50"), stock=7)
    selling.settle(30)
    assert selling.shown() == (Decimal("20.00"), 7)
    [planned] = plan(selling.channel)
    assert planned.why is not None
    assert planned.why.code == "not_owned"
    ownership.set_owner(selling.channel, selling.listing(), "price_owner", Owner.SHOP)
    selling.settle(30)
    assert selling.shown()[0] == Decimal("21.50")


def test_a_quantity_that_is_not_the_shops_is_never_sent(selling: ShopWorld) -> None:
    ownership.set_owner(selling.channel, selling.listing(), "quantity_owner", Owner.AMAZON)
    selling.save(price=Decimal("21.50"), stock=3)
    selling.settle(30)
    assert selling.shown() == (Decimal("21.50"), 10)


@pytest.mark.parametrize("name", ["publishes_price", "publishes_quantity"])
def test_a_store_that_does_not_publish_an_aspect_leaves_it_alone(selling: ShopWorld, name: str) -> None:
    store = selling.session.get_one(Store, 1)
    ownership.set_publishing(selling.channel, store, name, False, by="Ada")
    selling.save(price=Decimal("21.50"), stock=7)
    selling.settle(30)
    kept = {"publishes_price": (Decimal("20.00"), 7), "publishes_quantity": (Decimal("21.50"), 10)}[name]
    assert selling.shown() == kept
    ownership.set_publishing(selling.channel, selling.session.get_one(Store, 1), name, True)
    selling.settle(30)
    assert selling.shown() == (Decimal("21.50"), 7)


def test_what_amazon_showed_before_is_kept_with_each_submission(selling: ShopWorld) -> None:
    selling.save(price=Decimal("21.50"), stock=7)
    selling.settle(30)
    assert sorted(one.before or 0 for one in selling.submissions()) == [10, 2000]
    assert selling.session.scalar(sa.select(Listing.price_owner)) == "shop"
