"""One order: its lines, what they did to the shop's stock, its packages, and who bought."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Activity, AmazonOrder, AmazonOrderItem, Package

SHOWN = 20


def order(channel: Channel, order: AmazonOrder) -> str:
    from flask_amazon_channel.sync.order_rows import person_of

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
        purged_at=_purged_at(channel, order),
        activity=session.scalars(
            sa.select(Activity).where(Activity.order_id == order.id).order_by(Activity.id.desc()).limit(SHOWN)
        ).all(),
    )


def retry_order(channel: Channel, order: AmazonOrder) -> Response:
    from flask_amazon_channel.sync import orders

    orders.retry(channel, order)
    flash("It is tried again now. Load the page again in a moment.", "success")
    return redirect(url_for("amazon_channel.order", order_id=order.id), 303)


def _may_operate(channel: Channel, order: AmazonOrder) -> bool:
    stores = [order.store] if order.store else order.account.stores
    return bool(stores) and all(access.may(channel, access.OPERATE, store) for store in stores)


def _purged_at(channel: Channel, order: AmazonOrder) -> datetime | None:
    return channel.db.session.scalar(
        sa.select(Activity.at)
        .where(Activity.order_id == order.id, Activity.action == "personal_data_purged")
        .order_by(Activity.id.desc())
        .limit(1)
    )
