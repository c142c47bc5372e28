from __future__ import annotations

import pytest

from flask_amazon_channel import signals
from flask_amazon_channel.models import Listing, Sku
from flask_amazon_channel.sync import matching
from flask_amazon_channel.sync.listings_report import make_reports_due
from tests.journeys.test_publishing import heard
from tests.journeys.world import MX, US, ShopWorld, listed

EAN = "4006381333931"


def state_of(world: ShopWorld, sku: str) -> str:
    return str(world.listing(sku).state)


def read_wholly(world: ShopWorld) -> None:
    """Let all listings be read by report now."""
    make_reports_due(world.channel, None)
    world.cycle()


def test_listings_are_matched_by_sku_then_by_ean(world: ShopWorld) -> None:
    world.add_product("SHELF", ean=EAN)
    with heard(signals.listing_matched) as matched, heard(signals.listings_imported) as imported:
        world.connect(listings=[listed("LAMP"), listed("AMZ-1", asin="B0SHELF001", ean=EAN)])
    assert {world.sku("LAMP").matched_by, world.sku("AMZ-1").matched_by} == {"sku", "ean"}
    assert world.sku("AMZ-1").product_id == str(world.product("SHELF").id)
    assert sorted(fact["matched_by"] for fact in matched) == ["ean", "sku"]
    assert [(fact["seen"], fact["new"]) for fact in imported] == [(2, 2)]


def test_a_upc_and_an_isbn_10_find_their_longer_forms(world: ShopWorld) -> None:
    world.add_product("PEN", ean="0036000291452")
    world.add_product("BOOK", isbn="9780306406157")
    world.connect(listings=[listed("A-1", asin="B0PEN00001", ean="036000291452"), listed("A-2", asin="0306406152")])
    assert world.sku("A-1").product_id == str(world.product("PEN").id)
    assert world.sku("A-2").product_id == str(world.product("BOOK").id)


def test_several_products_with_the_identifier_are_for_a_person_to_choose_from(world: ShopWorld) -> None:
    first, second = world.add_product("NEW", ean=EAN), world.add_product("USED", ean=EAN)
    candidates = {str(first.id), str(second.id)}
    world.connect(listings=[listed("A-1", asin="B0BOTH0001", ean=EAN)])
    sku = world.sku("A-1")
    assert (sku.product_id, sku.match_problem, set(sku.match_candidates)) == (None, "multiple_matches", candidates)
    assert state_of(world, "A-1") == "new_third_party"


def test_a_persons_match_is_never_overruled_by_an_import(world: ShopWorld) -> None:
    other = str(world.add_product("OTHER").id)
    world.connect(listings=[listed("LAMP")])
    matching.choose_product(world.channel, world.sku("LAMP"), other)
    read_wholly(world)
    assert (world.sku("LAMP").product_id, world.sku("LAMP").matched_by) == (other, "person")


def test_a_match_that_a_person_took_away_stays_away(world: ShopWorld) -> None:
    world.connect(listings=[listed("LAMP")])
    matching.choose_product(world.channel, world.sku("LAMP"), None)
    read_wholly(world)
    assert world.sku("LAMP").product_id is None
    assert state_of(world, "LAMP") == "new_third_party"
    world.amazon.forget_requests()
    world.save(stock=1)
    world.settle(30)
    assert world.patches() == []


def test_each_listing_stands_on_the_tab_that_its_state_names(world: ShopWorld) -> None:
    world.add_product("EMPTY", stock=0)
    world.add_product("OFF", enabled=False)
    world.add_product("UNLISTED")
    world.add_product("READY", asin="B0READY001")
    world.connect(
        listings=[
            listed("LAMP"),
            listed("EMPTY", asin="B0EMPTY001"),
            listed("STRANGER", asin="B0STRANGE1"),
            listed("OFF", asin="B0OFF00001"),
        ]
    )
    world.cycle()
    assert {sku: state_of(world, sku) for sku in ("LAMP", "EMPTY", "STRANGER", "OFF", "UNLISTED")} == {
        "LAMP": "active",
        "EMPTY": "ineligible",
        "STRANGER": "new_third_party",
        "OFF": "ineligible",
        "UNLISTED": "incomplete",
    }


def test_an_inactive_listing_has_amazons_reason(world: ShopWorld) -> None:
    from flask_amazon_channel.sync.explain import explain

    world.connect(listings=[listed("LAMP", status=[])])
    world.cycle()
    decision = explain(world.channel, world.listing())
    assert decision.state.label == "Inactive"
    assert decision.reason is not None
    assert decision.reason.sentence


def test_what_changes_at_amazon_is_read_with_the_next_cycle(selling: ShopWorld) -> None:
    seller = selling.seller["seller_id"]
    selling.amazon.put_listing(seller, US, "LAMP", title="The lamp, renamed")
    selling.amazon.put_listing(seller, US, "NEW-1", asin="B0NEW00001", title="New", price="5.00", quantity=1)
    selling.cycle()
    assert selling.listing("LAMP").title == "The lamp, renamed"
    assert state_of(selling, "NEW-1") == "new_third_party"


def test_a_price_that_somebody_changed_at_amazon_is_set_back(selling: ShopWorld) -> None:
    selling.amazon.put_listing(selling.seller["seller_id"], US, "LAMP", price="19.00")
    selling.cycle()
    assert str(selling.shown()[0]) == "20.00"


def test_a_listing_missing_from_a_report_stays_as_it_was(world: ShopWorld) -> None:
    world.add_product("SHELF")
    world.connect(listings=[listed("LAMP"), listed("SHELF", asin="B0SHELF001")])
    world.cycle()
    world.amazon.drop_listing(world.seller["seller_id"], US, "SHELF")
    read_wholly(world)
    assert state_of(world, "SHELF") == "active"
    assert world.sku("SHELF").product_id is not None


@pytest.mark.parametrize("kind", ["5xx_html", "empty", "truncate", "garble"])
def test_a_report_that_cannot_be_read_changes_nothing_and_is_asked_for_again(world: ShopWorld, kind: str) -> None:
    world.amazon.fault("document", kind, times=1)
    world.connect(listings=[listed("LAMP")])
    world.settle(120)
    assert state_of(world, "LAMP") == "active"
    assert len(world.all(Listing)) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"report_bom": True},
        {"report_gzip": False},
        {"report_charset": "cp1252"},
        {"report_headers": "de"},
        {"report_headers": "ja", "report_charset": "cp932"},
    ],
    ids=["byte order mark", "not zipped", "cp1252", "German headers", "Japanese headers in cp932"],
)
def test_reports_come_in_many_dresses(world: ShopWorld, settings: dict[str, object]) -> None:
    world.amazon.settings(**settings)
    world.connect(listings=[listed("LAMP"), listed("CAFE", asin="B0CAFE0001", title="Café")])
    assert state_of(world, "LAMP") == "active"


def test_the_same_sku_in_two_stores_is_one_sku_with_two_listings(world: ShopWorld) -> None:
    world.connect(US, MX, listings=[listed("LAMP", price="20.00")])
    world.cycle()
    assert len(world.all(Sku)) == 1
    assert {str(listing.state) for listing in world.all(Listing)} == {"active"}
    world.save(stock=4)
    world.amazon.forget_requests()
    world.settle(30)
    assert len(world.patches()) == 1, "the quantity is the SKU's, so it is sent once"
    assert world.shown(marketplace=MX)[1] == 4


def test_skus_that_differ_only_in_case_are_different_skus(world: ShopWorld) -> None:
    world.connect(listings=[listed("abc", asin="B0CASE0001"), listed("ABC", asin="B0CASE0002")])
    world.cycle()
    assert {sku.sku for sku in world.all(Sku, Sku.product_id.is_(None))} == {"abc", "ABC"}
    assert world.listing("abc").asin == "B0CASE0001"
    assert world.listing("ABC").asin == "B0CASE0002"
