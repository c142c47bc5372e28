"""The form of a message in the queue protocol, and its checksums."""

import base64
import hashlib
import re
from typing import Any

from flask_amazon_channel.simulator.state.notifications import Message

Attributes = dict[str, Any]
SENDER = "AIDAEXAMPLESIMULATOR"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_text(body: str) -> bool:
    """Whether SQS takes it: the characters of XML 1.0."""
    return not _FORBIDDEN.search(body)


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def md5_of_attributes(attributes: Attributes) -> str:
    """Names, types and values, each with its length, in the order of the names.

    Documented: the checksum of message attributes is made of these parts and of nothing else.
    """
    digest = hashlib.md5(usedforsecurity=False)
    for name in sorted(attributes):
        value = attributes[name]
        for text in (name, value["DataType"]):
            digest.update(_with_length(text.encode()))
        if value["DataType"].startswith("Binary"):
            digest.update(b"\x02" + _with_length(base64.b64decode(value["BinaryValue"])))
        else:
            digest.update(b"\x01" + _with_length(str(value["StringValue"]).encode()))
    return digest.hexdigest()


def _with_length(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def sent_shape(message: Message) -> dict[str, Any]:
    """What a sender is told."""
    shape = {"MessageId": message.id, "MD5OfMessageBody": md5(message.body)}
    return shape | ({"MD5OfMessageAttributes": md5_of_attributes(message.attributes)} if message.attributes else {})


def received_shape(message: Message, system: list[str], wanted: list[str]) -> dict[str, Any]:
    """What a receiver is told: system attributes and message attributes only where they are asked for."""
    shape: dict[str, Any] = {"MessageId": message.id, "ReceiptHandle": message.receipt, "Body": message.body}
    shape["MD5OfBody"] = md5(message.body)
    known = {
        "SenderId": SENDER,
        "SentTimestamp": str(int(message.sent * 1000)),
        "ApproximateReceiveCount": str(message.received),
        "ApproximateFirstReceiveTimestamp": str(int((message.first_received or 0) * 1000)),
    }
    if found := {name: value for name, value in known.items() if name in system or "All" in system}:
        shape["Attributes"] = found
    if mine := {name: value for name, value in message.attributes.items() if _asked(name, wanted)}:
        shape["MessageAttributes"] = mine
        shape["MD5OfMessageAttributes"] = md5_of_attributes(mine)
    return shape


def _asked(name: str, wanted: list[str]) -> bool:
    return any(each in ("All", ".*", name) or (each.endswith(".*") and name.startswith(each[:-2])) for each in wanted)
