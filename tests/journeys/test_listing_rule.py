"""A listing rule makes listings ineligible, and its undo brings them back."""

from __future__ import annotations

from decimal import Decimal

from flask_amazon_channel.models import Store
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.sync import listing_rules
from tests.journeys.world import ShopWorld, listed

EXPENSIVE = {"match": "all", "holds": True, "parts": [{"field": "price", "operator": "is_at_least", "value": "25.00"}]}
CAMPING = {
    "match": "all",
    "holds": True,
    "parts": [{"field": "attributes.category", "operator": "is_one_of", "value": "camping"}],
}


def the_store(world: ShopWorld) -> Store:
    [store] = world.all(Store)
    assert isinstance(store, Store)
    return store


def test_a_saved_rule_takes_a_listing_off_and_undo_brings_it_back(selling: ShopWorld) -> None:
    assert listing_rules.save(selling.channel, the_store(selling), EXPENSIVE)
    selling.settle(30)
    assert selling.listing().state == ListingState.INELIGIBLE
    assert selling.sku().wanted_quantity == 0
    assert selling.shown() == (Decimal("20.00"), 0)
    [change] = listing_rules.versions(selling.session, the_store(selling))
    assert listing_rules.restore(selling.channel, the_store(selling), change.id)
    selling.cycle()
    assert the_store(selling).listing_rule is None
    assert selling.listing().state == ListingState.ACTIVE
    assert selling.shown() == (Decimal("20.00"), 10)


def test_a_product_that_changes_is_judged_again(selling: ShopWorld) -> None:
    listing_rules.save(selling.channel, the_store(selling), CAMPING)
    selling.settle(30)
    assert selling.shown()[1] == 10
    selling.save("LAMP", category="kitchen")
    selling.settle(30)
    assert selling.listing().state == ListingState.INELIGIBLE
    assert selling.shown()[1] == 0
    selling.save("LAMP", category="camping")
    selling.cycle()
    assert selling.shown()[1] == 10


def test_what_the_rule_excludes_is_not_listed_and_what_it_allows_waits_to_be(world: ShopWorld) -> None:
    world.add_product("TENT", price="90.00")
    world.connect(listings=[listed("LAMP")])
    listing_rules.save(world.channel, the_store(world), EXPENSIVE)
    world.cycle()
    assert world.listing("LAMP").state == ListingState.INELIGIBLE
    world.add_product("MUG", price="5.00")
    world.settle(30)
    assert world.listing("MUG").state == ListingState.NOT_LISTED
