"""Child processes: started in order, started again when they end, stopped in reverse order."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launcher.py")
READY_WITHIN = 90.0
RESTART_AFTER = 1.0
PATIENCE = 5.0
"""Seconds until a child that was asked to stop is asked again, and then killed."""
POLL = 0.05


class Failed(Exception):
    """A process did not do what it was started for.  The text says which, with the end of its log."""


class Child:
    """One process.  What it writes goes to its log."""

    def __init__(self, name: str, command: Sequence[str], ready: Callable[[], bool] | None, log: Path) -> None:
        self.name, self.command, self.ready, self.log = name, list(command), ready, log
        self.process: subprocess.Popen[bytes] | None = None
        self.restart_at: float | None = None

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a process group of its own: Ctrl-C is for the parent, which stops its children in order."""
        self.restart_at = None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  # the commands are ours
                [sys.executable, "-I", str(LAUNCHER), str(os.getpid()), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                process_group=0,
            )

    def wait_until_ready(self) -> None:
        end = time.monotonic() + READY_WITHIN
        while not (self.ready is None or self.ready()):
            if self.has_ended:
                raise Failed(f"{self.name} ended while it was starting.\n{self.last_lines()}")
            if time.monotonic() > end:
                raise Failed(f"{self.name} was not ready after {READY_WITHIN:.0f} seconds.\n{self.last_lines()}")
            time.sleep(POLL)

    def stop(self) -> None:
        """Ask it to end, ask again (a worker then drops what it does), kill it."""
        if self.process is None:
            return
        for ask in (self.process.terminate, self.process.terminate, self.process.kill):
            ask()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
                return

    def last_lines(self, count: int = 15) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(f"  {line}" for line in lines[-count:])


class Processes:
    """The children of this process; `environment` is theirs.  Use it in the main thread only.

    The kernel ends the children when the thread that started them ends, so a short-lived thread must not start one.
    """

    def __init__(self, environment: Mapping[str, str], logs: Path, say: Callable[[str], object]) -> None:
        self.environment, self.logs, self.say = environment, logs, say
        self.children: list[Child] = []

    def start(self, name: str, command: Sequence[str], ready: Callable[[], bool] | None = None) -> None:
        """Start a child that stays, and wait until it is ready; raise Failed if it does not get there."""
        child = Child(name, command, ready, self.logs / f"{name}.log")
        self.children.append(child)
        child.start(self.environment)
        child.wait_until_ready()

    def run(self, name: str, command: Sequence[str], given: str = "") -> str:
        """Run a command to its end and return what it printed; raise Failed if it says that something is wrong."""
        ended = subprocess.run(  # noqa: S603  # the commands are ours
            list(command), input=given, capture_output=True, text=True, env=dict(self.environment), check=False
        )
        with (self.logs / "commands.log").open("a") as log:
            log.write(f"{name}: status {ended.returncode}\n{ended.stderr}\n")
        if ended.returncode:
            raise Failed(f"{name} ended with status {ended.returncode}.\n{ended.stdout}{ended.stderr}".rstrip())
        return ended.stdout

    def look_after(self) -> None:
        """Start again, after a moment, what has ended."""
        for child in self.children:
            if not child.has_ended:
                continue
            if child.restart_at is None:
                status = child.process.returncode if child.process else None
                self.say(f"{child.name} ended with status {status}; it is started again.\n{child.last_lines(3)}")
                child.restart_at = time.monotonic() + RESTART_AFTER
            elif time.monotonic() >= child.restart_at:
                child.start(self.environment)

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()
        self.children.clear()
