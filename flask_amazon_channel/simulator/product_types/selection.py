"""Which attributes a schema holds and which it demands: by requirements, marketplace and parentage level."""

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
_OFFER_NEEDS = ("condition_type", "fulfillment_availability", "merchant_suggested_asin", "purchasable_offer")


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
        return sorted(_OFFER_NEEDS), []
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


def at_level(kind: ProductType, level: str) -> ProductType:
    """The same product type for parents, for children, or for listings outside of variations."""
    if not level:
        return kind
    value = level.lower()
    groups, needs, rules = kind.groups, kind.needs, []
    for rule in kind.rules:
        verdict = [_holds(each.attribute, each.values, each.holds, value) for each in rule.when]
        if False in verdict:
            continue
        left = tuple(each for each, known in zip(rule.when, verdict, strict=True) if known is None)
        if left or rule.allows:
            rules.append(replace(rule, when=left))
        else:
            needs = (*needs, *rule.needs)
    dropped = VARIATION_ATTRIBUTES if level == "NONE" else frozenset()
    if level == "PARENT":
        dropped = frozenset(each.name for group in groups if group.name == "offer" for each in group.attributes)
    groups = tuple(
        replace(group, attributes=tuple(each for each in group.attributes if each.name not in dropped))
        for group in groups
    )
    needs = tuple(each for each in dict.fromkeys(needs) if each not in dropped)
    return replace(kind, groups=tuple(each for each in groups if each.attributes), needs=needs, rules=tuple(rules))


VARIATION_ATTRIBUTES = frozenset(("parentage_level", "child_parent_sku_relationship", "variation_theme"))


def _holds(attribute: str, values: tuple[str, ...], holds: bool, level: str) -> bool | None:
    """Whether a condition on the parentage level holds; None for a condition on something else."""
    if attribute not in VARIATION_ATTRIBUTES:
        return None
    if attribute != "parentage_level":
        return None if level != "none" else not holds
    return ((level in values) if values else level != "none") == holds
