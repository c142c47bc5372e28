"""Variation families: parents, which are not sold, and the children that buyers choose from."""

from flask_amazon_channel.simulator.product_types.declaration import (
    Field,
    Group,
    Rule,
    attribute,
    given,
    leaf,
    not_given,
    when,
)

_LEVELS = (("parent", "Parent"), ("child", "Child"))
_RELATIONSHIPS = (("variation", "Variation"), ("package_contains", "Package Contains"))


def variations(*themes: str) -> Group:
    """The attributes of a family whose children differ by one of these themes, such as COLOR/SIZE."""
    names = tuple((theme, " and ".join(part.title() for part in theme.split("/"))) for theme in themes)
    theme = leaf("name", "Variation Theme", "string", themes[0], options=names, editable=False)
    return Group(
        "variations",
        "Variations",
        "How the product belongs to a family of variants.",
        (
            attribute("parentage_level", "Parentage Level", _level()),
            attribute(
                "child_parent_sku_relationship",
                "Parent of the Child",
                leaf("child_relationship_type", "Kind of Relationship", "string", "variation", options=_RELATIONSHIPS),
                leaf("parent_sku", "Parent SKU", "string", "PARENT-1", minLength=1, maxLength=40, needed=False),
                selectors=("marketplace_id", "child_relationship_type"),
            ),
            attribute("variation_theme", "Variation Theme", theme),
        ),
    )


def _level() -> Field:
    return leaf("value", "Parentage Level", "string", "child", options=_LEVELS, editable=False)


def family_rules(*themes: str) -> tuple[Rule, ...]:
    """A child names its parent and has the attributes of its theme; a parent names only the theme."""
    child = given("parentage_level", "child")
    by_theme = (
        when(child, given("variation_theme", theme, field="name"), needs=theme.lower().replace("/", " "))
        for theme in themes
    )
    return (
        when(child, needs="child_parent_sku_relationship variation_theme"),
        when(given("parentage_level", "parent"), needs="variation_theme"),
        when(given("child_parent_sku_relationship"), needs="parentage_level"),
        *by_theme,
    )


OFFER_RULE = when(
    not_given("skip_offer", True),
    not_given("parentage_level", "parent"),
    needs="condition_type fulfillment_availability purchasable_offer",
)
IDENTIFIER_RULE = when(
    not_given("merchant_suggested_asin"),
    not_given("supplier_declared_has_product_identifier_exemption", True),
    not_given("parentage_level", "parent"),
    needs="externally_assigned_product_identifier",
)
