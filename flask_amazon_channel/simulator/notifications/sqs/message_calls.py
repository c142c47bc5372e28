"""Calls about messages."""

import re
import threading
import time
from collections.abc import Callable

from flask_amazon_channel.simulator.notifications.sqs import parameters, queues
from flask_amazon_channel.simulator.notifications.sqs.errors import QueueError, invalid, missing
from flask_amazon_channel.simulator.notifications.sqs.messages import is_text, received_shape, sent_shape
from flask_amazon_channel.simulator.notifications.sqs.parameters import Facts, number, text
from flask_amazon_channel.simulator.world import World

LONGEST_WAIT = 20.0
PAUSE = 0.02  # between two looks of a receiver that waits, in real seconds


def send(world: World, facts: Facts) -> Facts:
    queue, body = parameters.queue(world, facts), text(facts, "MessageBody")
    if not is_text(body):
        raise QueueError("InvalidMessageContents", "The message contains characters outside the allowed set.")
    if len(body.encode()) > (most := queues.setting(queue, "MaximumMessageSize")):
        raise invalid(f"One or more parameters are invalid. Reason: Message must be shorter than {most} bytes.")
    delay = number(facts, "DelaySeconds", queues.setting(queue, "DelaySeconds"), 0, 900)
    attributes = facts.get("MessageAttributes") or {}
    for name, value in attributes.items():
        if not isinstance(value, dict) or not ("StringValue" in value or "BinaryValue" in value):
            raise invalid(f"The message attribute '{name}' must contain a non-empty value.")
    return sent_shape(queues.put(world, queue, body, delay, attributes))


def locked(world: World, action: Callable[[World, Facts], Facts | None], facts: Facts) -> Facts | None:
    with world.lock:
        world.settle()
        return action(world, facts)


def receive(world: World, facts: Facts, stopping: threading.Event) -> Facts:
    """Documented: long polling answers as soon as there is a message, and after the wait without one.

    Assumed: the wait is measured in real seconds, while timeouts of messages follow the virtual clock.
    """
    with world.lock:
        standard = queues.setting(parameters.queue(world, facts), "ReceiveMessageWaitTimeSeconds")
    end = time.monotonic() + min(number(facts, "WaitTimeSeconds", standard, 0, 20), LONGEST_WAIT)
    while True:
        found = locked(world, _take, facts)
        if found or time.monotonic() >= end or stopping.wait(PAUSE):
            return found or {}


def _take(world: World, facts: Facts) -> Facts | None:
    queue = parameters.queue(world, facts)
    most = number(facts, "MaxNumberOfMessages", 1, 1, 10)
    hidden = number(facts, "VisibilityTimeout", queues.setting(queue, "VisibilityTimeout"), 0, 43200)
    system = [*(facts.get("AttributeNames") or []), *(facts.get("MessageSystemAttributeNames") or [])]
    wanted = facts.get("MessageAttributeNames") or []
    found = [received_shape(each, system, wanted) for each in queues.receive(world, queue, most, hidden)]
    return {"Messages": found} if found else None


def delete(world: World, facts: Facts) -> None:
    """Documented: deleting what is deleted succeeds; an older receipt handle does not delete."""
    queue, receipt = parameters.queue(world, facts), text(facts, "ReceiptHandle")
    _check_receipt(receipt)
    if message := queues.find(queue, receipt):
        del queue.messages[message.id]


def change_visibility(world: World, facts: Facts) -> None:
    queue, receipt = parameters.queue(world, facts), text(facts, "ReceiptHandle")
    _check_receipt(receipt)
    seconds = number(facts, "VisibilityTimeout", -1, 0, 43200)
    if seconds < 0:
        raise missing("VisibilityTimeout")
    message = queues.find(queue, receipt)
    if message is None or message.visible <= world.now():
        raise QueueError("MessageNotInflight", "The message is not available for a change of its visibility.")
    message.visible = world.now() + seconds


def _check_receipt(receipt: str) -> None:
    if not re.fullmatch(r"[0-9a-f-]{36}/[0-9a-f]{16}", receipt):
        raise QueueError("ReceiptHandleIsInvalid", f'The input receipt handle "{receipt}" is not valid.')
