"""The queue at Amazon Web Services, and the rule of EventBridge that leads events into it.

boto3 is loaded when it is first used: the extra `notifications` installs it.  What AWS refuses or does not answer
raises `QueueUnavailable`, whose sentence holds no key and no message.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask_amazon_channel.errors import ChannelError, ConfigurationError
from flask_amazon_channel.rules.phrases import phrase

T = TypeVar("T")

SELLING_PARTNER_API = "437568002678"
"""The AWS account from which Amazon sends notifications (documented with `createDestination`)."""

RULE = "flask-amazon-channel"
BATCH = 10
HIDDEN_FOR = 60
"""Seconds until a message that was received and not deleted comes again."""


class QueueUnavailable(ChannelError):
    """AWS refused, or did not answer."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the queue; its body may hold a secret or personal data."""

    id: str
    receipt: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach AWS.  Without keys boto3 looks for them where it always does (environment, instance role)."""

    queue_url: str
    region: str = ""
    endpoint: str = ""
    key_id: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)


class Queue:
    """One queue of Amazon SQS, and EventBridge in its account and region."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._sqs = _client("sqs", access)
        self._arn = ""

    @property
    def arn(self) -> str:
        """Return the queue's ARN, `arn:aws:sqs:region:account:name`, as AWS gives it."""
        if not self._arn:
            self._arn = self._attributes("QueueArn")["QueueArn"]
        return self._arn

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]

    @property
    def region(self) -> str:
        return self.arn.split(":")[3]

    def close(self) -> None:
        self._sqs.close()

    def receive(self, wait: int = 0) -> list[Message]:
        """Take up to ten messages; they are hidden from others for a minute."""
        answer = _call(
            lambda: self._sqs.receive_message(
                QueueUrl=self._access.queue_url,
                MaxNumberOfMessages=BATCH,
                WaitTimeSeconds=wait,
                VisibilityTimeout=HIDDEN_FOR,
            )
        )
        return [Message(one["MessageId"], one["ReceiptHandle"], one["Body"]) for one in answer.get("Messages", [])]

    def delete(self, messages: Sequence[Message]) -> None:
        """Delete what is done.  What AWS does not delete comes again, and is then known."""
        if not messages:
            return
        entries = [{"Id": str(n), "ReceiptHandle": one.receipt} for n, one in enumerate(messages)]
        _call(lambda: self._sqs.delete_message_batch(QueueUrl=self._access.queue_url, Entries=entries))

    def waiting(self) -> int:
        """Return about how many messages wait."""
        return int(self._attributes("ApproximateNumberOfMessages")["ApproximateNumberOfMessages"])

    def _attributes(self, name: str) -> dict[str, str]:
        answer = _call(lambda: self._sqs.get_queue_attributes(QueueUrl=self._access.queue_url, AttributeNames=[name]))
        found: dict[str, str] = answer.get("Attributes", {})
        return found

    def allow_amazon(self) -> bool:
        """Let Amazon and EventBridge write to the queue; the rest of its policy stays.  True: it was so already."""
        try:
            policy = json.loads(self._attributes("Policy").get("Policy") or "{}")
        except ValueError:
            policy = {}
        statements = policy.get("Statement", [])
        statements = statements if isinstance(statements, list) else [statements]
        kept = {one.get("Sid"): one for one in statements}
        wanted = {one["Sid"]: one for one in policy_statements(self.arn)}
        if all(kept.get(name) == one for name, one in wanted.items()):
            return True
        others = [one for one in statements if one.get("Sid") not in wanted]
        changed = {"Version": "2012-10-17", **policy, "Statement": [*others, *wanted.values()]}
        _call(
            lambda: self._sqs.set_queue_attributes(
                QueueUrl=self._access.queue_url, Attributes={"Policy": json.dumps(changed)}
            )
        )
        return False

    def lead_events_here(self, event_source: str, types: Sequence[str]) -> bool:
        """Give Amazon's event source its bus, and lead these events into the queue.  True: it was so already."""
        events = _client("events", self._access)
        try:
            return self._lead(events, event_source, types)
        finally:
            events.close()

    def _lead(self, events: Any, source: str, types: Sequence[str]) -> bool:
        buses = _call(lambda: events.list_event_buses(NamePrefix=source))["EventBuses"]
        had_bus = any(bus["Name"] == source for bus in buses)
        if not had_bus:
            _call(lambda: events.create_event_bus(Name=source, EventSourceName=source))
        pattern = {"source": [source], "detail-type": sorted(types)}
        rules = _call(lambda: events.list_rules(NamePrefix=RULE, EventBusName=source))["Rules"]
        found: dict[str, Any] = next((rule for rule in rules if rule["Name"] == RULE), {})
        had_rule = json.loads(found.get("EventPattern") or "{}") == pattern and found.get("State") == "ENABLED"
        if not had_rule:
            _call(
                lambda: events.put_rule(
                    Name=RULE, EventBusName=source, EventPattern=json.dumps(pattern), State="ENABLED"
                )
            )
        targets = _call(lambda: events.list_targets_by_rule(Rule=RULE, EventBusName=source))["Targets"]
        had_target = any(target["Arn"] == self.arn for target in targets)
        if not had_target:
            _put_target(events, source, self.arn)
        return had_bus and had_rule and had_target


def _put_target(events: Any, source: str, arn: str) -> None:
    target = {"Id": "queue", "Arn": arn}
    answer = _call(lambda: events.put_targets(Rule=RULE, EventBusName=source, Targets=[target]))
    if answer.get("FailedEntryCount"):
        raise QueueUnavailable("AWS did not take the queue as the target of the rule.")


def policy_statements(arn: str) -> list[dict[str, Any]]:
    """Return what the queue's policy needs: who may write to it."""
    _, _, _, region, account, _ = arn.split(":", 5)
    return [
        {
            "Sid": "SellingPartnerApi",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{SELLING_PARTNER_API}:root"},
            "Action": ["sqs:SendMessage", "sqs:GetQueueAttributes"],
            "Resource": arn,
        },
        {
            "Sid": "SellingPartnerEvents",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:events:{region}:{account}:rule/*/{RULE}"}},
        },
    ]


def region_of(queue_url: str) -> str:
    """Return the region that a queue's address names, or ""."""
    parts = (urlsplit(queue_url).hostname or "").split(".")
    return parts[1] if len(parts) > 3 and parts[0] == "sqs" else ""


def _client(service: str, access: Access) -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise ConfigurationError(
            phrase("boto3 is missing. Install it with: pip install 'flask-amazon-channel[notifications]'")
        ) from None
    keys = {}
    if access.key_id:
        keys = {"aws_access_key_id": access.key_id, "aws_secret_access_key": access.secret_key}
    patience = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"total_max_attempts": 2},
        proxies={} if access.endpoint else None,
    )
    return _call(
        lambda: boto3.client(
            service,
            region_name=access.region or region_of(access.queue_url) or None,
            endpoint_url=access.endpoint or None,
            config=patience,
            **keys,
        )
    )


def _call(act: Callable[[], T]) -> T:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return act()
    except ClientError as error:
        found = error.response.get("Error", {})
        raise QueueUnavailable(f"AWS refused {error.operation_name}: {found.get('Code', 'no reason')}.") from None
    except (BotoCoreError, ValueError) as error:
        raise QueueUnavailable(f"AWS could not be asked: {type(error).__name__}.") from None
