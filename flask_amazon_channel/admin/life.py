"""The life of a store: archived and taken out again, its settings copied to others, deleted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access, setting_words
from flask_amazon_channel.admin.forms.fields import options
from flask_amazon_channel.admin.forms.life import CopySettings, DeleteStore
from flask_amazon_channel.admin.words import say, say_many
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.models import Store, StoreState, Stream, StreamName


def store_life(channel: Channel, store: Store) -> str:
    going = sa.select(Stream).where(Stream.store_id == store.id, Stream.name == StreamName.DELETION)
    return render_template(
        "amazon_channel/store_life.html",
        store=store,
        deletion=channel.db.session.scalar(going),
        others=_others(channel, store),
    )


def archive_store(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync import stores

    stores.archive(channel, store)
    flash(
        say("{name} is archived: it rests, and is left out of the lists. Nothing of it is lost.", name=store.name),
        "success",
    )
    return _back(store)


def take_out_store(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync import stores

    stores.take_out(channel, store)
    flash(say("{name} is out of the archive. It rests until it is activated.", name=store.name), "success")
    return _back(store)


def ask_to_delete(channel: Channel, store: Store) -> str:
    return _asked(channel, store, _form_of(channel, store))


def delete_store(channel: Channel, store: Store) -> ResponseReturnValue:
    from flask_amazon_channel.sync import deleting_stores

    form = _form_of(channel, store)
    if not form.validate():
        return _asked(channel, store, form), 422
    deleting_stores.begin(channel, store)
    flash(
        say("{name} is being deleted. It goes on in the background, however long it takes.", name=store.name), "success"
    )
    return _back(store)


def _form_of(channel: Channel, store: Store) -> DeleteStore:
    from flask_amazon_channel.sync import deleting_stores

    form = DeleteStore()
    form.name = store.name
    form.meaning = deleting_stores.meaning(channel.db.session(), store)
    form.has_offers = form.meaning.at_amazon > 0
    return form


def _asked(channel: Channel, store: Store, form: Any) -> str:
    return render_template("amazon_channel/store_delete.html", store=store, form=form, meaning=form.meaning)


def choose_copies(channel: Channel, store: Store) -> str:
    return render_template("amazon_channel/store_copy.html", store=store, form=_copy_form(channel, store), targets=None)


def copy_settings(channel: Channel, store: Store) -> ResponseReturnValue:
    """Show what each store would take over, and what becomes of its listings; then copy."""
    from flask_amazon_channel.sync.settings import copying

    form = _copy_form(channel, store)
    if not form.validate():
        return render_template("amazon_channel/store_copy.html", store=store, form=form, targets=None), 422
    names = form.settings.data or []
    chosen = [other for other in _others(channel, store) if str(other.id) in (form.stores.data or [])]
    if not request.form.get("seen"):
        found = _previews(channel, store.id, [other.id for other in chosen], names)
        store = channel.db.session().get_one(Store, store.id)
        return render_template("amazon_channel/store_copy.html", store=store, form=form, targets=found)
    count = 0
    for other in chosen:
        try:
            count += copying.copy(channel, store, other, names, version=_version(other)) is not None
        except ChannelError as error:
            flash(say("{name} was left as it is: {why}", name=other.name, why=say(str(error))), "error")
    flash(say_many("{n} store has new settings.", "{n} stores have new settings.", count), "success")
    return _back(store)


def _version(store: Store) -> int | None:
    typed = request.form.get(f"version-{store.id}", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def _previews(channel: Channel, source_id: int, target_ids: list[int], names: list[str]) -> list[dict[str, Any]]:
    from flask_amazon_channel.sync.settings import copying, previewing

    session, found = channel.db.session(), []
    for number in target_ids:
        source, target = session.get_one(Store, source_id), session.get_one(Store, number)
        wanted = copying.taken_over(source, target, names)
        shown = {
            "wanted": wanted,
            "before": {name: getattr(target, name) for name in wanted},
            "left_out": [setting_words.name(name) for name in copying.left_out(source, target, names)],
            "version": target.version,
            "effect": None,
            "problem": "",
        }
        try:
            shown["effect"] = previewing.preview(channel, target, wanted) if wanted else None
        except ChannelError as error:
            shown["problem"] = say(str(error))
        found.append({**shown, "store_id": number})
    return [{**one, "store": session.get_one(Store, one["store_id"])} for one in found]


def _copy_form(channel: Channel, store: Store) -> CopySettings:
    from flask_amazon_channel.sync.settings import copying

    form = CopySettings()
    form.settings.choices = options({name: _said(store, name) for name in copying.COPIED})
    form.stores.choices = options({str(other.id): other.name for other in _others(channel, store)})
    return form


def _said(store: Store, name: str) -> str:
    value = setting_words.value(name, getattr(store, name), store.currency)
    return say("{setting}: {value}", setting=setting_words.name(name), value=value)


def _others(channel: Channel, store: Store) -> list[Store]:
    """Return the other stores that the person may administer."""
    return [
        other
        for other in access.visible_stores(channel)
        if other.id != store.id
        and other.state not in (StoreState.DELETING, StoreState.ARCHIVED)
        and access.may(channel, access.ADMINISTER, other)
    ]


def _back(store: Store) -> Response:
    return redirect(url_for("amazon_channel.store_life", store_id=store.id), 303)
