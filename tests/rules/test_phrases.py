"""A sentence that is kept remembers of what it was made, and is its English for everybody who does not ask."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, timedelta, timezone
from decimal import Decimal

import pytest

from flask_amazon_channel.errors import AmazonUnavailable, ShopRefused
from flask_amazon_channel.rules.phrases import (
    SEPARATOR,
    Phrase,
    Word,
    joined,
    packed,
    phrase,
    phrase_many,
    unpacked,
)
from tests.rules.making import NOW

ROOM = 1000


def came_back(sentence: str, room: int = ROOM) -> str:
    stored = packed(sentence, room)
    assert len(stored) <= room
    return unpacked(stored)


def test_a_phrase_is_its_english_sentence() -> None:
    said = phrase("Price {price} was sent at {at}.", price=Decimal("1E+1"), at=NOW)
    assert said == "Price 10 was sent at 2026-11-20 12:00 UTC."
    assert json.dumps({"said": said}) == '{"said": "Price 10 was sent at 2026-11-20 12:00 UTC."}'


@pytest.mark.parametrize(
    "fact",
    [
        3,
        True,
        None,
        "MUG-7",
        Decimal("19.90"),
        date(2026, 5, 4),
        NOW,
        Word("price"),
        phrase("a {thing}", thing=Word("price")),
        phrase_many("{n} day", "{n} days", 2),
    ],
    ids=repr,
)
def test_facts_come_back_as_what_they_were(fact: object) -> None:
    back = came_back(phrase("It is {fact}.", fact=fact))
    assert isinstance(back, Phrase)
    assert (back.facts["fact"], type(back.facts["fact"])) == (fact, type(fact))
    assert getattr(back.facts["fact"], "facts", None) == getattr(fact, "facts", None)


def test_a_time_comes_back_as_the_same_moment() -> None:
    in_berlin = NOW.astimezone(timezone(timedelta(hours=1)))
    assert came_back(phrase("At {at}.", at=in_berlin)) == "At 2026-11-20 12:00 UTC."


@pytest.mark.parametrize("words", ["use {brand}", "{", "%s", f"a{SEPARATOR}b", 'say "it"', "Grüße 🎈", "\\u001e"])
def test_what_others_wrote_survives_inside_a_phrase(words: str) -> None:
    back = came_back(phrase("Amazon says: {words}", words=words))
    assert isinstance(back, Phrase)
    assert back.facts["words"] == words
    assert back == f"Amazon says: {words}"


@pytest.mark.parametrize("words", ["use {brand}", "", '["no", {}]', "It waits."])
def test_what_others_wrote_alone_comes_back_as_the_plain_text_that_it_was(words: str) -> None:
    back = came_back(words)
    assert back == words
    assert not isinstance(back, Phrase)


def test_a_separator_in_a_plain_text_does_not_make_it_a_phrase() -> None:
    assert came_back(f"a{SEPARATOR}b") == "a b"


def test_a_phrase_without_facts_takes_hardly_any_room() -> None:
    stored = packed(phrase("100 % of {this}"), ROOM)
    assert len(stored) == len("100 % of {this}") + 1
    assert isinstance(unpacked(stored), Phrase)


def test_where_the_room_is_too_small_the_english_stays() -> None:
    said = phrase("Amazon says: {words}", words="x" * 60)
    assert came_back(said, 90) == said
    assert not isinstance(came_back(said, 90), Phrase)
    assert came_back(said, 20) == said[:20]


def test_sentences_are_joined_without_losing_of_what_they_are_made() -> None:
    one = phrase("{n} left.", n=1)
    assert joined([]) == ""
    assert joined(["", one]) is one
    both = joined([one, "Amazon's words with {braces}."])
    assert both == "1 left. Amazon's words with {braces}."
    assert isinstance(both, Phrase)
    assert came_back(both) == both


def test_one_and_many_are_told_apart() -> None:
    assert phrase_many("{n} order waits.", "{n} orders wait.", 1) == "1 order waits."
    assert phrase_many("{n} order waits.", "{n} orders wait.", 0) == "0 orders wait."


def test_the_text_of_an_error_remembers_of_what_it_was_made() -> None:
    refused = str(ShopRefused(phrase("Shop.{method} failed: {why}", method="products", why="KeyError")))
    assert isinstance(refused, Phrase)
    away = str(AmazonUnavailable(phrase("Amazon is not available."), operation="getOrder", status=503))
    assert away == "Amazon is not available. (getOrder, HTTP 503)"
    assert isinstance(away, Phrase)
    assert isinstance(away.facts["problem"], Phrase)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda said: pickle.loads(pickle.dumps(said))])
def test_a_copy_remembers_as_well(copied) -> None:  # type: ignore[no-untyped-def]
    said = phrase("{n} left.", n=1)
    assert (copied(said), copied(said).facts) == (said, said.facts)
