"""What may be typed, and what is said if it is not.  Each check says its sentence in the reader's language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wtforms.validators import StopValidation, ValidationError

from flask_amazon_channel.admin import formats
from flask_amazon_channel.admin.words import say
from flask_amazon_channel.rules.contacts import email_problem, webhook_problem


class Needed:
    """Something must be given."""

    field_flags = {"required": True}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: object, field: Any) -> None:
        given = field.data is not None and field.data != ""
        if not given and not field.errors:
            raise StopValidation(say(self.sentence))


class AtMost:
    """A text of so many characters."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.field_flags = {"maxlength": length}

    def __call__(self, form: object, field: Any) -> None:
        if len(field.data or "") > self.length:
            raise ValidationError(say("At most {length} characters fit here.", length=self.length))


class Between:
    """A number within limits, both included; None: no limit on that side."""

    def __init__(self, least: int | Decimal | None = None, most: int | Decimal | None = None) -> None:
        self.least, self.most = least, most

    def __call__(self, form: object, field: Any) -> None:
        number = field.data
        if number is None:
            return
        if self.least is not None and number < self.least:
            raise ValidationError(say("This must be {number} or more.", number=formats.number(self.least)))
        if self.most is not None and number > self.most:
            raise ValidationError(say("This must be {number} or less.", number=formats.number(self.most)))


class Address:
    """A mail address."""

    def __call__(self, form: object, field: Any) -> None:
        _refuse(email_problem(field.data) if field.data else None)


class WebAddress:
    """An address that something can be posted to."""

    def __call__(self, form: object, field: Any) -> None:
        _refuse(webhook_problem(field.data) if field.data else None)


def _refuse(problem: str | None) -> None:
    if problem:
        raise ValidationError(say(problem))
