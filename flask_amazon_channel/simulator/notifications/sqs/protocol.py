"""The JSON protocol of Amazon SQS at the simulator's own address: `X-Amz-Target: AmazonSQS.SendMessage`.

Assumed: any credentials are good, signatures are not checked, and all queues belong to one account.
"""

import json
import threading
from collections.abc import Callable

from flask_amazon_channel.simulator.notifications.sqs import message_calls, parameters, queue_calls
from flask_amazon_channel.simulator.notifications.sqs.batches import in_batches
from flask_amazon_channel.simulator.notifications.sqs.errors import QueueError
from flask_amazon_channel.simulator.notifications.sqs.parameters import Facts
from flask_amazon_channel.simulator.wire.messages import Request, Response
from flask_amazon_channel.simulator.world import World

TARGET = "AmazonSQS."
CONTENT_TYPE = "application/x-amz-json-1.0"
RECEIVE = "ReceiveMessage"


def action_of(request: Request) -> str | None:
    """The name of the call, or None for anything that is no call of a queue."""
    target = request.headers.get("x-amz-target", "")
    return target.removeprefix(TARGET) if request.method == "POST" and target.startswith(TARGET) else None


def answer(world: World, request: Request, stopping: threading.Event) -> Response:
    """Answer one call; takes the world's lock, and lets go of it while a receiver waits."""
    try:
        document = _perform(world, request, stopping)
    except QueueError as error:
        response = _json({"__type": f"com.amazonaws.sqs#{error.kind}", "message": str(error)}, 400)
        response.headers["x-amzn-query-error"] = f"{error.query_code};Sender"
        return response
    return _json(document) if document is not None else Response(200, b"", CONTENT_TYPE)


def _perform(world: World, request: Request, stopping: threading.Event) -> Facts | None:
    name, facts = action_of(request), parameters.facts(request)
    if name == RECEIVE:
        return message_calls.receive(world, facts, stopping)
    if name not in _CALLS:
        raise QueueError("UnsupportedOperation", "The action or operation requested is invalid.")
    return message_calls.locked(world, _CALLS[name], facts)


def _json(document: Facts, status: int = 200) -> Response:
    return Response(status, json.dumps(document, ensure_ascii=False).encode(), CONTENT_TYPE)


_CALLS: dict[str, Callable[..., Facts | None]] = {
    "CreateQueue": queue_calls.create,
    "GetQueueUrl": queue_calls.get_url,
    "ListQueues": queue_calls.list_queues,
    "GetQueueAttributes": queue_calls.get_attributes,
    "SetQueueAttributes": queue_calls.set_attributes,
    "DeleteQueue": queue_calls.delete_queue,
    "PurgeQueue": queue_calls.purge,
    "SendMessage": message_calls.send,
    "SendMessageBatch": in_batches(message_calls.send),
    "DeleteMessage": message_calls.delete,
    "DeleteMessageBatch": in_batches(message_calls.delete),
    "ChangeMessageVisibility": message_calls.change_visibility,
    "ChangeMessageVisibilityBatch": in_batches(message_calls.change_visibility),
}
NAMES = (RECEIVE, *_CALLS)
"""The names of all calls."""
