"""Who changed what: every change that a person made, with old and new, and how it is taken back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from flask_amazon_channel.admin import access, setting_words
from flask_amazon_channel.admin.grid import Grid, choice, moment, text
from flask_amazon_channel.admin.settings import preview_page
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Change, Listing, SellerAccount, Store
from flask_amazon_channel.sync.settings.names import NAMES

_CELLS = "amazon_channel/_changes.html"


def _in_words(change: Change, value: Any) -> str:
    return str(setting_words.value(change.setting, value, setting_words.currency_of(change)))


CHANGES = Grid(
    name="changes",
    row=Change,
    columns=(
        moment("at", marked("When"), Change.at, cell=f"{_CELLS}#at"),
        text("who", marked("Who"), Change.actor_name, find="contains", cell=f"{_CELLS}#who"),
        choice("subject", marked("Of what"), Change.subject, choices=setting_words.SUBJECTS),
        text("name", marked("Name"), Change.subject_name, find="prefix", cell=f"{_CELLS}#name"),
        choice("setting", marked("Setting"), Change.setting, choices=NAMES, show=setting_words.name),
        text("old", marked("Before"), Change.old, find="", sort=False, cell=f"{_CELLS}#old", file=_in_words),
        text("new", marked("After"), Change.new, find="", sort=False, cell=f"{_CELLS}#new", file=_in_words),
        text("set", marked("Details"), Change.set_id, find="equals", sort=False, cell=f"{_CELLS}#undo"),
    ),
    shown=("at", "who", "name", "setting", "old", "new", "set"),
    sort="-at",
    empty=(
        marked("Nothing was changed yet"),
        marked(
            "Whenever somebody changes a setting, a match, an owner or a switch, here or on the command line, it is "
            "kept here with who, when, old and new. Who may do what is decided by the shop’s own user management: "
            "its changes are kept there."
        ),
    ),
)


def changes(channel: Channel) -> ResponseReturnValue:
    """All changes that the person may see."""
    return CHANGES.answer(channel, query=_query(visible_changes(channel)), title=say("Changes"))


def account_changes(channel: Channel, account: SellerAccount) -> ResponseReturnValue:
    query = _query(Change.account_id == account.id)
    return CHANGES.answer(channel, query=query, title=say("Changes of {name}", name=account.name))


def store_changes(channel: Channel, store: Store) -> ResponseReturnValue:
    return CHANGES.answer(channel, query=_query(Change.store_id == store.id), title=say("Changes"), store=store)


def _query(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    listing = joinedload(Change.listing)
    return (
        sa.select(Change)
        .where(*where)
        .options(
            joinedload(Change.store),
            joinedload(Change.account),
            listing.joinedload(Listing.store),
            joinedload(Change.sku),
        )
    )


def visible_changes(channel: Channel) -> sa.ColumnElement[bool]:
    """Return the condition that limits a query over changes to what the person may view.

    What belongs to no one store belongs to the account: it is for those who may view all of the account's stores.
    What belongs to no account is for those who may view pages of no store.
    """
    seen = {store.id for store in access.visible_stores(channel)}
    accounts = channel.db.session.scalars(sa.select(SellerAccount)).all()
    whole = [account.id for account in accounts if account.stores and all(store.id in seen for store in account.stores)]
    return sa.or_(
        Change.store_id.in_(seen),
        sa.and_(Change.store_id.is_(None), Change.account_id.in_(whole)),
        sa.and_(Change.store_id.is_(None), Change.account_id.is_(None)),
    )


def change(channel: Channel, change: Change) -> ResponseReturnValue:
    """What was changed together, and what taking it back means."""
    from flask_amazon_channel.sync.settings import undoing

    found = undoing.look(channel.db.session(), change.set_id)
    if found is None:
        abort(404)
    return render_template(
        "amazon_channel/change.html",
        change=change,
        found=found,
        may_undo=not found.why_not and _may_undo(channel, change, found.settings),
        store=change.store,
        account=change.account,
        version=getattr(found.subject, "version", None),
    )


def undo_change(channel: Channel, change: Change) -> ResponseReturnValue:
    """Show first what it does to listings, where it does something to them; then do it."""
    from flask_amazon_channel.errors import ChannelError
    from flask_amazon_channel.sync.settings import undoing
    from flask_amazon_channel.sync.settings.kinds import settings_of

    found = undoing.look(channel.db.session(), change.set_id)
    if found is None:
        abort(404)
    if not _may_undo(channel, change, found.settings):
        abort(403)
    version, row = request.form.get("version", ""), found.subject
    if isinstance(row, SellerAccount | Store) and not request.form.get("seen") and not found.why_not:
        known = settings_of(row)
        wanted = {name: then for name, then in found.settings.items() if then != getattr(row, name)}
        if any(known[name].decides for name in wanted):
            typed = [("version", str(row.version))]
            return preview_page(channel, row, wanted, action=request.path, typed=typed, button=say("Take it back"))
    try:
        undoing.undo(channel, found, version=int(version) if version.isdecimal() else None)
    except ChannelError as error:
        channel.db.session.rollback()
        flash(say("Nothing was taken back: {why}", why=say(str(error))), "error")
    else:
        flash(say("It is as it was before. That is a change of its own, and can be taken back, too."), "success")
    return redirect(url_for("amazon_channel.change", change_id=change.id), 303)


def _may_undo(channel: Channel, change: Change, settings: object) -> bool:
    """Settings, states and freezes are for administrators, in every store that they concern."""
    needed = access.OPERATE if change.subject in ("sku", "listing") else access.ADMINISTER
    return all(access.may(channel, needed, store) for store in access.stores_of_change(change))
