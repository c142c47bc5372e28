"""An account with very much to do keeps no other account's orders, zeros and shipments waiting.

It is counted in visits and calls: after one round the small account's urgent work is done, whatever the large one has
left, and the large one has got on meanwhile.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from example_store.channel import amazon
from example_store.database import db
from flask_amazon_channel.models import (
    AmazonOrder,
    Aspect,
    Feed,
    Listing,
    Package,
    PendingHint,
    Sku,
    Store,
    Stream,
    StreamName,
    Submission,
)
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules import lanes
from flask_amazon_channel.rules.notifications import HintKind
from flask_amazon_channel.spapi.client import MAX_SKUS_PER_SEARCH, AmazonClient
from flask_amazon_channel.sync import cycles, listings_report, reports, stores
from flask_amazon_channel.sync.orders import read_orders
from tests.journeys.world import ShopWorld, listed

LARGE, SMALL = 1, 2
CATALOGUE = 30_000
MANY = 3_000


@pytest.fixture
def two(world: ShopWorld) -> ShopWorld:
    """The large account comes first in every table; the small one sells the LAMP and is in step."""
    world.connect(listings=[listed("ROPE", quantity=99)])
    large = world.seller
    world.connect(listings=[listed("LAMP")])
    world.cycle()
    world.large = large  # type: ignore[attr-defined]
    world.amazon.settings(submission_delay=0)
    world.amazon.forget_requests()
    return world


def seller_id(world: ShopWorld, account_id: int) -> str:
    sellers: dict[int, str] = {LARGE: world.large["seller_id"], SMALL: world.seller["seller_id"]}  # type: ignore[attr-defined]
    return sellers[account_id]


def calls_of(world: ShopWorld, account_id: int, operation: str) -> int:
    return sum(call["seller"] == seller_id(world, account_id) for call in world.amazon.requests(operation))


def one_round(world: ShopWorld) -> dict[str, int]:
    world.session.rollback()
    done = cycles.work_once(world.channel)
    world.session.rollback()
    return done


def give_much_to_do(world: ShopWorld, count: int = MANY, account_id: int = LARGE) -> None:
    """Give the account so many more SKUs; the quantity and the price of each has been due for an hour."""
    product = world.add_product(f"ROPE{account_id}-OF-MANY-NAMES", stock=7)
    session, since = world.session, world.clock.now - timedelta(hours=1)
    store_id = session.scalars(sa.select(Listing.store_id).join(Sku).where(Sku.account_id == account_id)).first()
    facts = {"fulfilled_by": "merchant", "observed_quantity": 5, "observed_quantity_at": since, "ever_live": True}
    for number in range(count):
        sku = Sku(account_id=account_id, sku=f"MANY-{number}", product_id=str(product.id), **facts)
        listing = Listing(store_id=store_id, sku=sku, on_amazon=True, amazon_status="BUYABLE", state="active")
        session.add_all([sku, listing])
        session.flush()
        for name, subject in (("quantity", {"sku_id": sku.id}), ("price", {"listing_id": listing.id})):
            session.add(Aspect(account_id=account_id, name=name, due_at=since, generation=1, **subject))
    session.commit()


def due_of(world: ShopWorld, account_id: int) -> int:
    return len(world.all(Aspect, Aspect.account_id == account_id, Aspect.due_at <= world.clock.now))


@pytest.fixture
def fast_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Amazon is done with a feed sooner than with a hundred patches."""
    monkeypatch.setattr(lanes, "USUAL_FEED", timedelta(seconds=5))


def test_a_zero_passes_thousands_of_due_rows_of_another_account(
    two: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "MOST_FEEDS", 0)
    monkeypatch.setattr("flask_amazon_channel.sync.publishing.feeds.waiting.MOST_FEEDS", 0)
    give_much_to_do(two)
    two.save("LAMP", stock=0)
    one_round(two)
    assert two.shown("LAMP")[1] == 0
    assert 0 < calls_of(two, LARGE, "patchListingsItem") <= 4 * MAX_SKUS_PER_SEARCH
    assert due_of(two, LARGE) > MANY


def test_a_zero_goes_before_another_account_s_feed_is_made(two: ShopWorld, fast_feeds: None) -> None:
    give_much_to_do(two, 300)
    two.save("LAMP", stock=0)
    one_round(two)
    [zero] = two.all(Submission, Submission.quantity == 0)
    feed = two.all(Feed)[0]
    first = two.all(Submission, Submission.feed_id == feed.id)[0]
    assert (feed.account_id, two.shown("LAMP")[1]) == (LARGE, 0)
    assert zero.id < first.id


def test_feeds_are_made_for_one_account_after_the_other(two: ShopWorld, fast_feeds: None) -> None:
    give_much_to_do(two, 200, LARGE)
    give_much_to_do(two, 200, SMALL)
    one_round(two)
    assert {feed.account_id for feed in two.all(Feed)} == {LARGE}
    give_much_to_do_again(two, LARGE)
    one_round(two)
    assert {feed.account_id for feed in two.all(Feed)} == {LARGE, SMALL}


def give_much_to_do_again(world: ShopWorld, account_id: int) -> None:
    """All of the account's prices are due once more, and have been for long."""
    since = world.clock.now - timedelta(hours=2)
    world.session.execute(sa.update(Submission).values(state="live", open_aspect_id=None))
    world.session.execute(sa.update(Aspect).where(Aspect.account_id == account_id).values(due_at=since))
    world.session.commit()


def test_an_order_and_a_shipment_pass_thousands_of_due_rows_of_another_account(two: ShopWorld) -> None:
    first = two.buy("LAMP")
    two.cycle()
    give_much_to_do(two, 300)
    amazon.order_shipped(str(two.order(first).shop_order_id), carrier="DHL", tracking_number="0034")
    db.session.commit()
    second = two.buy("LAMP")
    two.pass_time(301)
    cycles.make_reading_due(two.channel)
    two.session.commit()
    one_round(two)
    assert two.order(second).shop_order_id is not None
    assert two.amazon.order(first)["packages"], "confirmed in the same round"


def test_a_big_report_is_read_in_visits_and_the_other_account_s_work_is_done_between_them(
    world: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "READ_AT_MOST", 0.0)
    monkeypatch.setattr(listings_report, "PORTION", 200)
    world.amazon.settings(submission_delay=0)
    world.connect(catalogue=CATALOGUE, activate=False)
    large = world.all(Stream)[0].store_id or 1
    world.connect(listings=[listed("LAMP")])
    world.cycle()
    stores.activate(world.channel, world.all(Store)[large - 1])
    for _ in range(40):
        one_round(world)
        world.pass_time(3)
        if _report(world, large).rows_done:
            break
    order = world.buy("LAMP")
    world.save("LAMP", stock=0)
    world.pass_time(301)
    cycles.make_reading_due(world.channel)
    world.session.commit()
    before = _report(world, large).rows_done
    one_round(world)
    after = _report(world, large)
    assert world.order(order).shop_order_id is not None
    assert world.shown("LAMP")[1] == 0
    done = after.rows_done
    assert 0 < done - before <= 200
    assert (after.rows_known or 0) > CATALOGUE * 0.9
    one_round(world)
    assert _report(world, large).rows_done > done, "and it goes on"


def _report(world: ShopWorld, store_id: int) -> Stream:
    [stream] = world.all(Stream, Stream.store_id == store_id, Stream.name == StreamName.LISTINGS_REPORT)
    found: Stream = stream
    return found


def test_a_backlog_of_orders_is_read_in_visits_and_the_other_account_s_order_comes_between_them(
    two: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_orders, "READ_AT_MOST", 0.0)
    real = AmazonClient.search_orders
    monkeypatch.setattr(
        AmazonClient, "search_orders", lambda *given, **named: real(*given, **{**named, "page_size": 2})
    )
    for _ in range(9):
        two.amazon.place_order(seller_id(two, LARGE), "ATVPDKIKX0DER", [{"sku": "ROPE", "quantity": 1}])
    order = two.buy("LAMP")
    two.pass_time(301)
    cycles.make_reading_due(two.channel)
    two.session.commit()
    one_round(two)
    assert two.order(order).shop_order_id is not None
    assert 0 < len(two.all(AmazonOrder, AmazonOrder.account_id == LARGE)) < 9
    two.work()
    assert len(two.all(AmazonOrder, AmazonOrder.account_id == LARGE)) == 9


@pytest.mark.parametrize("kind", [HintKind.ORDER, HintKind.SKU])
def test_what_notifications_told_of_one_account_does_not_wait_for_what_they_told_of_another(
    two: ShopWorld, kind: HintKind
) -> None:
    order = two.buy("LAMP")
    subject = order if kind is HintKind.ORDER else "LAMP"
    long_ago = two.clock.now - timedelta(minutes=10)
    told = [(LARGE, f"999-{number:07}-0000000", long_ago) for number in range(200)] + [(SMALL, subject, two.clock.now)]
    two.session.add_all(
        PendingHint(account_id=account_id, kind=kind, marketplace_id="", subject=name, due_at=due_at, generation=1)
        for account_id, name, due_at in told
    )
    two.session.commit()
    one_round(two)
    assert two.all(PendingHint, PendingHint.account_id == SMALL, PendingHint.due_at.is_not(None)) == []
    assert len(two.all(PendingHint, PendingHint.account_id == LARGE, PendingHint.due_at <= two.clock.now)) >= 100


def test_shipments_of_an_account_with_hundreds_of_packages_leave_the_other_its_turn(two: ShopWorld) -> None:
    for _ in range(30):
        two.amazon.place_order(seller_id(two, LARGE), "ATVPDKIKX0DER", [{"sku": "ROPE", "quantity": 1}])
    mine = two.buy("LAMP")
    two.cycle()
    session = two.session
    for order in two.all(AmazonOrder):
        facts = {"carrier_code": "DHL", "tracking_number": "1", "shipped_at": two.clock.now, "generation": 1}
        since = two.clock.now - timedelta(minutes=1 if order.account_id == LARGE else 0)
        session.add(Package(order_id=order.id, reference=1, shop_package="1", due_at=since, **facts))
    session.commit()
    one_round(two)
    assert calls_of(two, SMALL, "confirmShipment") == 1
    assert 0 < calls_of(two, LARGE, "confirmShipment") < 30
    assert two.order(mine).id


def test_urgent_work_that_comes_up_during_a_long_visit_is_done_right_after_it(
    two: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What sells out while a report is read does not wait for the catalogue and all the rest of the round."""
    seen: list[int | None] = []

    def sell_out(channel: object) -> int:
        two.save("LAMP", stock=0)
        return 1

    def look(channel: object) -> int:
        seen.append(two.shown("LAMP")[1])
        return 0

    long_ones = [
        cycles.Journey("a long report", ("listings",), Stream, (), sell_out),
        cycles.Journey("a walk", ("listings",), Stream, (), look),
    ]
    with two.session.begin():
        mark(two.session, Stream, two.clock.now)
    monkeypatch.setattr(cycles, "JOURNEYS", (*cycles._URGENT, *long_ones))
    one_round(two)
    assert seen == [0]
