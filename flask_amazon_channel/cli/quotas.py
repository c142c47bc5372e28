"""What `doctor` says of Amazon's quotas, and of the versions of her APIs."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.cli.findings import Finding
from flask_amazon_channel.models import AccountState, SellerAccount
from flask_amazon_channel.spapi import versions
from flask_amazon_channel.sync import quotas


def examine_quotas(channel: Channel) -> Iterator[Finding]:
    """What is needed in a day, account by account, and which quotas are low just now."""
    if channel.config.quota_scale is None:
        yield Finding("quotas", "note", 'AMAZON_CHANNEL_QUOTA_SCALE is "off": calls are not counted.')
    connected = sa.select(SellerAccount).where(SellerAccount.state == AccountState.CONNECTED)
    for account in channel.db.session.scalars(connected.order_by(SellerAccount.id)).all():
        about = f"{account.name}: quotas"
        for needed in quotas.forecast(channel, account):
            if needed.percent > 100:
                remedy = "Raise AMAZON_CHANNEL_SYNC_INTERVAL, or change less; until then everything takes its turn."
                yield Finding(about, "wrong", needed.sentence, remedy)
            else:
                yield Finding(about, "good", needed.sentence)
        for one in quotas.headroom(channel, account):
            if one.is_low or one.is_slowed:
                yield Finding(about, "note", f"{one.operation}: {one.sentence}")


def examine_versions(channel: Channel) -> Iterator[Finding]:
    """Every operation that is used, with the version of its API and its end, if one is announced."""
    today = channel.clock().date()
    for one in versions.used():
        if one.removed_on is None:
            yield Finding(f"API {one.api}", "good", one.sentence)
        else:
            grade = "wrong" if one.removed_on <= today else "note"
            yield Finding(f"API {one.api}", grade, one.sentence, "Update the package before that day.")
