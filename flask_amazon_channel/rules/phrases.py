"""Sentences that are put together once and read later, by people of several languages.

A `Phrase` is its English sentence, so that logs, signals, commands and searches need to know nothing of it, and it
remembers of what it was made: pages say it in the reader's language.  What others wrote stays a plain `str`, and is
shown as they wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

SEPARATOR = "\x1e"
"""Between the English sentence and what it was made of, where both are stored in one column."""


class Word(str):
    """A fact that is itself a word of ours, and so said in the reader's language: `Word("Price")`."""

    __slots__ = ()


class Phrase(str):
    """The English sentence of a `text` with `{names}` for its `facts`.

    `many`: the text for any number `n` of the facts but one; empty where it does not depend on a number.
    """

    __slots__ = ("facts", "many", "text")
    text: str
    many: str
    facts: Mapping[str, Any]

    def __new__(cls, text: str, facts: Mapping[str, Any] | None = None, many: str = "") -> Phrase:
        self = super().__new__(cls, _filled(text, facts or {}, many))
        self.text, self.facts, self.many = text, facts or {}, many
        return self

    def __str__(self) -> str:
        """Stay what it is, so that the text of an error, too, can be said in another language."""
        return self


def phrase(text: str, **facts: Any) -> Phrase:
    """Write `phrase("Price {price} was sent.", price=price)`; a fact may be a phrase itself."""
    return Phrase(text, facts)


def phrase_many(one: str, many: str, n: Decimal | int, **facts: Any) -> Phrase:
    """Write `phrase_many("{n} order waits.", "{n} orders wait.", n)`."""
    return Phrase(one, {"n": n, **facts}, many)


def joined(sentences: Iterable[str], between: str = " ") -> str:
    """Return the sentences one after the other, as one."""
    facts = {f"part{number}": each for number, each in enumerate(filter(None, sentences))}
    if len(facts) < 2:
        return next(iter(facts.values()), "")
    return Phrase(between.join(f"{{{name}}}" for name in facts), facts)


def readable(value: Any) -> str:
    """Write a fact for a person: no exponents, times in UTC to the minute."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return str(value)


def _filled(text: str, facts: Mapping[str, Any], many: str) -> str:
    chosen = many if many and facts["n"] != 1 else text
    return chosen.format(**{name: readable(value) for name, value in facts.items()}) if facts else chosen


def packed(sentence: str, room: int) -> str:
    """Return what is stored of a sentence: its English, and of what it was made if there is room for both."""
    english = sentence[:room].replace(SEPARATOR, " ")
    if not isinstance(sentence, Phrase):
        return english
    made_of = "" if sentence.text == sentence and not sentence.facts else json.dumps(_parts(sentence), **_SHORT)
    whole = f"{english}{SEPARATOR}{made_of}"
    return whole if len(whole) <= room else english


def unpacked(stored: str) -> str:
    """Return the sentence that was stored; a plain text where nobody knows of what it was made."""
    english, is_phrase, made_of = stored.partition(SEPARATOR)
    if not is_phrase:
        return english
    return _whole(json.loads(made_of)) if made_of else Phrase(english)


_SHORT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


def _parts(sentence: Phrase) -> list[Any]:
    parts = [sentence.text, {name: kept(value) for name, value in sentence.facts.items()}]
    return [*parts, sentence.many] if sentence.many else parts


def _whole(parts: list[Any]) -> Phrase:
    text, facts, *many = parts
    return Phrase(text, {name: given_back(value) for name, value in facts.items()}, *many)


def kept(value: Any) -> Any:
    """Return a fact as JSON can hold it."""
    match value:
        case Phrase():
            return {"phrase": _parts(value)}
        case Word():
            return {"word": str(value)}
        case Decimal():
            return {"decimal": readable(value)}
        case datetime():
            return {"time": value.astimezone(UTC).isoformat()}
        case date():
            return {"day": value.isoformat()}
        case None | bool() | int() | str():
            return value
        case _:
            return readable(value)


_GIVEN_BACK = {
    "phrase": _whole,
    "word": Word,
    "decimal": Decimal,
    "time": datetime.fromisoformat,
    "day": date.fromisoformat,
}


def given_back(stored: Any) -> Any:
    """Return the fact that `kept` was given."""
    if not isinstance(stored, dict):
        return stored
    ((kind, value),) = stored.items()
    return _GIVEN_BACK[kind](value)  # type: ignore[operator]
