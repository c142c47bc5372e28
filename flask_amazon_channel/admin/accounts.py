"""A seller account: whether Amazon lets us in and until when, its settings, and a card for each of its marketplaces."""

from __future__ import annotations

import sqlalchemy as sa
from flask import render_template

from flask_amazon_channel.admin import access
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Activity, SellerAccount, Store, StoreState, Stream, StreamName
from flask_amazon_channel.rules.expiry import days_left
from flask_amazon_channel.sync import client_secrets, expiry


def account(channel: Channel, account: SellerAccount) -> str:
    session, now = channel.db.session(), channel.clock()
    secret, _ = client_secrets.configured(session, channel)
    ends_at = secret.expires_at if secret else None
    left = {
        "authorisation": days_left(account.authorisation_ends_at, now),
        "secret": days_left(ends_at, now) if ends_at else 0,
    }
    return render_template(
        "amazon_channel/account.html",
        account=account,
        administered=_is_administered(channel, account),
        shown=[store for store in account.stores if store.state != StoreState.ARCHIVED],
        archived=[store for store in account.stores if store.state == StoreState.ARCHIVED],
        warnings=_warnings(channel, account),
        secret_ends_at=ends_at,
        days_left=left,
        orders=session.scalar(sa.select(Stream).filter_by(account_id=account.id, name=StreamName.ORDERS)),
        activity=session.scalars(
            sa.select(Activity).where(Activity.account_id == account.id).order_by(Activity.id.desc()).limit(10)
        ).all(),
    )


def _is_administered(channel: Channel, account: SellerAccount) -> bool:
    """What concerns the account concerns all of its stores."""
    stores: list[Store | None] = [*account.stores] or [None]
    return all(access.may(channel, access.ADMINISTER, store) for store in stores)


def _warnings(channel: Channel, account: SellerAccount) -> list[str]:
    """Return what runs out soon."""
    now, session = channel.clock(), channel.db.session()
    found = (expiry.authorisation_warning(account, now), expiry.secret_warning(channel, session, now))
    return [warning.sentence for warning in found if warning is not None]
