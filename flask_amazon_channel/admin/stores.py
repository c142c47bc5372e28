"""A store: how it stands, and whether it takes part."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from flask_amazon_channel.admin.counts import COUNTED, TABS, health, per_tab
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Activity, AmazonOrder, Store

RECENT = 10


def store(channel: Channel, store: Store) -> str:
    session = channel.db.session()
    recent = sa.select(AmazonOrder).where(AmazonOrder.store_id == store.id).options(selectinload(AmazonOrder.items))
    activity = (
        sa.select(Activity)
        .where(Activity.store_id == store.id)
        .options(joinedload(Activity.sku), joinedload(Activity.order))
        .order_by(Activity.id.desc())
    )
    return render_template(
        "amazon_channel/store.html",
        store=store,
        counts=per_tab(session, store),
        tabs=TABS,
        counted=COUNTED,
        health=health(session, store, channel.clock()),
        orders=session.scalars(
            recent.order_by(AmazonOrder.purchased_at.desc(), AmazonOrder.id.desc()).limit(RECENT)
        ).all(),
        activity=session.scalars(activity.limit(RECENT)).all(),
    )


def activate_store(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync.stores import activate

    activate(channel, store)
    flash(f"{store.name} is active. Its listings are read now; that takes some minutes.", "success")
    return _back(store)


def deactivate_store(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync.stores import deactivate

    deactivate(channel, store)
    flash(f"{store.name} is paused.", "success")
    return _back(store)


def _back(store: Store) -> Response:
    if request.form.get("back") == "account":
        return redirect(url_for("amazon_channel.account", account_id=store.account_id), 303)
    return redirect(url_for("amazon_channel.store", store_id=store.id), 303)
