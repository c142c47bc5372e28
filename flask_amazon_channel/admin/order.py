"""One order: its lines, what they did to the shop's stock, its packages, and who bought."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Activity, AmazonOrder, AmazonOrderItem, Package

SHOWN = 20
UNKNOWN_DELIVERY = timedelta(days=14)
"""When an order is taken as delivered for which Amazon gives no date."""


def order(channel: Channel, order: AmazonOrder) -> str:
    from flask_amazon_channel.sync.orders.order_rows import person_of

    session = channel.db.session()
    may_operate = _may_operate(channel, order)
    buyer, address = person_of(session, channel.keys, order) if may_operate else (None, None)
    return render_template(
        "amazon_channel/order.html",
        order=order,
        items=session.scalars(
            sa.select(AmazonOrderItem)
            .where(AmazonOrderItem.order_id == order.id)
            .options(selectinload(AmazonOrderItem.ledger))
            .order_by(AmazonOrderItem.id)
        ).all(),
        packages=session.scalars(
            sa.select(Package)
            .where(Package.order_id == order.id)
            .options(selectinload(Package.items))
            .order_by(Package.reference)
        ).all(),
        may_operate=may_operate,
        buyer=buyer,
        address=address,
        over_at=_over_at(channel, order),
        activity=session.scalars(
            sa.select(Activity).where(Activity.order_id == order.id).order_by(Activity.id.desc()).limit(SHOWN)
        ).all(),
    )


def retry_order(channel: Channel, order: AmazonOrder) -> Response:
    from flask_amazon_channel.sync.orders.keep_order import retry

    retry(channel, order)
    flash("It is tried again now. Load the page again in a moment.", "success")
    return redirect(url_for("amazon_channel.order", order_id=order.id), 303)


def _may_operate(channel: Channel, order: AmazonOrder) -> bool:
    stores = [order.store] if order.store else order.account.stores
    return bool(stores) and all(access.may(channel, access.OPERATE, store) for store in stores)


def _over_at(channel: Channel, order: AmazonOrder) -> datetime | None:
    """Return when the time of the buyer's data was over, or None while it is not."""
    delivered = order.deliver_by or order.ship_by or order.purchased_at + UNKNOWN_DELIVERY
    over = delivered + timedelta(days=channel.config.personal_data_days)
    return over if over <= channel.clock() else None
