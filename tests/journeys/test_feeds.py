"""Many changes at once: one feed instead of a patch for each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from example_store.database import db
from example_store.models import Product
from flask_amazon_channel.models import Activity, Aspect, Feed, Listing, ListingIssue, SellerAccount, Store, Submission
from flask_amazon_channel.rules import lanes
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.sync import stores
from flask_amazon_channel.sync.listings_report import read_listings_reports
from flask_amazon_channel.sync.publishing import plan
from flask_amazon_channel.sync.publishing.feeds import collect as collecting
from tests.journeys.world import US, ShopWorld, listed

MANY = 12


@pytest.fixture
def many(world: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> ShopWorld:
    """A dozen products are listed and in step, and a dozen is many: it goes by feed."""
    monkeypatch.setattr(lanes, "FEWEST", 5)
    monkeypatch.setattr("flask_amazon_channel.sync.publishing.feeds.waiting.FEWEST", 5)
    monkeypatch.setattr(lanes, "USUAL_FEED", lanes.timedelta(seconds=0.5))
    for number in range(MANY):
        world.add_product(_sku(number))
    world.connect(listings=[listed(_sku(number)) for number in range(MANY)])
    world.cycle()
    _read_all_offers(world)
    world.amazon.settings(submission_delay=0, feed_queue_delay=2, feed_delay=8)
    world.amazon.forget_requests()
    return world


def _sku(number: int) -> str:
    return f"P{number:04d}"


def _read_all_offers(world: ShopWorld) -> None:
    world.session.rollback()
    assert (
        world.session.scalar(sa.select(sa.func.count()).where(Listing.on_amazon, Listing.offer_read_at.is_(None))) == 0
    )


def change(world: ShopWorld, **values: Any) -> None:
    db.session.execute(sa.update(Product).where(Product.sku.like("P%")).values(**values))
    db.session.commit()


def calls(world: ShopWorld) -> Counter[str]:
    return Counter(call["operation"] for call in world.amazon.requests())


def feed_of(world: ShopWorld) -> Feed:
    found = world.all(Feed)
    assert len(found) == 1
    return found[0]


def states(world: ShopWorld) -> Counter[str]:
    return Counter(submission.state for submission in world.submissions())


def prices_shown(world: ShopWorld) -> set[Decimal | None]:
    return {world.shown(_sku(number))[0] for number in range(MANY)}


def quantities_shown(world: ShopWorld) -> set[int | None]:
    return {world.shown(_sku(number))[1] for number in range(MANY)}


@contextmanager
def no_patches(world: ShopWorld) -> Iterator[None]:
    before = len(world.patches())
    yield
    assert len(world.patches()) == before


def test_many_prices_go_in_one_feed_and_are_live_by_its_report(many: ShopWorld) -> None:
    with no_patches(many):
        change(many, price=Decimal("21.50"))
        many.settle(60)
    assert prices_shown(many) == {Decimal("21.50")}
    assert states(many) == {"live": MANY}
    feed = feed_of(many)
    assert (feed.state, feed.messages, feed.accepted, feed.refused, feed.missing) == ("done", MANY, MANY, 0, 0)
    made = calls(many)
    assert (made["createFeedDocument"], made["createFeed"], made["getFeedDocument"]) == (1, 1, 1)
    assert made["searchListingsItems"] == 0, "the report shows the listings; nobody asks again"


def test_few_prices_go_by_patch(many: ShopWorld) -> None:
    many.save(_sku(0), price=Decimal("21.50"))
    many.save(_sku(1), price=Decimal("21.50"))
    many.settle(30)
    assert many.shown(_sku(0))[0] == Decimal("21.50")
    assert many.all(Feed) == []
    assert {submission.via for submission in many.submissions()} == {"patch"}


def test_many_quantities_go_in_one_feed_but_zeros_by_patch_and_first(many: ShopWorld) -> None:
    change(many, stock=6)
    many.save(_sku(3), stock=0)
    many.work()
    assert many.shown(_sku(3))[1] == 0, "sold out before the feed has even begun"
    many.settle(60)
    assert quantities_shown(many) == {6, 0}
    assert feed_of(many).messages == MANY - 1
    assert len(many.patches()) == 1


def test_a_feed_names_a_sku_once_and_carries_one_aspect(many: ShopWorld) -> None:
    change(many, stock=6, price=Decimal("21.50"))
    many.settle(120)
    assert prices_shown(many) == {Decimal("21.50")}
    assert quantities_shown(many) == {6}
    made = many.all(Feed)
    assert sorted(feed.aspect for feed in made) == ["price", "quantity"]
    for feed in made:
        sent = many.all(Submission, Submission.feed_id == feed.id)
        assert len({one.message_id for one in sent}) == len(sent) == MANY
        assert len({one.patches[0]["path"] for one in sent}) == 1


def test_f33_a_price_that_is_received_and_not_applied_stays_visible_as_sent(many: ShopWorld) -> None:
    many.amazon.settings(apply="never")
    change(many, price=Decimal("21.50"))
    many.settle(60)
    assert states(many) == {"accepted": MANY}
    assert many.listing(_sku(0)).note == "sent"


def test_f34_a_refused_message_is_shown_with_its_issue_and_not_sent_again(many: ShopWorld) -> None:
    many.amazon.settings(feed_refused=1.0)
    change(many, price=Decimal("21.50"))
    many.settle(60)
    assert states(many) == {"invalid": MANY}
    assert {issue.code for issue in many.all(ListingIssue)} == {"90000900"}
    many.amazon.settings(feed_refused=0)
    many.settle(60)
    assert calls(many)["createFeed"] == 1
    assert many.patches() == []
    change(many, price=Decimal("22.00"))
    many.settle(90)
    assert prices_shown(many) == {Decimal("22.00")}
    assert many.all(ListingIssue) == []


def test_f35_of_a_feed_that_fails_in_part_each_message_has_its_own_outcome(many: ShopWorld) -> None:
    many.amazon.settings(feed_refused=0.4)
    change(many, price=Decimal("21.50"))
    many.settle(60)
    feed = feed_of(many)
    assert feed.refused
    assert feed.accepted
    assert feed.accepted + feed.refused == MANY
    for submission in many.submissions():
        listing = many.session.get_one(Listing, submission.aspect.listing_id)
        shown, _ = many.shown(listing.sku.sku)
        assert (submission.state == "live") == (shown == Decimal("21.50"))


def test_f35_a_message_that_the_report_does_not_mention_is_read_back(
    many: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_in_reports(monkeypatch, "P0004")
    change(many, price=Decimal("21.50"))
    many.settle(90)
    assert feed_of(many).missing == 1
    assert calls(many)["searchListingsItems"] >= 1
    assert prices_shown(many) == {Decimal("21.50")}
    assert states(many) == {"live": MANY}


def forget_in_reports(monkeypatch: pytest.MonkeyPatch, sku: str) -> None:
    """Let Amazon's reports hold one message less, and nothing of that SKU."""
    from flask_amazon_channel.simulator.api.feeds import listings

    real = listings._report

    def shortened(*given: Any) -> bytes:
        report = json.loads(real(*given))
        report["items"] = [item for item in report["items"] if item["sku"] != sku]
        report["summary"]["messagesProcessed"] -= 1
        report["summary"]["messagesAccepted"] -= 1
        return json.dumps(report).encode()

    monkeypatch.setattr(listings, "_report", shortened)


def test_a_report_that_cannot_be_read_lets_every_sku_be_read_back(
    many: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flask_amazon_channel.simulator.api.feeds import listings

    monkeypatch.setattr(listings, "_report", lambda *given: b"no JSON at all")
    change(many, price=Decimal("21.50"))
    many.settle(90)
    assert feed_of(many).missing == MANY
    assert states(many) == {"live": MANY}


def test_f36_a_feed_that_stays_in_the_queue_is_cancelled_and_planned_anew(many: ShopWorld) -> None:
    many.amazon.settings(feed_fate="stuck_in_queue")
    change(many, price=Decimal("21.50"))
    many.settle(30)
    assert feed_of(many).state == "submitted"
    many.save(_sku(0), price=Decimal("22.00"))
    for _ in range(30):
        many.pass_time(300)
        many.work()
    first = many.all(Feed)[0]
    assert first.state == "cancelled"
    assert calls(many)["cancelFeed"] == 1
    many.amazon.settings(feed_fate="normal")
    many.settle(120)
    assert prices_shown(many) == {Decimal("21.50"), Decimal("22.00")}
    assert many.shown(_sku(0))[0] == Decimal("22.00")


def test_f37_a_feed_stuck_in_progress_is_routed_around(many: ShopWorld) -> None:
    many.amazon.settings(feed_fate="stuck_in_progress")
    change(many, price=Decimal("21.50"))
    many.settle(30)
    assert many.patches() == []
    for _ in range(80):
        many.pass_time(300)
        many.work()
    feed = feed_of(many)
    assert feed.state == "stuck"
    assert feed.amazon_feed_id in (feed.problem or "")
    assert prices_shown(many) == {Decimal("21.50")}, "it went by patch"
    change(many, price=Decimal("23.00"))
    many.settle(120)
    assert prices_shown(many) == {Decimal("23.00")}, "and no other feed waits behind the stuck one"
    assert calls(many)["createFeed"] == 1
    many.amazon.settings(feed_fate="normal")
    for _ in range(20):
        many.pass_time(300)
        many.work()
    many.settle(60)
    assert feed_of(many).state == "done"
    assert prices_shown(many) == {Decimal("23.00")}, "what the late feed overwrote was sent once more"


def test_f38_a_feed_that_ends_fatally_puts_everything_back(many: ShopWorld) -> None:
    many.amazon.settings(feed_fate="fatal")
    change(many, price=Decimal("21.50"))
    many.settle(15)
    assert len(prices_shown(many)) == 2, "half of it was carried out"
    many.amazon.settings(feed_fate="normal")
    change(many, price=Decimal("20.00"))
    many.settle(120)
    assert many.all(Feed)[0].state == "fatal"
    assert prices_shown(many) == {Decimal("20.00")}, "what Amazon showed before proves nothing"


def test_f39_a_worker_that_dies_before_the_upload_loses_nothing(
    many: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(AmazonClient, "create_feed_document", _die)
        change(many, price=Decimal("21.50"))
        with pytest.raises(Killed):
            many.work()
    many.session.rollback()
    assert states(many) == {"intent": MANY}
    many.pass_time(121)
    many.settle(120)
    assert many.all(Feed)[0].state == "cancelled"
    assert prices_shown(many) == {Decimal("21.50")}


def test_f39_a_worker_that_dies_between_upload_and_create_feed_loses_nothing(
    many: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(AmazonClient, "create_feed", _die)
        change(many, price=Decimal("21.50"))
        with pytest.raises(Killed):
            many.work()
    many.session.rollback()
    assert feed_of(many).state == "uploaded"
    many.pass_time(121)
    many.settle(180)
    assert many.all(Feed)[0].state == "cancelled"
    assert calls(many)["getFeeds"] == 1
    assert prices_shown(many) == {Decimal("21.50")}


def test_f39_a_feed_whose_creation_was_not_answered_is_found_and_not_made_twice(many: ShopWorld) -> None:
    many.amazon.fault("createFeed", "reset_after_apply", times=1)
    with no_patches(many):
        change(many, price=Decimal("21.50"))
        many.settle(90)
    assert calls(many)["createFeed"] == 1
    assert calls(many)["getFeeds"] >= 1
    assert feed_of(many).state == "done"
    assert prices_shown(many) == {Decimal("21.50")}


class Killed(BaseException):
    """The worker dies here."""


def _die(*given: Any, **named: Any) -> Any:
    raise Killed


def test_a_feed_that_amazon_refuses_to_create_goes_by_patch(many: ShopWorld) -> None:
    many.amazon.fault("createFeed", "403", times=None)
    change(many, price=Decimal("21.50"))
    many.settle(400)
    assert prices_shown(many) == {Decimal("21.50")}
    assert calls(many)["createFeed"] <= 2 * lanes.MOST_FEEDS, "each is tried once more with a new token"


def test_a_decrease_goes_by_patch_while_the_sku_is_in_an_open_feed_and_once_more_when_it_reports(
    many: ShopWorld,
) -> None:
    """Promise 2: the feed's 8 must not stay over the later 3."""
    many.amazon.settings(feed_queue_delay=60)
    change(many, stock=8)
    many.settle(10)
    assert quantities_shown(many) == {10}
    many.save(_sku(0), stock=3)
    many.settle(5)
    assert many.shown(_sku(0))[1] == 3, "it did not wait for the feed"
    left = many.all(Submission, Submission.state == "superseded")
    assert [(one.quantity, one.via, one.answered_at) for one in left] == [(8, "feed", None)]
    many.settle(200)
    assert feed_of(many).state == "done"
    assert many.shown(_sku(0))[1] == 3
    assert quantities_shown(many) == {8, 3}
    sent = [patch[0]["value"][0]["quantity"] for patch in many.patches()]
    assert sent == [3, 3], "once at once, and once after the feed"


def test_no_aspect_ever_has_two_open_submissions(many: ShopWorld) -> None:
    many.amazon.settings(feed_queue_delay=60)
    change(many, stock=8)
    many.settle(10)
    many.save(_sku(0), stock=3)
    many.amazon.fault("patchListingsItem", "reset_after_apply", times=1)
    many.work()
    aspects = [one.open_aspect_id for one in many.submissions() if one.open_aspect_id]
    assert len(aspects) == len(set(aspects))
    many.settle(200)
    assert many.shown(_sku(0))[1] == 3


def test_what_changes_while_it_is_in_a_feed_is_sent_when_the_feed_has_reported(many: ShopWorld) -> None:
    change(many, price=Decimal("21.50"))
    many.work()
    with no_patches(many):
        many.save(_sku(0), price=Decimal("25.00"))
        many.work()
    many.settle(90)
    assert many.shown(_sku(0))[0] == Decimal("25.00")


def test_a_price_that_was_never_read_is_in_no_feed(many: ShopWorld) -> None:
    many.session.execute(sa.update(Listing).values(offer_read_at=None, offer_read=None))
    many.session.commit()
    change(many, price=Decimal("21.50"))
    many.settle(90)
    assert many.all(Feed) == []
    assert prices_shown(many) == {Decimal("21.50")}


def test_a_frozen_store_sends_no_feed(many: ShopWorld) -> None:
    many.session.execute(sa.update(SellerAccount).values(frozen_at=many.clock()))
    many.session.commit()
    change(many, price=Decimal("21.50"))
    many.settle(60)
    assert calls(many)["createFeed"] == 0
    assert many.all(Feed) == []
    assert prices_shown(many) == {Decimal("20.00")}


def test_a_freeze_between_collecting_and_handing_over_stops_the_feed(
    many: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = AmazonClient.upload_feed

    def freeze_meanwhile(client: AmazonClient, *given: Any) -> None:
        many.session.execute(sa.update(SellerAccount).values(frozen_at=many.clock()))
        many.session.commit()
        real(client, *given)

    monkeypatch.setattr(AmazonClient, "upload_feed", freeze_meanwhile)
    change(many, price=Decimal("21.50"))
    many.settle(60)
    assert calls(many)["createFeed"] == 0
    assert feed_of(many).state == "cancelled"
    assert states(many) == {"lost": MANY}


def test_a_shop_that_does_not_answer_makes_no_feed(many: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    change(many, price=Decimal("21.50"))

    def away(*given: Any) -> Any:
        raise OSError("the catalogue is away")

    with monkeypatch.context() as broken:
        broken.setattr(many.channel.shop, "products", away)
        collecting.collect(many.channel)
    assert many.all(Feed) == []
    many.settle(200)
    assert prices_shown(many) == {Decimal("21.50")}


def test_the_diary_of_the_account_has_a_line_for_what_became_of_a_feed(many: ShopWorld) -> None:
    change(many, price=Decimal("21.50"))
    many.settle(60)
    number = feed_of(many).amazon_feed_id
    sentences = [row.sentence for row in many.all(Activity, Activity.action == "feed")]
    assert sentences == [
        f"Feed {number} carries {MANY} prices to Amazon.",
        f"Feed {number} is done: of {MANY} changes Amazon received {MANY}.",
    ]


THOUSANDS = 2000


def test_p7_thousands_of_prices_take_fifteen_calls_and_one_feed(
    world: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With Amazon's delays: what the feed's report does not show live yet, the listings report shows."""
    monkeypatch.setattr(lanes, "FEWEST", 100)
    prepare_thousands(world, THOUSANDS)
    change(world, price=Decimal("21.50"))
    world.settle(120)
    made = calls(world)
    made.pop("token", None)
    assert feed_of(world).messages == THOUSANDS
    assert states(world) == {"live": THOUSANDS}
    orders = made.pop("searchOrders", 0)
    assert made.total() <= 15, (made, orders)


def prepare_thousands(world: ShopWorld, number: int) -> None:
    """So many products, imported and in step, whose offers were read before."""
    products = [
        {"sku": _sku(one), "title": "One", "price": Decimal("20.00"), "stock": 10, "enabled": True, "brand": "F"}
        | {"category": "camping", "description": "", "condition": "new"}
        for one in range(number)
    ]
    db.session.execute(sa.insert(Product), products)
    db.session.commit()
    world.connect(listings=[listed(_sku(one)) for one in range(number)], activate=False)
    store = world.all(Store)[0]
    stores.activate(world.channel, store)
    world.session.commit()
    for _ in range(8):
        read_listings_reports(world.channel)
        world.pass_time(5)
    offer = [{"marketplace_id": US, "currency": "USD", "audience": "ALL", "our_price": [{"schedule": []}]}]
    world.session.execute(sa.update(Listing).values(offer_read=offer, offer_read_at=world.clock()))
    world.session.execute(sa.update(Aspect).values(due_at=None))
    world.session.commit()
    world.settle(60)
    world.amazon.forget_requests()


def test_the_plan_says_which_way_each_change_would_go(many: ShopWorld) -> None:
    change(many, stock=6)
    many.save(_sku(3), stock=0)
    planned, feeds = plan.by_their_ways(many.channel, list(plan.plan(many.channel)))
    sent = [one for one in planned if one.why is None]
    assert Counter(one.via for one in sent) == {"feed": MANY - 1, "patch": 1}
    assert next(one.new for one in sent if one.via == "patch") == 0
    assert feeds == [f"Fjellstad US: {MANY - 1} changes of quantity go in one feed, in about 1 min."]
