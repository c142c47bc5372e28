"""Encrypting anew, with the first key, all that an older key encrypted.

In small transactions, row by row only where nobody wrote in between; killed half-way it goes on where it stopped,
because each ciphertext names its key.  Meanwhile both keys open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import AmazonOrder, ClientSecret, OrderPerson, SellerAccount
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.phrases import phrase

BATCH = 200


class Sealed(NamedTuple):
    """A column of ciphertexts.  `binding` tells from the columns of `bound` what a ciphertext is bound to."""

    column: InstrumentedAttribute[Any]
    key: Any
    bound: tuple[InstrumentedAttribute[Any], ...]
    binding: Callable[..., tuple[str, ...]]

    @property
    def name(self) -> str:
        return f"{self.column.class_.__tablename__}.{self.column.key}"


def _of_account(purpose: str) -> Callable[..., tuple[str, ...]]:
    return lambda seller_id, region: ("amazon_seller_account", seller_id, region, purpose)


_ACCOUNT = (SellerAccount.id, (SellerAccount.seller_id, SellerAccount.region))

EVERYTHING = (
    Sealed(SellerAccount.refresh_token_sealed, *_ACCOUNT, _of_account("refresh_token")),
    Sealed(SellerAccount.access_token_sealed, *_ACCOUNT, _of_account("access_token")),
    Sealed(
        OrderPerson.sealed,
        OrderPerson.order_id,
        (AmazonOrder.account_id, AmazonOrder.amazon_order_id),
        lambda account_id, order_id: ("amazon_order_person", str(account_id), order_id),
    ),
    Sealed(
        ClientSecret.sealed,
        ClientSecret.id,
        (ClientSecret.client_id, ClientSecret.fingerprint),
        lambda client_id, fingerprint: ("amazon_client_secret", client_id, fingerprint),
    ),
)
"""Every encrypted column there is."""


class Count(NamedTuple):
    """What became of a column.  `unreadable`: no configured key opens it."""

    column: str
    total: int
    renewed: int
    unreadable: int


def rotate(channel: Channel) -> Iterator[Count]:
    """Encrypt anew what the first key did not encrypt; yield one count for each column."""
    if not channel.config.encryption_keys:
        raise ConfigurationError(
            phrase("Set AMAZON_CHANNEL_ENCRYPTION_KEYS: the new key first, the old one behind it.")
        )
    for sealed in EVERYTHING:
        yield _rotate(channel, sealed)


def _rotate(channel: Channel, sealed: Sealed) -> Count:
    session = channel.db.session()
    total = renewed = unreadable = 0
    after: int | None = None
    while True:
        rows = in_transaction(session, lambda after=after: _batch(session, sealed, after))  # type: ignore[misc]
        if not rows:
            return Count(sealed.name, total, renewed, unreadable)
        old = [row for row in rows if not channel.keys.is_sealed_with_first(row[1])]
        if old:
            done, lost = in_transaction(session, lambda old=old: _renew(channel, session, sealed, old))  # type: ignore[misc]
            renewed, unreadable = renewed + done, unreadable + lost
        total, after = total + len(rows), rows[-1][0]


def _batch(session: Session, sealed: Sealed, after: int | None) -> list[Any]:
    columns: list[Any] = [sealed.key, sealed.column, *sealed.bound]
    query = sa.select(*columns).where(sealed.column.is_not(None))
    if sealed.column.class_ is OrderPerson:
        query = query.join(AmazonOrder, AmazonOrder.id == OrderPerson.order_id)
    if after is not None:
        query = query.where(sealed.key > after)
    return list(session.execute(query.order_by(sealed.key).limit(BATCH)).all())


def _renew(channel: Channel, session: Session, sealed: Sealed, rows: list[Any]) -> tuple[int, int]:
    renewed = unreadable = 0
    for number, ciphertext, *bound in rows:
        binding = sealed.binding(*bound)
        try:
            text = channel.keys.open(ciphertext, *binding)
        except ConfigurationError:
            unreadable += 1
            continue
        # Whoever wrote in between used the first key already.
        written = session.execute(
            sa.update(sealed.column.class_)
            .where(sealed.key == number, sealed.column == ciphertext)
            .values({sealed.column.key: channel.keys.seal(text.reveal(), *binding)})
            .execution_options(synchronize_session=False)
        )
        renewed += int(written.rowcount)  # type: ignore[attr-defined]
    return renewed, unreadable
