"""Messages for queues of another server (the setting sqs_endpoint), sent outside the world's lock.

Each is tried a few times and then dropped, with a line among the failures.
"""

import json
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from typing import Any
from weakref import WeakKeyDictionary

from flask_amazon_channel.simulator.world import World

TRIES = 3
PAUSE = 0.2  # seconds, doubled after each try
TIMEOUT = 5.0

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Outbox:
    """One sender, in a thread of its own that lives while there is something to send."""

    def __init__(self) -> None:
        self.failures: deque[str] = deque(maxlen=100)
        self._waiting: deque[tuple[str, str, str]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def put(self, endpoint: str, arn: str, body: str) -> None:
        with self._changed:
            self._waiting.append((endpoint, arn, body))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="notifications", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Until everything was sent or given up; False where that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    self._thread = None
                    self._changed.notify_all()
                    return
                message = self._waiting.popleft()
            self._try(*message)

    def _try(self, endpoint: str, arn: str, body: str) -> None:
        reason = ""
        for number in range(TRIES):
            try:
                send_message(endpoint, arn, body)
                return
            except (OSError, ValueError, KeyError) as error:
                reason = f"{type(error).__name__}: {error}"
            time.sleep(PAUSE * 2**number)
        self.failures.append(f"{arn}: {reason}")


_OUTBOXES: WeakKeyDictionary[World, Outbox] = WeakKeyDictionary()


def of(world: World) -> Outbox:
    return _OUTBOXES.setdefault(world, Outbox())


def send_message(endpoint: str, arn: str, body: str) -> None:
    """Find the queue by name and put a message into it.  Raises OSError or ValueError."""
    _, _, _, region, account, name = arn.split(":", 5)
    found = _call(endpoint, region, "GetQueueUrl", {"QueueName": name, "QueueOwnerAWSAccountId": account})
    _call(endpoint, region, "SendMessage", {"QueueUrl": found["QueueUrl"], "MessageBody": body})


def _call(endpoint: str, region: str, action: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The credentials are made up: servers of this kind take the region from them and check nothing."""
    scope = f"Credential=simulator/20260101/{region}/sqs/aws4_request, SignedHeaders=host, Signature=0"
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"AmazonSQS.{action}",
        "Authorization": f"AWS4-HMAC-SHA256 {scope}",
    }
    request = urllib.request.Request(endpoint, json.dumps(facts).encode(), headers, method="POST")  # noqa: S310
    try:
        with _direct.open(request, timeout=TIMEOUT) as answer:
            found: dict[str, Any] = json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        with error:
            raise ValueError(f"{action} answered {error.code}: {error.read(300)!r}") from error
    return found
