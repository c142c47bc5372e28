"""Orders as the control calls place, show and change them, and what sellers wrote to their buyers."""

from dataclasses import asdict
from typing import Any

from flask_amazon_channel.simulator.api.orders.shapes import PARTS, order_shape, package_shape
from flask_amazon_channel.simulator.control.order_changes import change_order, find_order
from flask_amazon_channel.simulator.control.sales import place_order
from flask_amazon_channel.simulator.world import World

Facts = dict[str, Any]


def post_order(world: World, **facts: Any) -> Facts:
    order = place_order(world, **facts)
    return {
        "order_id": order.id,
        "items": [{"order_item_id": item.id, "sku": item.sku} for item in order.items],
    }


def get_order(world: World, order_id: str) -> Facts:
    """The order with everything that Amazon knows of it, its packages and its refunds."""
    order = find_order(world, order_id)
    return {
        "seller": order.seller_id,
        "status": order.status,
        "order": order_shape(order, list(PARTS), personal_data=True),
        "packages": [package_shape(package) for package in order.packages],
        "refunds": order.refunds,
    }


def patch_order(world: World, order_id: str, /, **changes: Any) -> Facts:
    change_order(world, order_id, changes)
    return get_order(world, order_id)


def get_messages(world: World) -> Facts:
    return {"messages": [asdict(each) for each in world.state.messages]}
