"""`nextToken`: where the next page begins, for the call that gave it."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call
from flask_amazon_channel.simulator.login.signing import make_token, read_token


def next_token(call: Call, facts: dict[str, Any]) -> str:
    """An opaque token that leads to `facts`, for the same seller, operation and arguments."""
    return make_token(call.world, {"for": _call(call), "at": call.world.now(), **facts})


def read_next_token(call: Call, lifetime: float | None = None) -> dict[str, Any] | None:
    """The facts of the token that came, or None.

    Assumed: a token that is too old, altered, of another seller or sent with other arguments is a bad request.
    """
    text = call.request.one("nextToken")
    if text is None:
        return None
    facts = read_token(call.world, text)
    if facts is None or facts.get("for") != _call(call):
        raise call.bad_request("The nextToken is not valid for this request.")
    if lifetime is not None and call.world.now() - facts["at"] > lifetime:
        raise call.bad_request("The nextToken has expired.")
    return facts


def _call(call: Call) -> list[Any]:
    arguments = sorted([name, call.request.many(name)] for name in call.request.parameters if name != "nextToken")
    return [call.seller.id, call.operation.name, arguments]
