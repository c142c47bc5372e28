"""Orders 2026-01-01 as values.  An order that cannot be understood never stops the page that it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from flask_amazon_channel.rules.amazon import (
    OrderItemSnapshot,
    OrderSnapshot,
    OrdersPage,
    PackageSnapshot,
)
from flask_amazon_channel.rules.values import Address, Buyer, FulfilledBy
from flask_amazon_channel.spapi.parse import (
    JSON,
    Unreadable,
    amount_of,
    count,
    key,
    moment,
    money,
    needed,
    objects,
    optional_count,
    optional_key,
    optional_moment,
    part,
    text,
    texts,
)

_FULFILLED_BY = {"MERCHANT": FulfilledBy.MERCHANT, "AMAZON": FulfilledBy.AMAZON}


def parse_orders_page(answer: JSON) -> OrdersPage:
    """`searchOrders`.  A page without its `orders` is an error, not an empty page."""
    found = answer.get("orders")
    if not isinstance(found, list):
        raise Unreadable("orders is missing.")
    orders: list[OrderSnapshot] = []
    unreadable: list[tuple[str, str]] = []
    for order in found:
        try:
            orders.append(parse_order(order))
        except Unreadable as why:
            unreadable.append((_order_id(order), str(why)))
    return OrdersPage(
        orders=tuple(orders),
        next_token=text(part(answer, "pagination"), "nextToken"),
        read_until=optional_moment(answer, "lastUpdatedBefore") or optional_moment(answer, "createdBefore"),
        unreadable=tuple(unreadable),
    )


def _order_id(order: object) -> str:
    try:
        return key(order, "orderId") if isinstance(order, dict) else ""
    except Unreadable:
        return ""


def parse_order(order: object) -> OrderSnapshot:
    """One order, or `Unreadable`: without lines, status or fulfiller nobody knows its effect."""
    if not isinstance(order, dict):
        raise Unreadable("The order is not an object.")
    fulfillment = needed(order, "fulfillment")
    items = _items(order)
    proceeds = part(order, "proceeds")
    total = money(proceeds, "grandTotal")
    return OrderSnapshot(
        amazon_order_id=key(order, "orderId"),
        # Orders from outside Amazon's shops (multi-channel fulfilment) name no marketplace.
        marketplace_id=optional_key(needed(order, "salesChannel"), "marketplaceId") or "",
        status=key(fulfillment, "fulfillmentStatus"),
        fulfilled_by=_fulfilled_by(fulfillment),
        created_at=moment(order, "createdTime"),
        last_updated_at=moment(order, "lastUpdatedTime"),
        items=items,
        currency=_currency(order),
        grand_total=total[0] if total else None,
        breakdown=_breakdown(proceeds),
        buyer=_buyer(part(order, "buyer")),
        address=_address(part(part(order, "recipient"), "deliveryAddress")),
        service_level=text(fulfillment, "fulfillmentServiceLevel"),
        ship_by=optional_moment(part(fulfillment, "shipByWindow"), "latestDateTime"),
        deliver_by=optional_moment(part(fulfillment, "deliverByWindow"), "latestDateTime"),
        programs=texts(order, "programs"),
        packages=tuple(_package(package) for package in objects(order, "packages")),
        is_replacement=any(
            (text(other, "associationType") or "").startswith("REPLACEMENT")
            for other in objects(order, "associatedOrders")
        ),
    )


def _fulfilled_by(fulfillment: JSON) -> FulfilledBy:
    try:
        return _FULFILLED_BY[key(fulfillment, "fulfilledBy")]
    except KeyError:
        raise Unreadable("fulfilledBy is neither MERCHANT nor AMAZON.") from None


def _items(order: JSON) -> tuple[OrderItemSnapshot, ...]:
    items = tuple(_item(item) for item in objects(order, "orderItems"))
    if not items:
        raise Unreadable("The order has no items.")
    if len({item.order_item_id for item in items}) != len(items):
        raise Unreadable("An order item id occurs twice.")
    return items


def _item(item: JSON) -> OrderItemSnapshot:
    product, fulfillment, proceeds = (
        needed(item, "product"),
        part(item, "fulfillment"),
        part(item, "proceeds"),
    )
    price, total = money(part(product, "price"), "unitPrice"), money(proceeds, "proceedsTotal")
    breakdown = _breakdown(proceeds)
    cancellation = part(item, "cancellation")
    return OrderItemSnapshot(
        order_item_id=key(item, "orderItemId"),
        sku=optional_key(product, "sellerSku"),
        asin=optional_key(product, "asin"),
        title=text(product, "title") or "",
        quantity_ordered=count(item, "quantityOrdered"),
        fulfilled=optional_count(fulfillment, "quantityFulfilled"),
        unfulfilled=optional_count(fulfillment, "quantityUnfulfilled"),
        unit_price=price[0] if price else None,
        tax=breakdown.get("TAX", Decimal(0)),
        # Amazon may give a discount with either sign; here it is what the buyer saves.
        discount=abs(breakdown.get("DISCOUNT", Decimal(0))),
        item_total=total[0] if total else None,
        condition=text(part(product, "condition"), "conditionType"),
        cancellation_requested=_cancellation_request(cancellation),
        cancelled_by=text(part(cancellation, "cancellationExecution"), "cancelledBy"),
        gift_message=text(part(part(part(item, "fulfillment"), "packing"), "giftOption"), "giftMessage"),
    )


def _cancellation_request(cancellation: JSON) -> str | None:
    if not isinstance(cancellation.get("cancellationRequest"), dict):
        return None
    request = part(cancellation, "cancellationRequest")
    return text(request, "cancelReason") or text(request, "requester") or "BUYER"


def _breakdown(proceeds: JSON) -> Mapping[str, Decimal]:
    """Amounts by type, with Amazon's sign.  Seen on the wire: PROMOTION where the model says DISCOUNT."""
    sums: dict[str, Decimal] = {}
    for row in objects(proceeds, "breakdowns"):
        kind = key(row, "type")
        kind = "DISCOUNT" if kind == "PROMOTION" else kind
        sums[kind] = sums.get(kind, Decimal(0)) + amount_of(needed(row, "subtotal").get("amount"), "subtotal")
    return sums


def _currency(order: JSON) -> str | None:
    """The one currency of the order, or None for a pending order, which has no prices."""
    amounts = [money(part(order, "proceeds"), "grandTotal")]
    amounts += [money(row, "subtotal") for row in objects(part(order, "proceeds"), "breakdowns")]
    for item in objects(order, "orderItems"):
        amounts.append(money(part(part(item, "product"), "price"), "unitPrice"))
        amounts.append(money(part(item, "proceeds"), "proceedsTotal"))
        amounts += [money(row, "subtotal") for row in objects(part(item, "proceeds"), "breakdowns")]
    currencies = {amount[1] for amount in amounts if amount}
    if len(currencies) > 1:
        raise Unreadable("The order has more than one currency.")
    return currencies.pop() if currencies else None


def _buyer(buyer: JSON) -> Buyer | None:
    found = Buyer(text(buyer, "buyerName"), text(buyer, "buyerEmail"), text(buyer, "buyerCompanyName"))
    return found if found.name or found.email or found.company else None


def _address(address: JSON) -> Address | None:
    """The address, or None where Amazon withholds it: town and country alone are no address."""
    lines = tuple(line for n in (1, 2, 3) if (line := text(address, f"addressLine{n}")))
    if not lines and not text(address, "name"):
        return None
    return Address(
        name=text(address, "name"),
        company=text(address, "companyName"),
        lines=lines,
        city=text(address, "city"),
        district=text(address, "districtOrCounty") or text(address, "municipality"),
        state=text(address, "stateOrRegion"),
        postal_code=text(address, "postalCode"),
        country_code=text(address, "countryCode"),
        phone=text(address, "phone"),
    )


def _package(package: JSON) -> PackageSnapshot:
    items: dict[str, int] = {}
    for item in objects(package, "packageItems"):
        order_item_id = key(item, "orderItemId")
        items[order_item_id] = items.get(order_item_id, 0) + count(item, "quantity")
    return PackageSnapshot(
        reference=key(package, "packageReferenceId"),
        carrier=text(package, "carrier"),
        tracking_number=text(package, "trackingNumber"),
        shipped_at=optional_moment(package, "shipTime"),
        items=items,
        status=text(part(package, "packageStatus"), "status"),
    )
