"""Order fulfillment feeds: packages, as confirmShipment makes them."""

from flask_amazon_channel.simulator.api.feeds.records import Record, Refused
from flask_amazon_channel.simulator.api.orders.changing import add_package, changed
from flask_amazon_channel.simulator.clock import parse_iso
from flask_amazon_channel.simulator.state.feeds import Feed
from flask_amazon_channel.simulator.state.orders import Order, OrderItem, Package
from flask_amazon_channel.simulator.world import World

INVALID = "18028"
SHIPPABLE = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")


class Shipping:
    """The packages of one feed.

    Assumed: the records of a feed for one order with the same tracking number are one package.
    Assumed: a tracking number that the order has already edits that package; any other is a package with the next
    free number.
    Assumed: a record without items ships all that is left, and one without a quantity all that is left of its item.
    """

    def __init__(self) -> None:
        self._made: set[tuple[str, str]] = set()  # order and reference

    def ship(self, world: World, feed: Feed, order: Order, record: Record) -> None:
        if order.status not in SHIPPABLE:
            raise Refused(INVALID, f"An order that is {order.status} cannot be shipped.")
        package = _package(world, order, record)
        earlier = next((each for each in order.packages if each.reference == package.reference), None)
        before = earlier.items if earlier else {}
        if earlier and (order.id, package.reference) in self._made:
            package.items = dict(before)
        _fill(order, record, package, before)
        add_package(order, package)
        self._made.add((order.id, package.reference))
        changed(world, order)


def _package(world: World, order: Order, record: Record) -> Package:
    facts = record.facts
    carrier = facts.get("carrier-code", "")
    if carrier.lower() in ("", "other"):
        carrier = facts.get("carrier-name", "")
    if not carrier:
        raise Refused(INVALID, "A carrier-code, or Other with a carrier-name, is required.")
    if not facts.get("tracking-number"):
        raise Refused(INVALID, "A tracking-number is required.")
    return Package(
        reference=_reference(order, facts["tracking-number"]),
        carrier=carrier,
        tracking_number=facts["tracking-number"],
        ship_time=_ship_time(facts.get("ship-date", "")),
        created=world.now(),
        items={},
        service=facts.get("ship-method"),
    )


def _reference(order: Order, tracking_number: str) -> str:
    for package in order.packages:
        if package.tracking_number == tracking_number:
            return package.reference
    taken = {package.reference for package in order.packages}
    return next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)


def _ship_time(text: str) -> float:
    """A day alone counts as its beginning."""
    try:
        return parse_iso(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        raise Refused(INVALID, "The ship-date is missing or not in ISO 8601 format.") from None


def _fill(order: Order, record: Record, package: Package, before: dict[str, int]) -> None:
    """Put the items into the package: no more of each than is left, with what the package held before."""
    for line in record.lines or [{"item-id": item.id} for item in order.items if _left(item, package, before)]:
        item = order.item(line.get("item-id", ""))
        if item is None:
            raise Refused(INVALID, f"The order has no item {line.get('item-id') or '(none)'}.")
        left = _left(item, package, before)
        quantity = _quantity(line.get("quantity", str(left)), item)
        if quantity > left:
            raise Refused(INVALID, f"The quantity of item {item.id} is more than is left to ship.", item.id)
        package.items[item.id] = package.items.get(item.id, 0) + quantity
    if not package.items:
        raise Refused(INVALID, "Nothing is left to ship.")


def _left(item: OrderItem, package: Package, before: dict[str, int]) -> int:
    return item.open + before.get(item.id, 0) - package.items.get(item.id, 0)


def _quantity(text: str, item: OrderItem) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise Refused(INVALID, f"The quantity of item {item.id} is not a number of at least 1.", item.id)
    return int(text)
