"""Amazon's models as JSON schemas: every answer of the simulator is held against them.

Stricter than the models in one point: a field that the model does not know is an error, so nothing is invented.
"""

import json
import os
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]

from flask_amazon_channel.simulator.operations import OPERATIONS

MODELS = Path(os.environ.get("AMAZON_MODELS") or Path(__file__).parents[3] / "shared" / "sp-api-models") / "models"

FILES = {
    "/sellers/": "sellers.json",
    "/reports/": "reports_2021-06-30.json",
    "/listings/2021-08-01/items": "listingsItems_2021-08-01.json",
    "/orders/2026-01-01/": "orders_2026-01-01.json",
    "/orders/v0/": "ordersV0.json",
}

_formats = FormatChecker(formats=())


def _is_date_time(value: object) -> bool:
    return "T" in str(value) and datetime.fromisoformat(str(value)).tzinfo is not None


_formats.checks("date-time", raises=ValueError)(_is_date_time)


def model_of(operation: str) -> dict[str, Any]:
    path = OPERATIONS[operation].path
    return load(next(name for prefix, name in FILES.items() if path.startswith(prefix)))


@cache
def load(name: str) -> dict[str, Any]:
    model: dict[str, Any] = json.loads((MODELS / name).read_text())
    _close(model["definitions"])
    return model


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


def problems(operation: str, status: int, body: bytes) -> list[str]:
    """What is wrong with an answer, in sentences; nothing where it keeps to the model."""
    model = model_of(operation)
    described = OPERATIONS[operation]
    responses = model["paths"][described.path][described.method.lower()]["responses"]
    if str(status) not in responses:
        return [f"{operation} must not answer {status}."]
    schema = responses[str(status)].get("schema")
    if schema is None:
        return [f"{operation} answers {status} without a body."] if body else []
    validator = Draft4Validator({**schema, "definitions": model["definitions"]}, format_checker=_formats)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(body))]
