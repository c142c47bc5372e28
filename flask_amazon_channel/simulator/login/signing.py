"""Opaque signed texts: page tokens and the signatures of pre-signed URLs."""

import base64
import hashlib
import hmac
import json
from typing import Any

from flask_amazon_channel.simulator.world import World


def sign(world: World, text: str) -> str:
    key = f"{world.state.seed}/{world.state.application.application_id}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def make_token(world: World, facts: dict[str, Any]) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(facts).encode()).decode()
    return f"{payload}.{sign(world, payload)[:24]}"


def read_token(world: World, token: str) -> dict[str, Any] | None:
    """The facts of a token that we made; None for any other text."""
    payload, _, signature = token.partition(".")
    if not hmac.compare_digest(sign(world, payload)[:24].encode(), signature.encode()):
        return None
    facts: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload))
    return facts
