"""How the parts of a listing rule are called and written on its page."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_amazon_channel.admin.words import locale, marked, say, sentence
from flask_amazon_channel.rules.listing_rule import Condition, Field, FieldType, Finding, Operator
from flask_amazon_channel.rules.listing_rule.aloud import said as aloud_of
from flask_amazon_channel.rules.phrases import Word
from flask_amazon_channel.sync.listing_rule_preview import Effect

OPERATORS = {
    Operator.IS: marked("is"),
    Operator.IS_NOT: marked("is not"),
    Operator.ONE_OF: marked("is one of"),
    Operator.NONE_OF: marked("is none of"),
    Operator.CONTAINS: marked("contains"),
    Operator.LACKS: marked("does not contain"),
    Operator.BEGINS: marked("begins with"),
    Operator.WITHIN: marked("lies within"),
    Operator.NOT_WITHIN: marked("does not lie within"),
    Operator.MORE: marked("is more than"),
    Operator.AT_LEAST: marked("is at least"),
    Operator.LESS: marked("is less than"),
    Operator.AT_MOST: marked("is at most"),
    Operator.EMPTY: marked("is missing"),
    Operator.NOT_EMPTY: marked("is there"),
}
EFFECTS = {
    Effect.LISTED: marked("Will be listed"),
    Effect.INELIGIBLE: marked("Will become ineligible"),
    Effect.SAME: marked("Stays as it is"),
}


def operator(one: Operator) -> str:
    return say(OPERATORS[one])


def effect(one: Effect) -> str:
    return say(EFFECTS[one])


def label(field: Field) -> str:
    """Return what the field is called: ours in the reader's language, the shop's attributes as the shop calls them."""
    return say(field.label) if not field.name.startswith("attributes.") else field.label


def groups(fields: dict[str, Field]) -> list[tuple[str, list[Field]]]:
    """Return the fields as the list of choices shows them."""
    kinds = (
        (say("Attributes of the shop"), lambda name: name.startswith("attributes.")),
        (say("Every product"), lambda name: "." not in name),
        (say("Identifiers"), lambda name: name.startswith("identifiers.")),
    )
    found = [(said, [one for name, one in fields.items() if is_of(name)]) for said, is_of in kinds]
    return [(said, some) for said, some in found if some]


def depth(field: Field, choice: str) -> int:
    """Return how deep a choice lies in its tree."""
    way: list[str] = []
    at: str | None = choice
    while (at := field.above.get(at or "")) is not None and at not in way:
        way.append(at)
    return len(way)


def written(field: Field, value: Any) -> str:
    """Write a value into its box: a number as the reader writes numbers, several texts with commas."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if field.type is FieldType.NUMBER:
        return _number(str(value))
    return str(value)


def _number(text: str) -> str:
    from babel.numbers import format_decimal

    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    places = max(0, -int(number.as_tuple().exponent)) if number.is_finite() else -1
    if not 0 <= places <= 15:
        return text
    return format_decimal(number, format="0." + "0" * places if places else "0", locale=locale())


def said(condition: Condition) -> str:
    """Return a condition as it is said."""
    return sentence(aloud_of(condition))


def found(finding: Finding) -> str:
    """Return what the product has."""
    return say(finding.found) if isinstance(finding.found, Word) else finding.found
