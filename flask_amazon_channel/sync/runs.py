"""The record of what runs: counted in memory, stored now and then while it runs, and at its end.

A run that finds nothing to do leaves no row of its own; all idle runs share one, written at most once a minute.  A
record that cannot be written never stops the work.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import OutOfTime
from flask_amazon_channel.models import Run, RunPart, RunState
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.rules.phrases import phrase

log = logging.getLogger(__name__)

T = TypeVar("T")
Progress = Mapping[str, Mapping[str, int]]

STORED_EVERY = 1.0
IDLE_STORED_EVERY = timedelta(minutes=1)
NO_SIGN_OF_LIFE = timedelta(minutes=20)
"""No visit takes as long; a run on this machine whose process is gone is noticed at once."""

_now: ContextVar[Recorder | None] = ContextVar("amazon_channel_run", default=None)


@dataclass
class Tally:
    """What was done for one account or store on one journey."""

    worked_on: int = 0
    calls: int = 0
    failures: int = 0
    problem: str | None = None


@dataclass
class Recorder:
    """One run, as it goes on.  `remaining` asks how many rows are left by journey."""

    channel: Channel
    name: str
    remaining: Callable[[], Mapping[str, int]] = dict
    show: Callable[[Progress], None] | None = None
    state: RunState = RunState.DONE
    problem: str | None = None
    run_id: int | None = None
    tallies: dict[tuple[str, int | None, int | None], Tally] = field(default_factory=lambda: defaultdict(Tally))
    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    journey: str = ""
    subject: tuple[int | None, int | None] = (None, None)
    _stored_at: float = 0.0

    def tally(self, account_id: int | None) -> Tally:
        """Return where to count what is done for the account now: for its store, if one is worked on."""
        store_id = self.subject[1] if self.subject[0] == account_id else None
        return self.tallies[self.journey, account_id, store_id]

    def begin(self) -> None:
        """Leave a sign before the first thing is done, so that a run that is killed is noticed."""
        if self.run_id is not None:
            return
        now = self.channel.clock()

        def insert(session: Session) -> int:
            _close_killed(session, self.channel)
            run = Run(name=self.name, process=_this_process(), began=now, seen_at=now, state=RunState.RUNNING)
            session.add(run)
            session.flush()
            return run.id

        self.run_id = _stored(self.channel, insert)
        self._stored_at = time.monotonic()

    def advance(self) -> None:
        """Store how far it has come, at most once a second."""
        if self.run_id is None or time.monotonic() - self._stored_at < STORED_EVERY:
            return
        self._stored_at = time.monotonic()
        progress = self.progress()
        values = {**self._totals(), "seen_at": self.channel.clock(), "progress": progress}
        _stored(self.channel, lambda session: _update(session, self.run_id, values))
        if self.show is not None:
            self.show(progress)

    def progress(self) -> Progress:
        left = self.remaining()
        names = [*self.done, *(name for name in left if name not in self.done)]
        return {name: {"done": self.done.get(name, 0), "left": left.get(name, 0)} for name in names}

    def end(self) -> None:
        """Store what came of it; nothing, where there was nothing to do."""
        did_something = any(self.done.values()) or self.problem is not None or self._calls()
        if self.state is RunState.DONE and not did_something:
            self._end_idle()
            return
        self.begin()
        now = self.channel.clock()
        progress: Progress = {name: {"done": count, "left": 0} for name, count in self.done.items()}
        if self.state is not RunState.DONE:
            progress = self.progress()
        values = {
            **self._totals(),
            "state": self.state,
            "problem": self.problem,
            "seen_at": now,
            "ended": now,
            "progress": progress,
        }

        def finish(session: Session) -> None:
            _update(session, self.run_id, values)
            session.add_all(self._parts())

        _stored(self.channel, finish)

    def _end_idle(self) -> None:
        now, run_id = self.channel.clock(), self.run_id

        def keep(session: Session) -> None:
            if run_id is not None:
                session.execute(sa.delete(Run).where(Run.id == run_id))
            idle = session.scalar(sa.select(Run).where(Run.idle_name == self.name))
            if idle is None:
                idle = Run(name=self.name, idle_name=self.name, state=RunState.IDLE, process="", began=now)
                session.add(idle)
            idle.began = idle.seen_at = idle.ended = now
            idle.process = _this_process()

        with reading(self.channel.db.engine) as read:
            last = read.scalar(sa.select(Run.ended).where(Run.idle_name == self.name))
        if run_id is not None or last is None or not timedelta(0) <= now - last < IDLE_STORED_EVERY:
            _stored(self.channel, keep)

    def _calls(self) -> int:
        return sum(tally.calls for tally in self.tallies.values())

    def _totals(self) -> dict[str, Any]:
        return {
            "worked_on": sum(self.done.values()),
            "calls": self._calls(),
            "failures": sum(tally.failures for tally in self.tallies.values()),
        }

    def _parts(self) -> Iterator[RunPart]:
        for (journey, account_id, store_id), tally in self.tallies.items():
            yield RunPart(
                run_id=self.run_id,
                journey=journey or self.name,
                account_id=account_id,
                store_id=store_id,
                worked_on=tally.worked_on,
                calls=tally.calls,
                failures=tally.failures,
                problem=tally.problem,
            )


@contextmanager
def recording(
    channel: Channel,
    name: str,
    remaining: Callable[[], Mapping[str, int]] = dict,
    show: Callable[[Progress], None] | None = None,
) -> Iterator[Recorder]:
    """Record what is done inside.  Set `state` and `problem` of what it yields where it did not end well."""
    recorder = Recorder(channel, name, remaining, show)
    token = _now.set(recorder)
    try:
        yield recorder
    except BaseException as error:
        recorder.state, recorder.problem = _why_ended(error)
        raise
    finally:
        _now.reset(token)
        channel.db.session.rollback()
        recorder.end()


def _why_ended(error: BaseException) -> tuple[RunState, str]:
    if isinstance(error, OutOfTime):
        return RunState.OUT_OF_TIME, str(error)
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return RunState.KILLED, phrase("It was told to stop.")
    # Not the error's own words: a database's errors show values.
    return RunState.FAILED, phrase("{error}; the log has the details.", error=type(error).__name__)


@contextmanager
def journey(name: str) -> Iterator[None]:
    """Count what is done inside for this journey."""
    recorder = _now.get()
    if recorder is None:
        yield
        return
    recorder.begin()
    recorder.journey, recorder.subject = name, (None, None)
    yield
    recorder.journey = ""


def worked(name: str, count: int) -> None:
    """Count the rows that a journey worked on."""
    recorder = _now.get()
    if recorder is not None and count:
        recorder.done[name] += count
        recorder.advance()


@contextmanager
def visit(account_id: int | None, store_id: int | None) -> Iterator[None]:
    """Count what is done inside for this account, or for this store of it."""
    recorder = _now.get()
    if recorder is None:
        yield
        return
    recorder.subject = account_id, store_id
    try:
        yield
    finally:
        recorder.tally(account_id).worked_on += 1
        recorder.subject = None, None


def called(account_id: int | None) -> None:
    """Count a call to Amazon."""
    recorder = _now.get()
    if recorder is not None:
        recorder.tally(account_id).calls += 1
        recorder.advance()


def failed(problem: str) -> None:
    """Count a failure of what is worked on now."""
    recorder = _now.get()
    if recorder is not None:
        tally = recorder.tally(recorder.subject[0])
        tally.failures, tally.problem = tally.failures + 1, problem


def _close_killed(session: Session, channel: Channel) -> None:
    """A run that neither ended nor gives signs of life was killed."""
    now = channel.clock()
    for run in session.scalars(sa.select(Run).where(Run.state == RunState.RUNNING)):
        if _is_gone(run.process) or now - run.seen_at > NO_SIGN_OF_LIFE:
            run.state, run.ended = RunState.KILLED, run.seen_at
            run.problem = phrase("It was killed, or its machine went down. What it had begun was taken up again.")


def _this_process() -> str:
    return f"{socket.gethostname()[:150]} {os.getpid()}"


def _is_gone(process: str) -> bool:
    """Say whether a process of this machine has ended; of another machine nobody knows."""
    host, _, number = process.rpartition(" ")
    if host != socket.gethostname()[:150] or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _update(session: Session, run_id: int | None, values: Mapping[str, Any]) -> None:
    session.execute(sa.update(Run).where(Run.id == run_id).values(**values))


def _stored(channel: Channel, act: Callable[[Session], T]) -> T | None:
    """Store in a session of its own: what the journeys do is neither committed nor rolled back with it."""
    try:
        with Session(channel.db.engine) as session:
            return in_transaction(session, lambda: act(session))
    except SQLAlchemyError as error:
        log.warning("The record of a run could not be stored: %s", type(error).__name__)
        return None
