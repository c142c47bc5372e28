"""The queue at AWS that the configuration names; without it nothing of this is loaded and nothing happens."""

from __future__ import annotations

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.config import PREFIX
from flask_amazon_channel.errors import ConfigurationError, SendingStopped
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.spapi.aws import Access, Queue
from flask_amazon_channel.sync import permission


def is_configured(channel: Channel) -> bool:
    return bool(channel.config.aws_queue_url)


def queue_of(channel: Channel) -> Queue:
    """Return the queue; made once, since that takes longer than a call.  Asks nobody yet."""
    config = channel.config
    if not config.aws_queue_url:
        raise ConfigurationError(
            phrase(
                "Set {setting} to the address of a standard queue of Amazon SQS that is yours.",
                setting=f"{PREFIX}AWS_QUEUE_URL",
            )
        )
    if channel.message_queue is None:
        channel.message_queue = Queue(
            Access(
                config.aws_queue_url,
                config.aws_region,
                config.aws_endpoint_url,
                config.aws_access_key_id,
                config.aws_secret_access_key,
            )
        )
    queue: Queue = channel.message_queue
    return queue


def refused(channel: Channel) -> str | None:
    """Return why this installation leaves the queue alone: whoever takes a message takes it from everybody."""
    try:
        permission.refuse_stopped(channel, None)
    except SendingStopped as stopped:
        return phrase("The queue is left alone. {why}", why=str(stopped))
    return None


def require_own(channel: Channel) -> None:
    """Raise `ConfigurationError` where this installation must leave the queue alone."""
    reason = refused(channel)
    if reason is not None:
        raise ConfigurationError(reason)
