"""While stores are prepared they are read and matched, and nothing is sent; the start sends what differs."""

from __future__ import annotations

from decimal import Decimal

from flask_amazon_channel.models import SellerAccount, Store
from flask_amazon_channel.rules.onboarding import Step, next_step
from flask_amazon_channel.sync import onboarding, preparation
from tests.journeys.world import ShopWorld, listed


def the_account(world: ShopWorld) -> SellerAccount:
    [account] = world.all(SellerAccount)
    assert isinstance(account, SellerAccount)
    return account


def step(world: ShopWorld) -> Step | None:
    return next_step(onboarding.facts_of(world.channel, the_account(world)))


def test_a_store_is_prepared_imported_reviewed_and_started(world: ShopWorld) -> None:
    world.add_product("TENT", price="90.00")
    listings = [listed("LAMP", price="18.00", quantity=3), listed("STRANGE")]
    world.connect(listings=listings, activate=False)
    assert step(world) is Step.MARKETPLACES
    onboarding.choose(world.channel, the_account(world), [world.all(Store)[0].id])
    assert step(world) is Step.IDENTIFIERS
    onboarding.map_identifiers(world.channel, the_account(world), {"sku": "sku", "asin": "asin", "ean": "ean"})
    world.settle(60)
    assert step(world) is Step.RULE
    [store] = world.all(Store)
    found = onboarding.review(world.session, store)
    assert (found.is_imported, found.on_amazon, found.matched, found.unmatched) == (True, 2, 1, 1)
    assert found.only_in_shop == 1
    world.session.rollback()
    sends = onboarding.would_send(world.channel, store)
    assert sends.is_whole
    assert [(row.field, row.old, row.new) for row in sends.rows] == [
        ("price", Decimal("18.00"), Decimal("20.00")),
        ("quantity", 3, 10),
    ]
    world.cycle()
    assert world.shown() == (Decimal("18.00"), 3)
    assert world.patches() == []
    onboarding.start(world.channel, the_account(world))
    assert step(world) is None
    world.cycle()
    assert world.shown() == (Decimal("20.00"), 10)


def test_a_store_that_was_left_out_is_not_read(world: ShopWorld) -> None:
    world.connect(listings=[listed("LAMP")], activate=False)
    onboarding.map_identifiers(world.channel, the_account(world), {"sku": "sku"})
    world.cycle()
    assert [store.imported_at for store in world.all(Store)] == [None]
    assert [call for call in world.amazon.requests() if "eport" in call["operation"]] == []


def test_the_catalogue_is_counted_by_the_worker_too(world: ShopWorld) -> None:
    preparation.look(world.channel, at_most=0)
    world.work()
    row = preparation.current(world.session)
    assert row is not None
    assert row.found is not None
    assert row.found["products"] == 1
