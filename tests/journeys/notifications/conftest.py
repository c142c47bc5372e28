"""A shop whose account is subscribed: its queue is the simulator's own, its events come into the same queue."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config

from flask_amazon_channel.sync.notifications import consume, subscribe
from tests.databases import Databases
from tests.journeys.world import ShopWorld, empty_shop, listed, make_world

ACCOUNT, REGION = "123456789012", "eu-west-1"
ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:notifications"
KEYS = {"aws_access_key_id": "anything", "aws_secret_access_key": "at all"}

Told = Callable[[], int]


@contextmanager
def aws(service: str, url: str) -> Iterator[Any]:
    client = boto3.client(service, endpoint_url=url, region_name=REGION, config=Config(proxies={}), **KEYS)
    yield client
    client.close()


def give_queue(world: ShopWorld, url: str) -> str:
    """Make a queue at this server, and configure the channel for it; return its address."""
    with aws("sqs", url) as sqs:
        keeps = {"MessageRetentionPeriod": str(14 * 86400)}
        address: str = sqs.create_queue(QueueName="notifications", Attributes=keeps)["QueueUrl"]
    world.channel.config = replace(
        world.channel.config, aws_queue_url=address, aws_region=REGION, aws_endpoint_url=url, **KEYS
    )
    return address


@pytest.fixture
def world(database_server: Databases) -> Iterator[ShopWorld]:
    with database_server.fresh(empty_shop) as uri, make_world(uri) as world:
        world.amazon.settings(notification_delay=0)
        world.add_product("LAMP")
        yield world
        if world.channel.message_queue is not None:
            world.channel.message_queue.close()


@pytest.fixture
def subscribed(world: ShopWorld) -> ShopWorld:
    """The LAMP is listed and in step, and everything is subscribed; nothing waits in the queue."""
    world.connect(listings=[listed("LAMP")])
    give_queue(world, world.amazon.url)
    world.amazon.event_rule(ACCOUNT, REGION, ARN)
    list(subscribe.set_up(world.channel))
    hear(world)
    world.amazon.forget_requests()
    world.amazon.forget_notifications()
    return world


def hear(world: ShopWorld) -> int:
    """Read the queue once, and do what it hints at.  No time passes: nothing else is due."""
    taken = consume.drain(world.channel)
    world.work()
    return taken


def send(world: ShopWorld, body: Any) -> None:
    """Put a message into the queue, as anybody who may write to it could."""
    with aws("sqs", world.amazon.url) as sqs:
        text = body if isinstance(body, str) else json.dumps(body)
        sqs.send_message(QueueUrl=world.channel.config.aws_queue_url, MessageBody=text)


def waiting(world: ShopWorld) -> int:
    """How many messages are in the queue, seen or hidden."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    with aws("sqs", world.amazon.url) as sqs:
        found = sqs.get_queue_attributes(QueueUrl=world.channel.config.aws_queue_url, AttributeNames=names)
    return sum(int(count) for count in found["Attributes"].values())
