"""Views that people keep: kept, named, shared with a store, made the default, changed and deleted."""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from flask_amazon_channel.admin import access
from flask_amazon_channel.admin.grid.filters import clean
from flask_amazon_channel.admin.words import say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import GridView, Store
from flask_amazon_channel.models.database import in_transaction

_MOST = 100
"""Views of one person and grid."""


def owner_of(channel: Channel) -> str:
    """Return who keeps views here; "" where the host names nobody: then they are the shop's as a whole."""
    return (channel.signature()["actor_id"] or "")[:191]


def local(address: str) -> str:
    """Return the address if it is one of this site, else "": a form must not send anybody elsewhere."""
    parts = urlsplit(address)
    is_path = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return address if is_path and not parts.scheme and not parts.netloc and address.isprintable() else ""


def keep_view(channel: Channel) -> ResponseReturnValue:
    """Keep the filters, sort and columns of a page under a name."""
    owner, name = owner_of(channel), clean(request.form.get("name", ""))[:80]
    grid, back = request.form.get("grid", "")[:32], local(request.form.get("back", ""))
    arguments = request.form.get("arguments", "")
    if not grid or len(arguments) > 4000 or "\x00" in arguments:
        abort(400)
    session = channel.db.session()
    mine = sa.select(GridView).where(GridView.grid == grid, GridView.owner_id == owner)
    if not name:
        return _back(back, say("Give the view a name."), "error")
    if session.scalar(sa.select(sa.func.count()).select_from(mine.subquery())) >= _MOST:  # type: ignore[operator]
        return _back(back, say("Delete a view first: there are as many as can be kept."), "error")
    if session.scalar(mine.where(GridView.name == name)) is not None:
        return _back(back, say("There is a view “{name}” already. Choose another name.", name=name), "error")
    view = GridView(
        grid=grid,
        owner_id=owner,
        owner_name=channel.signature()["actor_name"],
        name=name,
        arguments=arguments,
        created_at=channel.clock(),
    )

    def keep() -> None:
        session.add(view)

    in_transaction(session, keep)
    path = urlsplit(back).path or url_for("amazon_channel.home")
    flash(say("The view “{name}” is kept.", name=name), "success")
    return redirect(f"{path}?view={view.id}", 303)


def change_view(channel: Channel, view: GridView) -> ResponseReturnValue:
    """Do with a view what the button says."""
    back, what = local(request.form.get("back", "")), request.form.get("do", "")
    if what not in _CHANGES:
        abort(400)
    if view.owner_id != owner_of(channel):
        # A shared view is its owner's to change, or of whoever administers the store.
        access.require(channel, access.ADMINISTER, [_store_of(channel, view)])
    said = _CHANGES[what](channel, view)
    path = urlsplit(back).path or url_for("amazon_channel.home")
    if what in ("rename", "share", "unshare", "update"):
        path = f"{path}?view={view.id}"
    flash(said, "success")
    return redirect(path, 303)


def _store_of(channel: Channel, view: GridView) -> Store:
    store = channel.db.session.get(Store, view.store_id) if view.store_id else None
    if store is None:
        abort(404)
    return store


def _rename(channel: Channel, view: GridView) -> str:
    name, session = clean(request.form.get("name", ""))[:80], channel.db.session()
    others = sa.select(GridView.id).where(
        GridView.grid == view.grid, GridView.owner_id == view.owner_id, GridView.name == name, GridView.id != view.id
    )
    if not name or session.scalar(others) is not None:
        return say("The view keeps its name: it needs one that no other of your views has.")
    _set(channel, view, name=name)
    return say("The view is called “{name}” now.", name=name)


def _share(channel: Channel, view: GridView) -> str:
    number = request.form.get("store_id", "")
    store = channel.db.session.get(Store, int(number)) if number.isdecimal() and len(number) < 19 else None
    if store is None or not access.may(channel, access.VIEW, store):
        abort(404)
    access.require(channel, access.OPERATE, [store])
    _set(channel, view, store_id=store.id, is_default=False)
    return say("Everybody who may see {store} has the view “{name}” now.", store=store.name, name=view.name)


def _unshare(channel: Channel, view: GridView) -> str:
    _set(channel, view, store_id=None, is_default=False)
    return say("The view “{name}” is shared no longer.", name=view.name)


def _make_default(channel: Channel, view: GridView) -> str:
    """One default for a person, and one for a store."""
    if view.store_id is not None:
        access.require(channel, access.OPERATE, [_store_of(channel, view)])
    session = channel.db.session()
    same = GridView.owner_id == view.owner_id if view.store_id is None else GridView.store_id == view.store_id
    others = sa.and_(GridView.grid == view.grid, same, GridView.store_id.is_(None) == (view.store_id is None))

    def make() -> None:
        session.execute(sa.update(GridView).where(others).values(is_default=False))
        session.execute(sa.update(GridView).where(GridView.id == view.id).values(is_default=True))

    in_transaction(session, make)
    return say("The list begins with the view “{name}” now.", name=view.name)


def _make_no_default(channel: Channel, view: GridView) -> str:
    _set(channel, view, is_default=False)
    return say("The list begins as it did at first.")


def _update(channel: Channel, view: GridView) -> str:
    arguments = request.form.get("arguments", "")
    if len(arguments) > 4000 or "\x00" in arguments:
        abort(400)
    _set(channel, view, arguments=arguments)
    return say("The view “{name}” is kept as it is shown now.", name=view.name)


def _delete(channel: Channel, view: GridView) -> str:
    session, name = channel.db.session(), view.name
    in_transaction(session, lambda: session.delete(view))
    return say("The view “{name}” is deleted.", name=name)


def _set(channel: Channel, view: GridView, **values: object) -> None:
    session = channel.db.session()
    in_transaction(session, lambda: session.execute(sa.update(GridView).where(GridView.id == view.id).values(**values)))


_CHANGES = {
    "rename": _rename,
    "share": _share,
    "unshare": _unshare,
    "default": _make_default,
    "no-default": _make_no_default,
    "update": _update,
    "delete": _delete,
}


def _back(address: str, said: str, category: str) -> ResponseReturnValue:
    flash(said, category)
    return redirect(address or url_for("amazon_channel.home"), 303)
