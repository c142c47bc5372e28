"""The words in which product types are declared: fields, attributes, groups of them, rules between them.

An attribute is a field of type array whose objects hold further fields.  Titles are English; translations are
looked up by them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Options = tuple[tuple[Any, str], ...]  # allowed values, each with its English name


@dataclass(frozen=True)
class Field:
    """`options` may name a list of `lists.py` that depends on the marketplace; `suggested` options are not binding."""

    name: str
    title: str
    type: str  # of JSON Schema
    example: Any = None
    rules: Mapping[str, Any] = field(default_factory=dict)  # further keywords of JSON Schema
    options: Options | str = ()
    suggested: bool = False
    needed: bool = True  # by the object that holds it
    editable: bool = True
    hidden: bool = False
    fields: tuple["Field", ...] = ()
    selectors: tuple[str, ...] = ()
    most: int | None = 1  # values with the same selectors
    description: str = ""
    lifecycle: Mapping[str, Any] | None = None


MARKETPLACE = Field("marketplace_id", "Marketplace", "$ref", needed=False)
LANGUAGE = Field("language_tag", "Language", "$ref")


def leaf(name: str, title: str, type: str, example: Any, **more: Any) -> Field:
    """A field that holds one value; keywords that are no facts of `Field` become rules of JSON Schema."""
    facts = {key: more.pop(key) for key in tuple(more) if key in Field.__dataclass_fields__}
    return Field(name, title, type, example, rules=more, **facts)


def options(text: str) -> Options:
    """`Stainless Steel, Glass` becomes the values stainless_steel and glass with these names."""
    names = [name.strip() for name in text.split(",")]
    return tuple((_key(name), name) for name in names)


def _key(name: str) -> str:
    return "".join(each if each.isalnum() else "_" for each in name.lower()).strip("_")


def array(name: str, title: str, *fields: Field, **facts: Any) -> Field:
    """A list of objects inside a value."""
    return Field(name, title, "array", fields=fields, **{"most": None, **facts})


def attribute(name: str, title: str, *fields: Field, **facts: Any) -> Field:
    """An attribute; its selectors are the marketplace and, where its values have a language, the language."""
    language = (LANGUAGE,) if facts.pop("localised", False) else ()
    own = facts.pop("selectors", tuple(each.name for each in (MARKETPLACE, *language)))
    return Field(name, title, "array", fields=(*fields, *language, MARKETPLACE), selectors=own, **facts)


def _single(name: str, title: str, value: Field, facts: dict[str, Any], localised: bool = False) -> Field:
    outer = {key: facts[key] for key in ("most", "selectors", "description", "lifecycle") if key in facts}
    return attribute(name, title, value, localised=localised, **outer)


def _inner(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in facts.items() if key not in ("most", "selectors", "description", "lifecycle")}


def text(name: str, title: str, example: str, bytes: int = 250, **facts: Any) -> Field:
    """Text in a language, at most so many bytes long in UTF-8."""
    value = leaf("value", title, "string", example, minLength=1, maxUtf8ByteLength=bytes, **_inner(facts))
    return _single(name, title, value, facts, localised=True)


def code(name: str, title: str, example: str, longest: int = 50, **facts: Any) -> Field:
    """Text without a language: a number of an article, an address on the web."""
    value = leaf("value", title, "string", example, minLength=1, maxLength=longest, **_inner(facts))
    return _single(name, title, value, facts)


def choice(name: str, title: str, allowed: str | Options, **facts: Any) -> Field:
    """One of some values; the first is the example."""
    values = options(allowed) if isinstance(allowed, str) else allowed
    value = leaf("value", title, "string", facts.pop("example", values[0][0]), options=values, **_inner(facts))
    return _single(name, title, value, facts)


def yes_no(name: str, title: str, example: bool = False, **facts: Any) -> Field:
    value = leaf("value", title, "boolean", example, options=((True, "Yes"), (False, "No")), **_inner(facts))
    return _single(name, title, value, facts)


def whole(name: str, title: str, example: int, least: int = 0, greatest: int = 100_000, **facts: Any) -> Field:
    value = leaf("value", title, "integer", example, minimum=least, maximum=greatest, **_inner(facts))
    return _single(name, title, value, facts)


def quantity_with_unit(title: str, unit: str, example: float) -> tuple[Field, Field]:
    """`unit` names a list of units."""
    value = leaf("value", title, "number", example, minimum=0, maximum=1_000_000)
    return value, leaf("unit", f"{title} Unit", "string", None, options=unit)


def measure(name: str, title: str, unit: str, example: float, **facts: Any) -> Field:
    return attribute(name, title, *quantity_with_unit(title, unit, example), **facts)


def sides(name: str, title: str, unit: str, **examples: float) -> Field:
    """Several measures in one value: length, width, height."""
    parts = []
    for side, example in examples.items():
        name_of_side = f"{title} {side.title()}"
        inner = quantity_with_unit(name_of_side, unit, example)
        parts.append(Field(side, name_of_side, "object", fields=inner))
    return attribute(name, title, *parts)


@dataclass(frozen=True)
class Condition:
    """An attribute has one of these values, or any value at all; or, where `holds` is false, it has not."""

    attribute: str
    values: tuple[Any, ...] = ()
    holds: bool = True
    field: str = "value"


def given(attribute: str, *values: Any, field: str = "value") -> Condition:
    return Condition(attribute, values, field=field)


def not_given(attribute: str, *values: Any, field: str = "value") -> Condition:
    return Condition(attribute, values, holds=False, field=field)


@dataclass(frozen=True)
class Rule:
    """Where all conditions hold, attributes are needed, or allow only some values."""

    when: tuple[Condition, ...]
    needs: tuple[str, ...] = ()
    allows: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def when(*conditions: Condition, needs: str = "", allows: Mapping[str, tuple[Any, ...]] | None = None) -> Rule:
    return Rule(conditions, tuple(needs.split()), allows or {})


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    description: str
    attributes: tuple[Field, ...]

    def and_also(self, *attributes: Field) -> "Group":
        return replace(self, attributes=(*self.attributes, *attributes))


@dataclass(frozen=True)
class ProductType:
    """`needs` are the attributes required everywhere; `needs_in`, by country, those required there besides."""

    name: str
    title: str
    groups: tuple[Group, ...]
    needs: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    needs_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keywords: str = ""  # by which a search finds it, besides its name and title
    revision: int = 1

    def attributes(self) -> Iterator[Field]:
        for group in self.groups:
            yield from group.attributes

    def changed(self, *attributes: Field) -> "ProductType":
        """The same with these attributes in place of those of the same name."""
        new = {each.name: each for each in attributes}
        groups = tuple(
            replace(group, attributes=tuple(new.get(each.name, each) for each in group.attributes))
            for group in self.groups
        )
        return replace(self, groups=groups)
