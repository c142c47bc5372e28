"""Notifications, as the control calls see and cause them."""

from typing import Any

from flask_amazon_channel.simulator.control.refused import Refused, find_seller
from flask_amazon_channel.simulator.notifications import outbox
from flask_amazon_channel.simulator.notifications.sent import forget, sent_by
from flask_amazon_channel.simulator.state.notifications import EventRule
from flask_amazon_channel.simulator.world import World

CAUSES = ("account_status_changed", "offers_changed", "pricing_health", "product_types_changed", "secret_expires")


def get_notifications(world: World) -> dict[str, Any]:
    """What was sent, oldest first, and what another server of queues did not take."""
    return {"sent": sent_by(world), "undelivered": list(outbox.of(world).failures)}


def forget_notifications(world: World) -> None:
    forget(world)
    outbox.of(world).failures.clear()


def cause_notification(world: World, occurrence: str, seller: str = "", **facts: Any) -> None:
    """Let something have happened of which sellers are told."""
    if occurrence not in CAUSES:
        raise Refused(f"Unknown occurrence {occurrence}. Known are {', '.join(CAUSES)}.")
    if seller:
        find_seller(world, seller)
    world.occurred(occurrence, seller, **facts)


def put_event_rule(
    world: World, account: str, region: str, queue_arn: str | None, types: list[str] | None = None
) -> dict[str, Any]:
    """The rule of EventBridge in an account and region; without a queue it is removed."""
    rules, name = world.state.notifications.rules, f"{account}/{region}"
    if queue_arn is None:
        rules.pop(name, None)
    elif not str(queue_arn).startswith("arn:aws:sqs:"):
        raise Refused("queue_arn is the ARN of a queue, or null.")
    else:
        rules[name] = EventRule(account, region, queue_arn, list(types or []))
    return get_event_rules(world)


def get_event_rules(world: World) -> dict[str, Any]:
    return {"rules": [dict(vars(each)) for each in world.state.notifications.rules.values()]}
