"""The first page: a card for every store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import render_template
from sqlalchemy.orm import Session

from flask_amazon_channel.admin import access, figures
from flask_amazon_channel.admin.counts import COUNTED, TABS, per_tab
from flask_amazon_channel.admin.figures import Figures
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Store, StoreState
from flask_amazon_channel.models.alerts import Alert, open_alerts
from flask_amazon_channel.models.changes import Change
from flask_amazon_channel.rules.state import ListingState

ALERTS_ON_A_CARD = 3


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of a store shows."""

    store: Store
    counts: Mapping[ListingState, int]
    sales: Figures
    alerts: Sequence[Alert]
    changed_at: datetime | None


def home(channel: Channel) -> str:
    session, now = channel.db.session(), channel.clock()
    stores = access.visible_stores(channel)
    ids = [store.id for store in stores]
    alerts = open_alerts(session, ids) if stores else []
    changed_at = _changed_at(session, ids)
    cards = [
        Card(
            store,
            per_tab(session, store, counted=COUNTED),
            figures.of_store(session, store, now, figures.LONG),
            [alert for alert in alerts if alert.store_id == store.id],
            changed_at.get(store.id),
        )
        for store in sorted(stores, key=lambda store: store.state == StoreState.ARCHIVED)
    ]
    return render_template(
        "amazon_channel/home.html",
        cards=cards,
        alerts=[alert for alert in alerts if alert.store_id is None and alert.order_id is None],
        tabs=TABS,
        counted=COUNTED,
        shown=ALERTS_ON_A_CARD,
    )


def _changed_at(session: Session, store_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when a setting of each store changed last."""
    query = sa.select(Change.store_id, sa.func.max(Change.at)).where(Change.store_id.in_(store_ids))
    return {store_id: at for store_id, at in session.execute(query.group_by(Change.store_id)) if store_id}
