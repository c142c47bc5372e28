"""What the pages say, in the reader's language.

A text is written in English where it is used, with `{names}` for what varies: `_("{count} orders wait.", count=3)`.
Its translations are the catalogues in `translations/<language>/LC_MESSAGES/amazon_channel.po`, in the format that
Flask-Babel and gettext use.  Where the host has Flask-Babel, its locale holds here too; else the reader's browser says.
A text without a translation stays English.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app, has_request_context, request
from markupsafe import Markup, escape

from flask_amazon_channel.rules.phrases import Phrase, Word, readable
from flask_amazon_channel.rules.reasons import Reason, Step
from flask_amazon_channel.rules.reasons import marked as marked

if TYPE_CHECKING:
    from babel import Locale

FOLDER = Path(__file__).resolve().parent.parent / "translations"
DOMAIN = "amazon_channel"


def locale() -> Locale:
    """Return the host's locale, else the first of the reader's languages that Babel knows, else English."""
    if "babel" in current_app.extensions:
        from flask_babel import get_locale  # type: ignore[import-untyped,import-not-found,unused-ignore]

        chosen: Locale | None = get_locale()
        if chosen is not None:
            return chosen
    languages = request.accept_languages.values() if has_request_context() else ()
    return next(filter(None, map(_locale, (*languages, "en"))))  # Babel always knows English


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def language() -> str:
    """Return the language in which the pages are written for this reader, for `<html lang>`."""
    return locale().language if _catalogue(locale().language) is not _ENGLISH else "en"


def say(text: str, **values: Any) -> str:
    """Return the text in the reader's language as plain text; values are filled in as people read them.

    What an error says may be given, too: it is a `Phrase`, which knows its own values.
    """
    if isinstance(text, Phrase):
        return sentence(text)
    return _filled(_translations().gettext(text), values)


def say_many(one: str, many: str, n: int, **values: Any) -> str:
    """Return the text for `n` things, `{n}` in the reader's way of writing numbers."""
    from babel.numbers import format_decimal

    text = _translations().ngettext(one, many, n)
    return _filled(text, {"n": format_decimal(n, locale=locale()), **values})


def in_markup(text: str, **values: Any) -> Markup:
    """Like `say`, for templates: what is filled in is escaped, except what is markup already, such as a link."""
    return Markup(escape(_translations().gettext(text))).format(**values)  # noqa: S704  # it is escaped


def sentence(found: Reason | Step | str | None) -> str:
    """Return what a rule said, or what was kept as a phrase, in the reader's language; what others wrote as it is."""
    if found is None:
        return ""
    said = found if isinstance(found, str) else found.sentence
    if not isinstance(said, Phrase):
        return said
    catalogue = _translations()
    if said.many:
        text = catalogue.ngettext(said.text, said.many, _whole(said.facts["n"]))
    else:
        text = catalogue.gettext(said.text) if said.text else ""
    return _filled(text, {name: _fact(value) for name, value in said.facts.items()})


def _whole(n: Decimal | int) -> int:
    """Return a number whose plural is the one of `n`: gettext counts whole things only."""
    return int(n) if n == int(n) else 2


def _fact(value: Any) -> str:
    if isinstance(value, Phrase):
        return sentence(value)
    return _translations().gettext(value) if isinstance(value, Word) else readable(value)


def _filled(text: str, values: dict[str, Any]) -> str:
    return text.format(**values) if values else text


def _translations() -> NullTranslations:
    return _catalogue(locale().language)


_ENGLISH = NullTranslations()


@lru_cache(maxsize=16)
def _catalogue(language: str) -> NullTranslations:
    """Read the catalogue as people edit it, so that no compiled copy can be older than it."""
    file = FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not file.is_file():
        return _ENGLISH
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, domain=DOMAIN))
    compiled.seek(0)
    return Translations(compiled, DOMAIN)
