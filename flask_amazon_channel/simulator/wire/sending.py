"""How an answer goes to the client: whole or in chunks, and broken on purpose where a fault says so."""

import select
import socket
import struct
import threading
import time
from collections.abc import Iterator
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from itertools import chain
from wsgiref.handlers import format_date_time

from flask_amazon_channel.simulator.wire.messages import Response

DRIPS = 20
AHEAD = 1 << 20  # bytes of a body in pieces that are made before the head is sent: its length may be known then


class Sending(BaseHTTPRequestHandler):
    """The half of a connection that answers.  `stopping` ends what waits."""

    stopping: threading.Event

    def send(self, response: Response, now: float) -> None:
        if response.wire == "hold":
            self._hold(response.seconds)
        if response.wire in ("hold", "reset"):
            self._reset()
        elif response.wire == "close":
            self.close_connection = True
        elif self.command == "HEAD":
            self.wfile.write(_head(response, now, length=len(response.body), last=self.close_connection))
        else:
            self._send_body(response, now, *_begun(response))

    def _send_body(self, response: Response, now: float, body: bytes, rest: Iterator[bytes] | None) -> None:
        chunked = rest is not None and self.request_version != "HTTP/1.0"
        if response.wire == "truncate" or (rest is not None and not chunked):
            self.close_connection = True
        head = _head(response, now, length=None if rest else len(body), last=self.close_connection, chunked=chunked)
        if response.wire == "truncate":
            half = body[: len(body) // 2]
            self.wfile.write(head + (_chunk(half) if chunked else half))
        elif response.wire == "drip":
            self.wfile.write(head)
            self._drip(body, response.seconds, chunked)
        else:
            self.wfile.write(head + (_chunk(body) if chunked else body))
        if rest is not None and response.wire != "truncate":
            self._send_rest(rest, chunked)

    def _send_rest(self, rest: Iterator[bytes], chunked: bool) -> None:
        for piece in filter(None, rest):
            self.wfile.write(_chunk(piece) if chunked else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _drip(self, body: bytes, seconds: float, chunked: bool) -> None:
        step = max(1, len(body) // DRIPS)
        for start in range(0, len(body), step):
            if self.stopping.wait(seconds / DRIPS):
                return
            part = body[start : start + step]
            self.wfile.write(_chunk(part) if chunked else part)

    def _hold(self, seconds: float) -> None:
        """Say nothing until the time is over, the client has gone or the simulator stops."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.05)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _begun(response: Response) -> tuple[bytes, Iterator[bytes] | None]:
    """The body, or its beginning with an iterator of the rest."""
    if response.pieces is None:
        return response.body, None
    found, size = [], 0
    for piece in response.pieces:
        found.append(piece)
        size += len(piece)
        if size > AHEAD:
            return b"".join(found), chain(response.pieces)
    return b"".join(found), None


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def _head(response: Response, now: float, length: int | None, last: bool, chunked: bool = False) -> bytes:
    lines = [_status_line(response.status), f"Date: {_date(int(now))}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    if response.status != 204:
        lines.append(f"Content-Type: {response.content_type}")
        if length is not None:
            lines.append(f"Content-Length: {length}")
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    if last:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@lru_cache(maxsize=100)
def _status_line(status: int) -> str:
    known = status in set(HTTPStatus)
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase if known else ''}"


@lru_cache(maxsize=100)
def _date(second: int) -> str:
    """The virtual clock's: a client that compares it with its own must find the same time."""
    return format_date_time(second)
