"""HTTP/1.1 with keep-alive, each answer written at once, and broken on purpose where a fault says so."""

import contextlib
import select
import socket
import struct
import sys
import threading
import time
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from flask_amazon_channel.simulator.control.calls import PREFIX, control
from flask_amazon_channel.simulator.wire.gateway import Gateway
from flask_amazon_channel.simulator.wire.messages import Request, Response, json_response

DRIPS = 20


class Server(ThreadingHTTPServer):
    """Keeps its open connections, so that stopping it ends them too."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], gateway: Gateway) -> None:
        super().__init__(address, Connection)
        self.gateway = gateway
        self.stopping = gateway.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._serving: set[threading.Thread] = set()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        self._serving.add(threading.current_thread())
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.discard(request)
            self._serving.discard(threading.current_thread())

    def stop(self) -> None:
        """End the listening, then every connection, and wait for their threads."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self._serving):
            thread.join(timeout=2)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no error of ours; anything else is printed."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Connection(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, query, headers, body)
        self._send(self._answer(request))

    def _answer(self, request: Request) -> Response:
        """A mistake of the simulator's own is printed, and answered as Amazon answers one of hers."""
        gateway = self.server.gateway
        try:
            return control(gateway, request) if request.path.startswith(PREFIX) else gateway.answer(request)
        except Exception:
            traceback.print_exc()
            return json_response({"errors": [{"code": "InternalFailure", "message": "Internal error."}]}, 500)

    def _send(self, response: Response) -> None:
        if response.wire == "hold":
            self._hold(response.seconds)
        if response.wire in ("hold", "reset"):
            self._reset()
            return
        head, body = self._head(response), b"" if self.command == "HEAD" else response.body
        if response.wire == "truncate":
            self.close_connection = True
            body = body[: len(body) // 2]
        if response.wire == "drip":
            self._drip(head, body, response.seconds)
        else:
            self.wfile.write(head + body)

    def _head(self, response: Response) -> bytes:
        try:
            phrase = HTTPStatus(response.status).phrase
        except ValueError:
            phrase = ""
        lines = [f"HTTP/1.1 {response.status} {phrase}", f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        if response.status != 204:
            lines += [f"Content-Type: {response.content_type}", f"Content-Length: {len(response.body)}"]
        if self.close_connection or response.wire == "truncate":
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _drip(self, head: bytes, body: bytes, seconds: float) -> None:
        step = max(1, len(body) // DRIPS)
        self.wfile.write(head)
        for start in range(0, len(body), step):
            if self.server.stopping.wait(seconds / DRIPS):
                return
            self.wfile.write(body[start : start + step])

    def _hold(self, seconds: float) -> None:
        """Say nothing until the time is over, the client has gone or the simulator stops."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.server.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.05)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: GET /_control/requests tells what came."""
