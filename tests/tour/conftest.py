"""Runs `python -m example_store` as people do, and finds every process that comes from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.contract import watching

ROOT = Path(__file__).resolve().parent.parent.parent
MARK = "EXAMPLE_STORE_RUN"
PATIENCE = 180.0


@dataclass
class Run:
    """One run of the command.  Its processes are known by a mark in their environment, whoever started them."""

    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    process: subprocess.Popen[str] | None = None

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        environment = {**os.environ, MARK: self.mark, **watching.environment()}
        command = [sys.executable, "-m", "example_store", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdin=subprocess.DEVNULL, **more)
        return self.process

    def processes(self) -> dict[int, str]:
        """Return the command lines of all its processes that live, by process id."""
        if not Path("/proc/self/environ").exists():
            pytest.skip("Processes are found by way of /proc.")
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes():
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                    found[int(folder.name)] = b" ".join(words).decode(errors="replace").strip()
            except OSError:
                continue
        return found

    def end(self) -> None:
        """End what a failed test left."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        for process_id in self.processes():
            os.kill(process_id, 9)


@dataclass(frozen=True)
class Tour:
    """What came of a tour: its document, its exit status, everything it printed, and the processes that it left."""

    status: int
    printed: str
    left: dict[int, str]

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.printed)
        return document

    @property
    def steps(self) -> dict[str, dict[str, Any]]:
        return {step["name"]: step for step in self.document["steps"]}


@pytest.fixture
def run() -> Iterator[Run]:
    one = Run()
    yield one
    one.end()


@pytest.fixture(scope="module")
def take_tour() -> Iterator[Callable[..., Tour]]:
    runs: list[Run] = []

    def take(*arguments: str) -> Tour:
        runs.append(one := Run())
        process = one.start("tour", "--json", *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        printed, complaints = process.communicate(timeout=900)
        sys.stderr.write(complaints)
        return Tour(process.returncode, printed, one.processes())

    yield take
    for one in runs:
        one.end()


def until(look: Callable[[], Any], otherwise: str) -> Any:
    """Look until it is so."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)
    return found
