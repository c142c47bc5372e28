"""A server that answers whatever a test tells it, byte by byte, and a client that talks to it."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from flask_amazon_channel.spapi.client import AmazonClient

Behaviour = Callable[[socket.socket], None]


def response(body: bytes | str = b"", status: int = 200, **headers: str) -> bytes:
    """A well-formed answer.  Underscores in header names stand for hyphens."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(content)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


class RawServer:
    """Listens on loopback; each connection carries one request and gets the next answer of `script`."""

    def __init__(self) -> None:
        self.script: deque[bytes | Behaviour] = deque()
        self.requests: list[bytes] = []
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def then(self, *answers: bytes | Behaviour) -> None:
        self.script.extend(answers)

    def then_json(self, content: Any, status: int = 200, **headers: str) -> None:
        self.then(response(json.dumps(content), status, **headers))

    def heads(self) -> list[list[str]]:
        """Request line and header lines of every request."""
        return [request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n") for request in self.requests]

    def targets(self) -> list[str]:
        return [head[0].split(" ")[1] for head in self.heads()]

    def bodies(self) -> list[bytes]:
        return [request.partition(b"\r\n\r\n")[2] for request in self.requests]

    def drip(self, answer: bytes, pause: float, at_once: int = 0) -> Behaviour:
        """Send the first bytes at once and then one byte at a time."""

        def behave(connection: socket.socket) -> None:
            connection.sendall(answer[:at_once])
            for byte in answer[at_once:]:
                if self._stopped.wait(pause):
                    return
                connection.sendall(bytes([byte]))

        return behave

    def stop(self) -> None:
        self._stopped.set()
        # Closing a listener does not wake the thread that waits on it; a connection does.
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stopped.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                request = _read_request(connection)
                if not request:
                    return
                self.requests.append(request)
                answer = self.script.popleft()
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(connection)
            except OSError:
                return  # the client hung up, which many tests are about


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def reset(connection: socket.socket) -> None:
    """Break the connection hard."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Tokens:
    """Access tokens out of memory: `renew` gives the next one."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens) or ["Atza|first", "Atza|second"]
        self.current = 0

    def access_token(self, *, renew: bool = False) -> str:
        self.current += renew
        return self.tokens[self.current]


@pytest.fixture
def server() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.stop()


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def client(server: RawServer, tokens: Tokens) -> AmazonClient:
    return AmazonClient(server.url, tokens, seller_id="A1SELLER", timeout=10.0)


@pytest.fixture
def hasty_client(server: RawServer, tokens: Tokens) -> AmazonClient:
    """A client that gives a call no time: for answers that never come whole."""
    return AmazonClient(server.url, tokens, seller_id="A1SELLER", timeout=0.4)


@pytest.fixture
def answer() -> Callable[..., bytes]:
    return response


@pytest.fixture
def break_connection() -> Behaviour:
    return reset


@pytest.fixture
def order() -> dict[str, Any]:
    """An unshipped order as Orders 2026-01-01 shows it."""
    return {
        "orderId": "302-1234567-1234567",
        "createdTime": "2026-11-20T10:00:00Z",
        "lastUpdatedTime": "2026-11-20T10:05:00.250Z",
        "programs": ["PRIME", "SOMETHING_NEW"],
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1PA6795UKMFR9"},
        "buyer": {"buyerName": "Grete Beispiel", "buyerEmail": "x1@marketplace.amazon.de"},
        "recipient": {
            "deliveryAddress": {
                "name": "Grete Beispiel",
                "addressLine1": "Musterweg 1",
                "addressLine2": "",
                "city": "Ulm",
                "postalCode": "89073",
                "countryCode": "DE",
            }
        },
        "proceeds": {
            "grandTotal": {"amount": "23.90", "currencyCode": "EUR"},
            "breakdowns": [
                {"type": "ITEM", "subtotal": {"amount": "20.00", "currencyCode": "EUR"}},
                {"type": "SHIPPING", "subtotal": {"amount": "4.90", "currencyCode": "EUR"}},
                {"type": "PROMOTION", "subtotal": {"amount": "-1.00", "currencyCode": "EUR"}},
            ],
        },
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": {"latestDateTime": "2026-11-22T22:59:59Z"},
            "deliverByWindow": {"latestDateTime": "9999-12-31T23:59:59Z"},
        },
        "orderItems": [
            {
                "orderItemId": "11",
                "quantityOrdered": 2,
                "product": {
                    "asin": "B000000001",
                    "title": "Lampe",
                    "sellerSku": "L/1 ä",
                    "condition": {"conditionType": "NEW"},
                    "price": {"unitPrice": {"amount": "10.00", "currencyCode": "EUR"}},
                },
                "proceeds": {
                    "proceedsTotal": {"amount": "23.90", "currencyCode": "EUR"},
                    "breakdowns": [
                        {"type": "TAX", "subtotal": {"amount": "3.19", "currencyCode": "EUR"}},
                        {"type": "DISCOUNT", "subtotal": {"amount": "-1.00", "currencyCode": "EUR"}},
                    ],
                },
                "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 2},
                "aFieldOfNextYear": {"x": 1},
            }
        ],
    }


@pytest.fixture
def instant() -> datetime:
    return datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def other_server() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.stop()


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[str]:
    """The address of a TLS server whose certificate nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection, context.wrap_socket(connection, server_side=True) as secured:
                secured.recv(65536)
                secured.sendall(response('{"orders": []}'))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://localhost:{listener.getsockname()[1]}"
    thread.join(5)
