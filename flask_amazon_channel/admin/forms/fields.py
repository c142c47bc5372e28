"""Fields that read what people type: numbers in the reader's own way of writing them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import wtforms
from wtforms import Field, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from flask_amazon_channel.admin.words import locale, say

LARGEST = Decimal(10) ** 15


def options(labels: Mapping[str, str]) -> list[Any]:
    """Return choices with their labels, as this WTForms wants them: before 3.3 they were pairs."""
    made = getattr(wtforms, "SelectChoice", None)
    return [made(value=value, label=label) if made else (value, label) for value, label in labels.items()]


def without_edges(value: str | None) -> str | None:
    return value.replace("\x00", "").strip() if value else value


class NumberField(Field):
    """A decimal number; nothing typed is None.  `decimals` is how many digits may follow the point."""

    widget = TextInput()

    def __init__(self, label: str | None = None, *, decimals: int = 2, suffix: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.decimals = decimals
        self.suffix = suffix
        self.render_kw = {
            "inputmode": "decimal" if decimals else "numeric",
            "autocomplete": "off",
            **(self.render_kw or {}),
        }

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else _written(Decimal(self.data), self.decimals)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist:
            return
        text = str(valuelist[0]).replace("\x00", "").strip()
        self.data = self._read(text) if text else None

    def _read(self, text: str) -> Decimal | int:
        from babel.numbers import NumberFormatError, parse_decimal

        try:
            if not re.fullmatch(r"[-+]?[\d.,'’\s]+", text):
                raise ValueError(text)
            number = parse_decimal(text, locale=locale(), strict=True)
        except (NumberFormatError, ValueError):
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= LARGEST or number != round(number, self.decimals):
            raise ValueError(self._refusal())
        return number if self.decimals else int(number)

    def _refusal(self) -> str:
        if not self.decimals:
            return say("Write a whole number, such as {number}.", number=_written(Decimal(25), 0))
        example = _written(Decimal("19.90"), self.decimals)
        return say("Write a number, such as {number}.", number=example)

    def pre_validate(self, form: object) -> None:
        # What could not be read is said once, by itself.
        if self.process_errors:
            raise StopValidation


class WholeNumberField(NumberField):
    """A whole number."""

    def __init__(self, label: str | None = None, **options: Any) -> None:
        super().__init__(label, decimals=0, **options)


class TextField(StringField):
    """One line; what is empty is None."""

    def __init__(self, label: str | None = None, **options: Any) -> None:
        super().__init__(label, filters=[without_edges, lambda value: value or None], **options)


def _written(number: Decimal, decimals: int) -> str:
    """Write a number as it can be typed again: no grouping, which people leave out."""
    from babel.numbers import format_decimal

    pattern = "0"
    if decimals and number != number.to_integral_value():
        pattern = "0." + "0" * min(decimals, 2) + "#" * (decimals - 2)
    return format_decimal(number, format=pattern, locale=locale())
