"""A world as JSON, and back."""

import base64
from dataclasses import asdict, fields, is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from flask_amazon_channel.simulator.state import State


def save(state: State) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(state).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def load(document: dict[str, Any]) -> State:
    """Raises KeyError or TypeError for a document that is no saved world."""
    state = _build(State, document)
    assert isinstance(state, State)
    return state


def _build(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in (Union, UnionType):
        return _build(next(each for each in get_args(hint) if each is not type(None)), value)
    if get_origin(hint) is list:
        return [_build(get_args(hint)[0], each) for each in value]
    if get_origin(hint) is dict:
        return {key: _build(get_args(hint)[1], each) for key, each in value.items()}
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        built: Any = hint
        known = [each.name for each in fields(hint) if each.name in value]  # what was not known yet has its default
        return built(**{name: _build(hints[name], value[name]) for name in known})
    return base64.b64decode(value["base64"]) if hint is bytes else value
