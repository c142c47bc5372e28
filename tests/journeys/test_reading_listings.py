"""How all listings, and those that changed, come in: whatever stops the reading, and whatever Amazon leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from example_store.database import db
from flask_amazon_channel.errors import OutOfTime
from flask_amazon_channel.models import Listing, Sku, Store, Stream, StreamName
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.models.upserts import keep_reported
from flask_amazon_channel.rules.amazon import ReportedListing
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.sync import compare_products, import_listings, listings_report, plan_listings, reports
from tests.journeys.test_orders import Moody
from tests.journeys.world import US, ShopWorld, listed


def many(count: int) -> list[dict[str, Any]]:
    return [listed(f"S-{number:03}", asin=f"B0MANY{number:04}") for number in range(count)]


def stream(world: ShopWorld, name: StreamName) -> Stream:
    [found] = world.all(Stream, Stream.name == name)
    assert isinstance(found, Stream)
    return found


def make_due(world: ShopWorld, name: StreamName) -> None:
    mark(world.session, Stream, world.clock(), Stream.name == name)
    world.session.commit()


def read_wholly(world: ShopWorld) -> None:
    listings_report.make_reports_due(world.channel, None)
    world.settle(30)


class Counting:
    """A shop that remembers which SKUs it was asked for, and may end the job at the nth question."""

    def __init__(self, shop: Any, ends_at: int = 0) -> None:
        self._shop, self._ends_at, self.asked = shop, ends_at, []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shop, name)

    def find_products(self, attribute: str, values: Sequence[str]) -> Any:
        if attribute == "sku":
            self.asked.append(list(values))
            if len(self.asked) == self._ends_at:
                raise OutOfTime("The job took too long.")
        return self._shop.find_products(attribute, values)


def test_f50_a_report_goes_on_where_the_worker_was_ended(world: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings_report, "PORTION", 10)
    real = world.channel.shop
    world.channel.shop = Counting(real, ends_at=3)
    with pytest.raises(OutOfTime):
        world.connect(listings=many(35))
    world.session.rollback()
    stopped = stream(world, StreamName.LISTINGS_REPORT)
    assert (stopped.rows_done, stopped.rows_known) == (20, 35)
    world.channel.shop = again = Counting(real)
    world.settle(240, step=30)
    assert [len(asked) for asked in again.asked[:2]] == [10, 5], "what was done is not done again"
    assert len(world.all(Listing, Listing.on_amazon)) == 35
    done = stream(world, StreamName.LISTINGS_REPORT)
    assert (done.rows_seen, done.rows_done, done.rows_known) == (35, 0, None)


def test_f50_a_big_report_takes_several_visits(world: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings_report, "PORTION", 10)
    monkeypatch.setattr(reports, "READ_AT_MOST", 0.0)
    world.connect(listings=many(35))
    assert len(world.all(Listing, Listing.on_amazon)) == 35
    assert len(world.amazon.requests("getReportDocument")) == 4
    assert len(world.amazon.requests("createReport")) == 1


def test_i19_a_report_that_lacks_half_changes_nothing_and_asks(world: ShopWorld) -> None:
    world.connect(listings=many(40))
    for number in range(30):
        world.amazon.drop_listing(world.seller["seller_id"], US, f"S-{number:03}")
    world.amazon.put_listing(world.seller["seller_id"], US, "S-035", price="7.00")
    before = world.listing("S-035").observed_at
    read_wholly(world)
    refused = stream(world, StreamName.LISTINGS_REPORT)
    assert "10 listings" in refused.problem
    assert "--accept-smaller" in refused.problem
    assert world.listing("S-035").observed_at == before
    listings_report.accept_smaller(world.channel, None)
    read_wholly(world)
    assert stream(world, StreamName.LISTINGS_REPORT).problem is None
    assert world.listing("S-035").observed_price_minor == 700
    assert len(world.all(Listing, Listing.on_amazon)) == 40, "what is absent is not gone"


def reported(sku: str, price: str, quantity: int) -> ReportedListing:
    return ReportedListing(
        sku, None, "Old", Decimal(price), quantity, "Active", FulfilledBy.MERCHANT, None, None, None, None, None
    )


def test_f49_a_report_older_than_our_last_write_replaces_nothing(selling: ShopWorld) -> None:
    selling.add_product("OTHER")
    asked_at = selling.clock()
    selling.pass_time(10)
    selling.save(price=Decimal("22.00"))
    selling.work()
    assert len(selling.submissions()) >= 1
    store = db.session.get_one(Store, 1)
    new = keep_reported(db.session(), store, [reported("LAMP", "1.00", 1), reported("NEW", "2.00", 2)], asked_at)
    db.session.commit()
    assert new == 1
    assert selling.listing("NEW").observed_price_minor == 200
    assert selling.listing("LAMP").observed_price_minor == 2000
    assert selling.sku("LAMP").observed_quantity == 10


def test_f49_a_report_older_than_an_order_replaces_no_quantity(selling: ShopWorld) -> None:
    asked_at = selling.clock() + timedelta(seconds=1)
    selling.pass_time(301)
    selling.buy(quantity=2)
    selling.work()
    db.session.execute(sa.update(Sku).values(observed_quantity=8, observed_quantity_at=asked_at - timedelta(hours=1)))
    db.session.execute(sa.text("DELETE FROM amazon_listing_issue"))
    db.session.execute(sa.text("UPDATE amazon_submission SET created_at = '2020-01-01 00:00:00.000000'"))
    keep_reported(db.session(), db.session.get_one(Store, 1), [reported("LAMP", "20.00", 10)], asked_at)
    db.session.commit()
    assert selling.sku("LAMP").observed_quantity == 8


def test_f41_a_report_that_amazon_cannot_make_says_why_and_is_replaced_by_searching(world: ShopWorld) -> None:
    world.amazon.settings(report_fate="fatal")
    world.connect(listings=[listed("LAMP"), listed("OTHER", asin="B0OTHER001")])
    failed = stream(world, StreamName.LISTINGS_REPORT)
    assert "FATAL" in failed.problem
    assert "Amazon says" in failed.problem
    assert world.listing("LAMP").state == "active"
    asked = len(world.amazon.requests("createReport"))
    world.pass_time(3600)
    world.settle(30)
    assert len(world.amazon.requests("createReport")) == asked, "not asked again for hours"


def test_at_amazons_limit_the_search_goes_on_from_the_last_date(
    world: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_listings, "SEARCHABLE", 20)
    world.connect(listings=many(45))
    world.pass_time(200)
    for number in range(45):
        world.amazon.put_listing(world.seller["seller_id"], US, f"S-{number:03}", title=f"Changed {number}")
        world.pass_time(1)
    world.amazon.forget_requests()
    world.cycle()
    assert {listing.title for listing in world.all(Listing, Listing.on_amazon)} == {
        f"Changed {number}" for number in range(45)
    }
    assert world.amazon.requests("createReport") == []


def test_what_changed_long_ago_is_not_read_with_every_cycle(world: ShopWorld) -> None:
    world.connect(listings=many(45))
    world.pass_time(4000)
    world.settle(30)
    world.amazon.forget_requests()
    world.cycle()
    assert len(world.amazon.requests("searchListingsItems")) <= 2, "one page, and one more cycle at most"


def test_where_the_last_date_does_not_advance_all_is_read_by_report(
    world: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_listings, "SEARCHABLE", 20)
    monkeypatch.setattr(import_listings, "LEFT_TO_REPORT", 10_000)
    world.connect(listings=many(45))
    world.pass_time(200)
    seller = world.seller["seller_id"]
    for number in range(45):
        world.amazon.put_listing(seller, US, f"S-{number:03}", title=f"Changed {number}")
    world.amazon.forget_requests()
    world.cycle()
    assert {listing.title for listing in world.all(Listing, Listing.on_amazon)} == {
        f"Changed {number}" for number in range(45)
    }
    assert len(world.amazon.requests("createReport")) == 1


def test_more_changes_than_are_read_by_search_are_read_by_report(
    world: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_listings, "SEARCHABLE", 20)
    monkeypatch.setattr(import_listings, "LEFT_TO_REPORT", 40)
    world.connect(listings=many(65))
    world.pass_time(200)
    for number in range(65):
        world.amazon.put_listing(world.seller["seller_id"], US, f"S-{number:03}", title=f"Changed {number}")
        world.pass_time(1)
    world.amazon.forget_requests()
    world.cycle()
    assert {listing.title for listing in world.all(Listing, Listing.on_amazon)} == {
        f"Changed {number}" for number in range(65)
    }
    assert len(world.amazon.requests("createReport")) == 1
    assert len(world.amazon.requests("searchListingsItems")) <= 6


def test_all_listings_are_read_once_a_day_and_what_changed_every_cycle(selling: ShopWorld) -> None:
    for _ in range(3):
        selling.cycle()
    assert selling.amazon.requests("createReport") == []
    assert len(selling.amazon.requests("searchListingsItems")) >= 3
    selling.pass_time(36 * 3600)
    selling.settle(30)
    assert len(selling.amazon.requests("createReport")) == 2, "the listings of the store, the orders of the account"


def test_i01_the_daily_comparison_finds_what_raw_sql_did(selling: ShopWorld) -> None:
    make_due(selling, StreamName.PRODUCTS)
    selling.settle(30)
    selling.amazon.forget_requests()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE product SET stock = 3 WHERE sku = 'LAMP'")
    selling.settle(30)
    assert selling.shown()[1] == 10, "nobody saw it"
    make_due(selling, StreamName.PRODUCTS)
    selling.settle(30)
    assert selling.shown()[1] == 3
    make_due(selling, StreamName.PRODUCTS)
    selling.amazon.forget_requests()
    selling.settle(30)
    assert selling.patches() == [], "what is as it was is left alone"


def test_i01_the_daily_comparison_finds_what_raw_sql_deleted(selling: ShopWorld) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM product WHERE sku = 'LAMP'")
    make_due(selling, StreamName.PRODUCTS)
    selling.settle(30)
    assert selling.shown()[1] == 0


def test_i01_the_comparison_is_resumed(selling: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_products, "WALK_AT_MOST", 0.0)
    monkeypatch.setattr(compare_products, "PORTION", 2)
    for number in range(5):
        selling.add_product(f"P-{number}")
    selling.settle(30)
    make_due(selling, StreamName.PRODUCTS)
    selling.settle(30)
    walked = stream(selling, StreamName.PRODUCTS)
    assert (walked.rows_seen, walked.paging) == (6, None)
    assert all(listing.product_fingerprint for listing in selling.all(Listing))


def test_i01_a_product_older_than_the_installation_is_found_by_the_walk_over_the_catalogue(
    world: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_listings, "WALK_AT_MOST", 0.0)
    monkeypatch.setattr(plan_listings, "PORTION", 2)
    for number in range(5):
        world.add_product(f"P-{number}")
    world.session.execute(sa.text("DELETE FROM amazon_product_change"))
    world.session.commit()
    world.connect(listings=[listed("LAMP")])
    assert {sku.sku for sku in world.all(Sku)} == {"LAMP", *(f"P-{number}" for number in range(5))}
    assert stream(world, StreamName.CATALOGUE).rows_seen == 6


def test_i01_a_catalogue_that_cannot_be_read_is_walked_on_later_from_there(
    world: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_listings, "PORTION", 2)
    for number in range(5):
        world.add_product(f"P-{number}")
    real, asked = world.channel.shop, []

    def product_ids(after: str | None, limit: int) -> Any:
        asked.append(after)
        if len(asked) == 2:
            raise RuntimeError("the shelf fell over")
        return real.product_ids(after, limit)

    world.channel.shop = Moody(real, product_ids=product_ids)
    world.connect(listings=[listed("LAMP")])
    world.settle(120)
    assert asked[1] == asked[2] is not None
    assert asked.count(None) == 1
    assert len(world.all(Sku)) == 6
