"""What all forms share.

The token is Flask-WTF's, so it also satisfies a host that protects its whole app with `CSRFProtect`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import abort
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from markupsafe import Markup
from wtforms import Field

from flask_amazon_channel.admin.words import say, say_many


class _Words:
    """WTForms' own messages, in the reader's language where it is translated."""

    def gettext(self, text: str) -> str:
        return say(text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return say_many(one, many, n)


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form whose token is always asked for, whatever the host does in its own forms."""

    class Meta:
        csrf = True

        def get_translations(self, form: object) -> _Words:
            return _Words()

    def wrong(self) -> Iterator[tuple[Field, str]]:
        """Yield each field that is refused, with what is said about it."""
        for field in self:
            for error in field.errors or ():
                yield field, str(error)

    def refuse(self, name: str, why: str) -> None:
        """Say that what was typed cannot be, for a reason that only the database or the shop knows."""
        field: Any = self[name]
        field.errors = [*(field.errors or ()), why]


def check_token() -> None:
    """End the request with 400 unless it carries the token."""
    if not Form().validate():
        abort(400)


def token_field() -> Markup:
    """Return the hidden field with the token."""
    field: Markup = Form().hidden_tag()
    return field
