"""Example listings that keep to the schemas, from the examples that the declarations give."""

from typing import Any

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.product_types.catalogue import find_type
from flask_amazon_channel.simulator.product_types.declaration import Condition, Field, ProductType
from flask_amazon_channel.simulator.product_types.parentage import VARIATION_ATTRIBUTES
from flask_amazon_channel.simulator.product_types.schema import Making, example_of
from flask_amazon_channel.simulator.product_types.selection import needed_attributes, selected_attributes

Attributes = dict[str, list[dict[str, Any]]]
_USUAL = ("marketplace_id", "currency", "audience", "our_price", "quantity", "parent_sku")  # though not required


def example_attributes(
    product_type: str,
    marketplace: str,
    requirements: str = "LISTING",
    *,
    level: str = "NONE",
    every: bool = False,
    version: str = "LATEST",
) -> Attributes:
    """A valid listing: what is required, or with `every` all attributes and all their fields.

    `level` CHILD or PARENT gives a member of a variation family.  Raises KeyError for an unknown product type.
    """
    kind = find_type(product_type, version)
    making = Making(marketplace, MARKETPLACES[marketplace].language)
    fields = {each.name: each for each in selected_attributes(kind, requirements)}
    if level == "NONE":
        fields = {name: field for name, field in fields.items() if name not in VARIATION_ATTRIBUTES}
    names = set(fields) if every else set()
    attributes = {name: [_object(fields[name], making, every)] for name in sorted(names)}
    if "parentage_level" in fields and level != "NONE":
        attributes["parentage_level"] = [{"value": level.lower(), "marketplace_id": marketplace}]
    _add_needed(kind, attributes, fields, making, requirements)
    return attributes


def _add_needed(
    kind: ProductType, attributes: Attributes, fields: dict[str, Field], making: Making, requirements: str
) -> None:
    """Add what is required, and what is required because of what was added."""
    needed, rules = needed_attributes(kind, requirements, MARKETPLACES[making.marketplace].country)
    while True:
        due = [name for each in rules if _applies(each.when, attributes) for name in each.needs]
        missing = [name for name in (*needed, *due) if name not in attributes]
        if not missing:
            return
        attributes[missing[0]] = [_object(fields[missing[0]], making, every=False)]


def _applies(conditions: tuple[Condition, ...], attributes: Attributes) -> bool:
    return all(_is_met(each, attributes) == each.holds for each in conditions)


def _is_met(condition: Condition, attributes: Attributes) -> bool:
    values = attributes.get(condition.attribute, [])
    if not condition.values:
        return bool(values)
    return any(each.get(condition.field) in condition.values for each in values)


def _object(field: Field, making: Making, every: bool) -> dict[str, Any]:
    shown = (each for each in field.fields if each.needed or every or each.name in _USUAL)
    return {each.name: _value(each, making, every) for each in shown}


def _value(field: Field, making: Making, every: bool) -> Any:
    where = MARKETPLACES[making.marketplace]
    if field.type == "$ref":
        return where.id if field.name == "marketplace_id" else where.language
    if field.type == "object":
        return _object(field, making, every)
    if field.type == "array":
        return [_object(field, making, every)]
    example = example_of(field, making)
    return round(example) if field.name == "value_with_tax" and not where.decimals else example
