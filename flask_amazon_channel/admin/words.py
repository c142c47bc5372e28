"""What the pages say, in the reader's language.

A text is written in English where it is used, with `{names}` for what varies: `_("{count} orders wait.", count=3)`.
Where the host has Flask-Babel, its locale holds here too; else the reader's browser says.  A text without a
translation stays English.
"""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

from flask import current_app, has_request_context, request
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from flask_amazon_channel import languages
from flask_amazon_channel.rules.phrases import Phrase
from flask_amazon_channel.rules.reasons import Reason, Step
from flask_amazon_channel.rules.reasons import marked as marked

if TYPE_CHECKING:
    from babel import Locale


def locale() -> Locale:
    """Return the host's locale, else the first of the reader's languages that Babel knows, else English."""
    if "babel" in current_app.extensions:
        from flask_babel import get_locale  # type: ignore[import-untyped,import-not-found,unused-ignore]

        chosen: Locale | None = get_locale()
        if chosen is not None:
            return chosen
    return _first_known(request.environ.get("HTTP_ACCEPT_LANGUAGE", "") if has_request_context() else "")


@lru_cache(maxsize=64)  # A page asks a thousand times.
def _first_known(accepted: str) -> Locale:
    known = map(_locale, parse_accept_header(accepted, LanguageAccept).values())
    return next(filter(None, known), None) or _locale("en")  # type: ignore[return-value]  # Babel knows English


def _locale(language: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def language() -> str:
    """Return the language in which the pages are written for this reader, for `<html lang>`."""
    return locale().language if languages.is_known(locale().language) else "en"


def say(text: str, **values: Any) -> str:
    """Return the text in the reader's language as plain text; values are filled in as people read them.

    What an error says may be given, too: it is a `Phrase`, which knows its own values.
    """
    if isinstance(text, Phrase):
        return sentence(text)
    return languages.filled(_translations().gettext(text), values)


def say_many(one: str, many: str, n: int, **values: Any) -> str:
    """Return the text for `n` things, `{n}` in the reader's way of writing numbers."""
    from babel.numbers import format_decimal

    text = _translations().ngettext(one, many, n)
    return languages.filled(text, {"n": format_decimal(n, locale=locale()), **values})


def in_markup(text: str, **values: Any) -> Markup:
    """Like `say`, for templates: what is filled in is escaped, except what is markup already, such as a link."""
    return Markup(escape(_translations().gettext(text))).format(**values)  # noqa: S704  # it is escaped


def sentence(found: Reason | Step | str | None) -> str:
    """Return what a rule said, or what was kept as a phrase, in the reader's language; what others wrote as it is."""
    if found is None:
        return ""
    return languages.sentence(found if isinstance(found, str) else found.sentence, locale().language)


def _translations() -> NullTranslations:
    return languages.catalogue(locale().language)
