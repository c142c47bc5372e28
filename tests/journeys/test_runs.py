"""Every run that did something leaves a record; idle ones share one; a killed one is noticed."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

import pytest
import sqlalchemy as sa

from flask_amazon_channel.errors import OutOfTime
from flask_amazon_channel.models import Run, RunPart, RunState
from flask_amazon_channel.sync import cycles, runs
from tests.journeys.world import ShopWorld

GONE = 2**22 + 1
"""No process has this number: it is above the system's highest."""


def work(world: ShopWorld, name: str = "work") -> None:
    """Do what the job of that name does."""
    world.session.rollback()
    with cycles.recorded(world.channel, name):
        cycles.work_until_quiet(world.channel, at_most=30, quiet=0)


def records(world: ShopWorld) -> list[Run]:
    return world.all(Run)


def quiet(world: ShopWorld) -> ShopWorld:
    """Nothing is due for some minutes."""
    world.cycle()
    return world


def test_what_was_sent_is_counted_by_journey_and_store(selling: ShopWorld) -> None:
    selling.save(stock=4)
    work(selling)
    [record] = records(selling)
    assert (record.name, record.state) == ("work", RunState.DONE)
    assert (record.progress["product changes"], record.progress["quantities"]) == (
        {"done": 1, "left": 0},
        {"done": 1, "left": 0},
    )
    [part] = selling.all(RunPart, RunPart.journey == "quantities")
    assert part.store_id == selling.listing().store_id
    assert (part.worked_on, part.calls, part.failures) == (1, 1, 0)


def test_idle_work_leaves_one_row_however_often_it_looks(selling: ShopWorld) -> None:
    quiet(selling)
    for _ in range(20):
        work(selling)
        selling.clock.now += timedelta(seconds=10)
    [record] = records(selling)
    assert (record.state, record.idle_name) == (RunState.IDLE, "work")
    assert selling.clock.now - record.began <= timedelta(seconds=80)


def test_idle_work_writes_once_a_minute(selling: ShopWorld) -> None:
    quiet(selling)
    work(selling)
    wrote: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.split(" ")[0] in ("INSERT", "UPDATE", "DELETE"):
            wrote.append(statement)

    sa.event.listen(selling.channel.db.engine, "before_cursor_execute", listen)
    for _ in range(5):
        selling.clock.now += timedelta(seconds=10)
        work(selling)
    sa.event.remove(selling.channel.db.engine, "before_cursor_execute", listen)
    assert wrote == []


def test_a_failure_is_counted_where_it_happened_and_said(selling: ShopWorld) -> None:
    selling.amazon.fault("patchListingsItem", "5xx_json", times=1)
    selling.save(stock=4)
    work(selling)
    [record] = records(selling)
    assert record.failures == 1
    [part] = selling.all(RunPart, RunPart.failures > 0)
    assert (part.journey, part.store_id) == ("quantities", selling.listing().store_id)
    assert part.problem


def test_a_run_that_is_killed_is_found_by_the_next(selling: ShopWorld) -> None:
    now = selling.clock.now
    process = f"{socket.gethostname()[:150]} {GONE}"
    selling.session.add(Run(name="work", process=process, began=now, seen_at=now, state=RunState.RUNNING))
    selling.session.commit()
    selling.pass_time(5)
    selling.save(stock=4)
    work(selling)
    killed, done = records(selling)
    assert (killed.state, killed.ended) == (RunState.KILLED, now)
    assert done.state == RunState.DONE


@pytest.mark.parametrize(("process", "minutes", "state"), [("here", 60, "killed"), ("here", 5, "running")])
def test_of_another_machine_only_its_silence_tells(selling: ShopWorld, process: str, minutes: int, state: str) -> None:
    seen = selling.clock.now - timedelta(minutes=minutes)
    selling.session.add(Run(name="sync", process="elsewhere 1", began=seen, seen_at=seen, state=RunState.RUNNING))
    selling.session.commit()
    selling.save(stock=4)
    work(selling)
    assert records(selling)[0].state == state


def test_a_run_of_this_machine_that_lives_is_left_alone(selling: ShopWorld) -> None:
    now = selling.clock.now
    process = f"{socket.gethostname()[:150]} {os.getpid()}"
    selling.session.add(Run(name="sync", process=process, began=now, seen_at=now, state=RunState.RUNNING))
    selling.session.commit()
    selling.save(stock=4)
    work(selling)
    assert records(selling)[0].state == RunState.RUNNING


@pytest.mark.parametrize(
    ("error", "state"),
    [(OutOfTime("too long"), "out_of_time"), (KeyboardInterrupt(), "killed"), (RuntimeError("secret"), "failed")],
)
def test_the_record_says_why_it_ended(selling: ShopWorld, error: BaseException, state: str) -> None:
    def run() -> None:
        with cycles.recorded(selling.channel, "work"):
            cycles.work_once(selling.channel)
            raise error

    selling.save(stock=4)
    with pytest.raises(type(error)):
        run()
    [record] = records(selling)
    assert record.state == state
    assert "secret" not in (record.problem or "")


def test_how_far_it_is_can_be_read_while_it_runs(selling: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "STORED_EVERY", 0)
    shown: list[runs.Progress] = []
    stored: list[dict[str, object]] = []

    def show(progress: runs.Progress) -> None:
        shown.append(progress)
        [record] = records(selling)
        assert record.state == RunState.RUNNING
        stored.append(record.progress)

    selling.save(stock=4, price=21)
    selling.session.rollback()
    with cycles.recorded(selling.channel, "sync", show):
        cycles.work_until_quiet(selling.channel, at_most=30, quiet=0)
    assert stored == shown
    assert {"done": 0, "left": 1} in [progress.get("prices") for progress in shown]
    assert {"done": 1, "left": 0} in [progress.get("prices") for progress in shown]
