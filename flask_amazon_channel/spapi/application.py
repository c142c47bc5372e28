"""What the application asks for itself, without a seller's consent: destinations, and a new client secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_amazon_channel.rules.amazon import Destination
from flask_amazon_channel.spapi import answers, operations, transport
from flask_amazon_channel.spapi.calls import Calls
from flask_amazon_channel.spapi.parse_notifications import parse_destination, parse_destinations
from flask_amazon_channel.spapi.tokens import CLIENT_ROTATION, NOTIFICATIONS, LoginWithAmazon

DESTINATION_NAME = "flask-amazon-channel"


class GrantlessToken:
    """A token of the application for one scope, asked for when it is first needed."""

    def __init__(self, login: LoginWithAmazon, scope: str) -> None:
        self._login = login
        self._scope = scope
        self._token = ""

    def access_token(self, *, renew: bool = False) -> str:
        if renew or not self._token:
            self._token = self._login.grantless(self._scope).token
        return self._token


class ApplicationClient:
    """Talks to one region's endpoint for the application.  Errors as in `AmazonClient`."""

    def __init__(
        self,
        endpoint: str,
        login: LoginWithAmazon,
        *,
        timeout: float = 30.0,
        before_call: Callable[[str], None] | None = None,
    ) -> None:
        agent = transport.user_agent()
        self._notifications, self._rotation = (
            Calls(endpoint, GrantlessToken(login, scope), timeout, agent, None, before_call)
            for scope in (NOTIFICATIONS, CLIENT_ROTATION)
        )

    # Notifications v1

    def get_destinations(self) -> list[Destination]:
        """Return every destination of the application in this region."""
        return self._notifications.ask(operations.GET_DESTINATIONS, parse_destinations)

    def create_queue_destination(self, queue_arn: str) -> Destination:
        """Register a queue of Amazon SQS.  HTTP 409 where it is registered already."""
        return self._create({"sqs": {"arn": queue_arn}})

    def create_event_destination(self, account: str, region: str) -> Destination:
        """Register an AWS account's EventBridge: Amazon makes an event source in it, which waits for its bus."""
        return self._create({"eventBridge": {"accountId": account, "region": region}})

    def _create(self, resource: dict[str, Any]) -> Destination:
        body = {"name": DESTINATION_NAME, "resourceSpecification": resource}
        return self._notifications.ask(operations.CREATE_DESTINATION, parse_destination, body=body)

    def delete_subscription(self, notification_type: str, subscription_id: str) -> None:
        """End a subscription of any seller."""
        operation = operations.DELETE_SUBSCRIPTION_BY_ID
        names = {"notificationType": notification_type, "subscriptionId": subscription_id}
        answers.check_status(operation, self._notifications.exchange(operation, {}, None, names))

    # Applications 2023-11-30

    def rotate_client_secret(self) -> None:
        """Ask for a new client secret.  It comes only as a message to the queue that is registered for it."""
        operation = operations.ROTATE_APPLICATION_CLIENT_SECRET
        answers.expect_no_content(operation, self._rotation.exchange(operation, {}, None, {}))
