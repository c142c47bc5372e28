"""Where a process can die: before and after each commit, call to Amazon, call to Redis, and call of the shop's code.

Nothing in the package knows of it: the hooks are around the database's dialect, the transport, the Redis client and the
port.  So whatever a later version adds is a boundary, too.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import redis
import sqlalchemy as sa
from redis.exceptions import ConnectionError as RedisGone

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.jobs import OutOfTime
from flask_amazon_channel.spapi import transport

HOOKS = ("products", "find_products", "product_ids", "change_stock", "create_order", "update_order")

Crash = Callable[[str, Channel], BaseException]


def broken(boundary: str, channel: Channel) -> BaseException:
    """A fault of ours, between any two lines."""
    return RuntimeError(f"Broken {boundary}.")


def out_of_time(boundary: str, channel: Channel) -> BaseException:
    """What ends a job that takes too long; no `except Exception` holds it."""
    return OutOfTime(f"Out of time {boundary}.")


def connection_lost(boundary: str, channel: Channel) -> BaseException:
    """The other side is gone, in the words of whoever talks to it."""
    if "call of" in boundary:
        return transport.NoAnswer("the connection failed or broke off", sent=True)
    if "Redis" in boundary:
        return RedisGone("Connection closed by server.")
    dbapi: Any = channel.db.engine.dialect.dbapi
    return sa.exc.OperationalError("SELECT", {}, dbapi.OperationalError("server closed the connection unexpectedly"))


def killed(boundary: str, channel: Channel) -> BaseException:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


CRASHES: dict[str, Crash] = {"broken": broken, "out of time": out_of_time, "connection lost": connection_lost}


def is_possible(boundary: str, crash: Crash) -> bool:
    """No line of ours runs within a commit, and nothing but a lost broker comes out of Redis."""
    if crash is broken:
        return "commit" not in boundary and "Redis" not in boundary
    return True


@dataclass
class Boundaries:
    """Sees every boundary that is passed; crashes at the one that it was armed for."""

    channel: Channel
    seen: list[str] = field(default_factory=list)
    _at: int | None = None
    _crash: Crash | None = None

    def begin(self, at: int | None = None, crash: Crash | None = None) -> None:
        self.seen, self._at, self._crash = [], at, crash

    def end(self) -> None:
        self._at = self._crash = None

    def passed(self, boundary: str) -> None:
        self.seen.append(boundary)
        if self._crash is not None and len(self.seen) - 1 == self._at and is_possible(boundary, self._crash):
            crash, self._crash = self._crash, None
            raise crash(boundary, self.channel)


@contextmanager
def watched(channel: Channel, monkeypatch: Any) -> Iterator[Boundaries]:
    """Put the hooks in."""
    boundaries = Boundaries(channel)
    _watch_commits(boundaries, monkeypatch)
    _watch_calls(boundaries, monkeypatch)
    _watch_redis(boundaries, monkeypatch)
    _watch_shop(boundaries, monkeypatch)
    yield boundaries
    boundaries.end()


def _watch_commits(boundaries: Boundaries, monkeypatch: Any) -> None:
    dialect = boundaries.channel.db.engine.dialect
    commit = dialect.do_commit

    def do_commit(connection: Any) -> None:
        for moment in ("before", "after"):
            try:
                boundaries.passed(f"{moment} a commit")
            except sa.exc.OperationalError:
                # The connection is really gone, and the driver says so in its own way.
                connection.dbapi_connection.close()
                commit(connection)
            if moment == "before":
                commit(connection)

    monkeypatch.setattr(dialect, "do_commit", do_commit)


def _watch_calls(boundaries: Boundaries, monkeypatch: Any) -> None:
    exchange = transport.exchange

    @contextmanager
    def crashing(method: str, url: str, **more: Any) -> Iterator[Any]:
        what = f"a call of {method} {'/'.join(urlsplit(url).path.split('/')[:4])}"
        boundaries.passed(f"before {what}")
        with exchange(method, url, **more) as response:
            yield response
        boundaries.passed(f"after {what}")

    monkeypatch.setattr(transport, "exchange", crashing)


def _watch_redis(boundaries: Boundaries, monkeypatch: Any) -> None:
    for kind, name in ((redis.Redis, "execute_command"), (redis.client.Pipeline, "execute")):
        original = getattr(kind, name)

        def call(self: Any, *arguments: Any, original: Any = original, **more: Any) -> Any:
            boundaries.passed("before Redis")
            result = original(self, *arguments, **more)
            boundaries.passed("after Redis")
            return result

        monkeypatch.setattr(kind, name, call)


def _watch_shop(boundaries: Boundaries, monkeypatch: Any) -> None:
    shop = boundaries.channel.shop
    for name in HOOKS:
        if original := getattr(shop, name, None):

            def call(*arguments: Any, original: Any = original, name: str = name, **more: Any) -> Any:
                boundaries.passed(f"before Shop.{name}")
                result = original(*arguments, **more)
                boundaries.passed(f"after Shop.{name}")
                return result

            monkeypatch.setattr(shop, name, call)
