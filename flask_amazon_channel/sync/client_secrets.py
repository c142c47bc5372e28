"""The application's client secrets: which to try in what order, and what to do when Amazon sends a new one.

After a rotation the new secret and the old one are both good for seven days.  The newest is tried first.  The
configured one stays the one that its owner has to replace: what only the database knows ends with the database.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import SecretRefused
from flask_amazon_channel.models import ClientSecret
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.secrets import fingerprint
from flask_amazon_channel.rules.notifications import Outcome, SecretNews
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.spapi.tokens import NOTIFICATIONS, LoginWithAmazon

OVERLAP = timedelta(days=7)
LIFETIME = timedelta(days=180)


def in_order(channel: Channel) -> list[str]:
    """Return the client secrets, the newest first; at least the configured one."""
    configured, now = channel.config.lwa_client_secret, channel.clock()
    with reading(channel.db.engine) as read:
        known = _known(read, channel.config.lwa_client_id)
    mine = fingerprint(configured)
    # A configured secret that we never heard of was set after all that came by message.
    found = [] if any(one.fingerprint == mine for one in known) else [configured]
    for one in known:
        if one.fingerprint == mine:
            found.append(configured)
        elif one.expires_at is None or one.expires_at > now:
            secret = one.open(channel.keys)
            found += [secret.reveal()] if secret else []
    return found


def _known(session: Session, client_id: str) -> list[ClientSecret]:
    query = sa.select(ClientSecret).where(ClientSecret.client_id == client_id).order_by(ClientSecret.id.desc())
    return list(session.scalars(query))


def receive(channel: Channel, news: SecretNews) -> tuple[Outcome, str]:
    """Take what Amazon says about the secrets; return what became of it, and why it was dropped.  Commits.

    A new secret is tried before it is believed: anybody who can write to the queue can name one.  Raises
    `AmazonUnavailable` where it cannot be tried now.
    """
    if news.client_id != channel.config.lwa_client_id:
        return Outcome.DROPPED, phrase("It is about another application's secret.")
    if news.new_secret is None:
        return _set_deadline(channel, news.expires_at)
    config = channel.config
    try:
        LoginWithAmazon(config.lwa_endpoint, config.lwa_client_id, news.new_secret).grantless(NOTIFICATIONS)
    except SecretRefused:
        return Outcome.DROPPED, phrase("Amazon does not accept the client secret that it names.")
    session, now = channel.db.session(), channel.clock()

    def keep() -> Outcome:
        return _keep(channel, session, news, str.__str__(news.new_secret or ""), now)

    return in_transaction(session, keep), ""


def _set_deadline(channel: Channel, expires_at: datetime | None) -> tuple[Outcome, str]:
    """The secret that is used now ends then."""
    if expires_at is None:
        return Outcome.DROPPED, phrase("It names no date.")
    session, now = channel.db.session(), channel.clock()

    def keep() -> None:
        row = _row_of_configured(channel, session, now)
        newest = _known(session, channel.config.lwa_client_id)[0]
        (newest if newest.sealed else row).expires_at = expires_at

    in_transaction(session, keep)
    return Outcome.TAKEN, ""


def _row_of_configured(channel: Channel, session: Session, now: datetime) -> ClientSecret:
    """Return the row of the configured secret, which need not hold the secret itself."""
    client_id, mine = channel.config.lwa_client_id, fingerprint(channel.config.lwa_client_secret)
    row = session.scalar(sa.select(ClientSecret).filter_by(client_id=client_id, fingerprint=mine))
    if row is None:
        row = ClientSecret(client_id=client_id, fingerprint=mine, received_at=now)
        session.add(row)
        session.flush()
    return row


def _keep(channel: Channel, session: Session, news: SecretNews, secret: str, now: datetime) -> Outcome:
    new = fingerprint(secret)
    _row_of_configured(channel, session, now)
    known = _known(session, news.client_id)
    same = next((one for one in known if one.fingerprint == new), None)
    if same is not None:
        same.expires_at = news.expires_at or same.expires_at
        return Outcome.IGNORED
    end = news.old_expires_at or now + OVERLAP
    for one in known:
        one.expires_at = min(one.expires_at or end, end)
    row = ClientSecret(client_id=news.client_id, fingerprint=new, received_at=now)
    row.expires_at = news.expires_at or now + LIFETIME
    row.keep(channel.keys, secret)
    session.add(row)
    sentence = "A new client secret came and is used from now on. The configured one ends on {day}."
    note(session, now, "secret", phrase(sentence, day=end.date()))
    return Outcome.TAKEN


def configured(session: Session, channel: Channel) -> tuple[ClientSecret | None, bool]:
    """Return what is known of the configured secret, and whether a newer one is used in its place."""
    known = _known(session, channel.config.lwa_client_id)
    mine = fingerprint(channel.config.lwa_client_secret)
    row = next((one for one in known if one.fingerprint == mine), None)
    return row, row is not None and any(one.id > row.id and one.sealed for one in known)
