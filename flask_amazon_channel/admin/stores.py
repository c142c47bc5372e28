"""A store: how it stands, what it sells, how well it keeps up, and whether it takes part."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session, joinedload, selectinload
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import figures, formats, health
from flask_amazon_channel.admin.counts import COUNTED, TABS, per_tab
from flask_amazon_channel.admin.words import say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Activity, AmazonOrder, Store, sales
from flask_amazon_channel.models.alerts import open_alerts

RECENT = 10
ALERTS_SHOWN = 5


def store(channel: Channel, store: Store) -> str:
    session, now = channel.db.session(), channel.clock()
    days = figures.SHORT if request.args.get("days") == str(figures.SHORT) else figures.LONG
    sold = figures.of_store(session, store, now, days)
    return render_template(
        "amazon_channel/store.html",
        store=store,
        alerts=[alert for alert in open_alerts(session, [store.id]) if alert.store_id == store.id],
        alerts_shown=ALERTS_SHOWN,
        counts=per_tab(session, store, counted=COUNTED),
        tabs=TABS,
        counted=COUNTED,
        sold=sold,
        lifetime_text=_lifetime(session, store),
        days=days,
        periods=(figures.SHORT, figures.LONG),
        revenue=figures.revenue_chart(sold),
        bought=figures.orders_chart(sold),
        health=health.of_store(channel, store),
        most_counted=health.COUNTED,
        orders=_recent_orders(session, store),
        activity=_activity(session, store),
    )


def _lifetime(session: Session, store: Store) -> str:
    """Return what was ever sold, by currency, the store's own first."""
    found = {name: sold for name, sold in sales.in_all(session, store.id).items() if name != sales.NO_CURRENCY}
    names = sorted({store.currency, *found}, key=lambda name: (name != store.currency, name))
    return " · ".join(str(formats.minor(found[name].revenue_minor if name in found else 0, name)) for name in names)


def _recent_orders(session: Session, store: Store) -> list[AmazonOrder]:
    recent = sa.select(AmazonOrder).where(AmazonOrder.store_id == store.id).options(selectinload(AmazonOrder.items))
    return list(session.scalars(recent.order_by(AmazonOrder.purchased_at.desc(), AmazonOrder.id.desc()).limit(RECENT)))


def _activity(session: Session, store: Store) -> list[Activity]:
    activity = (
        sa.select(Activity)
        .where(Activity.store_id == store.id)
        .options(joinedload(Activity.sku), joinedload(Activity.order))
        .order_by(Activity.id.desc())
    )
    return list(session.scalars(activity.limit(RECENT)))


def activate_store(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync.stores import activate

    activate(channel, store)
    flash(say("{name} is active. Its listings are read now; that takes some minutes.", name=store.name), "success")
    return _back(store)


def deactivate_store(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync.stores import deactivate

    deactivate(channel, store)
    flash(say("{name} is paused.", name=store.name), "success")
    return _back(store)


def _back(store: Store) -> Response:
    if request.form.get("back") == "account":
        return redirect(url_for("amazon_channel.account", account_id=store.account_id), 303)
    return redirect(url_for("amazon_channel.store", store_id=store.id), 303)
