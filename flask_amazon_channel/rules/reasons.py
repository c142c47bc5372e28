"""Why a rule said so: a code for programs, a sentence with the numbers for people, the place to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing a rule found.

    `text` is a sentence, with `{names}` for the numbers in `facts`; it is put together only when somebody
    reads it, because most reasons of a large catalogue are never read.  `see` names the setting that decides it.
    """

    code: str
    text: str
    see: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return self.text.format(**self.facts) if self.facts else self.text

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "sentence": self.sentence, "see": self.see}


def because(code: str, text: str, see: str = "", **facts: Any) -> Reason:
    """Read as: because *code*: `because("too_few", "{n} in stock, {needed} needed.", "stock", n=2, needed=3)`."""
    return Reason(code, text, see, facts)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation, as `explain` shows it: what was done and the value that it left."""

    text: str
    value: Decimal | int | str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return self.text.format(**self.facts) if self.facts else self.text

    def as_json(self) -> dict[str, str]:
        return {"sentence": self.sentence, "value": str(self.value)}
