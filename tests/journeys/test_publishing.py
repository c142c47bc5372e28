from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from example_store.database import db
from flask_amazon_channel import because, signals
from flask_amazon_channel.models import Activity, ListingIssue, Store
from tests.journeys.world import DE, JP, MX, UK, US, ShopWorld, listed


@contextmanager
def heard(signal: Any) -> Iterator[list[dict[str, Any]]]:
    """Collect what a signal announces."""
    facts: list[dict[str, Any]] = []

    def receiver(app: object, **about: Any) -> None:
        facts.append(about)

    with signal.connected_to(receiver):
        yield facts


@contextmanager
def answering(answer: Any) -> Iterator[list[Any]]:
    """Answer listing_submitting."""
    asked: list[Any] = []

    def receiver(app: object, submission: Any, **extra: Any) -> Any:
        asked.append(submission)
        return answer(submission)

    with signals.listing_submitting.connected_to(receiver):
        yield asked


def test_a_saved_price_and_a_lower_stock_reach_amazon_and_are_read_back(selling: ShopWorld) -> None:
    with heard(signals.listing_published) as published, heard(signals.price_changed) as changed:
        selling.save(price=Decimal("21.50"), stock=7)
        selling.settle(30)
    assert selling.shown() == (Decimal("21.50"), 7)
    assert {submission.state for submission in selling.submissions()} == {"live"}
    assert sorted(fact["aspect"] for fact in published) == ["price", "quantity"]
    assert changed == [{"listing_id": selling.listing().id}]


def test_one_patch_carries_one_aspect(selling: ShopWorld) -> None:
    selling.save(price=Decimal("21.50"), stock=7)
    selling.settle(30)
    paths = [[patch["path"] for patch in patches] for patches in selling.patches()]
    assert sorted(paths) == [["/attributes/fulfillment_availability"], ["/attributes/purchasable_offer"]]


def test_what_is_in_step_is_not_sent(selling: ShopWorld) -> None:
    selling.save(title="A new title")
    selling.settle(30)
    selling.cycle()
    assert selling.patches() == []


def test_parts_of_the_offer_that_are_not_ours_survive_a_new_price(world: ShopWorld) -> None:
    world.connect(listings=[listed()])
    world.cycle()
    item = world.amazon.listing(world.seller["seller_id"], US, "LAMP")
    assert item["price"]["amount"] == "20.00"
    business = {
        "marketplace_id": US,
        "currency": "USD",
        "audience": "B2B",
        "our_price": [{"schedule": [{"value_with_tax": 18.5}]}],
    }
    _patch_as_somebody_else(world, [{"op": "add", "path": "/attributes/purchasable_offer", "value": [business]}])
    world.cycle()
    world.save(price=Decimal("23.00"))
    world.settle(30)
    offers = world.patches()[-1][0]["value"]
    assert {offer["audience"]: offer["our_price"][0]["schedule"][0]["value_with_tax"] for offer in offers} == {
        "ALL": 23,
        "B2B": 18.5,
    }


def _patch_as_somebody_else(world: ShopWorld, patches: list[dict[str, Any]]) -> None:
    from flask_amazon_channel.sync.accounts import client_for

    client = client_for(world.channel, 1, world.seller["seller_id"], "na")
    client.patch_listings_item("LAMP", [US], "PRODUCT", patches)
    world.pass_time(10)


def test_the_newest_price_wins_however_many_were_saved(selling: ShopWorld) -> None:
    for price in ("21.00", "22.00", "23.00"):
        selling.save(price=Decimal(price))
        selling.work()
    selling.settle(60)
    assert selling.shown()[0] == Decimal("23.00")
    assert [one.state for one in selling.submissions() if one.price_minor][-1] == "live"


def test_a_price_outside_the_guards_is_refused_and_shown_not_clamped(selling: ShopWorld) -> None:
    store = db.session.get_one(Store, 1)
    store.price_maximum_minor = 2500
    db.session.commit()
    selling.save(price=Decimal("30.00"))
    selling.settle(30)
    assert selling.patches() == []
    assert selling.shown()[0] == Decimal("20.00")
    problems = [aspect.problem for aspect in selling.aspects() if aspect.name == "price"]
    assert "30.00" in problems[0]
    assert "25.00" in problems[0]


def test_a_refusal_is_shown_with_amazons_issue_and_not_sent_again_until_the_value_changes(selling: ShopWorld) -> None:
    issue = {"code": "90220", "message": "A value is missing.", "severity": "ERROR", "categories": []}
    selling.amazon.fault("patchListingsItem", "invalid", times=1, issue=issue)
    with heard(signals.listing_rejected) as rejected:
        selling.save(price=Decimal("21.00"))
        selling.settle(30)
        selling.save(title="Only the title")
        selling.settle(30)
    assert len(selling.patches()) == 1
    assert [fact["aspect"] for fact in rejected] == ["price"]
    assert [row.code for row in selling.all(ListingIssue)] == ["90220"]
    selling.save(price=Decimal("22.00"))
    selling.settle(30)
    assert selling.shown()[0] == Decimal("22.00")
    assert selling.all(ListingIssue) == []


def test_a_receiver_can_hold_a_price_back(selling: ShopWorld) -> None:
    with answering(lambda submission: because("campaign", "The campaign price comes tomorrow.")) as asked:
        selling.save(price=Decimal("21.00"))
        selling.settle(30)
    assert next((one.aspect, one.old, one.new) for one in asked if one.aspect == "price") == (
        "price",
        Decimal("20.00"),
        Decimal("21.00"),
    )
    assert selling.patches() == []
    assert "The campaign price comes tomorrow." in [aspect.problem for aspect in selling.aspects()]


def test_a_receiver_can_send_another_price_but_not_past_the_guards(selling: ShopWorld) -> None:
    with answering(lambda submission: Decimal("21.99") if submission.aspect == "price" else None):
        selling.save(price=Decimal("21.00"))
        selling.settle(30)
        assert selling.shown()[0] == Decimal("21.99")
        store = db.session.get_one(Store, 1)
        store.price_maximum_minor = 2150
        db.session.commit()
        selling.save(price=Decimal("21.10"))
        selling.settle(30)
    assert selling.shown()[0] == Decimal("21.99")


def test_a_receiver_that_fails_holds_a_price_back_but_never_a_decrease_of_quantity(selling: ShopWorld) -> None:
    def fail(submission: Any) -> None:
        raise ZeroDivisionError

    with answering(fail):
        selling.save(price=Decimal("21.00"), stock=3)
        selling.settle(30)
    assert selling.shown() == (Decimal("20.00"), 3)


def test_a_product_that_goes_from_the_shop_is_no_longer_for_sale(selling: ShopWorld) -> None:
    db.session.delete(selling.product())
    db.session.commit()
    selling.settle(30)
    assert selling.shown()[1] == 0
    assert selling.listing().state == "ineligible"


def test_a_bulk_statement_is_seen_like_a_saved_product(selling: ShopWorld) -> None:
    import sqlalchemy as sa

    from example_store.models import Product

    db.session.execute(sa.update(Product).where(Product.sku == "LAMP").values(stock=Product.stock - 6))
    db.session.commit()
    selling.settle(30)
    assert selling.shown()[1] == 4


def test_a_change_that_is_rolled_back_is_not_sent(selling: ShopWorld) -> None:
    selling.product().stock = 1
    db.session.flush()
    db.session.rollback()
    selling.settle(30)
    assert selling.patches() == []


def test_a_shop_that_does_not_answer_sends_nothing(selling: ShopWorld) -> None:
    real = selling.channel.shop
    selling.channel.shop = Broken(real)
    selling.save(stock=2)
    selling.work()
    assert selling.patches() == []
    assert any("products failed" in (aspect.problem or "") for aspect in selling.aspects())
    selling.channel.shop = real
    selling.settle(120)
    assert selling.shown()[1] == 2


class Broken:
    """A shop whose products cannot be read."""

    def __init__(self, shop: Any) -> None:
        self._shop = shop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shop, name)

    def products(self, ids: Any, storefront: Any) -> Any:
        raise OSError("the catalogue is away")


def test_what_amazon_accepts_but_does_not_show_stays_visible_as_sent(selling: ShopWorld) -> None:
    selling.amazon.settings(apply="never")
    selling.save(price=Decimal("21.00"))
    selling.settle(120)
    listing = selling.listing()
    assert listing.note == "sent"
    assert selling.submissions()[-1].state == "accepted"
    selling.pass_time(1000)
    selling.work()
    assert selling.listing().note == "waiting for Amazon"
    selling.amazon.settings(apply="normal")
    selling.pass_time(2000)
    selling.settle(60)
    assert selling.shown()[0] == Decimal("21.00")


def test_more_stock_waits_until_orders_were_read_after_the_last_look(selling: ShopWorld) -> None:
    """A lower number at Amazon may be a sale that nobody has seen yet."""
    selling.amazon.settings(order_delay=3600)
    selling.buy(quantity=4)
    selling.cycle()
    assert selling.sku().observed_quantity == 6
    selling.save(stock=12)
    selling.settle(20)
    assert selling.patches() == []
    assert selling.shown()[1] == 6, "raised over an unseen sale"
    selling.amazon.settings(order_delay=0)
    selling.cycle()
    selling.cycle()
    assert selling.product().stock == 8
    assert selling.shown()[1] == 8


def test_read_only_sends_nothing_and_loses_nothing(selling: ShopWorld) -> None:
    from dataclasses import replace

    normal = selling.channel.config
    selling.channel.config = replace(normal, read_only=True)
    selling.save(stock=3)
    selling.settle(30)
    assert selling.patches() == []
    selling.channel.config = normal
    selling.pass_time(3700)
    selling.settle(30)
    assert selling.shown()[1] == 3


@pytest.mark.parametrize(
    ("marketplace", "expected"),
    [(US, "20.00"), (MX, "372.00"), (UK, "15.10"), (DE, "17.30"), (JP, "3090")],
    ids=["US", "MX", "UK", "DE", "JP"],
)
def test_each_store_gets_the_price_in_its_own_currency_and_minor_unit(
    world: ShopWorld, marketplace: str, expected: str
) -> None:
    currency_price = {"JP": "100"}.get(marketplace, "1")
    world.connect(marketplace, listings=[listed(price=currency_price)])
    world.cycle()
    assert str(world.shown(marketplace=marketplace)[0]) == expected


def test_a_sku_with_odd_characters_arrives_under_its_own_name(world: ShopWorld) -> None:
    odd = "Läm/p 1+2%#,é"
    world.add_product(odd)
    world.connect(listings=[listed(odd, asin="B0ODD00001")])
    world.cycle()
    world.save(odd, stock=3)
    world.settle(30)
    assert world.shown(odd)[1] == 3


def test_two_skus_of_one_product_both_follow_it(world: ShopWorld) -> None:
    ean = "4006381333931"
    world.save(ean=ean)
    world.connect(listings=[listed("LAMP"), listed("LAMP-2", asin="B0LAMP0002", ean=ean)])
    world.cycle()
    world.save(stock=5)
    world.settle(60)
    assert (world.shown("LAMP")[1], world.shown("LAMP-2")[1]) == (5, 5)


def test_the_diary_tells_what_happened(selling: ShopWorld) -> None:
    selling.save(price=Decimal("21.50"))
    selling.settle(30)
    sentences = [row.sentence for row in selling.all(Activity, Activity.action == "price")]
    assert sentences == [
        "Price 21.50 USD was sent; Amazon has received it.",
        "Price 21.50 USD is live at Amazon.",
    ]
