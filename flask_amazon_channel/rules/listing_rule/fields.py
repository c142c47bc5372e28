"""What a condition may be about: fields that every product has, and the attributes that the shop offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

from flask_amazon_channel.rules.phrases import Word
from flask_amazon_channel.rules.values import FulfilledBy, Kind, ShopAttribute, ShopProduct


class FieldType(StrEnum):
    """What the values of a field are."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Operator(StrEnum):
    """How a value is compared.  Text is compared without regard to upper and lower case."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "is_one_of"
    NONE_OF = "is_none_of"
    CONTAINS = "contains"
    LACKS = "does_not_contain"
    BEGINS = "begins_with"
    WITHIN = "is_within"
    NOT_WITHIN = "is_not_within"
    MORE = "is_more_than"
    AT_LEAST = "is_at_least"
    LESS = "is_less_than"
    AT_MOST = "is_at_most"
    EMPTY = "is_empty"
    NOT_EMPTY = "is_not_empty"


SEVERAL = frozenset({Operator.ONE_OF, Operator.NONE_OF, Operator.WITHIN, Operator.NOT_WITHIN})
"""Operators that take several values."""

WITHOUT_VALUE = frozenset({Operator.EMPTY, Operator.NOT_EMPTY})

OPERATORS: Mapping[FieldType, tuple[Operator, ...]] = {
    FieldType.TEXT: (
        Operator.IS,
        Operator.IS_NOT,
        Operator.ONE_OF,
        Operator.NONE_OF,
        Operator.CONTAINS,
        Operator.LACKS,
        Operator.BEGINS,
        Operator.EMPTY,
        Operator.NOT_EMPTY,
    ),
    FieldType.NUMBER: (
        Operator.AT_LEAST,
        Operator.MORE,
        Operator.AT_MOST,
        Operator.LESS,
        Operator.IS,
        Operator.IS_NOT,
        Operator.EMPTY,
        Operator.NOT_EMPTY,
    ),
    FieldType.CHOICE: (
        Operator.ONE_OF,
        Operator.NONE_OF,
        Operator.WITHIN,
        Operator.NOT_WITHIN,
        Operator.IS,
        Operator.IS_NOT,
        Operator.EMPTY,
        Operator.NOT_EMPTY,
    ),
    FieldType.YES_NO: (Operator.IS, Operator.IS_NOT),
}
"""The closed list, by type.  `is within` is for choices that form a tree."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something that every product has, or may have.

    `above` names for a choice the one above it, where the choices form a tree.
    """

    name: str
    label: str
    type: FieldType
    get: Callable[[ShopProduct], Any] = field(repr=False, compare=False)
    choices: tuple[str, ...] = ()
    above: Mapping[str, str] = field(default_factory=dict)

    @property
    def operators(self) -> tuple[Operator, ...]:
        known = OPERATORS[self.type]
        if self.above:
            return known
        return tuple(one for one in known if one not in (Operator.WITHIN, Operator.NOT_WITHIN))

    def beneath(self, choices: Iterable[str]) -> frozenset[str]:
        """Return these choices with all that lie below them in the tree."""
        found = set(choices)
        return frozenset(one for one in {*self.choices, *self.above, *found} if found & self._way_up(one))

    def _way_up(self, choice: str) -> set[str]:
        way: set[str] = set()
        at: str | None = choice
        while at is not None and at not in way:
            way.add(at)
            at = self.above.get(at)
        return way


def _identifier(name: str) -> Callable[[ShopProduct], Any]:
    return lambda product: product.identifiers.get(name)


def _attribute(name: str) -> Callable[[ShopProduct], Any]:
    return lambda product: product.attributes.get(name)


_NUMBERS = {"price": Word("Price"), "sale_price": Word("Sale price"), "quantity": Word("Quantity")}
_TEXTS = {
    "sku": Word("SKU"),
    "title": Word("Title"),
    "brand": Word("Brand"),
    "family": Word("Family"),
    "condition": Word("Condition"),
}
_IDENTIFIERS = {
    "asin": Word("ASIN"),
    "ean": Word("EAN"),
    "upc": Word("UPC"),
    "isbn": Word("ISBN"),
    "gcid": Word("GCID"),
}

STANDARD: Mapping[str, Field] = {
    one.name: one
    for one in (
        *(Field(name, label, FieldType.NUMBER, attrgetter(name)) for name, label in _NUMBERS.items()),
        *(Field(name, label, FieldType.TEXT, attrgetter(name)) for name, label in _TEXTS.items()),
        Field("kind", Word("Kind"), FieldType.CHOICE, attrgetter("kind"), tuple(map(str, Kind))),
        Field(
            "fulfilled_by",
            Word("Fulfilled by"),
            FieldType.CHOICE,
            attrgetter("fulfilled_by"),
            tuple(map(str, FulfilledBy)),
        ),
        *(
            Field(f"identifiers.{name}", label, FieldType.TEXT, _identifier(name))
            for name, label in _IDENTIFIERS.items()
        ),
    )
}
"""The fields that every shop has, by name.  Quantity is the shop's, before the channel's buffer and maximum."""


def fields_of(attributes: Iterable[ShopAttribute]) -> dict[str, Field]:
    """Return all fields by name: the standard ones, and the shop's attributes as `attributes.<name>`.

    An attribute of a type that is unknown here is taken as text.
    """
    fields = dict(STANDARD)
    for one in attributes:
        kind = FieldType(one.type) if one.type in set(FieldType) else FieldType.TEXT
        name = f"attributes.{one.name}"
        fields[name] = Field(name, one.label, kind, _attribute(one.name), tuple(one.choices), dict(one.tree))
    return fields
