"""The meta-schema that product type schemas keep to: JSON Schema 2019-09 with Amazon's vocabulary.

It is our own writing; what the keywords mean is documented by Amazon.
Assumed: The vocabulary is optional, so that validators that do not know it can still use the schemas.
"""

from typing import Any

from flask_amazon_channel.simulator.product_types.schema import BASE, META_SCHEMA_ID

_DRAFT = "https://json-schema.org/draft/2019-09"
_PARTS = ("core", "applicator", "validation", "meta-data", "format", "content")

_NAMES = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
_COUNT = {"type": "integer", "minimum": 0}
_KEYWORDS: dict[str, Any] = {
    "editable": {"description": "Whether a value can be changed once the item exists.", "type": "boolean"},
    "hidden": {"description": "Whether a value is better not shown to people.", "type": "boolean"},
    "enumNames": {"description": "Names of the values of `enum`, in the same order.", "type": "array"},
    "selectors": {"description": "Properties whose values tell the items of an array apart.", **_NAMES},
    "minUniqueItems": {"description": "Fewest items with the same selectors.", **_COUNT},
    "maxUniqueItems": {"description": "Most items with the same selectors.", **_COUNT},
    "minUtf8ByteLength": {"description": "Fewest bytes of a text in UTF-8.", **_COUNT},
    "maxUtf8ByteLength": {"description": "Most bytes of a text in UTF-8.", **_COUNT},
    "$lifecycle": {
        "description": "What replaces an attribute, what it replaces, and values that are about to go.",
        "type": "object",
        "properties": {"replacedBy": _NAMES, "replaces": _NAMES, "enumDeprecated": {"type": "array"}},
        "additionalProperties": False,
    },
}


def meta_schema() -> dict[str, Any]:
    vocabulary = {f"{_DRAFT}/vocab/{part}": True for part in _PARTS}
    return {
        "$schema": f"{_DRAFT}/schema",
        "$id": META_SCHEMA_ID,
        "$vocabulary": {**vocabulary, f"{BASE}/vocabulary/v1": False},
        "$recursiveAnchor": True,
        "title": "Meta-schema of product type definitions",
        "type": ["object", "boolean"],
        "allOf": [{"$ref": f"{_DRAFT}/meta/{part}"} for part in _PARTS],
        "properties": _KEYWORDS,
        "dependentRequired": {"enumNames": ["enum"], "maxUniqueItems": ["type"], "minUniqueItems": ["type"]},
    }
