"""The titles of listings as a column of grids."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from flask_amazon_channel.admin.grid import Column, text
from flask_amazon_channel.admin.words import marked
from flask_amazon_channel.channel import current
from flask_amazon_channel.models import Listing
from flask_amazon_channel.models.title_words import titled


def column(*, sort: bool = False, **more: Any) -> Column:
    return text("title", marked("Title"), Listing.title, find="contains", matches=has, sort=sort, **more)


def has(words: str) -> sa.ColumnElement[bool]:
    """Return that a title has all these words."""
    return titled(words, current().db.engine.dialect.name)
