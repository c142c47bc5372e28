"""Which products does a store offer?  The listing rule: conditions over what the shop knows of its products.

fields.py      what a condition may be about, and the closed list of operators that each type of it has
conditions.py  conditions and groups, and what they say about a product
aloud.py       the rule as sentences
reading.py     from what is stored, or typed, to a rule; what is wrong with it is said

A rule asks that all or at least one of its parts hold, or do not hold.  A part is a condition or a group of conditions;
groups lie one level deep.  A rule without parts offers everything.
"""

from flask_amazon_channel.rules.listing_rule.aloud import Line, aloud
from flask_amazon_channel.rules.listing_rule.conditions import Condition, Finding, Group, ListingRule, Match, Verdict
from flask_amazon_channel.rules.listing_rule.fields import OPERATORS, Field, FieldType, Operator, fields_of
from flask_amazon_channel.rules.listing_rule.reading import Problem, Reading, read

__all__ = [
    "OPERATORS",
    "Condition",
    "Field",
    "FieldType",
    "Finding",
    "Group",
    "Line",
    "ListingRule",
    "Match",
    "Operator",
    "Problem",
    "Reading",
    "Verdict",
    "aloud",
    "fields_of",
    "read",
]
