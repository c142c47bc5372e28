"""The journey of a package that the shop sent: written down with its contents, settled when Amazon shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AmazonOrder, Package, PackageItem
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.rules.amazon import OrderSnapshot
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.shipments import (
    LineProgress,
    carrier_for,
    package_items,
    package_key,
)
from flask_amazon_channel.rules.shipments import tracking_number as clean_tracking_number
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.signals import shipment_confirmed
from flask_amazon_channel.sync.decisions import News
from flask_amazon_channel.sync.product_changes import ring_after_commit


def order_shipped(
    channel: Channel,
    shop_order_id: str,
    *,
    carrier: str,
    tracking_number: str,
    items: Mapping[str, int] | None,
    package: str | None,
) -> bool:
    """Store a package of a shop order, due at once; in the caller's transaction.  False: not an Amazon order."""
    session, now = channel.db.session(), channel.clock()
    if not channel.has_tables(session.connection()):
        return False
    order = session.scalar(
        sa.select(AmazonOrder)
        .filter_by(shop_order_id=shop_order_id)
        .with_for_update()
        .options(selectinload(AmazonOrder.items), selectinload(AmazonOrder.packages).selectinload(Package.items))
    )
    if order is None:
        return False
    if order.fulfilled_by == FulfilledBy.AMAZON:
        return True
    code, number = carrier_for(carrier), clean_tracking_number(tracking_number)
    key = package_key(carrier, number, package)
    known = next((one for one in order.packages if one.shop_package == key), None)
    contents = _contents(order, known, items)
    if not contents:
        # All that was left is in packages already: the same report came twice.
        return True
    facts = (code.code, code.name, number, contents)
    if known is not None and facts == _facts(known):
        return True
    if known is None:
        reference = 1 + max((one.reference for one in order.packages), default=0)
        # Where this machine's clock is slow: Amazon takes nothing that was shipped before it was bought.
        shipped_at = max(now, order.purchased_at)
        known = Package(reference=reference, shop_package=key, shipped_at=shipped_at, generation=0)
        order.packages.append(known)
    known.carrier_code, known.carrier_name, known.tracking_number = code.code, code.name, number
    known.items = [PackageItem(order_item_id=item_id, quantity=units) for item_id, units in contents.items()]
    known.due_at, known.generation = now, known.generation + 1
    known.sent_at = known.confirmed_at = known.problem = known.deadline_told = None
    known.failures = 0
    note(
        session,
        now,
        "shipment",
        phrase("The shop sent package {package}.", package=known.reference),
        order_id=order.id,
        store_id=order.store_id,
    )
    session.flush()
    ring_after_commit(session)
    return True


def _contents(order: AmazonOrder, package: Package | None, items: Mapping[str, int] | None) -> dict[int, int]:
    """Return what is in the package, by the row of the line; ValueError for quantities that are not in the order."""
    elsewhere: dict[int, int] = {}
    for other in order.packages:
        for content in other.items if other is not package else ():
            elsewhere[content.order_item_id] = elsewhere.get(content.order_item_id, 0) + content.quantity
    ids = {item.order_item_id: item.id for item in order.items}
    lines = {
        item.order_item_id: LineProgress(
            item.quantity_ordered,
            max(0, item.quantity_ordered - item.in_shop_order),
            elsewhere.get(item.id, 0),
        )
        for item in order.items
    }
    return {ids[line_id]: units for line_id, units in package_items(items, lines).items()}


def _facts(package: Package) -> tuple[str, str | None, str, dict[int, int]]:
    contents = {content.order_item_id: content.quantity for content in package.items}
    return package.carrier_code, package.carrier_name, package.tracking_number, contents


def settle(session: Session, order: AmazonOrder, seen: OrderSnapshot, now: datetime) -> News:
    """Mark as confirmed the packages that Amazon shows as they were sent.  In the caller's transaction."""
    shown = {package.reference: package for package in seen.packages}
    news: News = []
    for package in order.packages:
        there = shown.get(str(package.reference))
        if package.sent_at is None or package.confirmed_at is not None or there is None:
            continue
        if there.tracking_number not in (None, package.tracking_number):
            continue
        package.confirmed_at, package.due_at, package.problem, package.leased_until = now, None, None, None
        sentence = phrase("Amazon shows package {package}.", package=package.reference)
        note(session, now, "shipment", sentence, order_id=order.id, store_id=order.store_id)
        news.append((shipment_confirmed, {"order_id": order.id, "package_id": package.id}))
    return news
