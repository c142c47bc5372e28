"""`python -m example_store`: one command starts everything, keeps it running, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from tests.tour.conftest import PATIENCE, Run, until

PARTS = {
    "broker": "valkey-server",
    "amazon": "example_store.demo.amazon",
    "web": "waitress",
    "worker": "amazon worker",
    "timetable": "amazon timetable",
}


class Store:
    """A store that was started with the command, and has said where it is."""

    def __init__(self, run: Run, folder: Path, *arguments: str) -> None:
        self.run, self.printed = run, folder / "printed.txt"
        with self.printed.open("w") as out:
            self.process = run.start("--port", "0", "--data", str(folder / "data"), *arguments, stdout=out)
        until(lambda: "Ctrl-C stops everything." in self.text or self.process.poll() is not None, self.text)
        assert self.process.poll() is None, self.text

    @property
    def text(self) -> str:
        return self.printed.read_text()

    @property
    def url(self) -> str:
        found = re.search(r"Shop +(http://\S+)", self.text)
        assert found, self.text
        return found[1]

    def part(self, name: str) -> int | None:
        """Return the process id of a part."""
        return next((number for number, line in self.run.processes().items() if PARTS[name] in line), None)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def get(url: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=30)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_one_command_starts_every_part_and_a_signal_ends_them_all(
    run: Run, tmp_path: Path, how: signal.Signals
) -> None:
    store = Store(run, tmp_path, "--no-connect")
    assert "Fjellstad" in get(store.url).text
    assert all(store.part(name) for name in PARTS), run.processes()
    assert store.end(how) == 0
    assert store.text.endswith("Everything has stopped.\n")
    assert run.processes() == {}


def test_no_part_outlives_a_command_that_was_killed(run: Run, tmp_path: Path) -> None:
    store = Store(run, tmp_path, "--no-connect")
    store.end(signal.SIGKILL)
    until(lambda: not run.processes(), "Some parts are still there.")


def test_a_part_that_ends_is_started_again(run: Run, tmp_path: Path) -> None:
    store = Store(run, tmp_path, "--no-connect")
    for name in ("web", "worker", "broker"):
        ended = store.part(name)
        assert ended
        os.kill(ended, signal.SIGKILL)
        until(lambda name=name, ended=ended: store.part(name) not in (None, ended), f"{name} is not back: {store.text}")
    until(lambda: _opens(store.url), "The shop does not answer.")
    assert store.end(signal.SIGTERM) == 0


def test_started_again_in_its_folder_everything_is_as_it_was_left(run: Run, tmp_path: Path) -> None:
    first = Store(run, tmp_path)
    stores = "No store yet"
    assert stores not in _page_of_the_owner(first.url)
    assert first.end(signal.SIGTERM) == 0
    second = Store(run, tmp_path)
    assert stores not in _page_of_the_owner(second.url)
    assert second.end(signal.SIGTERM) == 0
    commands = (tmp_path / "data" / "logs" / "commands.log").read_text()
    assert commands.count("flask amazon connect: status 0") == 1


def test_a_port_that_is_taken_is_said_before_anything_starts(run: Run, tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = run.start("--port", port, "--data", str(tmp_path / "data"), stderr=subprocess.PIPE)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert f"Port {port} is taken" in said
    assert not (tmp_path / "data").exists()


def test_a_part_that_cannot_start_ends_the_command_with_the_end_of_its_log(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "amazon.json").write_text("not a world")
    process = run.start("--port", "0", "--data", str(data), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "amazon ended while it was starting." in said
    assert "JSONDecodeError" in said
    assert run.processes() == {}


def _opens(url: str) -> bool:
    try:
        return get(url).ok
    except requests.RequestException:
        return False


def _page_of_the_owner(url: str) -> str:
    from example_store.demo.visitor import Visitor
    from example_store.seed import DEMO_PASSWORD

    owner = Visitor(url)
    owner.log_in("owner@example.com", DEMO_PASSWORD)
    return owner.open("/amazon/").text
