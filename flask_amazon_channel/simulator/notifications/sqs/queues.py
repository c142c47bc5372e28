"""Standard queues as those of Amazon SQS, on the virtual clock.

Documented: a standard queue delivers at least once and in no promised order, hides a received message for
its visibility timeout, and drops messages that are older than its retention period.
"""

from itertools import islice

from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.notifications.envelopes import new_id
from flask_amazon_channel.simulator.notifications.sqs.messages import Attributes
from flask_amazon_channel.simulator.state.notifications import Message, Queue
from flask_amazon_channel.simulator.world import World

ACCOUNT = "123456789012"
DEFAULTS = {
    "DelaySeconds": "0",
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": str(int(4 * DAY)),
    "ReceiveMessageWaitTimeSeconds": "0",
    "VisibilityTimeout": "30",
    "SqsManagedSseEnabled": "true",
}
LIMITS = {
    "DelaySeconds": (0, 900),
    "MaximumMessageSize": (1024, 1048576),
    "MessageRetentionPeriod": (60, 1209600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43200),
}
SHUFFLED = 100  # so many of the oldest messages are mixed up


def setting(queue: Queue, name: str) -> int:
    return int(queue.attributes.get(name, DEFAULTS[name]))


def url_of(world: World, queue: Queue) -> str:
    return f"{world.url}/sqs/{queue.region}/{queue.account}/{queue.name}"


def create(world: World, region: str, name: str, attributes: dict[str, str]) -> Queue:
    now = world.now()
    queue = Queue(region, ACCOUNT, name, now, now, attributes)
    world.state.notifications.queues[queue.arn] = queue
    return queue


def put(
    world: World, queue: Queue, body: str, delay: int | None = None, attributes: Attributes | None = None
) -> Message:
    now = world.now()
    wait = setting(queue, "DelaySeconds") if delay is None else delay
    message = Message(new_id(world, "message"), body, now, now + wait, attributes or {})
    queue.messages[message.id] = message
    return message


def receive(world: World, queue: Queue, most: int, hidden_for: int) -> list[Message]:
    """The oldest messages that are visible; in any order where the setting notification_disorder says so."""
    now = world.now()
    _drop_old(queue, now)
    visible = (each for each in queue.messages.values() if each.visible <= now)
    if world.settings.notification_disorder:
        some = list(islice(visible, SHUFFLED))
        found = world.chance("disorder").sample(some, min(most, len(some))) if some else []
    else:
        found = list(islice(visible, most))
    for message in found:
        message.received += 1
        message.first_received = message.first_received or now
        message.visible = now + hidden_for
        message.receipt = f"{message.id}/{world.hex_id('receipt', 16)}"
    return found


def _drop_old(queue: Queue, now: float) -> None:
    kept = setting(queue, "MessageRetentionPeriod")
    oldest = next(iter(queue.messages.values()), None)
    while oldest is not None and oldest.sent + kept < now:
        del queue.messages[oldest.id]
        oldest = next(iter(queue.messages.values()), None)


def find(queue: Queue, receipt: str) -> Message | None:
    """The message that was received with this handle, if it is its newest one."""
    message = queue.messages.get(receipt.partition("/")[0])
    return message if message and message.receipt == receipt else None


def counts(queue: Queue, now: float) -> dict[str, str]:
    """Visible, in flight, and delayed messages."""
    waiting = [each for each in queue.messages.values() if each.visible > now]
    flying = sum(1 for each in waiting if each.received)
    return {
        "ApproximateNumberOfMessages": str(len(queue.messages) - len(waiting)),
        "ApproximateNumberOfMessagesNotVisible": str(flying),
        "ApproximateNumberOfMessagesDelayed": str(len(waiting) - flying),
    }
