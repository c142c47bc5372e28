"""JSON Schema 2019-09 documents in the shape of Amazon's, made from declarations."""

from dataclasses import dataclass
from typing import Any

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.product_types.declaration import Condition, Field, Options, ProductType, Rule
from flask_amazon_channel.simulator.product_types.lists import options_in
from flask_amazon_channel.simulator.product_types.selection import needed_attributes, selected_attributes
from flask_amazon_channel.simulator.product_types.translations import translate

Json = dict[str, Any]
BASE = "https://schemas.amazon.com/selling-partners/definitions/product-types"
META_SCHEMA_ID = f"{BASE}/meta-schema/v1"


@dataclass(frozen=True)
class Making:
    """For whom a schema is made: the marketplace, the language of its words, a seller or nobody."""

    marketplace: str
    locale: str
    seller: str = ""

    def word(self, english: str) -> str:
        return translate(english, self.locale)

    def options(self, field: Field) -> Options:
        if isinstance(field.options, str):
            return options_in(field.options, self.marketplace, self.seller)
        return field.options


def definitions(making: Making) -> Json:
    """`$defs`: the selectors that attributes share.

    Seen in public: Amazon's schemas name the marketplace's own id and language, and accept any text in their place.
    """
    where = MARKETPLACES[making.marketplace]
    return {
        "marketplace_id": _shared(making.word("Marketplace"), where.id, where.name),
        "language_tag": _shared(making.word("Language"), where.language, where.language.replace("_", "-")),
    }


def _shared(title: str, value: str, name: str) -> Json:
    return {
        "title": title,
        "default": value,
        "editable": False,
        "hidden": True,
        "examples": [value],
        "type": "string",
        "anyOf": [{"type": "string"}, {"type": "string", "enum": [value], "enumNames": [name]}],
    }


def attribute_schema(field: Field, making: Making) -> Json:
    """One attribute, or one list inside an attribute."""
    schema: Json = {**_words(field, making), "type": "array", "minItems": 1, **field.rules}
    if field.most is not None:
        schema |= {"minUniqueItems": 1, "maxUniqueItems": field.most}
    if field.selectors:
        schema["selectors"] = list(field.selectors)
    return schema | {"items": _object(field, making)}


def _object(field: Field, making: Making) -> Json:
    return {
        "type": "object",
        "required": sorted(each.name for each in field.fields if each.needed),
        "properties": {each.name: _property(each, making) for each in field.fields},
        "additionalProperties": False,
    }


def _property(field: Field, making: Making) -> Json:
    if field.type == "$ref":
        return {"$ref": f"#/$defs/{field.name}"}
    if field.type == "array":
        return attribute_schema(field, making)
    if field.type == "object":
        return {**_words(field, making), **_object(field, making)}
    return _leaf(field, making)


def _words(field: Field, making: Making) -> Json:
    title = making.word(field.title)
    words: Json = {"title": title, "description": making.word(field.description) or _description(title, making)}
    if field.type == "array" and (example := _example_text(field, making)):
        words["examples"] = [example]
    if field.lifecycle:
        words["$lifecycle"] = dict(field.lifecycle)
    return words


def _description(title: str, making: Making) -> str:
    return making.word("{title} of the product.").format(title=title)


def _example_text(field: Field, making: Making) -> str:
    first = next((each for each in field.fields if each.type not in ("$ref", "array", "object")), None)
    return "" if first is None else str(example_of(first, making))


def example_of(field: Field, making: Making) -> Any:
    """The declared example of a leaf, or the first of its options."""
    if field.example is None:
        return making.options(field)[0][0]
    return field.example


def _leaf(field: Field, making: Making) -> Json:
    schema = {**_words(field, making), "editable": field.editable, "hidden": field.hidden}
    schema |= {"examples": [example_of(field, making)], "type": field.type, **field.rules}
    allowed = making.options(field)
    if not allowed:
        return schema
    listed = {"enum": [value for value, _ in allowed], "enumNames": [making.word(name) for _, name in allowed]}
    if field.suggested:
        return schema | {"anyOf": [{"type": field.type}, {"type": field.type, **listed}]}
    return schema | listed


def rule_schema(rule: Rule) -> Json:
    then: Json = {}
    if rule.needs:
        then["required"] = list(rule.needs)
    if rule.allows:
        then["properties"] = {name: _only(values) for name, values in rule.allows.items()}
    return {"if": {"allOf": [_condition(each) for each in rule.when]}, "then": then}


def _condition(condition: Condition) -> Json:
    name, field = condition.attribute, condition.field
    schema: Json = {"required": [name]}
    if condition.values:
        value = {"required": [field], "properties": {field: {"enum": list(condition.values)}}}
        schema["properties"] = {name: {"contains": value}}
    return schema if condition.holds else {"not": schema}


def _only(values: tuple[Any, ...]) -> Json:
    return {"items": {"properties": {"value": {"enum": list(values)}}}}


def demands(kind: ProductType, making: Making, requirements: str) -> Json:
    """What a whole listing must hold: required attributes, and rules between attributes."""
    country = MARKETPLACES[making.marketplace].country
    needed, rules = needed_attributes(kind, requirements, country)
    demanded: Json = {"required": needed}
    if rules:
        demanded["allOf"] = [rule_schema(each) for each in rules]
    return demanded


def document(kind: ProductType, making: Making, requirements: str, enforced: bool = True) -> Json:
    """The whole schema of a product type."""
    demanded = demands(kind, making, requirements)
    if not enforced:
        demanded = _not_enforced(demanded)
    return {
        "$schema": META_SCHEMA_ID,
        "$id": f"{BASE}/schema/v1/{kind.name}",
        "$comment": f"Product type {kind.name} of the local Amazon.",
        "$defs": definitions(making),
        "type": "object",
        **demanded,
        "properties": {each.name: attribute_schema(each, making) for each in selected_attributes(kind, requirements)},
    }


def _not_enforced(demanded: Json) -> Json:
    """What stays of the rules when nothing is required: which values go together."""
    rules = [rule for rule in demanded.get("allOf", []) if "properties" in rule["then"]]
    kept = [{**rule, "then": {"properties": rule["then"]["properties"]}} for rule in rules]
    return {"allOf": kept} if kept else {}
