"""Asking Amazon for a new client secret; it comes by a message (see `client_secrets`)."""

from __future__ import annotations

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import SellerAccount
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.sync.accounts import application_for
from flask_amazon_channel.sync.notifications.queue import queue_of, require_own


def rotate_secret(channel: Channel) -> None:
    """Ask.  The queue is looked at before: without it the new secret would be lost to us."""
    if not channel.config.encryption_keys:
        raise ConfigurationError(phrase("Set AMAZON_CHANNEL_ENCRYPTION_KEYS: the new secret is kept encrypted."))
    require_own(channel)
    channel.db.session().rollback()
    queue_of(channel).waiting()
    with reading(channel.db.engine) as read:
        region = read.scalar(sa.select(SellerAccount.region).order_by(SellerAccount.id).limit(1)) or "na"
    application_for(channel, region).rotate_client_secret()
    session = channel.db.session()
    sentence = phrase("A new client secret was asked for.")
    in_transaction(session, lambda: note(session, channel.clock(), "secret", sentence, **channel.signature()))
