"""HTTP/1.1 with keep-alive: connections, and what comes in on them."""

import contextlib
import socket
import sys
import threading
import traceback
from http.server import ThreadingHTTPServer
from typing import Any

from flask_amazon_channel.simulator.control.calls import PREFIX, control
from flask_amazon_channel.simulator.notifications.sqs import protocol as queue_protocol
from flask_amazon_channel.simulator.page.answering import page
from flask_amazon_channel.simulator.wire import grammar
from flask_amazon_channel.simulator.wire.gateway import Gateway
from flask_amazon_channel.simulator.wire.messages import Request, Response, html_response, json_response
from flask_amazon_channel.simulator.wire.sending import Sending


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


class Connection(Sending):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self) -> None:
        self.stopping = self.server.stopping
        wrong = grammar.problem(self.headers)
        body = None if wrong else grammar.read_body(self.rfile, self.headers)
        if body is None:
            self.close_connection = True
            refusal = html_response(
                400, f"<html><body><h1>Bad Request</h1><p>{wrong or 'Bad chunk.'}</p></body></html>"
            )
            self.send(refusal, self.server.gateway.world.now())
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, query, headers, body)
        self.send(self._answer(request), self.server.gateway.world.now())

    def _answer(self, request: Request) -> Response:
        """A mistake of the simulator's own is printed, and answered as Amazon answers one of hers."""
        gateway = self.server.gateway
        try:
            if request.path == "/" and queue_protocol.action_of(request) is None:
                return page(gateway, request)
            return control(gateway, request) if request.path.startswith(PREFIX) else gateway.answer(request)
        except Exception:
            traceback.print_exc()
            return json_response({"errors": [{"code": "InternalFailure", "message": "Internal error."}]}, 500)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: GET /_control/requests tells what came."""
