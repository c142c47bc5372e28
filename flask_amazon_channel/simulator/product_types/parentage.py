"""A product type for one level of variation families only: what is known of the level needs no rule any more."""

from dataclasses import replace

from flask_amazon_channel.simulator.product_types.declaration import Condition, Field, ProductType, Rule

VARIATION_ATTRIBUTES = ("parentage_level", "child_parent_sku_relationship", "variation_theme")
LEVELS = ("NONE", "CHILD", "PARENT")


def at_level(kind: ProductType, level: str) -> ProductType:
    """The product type for listings outside of families (NONE), for children or for parents.

    Assumed: A schema for parents has no attributes of the offer, and one for NONE none of families.
    """
    if not level:
        return kind
    dropped = _dropped(kind, level)
    groups = tuple(
        replace(
            group, attributes=tuple(_narrowed(each, level) for each in group.attributes if each.name not in dropped)
        )
        for group in kind.groups
    )
    kept = {each.name for group in groups for each in group.attributes}
    rules = [rule for each in kind.rules if (rule := _resolved(each, level)) is not None]
    entailed = [name for each in rules if not each.when for name in each.needs]
    needs = (*kind.needs, *entailed, "parentage_level")
    return replace(
        kind,
        groups=tuple(each for each in groups if each.attributes),
        needs=tuple(each for each in dict.fromkeys(needs) if each in kept),
        rules=tuple(each for each in rules if each.when),
    )


def _dropped(kind: ProductType, level: str) -> set[str]:
    if level == "NONE":
        return set(VARIATION_ATTRIBUTES)
    groups = [group for group in kind.groups if group.name == "offer" and level == "PARENT"]
    return {each.name for group in groups for each in group.attributes}


def _narrowed(attribute: Field, level: str) -> Field:
    """The level itself can only be this one."""
    if attribute.name != "parentage_level":
        return attribute
    fields = tuple(
        replace(each, options=((level.lower(), level.title()),), example=level.lower()) if each.options else each
        for each in attribute.fields
    )
    return replace(attribute, fields=fields)


def _resolved(rule: Rule, level: str) -> Rule | None:
    """A rule without the conditions that hold at this level; None where one of them never holds."""
    verdicts = [_verdict(each, level) for each in rule.when]
    if False in verdicts:
        return None
    left = tuple(each for each, verdict in zip(rule.when, verdicts, strict=True) if verdict is None)
    return replace(rule, when=left)


def _verdict(condition: Condition, level: str) -> bool | None:
    """Whether a condition holds at this level; None where that is not known, or nobody has a level."""
    if condition.attribute != "parentage_level" or level == "NONE":
        return None
    return (not condition.values or level.lower() in condition.values) == condition.holds
