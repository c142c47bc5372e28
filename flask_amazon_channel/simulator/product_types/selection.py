"""Which attributes a schema holds and which it demands: by requirements and marketplace."""

from dataclasses import replace

from flask_amazon_channel.simulator.product_types.declaration import Field, Group, ProductType, Rule
from flask_amazon_channel.simulator.product_types.identity import OFFER_PICTURES

REQUIREMENTS = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")
_IN_BOTH = frozenset(
    (
        "externally_assigned_product_identifier",
        "supplier_declared_has_product_identifier_exemption",
        "merchant_suggested_asin",
    )
)
_OF_OFFERS = frozenset(each.name for each in OFFER_PICTURES)
OFFER_NEEDS = ("condition_type", "fulfillment_availability", "merchant_suggested_asin", "purchasable_offer")


def belongs(group: Group, attribute: Field, requirements: str) -> bool:
    """Whether an attribute is part of a requirements set."""
    of_offer = group.name == "offer" or attribute.name in _OF_OFFERS
    if requirements == "LISTING" or attribute.name in _IN_BOTH:
        return True
    return of_offer == (requirements == "LISTING_OFFER_ONLY")


def selected_groups(kind: ProductType, requirements: str) -> tuple[Group, ...]:
    """The groups with those attributes that are part of a requirements set."""
    groups = (
        replace(group, attributes=tuple(each for each in group.attributes if belongs(group, each, requirements)))
        for group in kind.groups
    )
    return tuple(group for group in groups if group.attributes)


def selected_attributes(kind: ProductType, requirements: str) -> list[Field]:
    return [each for group in selected_groups(kind, requirements) for each in group.attributes]


def needed_attributes(kind: ProductType, requirements: str, country: str) -> tuple[list[str], list[Rule]]:
    """The required attributes of a requirements set in a country, and the rules that concern it.

    Assumed: An offer on an existing product needs its ASIN, a condition, a price and a quantity.
    """
    if requirements == "LISTING_OFFER_ONLY":
        return sorted(OFFER_NEEDS), []
    names = {each.name for each in selected_attributes(kind, requirements)}
    needed = {*kind.needs, *kind.needs_in.get(country, ())} & names
    return sorted(needed), [rule for each in kind.rules if (rule := _within(each, names))]


def _within(rule: Rule, names: set[str]) -> Rule | None:
    """A rule without the attributes that the schema does not hold."""
    if any(each.holds and each.attribute not in names for each in rule.when):
        return None
    conditions = tuple(each for each in rule.when if each.attribute in names)
    needs = tuple(each for each in rule.needs if each in names)
    allows = {name: values for name, values in rule.allows.items() if name in names}
    return replace(rule, when=conditions, needs=needs, allows=allows) if needs or allows else None
