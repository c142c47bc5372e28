"""Calls about whole queues."""

import re

from flask_amazon_channel.simulator.notifications.sqs import parameters, queues
from flask_amazon_channel.simulator.notifications.sqs.errors import QueueError, invalid
from flask_amazon_channel.simulator.notifications.sqs.parameters import SETTABLE, Facts, attributes, number, text
from flask_amazon_channel.simulator.state.notifications import Queue
from flask_amazon_channel.simulator.world import World

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


def create(world: World, facts: Facts) -> Facts:
    """A queue that exists already is answered, unless it was made with other attributes."""
    name, wanted = text(facts, "QueueName"), attributes(facts)
    if not _NAME.fullmatch(name):
        raise invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
    queue = _named(world, facts["_region"], name)
    if queue and any(queue.attributes.get(each, queues.DEFAULTS.get(each)) != wanted[each] for each in wanted):
        raise QueueError("QueueNameExists", "A queue already exists with the same name and a different value.")
    queue = queue or queues.create(world, facts["_region"], name, wanted)
    return {"QueueUrl": queues.url_of(world, queue)}


def _named(world: World, region: str, name: str) -> Queue | None:
    return world.state.notifications.queues.get(f"arn:aws:sqs:{region}:{queues.ACCOUNT}:{name}")


def get_url(world: World, facts: Facts) -> Facts:
    queue = _named(world, facts["_region"], text(facts, "QueueName"))
    if queue is None or facts.get("QueueOwnerAWSAccountId", queue.account) != queue.account:
        raise QueueError("QueueDoesNotExist", "The specified queue does not exist.")
    return {"QueueUrl": queues.url_of(world, queue)}


def list_queues(world: World, facts: Facts) -> Facts:
    prefix = str(facts.get("QueueNamePrefix") or "")
    most = number(facts, "MaxResults", 1000, 1, 1000)
    mine = [each for each in world.state.notifications.queues.values() if each.region == facts["_region"]]
    found = sorted(queues.url_of(world, each) for each in mine if each.name.startswith(prefix))
    return {"QueueUrls": found[:most]} if found else {}


def get_attributes(world: World, facts: Facts) -> Facts:
    queue, wanted = parameters.queue(world, facts), facts.get("AttributeNames") or []
    moments = {"CreatedTimestamp": str(int(queue.created)), "LastModifiedTimestamp": str(int(queue.changed))}
    known = {"QueueArn": queue.arn, **queues.counts(queue, world.now()), **moments}
    known |= {**queues.DEFAULTS, **queue.attributes}
    if unknown := [each for each in wanted if each != "All" and each not in known and each not in SETTABLE]:
        raise QueueError("InvalidAttributeName", f"Unknown Attribute {unknown[0]}.")
    found = {name: value for name, value in known.items() if name in wanted or "All" in wanted}
    return {"Attributes": found} if found else {}


def set_attributes(world: World, facts: Facts) -> None:
    queue = parameters.queue(world, facts)
    queue.attributes |= attributes(facts)
    queue.changed = world.now()


def delete_queue(world: World, facts: Facts) -> None:
    del world.state.notifications.queues[parameters.queue(world, facts).arn]


def purge(world: World, facts: Facts) -> None:
    parameters.queue(world, facts).messages.clear()
