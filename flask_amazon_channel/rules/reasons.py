"""Why a rule said so: a code for programs, a sentence with the numbers for people, the place to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

PLACES = frozenset(
    {
        "account",
        "alerts",
        "amazon",
        "conditions",
        "exchange-rates",
        "failures",
        "listing",
        "listing-rule",
        "mass-change",
        "matching",
        "order",
        "order-import",
        "orders",
        "price",
        "price-guards",
        "product",
        "publishing",
        "quotas",
        "report",
        "runs",
        "stock",
        "store",
    }
)
"""Where a Reason can be put right.  The pages turn each into a link."""


class Word(str):
    """A fact that is itself a word of ours, and so said in the reader's language: `Word("Price")`."""

    __slots__ = ()


ASPECTS = {
    "price": Word("price"),
    "quantity": Word("quantity"),
    "prices": Word("prices"),
    "quantities": Word("quantities"),
}
"""What is sent, as sentences say it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing a rule found.

    `text` is a sentence, with `{names}` for the numbers in `facts`; it is put together only when somebody
    reads it, because most reasons of a large catalogue are never read.  `see` is the place that decides it
    (`PLACES`).
    """

    code: str
    text: str
    see: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return _sentence(self.text, self.facts)

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "sentence": self.sentence, "see": self.see}


def because(code: str, text: str, see: str = "", **facts: Any) -> Reason:
    """Write `because("too_few", "{n} in stock, {needed} needed.", "stock", n=2, needed=3)`."""
    return Reason(code, text, see, facts)


def marked(text: str) -> str:
    """Mark a text that people read, so that translators find it; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation, as `explain` shows it: what was done and the value that it left."""

    text: str
    value: Decimal | int | str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return _sentence(self.text, self.facts)

    def as_json(self) -> dict[str, str]:
        return {"sentence": self.sentence, "value": readable(self.value)}


def readable(value: Any) -> str:
    """Write a fact for a person: no exponents, times in UTC to the minute."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return str(value)


def _sentence(text: str, facts: Mapping[str, Any]) -> str:
    return text.format(**{name: readable(value) for name, value in facts.items()}) if facts else text
