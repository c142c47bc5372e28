"""An order's rows brought to what a snapshot shows; the personal data apart, encrypted."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.encryption import Keyring
from flask_amazon_channel.models import AmazonOrder, AmazonOrderItem, OrderPerson, Sku
from flask_amazon_channel.rules.amazon import OrderItemSnapshot, OrderSnapshot
from flask_amazon_channel.rules.money import to_minor
from flask_amazon_channel.rules.orders import targets, totals_differ
from flask_amazon_channel.rules.phrases import kept
from flask_amazon_channel.rules.values import Address, Buyer

_PRODUCTS = sa.select(Sku.sku, Sku.product_id).where(
    Sku.account_id == sa.bindparam("account_id"),
    Sku.sku.in_(sa.bindparam("skus", expanding=True)),
    Sku.product_id.is_not(None),
)


def bring_up_to_date(
    channel: Channel,
    session: Session,
    order: AmazonOrder,
    seen: OrderSnapshot,
    reserve: bool,
    fetched_at: datetime,
) -> None:
    """Store what the snapshot shows.  Lines that it no longer shows stay, with nothing sold."""
    order.status, order.fulfilled_by = seen.status, seen.fulfilled_by
    order.updated_at, order.fetched_at = seen.last_updated_at, fetched_at
    order.ship_by, order.deliver_by = seen.ship_by, seen.deliver_by
    order.currency = seen.currency or order.currency
    if seen.grand_total is not None and seen.currency:
        order.total_minor = to_minor(seen.grand_total, seen.currency)
    order.details = _details(seen)
    _bring_items(session, order, seen, reserve)
    _keep_person(channel, order, seen)
    session.add(order)
    session.flush()


def _details(seen: OrderSnapshot) -> dict[str, Any]:
    """What is shown but never queried.  No personal data."""
    difference = totals_differ(seen)
    return {
        "service_level": seen.service_level,
        "programs": list(seen.programs),
        "breakdown": dict(seen.breakdown),
        "is_replacement": seen.is_replacement,
        "totals_differ": kept(difference.sentence) if difference else None,
    }


def _bring_items(session: Session, order: AmazonOrder, seen: OrderSnapshot, reserve: bool) -> None:
    items = {item.order_item_id: item for item in order.items}
    wanted = targets(seen, items, reserve, order.has_stock_effect)
    products = _products(session, order.account_id, seen)
    for line in seen.items:
        item = items.get(line.order_item_id)
        if item is None:
            item = AmazonOrderItem(order_item_id=line.order_item_id, sold=0, posted=0, ledger=[])
            items[line.order_item_id] = item
            order.items.append(item)
        _bring_item(item, line, seen.currency or order.currency)
        item.product_id = item.product_id or products.get(line.sku or "")
    for order_item_id, target in wanted.items():
        if target is not None:
            items[order_item_id].sold = target


def _bring_item(item: AmazonOrderItem, line: OrderItemSnapshot, currency: str | None) -> None:
    def minor(amount: Decimal | None) -> int | None:
        return None if amount is None or currency is None else to_minor(amount, currency)

    item.sku, item.asin, item.title = line.sku, line.asin, line.title[:500]
    item.quantity_ordered, item.fulfilled, item.unfulfilled = (
        line.quantity_ordered,
        line.fulfilled,
        line.unfulfilled,
    )
    if line.unit_price is not None:
        item.unit_price_minor = minor(line.unit_price)
    item.tax_minor, item.discount_minor = minor(line.tax) or 0, minor(line.discount) or 0


def _products(session: Session, account_id: int, seen: OrderSnapshot) -> dict[str, str]:
    skus = [line.sku for line in seen.items if line.sku]
    rows = session.execute(_PRODUCTS, {"account_id": account_id, "skus": skus}).all()
    return {sku: product_id for sku, product_id in rows if product_id is not None}


def _keep_person(channel: Channel, order: AmazonOrder, seen: OrderSnapshot) -> None:
    if seen.buyer is None and seen.address is None:
        return
    delivered = seen.deliver_by or seen.ship_by or seen.created_at + timedelta(days=14)
    purge_at = delivered + timedelta(days=channel.config.personal_data_days)
    if purge_at <= channel.clock():
        return
    person = order.person or OrderPerson()
    person.purge_at = purge_at
    buyer = asdict(seen.buyer) if seen.buyer else None
    address = asdict(seen.address) if seen.address else None
    person.keep(channel.keys, order, json.dumps({"buyer": buyer, "address": address}, ensure_ascii=False))
    order.person = person


def person_of(session: Session, keys: Keyring, order: AmazonOrder) -> tuple[Buyer | None, Address | None]:
    """Return the buyer and the address of an order, None where Amazon withheld them or their time is over."""
    person = session.get(OrderPerson, order.id)
    if person is None:
        return None, None
    kept = json.loads(person.open(keys, order).reveal())
    address = kept["address"]
    if address is not None:
        address["lines"] = tuple(address["lines"])
    return Buyer(**kept["buyer"]) if kept["buyer"] else None, Address(**address) if address else None
