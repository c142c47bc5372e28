"""Amazon's models as validators of requests and answers.

Stricter than the models in one point: a field that the model does not know is an error, so nothing is invented.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

import jsonschema_rs

from flask_amazon_channel.simulator.operations import OPERATIONS, find_operation

FOLDER = Path(os.environ.get("AMAZON_MODELS") or Path(__file__).parents[3] / "shared" / "sp-api-models")
AT_HAND = (FOLDER / "models").is_dir()

Schema = dict[str, Any]


class Described(NamedTuple):
    """An operation as its model describes it; `key` is its method and path."""

    key: tuple[str, str]
    model: Schema
    operation: Schema
    parameters: list[Schema]


@cache
def described() -> dict[tuple[str, str], Described]:
    """Every operation of every model, by method and path."""
    found = {}
    for file in sorted((FOLDER / "models").glob("*.json")):
        model = json.loads(file.read_text())
        _join(model)
        for kind in ("definitions", "parameters"):
            _close(model.get(kind, {}))
        for path, operations in model["paths"].items():
            _close(operations)
            common = operations.get("parameters", [])
            for method, operation in operations.items():
                if method in ("get", "put", "post", "patch", "delete"):
                    parameters = [_resolved(model, each) for each in common + operation.get("parameters", [])]
                    found[method.upper(), path] = Described((method.upper(), path), model, operation, parameters)
    return found


def _resolved(model: Schema, parameter: Schema) -> Schema:
    if "$ref" not in parameter:
        return parameter
    resolved: Schema = model["parameters"][parameter["$ref"].rpartition("/")[2]]
    return resolved


def _join(model: Schema) -> None:
    """Write every object that is composed of others (`allOf`) as one object: only then it can be closed."""
    definitions = model.get("definitions", {})
    for name, schema in definitions.items():
        if "allOf" in schema:
            definitions[name] = _joined(definitions, schema)


def _joined(definitions: Schema, schema: Schema) -> Schema:
    whole: Schema = definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "allOf" not in whole:
        return whole
    parts = [_joined(definitions, each) for each in whole["allOf"]]
    properties = {name: each for part in parts for name, each in part.get("properties", {}).items()}
    required = sorted({name for part in parts for name in part.get("required", [])})
    joined = {"type": "object", "properties": properties, **({"required": required} if required else {})}
    return joined if properties else whole


def _close(schema: Any) -> None:
    """Forbid unknown fields in every object whose fields are listed."""
    if isinstance(schema, list):
        for each in schema:
            _close(each)
    elif isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
        for each in schema.values():
            _close(each)


def description_of(operation: str) -> Described:
    row = OPERATIONS[operation]
    return described()[row.method, row.path]


def _is_date_time(value: str) -> bool:
    try:
        return "T" in value and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _validator(schema: Schema, model: Schema) -> jsonschema_rs.Draft4Validator:
    whole = {**schema, "definitions": model.get("definitions", {})}
    return jsonschema_rs.Draft4Validator(whole, validate_formats=True, formats={"date-time": _is_date_time})


def _errors(validator: jsonschema_rs.Draft4Validator, instance: Any) -> list[str]:
    """In sentences, each with the place where it went wrong."""
    return [
        f"{'/'.join(str(each) for each in error.instance_path) or 'the whole'}: {error.message[:300]}"
        for error in validator.iter_errors(instance)
    ]


@cache
def _answer_validator(operation: str, status: str) -> jsonschema_rs.Draft4Validator | None:
    found = description_of(operation)
    schema = found.operation["responses"][status].get("schema")
    return None if schema is None else _validator(schema, found.model)


def problems_of_answer(operation: str, status: int, body: bytes) -> list[str]:
    """What is wrong with an answer; nothing where it keeps to the model."""
    if str(status) not in description_of(operation).operation["responses"]:
        return [f"{operation} must not answer {status}."]
    validator = _answer_validator(operation, str(status))
    if validator is None:
        return [f"{operation} answers {status} without a body."] if body.strip() not in (b"", b"{}") else []
    try:
        return _errors(validator, json.loads(body))
    except ValueError:
        return [f"{operation} answered {status} with a body that is no JSON."]


@cache
def _request_validators(operation: str) -> dict[str, jsonschema_rs.Draft4Validator]:
    found = description_of(operation)
    validators = {}
    for place in ("query", "path"):
        mine = {each["name"]: each for each in found.parameters if each["in"] == place}
        schema: Schema = {"type": "object", "additionalProperties": False}
        schema["properties"] = {name: _value_schema(each) for name, each in mine.items()}
        if required := [name for name, each in mine.items() if each.get("required")]:
            schema["required"] = required
        validators[place] = _validator(schema, found.model)
    bodies = [each["schema"] for each in found.parameters if each["in"] == "body"]
    if bodies:
        validators["body"] = _validator(bodies[0], found.model)
    return validators


def _value_schema(parameter: Schema) -> Schema:
    words = ("type", "enum", "format", "pattern", "minimum", "maximum", "minLength", "maxLength")
    schema = {name: parameter[name] for name in (*words, "minItems", "maxItems") if name in parameter}
    return {**schema, "items": _value_schema(parameter["items"])} if "items" in parameter else schema


def problems_of_request(method: str, path: str, query: str, body: bytes) -> list[str]:
    """What is wrong with a request as it was sent, its path still percent-encoded."""
    route = find_operation(method, path)
    if route is None:
        return [f"There is no operation {method} {path}."]
    operation, parts = route[0].name, route[1]
    described_parameters = description_of(operation).parameters
    validators = _request_validators(operation)
    values = _typed(parse_qs(query, keep_blank_values=True), described_parameters)
    problems = _errors(validators["query"], values)
    problems += _errors(validators["path"], {name: unquote(value) for name, value in parts.items()})
    if "body" not in validators:
        return [*problems, f"{operation} takes no body."] if body else problems
    try:
        return problems + _errors(validators["body"], json.loads(body))
    except ValueError:
        return [*problems, "The body is no JSON."]


def _typed(query: dict[str, list[str]], parameters: list[Schema]) -> dict[str, Any]:
    """The values of a query as their parameters want them; what cannot be read stays text, and fails."""
    kinds = {each["name"]: each.get("type") for each in parameters if each["in"] == "query"}
    return dict(_typed_values(query, kinds))


def _typed_values(query: dict[str, list[str]], kinds: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, values in query.items():
        kind, text = kinds.get(name), values[0]
        if kind == "array":
            yield name, [part for value in values for part in value.split(",")]
        elif kind == "integer" and text.isdigit():
            yield name, int(text)
        elif kind == "boolean" and text in ("true", "false"):
            yield name, text == "true"
        else:
            yield name, text if len(values) == 1 else values
