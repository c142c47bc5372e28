"""Queues as those of Amazon SQS, used by AWS's own client without changes."""

import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from botocore.exceptions import BotoCoreError, ClientError

from flask_amazon_channel.simulator import Amazon

from .subscriber import sqs


@pytest.fixture
def queues(amazon: Amazon) -> Iterator[Any]:
    client = sqs(amazon.url)
    yield client
    client.close()


@pytest.fixture
def queue(queues: Any) -> str:
    return str(queues.create_queue(QueueName="mine")["QueueUrl"])


def bodies(queues: Any, queue: str, most: int = 10, **more: Any) -> list[str]:
    answer = queues.receive_message(QueueUrl=queue, MaxNumberOfMessages=most, **more)
    return [each["Body"] for each in answer.get("Messages", [])]


def attribute(queues: Any, queue: str, name: str) -> str:
    return str(queues.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name])


def test_a_message_comes_as_it_was_sent(queues: Any, queue: str) -> None:
    sent = queues.send_message(QueueUrl=queue, MessageBody="Grüße, 東京 🎁")
    [message] = queues.receive_message(QueueUrl=queue, MessageSystemAttributeNames=["All"])["Messages"]
    assert message["Body"] == "Grüße, 東京 🎁"
    assert message["MessageId"] == sent["MessageId"]
    assert message["MD5OfBody"] == sent["MD5OfMessageBody"] == hashlib.md5("Grüße, 東京 🎁".encode()).hexdigest()
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_messages_come_in_the_order_in_which_they_were_sent(queues: Any, queue: str) -> None:
    for number in range(5):
        queues.send_message(QueueUrl=queue, MessageBody=str(number))
    assert bodies(queues, queue) == ["0", "1", "2", "3", "4"]


def test_with_disorder_they_come_in_any_order_and_all_of_them(amazon: Amazon, queues: Any, queue: str) -> None:
    amazon.settings(notification_disorder=True)
    for number in range(10):
        queues.send_message(QueueUrl=queue, MessageBody=str(number))
    found = bodies(queues, queue)
    assert sorted(found) == [str(number) for number in range(10)] != found


def test_a_received_message_is_hidden_until_its_time_is_over(amazon: Amazon, queues: Any, queue: str) -> None:
    queues.send_message(QueueUrl=queue, MessageBody="once")
    assert bodies(queues, queue, VisibilityTimeout=60) == ["once"]
    assert attribute(queues, queue, "ApproximateNumberOfMessagesNotVisible") == "1"
    amazon.advance(59)
    assert bodies(queues, queue) == []
    amazon.advance(1)
    assert bodies(queues, queue) == ["once"]


def test_a_message_that_was_deleted_does_not_come_again(amazon: Amazon, queues: Any, queue: str) -> None:
    queues.send_message(QueueUrl=queue, MessageBody="once")
    [message] = queues.receive_message(QueueUrl=queue)["Messages"]
    for _ in range(2):
        queues.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    amazon.advance(100)
    assert bodies(queues, queue) == []


def test_an_older_receipt_deletes_nothing(amazon: Amazon, queues: Any, queue: str) -> None:
    queues.send_message(QueueUrl=queue, MessageBody="twice")
    [message] = queues.receive_message(QueueUrl=queue)["Messages"]
    amazon.advance(100)
    assert bodies(queues, queue) == ["twice"]
    queues.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    amazon.advance(100)
    assert bodies(queues, queue) == ["twice"]


def test_a_receiver_can_give_a_message_back_or_keep_it_longer(amazon: Amazon, queues: Any, queue: str) -> None:
    queues.send_message(QueueUrl=queue, MessageBody="mine")
    [message] = queues.receive_message(QueueUrl=queue)["Messages"]
    facts = {"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]}
    queues.change_message_visibility(VisibilityTimeout=300, **facts)
    amazon.advance(100)
    assert bodies(queues, queue) == []
    queues.change_message_visibility(VisibilityTimeout=0, **facts)
    with pytest.raises(queues.exceptions.MessageNotInflight):
        queues.change_message_visibility(VisibilityTimeout=0, **facts)
    assert bodies(queues, queue) == ["mine"]


def test_a_message_may_come_later(amazon: Amazon, queues: Any, queue: str) -> None:
    queues.send_message(QueueUrl=queue, MessageBody="later", DelaySeconds=10)
    assert bodies(queues, queue) == []
    assert attribute(queues, queue, "ApproximateNumberOfMessagesDelayed") == "1"
    amazon.advance(10)
    assert bodies(queues, queue) == ["later"]


def test_an_old_message_is_dropped(amazon: Amazon, queues: Any) -> None:
    queue = queues.create_queue(QueueName="short", Attributes={"MessageRetentionPeriod": "60"})["QueueUrl"]
    queues.send_message(QueueUrl=queue, MessageBody="old")
    amazon.advance(30)
    queues.send_message(QueueUrl=queue, MessageBody="young")
    amazon.advance(31)
    assert bodies(queues, queue) == ["young"]


def test_ten_go_in_a_batch_and_each_fails_for_itself(queues: Any, queue: str) -> None:
    entries = [{"Id": str(number), "MessageBody": f"{number}"} for number in range(9)]
    answer = queues.send_message_batch(QueueUrl=queue, Entries=[*entries, {"Id": "bad", "MessageBody": "\x01"}])
    assert len(answer["Successful"]) == 9
    assert [(each["Id"], each["Code"]) for each in answer["Failed"]] == [("bad", "InvalidMessageContents")]
    messages = queues.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    receipts = [{"Id": str(place), "ReceiptHandle": each["ReceiptHandle"]} for place, each in enumerate(messages)]
    wrong = {"Id": "bad", "ReceiptHandle": "nothing"}
    answer = queues.delete_message_batch(QueueUrl=queue, Entries=[*receipts, wrong])
    assert len(answer["Successful"]) == 9
    assert [each["Code"] for each in answer["Failed"]] == ["ReceiptHandleIsInvalid"]
    assert attribute(queues, queue, "ApproximateNumberOfMessagesNotVisible") == "0"


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        ([], "EmptyBatchRequest"),
        (["same", "same"], "BatchEntryIdsNotDistinct"),
        (["not good"], "InvalidBatchEntryId"),
        ([str(number) for number in range(11)], "TooManyEntriesInBatchRequest"),
    ],
)
def test_a_batch_that_is_wrong_as_a_whole_is_refused(queues: Any, queue: str, ids: list[str], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        queues.send_message_batch(QueueUrl=queue, Entries=[{"Id": each, "MessageBody": "x"} for each in ids])
    assert caught.value.response["Error"]["Code"] == f"AWS.SimpleQueueService.{code}"


def test_message_attributes_come_where_they_are_asked_for(queues: Any, queue: str) -> None:
    attributes = {
        "kind": {"DataType": "String", "StringValue": "order"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00\x01"},
    }
    sent = queues.send_message(QueueUrl=queue, MessageBody="x", MessageAttributes=attributes)
    received = queues.receive_message(QueueUrl=queue, MessageAttributeNames=["All"])
    [message] = received["Messages"]
    assert message["MessageAttributes"] == attributes
    # Computed by hand from lengths, names, types and values.
    parts = b"\0\0\0\4kind\0\0\0\6String\1\0\0\0\5order" + b"\0\0\0\3raw\0\0\0\6Binary\2\0\0\0\2\0\1"
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"] == hashlib.md5(parts).hexdigest()


def test_a_receiver_waits_for_a_message_and_gets_it_at_once(amazon: Amazon, queues: Any, queue: str) -> None:
    sender = threading.Timer(0.3, lambda: queues.send_message(QueueUrl=queue, MessageBody="now"))
    sender.start()
    began = time.monotonic()
    assert bodies(queues, queue, WaitTimeSeconds=20) == ["now"]
    assert 0.2 < time.monotonic() - began < 10
    sender.join()


def test_a_receiver_waits_in_vain_no_longer_than_it_said(queues: Any, queue: str) -> None:
    began = time.monotonic()
    assert bodies(queues, queue, WaitTimeSeconds=1) == []
    assert 0.9 < time.monotonic() - began < 8


def test_others_are_served_while_a_receiver_waits_and_stopping_ends_the_wait(amazon: Amazon, queue: str) -> None:
    waiting = sqs(amazon.url)

    def wait() -> None:
        with contextlib.suppress(BotoCoreError, ClientError):
            bodies(waiting, queue, WaitTimeSeconds=20)

    waiter = threading.Thread(target=wait)
    waiter.start()
    assert requests.get(f"{amazon.url}/_control/state", timeout=5).status_code == 200
    began = time.monotonic()
    amazon.stop()
    assert time.monotonic() - began < 1.5
    waiter.join(timeout=10)
    waiting.close()


def test_a_queue_has_one_address_and_one_name(amazon: Amazon, queues: Any, queue: str) -> None:
    assert queue.startswith(amazon.url)
    assert queues.get_queue_url(QueueName="mine")["QueueUrl"] == queue
    assert queues.create_queue(QueueName="mine")["QueueUrl"] == queue
    assert attribute(queues, queue, "QueueArn") == "arn:aws:sqs:eu-west-1:123456789012:mine"
    queues.create_queue(QueueName="other")
    assert queues.list_queues(QueueNamePrefix="mi")["QueueUrls"] == [queue]


def test_a_region_has_queues_of_its_own(amazon: Amazon, queue: str) -> None:
    elsewhere = sqs(amazon.url, "us-east-1")
    with pytest.raises(elsewhere.exceptions.QueueDoesNotExist):
        elsewhere.get_queue_url(QueueName="mine")
    assert "QueueUrls" not in elsewhere.list_queues()
    elsewhere.close()


def test_a_queue_that_is_deleted_or_purged(queues: Any, queue: str) -> None:
    queues.send_message(QueueUrl=queue, MessageBody="x")
    queues.purge_queue(QueueUrl=queue)
    assert attribute(queues, queue, "ApproximateNumberOfMessages") == "0"
    queues.delete_queue(QueueUrl=queue)
    with pytest.raises(queues.exceptions.QueueDoesNotExist) as caught:
        bodies(queues, queue)
    assert caught.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"


def test_the_attributes_of_a_queue_can_be_changed(amazon: Amazon, queues: Any, queue: str) -> None:
    queues.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "5"})
    queues.send_message(QueueUrl=queue, MessageBody="x")
    assert bodies(queues, queue) == ["x"]
    amazon.advance(5)
    assert bodies(queues, queue) == ["x"]
    with pytest.raises(queues.exceptions.QueueNameExists):
        queues.create_queue(QueueName="mine", Attributes={"VisibilityTimeout": "6"})


@pytest.mark.parametrize(
    ("action", "facts", "code"),
    [
        ("create_queue", {"QueueName": "a.fifo"}, "InvalidParameterValue"),
        ("create_queue", {"QueueName": "a", "Attributes": {"Speed": "1"}}, "InvalidAttributeName"),
        ("create_queue", {"QueueName": "a", "Attributes": {"DelaySeconds": "901"}}, "InvalidAttributeValue"),
        ("get_queue_attributes", {"AttributeNames": ["Speed"]}, "InvalidAttributeName"),
        ("send_message", {"MessageBody": "x" * (2**20 + 1)}, "InvalidParameterValue"),
        ("send_message", {"MessageBody": ""}, "MissingParameter"),
        ("send_message", {"MessageBody": "x", "DelaySeconds": 901}, "InvalidParameterValue"),
        ("send_message", {"MessageBody": "x", "MessageAttributes": {"a": {"DataType": "String"}}}, "InvalidParameter"),
        ("receive_message", {"MaxNumberOfMessages": 11}, "InvalidParameterValue"),
        ("receive_message", {"WaitTimeSeconds": 21}, "InvalidParameterValue"),
        ("delete_message", {"ReceiptHandle": "nothing"}, "ReceiptHandleIsInvalid"),
        ("tag_queue", {"Tags": {"a": "b"}}, "AWS.SimpleQueueService.UnsupportedOperation"),
    ],
)
def test_a_wrong_call_is_refused(queues: Any, queue: str, action: str, facts: dict[str, Any], code: str) -> None:
    facts = facts if action == "create_queue" else {"QueueUrl": queue, **facts}
    with pytest.raises(ClientError) as caught:
        getattr(queues, action)(**facts)
    assert caught.value.response["Error"]["Code"].startswith(code)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize("body", ["[]", "{"])
def test_a_body_that_is_no_object_is_refused(amazon: Amazon, body: str) -> None:
    answer = requests.post(amazon.url, body, headers={"X-Amz-Target": "AmazonSQS.ListQueues"}, timeout=5)
    assert (answer.status_code, answer.json()["__type"]) == (400, "com.amazonaws.sqs#SerializationException")


def test_a_fault_strikes_a_queue_too(amazon: Amazon, queues: Any, queue: str) -> None:
    queues.send_message(QueueUrl=queue, MessageBody="x")
    amazon.fault("ReceiveMessage", "5xx_html")
    with pytest.raises(ClientError):
        bodies(queues, queue)
    assert bodies(queues, queue) == ["x"]


def test_queues_are_saved_with_their_messages(amazon: Amazon, queues: Any, queue: str) -> None:
    queues.send_message(QueueUrl=queue, MessageBody="kept")
    saved = json.loads(json.dumps(amazon.save()))
    amazon.reset()
    with pytest.raises(queues.exceptions.QueueDoesNotExist):
        bodies(queues, queue)
    amazon.load(saved)
    assert bodies(queues, queue) == ["kept"]
