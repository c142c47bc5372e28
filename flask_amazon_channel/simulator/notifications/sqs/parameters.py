"""The parameters of a call of the queue protocol.  All of these raise QueueError."""

import re
from typing import Any

from flask_amazon_channel.simulator.notifications.sqs import queues
from flask_amazon_channel.simulator.notifications.sqs.errors import QueueError, invalid, missing
from flask_amazon_channel.simulator.state.notifications import Queue
from flask_amazon_channel.simulator.wire.messages import Request
from flask_amazon_channel.simulator.world import World

Facts = dict[str, Any]
_SCOPE = re.compile(r"Credential=[^/]*/\d+/([a-z0-9-]+)/")
SETTABLE = {*queues.DEFAULTS, "Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId"}


def facts(request: Request) -> Facts:
    """The body, with the region that the credentials name as `_region`."""
    try:
        body = request.json() if request.body else {}
    except ValueError as error:
        raise QueueError("SerializationException", "The body is no JSON.") from error
    if not isinstance(body, dict):
        raise QueueError("SerializationException", "The body is no JSON object.")
    found = _SCOPE.search(request.headers.get("authorization", ""))
    return {**body, "_region": found[1] if found else "us-east-1"}


def queue(world: World, facts: Facts) -> Queue:
    """By its address: `.../{region}/{account}/{name}` here, `.../{account}/{name}` of the caller's region elsewhere."""
    parts = text(facts, "QueueUrl").rstrip("/").split("/")
    region = parts[-3] if len(parts) > 4 and parts[-4] == "sqs" else facts["_region"]
    found = world.state.notifications.queues.get(f"arn:aws:sqs:{region}:{':'.join(parts[-2:])}")
    if found is None:
        raise QueueError("QueueDoesNotExist", "The specified queue does not exist.")
    return found


def text(facts: Facts, name: str) -> str:
    value = facts.get(name)
    if not isinstance(value, str) or not value:
        raise missing(name)
    return value


def number(facts: Facts, name: str, default: int, least: int, greatest: int) -> int:
    value = facts.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= greatest:
        raise invalid(f"Value {value} for parameter {name} is invalid. Reason: Must be between {least} and {greatest}.")
    return value


def attributes(facts: Facts) -> dict[str, str]:
    found = {name: str(value) for name, value in (facts.get("Attributes") or {}).items()}
    for name, value in found.items():
        if name not in SETTABLE:
            raise QueueError("InvalidAttributeName", f"Unknown Attribute {name}.")
        least, greatest = queues.LIMITS.get(name, (0, 0))
        if name in queues.LIMITS and not (value.isdigit() and least <= int(value) <= greatest):
            raise QueueError("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
    return found
