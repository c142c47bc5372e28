"""What the pages say is said in the reader's language, and in English where nobody translated it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.ctx import RequestContext
from flask_babel import Babel
from markupsafe import Markup

from flask_amazon_channel import languages
from flask_amazon_channel.admin import words
from flask_amazon_channel.rules.phrases import Phrase, Word, phrase, phrase_many
from flask_amazon_channel.rules.reasons import because, because_many

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "{name} waits."
msgstr "{name} wartet."

msgid "{n} order"
msgid_plural "{n} orders"
msgstr[0] "{n} Bestellung"
msgstr[1] "{n} Bestellungen"
"""


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    catalogue = tmp_path / "de" / "LC_MESSAGES" / "amazon_channel.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    forget()
    yield Flask("any")
    forget()


def forget() -> None:
    """Forget the catalogues that were read."""
    languages.known.cache_clear()
    languages.catalogue.cache_clear()


def reader(app: Flask, accepted: str) -> RequestContext:
    return app.test_request_context(headers={"Accept-Language": accepted})


def test_a_text_is_said_in_the_first_language_of_the_reader_that_has_a_catalogue(german: Flask) -> None:
    with reader(german, "de-AT,en;q=0.5"):
        assert words.say("{name} waits.", name="X") == "X wartet."
        assert words.say_many("{n} order", "{n} orders", 1200) == "1.200 Bestellungen"
        assert words.say_many("{n} order", "{n} orders", 1) == "1 Bestellung"
        assert words.language() == "de"


def test_a_text_without_a_translation_stays_english(german: Flask) -> None:
    with reader(german, "de"):
        assert words.say("Nobody translated {this}.", this="it") == "Nobody translated it."
    with reader(german, "fr"):
        assert words.say("{name} waits.", name="X") == "X waits."
        assert words.language() == "en"


def test_what_is_filled_into_a_template_is_escaped_unless_it_is_markup(german: Flask) -> None:
    with reader(german, "de"):
        assert words.in_markup("{name} waits.", name="<b>") == Markup("&lt;b&gt; wartet.")
        assert words.in_markup("{name} waits.", name=Markup("<b>x</b>")) == Markup("<b>x</b> wartet.")


def test_what_a_rule_said_is_translated_with_its_numbers(german: Flask) -> None:
    with reader(german, "de"):
        assert words.sentence(because("c", "{name} waits.", name=3)) == "3 wartet."


def test_where_the_host_has_flask_babel_its_locale_holds(german: Flask) -> None:
    Babel(german, locale_selector=lambda: "de")
    with reader(german, "en"):
        assert words.say("{name} waits.", name="X") == "X wartet."


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 Bestellung"), (2, "2 Bestellungen"), (0, "0 Bestellungen"), (Decimal("0.5"), "0.5 Bestellungen")],
)
def test_a_reason_knows_one_and_many_in_each_language(german: Flask, n: Decimal | int, said: str) -> None:
    with reader(german, "de"):
        assert words.sentence(because_many("many", "{n} order", "{n} orders", n=n)) == said


def test_what_was_kept_as_a_phrase_is_said_in_the_language_of_the_reader(german: Flask) -> None:
    waits = phrase("{name} waits.", name=phrase_many("{n} order", "{n} orders", 1))
    with reader(german, "de"):
        assert words.sentence(waits) == words.say(waits) == "1 Bestellung wartet."
        assert words.sentence(phrase("{name} waits.", name="{n} order")) == "{n} order wartet."
        assert words.sentence(phrase("{name} waits.", name=Word("{name} waits."))) == "{name} wartet. wartet."
    with reader(german, "fr"):
        assert words.sentence(waits) == "1 order waits."


def test_what_others_wrote_is_left_as_it_is(german: Flask) -> None:
    with reader(german, "de"):
        assert words.sentence("{name} waits.") == "{name} waits."
        assert words.sentence("") == words.sentence(Phrase("")) == words.sentence(None) == ""
