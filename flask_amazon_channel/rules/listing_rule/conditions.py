"""Conditions and groups, and what they say about a product: yes, no, or that nobody can say.

A value that is of another type than the shop declared cannot be compared.  Then the condition is neither true nor
false, and so is the rule, unless its other parts decide it: a product is never excluded because of what nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from flask_amazon_channel.rules.listing_rule.fields import WITHOUT_VALUE, Field, FieldType, Operator
from flask_amazon_channel.rules.phrases import Word
from flask_amazon_channel.rules.reasons import Reason, because, because_many
from flask_amazon_channel.rules.values import ShopProduct

PLACE = "listing-rule"
NONE = Word("(none)")
YES, NO = Word("yes"), Word("no")


class Match(StrEnum):
    """How many of the parts have to be as they are wanted."""

    ALL = "all"
    ANY = "any"


class _Unreadable(Exception):
    """The shop's value is not of the type that it declared."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison.

    `values` are what it is compared with: texts, of which several only where the operator takes several; one Decimal;
    one bool.  `keys` are the same as they are compared, with all that lies beneath where the operator is about a tree.
    """

    field: Field
    operator: Operator
    values: tuple[Any, ...] = ()
    keys: frozenset[str] = frozenset()

    def holds(self, product: ShopProduct) -> bool | None:
        """Return whether it holds, None where nobody can say."""
        found = self.field.get(product)
        try:
            if self.operator in WITHOUT_VALUE:
                return _is_empty(found) is (self.operator is Operator.EMPTY)
            return _COMPARE[self.field.type](self, found)
        except _Unreadable:
            return None

    @property
    def wanted(self) -> str:
        """Return what it is compared with, for people."""
        if self.field.type is FieldType.YES_NO:
            return YES if self.values[0] else NO
        return ", ".join(format(one, "f") if isinstance(one, Decimal) else str(one) for one in self.values)

    def found(self, product: ShopProduct) -> str:
        """Return the product's value, for people."""
        found = self.field.get(product)
        if self.field.type is FieldType.YES_NO:
            return YES if found else NO
        if _is_empty(found):
            return NONE
        if isinstance(found, list | tuple | set | frozenset):
            return ", ".join(map(str, found))
        return format(found, "f") if isinstance(found, Decimal) else str(found)

    def reason(self, product: ShopProduct, is_wanted: bool) -> Reason:
        """Return why the product is excluded by it: it does not hold and should, or holds and should not."""
        return because(
            "listing_rule",
            (_NOT_AS_WANTED if is_wanted else _NOT_WANTED)[self.operator],
            PLACE,
            label=self.field.label,
            found=self.found(product),
            wanted=self.wanted,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What one condition says about one product: for people who try a rule."""

    condition: Condition
    found: str
    holds: bool | None
    depth: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says about a product: the reasons that exclude it, or why nobody can say."""

    reasons: tuple[Reason, ...] = ()
    unknown: Reason | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all or at least one have to hold, or not to hold.  Without parts it is fulfilled."""

    match: Match = Match.ALL
    is_wanted: bool = True
    parts: tuple[Condition | Group, ...] = ()

    def holds(self, product: ShopProduct) -> bool | None:
        """Return whether it is fulfilled, None where nobody can say."""
        if not self.parts:
            return True
        decides = self.match is Match.ANY
        is_unknown = False
        for part in self.parts:
            holds = part.holds(product)
            if holds is None:
                is_unknown = True
            elif (holds is self.is_wanted) is decides:
                return decides
        return None if is_unknown else not decides

    def reasons(self, product: ShopProduct) -> Iterator[Reason]:
        """Yield why a product that does not fulfil it is excluded."""
        if self.match is Match.ANY and len(self.parts) > 1:
            yield because("listing_rule", _NONE_HOLDS if self.is_wanted else _ALL_HOLD, PLACE, n=len(self.parts))
        for part in self.parts:
            if part.holds(product) is not (not self.is_wanted):
                continue
            if isinstance(part, Condition):
                yield part.reason(product, self.is_wanted)
            elif self.is_wanted:
                yield from part.reasons(product)
            else:
                yield because_many("listing_rule", _CONDITION_HOLDS, _GROUP_HOLDS, PLACE, n=len(part.parts))

    def findings(self, product: ShopProduct, depth: int = 0) -> Iterator[Finding]:
        """Yield what each condition says about the product."""
        for part in self.parts:
            if isinstance(part, Condition):
                yield Finding(part, part.found(product), part.holds(product), depth)
            else:
                yield from part.findings(product, depth + 1)


@dataclass(frozen=True, slots=True)
class ListingRule(Group):
    """The rule of one store."""

    def judge(self, product: ShopProduct) -> Verdict:
        """Return what it says about the product."""
        holds = self.holds(product)
        if holds:
            return _FULFILLED
        if holds is None:
            return Verdict(unknown=self._unknown(product))
        return Verdict(tuple(self.reasons(product)))

    def _unknown(self, product: ShopProduct) -> Reason:
        unread = next(one for one in self.findings(product) if one.holds is None)
        text = (
            "The shop's {label} of this product is {found}, which cannot be compared: the listing rule cannot decide. "
            "Until it can, no more of it is offered than is now."
        )
        return because(
            "listing_rule_undecided", text, "product", label=unread.condition.field.label, found=unread.found
        )


_FULFILLED = Verdict()

_NONE_HOLDS = "Of {n} conditions of the listing rule at least one has to hold, and none does."
_ALL_HOLD = "Of {n} conditions of the listing rule at least one must not hold, and all do."
_CONDITION_HOLDS = "The listing rule leaves out what fulfils a group of {n} condition, and it does."
_GROUP_HOLDS = "The listing rule leaves out what fulfils a group of {n} conditions, and it does."

_NOT_AS_WANTED = {
    Operator.IS: "{label} is {found}; the listing rule wants {wanted}.",
    Operator.IS_NOT: "{label} is {found}; the listing rule wants anything but {wanted}.",
    Operator.ONE_OF: "{label} is {found}; the listing rule wants one of: {wanted}.",
    Operator.NONE_OF: "{label} is {found}; the listing rule wants none of: {wanted}.",
    Operator.CONTAINS: "{label} is {found}; the listing rule wants it to contain {wanted}.",
    Operator.LACKS: "{label} is {found}; the listing rule wants it not to contain {wanted}.",
    Operator.BEGINS: "{label} is {found}; the listing rule wants it to begin with {wanted}.",
    Operator.WITHIN: "{label} is {found}; the listing rule wants it to lie within {wanted}.",
    Operator.NOT_WITHIN: "{label} is {found}; the listing rule wants nothing that lies within {wanted}.",
    Operator.MORE: "{label} is {found}; the listing rule wants more than {wanted}.",
    Operator.AT_LEAST: "{label} is {found}; the listing rule wants at least {wanted}.",
    Operator.LESS: "{label} is {found}; the listing rule wants less than {wanted}.",
    Operator.AT_MOST: "{label} is {found}; the listing rule wants at most {wanted}.",
    Operator.EMPTY: "{label} is {found}; the listing rule wants none.",
    Operator.NOT_EMPTY: "{label} is missing; the listing rule wants one.",
}
_NOT_WANTED = {
    Operator.IS: "{label} is {found}; the listing rule leaves out {wanted}.",
    Operator.IS_NOT: "{label} is {found}; the listing rule leaves out everything but {wanted}.",
    Operator.ONE_OF: "{label} is {found}; the listing rule leaves out: {wanted}.",
    Operator.NONE_OF: "{label} is {found}; the listing rule leaves out everything but: {wanted}.",
    Operator.CONTAINS: "{label} is {found}; the listing rule leaves out what contains {wanted}.",
    Operator.LACKS: "{label} is {found}; the listing rule leaves out what does not contain {wanted}.",
    Operator.BEGINS: "{label} is {found}; the listing rule leaves out what begins with {wanted}.",
    Operator.WITHIN: "{label} is {found}; the listing rule leaves out what lies within {wanted}.",
    Operator.NOT_WITHIN: "{label} is {found}; the listing rule leaves out what does not lie within {wanted}.",
    Operator.MORE: "{label} is {found}; the listing rule leaves out more than {wanted}.",
    Operator.AT_LEAST: "{label} is {found}; the listing rule leaves out {wanted} and more.",
    Operator.LESS: "{label} is {found}; the listing rule leaves out less than {wanted}.",
    Operator.AT_MOST: "{label} is {found}; the listing rule leaves out {wanted} and less.",
    Operator.EMPTY: "{label} is missing; the listing rule leaves out what has none.",
    Operator.NOT_EMPTY: "{label} is {found}; the listing rule leaves out what has one.",
}


def _is_empty(found: Any) -> bool:
    if isinstance(found, str):
        return not found.strip()
    return found is None or (isinstance(found, list | tuple | set | frozenset | Mapping) and not found)


def _texts(found: Any) -> list[str]:
    """Return the value as it is compared; an attribute may have several."""
    if _is_empty(found):
        return []
    if isinstance(found, Mapping):
        raise _Unreadable
    several = found if isinstance(found, list | tuple | set | frozenset) else (found,)
    return [str(one).strip().casefold() for one in several]


def _number(found: Any) -> Decimal | None:
    if found is None or found == "":
        return None
    if isinstance(found, bool):
        raise _Unreadable
    try:
        number = Decimal(str(found))
    except InvalidOperation:
        raise _Unreadable from None
    if not number.is_finite():
        raise _Unreadable
    return number


def _compare_texts(condition: Condition, found: Any) -> bool:
    texts, keys = _texts(found), condition.keys
    match condition.operator:
        case Operator.IS | Operator.ONE_OF | Operator.WITHIN:
            return any(text in keys for text in texts)
        case Operator.IS_NOT | Operator.NONE_OF | Operator.NOT_WITHIN:
            return not any(text in keys for text in texts)
        case Operator.CONTAINS:
            return any(key in text for text in texts for key in keys)
        case Operator.LACKS:
            return not any(key in text for text in texts for key in keys)
        case _:
            return any(text.startswith(key) for text in texts for key in keys)


def _compare_numbers(condition: Condition, found: Any) -> bool:
    number, wanted = _number(found), condition.values[0]
    if number is None:
        return condition.operator is Operator.IS_NOT
    return _NUMBERS[condition.operator](number, wanted)


def _compare_yes_no(condition: Condition, found: Any) -> bool:
    if found not in (True, False, None):
        raise _Unreadable
    return (bool(found) is condition.values[0]) is (condition.operator is Operator.IS)


_NUMBERS: Mapping[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.IS: lambda number, wanted: number == wanted,
    Operator.IS_NOT: lambda number, wanted: number != wanted,
    Operator.MORE: lambda number, wanted: number > wanted,
    Operator.AT_LEAST: lambda number, wanted: number >= wanted,
    Operator.LESS: lambda number, wanted: number < wanted,
    Operator.AT_MOST: lambda number, wanted: number <= wanted,
}
_COMPARE: Mapping[FieldType, Callable[[Condition, Any], bool]] = {
    FieldType.TEXT: _compare_texts,
    FieldType.CHOICE: _compare_texts,
    FieldType.NUMBER: _compare_numbers,
    FieldType.YES_NO: _compare_yes_no,
}
