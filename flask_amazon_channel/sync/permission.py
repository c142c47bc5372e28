"""May anything be sent now?  The facts for `rules.permission`, as rows: for whoever sends, plans, explains or shows.

Every sender calls `require` in the transaction that stores its intent.  The rows that it looks at are locked until that
transaction ends, so a freeze that commits is either seen, or comes after the intent: what was already on its way.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import SendingStopped
from flask_amazon_channel.models import AccountState, Instance, SellerAccount, Store, StoreState
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules import permission
from flask_amazon_channel.rules.permission import Freeze, Standing
from flask_amazon_channel.rules.reasons import Reason

SETS_UP = frozenset({"createDestination", "createSubscription", "deleteSubscriptionById"})
"""These change nothing for buyers, but a copy of the database must not make them either."""

RESTS = timedelta(hours=1)
"""What is held back is looked at again after this; lifting a freeze makes it due at once."""


def require(
    session: Session, channel: Channel, account_id: int, store_id: int | None, *, for_order: bool = False
) -> None:
    """Raise `SendingStopped` unless something may be sent now.  In the caller's transaction, as the first of it.

    `for_order`: what an order needs is sent for a paused store, too.
    """
    account = session.execute(_of_account.where(SellerAccount.id == account_id).with_for_update(read=True)).one()
    store = None
    if store_id is not None:
        store = session.execute(_of_store.where(Store.id == store_id).with_for_update(read=True)).one()
    stored = remember(session, channel)
    reason = permission.refused(_standing(channel, account, store, stored, for_order))
    if reason is not None:
        raise SendingStopped(reason.sentence)


def stopped(session: Session, channel: Channel, store: Store) -> Reason | None:
    """Return what stops all sending for the store though it takes part.  For reading: nothing is locked or stored."""
    return permission.stopped(_standing(channel, store.account, store, stored_instance(session)))


def account_stopped(session: Session, channel: Channel, account: SellerAccount) -> Reason | None:
    """Return what stops all sending for the account."""
    return permission.stopped(_standing(channel, account, None, stored_instance(session)))


def refuse_stopped(channel: Channel, account_id: int | None) -> None:
    """Raise `SendingStopped` where nothing of the account, or (None) of the whole installation, may be sent."""
    with reading(channel.db.engine) as read:
        account = read.get_one(SellerAccount, account_id) if account_id is not None else None
        reason = permission.stopped(_standing(channel, account, None, stored_instance(read)))
    if reason is not None:
        raise SendingStopped(reason.sentence)


def stored_instance(session: Session) -> str | None:
    """Return the installation that the database belongs to, None where none has sent anything yet."""
    return session.scalar(sa.select(Instance.name))


def remember(session: Session, channel: Channel) -> str:
    """Say that the database is ours, if nobody has said so yet; return whose it is.  In the caller's transaction."""
    stored = session.scalar(sa.select(Instance.name).with_for_update(read=True))
    if stored is not None:
        return stored
    try:
        with session.begin_nested():
            session.add(Instance(id=1, name=channel.instance, adopted_at=channel.clock()))
    except IntegrityError:
        # Another process was faster.
        return session.scalars(sa.select(Instance.name).with_for_update(read=True)).one()
    return channel.instance


_of_account = sa.select(
    SellerAccount.name,
    SellerAccount.state,
    SellerAccount.frozen_at,
    SellerAccount.frozen_by,
    SellerAccount.frozen_reason,
)
_of_store = sa.select(Store.name, Store.state, Store.frozen_at, Store.frozen_by, Store.frozen_reason)


def _standing(
    channel: Channel, account: Any | None, store: Any | None, stored: str | None, for_order: bool = False
) -> Standing:
    return Standing(
        store=store.name if store else "",
        account=account.name if account else "",
        is_active=store is None or for_order or store.state == StoreState.ACTIVE,
        is_connected=account is None or account.state == AccountState.CONNECTED,
        read_only=channel.config.read_only,
        instance=channel.instance,
        stored_instance=stored,
        account_freeze=_freeze(account),
        store_freeze=_freeze(store),
    )


def _freeze(row: Any | None) -> Freeze | None:
    if row is None or row.frozen_at is None:
        return None
    return Freeze(row.frozen_at, row.frozen_by or "", row.frozen_reason or "")
