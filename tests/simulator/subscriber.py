"""A seller's application that subscribes to notifications and reads its queues."""

import json
from typing import Any

import boto3
import requests
from botocore.config import Config

from .conftest import Client

ACCOUNT, REGION = "123456789012", "eu-west-1"
_ONCE = Config(retries={"total_max_attempts": 1}, proxies={})


def sqs(url: str, region: str = REGION) -> Any:
    """A client of queues, as AWS gives it."""
    keys = {"aws_access_key_id": "anything", "aws_secret_access_key": "at all"}
    return boto3.client("sqs", endpoint_url=url, region_name=region, config=_ONCE, **keys)


class Subscriber:
    """`queue` takes what goes to queues, `events` what goes to EventBridge."""

    def __init__(self, client: Client) -> None:
        self.client, self.amazon = client, client.amazon
        self.sqs = sqs(self.amazon.url)
        self.queue = self.sqs.create_queue(QueueName="notifications")["QueueUrl"]
        self.events = self.sqs.create_queue(QueueName="events")["QueueUrl"]
        self.token = ""
        self.destination = self._destination({"sqs": {"arn": arn("notifications")}})
        self.bus = self._destination({"eventBridge": {"accountId": ACCOUNT, "region": REGION}})
        self.amazon.event_rule(ACCOUNT, REGION, arn("events"))

    def close(self) -> None:
        self.sqs.close()

    def grantless(self, method: str, path: str, body: Any = None) -> requests.Response:
        """A call of the application, without any seller."""
        if not self.token:
            self.token = application_token(self.client)
        headers = {"x-amz-access-token": self.token}
        url = f"{self.amazon.url}/notifications/v1{path}"
        return self.client.http.request(method, url, json=body, headers=headers, timeout=10)

    def _destination(self, resource: Any) -> str:
        body = {"name": "mine", "resourceSpecification": resource}
        answer = self.grantless("POST", "/destinations", body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["payload"]["destinationId"])

    def try_to_subscribe(self, kind: str, version: str = "1.0", **body: Any) -> requests.Response:
        body = {"payloadVersion": version, "destinationId": self.destination, **body}
        return self.client.call("POST", f"/notifications/v1/subscriptions/{kind}", None, body)

    def subscribe(self, kind: str, version: str = "1.0", **body: Any) -> str:
        if kind.startswith(("LISTINGS_", "PRODUCT_TYPE")):
            body.setdefault("destinationId", self.bus)
        answer = self.try_to_subscribe(kind, version, **body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["payload"]["subscriptionId"])

    def received(self, queue: str | None = None) -> list[Any]:
        """Everything in a queue, deleted as it is read."""
        self.amazon.advance(self.amazon.settings()["notification_delay"])
        url, found = queue or self.queue, []
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def told(self) -> list[Any]:
        """The notifications that came by EventBridge."""
        return [event["detail"] for event in self.received(self.events)]


def application_token(client: Client) -> str:
    form = {
        "grant_type": "client_credentials",
        "scope": "sellingpartnerapi::notifications",
        "client_id": client.account["client_id"],
        "client_secret": client.account["client_secret"],
    }
    answer = client.http.post(f"{client.amazon.url}/auth/o2/token", data=form, timeout=10)
    return str(answer.json()["access_token"])


def arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
