"""What one app was given when the channel was installed: the journeys, jobs and pages read it from here."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask, current_app, has_request_context

from flask_amazon_channel.config import Config
from flask_amazon_channel.encryption import Keyring
from flask_amazon_channel.errors import ConfigurationError, SchemaMissing
from flask_amazon_channel.shop import Shop

if TYPE_CHECKING:
    from flask_sqlalchemy import SQLAlchemy

NAME = "amazon_channel"

_acting_for: ContextVar[tuple[str | None, str | None] | None] = ContextVar("amazon_channel_acting_for", default=None)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Channel:
    """The channel of one app."""

    config: Config
    db: SQLAlchemy
    shop: Shop
    keys: Keyring
    authorize: Callable[[str, Any], Any] | None = None
    actor: Callable[[], tuple[str, str] | None] | None = None
    watched: dict[type, str | Callable[[Any], Any]] = field(default_factory=dict)
    ring: Callable[[], None] = lambda: None
    bulk_steps: Callable[[Any], Any] | None = None
    clock: Callable[[], datetime] = utc_now
    bell: Any = None
    quotas: Any = None
    message_queue: Any = None
    rang_at: float = float("-inf")
    _has_tables: bool = False
    _looked_at: float = 0.0

    def has_tables(self, connection: sa.Connection | None = None) -> bool:
        """Say whether our tables are there.  Once seen they are taken as there; until then we look now and then."""
        if self._has_tables:
            return True
        if connection is not None and time.monotonic() - self._looked_at < 2:
            return False
        self._looked_at = time.monotonic()
        self._has_tables = sa.inspect(connection or self.db.engine).has_table("amazon_slot")
        return self._has_tables

    @property
    def instance(self) -> str:
        """The name of this installation: as configured, else a digest of the database's address."""
        return self.config.instance or digest_of(self.db.engine.url)

    def signature(self) -> dict[str, str | None]:
        """Return who acts, as the diary stores it: nobody, where no request is served."""
        person = self.actor() if self.actor is not None and has_request_context() else _acting_for.get()
        actor_id, actor_name = person or (None, None)
        return {"actor_id": actor_id, "actor_name": actor_name}

    @contextmanager
    def acting_for(self, actor_id: str | None, actor_name: str | None) -> Iterator[None]:
        """Do inside, in a worker, what a person asked for on a page: it is kept under their name."""
        token = _acting_for.set((actor_id, actor_name))
        try:
            yield
        finally:
            _acting_for.reset(token)

    def require_tables(self) -> None:
        if not self.has_tables():
            raise SchemaMissing("The channel's tables are missing. Make them with: flask amazon db upgrade")


def digest_of(address: sa.URL) -> str:
    """Return a short name of where a database is.  User, password and driver do not count."""
    sockets = [address.query.get(name) for name in ("host", "unix_socket")]
    parts = (address.get_backend_name(), (address.host or "").lower(), address.port, address.database, *sockets)
    return hashlib.sha256("\n".join(str(part or "") for part in parts).encode()).hexdigest()[:16]


def installed(app: Flask | None = None) -> Channel | None:
    """Return the channel of the app (default: the current one), or None."""
    app = app or current_app
    return app.extensions.get(NAME)


def current() -> Channel:
    """Return the channel of the current app."""
    channel = installed()
    if channel is None:
        raise ConfigurationError(
            "No AmazonChannel is installed in this app: call AmazonChannel().init_app(app, db=..., shop=...)"
        )
    return channel
