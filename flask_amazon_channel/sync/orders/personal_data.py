"""Buyers' personal data is deleted when its time is over."""

from __future__ import annotations

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import OrderPerson
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.signals import announce, personal_data_purged


def purge(channel: Channel, limit: int = 500) -> int:
    """Delete the personal data whose time is over; return of how many orders."""
    session, now = channel.db.session(), channel.clock()
    purged = 0
    while True:

        def delete() -> list[int]:
            ids = list(session.scalars(sa.select(OrderPerson.order_id).where(OrderPerson.purge_at <= now).limit(limit)))
            session.execute(sa.delete(OrderPerson).where(OrderPerson.order_id.in_(ids)))
            for order_id in ids:
                note(session, now, "purged", phrase("The buyer's personal data was deleted."), order_id=order_id)
            return ids

        ids = in_transaction(session, delete)
        for order_id in ids:
            announce(personal_data_purged, order_id=order_id)
        purged += len(ids)
        if len(ids) < limit:
            return purged
