"""What must hold when everything has come to rest, whatever happened before."""

from __future__ import annotations

from collections.abc import Mapping

from flask_amazon_channel.models import (
    AmazonOrder,
    Aspect,
    OrderPerson,
    Package,
    SellerAccount,
    Store,
    Stream,
    StreamName,
    Submission,
)
from tests.chaos.checkers import (
    behind_the_cursor,
    cancellations_lost,
    drift,
    lines_booked_wrongly,
    orders_doubled,
    orders_lost,
    prices_outside_the_guards,
    shipments_doubled,
    shipments_lost,
    stale,
    stock_wrong,
    without_intent,
)
from tests.chaos.looking import Knowledge
from tests.journeys.world import ShopWorld

ALWAYS = (
    behind_the_cursor,
    orders_doubled,
    stale,
    without_intent,
    shipments_doubled,
    stock_wrong,
    prices_outside_the_guards,
)
AT_REST = (orders_lost, cancellations_lost, lines_booked_wrongly, shipments_lost, drift)


def always(world: ShopWorld, stocked: Mapping[str, int]) -> list[str]:
    """What never may be otherwise, at any moment."""
    known = Knowledge(world, stocked)
    return [f"{check.__name__}: {one}" for check in ALWAYS for one in check(known)]


def at_rest(world: ShopWorld, stocked: Mapping[str, int]) -> list[str]:
    """What holds when all work is done."""
    known = Knowledge(world, stocked)
    found = [f"{check.__name__}: {one}" for check in (*ALWAYS, *AT_REST) for one in check(known)]
    return found + list(_rows(world))


def _rows(world: ShopWorld) -> list[str]:
    rows = [row for model in (Aspect, Stream, AmazonOrder, Package) for row in world.all(model)]
    found = [f"{type(row).__name__} {row.id} is leased" for row in rows if row.leased_until is not None]
    # A report that Amazon did not make is asked for again in its time.
    found += [
        f"{type(row).__name__} {row.id}: {row.problem}"
        for row in rows
        if row.problem is not None and not (isinstance(row, Stream) and row.name != StreamName.ORDERS)
    ]
    found += [f"submission {row.id} is {row.state}" for row in world.all(Submission) if row.open_aspect_id is not None]
    found += [f"package {row.id} is not confirmed" for row in world.all(Package) if row.confirmed_at is None]
    accounts = world.all(SellerAccount)
    if [account.state for account in accounts] != ["connected"]:
        found.append(f"{len(accounts)} accounts, {[(one.state, one.problem) for one in accounts]}")
    elif accounts[0].refresh_token(world.channel.keys) is None:
        found.append("the account has no token")
    if len(world.all(Store)) != len(world.seller["marketplaces"]):
        found.append(f"{len(world.all(Store))} stores")
    over = [row.order_id for row in _persons(world) if row.purge_at <= world.clock.now]
    found += [f"order {order_id} still has its buyer" for order_id in over]
    return found


def _persons(world: ShopWorld) -> list[OrderPerson]:
    world.session.rollback()
    return list(world.session.query(OrderPerson))
