"""From something that happened to a message: who wants it, when it is sent, where it goes."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask_amazon_channel.simulator.login.lives import authorised
from flask_amazon_channel.simulator.notifications import outbox
from flask_amazon_channel.simulator.notifications.envelopes import envelope, event, new_id
from flask_amazon_channel.simulator.notifications.sent import Sent, note
from flask_amazon_channel.simulator.notifications.sqs import queues
from flask_amazon_channel.simulator.notifications.types import OF_THE_APPLICATION, TYPES
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.notifications import Destination, Subscription
from flask_amazon_channel.simulator.world import World, effect

Payload = dict[str, Any]
PERIODS = {"FiveMinutes": 300.0, "TenMinutes": 600.0}

WATCHERS: list[Callable[[dict[str, Any]], None]] = []
"""Hear of every notification of every simulator in this process, when it is sent."""


def subscriptions(world: World, seller_id: str, kind: str) -> Iterator[Subscription]:
    """Who is told: nobody when notifications are off.

    Assumed: as soon as a seller has revoked the consent, nothing is sent any more, and what waits is lost.
    """
    seller = world.state.sellers.get(seller_id)
    if seller is None or not authorised(world, seller) or world.settings.notifications == "off":
        return
    for subscription in list(world.state.notifications.subscriptions.get(seller_id, {}).values()):
        if subscription.type == kind:
            yield subscription


def notify(
    world: World,
    seller_id: str,
    kind: str,
    payload: Callable[[str], Payload],
    *,
    marketplace: str | None = None,
    change: str | None = None,
    about: str = "",
) -> None:
    """Tell every subscription of this type; `payload` makes the payload of a payload version.

    `about` is what notifications are aggregated by, within their marketplace.
    """
    for subscription in subscriptions(world, seller_id, kind):
        if _wanted(subscription, marketplace, change):
            _send_or_hold(world, subscription, payload(subscription.payload_version), f"{marketplace}/{about}")


def _wanted(subscription: Subscription, marketplace: str | None, change: str | None) -> bool:
    """Whether the event filter lets it pass.

    Assumed: a filter expression is kept and shown, but not evaluated: everything passes.
    """
    wanted = subscription.event_filter
    marketplaces, changes = wanted.get("marketplaceIds"), wanted.get("orderChangeTypes")
    if marketplaces and marketplace is not None and marketplace not in marketplaces:
        return False
    return not (changes and change is not None and change not in changes)


def _send_or_hold(world: World, subscription: Subscription, payload: Payload, about: str) -> None:
    """The first of an aggregation period is sent; of the others only the last, when the period ends."""
    settings = subscription.event_filter.get("aggregationSettings") or {}
    period = PERIODS.get(settings.get("aggregationTimePeriod", ""))
    if period is None:
        _send(world, subscription, payload, world.now())
    elif about in subscription.periods:
        subscription.periods[about] = [world.now(), payload]
    else:
        _send(world, subscription, payload, world.now())
        _start_period(world, subscription, about, period)


def _start_period(world: World, subscription: Subscription, about: str, period: float) -> None:
    subscription.periods[about] = None
    facts = {"seller": subscription.seller_id, "subscription": subscription.id, "about": about, "period": period}
    world.later(period, "notification_period", facts)


@effect("notification_period")
def end_period(world: World, pending: Pending) -> None:
    """Assumed: what was sent at the end of an aggregation period begins the next one."""
    facts = pending.facts
    subscription = world.state.notifications.subscriptions.get(facts["seller"], {}).get(facts["subscription"])
    if subscription is None:
        return
    held = subscription.periods.pop(facts["about"], None)
    if held is not None:
        _send(world, subscription, held[1], held[0])
        _start_period(world, subscription, facts["about"], facts["period"])


def _send(world: World, subscription: Subscription, payload: Payload, event_time: float) -> None:
    facts: dict[str, Any] = {"type": subscription.type, "version": subscription.payload_version, "payload": payload}
    facts |= {"seller": subscription.seller_id, "subscription": subscription.id, "event_time": event_time}
    world.later(world.settings.notification_delay, "notification", facts)


@effect("notification")
def deliver(world: World, pending: Pending) -> None:
    """Send what was due, unless the subscription ended or the seller revoked the consent in the meantime."""
    facts = pending.facts
    for subscription in subscriptions(world, facts["seller"], facts["type"]):
        if subscription.id == facts["subscription"]:
            destination = world.state.notifications.destinations[subscription.destination_id]
            publish(world, destination, facts)


def send_test(world: World, destination: Destination, kind: str, version: str, payload: Payload) -> None:
    """A notification that nothing caused."""
    facts = {"type": kind, "version": version, "payload": payload, "event_time": world.now()}
    publish(world, destination, {**facts, "subscription": new_id(world, "subscription")})


def notify_application(world: World, kind: str, payload: Payload) -> None:
    """To the queue that is registered for the application in the setting application_queue."""
    if world.settings.application_queue and world.settings.notifications == "on":
        facts = {"type": kind, "version": OF_THE_APPLICATION[kind].versions[-1], "payload": payload}
        destination = Destination("", "Application", arn=world.settings.application_queue)
        publish(world, destination, {**facts, "event_time": world.now(), "subscription": _of_application(world)})


def _of_application(world: World) -> str:
    return world.state.application.application_id.removeprefix("amzn1.sellerapps.app.")


def publish(world: World, destination: Destination, facts: dict[str, Any]) -> None:
    """Put a notification into the queue of a destination: once, or twice where duplicates are asked for."""
    name = facts["type"]
    kind = TYPES.get(name) or OF_THE_APPLICATION[name]
    notification = envelope(world, kind, facts["version"], facts["subscription"], facts["event_time"], facts["payload"])
    for watcher in WATCHERS:
        watcher(notification)
    arn, body = _addressed(world, destination, name, notification)
    note(world, Sent(world.now(), name, facts.get("seller", ""), arn, notification, name in OF_THE_APPLICATION))
    share = world.settings.notification_duplicates
    twice = share and world.chance("duplicate").random() < share
    for _ in range(2 if twice else 1):
        _post(world, arn, json.dumps(body, ensure_ascii=False))


def _addressed(
    world: World, destination: Destination, kind: str, notification: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The queue, or nothing where no rule takes the event, and what is put into it."""
    if destination.arn:
        return destination.arn, notification
    account, region = str(destination.account), str(destination.region)
    rule = world.state.notifications.rules.get(f"{account}/{region}")
    taken = rule is not None and (not rule.types or kind in rule.types)
    body = event(world, account, region, kind, notification)
    return (rule.queue_arn if rule and taken else ""), body


def _post(world: World, arn: str, body: str) -> None:
    """Assumed: a message for a queue that does not exist is lost."""
    endpoint = world.settings.sqs_endpoint
    if arn and endpoint:
        outbox.of(world).put(endpoint, arn, body)
    elif queue := world.state.notifications.queues.get(arn):
        queues.put(world, queue, body)
