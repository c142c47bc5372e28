"""A slip does not empty the channel (promise 10, F-118): mass changes wait for a person, and nothing else does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from example_store.database import db
from example_store.models import Product
from flask_amazon_channel import signals
from flask_amazon_channel.models import Activity, Aspect, MassChange
from flask_amazon_channel.sync.publishing import mass_changes
from flask_amazon_channel.sync.publishing.plan import plan
from tests.journeys.test_publishing import heard
from tests.journeys.world import US, ShopWorld, listed


def shop_with(world: ShopWorld, count: int, *, stock: int = 10) -> list[str]:
    """Sell so many products, all listed and in step."""
    skus = [f"CUP-{number:03}" for number in range(count)]
    about: dict[str, Any] = {"brand": "F", "category": "camping", "description": "", "condition": "new"}
    for sku in skus:
        price = Decimal("20.00")
        db.session.add(Product(sku=sku, title=sku, price=price, stock=stock, enabled=True, ean=None, **about))
    db.session.commit()
    world.connect(listings=[listed(sku, asin=f"B0{n:08}", quantity=stock) for n, sku in enumerate(skus)])
    world.cycle()
    world.amazon.forget_requests()
    return skus


def slip(world: ShopWorld, skus: list[str], **values: Any) -> None:
    """Save these products all at once, as an import does."""
    db.session.execute(sa.update(Product).where(Product.sku.in_(skus)).values(**values))
    db.session.commit()
    world.settle(120)


def amazon_shows(world: ShopWorld, skus: list[str]) -> set[tuple[Decimal | None, int | None]]:
    return {world.shown(sku) for sku in skus}


STEADY = (Decimal("20.00"), 10)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [({"stock": 0}, (Decimal("20.00"), 0)), ({"price": Decimal("0.20")}, (Decimal("0.20"), 10))],
    ids=["zeros", "prices"],
)
def test_f118_sixty_listings_that_change_a_lot_at_once_wait_for_a_person(
    world: ShopWorld, values: dict[str, Any], wrong: tuple[Decimal, int]
) -> None:
    skus = shop_with(world, 60)
    with heard(signals.alert_raised) as alerts:
        slip(world, skus, **values)
    assert world.patches() == []
    assert amazon_shows(world, skus) == {STEADY}
    [change] = world.all(MassChange)
    assert (change.counted, change.live) == (50, 60)
    assert [alert["code"] for alert in alerts] == ["mass_change"]
    reasons = {str(aspect.problem) for aspect in world.aspects() if aspect.drastic_value is not None}
    assert len(reasons) == 1
    assert "50 or more of the" in reasons.pop()
    assert mass_changes.settle(world.channel, change, send=True, by="Ada") == 60
    world.settle(120)
    assert amazon_shows(world, skus) == {wrong}
    assert world.all(MassChange) == []
    [line] = world.all(Activity, Activity.action == "released")
    assert (line.actor_name, "60" in line.sentence) == ("Ada", True)


@pytest.mark.parametrize("values", [{"stock": 0}, {"price": Decimal("0.20")}], ids=["zeros", "prices"])
def test_forty_listings_are_sent_at_once(world: ShopWorld, values: dict[str, Any]) -> None:
    skus = shop_with(world, 40)
    slip(world, skus, **values)
    assert world.all(MassChange) == []
    assert amazon_shows(world, skus) == {(values.get("price", Decimal("20.00")), values.get("stock", 10))}


def test_fifty_of_three_hundred_are_no_slip(world: ShopWorld) -> None:
    skus = shop_with(world, 300)
    slip(world, skus[:50], stock=0)
    assert world.all(MassChange) == []
    assert amazon_shows(world, skus[:50]) == {(Decimal("20.00"), 0)}
    assert amazon_shows(world, skus[50:]) == {STEADY}


def test_zeros_that_orders_explain_neither_count_nor_wait(world: ShopWorld) -> None:
    skus = shop_with(world, 60, stock=1)
    world.amazon.settings(order_delay=0)
    for sku in skus:
        world.amazon.place_order(world.seller["seller_id"], US, [{"sku": sku, "quantity": 1}])
        # Somebody set the live quantity again meanwhile, so the zero must be sent.
        world.amazon.put_listing(world.seller["seller_id"], US, sku, quantity=1)
    world.cycle()
    world.cycle()
    assert world.all(MassChange) == []
    assert {world.shown(sku)[1] for sku in skus} == {0}


def test_what_a_person_set_to_zero_by_hand_goes_at_once_though_others_wait(world: ShopWorld) -> None:
    skus = shop_with(world, 60)
    slip(world, skus[1:], stock=0)
    assert len(world.all(MassChange)) == 1
    sku = world.sku(skus[0])
    sku.quantity_override = 0
    db.session.commit()
    world.save(skus[0], title="Set aside")
    world.settle(30)
    assert world.shown(skus[0])[1] == 0
    assert world.shown(skus[1])[1] == 10


def test_while_prices_wait_quantities_and_small_steps_go_on(world: ShopWorld) -> None:
    skus = shop_with(world, 60)
    slip(world, skus, price=Decimal("0.20"))
    slip(world, skus[:5], stock=4)
    slip(world, skus[5:6], price=Decimal("21.00"))
    assert amazon_shows(world, skus[:5]) == {(Decimal("20.00"), 4)}
    assert world.shown(skus[5]) == (Decimal("21.00"), 10)
    assert world.shown(skus[6]) == STEADY


def test_what_was_put_right_meanwhile_is_not_sent_by_a_release(world: ShopWorld) -> None:
    skus = shop_with(world, 60)
    slip(world, skus, price=Decimal("0.20"))
    slip(world, skus, price=Decimal("20.00"))
    [change] = world.all(MassChange)
    assert mass_changes.settle(world.channel, change, send=True) == 0
    world.settle(60)
    assert amazon_shows(world, skus) == {STEADY}


def test_discard_looks_again_and_a_slip_that_stays_is_noticed_again(world: ShopWorld) -> None:
    skus = shop_with(world, 60)
    slip(world, skus, price=Decimal("0.20"))
    [change] = world.all(MassChange)
    mass_changes.settle(world.channel, change, send=False)
    world.settle(120)
    assert amazon_shows(world, skus) == {STEADY}
    assert len(world.all(MassChange)) == 1


def test_what_a_person_let_through_is_let_through_once(world: ShopWorld) -> None:
    skus = shop_with(world, 60)
    slip(world, skus, price=Decimal("0.20"))
    mass_changes.settle(world.channel, world.all(MassChange)[0], send=True)
    world.settle(120)
    slip(world, skus[:60], price=Decimal("0.25"))
    world.pass_time(3700)
    slip(world, skus, price=Decimal("20.00"))
    mass_changes.settle(world.channel, world.all(MassChange)[0], send=True)
    world.settle(120)
    assert amazon_shows(world, skus) == {STEADY}
    assert {aspect.released_value for aspect in world.aspects()} == {None}
    world.pass_time(3700)
    slip(world, skus, price=Decimal("0.25"))
    assert amazon_shows(world, skus) == {STEADY}


def test_one_great_change_among_a_hundred_small_ones_waits_a_minute_at_most(world: ShopWorld) -> None:
    skus = shop_with(world, 100)
    db.session.execute(sa.update(Product).where(Product.sku.in_(skus[1:])).values(price=Decimal("21.00")))
    db.session.execute(sa.update(Product).where(Product.sku == skus[0]).values(stock=0))
    db.session.commit()
    world.settle(60)
    assert world.shown(skus[0])[1] == 0


def test_plan_tells_of_what_waits(world: ShopWorld) -> None:
    skus = shop_with(world, 60)
    slip(world, skus, price=Decimal("0.20"))
    planned = list(plan(world.channel))
    assert {one.why.code if one.why else None for one in planned} == {"mass_change"}
    assert {one.new for one in planned} == {Decimal("0.20")}


def test_what_waits_is_found_by_an_index(world: ShopWorld) -> None:
    names = {index.name for index in Aspect.__table__.indexes}  # type: ignore[attr-defined]
    assert "ix_amazon_aspect_drastic" in names
