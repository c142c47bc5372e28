"""Connections that keep a total time limit, and know whether anything left this machine.

A read time-out alone lets a server drip one byte at a time for ever, so every single read gets only what is
left of the call's time.  Whether bytes may have left decides what a failed write means.  Loads `requests`.
"""

from __future__ import annotations

import http.client
import io
import logging
import os
import socket
import threading
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Exchange(threading.local):
    """This thread's call: when it must end (monotonic clock), and whether bytes may have left."""

    deadline: float = float("inf")
    bytes_left: bool = False


exchange = Exchange()


class _TimedReader(io.RawIOBase):
    """The raw end of a response: each read may take what is left of the call's time."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = exchange.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the total time limit is over")
        self._sock.settimeout(min(left, 3600.0))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_TimedReader(sock))


class _TimedHTTP(HTTPConnection):
    response_class = _TimedResponse

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange.bytes_left = True
        super().send(data)


class _TimedHTTPS(HTTPSConnection):
    response_class = _TimedResponse

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange.bytes_left = True
        super().send(data)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _TimedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _TimedHTTPS


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


class _Session(requests.Session):
    """A session that follows nothing, keeps no cookie, and reads neither proxy settings nor netrc."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = True
        self.headers.clear()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(pool_connections=8, pool_maxsize=2, max_retries=0))

    def get_redirect_target(self, resp: requests.Response) -> None:
        # Without this, requests reads the whole body of a redirect even when it does not follow it.
        return None


class _HideSignature(logging.Filter):
    """urllib3 logs addresses at DEBUG, and a pre-signed one opens the document to whoever reads the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                arg.partition("?")[0] + "?..." if isinstance(arg, str) and "X-Amz-" in arg else arg
                for arg in record.args
            )
        return True


_hide_signature = _HideSignature()
_threads = threading.local()


def session() -> requests.Session:
    """Return this thread's session.  A forked process gets its own: sockets must not be shared."""
    if getattr(_threads, "pid", None) != os.getpid():
        logging.getLogger("urllib3.connectionpool").addFilter(_hide_signature)
        _threads.session, _threads.pid = _Session(), os.getpid()
    made: requests.Session = _threads.session
    return made
