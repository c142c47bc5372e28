"""The rule as sentences, as one would say it to somebody."""

from __future__ import annotations

from typing import NamedTuple

from flask_amazon_channel.rules.listing_rule.conditions import PLACE, Condition, Group, ListingRule, Match
from flask_amazon_channel.rules.listing_rule.fields import Operator
from flask_amazon_channel.rules.reasons import Reason, because


class Line(NamedTuple):
    """One line: what it says, and how deep it stands."""

    said: Reason
    depth: int


_GROUPS = {
    (Match.ALL, True): "Offered is what fulfils all of these:",
    (Match.ANY, True): "Offered is what fulfils at least one of these:",
    (Match.ALL, False): "Offered is what fulfils none of these:",
    (Match.ANY, False): "Offered is what fails at least one of these:",
}
_WITHIN = {
    (Match.ALL, True): "all of these:",
    (Match.ANY, True): "at least one of these:",
    (Match.ALL, False): "none of these:",
    (Match.ANY, False): "not all of these:",
}
_CONDITIONS = {
    Operator.IS: "{label} is {wanted}",
    Operator.IS_NOT: "{label} is not {wanted}",
    Operator.ONE_OF: "{label} is one of: {wanted}",
    Operator.NONE_OF: "{label} is none of: {wanted}",
    Operator.CONTAINS: "{label} contains {wanted}",
    Operator.LACKS: "{label} does not contain {wanted}",
    Operator.BEGINS: "{label} begins with {wanted}",
    Operator.WITHIN: "{label} lies within {wanted}",
    Operator.NOT_WITHIN: "{label} does not lie within {wanted}",
    Operator.MORE: "{label} is more than {wanted}",
    Operator.AT_LEAST: "{label} is at least {wanted}",
    Operator.LESS: "{label} is less than {wanted}",
    Operator.AT_MOST: "{label} is at most {wanted}",
    Operator.EMPTY: "{label} is missing",
    Operator.NOT_EMPTY: "{label} is there",
}
_EVERYTHING = "Offered is every product of a kind that Amazon takes."


def aloud(rule: ListingRule | None) -> list[Line]:
    """Return the rule line by line; without a rule, the one line that says so."""
    if rule is None or not rule.parts:
        return [Line(because("listing_rule", _EVERYTHING, PLACE), 0)]
    lines = [Line(because("listing_rule", _GROUPS[rule.match, rule.is_wanted], PLACE), 0)]
    for part in rule.parts:
        lines += _part(part, 1)
    return lines


def said(condition: Condition) -> Reason:
    """Return one condition as it is said."""
    label, wanted = condition.field.label, condition.wanted if condition.values else ""
    return because("listing_rule", _CONDITIONS[condition.operator], PLACE, label=label, wanted=wanted)


def _part(part: Condition | Group, depth: int) -> list[Line]:
    if isinstance(part, Condition):
        return [Line(said(part), depth)]
    lines = [Line(because("listing_rule", _WITHIN[part.match, part.is_wanted], PLACE), depth)]
    for one in part.parts:
        lines += _part(one, depth + 1)
    return lines
