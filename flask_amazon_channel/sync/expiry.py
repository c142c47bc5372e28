"""Watching what runs out: a person is told 30, 7 and 1 days ahead, each time once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AccountState, SellerAccount
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.expiry import (
    authorisation_sentence,
    days_left,
    is_near,
    replace_sentence,
    secret_sentence,
    to_be_told,
)
from flask_amazon_channel.signals import account_needs_attention, announce
from flask_amazon_channel.sync import client_secrets

Told = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Warning:
    """What a page and `doctor` say about an end that is near.  `is_over`: it has come."""

    sentence: str
    is_over: bool


def watch(channel: Channel) -> None:
    """Tell what is to be told today."""
    session = channel.db.session()
    for account_id, problem in in_transaction(session, lambda: _find(channel, session, channel.clock())):
        announce(account_needs_attention, account_id=account_id, problem=problem)


def _find(channel: Channel, session: Session, now: datetime) -> Told:
    told: Told = []
    accounts = list(session.scalars(sa.select(SellerAccount).where(SellerAccount.state == AccountState.CONNECTED)))
    for account in accounts:
        step = to_be_told(account.authorisation_ends_at, now, account.expiry_told)
        if step is not None:
            account.expiry_told = step
            told.append((account.id, authorisation_sentence(account.authorisation_ends_at, now)))
    row, _ = client_secrets.configured(session, channel)
    step = to_be_told(row.expires_at, now, row.expiry_told) if row else None
    warning = secret_warning(channel, session, now)
    if row is not None and step is not None and warning is not None:
        row.expiry_told = step
        told += [(account.id, warning.sentence) for account in accounts]
    for account_id, sentence in told:
        note(session, now, "expiry", sentence, account_id=account_id)
    return told


def authorisation_warning(account: SellerAccount, now: datetime) -> Warning | None:
    """Return what to say about the seller's authorisation; None while its end is far, or the account rests anyway."""
    ends_at = account.authorisation_ends_at
    if not account.is_connected or not is_near(ends_at, now):
        return None
    return Warning(authorisation_sentence(ends_at, now), not days_left(ends_at, now))


def secret_warning(channel: Channel, session: Session, now: datetime) -> Warning | None:
    """Return what to say about the configured client secret."""
    row, is_replaced = client_secrets.configured(session, channel)
    if row is None or row.expires_at is None:
        return None
    if is_replaced:
        return Warning(replace_sentence(row.expires_at, now), False)
    if not is_near(row.expires_at, now):
        return None
    return Warning(secret_sentence(row.expires_at, now), not days_left(row.expires_at, now))
