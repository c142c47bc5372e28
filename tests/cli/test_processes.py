"""`flask amazon run`: worker and timetable live together, are started again, and end together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from flask_amazon_channel.models import Slot
from tests.hosts.variant_shop import create_app, create_tables
from tests.hosts.variant_shop.models import db

ROOT = Path(__file__).parents[2]
PATIENCE = 30


class Running:
    """`flask amazon run`, or one of its jobs, in a process of its own."""

    def __init__(
        self, environment: dict[str, str], log: Path, module: str = "tests.cli.served", job: str = "run"
    ) -> None:
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", module, "amazon", job],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def children(self, name: str) -> list[int]:
        """The processes that were started under this name, the oldest first."""
        return [int(number) for number in re.findall(rf"{name} runs as process (\d+)", self.log.read_text())]

    def wait_for(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)


def lives(process: int) -> bool:
    """Whether it runs; one that has ended and was not yet waited for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def environment(database_uri: str, broker_url: str) -> dict[str, str]:
    app = create_app(database_uri)
    create_tables(app)
    with app.app_context():
        db.engine.dispose()
    return {"DATABASE_URI": database_uri, "BROKER_URL": broker_url}


@pytest.fixture
def running(environment: dict[str, str], tmp_path: Path) -> Iterator[Running]:
    running = Running(environment, tmp_path / "log")
    running.wait_for(lambda: running.children("worker") and running.children("timetable"))
    yield running
    running.stop()


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_the_timetable_rings_and_the_worker_answers(running: Running, database_uri: str) -> None:
    engine = sa.create_engine(database_uri)
    with engine.connect() as connection:

        def a_cycle_has_begun() -> bool:
            connection.rollback()
            return bool(connection.execute(sa.select(sa.func.count()).select_from(Slot)).scalar())

        running.wait_for(a_cycle_has_begun)
    engine.dispose()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_of_them(running: Running, number: signal.Signals) -> None:
    children = running.children("worker") + running.children("timetable")
    running.process.send_signal(number)
    assert running.process.wait(PATIENCE) == 0
    assert not any(lives(child) for child in children)


def test_ctrl_c_on_the_terminal_reaches_the_children_once(running: Running) -> None:
    """A terminal sends it to the whole group; a worker that hears it twice would drop what it does."""
    os.killpg(running.process.pid, signal.SIGINT)
    assert running.process.wait(PATIENCE) == 0
    assert "Cold shut down" not in running.log.read_text()


@pytest.mark.parametrize("job", ["worker", "timetable"])
def test_a_stop_is_heeded_where_its_exception_was_passed_over(
    environment: dict[str, str], tmp_path: Path, job: str
) -> None:
    """The broker's client passes over whatever is raised while it counts its commands."""
    running = Running(environment, tmp_path / "log", "tests.cli.passes_over", job)
    try:
        running.wait_for(lambda: "It listens for signals" in running.log.read_text())
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(PATIENCE) == 0
        assert "The exception was passed over" in running.log.read_text()
    finally:
        running.process.kill()
        running.process.wait(PATIENCE)


def test_what_ends_is_started_again(running: Running) -> None:
    os.kill(running.children("worker")[0], signal.SIGKILL)
    running.wait_for(lambda: len(running.children("worker")) == 2 and lives(running.children("worker")[1]))
    assert lives(running.children("timetable")[0])


def test_the_children_do_not_outlive_the_parent(running: Running) -> None:
    children = running.children("worker") + running.children("timetable")
    running.process.kill()
    running.process.wait(PATIENCE)
    running.wait_for(lambda: not any(lives(child) for child in children))
