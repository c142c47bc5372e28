"""The settings of accounts and stores: shown, checked, previewed where listings would change, and stored.

Whoever saves something that somebody else changed meanwhile is shown the difference and chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from flask_amazon_channel.admin.forms.settings import AccountSettings, SettingsForm, StoreSettings
from flask_amazon_channel.admin.words import say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.models import SellerAccount, Store
from flask_amazon_channel.models.changes import values_at

Row = SellerAccount | Store
THEIRS, YOURS = "theirs", "yours"
ASKED = "choose-"


class Difference(NamedTuple):
    """A setting that two people have: what it was, what the other made of it, what this one typed."""

    name: str
    theirs: Any
    yours: Any
    changed_by_them: bool
    changed_by_you: bool

    @property
    def choice(self) -> str:
        """What is chosen unless the person says otherwise; empty where both changed it."""
        if self.changed_by_them and self.changed_by_you:
            return ""
        return THEIRS if self.changed_by_them else YOURS


def account_settings(channel: Channel, account: SellerAccount) -> str:
    return _page(account, _form(channel, account))


def save_account_settings(channel: Channel, account: SellerAccount) -> ResponseReturnValue:
    return _save(channel, account, _form(channel, account))


def store_settings(channel: Channel, store: Store) -> str:
    return _page(store, _form(channel, store))


def save_store_settings(channel: Channel, store: Store) -> ResponseReturnValue:
    return _save(channel, store, _form(channel, store))


def _form(channel: Channel, row: Row, **options: Any) -> SettingsForm:
    if isinstance(row, Store):
        return StoreSettings.of(channel, row, **options)
    return AccountSettings.of(channel, row, **options)


def _page(row: Row, form: SettingsForm) -> str:
    template = (
        "amazon_channel/store_settings.html" if isinstance(row, Store) else "amazon_channel/account_settings.html"
    )
    return render_template(template, form=form, back=back_of(row), **_named(row))


def _save(channel: Channel, row: Row, form: SettingsForm) -> ResponseReturnValue:
    from flask_amazon_channel.sync.settings import changing
    from flask_amazon_channel.sync.settings.kinds import settings_of

    if not form.validate():
        return _page(row, form), 422
    session = channel.db.session()
    theirs = [name for name in form.values() if request.form.get(f"{ASKED}{name}") == THEIRS]
    if theirs:
        form.take_over(_form(channel, row, formdata=None), theirs)
    session.refresh(row)
    if request.form.get("again"):
        return _page(row, form)
    values = form.values()
    if form.version.data != row.version:
        found = _differences(session, row, values, form.version.data or 0)
        if any(one.changed_by_them for one in found):
            return _conflict(row, form, found), 409
    wanted = changing.changed(row, values)
    if not wanted:
        flash(say("Nothing was changed."), "success")
        return redirect(back_of(row), 303)
    if not form.seen.data and any(settings_of(row)[name].decides for name in wanted):
        return preview_page(channel, row, wanted, action=request.path, typed=_typed(form, row), again=True)
    try:
        changing.change(channel, row, wanted, version=row.version)
    except changing.Conflict:
        session.refresh(row)
        return _conflict(row, form, _differences(session, row, values, form.version.data or 0)), 409
    flash(say("The settings are saved. What they change is worked on now."), "success")
    return redirect(back_of(row), 303)


def _differences(session: Any, row: Row, values: Mapping[str, Any], version: int) -> list[Difference]:
    """Return where what is set and what was typed differ, and who changed what since the page was loaded."""
    now = {name: getattr(row, name) for name in values}
    then = values_at(session, row, version, now)
    return [
        Difference(name, now[name], typed, now[name] != then[name], typed != then[name])
        for name, typed in values.items()
        if now[name] != typed
    ]


def _conflict(row: Row, form: SettingsForm, found: list[Difference]) -> str:
    return render_template(
        "amazon_channel/form_conflict.html",
        row=row,
        form=form,
        differences=found,
        typed=_typed(form, row),
        back=back_of(row),
        **_named(row),
    )


def _typed(form: SettingsForm, row: Row) -> list[tuple[str, str]]:
    """Return what the form holds, for a page that sends it once more against this version."""
    return [*form.typed(), ("version", str(row.version))]


def preview_page(
    channel: Channel,
    row: Row,
    wanted: Mapping[str, Any],
    *,
    action: str,
    typed: list[tuple[str, str]],
    again: bool = False,
    button: str = "",
) -> str:
    """Show what would become of listings; `typed` is sent to `action` once more, then as seen."""
    from flask_amazon_channel.sync.settings import previewing

    before = {name: getattr(row, name) for name in wanted}
    named, number = _named(row), row.id
    session, effect, problem = channel.db.session(), None, ""
    session.rollback()
    try:
        effect = previewing.preview(channel, row, wanted)
    except ChannelError as error:
        problem = say(str(error))
    row = session.get_one(type(row), number)  # type: ignore[assignment]  # of one of the two classes
    return render_template(
        "amazon_channel/form_preview.html",
        row=row,
        wanted=wanted,
        before=before,
        effect=effect,
        problem=problem,
        action=action,
        typed=typed,
        again=again,
        button=button or say("Save"),
        back=back_of(row),
        **named,
    )


def _named(row: Row) -> dict[str, Row]:
    return {"store": row} if isinstance(row, Store) else {"account": row}


def back_of(row: Row) -> str:
    """Return the page of an account or a store."""
    if isinstance(row, Store):
        return url_for("amazon_channel.store", store_id=row.id)
    return url_for("amazon_channel.account", account_id=row.id)
