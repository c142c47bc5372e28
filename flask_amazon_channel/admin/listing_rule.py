"""The listing rule of a store: put together condition by condition, tried, previewed, saved, brought back.

What is being put together travels in the form itself: nothing is stored before it is saved, and no script is needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import rule_words
from flask_amazon_channel.admin.words import locale, say, sentence
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.models import Store
from flask_amazon_channel.rules.listing_rule import Field, FieldType, Reading, aloud, read
from flask_amazon_channel.rules.listing_rule.fields import SEVERAL

MOST_PARTS = 60
_PART = re.compile(r"(\d{1,2})(?:\.(\d{1,2}))?\.(field|match)")
Draft = dict[str, Any]
"""A rule in the shape that is stored, as far as it has been typed."""


@dataclass
class Shown:
    """What the page shows beside the rule itself."""

    preview: Any = None
    tried: Sequence[Any] | None = None
    findings: Sequence[Any] = ()
    wanted: str = ""
    refused: str = ""
    conflict: Sequence[Any] = ()
    wrong: dict[str, list[str]] = field(default_factory=dict)


def listing_rule(channel: Channel, store: Store) -> str:
    draft = store.listing_rule or _empty()
    return _page(channel, store, draft, Shown(), version=store.version)


def change_listing_rule(channel: Channel, store: Store) -> ResponseReturnValue:
    """Do what the button says.  Only `save` stores anything."""
    draft = draft_of(request.form)
    what, _, where = request.form.get("do", "preview").partition(" ")
    act = {"add": _add, "group": _add_group, "remove": _remove}.get(what)
    if act is not None:
        act(draft, where)
        return _page(channel, store, draft, Shown())
    if what not in ("try", "preview", "save"):
        abort(400)
    return {"try": _try, "preview": _preview, "save": _save}[what](channel, store, draft)


def restore_listing_rule(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync import listing_rules

    number = request.form.get("change", "")
    try:
        done = number.isdecimal() and len(number) < 19 and listing_rules.restore(channel, store, int(number))
    except ChannelError as error:
        flash(say("Nothing was brought back: {why}", why=_said(error)), "error")
    else:
        if done:
            flash(say("The earlier rule holds again. The store’s listings are looked at anew."), "success")
    return redirect(url_for("amazon_channel.listing_rule", store_id=store.id), 303)


def draft_of(form: MultiDict[str, str]) -> Draft:
    """Read the rule that the form carries, in the order of its parts."""
    draft: Draft = {"match": form.get("match", "all"), "holds": form.get("holds", "yes") != "no", "parts": []}
    found = sorted(
        (int(one[1]), -1 if one[2] is None else int(one[2]), one[3])
        for one in (_PART.fullmatch(name) for name in form)
        if one is not None
    )
    groups: dict[int, Draft] = {}
    for outer, inner, kind in found[:MOST_PARTS]:
        if kind == "match" and inner >= 0:
            continue
        if kind == "match":
            groups[outer] = {"match": form[f"{outer}.match"], "holds": form.get(f"{outer}.holds") != "no", "parts": []}
            draft["parts"].append(groups[outer])
        elif inner < 0:
            draft["parts"].append(_condition(form, str(outer)))
        elif outer in groups:
            groups[outer]["parts"].append(_condition(form, f"{outer}.{inner}"))
    return draft


def _condition(form: MultiDict[str, str], at: str) -> Draft:
    operator = form.get(f"{at}.operator", "")
    values = [one.replace("\x00", "") for one in form.getlist(f"{at}.value")]
    if form.get(f"{at}.type") == FieldType.TEXT and operator in SEVERAL:
        values = [part.strip() for one in values for part in re.split(r"[,\n]", one)]
    elif form.get(f"{at}.type") == FieldType.NUMBER:
        values = [_plain(one) for one in values]
    several = [one for one in values if one.strip()]
    value: Any = several[0] if len(several) == 1 else several or None
    return {"field": form[f"{at}.field"], "operator": operator, "value": value}


def _plain(text: str) -> str:
    """Return the number that somebody typed in their own way of writing, as it is stored; else what they typed."""
    from babel.numbers import NumberFormatError, parse_decimal

    try:
        return format(parse_decimal(text.strip(), locale=locale(), strict=True), "f")
    except (NumberFormatError, ValueError):
        return text


def _empty() -> Draft:
    return {"match": "all", "holds": True, "parts": []}


def _add(draft: Draft, where: str) -> None:
    chosen = request.form.get(f"{where}.new" if where else "new", "")
    parts = _parts(draft, where)
    if chosen and len(draft["parts"]) < MOST_PARTS:
        parts.append({"field": chosen, "operator": "", "value": None})


def _add_group(draft: Draft, where: str) -> None:
    draft["parts"].append({"match": "any", "holds": True, "parts": []})


def _remove(draft: Draft, where: str) -> None:
    outer, _, inner = where.rpartition(".")
    parts = _parts(draft, outer)
    if inner.isdecimal() and int(inner) < len(parts):
        del parts[int(inner)]


def _parts(draft: Draft, where: str) -> list[Draft]:
    parts: list[Draft] = draft["parts"]
    if not where:
        return parts
    if not where.isdecimal() or int(where) >= len(parts) or "parts" not in parts[int(where)]:
        abort(400)
    inner: list[Draft] = parts[int(where)]["parts"]
    return inner


def _try(channel: Channel, store: Store, draft: Draft) -> ResponseReturnValue:
    from flask_amazon_channel.sync import listing_rule_preview

    wanted = request.form.get("wanted", "").replace("\x00", "").strip()[:191]
    shown = Shown(wanted=wanted)
    found = _read(channel, draft, shown)
    if found is None or not wanted:
        if not wanted:
            shown.refused = shown.refused or say("Type the SKU or the id of a product of the shop.")
        return _page(channel, store, draft, shown), 422
    try:
        shown.tried = listing_rule_preview.try_product(channel, store, found.rule, wanted)
        if shown.tried and found.rule is not None:
            product = listing_rule_preview.product_of(channel, store, shown.tried[0].product_id)
            shown.findings = list(found.rule.findings(product)) if product is not None else []
    except ChannelError as error:
        shown.refused = say(str(error))
        return _page(channel, store, draft, shown), 502
    return _page(channel, store, draft, shown)


def _preview(channel: Channel, store: Store, draft: Draft) -> ResponseReturnValue:
    from flask_amazon_channel.sync import listing_rule_preview

    shown = Shown()
    found = _read(channel, draft, shown)
    if found is None:
        return _page(channel, store, draft, shown), 422
    try:
        shown.preview = listing_rule_preview.preview(channel, store, found.rule)
    except ChannelError as error:
        shown.refused = say(str(error))
        return _page(channel, store, draft, shown), 502
    return _page(channel, store, draft, shown)


def _save(channel: Channel, store: Store, draft: Draft) -> ResponseReturnValue:
    from flask_amazon_channel.sync import listing_rules
    from flask_amazon_channel.sync.settings.changing import Conflict

    shown, store_id, name = Shown(), store.id, store.name
    if _read(channel, draft, shown) is None:
        return _page(channel, store, draft, shown), 422
    version = request.form.get("version", "")
    try:
        differs = listing_rules.save(
            channel, store, draft if draft["parts"] else None, int(version) if version.isdecimal() else None
        )
    except Conflict:
        channel.db.session.expire_all()
        theirs = read(store.listing_rule, _fields(channel))
        shown.conflict = aloud(theirs.rule)
        return _page(channel, store, draft, shown, version=store.version), 409
    except ChannelError as error:
        shown.refused = _said(error)
        return _page(channel, store, draft, shown), 422
    said = say("Saved. The listings of {store} are looked at anew; that takes some minutes.", store=name)
    flash(said if differs else say("Nothing differs from the rule that holds."), "success")
    place = "resume" if request.form.get("onboarding") else "listing_rule"
    return redirect(_after(place, store_id), 303)


def _after(place: str, store_id: int) -> str:
    if place == "resume":
        return url_for("amazon_channel.resume")
    return url_for("amazon_channel.listing_rule", store_id=store_id)


def _said(error: ChannelError) -> str:
    problems = getattr(error, "problems", ())
    return " ".join(sentence(problem.reason) for problem in problems) or say(str(error))


def _fields(channel: Channel) -> dict[str, Field]:
    from flask_amazon_channel.sync import facts

    return facts.rule_fields(channel)


def _read(channel: Channel, draft: Draft, shown: Shown) -> Reading | None:
    """Read the draft; what is wrong goes to where it is wrong."""
    try:
        found = read(draft, _fields(channel))
    except ChannelError as error:
        shown.refused = say(str(error))
        return None
    for problem in found.problems:
        shown.wrong.setdefault(problem.part, []).append(sentence(problem.reason))
    return None if found.problems else found


def _page(channel: Channel, store: Store, draft: Draft, shown: Shown, version: int | None = None) -> str:
    from flask_amazon_channel.sync import listing_rules

    if version is None:
        given = request.form.get("version", "")
        version = int(given) if given.isdecimal() else store.version
    fields: dict[str, Field] = {}
    try:
        fields = _fields(channel)
    except ChannelError as error:
        shown.refused = say(str(error))
    stored = read(store.listing_rule, fields) if fields else Reading(None)
    return render_template(
        "amazon_channel/listing_rule.html",
        store=store,
        draft=draft,
        shown=shown,
        version=version,
        fields=fields,
        stored=stored,
        said=aloud(stored.rule),
        drafted=aloud(read(draft, fields).rule) if fields and not shown.wrong else (),
        differs=(draft if draft["parts"] else None) != store.listing_rule,
        rule_words=rule_words,
        history=[
            (change, _aloud(change.old, fields), _aloud(change.new, fields)) for change in _history(channel, store)
        ],
        kept=listing_rules.KEPT_SHOWN,
        onboarding=bool(request.values.get("onboarding")),
    )


def _history(channel: Channel, store: Store) -> Sequence[Any]:
    from flask_amazon_channel.sync import listing_rules

    return listing_rules.versions(channel.db.session(), store)


def _aloud(stored: Any, fields: dict[str, Field]) -> Sequence[Any]:
    """Return the rule as lines; one that cannot be read any more has none."""
    found = read(stored, fields)
    return () if found.problems else aloud(found.rule)
