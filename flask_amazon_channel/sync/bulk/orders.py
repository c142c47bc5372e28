"""What can be done with many orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AmazonOrder
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.sync.bulk.work import Outcome


def retry(channel: Channel, ids: Sequence[int], options: Mapping[str, Any]) -> Outcome:
    """Try the orders that have a problem again now: each is asked for at Amazon anew."""
    session, now = channel.db.session(), channel.clock()

    def make_due() -> int:
        done = session.execute(
            sa.update(AmazonOrder)
            .where(AmazonOrder.id.in_(ids), AmazonOrder.problem.is_not(None))
            .values(due_at=now, failures=0)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)  # type: ignore[attr-defined]

    changed = in_transaction(session, make_due)
    channel.ring()
    return Outcome(changed)
