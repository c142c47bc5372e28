"""Notifications v1: subscriptions, which belong to a seller, and test notifications."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers, forbidden
from flask_amazon_channel.simulator.api.notifications.directives import checked
from flask_amazon_channel.simulator.api.notifications.errors import BAD, MISSING, invalid, not_found, state_conflict
from flask_amazon_channel.simulator.login.signing import make_token, read_token
from flask_amazon_channel.simulator.notifications.delivery import send_test
from flask_amazon_channel.simulator.notifications.envelopes import new_id
from flask_amazon_channel.simulator.notifications.examples import example
from flask_amazon_channel.simulator.notifications.types import EVENTBRIDGE, SQS, TYPES, NotificationType
from flask_amazon_channel.simulator.state.notifications import Destination, Subscription
from flask_amazon_channel.simulator.wire.messages import Response, json_response

LEAST_PAGE, GREATEST_PAGE = 30, 100


def _type(call: Call, name: str) -> NotificationType:
    """Assumed: a type needs the role of its family: pricing, orders, listings, fulfillment or finance."""
    kind = TYPES.get(name)
    if kind is None:
        raise invalid(f"Invalid notification type {name}")
    if call.caller is not None and kind.role is not None and kind.role not in call.caller.roles:
        raise forbidden("")
    return kind


def _mine(call: Call) -> dict[str, Subscription]:
    return call.world.state.notifications.subscriptions.setdefault(call.seller.id, {})


@answers("createSubscription", bad=BAD, missing=MISSING)
def create_subscription(call: Call) -> Response:
    """One for each type and payload version; several where their filter expressions differ.

    Assumed: subscriptions of one type and version may stand side by side only with different expressions.
    """
    kind, body = _type(call, call.path["notificationType"]), call.json()
    version = body.get("payloadVersion")
    if version not in kind.versions:
        raise invalid(f"Invalid payload version {version} for notification type {kind.name}")
    destination = _destination(call, body.get("destinationId"))
    _check_workflow(kind, destination)
    subscription = Subscription(
        id=new_id(call.world, "subscription"),
        seller_id=call.seller.id,
        type=kind.name,
        payload_version=str(version),
        destination_id=destination.id,
        created=call.world.now(),
        directive=checked(kind, body.get("processingDirective")),
    )
    for each in _mine(call).values():
        if (each.type, each.payload_version, each.expression) == (kind.name, version, subscription.expression):
            raise state_conflict(f"Subscription already exist for notification type {kind.name}")
    _mine(call)[subscription.id] = subscription
    return json_response({"payload": _shape(subscription)})


def _destination(call: Call, destination_id: Any) -> Destination:
    """Seen in public: a subscription with an unknown destination is refused as InvalidInput."""
    found = call.world.state.notifications.destinations.get(str(destination_id))
    if found is None:
        application = call.world.state.application.application_id
        raise invalid(f"No destination with id {destination_id} for applicationId {application}")
    return found


def _check_workflow(kind: NotificationType, destination: Destination) -> None:
    """Documented: each type of notification is sent in one way, to a queue or to EventBridge.

    Seen in public: a subscription to a type of EventBridge with a queue as its destination is refused, without details.
    """
    if kind.workflow != (SQS if destination.arn else EVENTBRIDGE):
        raise invalid("")


@answers("getSubscription", bad=BAD, missing=MISSING)
def get_subscription(call: Call) -> Response:
    """That of the payload version asked for, or of the latest one."""
    kind, version = _type(call, call.path["notificationType"]), call.request.one("payloadVersion")
    found = _found(call, [kind.name], version)
    if not found:
        raise not_found(f"No subscription for notification type {kind.name}")
    return json_response({"payload": _shape(max(found, key=lambda each: (each.payload_version, each.created)))})


def _found(call: Call, kinds: list[str], version: str | None) -> list[Subscription]:
    mine = [each for each in _mine(call).values() if each.type in kinds]
    return [each for each in mine if version in (None, each.payload_version)]


@answers("getSubscriptions", bad=BAD, missing=MISSING)
def get_subscriptions(call: Call) -> Response:
    """Pages of 30 to 100; the token comes with the same parameters again.

    Assumed: without pageSize a page of subscriptions holds 30.
    """
    kinds, version = call.request.many("notificationTypes"), call.request.one("payloadVersion")
    if len(kinds) != 1:
        raise invalid("notificationTypes holds one notification type.")
    found = _found(call, [_type(call, kinds[0]).name], version)
    size, start = _page_size(call), _start(call, kinds[0])
    payload: dict[str, Any] = {"subscriptions": [_shape(each) for each in found[start : start + size]]}
    if start + size < len(found):
        facts = {"seller": call.seller.id, "type": kinds[0], "start": start + size}
        payload["nextToken"] = make_token(call.world, facts)
    return json_response({"payload": payload})


def _page_size(call: Call) -> int:
    text = call.request.one("pageSize") or str(LEAST_PAGE)
    if not text.isdigit() or not LEAST_PAGE <= int(text) <= GREATEST_PAGE:
        raise invalid(f"pageSize must be between {LEAST_PAGE} and {GREATEST_PAGE}.")
    return int(text)


def _start(call: Call, kind: str) -> int:
    token = call.request.one("nextToken")
    if token is None:
        return 0
    facts = read_token(call.world, token)
    if facts is None or (facts.get("seller"), facts.get("type")) != (call.seller.id, kind):
        raise invalid("Invalid nextToken.")
    return int(facts["start"])


@answers("getSubscriptionById", bad=BAD, missing=MISSING)
def get_subscription_by_id(call: Call) -> Response:
    return json_response({"payload": _shape(_by_id(call))})


@answers("deleteSubscriptionById", bad=BAD, missing=MISSING)
def delete_subscription_by_id(call: Call) -> Response:
    """Also of a seller who revoked the consent: the application alone is asked."""
    subscription = _by_id(call)
    del call.world.state.notifications.subscriptions[subscription.seller_id][subscription.id]
    return json_response({})


def _by_id(call: Call) -> Subscription:
    kind, wanted = _type(call, call.path["notificationType"]), call.path["subscriptionId"]
    for mine in call.world.state.notifications.subscriptions.values():
        if wanted in mine and mine[wanted].type == kind.name:
            return mine[wanted]
    raise not_found(f"No subscription with id {wanted} for notification type {kind.name}")


@answers("sendTestNotification", bad=BAD, missing=MISSING)
def send_test_notification(call: Call) -> Response:
    """A made-up notification, at once.

    Assumed: every scenario of a test notification sends the same example.
    Assumed: test notifications, which Amazon has in its sandbox only, are served beside all other operations.
    """
    kind, body = _type(call, call.path["notificationType"]), call.json()
    test = body.get("testNotification")
    if not isinstance(test, dict) or test.get("payloadVersion") not in kind.versions:
        raise invalid(f"Invalid payload version for notification type {kind.name}")
    if not isinstance(test.get("testScenario"), str) or not test["testScenario"]:
        raise invalid("testScenario must not be empty")
    destination = _destination(call, body.get("destinationId"))
    _check_workflow(kind, destination)
    payload = example(call.world, kind.name, test["payloadVersion"])
    if payload is None:
        raise invalid(f"No test scenario for notification type {kind.name}")
    send_test(call.world, destination, kind.name, test["payloadVersion"], payload)
    return json_response({})


def _shape(subscription: Subscription) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "subscriptionId": subscription.id,
        "payloadVersion": subscription.payload_version,
        "destinationId": subscription.destination_id,
    }
    return shape | ({"processingDirective": subscription.directive} if subscription.directive else {})
