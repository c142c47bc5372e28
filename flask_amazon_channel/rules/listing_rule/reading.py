"""From what is stored, or typed, to a rule.  What is wrong with it is said for each part; a wrong rule is no rule.

{"match": "all", "holds": true, "parts": [
    {"field": "price", "operator": "is_at_least", "value": "15.00"},
    {"match": "any", "holds": true, "parts": [{"field": "attributes.category", "operator": "is_one_of", ...}]}]}
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from flask_amazon_channel.rules.listing_rule.conditions import PLACE, Condition, Group, ListingRule, Match
from flask_amazon_channel.rules.listing_rule.fields import SEVERAL, WITHOUT_VALUE, Field, FieldType, Operator
from flask_amazon_channel.rules.reasons import Reason, because

MOST_CONDITIONS = 50
LONGEST_TEXT = 200
MOST_VALUES = 200


class Problem(NamedTuple):
    """What is wrong, and with which part: `2`, or `2.0` within a group; empty: with the whole."""

    part: str
    reason: Reason


class Reading(NamedTuple):
    """The rule, or what is wrong with it.  No rule and no problem: there are no conditions."""

    rule: ListingRule | None
    problems: tuple[Problem, ...] = ()


def read(stored: Any, fields: Mapping[str, Field]) -> Reading:
    """Return the rule that is stored, or everything that is wrong with it.  `fields` come from `fields_of`."""
    if not stored:
        return Reading(None)
    problems: list[Problem] = []
    group = _group(stored, fields, "", problems)
    if group is not None and sum(1 for _ in _conditions(group)) > MOST_CONDITIONS:
        text = "The rule has more than {most} conditions. Put values together with “is one of”."
        problems.append(Problem("", because("too_many_conditions", text, PLACE, most=MOST_CONDITIONS)))
    if problems or group is None:
        return Reading(None, tuple(problems))
    return Reading(ListingRule(group.match, group.is_wanted, group.parts) if group.parts else None)


def _conditions(group: Group) -> list[Condition]:
    found = []
    for part in group.parts:
        found += [part] if isinstance(part, Condition) else _conditions(part)
    return found


def _group(stored: Any, fields: Mapping[str, Field], at: str, problems: list[Problem]) -> Group | None:
    if (
        not isinstance(stored, Mapping)
        or stored.get("match") not in set(Match)
        or not isinstance(stored.get("holds"), bool)
        or not isinstance(stored.get("parts"), list | tuple)
    ):
        problems.append(Problem(at, because("not_a_rule", "This is not a listing rule that can be read.", PLACE)))
        return None
    parts: list[Condition | Group | None] = []
    for number, part in enumerate(stored["parts"]):
        here = f"{at}.{number}" if at else str(number)
        if isinstance(part, Mapping) and "parts" in part:
            parts.append(_inner(part, fields, here, problems))
        else:
            parts.append(_condition(part, fields, here, problems))
    # A group without conditions asks nothing; it must not make a rule of which one part is enough fulfilled.
    kept = tuple(part for part in parts if part is not None and not (isinstance(part, Group) and not part.parts))
    return Group(Match(stored["match"]), stored["holds"], kept)


def _inner(stored: Any, fields: Mapping[str, Field], at: str, problems: list[Problem]) -> Group | None:
    if "." in at:
        text = "Groups lie one level deep: put these conditions into the group above."
        problems.append(Problem(at, because("too_deep", text, PLACE)))
        return None
    return _group(stored, fields, at, problems)


def _condition(stored: Any, fields: Mapping[str, Field], at: str, problems: list[Problem]) -> Condition | None:
    found = _read_condition(stored, fields)
    if isinstance(found, Reason):
        problems.append(Problem(at, found))
        return None
    return found


def _read_condition(stored: Any, fields: Mapping[str, Field]) -> Condition | Reason:
    if not isinstance(stored, Mapping) or not isinstance(stored.get("field"), str):
        return because("not_a_condition", "This is not a condition that can be read.", PLACE)
    field = fields.get(stored["field"])
    if field is None:
        text = "The shop has no attribute {name} (any more). Remove the condition, or bring the attribute back."
        return because("unknown_attribute", text, PLACE, name=stored["field"].removeprefix("attributes."))
    if stored.get("operator") not in field.operators:
        text = "{label} cannot be compared that way. Choose how it is compared."
        return because("wrong_operator", text, PLACE, label=field.label)
    operator = Operator(stored["operator"])
    if operator in WITHOUT_VALUE:
        return Condition(field, operator)
    return _READ[field.type](field, operator, stored.get("value"))


def _read_number(field: Field, operator: Operator, value: Any) -> Condition | Reason:
    try:
        number = Decimal(str(value).strip()) if not isinstance(value, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > 15 or len(str(value)) > 30:
        text = "{label} is compared with a number: write one."
        return because("wrong_value", text, PLACE, label=field.label)
    return Condition(field, operator, (number,))


def _read_yes_no(field: Field, operator: Operator, value: Any) -> Condition | Reason:
    answers = {True: True, False: False, "yes": True, "no": False}
    if not isinstance(value, bool | str) or value not in answers:
        return because("wrong_value", "{label} is compared with yes or no: choose one.", PLACE, label=field.label)
    return Condition(field, operator, (answers[value],))


def _read_texts(field: Field, operator: Operator, value: Any) -> Condition | Reason:
    given = list(value) if isinstance(value, list | tuple) else [value]
    texts = list(dict.fromkeys(one.strip() for one in given if isinstance(one, str) and one.strip()))
    if not texts or len(texts) > MOST_VALUES or any(len(one) > LONGEST_TEXT for one in texts):
        text = "Say with what {label} is compared: 1 to {most} values of at most {longest} characters each."
        return because("wrong_value", text, PLACE, label=field.label, most=MOST_VALUES, longest=LONGEST_TEXT)
    if len(texts) > 1 and operator not in SEVERAL:
        text = "{label} is compared with one value here. For several, choose “is one of” or “is none of”."
        return because("wrong_value", text, PLACE, label=field.label)
    if field.type is FieldType.CHOICE:
        unknown = next((one for one in texts if one not in field.choices), None)
        if unknown is not None:
            text = "{value} is not (any more) one of the values of {label}. Choose again."
            return because("unknown_choice", text, PLACE, label=field.label, value=unknown)
    is_tree = operator in (Operator.WITHIN, Operator.NOT_WITHIN)
    keys = field.beneath(texts) if is_tree else texts
    return Condition(field, operator, tuple(texts), frozenset(one.casefold() for one in keys))


_READ = {
    FieldType.TEXT: _read_texts,
    FieldType.CHOICE: _read_texts,
    FieldType.NUMBER: _read_number,
    FieldType.YES_NO: _read_yes_no,
}
