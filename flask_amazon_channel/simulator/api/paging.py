"""Tokens of pages: where the next one begins, for the call that gave it."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call
from flask_amazon_channel.simulator.login.signing import make_token, read_token


def next_token(call: Call, facts: dict[str, Any], name: str = "nextToken") -> str:
    """An opaque token that leads to `facts`, for the same seller, operation and arguments but the token's own."""
    return make_token(call.world, {"for": _call(call, name), "at": call.world.now(), **facts})


def read_next_token(call: Call, lifetime: float | None = None, name: str = "nextToken") -> dict[str, Any] | None:
    """The facts of the token that came under this name, or None.

    Assumed: a token that is too old, altered, of another seller or sent with other arguments is a bad request.
    """
    text = call.request.one(name)
    if text is None:
        return None
    facts = read_token(call.world, text)
    if facts is None or facts.get("for") != _call(call, name):
        raise call.bad_request(f"The {name} is not valid for this request.")
    if lifetime is not None and call.world.now() - facts["at"] > lifetime:
        raise call.bad_request(f"The {name} has expired.")
    return facts


def _call(call: Call, token: str) -> list[Any]:
    arguments = sorted([name, call.request.many(name)] for name in call.request.parameters if name != token)
    return [call.seller.id, call.operation.name, arguments]
