"""The figures.  Each compares what two or three of shop, channel and Amazon know; each must be 0."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from flask_amazon_channel.models import AspectName
from tests.chaos.ground import HIGHEST, LOWEST
from tests.chaos.looking import Knowledge, value_of

DECIDED_WITHIN = 10.0
"""Seconds between the reading of the shop's stock and the arrival of the quantity at Amazon, with calls that hang."""

Found = Iterable[str]


def orders_lost(all_of: Knowledge) -> Found:
    """Every order is stored; every order that is to be shipped, or was before it was cancelled, is in the shop."""
    for order_id, order in all_of.amazon_orders.items():
        if order_id not in all_of.orders:
            yield f"{order_id} is not stored"
        elif order.status not in ("PENDING", "CANCELLED") and order_id not in all_of.shop_orders:
            yield f"{order_id} ({order.status}) is not in the shop"


def behind_the_cursor(all_of: Knowledge) -> Found:
    """What changed before the moment up to which orders were read is stored as it was then or later, or quarantined."""
    read_until = all_of.read_until
    for order_id, order in all_of.amazon_orders.items():
        if read_until is None or order.updated > read_until or order_id in all_of.quarantined:
            continue
        known = all_of.updated.get(order_id)
        if known is None or known < order.updated - 1:
            yield f"{order_id} changed before the cursor and is {'not stored' if known is None else 'older here'}"


def orders_doubled(all_of: Knowledge) -> Found:
    for known, where in ((all_of.orders, "stored"), (all_of.shop_orders, "in the shop")):
        yield from (f"{order_id} is {count} times {where}" for order_id, count in known.items() if count > 1)
        yield from (f"{order_id} was never placed" for order_id in known if order_id not in all_of.amazon_orders)


def cancellations_lost(all_of: Knowledge) -> Found:
    for order_id, order in all_of.amazon_orders.items():
        status = all_of.shop_order_status.get(order_id)
        if order.status == "CANCELLED" and status not in (None, "cancelled"):
            yield f"{order_id} was cancelled, and is {status} in the shop"


def lines_booked_wrongly(all_of: Knowledge) -> Found:
    """The ledger has of every line what Amazon sold, however often and in which order it was told."""
    lines = set()
    for order in all_of.amazon_orders.values():
        for item in order.items:
            lines.add(item.id)
            sold = item.shipped if order.status == "CANCELLED" or item.cancelled_by else item.quantity
            booked = -all_of.booked.get(item.id, 0)
            if booked != sold:
                yield f"{order.id} {item.sku}: {sold} sold, {booked} booked"
    yield from (f"line {item_id} was never sold" for item_id in set(all_of.booked) - lines)


def stock_wrong(all_of: Knowledge) -> Found:
    """The shop's stock is what it was, with every movement; the channel's movements are the ledger's."""
    for sku, product in all_of.products.items():
        expected = all_of.stocked[sku] + all_of.movements[sku]
        if product.stock != expected:
            yield f"{sku}: {product.stock} in stock, {expected} by its movements"
        if all_of.amazon_movements[sku] != all_of.ledger[sku]:
            yield f"{sku}: the shop booked {all_of.amazon_movements[sku]}, the ledger {all_of.ledger[sku]}"


def stale(all_of: Knowledge) -> Found:
    """What arrived of one aspect arrived in the order of its intents, and their generations never fall."""
    for key, arrived in _by_aspect(all_of).items():
        intents = all_of.intents.get(key, [])
        generations = [one.generation for one in intents]
        if generations != sorted(generations):
            yield f"{key}: the generations of its intents fall"
        place = 0
        for sent in arrived:
            while place < len(intents) and value_of(intents[place]) != sent.value:
                place += 1
            if place == len(intents):
                yield f"{key}: {sent.value} arrived out of order"
                break
            place += 1


def without_intent(all_of: Knowledge) -> Found:
    """Every write that arrived was stored before."""
    for key, arrived in _by_aspect(all_of).items():
        known = [value_of(one) for one in all_of.intents.get(key, [])]
        for sent in arrived:
            if sent.value in known:
                known.remove(sent.value)
            else:
                yield f"{key}: {sent.value} was sent without an intent"
    for order_id, body in all_of.confirmed:
        detail = body["packageDetail"]
        if (detail["packageReferenceId"], detail["trackingNumber"]) not in all_of.packages[order_id]:
            yield f"{order_id}: package {detail['packageReferenceId']} was sent without a row"


def over_listed(all_of: Knowledge) -> Found:
    """No quantity above the highest stock that the shop had in the seconds before it arrived."""
    for sent in all_of.sent:
        if sent.aspect != AspectName.QUANTITY or not sent.value:
            continue
        stock = all_of.greatest_stock(sent.sku, sent.at - DECIDED_WITHIN, sent.at)
        if sent.value > stock:
            yield f"{sent.sku}: {sent.value} were sent, the shop had {stock}"


def prices_outside_the_guards(all_of: Knowledge) -> Found:
    for sent in all_of.sent:
        if sent.aspect == AspectName.PRICE and not LOWEST <= Decimal(sent.value or 0) <= HIGHEST:
            yield f"{sent.sku}: {sent.value} was sent"


def shipments_lost(all_of: Knowledge) -> Found:
    for order_id, packages in all_of.packages.items():
        shown = {package.tracking_number for package in all_of.amazon_orders[order_id].packages}
        yield from (
            f"{order_id}: {number} is not at Amazon; {all_of.package_states.get(number)}"
            for _, number in packages
            if number not in shown
        )


def shipments_doubled(all_of: Knowledge) -> Found:
    for order_id, order in all_of.amazon_orders.items():
        numbers = [package.tracking_number for package in order.packages]
        known = [number for _, number in all_of.packages.get(order_id, [])]
        if len(set(numbers)) < len(numbers) or set(numbers) - set(known):
            yield f"{order_id}: Amazon shows {numbers}, the shop sent {known}"


def drift(all_of: Knowledge) -> Found:
    """What buyers see is what the shop wants."""
    for sku, seen in all_of.live.items():
        if seen["quantity"] != all_of.wanted_quantity(sku):
            yield f"{sku}: {seen['quantity']} shown, {all_of.wanted_quantity(sku)} wanted; {all_of.why(sku)}"
        price, wanted = Decimal(seen["price"]["amount"]) if seen["price"] else None, all_of.wanted_price(sku)
        if wanted is not None and price != wanted:
            yield f"{sku}: {price} shown, {wanted} wanted; {all_of.why(sku)}"


def calls_over_budget(all_of: Knowledge) -> Found:
    return (f"{one['operation']} at {one['at']:.1f}" for one in all_of.over_budget)


def _by_aspect(all_of: Knowledge) -> dict[tuple[str, str], list]:  # type: ignore[type-arg]
    arrived = defaultdict(list)
    for sent in all_of.sent:
        arrived[sent.sku, sent.aspect].append(sent)
    return arrived


CHECKERS: tuple[Callable[[Knowledge], Found], ...] = (
    orders_lost,
    behind_the_cursor,
    orders_doubled,
    cancellations_lost,
    lines_booked_wrongly,
    stock_wrong,
    stale,
    without_intent,
    over_listed,
    prices_outside_the_guards,
    shipments_lost,
    shipments_doubled,
    drift,
    calls_over_budget,
)

COME_TO_REST = (orders_lost, cancellations_lost, lines_booked_wrongly, shipments_lost, drift)
"""What may still be on its way while things go on."""
