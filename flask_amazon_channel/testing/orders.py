"""Checks of `create_order` and `update_order`: an id as text, every line kept, stock left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.rules.values import (
    Address,
    Buyer,
    CustomerPolicy,
    NewShopOrder,
    NewShopOrderLine,
    OrderChange,
    OrderChangeKind,
    ShopProduct,
    Totals,
)
from flask_amazon_channel.testing.asking import Broken, Finding, Watch, ask, products_of, undone
from flask_amazon_channel.testing.products import sample

LINES = ("10000000000001", "10000000000002")
ONLY_CHANGE_STOCK = "Take the booking of stock out of it: the channel books every sale and release by change_stock."


def new_order(shop: Any, product: ShopProduct, number: int = 1, quantity: int = 1) -> NewShopOrder:
    """Return an order with two lines of the same product, as Amazon may send them."""
    price = Decimal("19.99")
    lines = tuple(
        NewShopOrderLine(line_id, product.id, product.sku, product.title, quantity, price) for line_id in LINES
    )
    now = datetime.now(UTC).replace(microsecond=0)
    return NewShopOrder(
        amazon_order_id=f"000-0000000-000000{number}",
        store="Check",
        storefront=None,
        number=None,
        status=None,
        customer=CustomerPolicy.GUEST,
        buyer=Buyer("Zoë Beispiel", "check@marketplace.invalid"),
        address=Address("Zoë Beispiel", None, ("Prüfweg 1", "c/o Check"), "Köln", None, "NRW", "50667", "DE", None),
        lines=lines,
        shipping_service="Std",
        totals=Totals(items=price * 2 * quantity, grand_total=price * 2 * quantity),
        currency=shop.currency,
        purchased_at=now,
        ship_by=now + timedelta(days=2),
        links={"amazon": "https://sellercentral.amazon.de/orders-v3"},
    )


def _product(watch: Watch, shop: Any) -> ShopProduct:
    products = sample(watch, shop)
    return next((one for one in products if one.quantity is not None), products[0])


def _create(watch: Watch, channel: Channel, shop: Any, order: NewShopOrder, doing: str = "") -> str:
    order_id = ask(watch, shop, "create_order", order, doing=doing)
    ask(watch, channel.db.session, "flush")
    if not isinstance(order_id, str) or not order_id:
        raise Broken(
            Finding(
                "create_order-id",
                f"create_order returned {order_id!r}.",
                "Return the id of the shop order as text: flush, then str(order.id).",
            )
        )
    return order_id


def _stock(channel: Channel, watch: Watch, shop: Any, product: ShopProduct) -> Any:
    channel.db.session.expire_all()
    return products_of(watch, shop, [product.id])[product.id].quantity


def an_order_is_created(channel: Channel, shop: Any) -> Iterator[Finding]:
    with undone(channel) as watch:
        product = _product(watch, shop)
        before = _stock(channel, watch, shop, product)
        watch.statements.clear()
        first = _create(watch, channel, shop, new_order(shop, product))
        lost = [line_id for line_id in LINES if not watch.wrote(line_id)]
        if lost:
            yield Finding(
                "create_order-lines",
                f"create_order kept no line with the id {lost[0]!r}.",
                "Store NewShopOrderLine.id with each line: shipments and cancellations name lines by it.",
            )
        after = _stock(channel, watch, shop, product)
        if after != before:
            yield Finding(
                "create_order-stock",
                f"create_order changed the stock from {before} to {after}.",
                ONLY_CHANGE_STOCK,
            )
        second = _create(watch, channel, shop, new_order(shop, product, 2), " for a second order")
        if first == second:
            yield Finding(
                "create_order-same",
                f"create_order returned {first!r} for two orders.",
                "Return an id that is the order's own.",
            )


def an_order_may_lack_people_and_products(channel: Channel, shop: Any) -> Iterator[Finding]:
    with undone(channel) as watch:
        product = _product(watch, shop)
        nobody = replace(new_order(shop, product), buyer=None, address=None)
        try:
            _create(watch, channel, shop, nobody, " for an order without buyer and address")
        except Broken as broken:
            yield _about(broken, "create_order-withheld", "Accept buyer=None and address=None: Amazon withholds them.")
    with undone(channel) as watch:
        order = new_order(shop, product)
        described = replace(order, lines=(order.lines[0], replace(order.lines[1], product_id=None)))
        try:
            _create(watch, channel, shop, described, " for a line without a product")
        except Broken as broken:
            yield _about(
                broken,
                "create_order-described",
                "Accept lines with product_id=None: they have a title and a price, but no product.",
            )


def an_order_may_exceed_the_stock(channel: Channel, shop: Any) -> Iterator[Finding]:
    with undone(channel) as watch:
        product = _product(watch, shop)
        if product.quantity is None:
            return
        order = new_order(shop, product, quantity=max(0, int(product.quantity)) + 5)
        try:
            _create(watch, channel, shop, order, " for more than is in stock")
        except Broken as broken:
            yield _about(
                broken,
                "create_order-short",
                "Create it all the same: Amazon has sold it, and a person decides.",
            )


def _about(broken: Broken, check: str, remedy: str) -> Finding:
    if not broken.finding.check.endswith("-raises"):
        return broken.finding
    return Finding(check, broken.finding.sentence, remedy)


def changes_leave_stock_alone(channel: Channel, shop: Any) -> Iterator[Finding]:
    for kind, change in _changes().items():
        with undone(channel) as watch:
            product = _product(watch, shop)
            order_id = _create(watch, channel, shop, new_order(shop, product))
            before = _stock(channel, watch, shop, product)
            doing = f" for the change {kind!r}"
            try:
                ask(watch, shop, "update_order", order_id, change, doing=doing)
                ask(watch, channel.db.session, "flush", doing=doing)
            except Broken as broken:
                yield broken.finding
                continue
            after = _stock(channel, watch, shop, product)
            if after != before:
                yield Finding(
                    "update_order-stock",
                    f"update_order changed the stock from {before} to {after}{doing}.",
                    ONLY_CHANGE_STOCK,
                )


def _changes() -> Mapping[str, OrderChange]:
    address = Address("Zoë Beispiel", None, ("Prüfweg 2",), "Köln", None, None, "50667", "DE", None)
    changes = (
        OrderChange(OrderChangeKind.SHIPPED, lines=dict.fromkeys(LINES, 1)),
        OrderChange(OrderChangeKind.SHIPPED),
        OrderChange(OrderChangeKind.LINES_CANCELLED, lines={LINES[1]: 1}),
        OrderChange(OrderChangeKind.CANCELLED),
        OrderChange(OrderChangeKind.ADDRESS_CHANGED, address=address),
        OrderChange(OrderChangeKind.NOTE_ADDED, note="The buyer asks for a cancellation."),
    )
    return {f"{change.kind} of {'lines' if change.lines else 'the order'}": change for change in changes}
