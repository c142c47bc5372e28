"""What Amazon finds wrong with attributes, held against the schema of the product type.

Amazon's examples show code 90220 for what is missing, 99022 for too few values and 90000900 for what is invalid.
Assumed: Too many values have code 99022, too.
Assumed: An attribute that the product type does not have is a warning with code 90000901 and is not taken.
Assumed: A value that names another marketplace is not held against this marketplace's schema.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from jsonschema_rs import Draft201909Validator, ValidationError

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.product_types.catalogue import find_type
from flask_amazon_channel.simulator.product_types.declaration import Field
from flask_amazon_channel.simulator.product_types.keywords import KEYWORDS
from flask_amazon_channel.simulator.product_types.schema import Making, attribute_schema, definitions, demands
from flask_amazon_channel.simulator.product_types.selection import selected_attributes

Issue = dict[str, Any]
Attributes = dict[str, list[dict[str, Any]]]

_DEFAULT_SELECTORS = ("marketplace_id", "language_tag", "audience", "fulfillment_channel_code")
_PRICES = ("purchasable_offer", "list_price")
_TOO_FEW = ("minItems", "minUniqueItems")
_TOO_MANY = ("maxItems", "maxUniqueItems")


def find_issues(
    product_type: str,
    attributes: Attributes,
    *,
    marketplace: str,
    requirements: str = "LISTING",
    touched: set[str] | None = None,
    version: str = "LATEST",
) -> list[Issue]:
    """Issues of the Listings Items API; nothing for attributes that keep to the schema.

    With `touched` only those attributes are looked at, and nothing is missed but one of them that was deleted.
    `version` LATEST is the one with which a world begins: give `versions.current_version(world, product_type)`.
    Raises KeyError for a product type or version that does not exist.
    """
    find_type(product_type, version)
    wanted = attributes.keys() if touched is None else touched
    here = {name: _values_in(attributes[name], marketplace) for name in wanted if name in attributes}
    here = {name: values for name, values in here.items() if values}
    key = (product_type, version, requirements, marketplace)
    issues = [issue for name in sorted(here) for issue in _attribute_issues(key, name, here[name])]
    if touched is None:
        return _demand_issues(key, here) + issues
    return [_missing(key, name) for name in sorted(_deleted(key, touched, here))] + issues


_Key = tuple[str, str, str, str]  # product type, version, requirements, marketplace


def _values_in(values: list[dict[str, Any]], marketplace: str) -> list[dict[str, Any]]:
    others = MARKETPLACES.keys() - {marketplace}
    if not isinstance(values, list):
        return values
    return [each for each in values if not (isinstance(each, dict) and _text(each.get("marketplace_id")) in others)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


@lru_cache(maxsize=64)
def _fields(key: _Key) -> dict[str, Field]:
    product_type, version, requirements, _ = key
    return {each.name: each for each in selected_attributes(find_type(product_type, version), requirements)}


def _making(key: _Key) -> Making:
    return Making(key[3], "en_US")


@lru_cache(maxsize=1024)
def _validator(key: _Key, name: str) -> Draft201909Validator:
    making = _making(key)
    schema = {**attribute_schema(_fields(key)[name], making), "$defs": definitions(making)}
    return Draft201909Validator(schema, keywords=KEYWORDS, validate_formats=True)


@lru_cache(maxsize=64)
def _demands(key: _Key) -> tuple[Draft201909Validator, frozenset[str]]:
    """What a whole listing needs: the compiled rules, and the names that are always required."""
    schema = demands(find_type(key[0], key[1]), _making(key), key[2])
    return Draft201909Validator(schema), frozenset(schema["required"])


def _attribute_issues(key: _Key, name: str, values: list[dict[str, Any]]) -> Iterable[Issue]:
    field = _fields(key).get(name)
    if field is None:
        return [_unknown(key, name)]
    validator = _validator(key, name)
    if validator.is_valid(values):
        return []
    return _distinct(_issue_of(field, error) for error in _one_for_each_place(validator.iter_errors(values)))


def _one_for_each_place(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """A value that is wrong in several ways is told once; every field that it lacks is told."""
    seen = set()
    for error in errors:
        place = tuple(error.instance_path)
        if error.kind.name == "required" or place not in seen:
            yield error
        if error.kind.name != "required":
            seen.add(place)


def _distinct(issues: Iterable[Issue]) -> list[Issue]:
    found: list[Issue] = []
    for issue in issues:
        if issue not in found:
            found.append(issue)
    return found


def _demand_issues(key: _Key, attributes: Attributes) -> list[Issue]:
    validator, _ = _demands(key)
    return _distinct(_demand_issue(key, error) for error in validator.iter_errors(attributes))


def _demand_issue(key: _Key, error: ValidationError) -> Issue:
    if error.kind.name == "required":
        return _missing(key, error.kind.as_dict()["property"])
    return _issue_of(_fields(key)[str(error.instance_path[0])], error, skip=1)


def _deleted(key: _Key, touched: set[str], here: Attributes) -> set[str]:
    """Required attributes of which a change left nothing."""
    gone = touched - here.keys()
    return gone & _demands(key)[1] if gone else gone


def _missing(key: _Key, name: str) -> Issue:
    category = "MISSING_PRICE" if name in _PRICES else "MISSING_IMAGE" if _is_image(name) else "MISSING_ATTRIBUTE"
    return _issue("90220", f"'{_fields(key)[name].title}' is required but not supplied.", name, category)


def _unknown(key: _Key, name: str) -> Issue:
    message = f"The attribute '{name}' does not belong to the product type {key[0]}; its value is ignored."
    return _issue("90000901", message, name, "INVALID_ATTRIBUTE", "WARNING")


def _issue_of(field: Field, error: ValidationError, skip: int = 0) -> Issue:
    """An error at some place inside an attribute; `skip` parts of its path lead to the attribute."""
    kind, facts = error.kind.name, error.kind.as_dict()
    path = [part for part in error.instance_path[skip:] if isinstance(part, str)]
    inner = _at(field, path)
    if kind == "required":
        title = _at(inner, [facts["property"]]).title
        return _issue("90220", f"'{title}' is required but not supplied.", field.name, "MISSING_ATTRIBUTE")
    if kind in _TOO_FEW + _TOO_MANY:
        return _issue("99022", _count_message(kind, field, inner), field.name, _invalid(field.name))
    return _issue("90000900", _message(kind, facts, inner, error), field.name, _invalid(field.name))


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


def _issue(code: str, message: str, attribute: str, category: str, severity: str = "ERROR") -> Issue:
    return {
        "code": code,
        "message": message,
        "severity": severity,
        "attributeNames": [attribute],
        "categories": [category],
    }


def selectors_of(product_type: str, attribute: str) -> list[str]:
    """The names whose values tell an attribute's values apart, for merging and deleting.

    An attribute that the product type does not have is told apart by whichever of the usual selectors it holds.
    Raises KeyError for a product type that does not exist.
    """
    field = _fields((product_type, "LATEST", "LISTING", "ATVPDKIKX0DER")).get(attribute)
    return list(_DEFAULT_SELECTORS if field is None else field.selectors)
