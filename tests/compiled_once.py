"""Engines of one kind share what SQLAlchemy has compiled.

Each test has an engine of its own, and would compile every statement anew: half of the time of a journey's test.  What
is compiled is kept by dialect, so the dialect is shared too, from the moment at which it has seen its server.
MariaDB's knows the name of its database: there it is shared by engines of the same one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.pool import Pool
from sqlalchemy.util import immutabledict

MOST = 5_000
"""Statements of all tests together."""

_make = Engine.__init__
_shared: dict[Any, tuple[Dialect, Any]] = {}


def _init(  # its parameters are looked at by `create_engine`
    self: Engine,
    pool: Pool,
    dialect: Dialect,
    url: Any,
    logging_name: str | None = None,
    echo: Any = None,
    query_cache_size: int = 500,
    execution_options: Any = immutabledict(),
    hide_parameters: bool = False,
) -> None:
    settings = ("_json_serializer", "_json_deserializer", "_on_connect_isolation_level", "paramstyle")
    database = url.database if dialect.name in ("mysql", "mariadb") else None
    kind = (type(dialect), database, *(getattr(dialect, name, None) for name in settings))
    known, compiled = _shared.get(kind, (dialect, None))
    _make(self, pool, known, url, logging_name, echo, query_cache_size and MOST, execution_options, hide_parameters)
    if compiled is not None:
        self._compiled_cache = compiled
    else:
        event.listen(pool, "connect", lambda *_: _shared.setdefault(kind, (dialect, self._compiled_cache)))


Engine.__init__ = _init  # type: ignore[method-assign]
