"""Watching the packages that Amazon does not show yet: a person is told before it is too late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AmazonOrder, Package
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.deadlines import TELL_AHEAD, not_confirmed, to_be_told
from flask_amazon_channel.signals import alert_raised, announce


def watch(channel: Channel) -> None:
    """Tell of the packages whose deadline has come near, each time once."""
    session = channel.db.session()
    for told in in_transaction(session, lambda: _find(session, channel.clock())):
        announce(alert_raised, **told)


def _find(session: Session, now: datetime) -> list[dict[str, Any]]:
    near = now + timedelta(hours=TELL_AHEAD[0])
    waiting = (
        sa.select(Package)
        .join(Package.order)
        .where(Package.due_at.is_not(None), Package.confirmed_at.is_(None), AmazonOrder.ship_by <= near)
        .options(joinedload(Package.order))
    )
    told = []
    for package in session.scalars(waiting):
        order = package.order
        step = to_be_told(order.ship_by or now, package.shipped_at, now, package.deadline_told)
        if step is None:
            continue
        package.deadline_told = step
        why = not_confirmed(order.amazon_order_id, package.reference, order.ship_by or now, package.problem)
        note(session, now, "deadline", why.sentence, order_id=order.id, store_id=order.store_id)
        about = {"account_id": order.account_id, "store_id": order.store_id}
        told.append({"code": why.code, "problem": why.sentence, **about})
    return told
