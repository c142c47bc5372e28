"""The world as a whole: what is in it, its clock and settings, saving and loading it."""

from dataclasses import asdict
from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.state import snapshot
from flask_amazon_channel.simulator.world import World

Facts = dict[str, Any]


def state(world: World) -> Facts:
    application = world.state.application
    return {
        "seed": world.state.seed,
        "clock": {"now": iso(world.now()), "speed": world.clock.speed},
        "application": {
            "application_id": application.application_id,
            "client_id": application.client_id,
            "redirect_uris": application.redirect_uris,
        },
        "sellers": [_seller(world, each) for each in world.state.sellers],
        "settings": get_settings(world),
        "counts": {
            "orders": len(world.state.orders),
            "reports": len(world.state.reports),
            "pending": len(world.state.pending),
        },
    }


def _seller(world: World, seller_id: str) -> Facts:
    seller = world.state.sellers[seller_id]
    return {
        "seller_id": seller.id,
        "region": seller.region,
        "marketplaces": seller.marketplaces,
        "suspended": seller.suspended,
        "roles": seller.roles,
        "revoked": seller.revoked,
        "listings": len(world.stock(seller_id)),
        "orders": len(world.orders(seller_id)),
    }


def set_clock(world: World, advance: float = 0.0, speed: float | None = None) -> Facts:
    """Seconds to advance by, and how fast time runs from now on."""
    if speed is not None:
        world.clock.run_at(float(speed))
    world.clock.advance(float(advance))
    world.settle()
    return {"now": iso(world.now()), "speed": world.clock.speed}


def get_settings(world: World) -> Facts:
    return asdict(world.settings)


def set_settings(world: World, **changes: Any) -> Facts:
    """New quotas begin with full buckets."""
    world.settings.change(changes)
    if "quotas" in changes:
        world.state.buckets.clear()
    return get_settings(world)


def save(world: World) -> Facts:
    world.take_back()
    return {"now": world.now(), "state": snapshot.save(world.state)}


def load(world: World, now: float, state: Facts) -> None:
    """What `save` answered, as it was."""
    world.adopt(snapshot.load(state))
    world.clock.set_to(float(now))
