"""Sentences in the database: they come back as phrases, and are found by the words that people see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models import Activity
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.base import mentions
from flask_amazon_channel.rules.phrases import Phrase, phrase
from tests.databases import Databases, make_tables

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def session(database_server: Databases) -> Iterator[Session]:
    with database_server.fresh(make_tables) as uri:
        engine = sa.create_engine(uri)
        with Session(engine) as session:
            yield session
        engine.dispose()


def written(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(sa.select(Activity.sentence).order_by(Activity.id)))


def found(session: Session, words: str) -> list[str]:
    matches = sa.select(Activity.sentence).where(mentions(Activity.sentence, words))
    return list(session.scalars(matches.order_by(Activity.id)))


def test_a_phrase_comes_back_as_a_phrase_and_a_text_as_a_text(session: Session) -> None:
    note(session, NOW, "test", phrase("Amazon says: {words}", words="use {brand}\x1e"))
    note(session, NOW, "test", "The old words.")
    said, old = written(session)
    assert isinstance(said, Phrase)
    assert said.facts == {"words": "use {brand}\x1e"}
    assert (old, type(old)) == ("The old words.", str)


def test_what_is_too_long_is_cut_and_not_refused(session: Session) -> None:
    note(session, NOW, "test", phrase("Amazon says: {words}", words="ö" * 2000))
    note(session, NOW, "test", "🎈" * 2000)
    assert [len(sentence) for sentence in written(session)] == [1000, 1000]


def test_any_other_program_reads_english_at_the_beginning_of_the_column(session: Session) -> None:
    note(session, NOW, "test", phrase("Order {number} waits.", number=7))
    stored = session.scalars(sa.select(sa.type_coerce(Activity.sentence, sa.String()))).one()
    assert stored.startswith("Order 7 waits.")


def test_a_sentence_is_found_by_its_words_in_upper_or_lower_case(session: Session) -> None:
    note(session, NOW, "test", phrase("Price {amount} was sent.", amount=5))
    note(session, NOW, "test", "100 % of it_was sent.")
    assert found(session, "WAS SENT") == written(session)
    assert found(session, "price 5") == ["Price 5 was sent."]
    assert found(session, "100 %") == found(session, "it_was") == ["100 % of it_was sent."]
    assert found(session, "t_was") == ["100 % of it_was sent."]


def test_a_sentence_is_not_found_by_what_nobody_sees_of_it(session: Session) -> None:
    note(session, NOW, "test", phrase("Price {amount} was sent.", amount=5))
    assert found(session, "amount") == found(session, "[") == []
