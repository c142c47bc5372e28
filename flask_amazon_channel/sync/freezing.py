"""A person stops everything that is sent, or lets it go on.  What was due stays due, and goes on where it stopped."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    AmazonOrder,
    Aspect,
    Instance,
    Listing,
    Package,
    SellerAccount,
    Store,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.phrases import joined, phrase
from flask_amazon_channel.signals import account_needs_attention, announce
from flask_amazon_channel.sync import history
from flask_amazon_channel.sync.history import signature
from flask_amazon_channel.sync.permission import stored_instance

Frozen = SellerAccount | Store


def freeze(
    channel: Channel, what: Frozen, reason: str = "", *, by: str | None = None, undoes: str | None = None
) -> None:
    """Let nothing more start for the account or the store.  Commits; once it is committed, no write begins."""
    session, now = channel.db.session(), channel.clock()
    model, number, name = type(what), what.id, what.name
    who = signature(channel, by)
    account_id, about = _about(what)
    sentence = joined([phrase("{name} is frozen: nothing is sent.", name=name), reason])

    def stop() -> None:
        values = {"frozen_at": now, "frozen_by": who["actor_name"], "frozen_reason": reason[:255] or None}
        before = frozen_since(session, model, number)
        session.execute(sa.update(model).where(model.id == number).values(values))
        after = {"frozen_at": now, "frozen_reason": reason or None}
        history.keep(channel, what, {"frozen_at": before}, after, by=by, undoes=undoes)
        note(session, now, "frozen", sentence, **about, **who)

    in_transaction(session, stop)
    announce(account_needs_attention, account_id=account_id, problem=sentence)


def unfreeze(channel: Channel, what: Frozen, *, by: str | None = None, undoes: str | None = None) -> None:
    """Let the account or the store go on; what rested is due at once.  Commits."""
    session, now = channel.db.session(), channel.clock()
    model, number, name = type(what), what.id, what.name
    _, about = _about(what)

    def go_on() -> None:
        values = {"frozen_at": None, "frozen_by": None, "frozen_reason": None}
        before = frozen_since(session, model, number)
        history.keep(channel, what, {"frozen_at": before}, {"frozen_at": None}, by=by, undoes=undoes)
        session.execute(sa.update(model).where(model.id == number).values(values))
        wake(channel, model, number)
        note(session, now, "unfrozen", phrase("{name} goes on.", name=name), **about, **signature(channel, by))

    in_transaction(session, go_on)
    channel.ring()


def adopt(channel: Channel, *, by: str | None = None) -> bool:
    """Say that the database belongs to this installation from now on; False: it did already.  Commits."""
    session, now = channel.db.session(), channel.clock()

    def take_over() -> bool:
        old = stored_instance(session)
        if old in (None, channel.instance):
            return False
        session.execute(sa.update(Instance).values(name=channel.instance, adopted_at=now))
        history.keep(channel, None, {"instance": old}, {"instance": channel.instance}, by=by)
        for account_id in session.scalars(sa.select(SellerAccount.id)).all():
            wake(channel, SellerAccount, account_id)
            text = "The database belonged to {old}; from now on it is this installation's ({own})."
            sentence = phrase(text, old=old, own=channel.instance)
            note(session, now, "adopted", sentence, account_id=account_id, **signature(channel, by))
        return True

    adopted = in_transaction(session, take_over)
    if adopted:
        channel.ring()
    return adopted


def frozen(session: Session) -> list[Frozen]:
    """Return the accounts and the stores that a person froze."""
    accounts = session.scalars(sa.select(SellerAccount).where(SellerAccount.frozen_at.is_not(None)))
    stores = session.scalars(sa.select(Store).where(Store.frozen_at.is_not(None)).order_by(Store.id))
    return [*accounts, *stores]


def frozen_since(session: Session, model: type[Frozen], number: int) -> datetime | None:
    return session.scalar(sa.select(model.frozen_at).where(model.id == number))


def wake(channel: Channel, model: type[Frozen], number: int) -> None:
    """Make due what rests in an account or a store.  In the caller's transaction."""
    session, now = channel.db.session(), channel.clock()
    stores = sa.select(Store.id).where((Store.id if model is Store else Store.account_id) == number)
    listings = sa.select(Listing.id).where(Listing.store_id.in_(stores))
    skus = sa.select(Listing.sku_id).where(Listing.store_id.in_(stores))
    # What rests says why.  Work that has no problem is not held back.
    mark(session, Aspect, now, Aspect.problem.is_not(None), Aspect.listing_id.in_(listings))
    mark(session, Aspect, now, Aspect.problem.is_not(None), Aspect.sku_id.in_(skus))
    of_them = AmazonOrder.account_id == number if model is SellerAccount else AmazonOrder.store_id == number
    orders = sa.select(AmazonOrder.id).where(of_them)
    mark(session, Package, now, Package.confirmed_at.is_(None), Package.due_at > now, Package.order_id.in_(orders))


def _about(what: Frozen) -> tuple[int, dict[str, int]]:
    if isinstance(what, Store):
        return what.account_id, {"account_id": what.account_id, "store_id": what.id}
    return what.id, {"account_id": what.id}
