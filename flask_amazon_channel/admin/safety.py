"""What a person does against a slip: freeze and go on, decide what waits, choose what is sent at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access, setting_words
from flask_amazon_channel.admin.words import marked, say, say_many
from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.models import Listing, MassChange, SellerAccount, Store
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.rules.reasons import Reason

_PUBLISHING = {
    ("publishes_price", "yes"): marked("{name} sends prices."),
    ("publishes_price", "no"): marked("{name} no longer sends prices."),
    ("publishes_quantity", "yes"): marked("{name} sends quantities."),
    ("publishes_quantity", "no"): marked("{name} no longer sends quantities."),
}
_DECIDED = {
    "price_owner": marked("Who decides the price: {owner}."),
    "quantity_owner": marked("Who decides the quantity: {owner}."),
}


class Waiting(NamedTuple):
    """A mass change that waits, how many rows wait, why, and where it is decided."""

    change: MassChange
    why: Reason
    url: str


def freeze_store(channel: Channel, store: Store) -> Response:
    return _freeze(channel, store)


def unfreeze_store(channel: Channel, store: Store) -> Response:
    return _unfreeze(channel, store)


def freeze_account(channel: Channel, account: SellerAccount) -> Response:
    return _freeze(channel, account)


def unfreeze_account(channel: Channel, account: SellerAccount) -> Response:
    return _unfreeze(channel, account)


def adopt_database(channel: Channel) -> Response:
    """From now on the database is this installation's.  It concerns every store, so every store is asked for."""
    from flask_amazon_channel.sync import freezing

    access.require(channel, access.ADMINISTER, channel.db.session.scalars(sa.select(Store)))
    if _is_sure() and freezing.adopt(channel):
        flash(say("The database belongs to this installation now: what waited is sent."), "success")
    return redirect(url_for("amazon_channel.home"), 303)


def settle_store(channel: Channel, store: Store) -> Response:
    return _settle(channel, store, lambda change: change.store_id == store.id)


def settle_account(channel: Channel, account: SellerAccount) -> Response:
    return _settle(channel, account, lambda change: change.account_id == account.id)


def set_publishing(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync import ownership

    name, value = request.form.get("name", ""), request.form.get("value", "")
    if name not in ownership.PUBLISHING or value not in ("yes", "no"):
        abort(400)
    ownership.set_publishing(channel, store, name, value == "yes")
    flash(say(_PUBLISHING[name, value], name=store.name), "success")
    return redirect(_page_of(store) + "#settings", 303)


def set_owner(channel: Channel, listing: Listing) -> Response:
    """A quantity is the SKU's, so whoever says whose it is must be allowed to in all of its stores."""
    from flask_amazon_channel.sync import ownership

    name, owner = request.form.get("name", ""), request.form.get("owner", "")
    if name not in ownership.OWNERS or owner not in list(Owner):
        abort(400)
    if name == "quantity_owner":
        access.require(channel, access.OPERATE, [other.store for other in listing.sku.listings])
    ownership.set_owner(channel, listing, name, Owner(owner))
    flash(say(_DECIDED[name], owner=setting_words.value(name, owner)), "success")
    return redirect(url_for("amazon_channel.listing", listing_id=listing.id), 303)


def _freeze(channel: Channel, what: SellerAccount | Store) -> Response:
    from flask_amazon_channel.sync import freezing

    if _is_sure():
        freezing.freeze(channel, what, request.form.get("reason", "").replace("\x00", "").strip()[:255])
        flash(say("{name} is frozen. Nothing is lost: what is due waits.", name=what.name), "success")
    return redirect(_page_of(what), 303)


def _unfreeze(channel: Channel, what: SellerAccount | Store) -> Response:
    from flask_amazon_channel.sync import freezing

    freezing.unfreeze(channel, what)
    flash(say("{name} goes on: what waited is sent.", name=what.name), "success")
    return redirect(_page_of(what), 303)


def _settle(channel: Channel, what: SellerAccount | Store, concerns: Callable[[MassChange], bool]) -> Response:
    from flask_amazon_channel.sync.publishing import mass_changes

    answer = request.form.get("answer", "")
    if answer not in ("send", "discard"):
        abort(400)
    waiting = [change for change in mass_changes.waiting(channel.db.session()) if concerns(change)]
    count = sum(mass_changes.settle(channel, change, send=answer == "send") for change in waiting)
    if answer == "send":
        flash(say_many("{n} change is sent.", "{n} changes are sent.", count), "success")
    else:
        flash(say_many("{n} change is looked at again.", "{n} changes are looked at again.", count), "success")
    return redirect(_page_of(what), 303)


def _is_sure() -> bool:
    if request.form.get("sure") == "yes":
        return True
    flash(say("Nothing was done: tick the box to say that you are sure."), "error")
    return False


def _page_of(what: SellerAccount | Store) -> str:
    if isinstance(what, Store):
        return url_for("amazon_channel.store", store_id=what.id)
    return url_for("amazon_channel.account", account_id=what.id)


def stops(store: Store | None = None, account: SellerAccount | None = None) -> list[Reason]:
    """Return what stops all sending: for a store or an account, else for all stores that the person may view."""
    from flask_amazon_channel.sync import permission

    channel = current()
    session = channel.db.session()
    if store is not None:
        found = [permission.stopped(session, channel, store)]
    elif account is not None:
        found = [permission.account_stopped(session, channel, account)]
    else:
        found = [permission.stopped(session, channel, one) for one in access.visible_stores(channel)]
    told = {reason.sentence: reason for reason in found if reason is not None}
    return list(told.values())


def waiting(store: Store | None = None, account: SellerAccount | None = None) -> Iterator[Waiting]:
    """Return what waits for a person to decide, with the address that the decision is sent to."""
    from flask_amazon_channel.sync.publishing import mass_changes

    for change in mass_changes.waiting(current().db.session(), store=store, account=account):
        if change.store_id is not None:
            url = url_for("amazon_channel.settle_store", store_id=change.store_id)
        else:
            url = url_for("amazon_channel.settle_account", account_id=change.account_id)
        yield Waiting(change, mass_changes.reason(change), url)
