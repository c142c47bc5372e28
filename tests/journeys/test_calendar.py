"""What a date changes happens at its moment, without any event, also in the nights when clocks are put on or back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from flask_amazon_channel.models import Aspect
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.spapi.marketplaces import MARKETPLACES
from tests.journeys.world import DE, US, ShopWorld, listed

GAP = {US: datetime(2031, 3, 9, 2, 30), DE: datetime(2031, 3, 30, 2, 30)}
FOLD = {US: datetime(2031, 11, 2, 1, 30), DE: datetime(2031, 10, 26, 2, 30)}


def until(marketplace: str, local: datetime) -> datetime:
    """Return the moment that the marketplace's clock first shows this, or would have shown it."""
    return local.replace(tzinfo=ZoneInfo(MARKETPLACES[marketplace].time_zone)).astimezone(UTC)


def override(world: ShopWorld, marketplace: str, minor: int, end: datetime) -> None:
    """Let a person set the price until then."""
    listing = world.listing(marketplace=marketplace)
    listing.price_override_minor, listing.price_override_until = minor, end
    mark(world.session, Aspect, world.clock.now, Aspect.listing_id == listing.id)
    world.session.commit()


def go_to(world: ShopWorld, moment: datetime) -> None:
    world.pass_time((moment - world.clock.now).total_seconds())


def price_patches(world: ShopWorld) -> int:
    return sum(patch["path"].endswith("purchasable_offer") for patches in world.patches() for patch in patches)


@pytest.mark.parametrize("marketplace", [US, DE], ids=["US", "DE"])
@pytest.mark.parametrize("night", [GAP, FOLD], ids=["gap", "fold"])
def test_f117_a_price_that_holds_until_the_night_of_the_change_of_clocks_ends_once_and_in_time(
    world: ShopWorld, night: dict[str, datetime], marketplace: str
) -> None:
    end = until(marketplace, night[marketplace])
    world.pass_time((end - timedelta(hours=1) - world.clock.now).total_seconds())
    world.connect(marketplace, listings=[listed(price="15.00")])
    override(world, marketplace, 1500, end)
    world.settle(60)
    assert world.shown(marketplace=marketplace)[0] == Decimal("15.00")
    [due] = [aspect.due_at for aspect in world.aspects() if aspect.name == "price"]
    assert due == end

    world.amazon.forget_requests()
    go_to(world, end - timedelta(seconds=2))
    world.work()
    assert price_patches(world) == 0
    go_to(world, end)
    world.work()
    assert price_patches(world) == 1
    # The hour that comes twice, or never, goes by.
    for _ in range(24):
        world.pass_time(300)
        world.work()
    assert price_patches(world) == 1
    assert world.shown(marketplace=marketplace)[0] != Decimal("15.00")
