"""How a process that works uses the database: transactions that lock at once on SQLite, retried as a whole."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from flask_sqlalchemy import SQLAlchemy

T = TypeVar("T")

_READS = "amazon_channel_reads"

_AGAIN = ("40001", "40P01", "55P03")
"""PostgreSQL: serialization failure, deadlock, lock not available."""

_AGAIN_MYSQL = (1205, 1213)
"""MariaDB and MySQL: lock wait time-out, deadlock."""


def begin_immediately(db: SQLAlchemy) -> None:
    """Let transactions on SQLite take the write lock when they begin.

    A transaction that first reads and then writes is refused by SQLite at once if another wrote in between, whatever
    the time-out.  For worker and command-line processes only: a page must not wait for a lock in order to read.
    """
    for engine in db.engines.values():
        if engine.dialect.name == "sqlite" and not event.contains(engine, "begin", _begin_immediate):
            event.listen(engine, "connect", _no_implicit_begin)
            event.listen(engine, "begin", _begin_immediate)
            engine.dispose()


def _no_implicit_begin(connection: Any, record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout = 15000")


def _begin_immediate(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get(_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Session]:
    """A session for reading only.  What it loaded can still be read when it is closed and no transaction is open."""
    with Session(engine.execution_options(**{_READS: True}), expire_on_commit=False) as session:
        yield session


def forget_connections(db: SQLAlchemy) -> None:
    """After a fork: use none of the parent's connections, and do not close them either."""
    for engine in db.engines.values():
        engine.dispose(close=False)


def is_transient(error: DBAPIError) -> bool:
    """Say whether the whole transaction may simply be tried again."""
    original: Any = error.orig
    if getattr(original, "sqlstate", None) in _AGAIN:
        return True
    if original is not None and original.args and original.args[0] in _AGAIN_MYSQL:
        return True
    return "database is locked" in str(original)


def in_transaction(session: Session, act: Callable[[], T], *, attempts: int = 5) -> T:
    """Run `act` as one transaction and commit; on a deadlock or a busy database run all of it again."""
    for attempt in range(1, attempts + 1):
        try:
            result = act()
            session.commit()
            return result
        except DBAPIError as error:
            session.rollback()
            if attempt == attempts or not is_transient(error):
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
        except BaseException:
            session.rollback()
            raise
    raise AssertionError("unreachable")
