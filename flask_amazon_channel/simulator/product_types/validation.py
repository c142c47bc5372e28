"""What Amazon finds wrong with attributes, held against the schema of the product type.

Assumed: A value that names another marketplace is not held against this marketplace's schema.
Assumed: Deleting a required attribute is refused, but not deleting what makes an offer.
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from jsonschema_rs import Draft201909Validator, ValidationError

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.product_types.catalogue import find_type
from flask_amazon_channel.simulator.product_types.declaration import Field
from flask_amazon_channel.simulator.product_types.issues import (
    UNREADABLE,
    Issue,
    issue_of,
    missing,
    unknown,
    unreadable,
)
from flask_amazon_channel.simulator.product_types.keywords import KEYWORDS
from flask_amazon_channel.simulator.product_types.schema import Making, attribute_schema, definitions, demands
from flask_amazon_channel.simulator.product_types.selection import OFFER_NEEDS, selected_attributes

Attributes = dict[str, list[dict[str, Any]]]

_DEFAULT_SELECTORS = ("marketplace_id", "language_tag", "audience", "fulfillment_channel_code")


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
    found = {name: _attribute_issues(key, name, here[name]) for name in sorted(here)}
    issues = [issue for each in found.values() for issue in each]
    if touched is not None:
        return [missing(_fields(key)[name]) for name in sorted(_deleted(key, touched, here))] + issues
    known = {name: values for name, values in here.items() if name in _fields(key)}
    return _demand_issues(key, {name: _readable(values, found[name]) for name, values in known.items()}) + issues


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


def _attribute_issues(key: _Key, name: str, values: list[dict[str, Any]]) -> list[Issue]:
    """JSON may hold halves of surrogate pairs, which are no text, and lists that are nested too deep."""
    field = _fields(key).get(name)
    try:
        json.dumps({name: values}, ensure_ascii=False).encode()
        if field is None:
            return [unknown(key[0], name)]
        validator = _validator(key, name)
        if validator.is_valid(values):
            return []
        return _distinct(issue_of(field, error) for error in _one_for_each_place(validator.iter_errors(values)))
    except ValueError:
        return [unreadable(name)]


def _readable(values: list[dict[str, Any]], issues: list[Issue]) -> list[dict[str, Any]]:
    """What cannot be read counts as given when it is asked what is missing."""
    return [{}] if any(issue["code"] == UNREADABLE for issue in issues) else values


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
        return missing(_fields(key)[error.kind.as_dict()["property"]])
    return issue_of(_fields(key)[str(error.instance_path[0])], error, skip=1)


def _deleted(key: _Key, touched: set[str], here: Attributes) -> set[str]:
    """Required attributes of which a change left nothing."""
    gone = touched - here.keys()
    return (gone & _demands(key)[1]).difference(OFFER_NEEDS) if gone else gone


def selectors_of(product_type: str, attribute: str) -> list[str]:
    """The names whose values tell an attribute's values apart, for merging and deleting.

    An attribute that the product type does not have is told apart by whichever of the usual selectors it holds.
    Raises KeyError for a product type that does not exist.
    """
    field = _fields((product_type, "LATEST", "LISTING", "ATVPDKIKX0DER")).get(attribute)
    return list(_DEFAULT_SELECTORS if field is None else field.selectors)
