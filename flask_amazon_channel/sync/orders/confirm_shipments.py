"""The journey of a package to Amazon: confirmed, and read back until Amazon shows it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AmazonUnavailable, SendingStopped
from flask_amazon_channel.models import AmazonOrder, Package, PackageItem
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, claim, finish, hold
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.operations import CONFIRM_SHIPMENT, GET_ORDER
from flask_amazon_channel.sync import permission
from flask_amazon_channel.sync.accounts import allowance, client_for, connected_accounts
from flask_amazon_channel.sync.orders.keep_order import keep_order
from flask_amazon_channel.sync.visits import visiting

READ_BACK_AFTER = timedelta(seconds=5)
READ_BACK_AT_LEAST_EVERY = timedelta(minutes=15)
SEND_AGAIN_AFTER = timedelta(minutes=30)
DEADLINE_NEAR = timedelta(hours=24)
"""A confirmation that must be at Amazon within this may take the last token."""


def confirm_shipments(channel: Channel) -> int:
    """Send or read back the packages that are due; return how many."""
    visited = 0
    for account in connected_accounts(channel):
        allowed = allowance(channel, account.seller_id, account.region)
        at_most = min(allowed.headroom(CONFIRM_SHIPMENT, 10, urgent=True), allowed.headroom(GET_ORDER, 10))
        orders = sa.select(AmazonOrder.id).where(AmazonOrder.account_id == account.id)
        where = Package.order_id.in_(orders)
        for claimed in claim(channel.db.session(), Package, channel.clock(), at_most, where) if at_most else ():
            _visit(channel, claimed)
            visited += 1
    return visited


def _visit(channel: Channel, claimed: Claim) -> None:
    with reading(channel.db.engine) as read:
        package = read.get_one(
            Package,
            claimed.id,
            options=[
                joinedload(Package.order).joinedload(AmazonOrder.account),
                selectinload(Package.items).joinedload(PackageItem.item),
            ],
        )
    account = package.order.account
    client = client_for(channel, account.id, account.seller_id, account.region)
    with visiting(channel, Package, claimed, account.id, package.failures, "confirm_shipments"):
        _bring_to_amazon(channel, client, package, claimed)


def _bring_to_amazon(channel: Channel, client: AmazonClient, package: Package, claimed: Claim) -> None:
    session, order = channel.db.session(), package.order
    if package.confirmed_at is not None:
        # Settled already, and due again only because the visit that settled it was interrupted afterwards.
        in_transaction(session, lambda: finish(session, Package, claimed, channel.clock()))
        return
    if package.sent_at is not None and _is_shown(channel, client, package):
        return
    now = channel.clock()
    age = now - package.sent_at if package.sent_at else None
    if order.status in ("CANCELLED", "UNFULFILLABLE"):
        problem = phrase("Amazon cancelled the order: the shipment was not reported. Call the package back.")
        in_transaction(session, lambda: finish(session, Package, claimed, now, None, problem=problem))
    elif age is not None and age < SEND_AGAIN_AFTER and package.failures == 0:
        again_at = now + min(max(age, READ_BACK_AFTER), READ_BACK_AT_LEAST_EVERY)
        in_transaction(session, lambda: finish(session, Package, claimed, now, again_at))
    else:
        _send(channel, client, package, claimed)


def _is_shown(channel: Channel, client: AmazonClient, package: Package) -> bool:
    """Read the order back; what it shows settles its packages."""
    order = package.order
    seen = client.get_order(order.amazon_order_id)
    keep_order(channel, order.account_id, seen, channel.clock())
    with reading(channel.db.engine) as read:
        return read.get_one(Package, package.id).confirmed_at is not None


def _send(channel: Channel, client: AmazonClient, package: Package, claimed: Claim) -> None:
    """Store that it is sent, then send it: the same reference again edits the package and never adds one."""
    session, now = channel.db.session(), channel.clock()
    urgent = package.order.ship_by is not None and package.order.ship_by - now < DEADLINE_NEAR
    client.take(CONFIRM_SHIPMENT, urgent=urgent)

    def intend() -> None:
        order = package.order
        permission.require(session, channel, order.account_id, order.store_id, for_order=True)
        hold(session, Package, claimed, now, sent_at=now)

    in_transaction(session, intend)
    try:
        _confirm(client, package)
    except (AmazonUnavailable, SendingStopped) as error:
        if isinstance(error, SendingStopped) or error.throttled:
            # Amazon did not take it: else it would be read back for half an hour before it is sent again.
            in_transaction(session, lambda: hold(session, Package, claimed, now, sent_at=package.sent_at))
        raise
    now = channel.clock()
    in_transaction(session, lambda: finish(session, Package, claimed, now, now + READ_BACK_AFTER))


def _confirm(client: AmazonClient, package: Package) -> None:
    client.confirm_shipment(
        package.order.amazon_order_id,
        package.order.marketplace_id,
        str(package.reference),
        package.carrier_code,
        package.carrier_name,
        package.tracking_number,
        package.shipped_at,
        {content.item.order_item_id: content.quantity for content in package.items},
        taken=True,
    )
