"""Deliveries to queues of another server: moto's, and servers that fail."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests
from moto.server import ThreadedMotoServer

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.notifications import outbox

from .conftest import DE, Client
from .subscriber import ACCOUNT, REGION, Subscriber, arn, sqs

LAMP = [{"sku": "LAMP", "quantity": 1}]


@pytest.fixture
def subscriber(client: Client) -> Iterator[Subscriber]:
    client.amazon.settings(notification_delay=0)
    subscriber = Subscriber(client)
    yield subscriber
    subscriber.close()


@pytest.fixture
def moto() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=10)
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "PAUSE", 0.01)


class Broken(BaseHTTPRequestHandler):
    """Answers 500, and counts."""

    calls: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).calls.append(self.headers["X-Amz-Target"])
        self.send_response(500)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def broken() -> Iterator[str]:
    Broken.calls = []
    server = HTTPServer(("127.0.0.1", 0), Broken)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def wait_for(amazon: Amazon, name: str) -> list[Any]:
    """What the sender gave up, once it is idle."""
    outbox.of(amazon.world).wait(20)
    return list(amazon._call("GET", "notifications")[name])


def test_a_notification_comes_to_the_queue_of_another_server(
    amazon: Amazon, client: Client, subscriber: Subscriber, moto: str
) -> None:
    subscriber.subscribe("ORDER_CHANGE")
    queues = sqs(moto)
    url = queues.create_queue(QueueName="notifications")["QueueUrl"]
    amazon.settings(sqs_endpoint=moto)
    order = amazon.place_order(client.seller, DE, LAMP)
    [message] = queues.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    notification = json.loads(message["Body"])
    assert notification["Payload"]["OrderChangeNotification"]["AmazonOrderId"] == order
    assert notification == amazon.notifications()[-1]["notification"]
    assert subscriber.received() == []
    queues.close()


def test_an_event_comes_to_the_queue_of_another_server(
    amazon: Amazon, client: Client, subscriber: Subscriber, moto: str
) -> None:
    subscriber.subscribe("LISTINGS_ITEM_MFN_QUANTITY_CHANGE")
    queues = sqs(moto)
    url = queues.create_queue(QueueName="events")["QueueUrl"]
    amazon.settings(sqs_endpoint=moto)
    amazon.put_listing(client.seller, DE, "LAMP", quantity=7)
    [message] = queues.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    event = json.loads(message["Body"])
    assert (event["account"], event["region"], event["detail"]["Payload"]["Quantity"]) == (ACCOUNT, REGION, 7)
    queues.close()


def test_a_queue_that_another_server_does_not_have_is_among_the_failures(
    amazon: Amazon, client: Client, subscriber: Subscriber, moto: str
) -> None:
    subscriber.subscribe("ORDER_CHANGE")
    amazon.settings(sqs_endpoint=moto)
    amazon.place_order(client.seller, DE, LAMP)
    [failure] = wait_for(amazon, "undelivered")
    assert failure.startswith(arn("notifications"))
    assert "NonExistentQueue" in failure or "QueueDoesNotExist" in failure
    amazon.forget_notifications()
    assert wait_for(amazon, "undelivered") == []


def test_a_server_that_fails_is_asked_a_few_times_and_holds_nothing_up(
    amazon: Amazon, client: Client, subscriber: Subscriber, broken: str
) -> None:
    subscriber.subscribe("ORDER_CHANGE")
    amazon.settings(sqs_endpoint=broken)
    amazon.place_order(client.seller, DE, LAMP)
    assert client.get("/sellers/v1/marketplaceParticipations").status_code == 200
    [failure] = wait_for(amazon, "undelivered")
    assert "answered 500" in failure
    assert Broken.calls == ["AmazonSQS.GetQueueUrl"] * outbox.TRIES


def test_a_server_that_is_not_there_is_a_failure_too(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("ORDER_CHANGE")
    amazon.settings(sqs_endpoint="http://127.0.0.1:1")
    amazon.place_order(client.seller, DE, LAMP)
    [failure] = wait_for(amazon, "undelivered")
    assert "refused" in failure
