"""Texts in a reader's language: the catalogues in `translations/<language>/LC_MESSAGES/amazon_channel.po`, in the
format that Flask-Babel and gettext use.  A text without a translation stays English.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from flask_amazon_channel.rules.phrases import Phrase, Word, readable

FOLDER = Path(__file__).resolve().parent / "translations"
DOMAIN = "amazon_channel"

_ENGLISH = NullTranslations()


@lru_cache(maxsize=16)
def catalogue(language: str) -> NullTranslations:
    """Read the catalogue as people edit it, so that no compiled copy can be older than it."""
    file = FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not is_known(language) or not file.is_file():
        return _ENGLISH
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, domain=DOMAIN))
    compiled.seek(0)
    return Translations(compiled, DOMAIN)


@lru_cache(maxsize=1)
def known() -> tuple[str, ...]:
    """Return the languages in which everything can be said."""
    return tuple(sorted({"en", *(file.name for file in FOLDER.iterdir() if file.is_dir())}))


def is_known(language: str) -> bool:
    return language in known()


def sentence(said: str, language: str) -> str:
    """Return what was kept as a phrase in that language; what others wrote as it is."""
    if not isinstance(said, Phrase):
        return said
    texts = catalogue(language)
    if said.many:
        text = texts.ngettext(said.text, said.many, _whole(said.facts["n"]))
    else:
        text = texts.gettext(said.text) if said.text else ""
    return filled(text, {name: _fact(value, language) for name, value in said.facts.items()})


def filled(text: str, values: dict[str, Any]) -> str:
    return text.format(**values) if values else text


def _whole(n: Decimal | int) -> int:
    """Return a number whose plural is the one of `n`: gettext counts whole things only."""
    return int(n) if n == int(n) else 2


def _fact(value: Any, language: str) -> str:
    if isinstance(value, Phrase):
        return sentence(value, language)
    return catalogue(language).gettext(value) if isinstance(value, Word) else readable(value)
