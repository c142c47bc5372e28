"""Notifications v1: destinations, which belong to the application and need no seller."""

import re
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.notifications.errors import BAD, MISSING, conflict, invalid, not_found
from flask_amazon_channel.simulator.notifications.envelopes import event_source, new_id
from flask_amazon_channel.simulator.state.notifications import Destination
from flask_amazon_channel.simulator.wire.messages import ApiError, Response, json_response
from flask_amazon_channel.simulator.world import World

_ARN = re.compile(r"arn:aws:sqs:[^:\s]+:[^:\s]+:[^:\s]+")


@answers("createDestination", bad=BAD, missing=MISSING)
def create_destination(call: Call) -> Response:
    """Assumed: a destination is made without a look at whether its queue exists and lets Amazon write.

    Documented: FIFO queues cannot be destinations.
    """
    body = call.json()
    name, wanted = body.get("name"), body.get("resourceSpecification")
    if not isinstance(name, str) or not 1 <= len(name) <= 256:
        raise invalid("name is required, with at most 256 characters.")
    if not isinstance(wanted, dict) or len([each for each in wanted.values() if each]) != 1:
        raise invalid("resourceSpecification holds one of sqs and eventBridge.")
    destination = _destination(call.world, name, wanted)
    _check_new(call.world, destination)
    call.world.state.notifications.destinations[destination.id] = destination
    return json_response({"payload": _shape(call.world, destination)})


def _destination(world: World, name: str, wanted: dict[str, Any]) -> Destination:
    if isinstance(queue := wanted.get("sqs"), dict):
        arn = queue.get("arn")
        if not isinstance(arn, str) or len(arn) > 1000 or not _ARN.fullmatch(arn) or arn.endswith(".fifo"):
            raise invalid("sqs.arn is not the ARN of a standard queue.")
        return Destination(new_id(world, "destination"), name, arn=arn)
    bus = wanted.get("eventBridge")
    account, region = (bus.get("accountId"), bus.get("region")) if isinstance(bus, dict) else (None, None)
    if not isinstance(account, str) or not re.fullmatch(r"\d{9,12}", account):
        raise invalid("eventBridge.accountId is not the number of an account.")
    if not isinstance(region, str) or not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region):
        raise invalid("eventBridge.region is not a region.")
    return Destination(new_id(world, "destination"), name, account=account, region=region)


def _check_new(world: World, destination: Destination) -> None:
    """Documented: a queue is a destination once, and an account of AWS has one destination of EventBridge."""
    owner = f"already exists for the application {world.state.application.application_id}"
    for each in world.state.notifications.destinations.values():
        if destination.arn and each.arn == destination.arn:
            raise conflict(f"A destination with arn {each.arn} {owner}")
        if destination.account and each.account == destination.account:
            raise conflict(f"A destination with accountId {each.account} {owner}")


@answers("getDestinations", bad=BAD, missing=MISSING)
def get_destinations(call: Call) -> Response:
    found = call.world.state.notifications.destinations.values()
    return json_response({"payload": [_shape(call.world, each) for each in found]})


@answers("getDestination", bad=BAD, missing=MISSING)
def get_destination(call: Call) -> Response:
    return json_response({"payload": _shape(call.world, _named(call))})


@answers("deleteDestination", bad=BAD, missing=MISSING)
def delete_destination(call: Call) -> Response:
    """Seen in public: a destination with subscriptions cannot be deleted, which is answered as forbidden."""
    destination = _named(call)
    every = call.world.state.notifications.subscriptions.values()
    if any(each.destination_id == destination.id for mine in every for each in mine.values()):
        raise ApiError(403, "Unauthorized", "The requested action is forbidden.", "Destination has subscriptions")
    del call.world.state.notifications.destinations[destination.id]
    return json_response({})


def _named(call: Call) -> Destination:
    found = call.world.state.notifications.destinations.get(call.path["destinationId"])
    if found is None:
        raise not_found(f"No destination with id {call.path['destinationId']}")
    return found


def _shape(world: World, destination: Destination) -> dict[str, Any]:
    resource: dict[str, Any] = {"sqs": {"arn": destination.arn}}
    if destination.account:
        place = {"region": destination.region, "accountId": destination.account}
        resource = {"eventBridge": {"name": event_source(world, destination.account), **place}}
    return {"destinationId": destination.id, "name": destination.name, "resource": resource}
