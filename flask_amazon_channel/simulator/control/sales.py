"""Simulated buyers at work: placing, changing and cancelling orders."""

from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import sent_attributes
from flask_amazon_channel.simulator.api.orders.shapes import PENDING
from flask_amazon_channel.simulator.api.orders.shipping import add_package
from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.control.buyers import make_buyer
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.orders import Order, OrderItem, Package
from flask_amazon_channel.simulator.world import World

STATUSES = (*PENDING, "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE")


class Refused(Exception):
    """A control call that cannot be done; the message says why."""


def place_order(
    world: World,
    seller: str,
    marketplace: str,
    items: list[dict[str, Any]],
    status: str = "UNSHIPPED",
    fulfillment: str | None = None,
    **facts: Any,
) -> Order:
    """A buyer orders.  Items are `{sku, quantity}`, and may hold price, shipping, tax, discount,
    gift_message.

    `facts` may hold buyer, address, programs, service_level, replaces, ago (seconds since it was placed),
    and force (sell what is not for sale, or more than there is).
    """
    if seller not in world.state.sellers or marketplace not in world.state.sellers[seller].marketplaces:
        raise Refused(f"Seller {seller} does not exist or does not sell in {marketplace}.")
    if status not in STATUSES or not items:
        raise Refused(f"An order has items, and a status among {', '.join(STATUSES)}.")
    listings = [_sellable(world, seller, marketplace, line, bool(facts.get("force"))) for line in items]
    by = fulfillment or ("MERCHANT" if all(each.channel == "DEFAULT" for each in listings) else "AMAZON")
    order = _make_order(world, seller, marketplace, by, facts)
    for line, listing in zip(items, listings, strict=True):
        order.items.append(_make_item(world, marketplace, line, listing))
        _take_stock(world, seller, listing, int(line.get("quantity", 1)), by)
    world.state.orders[order.id] = order
    _enter_status(world, order, status, {})
    order.updated = order.created
    world.occurred("order_changed", seller, order=order.id, change="OrderStatusChange", reason=None)
    return order


def _sellable(world: World, seller: str, marketplace: str, line: dict[str, Any], force: bool) -> Listing:
    listing = world.listing(seller, str(line.get("sku")))
    if listing is None or marketplace not in listing.offers:
        raise Refused(f"There is no listing {line.get('sku')} in {marketplace}.")
    quantity = line.get("quantity", 1)
    if not isinstance(quantity, int) or quantity < 1:
        raise Refused("The quantity of an item is a whole number of at least 1.")
    if not force and "BUYABLE" not in world.status(seller, listing, marketplace):
        raise Refused(f"{listing.sku} is not for sale in {marketplace}.")
    if not force and quantity > listing.quantity:
        raise Refused(f"{listing.sku} has only {listing.quantity} in stock.")
    return listing


def _make_order(world: World, seller: str, marketplace: str, by: str, facts: dict[str, Any]) -> Order:
    chance = world.chance("order")
    buyer, address = make_buyer(chance, MARKETPLACES[marketplace])
    created = world.now() - float(facts.get("ago", 0))
    return Order(
        id=f"{chance.randrange(100, 1000)}-{chance.randrange(10**7):07d}-{chance.randrange(10**7):07d}",
        seller_id=seller,
        marketplace=marketplace,
        status="PENDING",
        fulfilled_by=by,
        created=created,
        updated=created,
        items=[],
        buyer={**buyer, **(facts.get("buyer") or {})},
        address={**address, **(facts.get("address") or {})},
        programs=list(facts.get("programs") or []),
        service_level=facts.get("service_level") or "STANDARD",
        replaces=facts.get("replaces"),
        ship_within=float(facts.get("ship_within", 2 * DAY)),
    )


def _make_item(world: World, marketplace: str, line: dict[str, Any], listing: Listing) -> OrderItem:
    currency = MARKETPLACES[marketplace].currency
    live = listing.offers[marketplace].price_at(world.now()) or "0"
    return OrderItem(
        id=str(world.chance("item").randrange(10**13, 10**14)),
        sku=listing.sku,
        asin=listing.asin,
        title=listing.title,
        condition=listing.condition,
        quantity=int(line.get("quantity", 1)),
        price=money_text(line.get("price", live), currency),
        gift_message=line.get("gift_message"),
        shipping=money_text(line.get("shipping", "0"), currency),
        tax=money_text(line.get("tax", "0"), currency),
        discount=money_text(line.get("discount", "0"), currency),
    )


def _take_stock(world: World, seller: str, listing: Listing, quantity: int, fulfilled_by: str) -> None:
    """The live quantity falls, for all marketplaces; what the seller sent stays as it was sent."""
    if fulfilled_by == "AMAZON" or listing.channel != "DEFAULT":
        return  # Amazon's warehouses hear of the order
    listing.attributes = sent_attributes(listing)
    listing.quantity = max(0, listing.quantity - quantity)
    world.touch(seller, listing)


def change_order(world: World, order_id: str, changes: dict[str, Any]) -> Order:
    """What may be changed: status (with cancelled_by, reason), buyer_requests_cancel, items, address,
    packages.

    An item is `{sku or order_item_id, quantity}`; quantity 0 cancels the line.  `packages` is a package
    status.
    """
    order = world.state.orders.get(order_id)
    if order is None:
        raise Refused(f"There is no order {order_id}.")
    known = ("status", "cancelled_by", "reason", "buyer_requests_cancel", "items", "address", "packages")
    if unknown := sorted(set(changes) - set(known)):
        raise Refused(f"Unknown changes: {', '.join(unknown)}. Known are {', '.join(known)}.")
    if changes.get("buyer_requests_cancel"):
        for item in order.items:
            item.cancel_request = str(changes.get("reason") or "BUYER_CANCELED")
    for line in changes.get("items") or []:
        _change_item(world, order, line, changes)
    order.address |= changes.get("address") or {}
    for package in order.packages if changes.get("packages") else []:
        package.status = str(changes["packages"])
    if "status" in changes:
        _enter_status(world, order, str(changes["status"]), changes)
    order.updated = world.now()
    change = "BuyerRequestedChange" if changes.get("buyer_requests_cancel") else "OrderStatusChange"
    world.occurred("order_changed", order.seller_id, order=order.id, change=change, reason=changes.get("reason"))
    return order


def _change_item(world: World, order: Order, line: dict[str, Any], changes: dict[str, Any]) -> None:
    wanted = str(line.get("order_item_id") or line.get("sku"))
    item = next((each for each in order.items if wanted in (each.id, each.sku)), None)
    quantity = line.get("quantity")
    if item is None or not isinstance(quantity, int) or quantity < item.shipped:
        raise Refused("An item is {sku or order_item_id, quantity}, with no less than was shipped.")
    if quantity == 0:
        _cancel_item(world, order, item, changes)
    elif quantity < item.quantity:
        _restock(world, order, item, item.quantity - quantity)
        item.quantity = quantity
    else:
        item.quantity = quantity


def _enter_status(world: World, order: Order, status: str, changes: dict[str, Any]) -> None:
    if status not in STATUSES:
        raise Refused(f"The status of an order is one of {', '.join(STATUSES)}.")
    if status in ("CANCELLED", "UNFULFILLABLE"):
        for item in order.items:
            _cancel_item(world, order, item, changes)
    if status == "PARTIALLY_SHIPPED" and not order.packages:
        _ship(world, order, {order.items[0].id: max(1, order.items[0].quantity // 2)})
    if status == "SHIPPED":
        _ship(world, order, {item.id: item.open for item in order.items if item.open})
    order.status = status


def _ship(world: World, order: Order, items: dict[str, int]) -> None:
    """Shipped without the API: by Amazon, which shows no packages, or in Seller Central."""
    if order.fulfilled_by == "AMAZON":
        for item in order.items:
            item.shipped += items.get(item.id, 0)
    elif items:
        now = world.now()
        number = str(world.chance("tracking").randrange(10**11, 10**12))
        reference = str(len(order.packages) + 1)
        add_package(world, order, Package(reference, "DHL", f"00{number}", ship_time=now, created=now, items=items))


def _cancel_item(world: World, order: Order, item: OrderItem, changes: dict[str, Any]) -> None:
    if item.cancelled_by is None:
        _restock(world, order, item, item.open)
        item.cancelled_by = str(changes.get("cancelled_by") or "BUYER")
        item.cancel_reason = str(changes.get("reason") or "BUYER_CANCELED")


def _restock(world: World, order: Order, item: OrderItem, quantity: int) -> None:
    """Amazon does not raise the quantity of a merchant's listing again, unless the setting says so."""
    listing = world.listing(order.seller_id, item.sku)
    if listing and order.fulfilled_by == "MERCHANT" and world.settings.restock_on_cancel:
        listing.quantity += quantity
        world.touch(order.seller_id, listing)
