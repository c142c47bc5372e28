"""What every change of an order does, whoever made it.

Assumed: The quantity of a merchant's listing does not rise again when an order is cancelled, unless the
setting `restock_on_cancel` says so.
"""

from flask_amazon_channel.simulator.state.orders import Order, OrderItem, Package
from flask_amazon_channel.simulator.world import World

STATUS, REQUEST = "OrderStatusChange", "BuyerRequestedChange"


def changed(
    world: World, order: Order, change: str = STATUS, reason: str | None = None, at: float | None = None
) -> None:
    """The order was changed now, or at a moment since the last call: searches and notifications tell of it."""
    world.orders(order.seller_id).update(order, world.now() if at is None else at)
    world.occurred("order_changed", order.seller_id, order=order.id, change=change, reason=reason)


def add_package(order: Order, package: Package) -> None:
    """Add a package, or edit the one with its reference, and count anew what was shipped; tell with `changed`."""
    earlier = next((each for each in order.packages if each.reference == package.reference), None)
    if earlier:
        package.created = earlier.created
        order.packages[order.packages.index(earlier)] = package
    else:
        order.packages.append(package)
    for item in order.items:
        item.shipped = sum(each.items.get(item.id, 0) for each in order.packages)
    order.status = status_of_items(order)


def cancel_item(world: World, order: Order, item: OrderItem, cancelled_by: str, reason: str) -> None:
    """Cancel what is open of an item, once."""
    if item.cancelled_by is None:
        restock(world, order, item, item.open)
        item.cancelled_by, item.cancel_reason = cancelled_by, reason


def restock(world: World, order: Order, item: OrderItem, quantity: int) -> None:
    """Units that a buyer does not get after all; of what Amazon fulfils its warehouses hear by themselves."""
    listing = world.listing(order.seller_id, item.sku)
    if listing is not None and order.fulfilled_by == "MERCHANT" and world.settings.restock_on_cancel:
        listing.quantity += quantity
        world.touch(order.seller_id, listing)


def status_of_items(order: Order) -> str:
    """What an order that is paid is, by what was shipped and cancelled of it."""
    if all(item.cancelled_by and not item.shipped for item in order.items):
        return "CANCELLED"
    if not any(item.shipped for item in order.items):
        return "UNSHIPPED"
    return "PARTIALLY_SHIPPED" if any(item.open for item in order.items) else "SHIPPED"
