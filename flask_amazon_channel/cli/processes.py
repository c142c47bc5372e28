"""The commands that stay: worker, timetable, both together, and the local Amazon."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import click

from flask_amazon_channel.cli.group import amazon, with_tables

if TYPE_CHECKING:
    from flask_amazon_channel.channel import Channel

RESTART_AFTER = 1.0
PR_SET_PDEATHSIG = 1


@amazon.command("worker")
@click.option("--burst", is_flag=True, help="End when the queue is empty.")
def worker_command(burst: bool) -> None:
    """Serve the queue.  Run as many as you like, on as many machines."""
    from flask_amazon_channel import jobs

    jobs.run_worker(burst=burst)


@amazon.command("timetable")
def timetable_command() -> None:
    """Ring the workers in time.  One is enough; several do no harm."""
    from flask_amazon_channel import jobs

    jobs.run_timetable()


@amazon.command("run")
def run_command() -> None:
    """Run a worker and the timetable, and start again what ends.  Ctrl-C ends both, a second one at once."""
    from flask_amazon_channel import jobs

    channel = with_tables()
    Family(channel, {"worker": jobs.run_worker, "timetable": jobs.run_timetable}).live()


class Family:
    """A parent that keeps its children alive, ends them when it is told to, and does not outlive them alone.

    All are one process group.  Only the parent hears Ctrl-C, and passes it on as SIGTERM: the first lets a
    worker finish what it does, the second does not.  The parent blocks its signals and takes them one by one, so
    none comes at a moment when nobody listens.
    """

    SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGCHLD})

    def __init__(self, channel: Channel, jobs: dict[str, Callable[[], None]]) -> None:
        self._channel = channel
        self._jobs = jobs
        self._children: dict[int, str] = {}
        self._stopping = False

    def live(self) -> None:
        from flask_amazon_channel.models.database import forget_connections

        forget_connections(self._channel.db)
        signal.pthread_sigmask(signal.SIG_BLOCK, self.SIGNALS)
        for name in self._jobs:
            self._start(name)
        while self._children:
            if signal.sigwait(self.SIGNALS) == signal.SIGCHLD:
                self._bury()
            else:
                self._stop()

    def _stop(self) -> None:
        if not self._stopping:
            click.echo("Stopping: what runs is finished first. Ctrl-C again ends it at once.", err=True)
        self._stopping = True
        for child in self._children:
            os.kill(child, signal.SIGTERM)

    def _start(self, name: str) -> None:
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            _be_child(parent, self._jobs[name])
        self._children[child] = name
        click.echo(f"{name} runs as process {child}.", err=True)

    def _bury(self) -> None:
        """Take note of every child that has ended: several may have while one signal was waiting."""
        for child, name in list(self._children.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            if not ended:
                continue
            del self._children[child]
            if self._stopping:
                continue
            code = os.waitstatus_to_exitcode(status)
            click.echo(f"{name} ended with status {code}; it is started again.", err=True)
            time.sleep(RESTART_AFTER)
            self._start(name)


def _be_child(parent: int, job: Callable[[], None]) -> NoReturn:
    status = 1
    try:
        _die_with(parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGCHLD})
        job()
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Not sys.exit: the parent's clean-up is not the child's.
        os._exit(status)


def _die_with(parent: int) -> None:
    """Let the kernel end this process when its parent ends, however that happens.  Only Linux can."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


@amazon.command("simulator", with_appcontext=False)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8765, show_default=True, help="0: any free one.")
@click.option("--seed", default=1, show_default=True, help="Decides ids, listings and buyers.")
@click.option("--catalogue", default=100, show_default=True, metavar="N", help="Listings of the ready seller.")
@click.option("--speed", default=1.0, show_default=True, metavar="X", help="How fast its clock runs.")
def simulator_command(host: str, port: int, seed: int, catalogue: int, speed: float) -> None:
    """Run a local Amazon, with a seller ready to connect."""
    from flask_amazon_channel.simulator import serve

    serve(host, port, seed, catalogue, speed, say=click.echo)
