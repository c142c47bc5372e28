"""Listings by the words of their titles.  On PostgreSQL an index of words answers; the others read all titles.

The index is in no table's definition because only PostgreSQL can have it.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import TSQUERY

from flask_amazon_channel.models.base import contains
from flask_amazon_channel.models.listings import Listing

INDEX = "ix_amazon_listing_title_words"

_BETWEEN = r"[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf\u2000-\u206f\u3000-\u303f]+"
"""What separates words: spaces and punctuation, named one by one because a database's locale may not know them."""

_WORDS = rf"array_to_tsvector(array_remove(regexp_split_to_array(lower(amazon_listing.title), '{_BETWEEN}'), ''))"

_CREATE = sa.DDL(f"CREATE INDEX {INDEX} ON amazon_listing USING gin ({_WORDS})")  # type: ignore[no-untyped-call]

event.listen(Listing.__table__, "after_create", _CREATE.execute_if(dialect="postgresql"))


def titled(part: str, dialect: str) -> sa.ColumnElement[bool]:
    """Return that a title has every word of `part`, in upper or lower case.

    The beginning of a word is enough; where all titles are read, so is any part of it.
    """
    words = [contains(Listing.title, word, dialect) for word in part.split() or [part]]
    begun = [word for word in re.split(_BETWEEN, part) if word and _is_spaced(word)]
    if dialect == "postgresql" and begun:
        asked = sa.func.lower(" & ".join(f"'{word}':*" for word in begun))
        words.append(sa.literal_column(_WORDS).bool_op("@@")(sa.cast(asked, TSQUERY)))
    return sa.and_(*words)


def _is_spaced(word: str) -> bool:
    """Whether the word is of a script that has spaces between words: those whose letters have no case may have none."""
    return all(letter.isascii() or letter.lower() != letter.upper() for letter in word)
