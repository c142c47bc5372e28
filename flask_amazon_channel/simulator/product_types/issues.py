"""Issues of the Listings Items API, made from what is wrong at some place of an attribute.

Amazon's examples show code 90220 for what is missing, 99022 for too few values and 90000900 for what is invalid.
Assumed: Too many values have code 99022, too.
Seen in public: An attribute that the product type does not have is a warning, and its value is ignored.
Assumed: The code of this warning is 90000901, and that of what cannot be read 90000902.
"""

from typing import Any

from jsonschema_rs import ValidationError

from flask_amazon_channel.simulator.product_types.declaration import Field

Issue = dict[str, Any]
UNREADABLE = "90000902"

_PRICES = ("purchasable_offer", "list_price")
_TOO_FEW = ("minItems", "minUniqueItems")
_TOO_MANY = ("maxItems", "maxUniqueItems")


def missing(field: Field) -> Issue:
    name = field.name
    category = "MISSING_PRICE" if name in _PRICES else "MISSING_IMAGE" if _is_image(name) else "MISSING_ATTRIBUTE"
    return make_issue("90220", f"'{field.title}' is required but not supplied.", name, category)


def unknown(product_type: str, name: str) -> Issue:
    message = f"The attribute '{name}' does not belong to the product type {product_type}; its value is ignored."
    return make_issue("90000901", message, name, "INVALID_ATTRIBUTE", "WARNING")


def unreadable(name: str) -> Issue:
    name = name.encode("utf-8", "replace").decode()
    message = "The attribute holds text or lists that cannot be read as JSON in UTF-8."
    return make_issue(UNREADABLE, message, name, "INVALID_ATTRIBUTE")


def issue_of(field: Field, error: ValidationError, skip: int = 0) -> Issue:
    """An error at some place inside an attribute; `skip` parts of its path lead to the attribute."""
    kind, facts = error.kind.name, error.kind.as_dict()
    path = [part for part in error.instance_path[skip:] if isinstance(part, str)]
    inner = _at(field, path)
    if kind == "required":
        title = _at(inner, [facts["property"]]).title
        return make_issue("90220", f"'{title}' is required but not supplied.", field.name, "MISSING_ATTRIBUTE")
    if kind in _TOO_FEW + _TOO_MANY:
        return make_issue("99022", _count_message(kind, field, inner), field.name, _invalid(field.name))
    return make_issue("90000900", _message(kind, facts, inner, error), field.name, _invalid(field.name))


def _at(field: Field, path: list[str]) -> Field:
    """The field at a path of names, or the last one that is known on the way."""
    for name in path:
        field = next((each for each in field.fields if each.name == name), field)
    return field


def _count_message(kind: str, field: Field, inner: Field) -> str:
    most = inner.rules.get("maxItems", inner.most) if kind == "maxItems" else inner.most
    if kind in _TOO_FEW:
        return f"The attribute '{inner.title}' does not have enough values. The required minimum is 1 value."
    return f"The attribute '{inner.title}' has too many values. The allowed maximum is {most}."


def _message(kind: str, facts: dict[str, Any], inner: Field, error: ValidationError) -> str:
    start = f"The provided value for '{inner.title}' is invalid"
    if kind == "enum":
        return f"{start}: '{error.instance}' is not one of the allowed values."
    if kind == "additionalProperties":
        return f"{start}: {', '.join(facts['unexpected'])} is not known."
    limit = facts.get("limit")
    sentence = {
        "type": f"a value of type {inner.type} is expected",
        "minimum": f"it is less than {limit}",
        "maximum": f"it is greater than {limit}",
        "minLength": f"it is shorter than {limit} characters",
        "maxLength": f"it is longer than {limit} characters",
        "maxUtf8ByteLength": facts.get("message"),
        "minUtf8ByteLength": facts.get("message"),
        "pattern": "it does not have the expected form",
    }.get(kind, "it does not have the expected form")
    return f"{start}: {sentence}."


def _is_image(name: str) -> bool:
    return name.endswith("image_locator") or "_image_locator_" in name


def _invalid(name: str) -> str:
    return "INVALID_PRICE" if name in _PRICES else "INVALID_IMAGE" if _is_image(name) else "INVALID_ATTRIBUTE"


def make_issue(code: str, message: str, attribute: str, category: str, severity: str = "ERROR") -> Issue:
    return {
        "code": code,
        "message": message,
        "severity": severity,
        "attributeNames": [attribute],
        "categories": [category],
    }
