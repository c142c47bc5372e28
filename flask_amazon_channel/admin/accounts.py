"""A seller account: whether Amazon lets us in, and a card for each marketplace that it sells in."""

from __future__ import annotations

import sqlalchemy as sa
from flask import render_template

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Activity, SellerAccount, Stream, StreamName
from flask_amazon_channel.sync import expiry


def account(channel: Channel, account: SellerAccount) -> str:
    session = channel.db.session()
    return render_template(
        "amazon_channel/account.html",
        account=account,
        warnings=_warnings(channel, account),
        orders=session.scalar(sa.select(Stream).filter_by(account_id=account.id, name=StreamName.ORDERS)),
        activity=session.scalars(
            sa.select(Activity).where(Activity.account_id == account.id).order_by(Activity.id.desc()).limit(10)
        ).all(),
    )


def _warnings(channel: Channel, account: SellerAccount) -> list[str]:
    """Return what runs out soon."""
    now, session = channel.clock(), channel.db.session()
    found = (expiry.authorisation_warning(account, now), expiry.secret_warning(channel, session, now))
    return [warning.sentence for warning in found if warning is not None]
