"""What every change of an order does, whoever made it."""

from flask_amazon_channel.simulator.state.orders import Order, Package
from flask_amazon_channel.simulator.world import World

STATUS, REQUEST = "OrderStatusChange", "BuyerRequestedChange"


def changed(
    world: World, order: Order, change: str = STATUS, reason: str | None = None, at: float | None = None
) -> None:
    """The order was changed now, or at a moment since the last call: searches and notifications tell of it."""
    order.updated = world.now() if at is None else at
    world.occurred("order_changed", order.seller_id, order=order.id, change=change, reason=reason)


def add_package(world: World, order: Order, package: Package) -> None:
    """Add a package, or edit the one with its reference, and count anew what was shipped."""
    earlier = next((each for each in order.packages if each.reference == package.reference), None)
    if earlier:
        package.created = earlier.created
        order.packages[order.packages.index(earlier)] = package
    else:
        order.packages.append(package)
    for item in order.items:
        item.shipped = sum(each.items.get(item.id, 0) for each in order.packages)
    order.status = shipped_status(order)
    order.updated = world.now()


def shipped_status(order: Order) -> str:
    if not any(item.shipped for item in order.items):
        return "UNSHIPPED"
    return "PARTIALLY_SHIPPED" if any(item.open for item in order.items) else "SHIPPED"
