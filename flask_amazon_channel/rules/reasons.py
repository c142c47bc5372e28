"""Why a rule said so: a code for programs, a sentence with the numbers for people, the place to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_amazon_channel.rules.phrases import Phrase, Word, readable

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
    (`PLACES`).  `many` is the text for any number `n` of the facts but one, where it differs.
    """

    code: str
    text: str
    see: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    many: str = ""

    @property
    def sentence(self) -> Phrase:
        return Phrase(self.text, self.facts, self.many)

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "sentence": self.sentence, "see": self.see}


def because(code: str, text: str, see: str = "", **facts: Any) -> Reason:
    """Write `because("too_few", "{n} in stock, {needed} needed.", "stock", n=2, needed=3)`."""
    return Reason(code, text, see, facts)


def because_many(code: str, text: str, many: str, see: str = "", *, n: Decimal | int, **facts: Any) -> Reason:
    """Write `because_many("late", "{n} order is late.", "{n} orders are late.", "orders", n=2)`."""
    return Reason(code, text, see, {"n": n, **facts}, many)


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
    def sentence(self) -> Phrase:
        return Phrase(self.text, self.facts)

    def as_json(self) -> dict[str, str]:
        return {"sentence": self.sentence, "value": readable(self.value)}
