"""A worker dies anywhere: afterwards nothing is lost, nothing is doubled, and everything comes to rest by itself.

F-86: at each boundary of each pipeline.  The boundaries are found by tracing a clean run.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from example_store.database import db
from flask_amazon_channel.models.database import forget_connections
from flask_amazon_channel.sync import cycles
from tests.crash.boundaries import CRASHES, Boundaries, Crash, is_possible, killed
from tests.crash.conftest import STOCKED
from tests.crash.pipelines import PIPELINES, Pipeline
from tests.crash.truths import always, at_rest
from tests.journeys.world import ShopWorld

EVERY_PIPELINE = pytest.mark.parametrize("pipeline", PIPELINES, ids=lambda each: each.name)


def trace(world: ShopWorld, boundaries: Boundaries, pipeline: Pipeline) -> list[str]:
    """Return the boundaries that a clean run passes."""
    pipeline.prepare(world)
    world.channel.rang_at = float("-inf")
    boundaries.begin()
    pipeline.act(world)
    boundaries.end()
    found = list(boundaries.seen)
    recover(world)
    assert at_rest(world, STOCKED) == []
    return found


def recover(world: ShopWorld) -> None:
    """The process is gone; another takes over when the leases have run out, and pauses are over."""
    _new_process(world)
    world.pass_time(3700)
    cycles.begin(world.channel)
    world.settle(70, step=14)


def _new_process(world: ShopWorld) -> None:
    db.session.remove()
    world.channel.db.engine.dispose()


def die(world: ShopWorld, boundaries: Boundaries, at: int, crash: Crash, act: Callable[[], Any]) -> None:
    """Do it, and die at the boundary.  What comes out is what ends the process, or nothing if it was borne."""
    boundaries.begin(at, crash)
    try:
        act()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | AssertionError):
            raise
    finally:
        boundaries.end()
        _new_process(world)


def crash_everywhere(world: ShopWorld, boundaries: Boundaries, pipeline: Pipeline, kinds: list[Crash]) -> None:
    """Crash at every boundary: in one of the ways that are possible there, by turns."""
    found = trace(world, boundaries, pipeline)
    assert found, "The pipeline passes no boundary."
    for at, boundary in enumerate(found):
        possible = [crash for crash in kinds if is_possible(boundary, crash)]
        if not possible:
            continue
        crash = possible[at % len(possible)]
        pipeline.prepare(world)
        world.channel.rang_at = float("-inf")
        die(world, boundaries, at, crash, lambda: pipeline.act(world))
        at_once = always(world, STOCKED)
        recover(world)
        assert (at_once, at_rest(world, STOCKED)) == ([], []), f"{at}: {crash.__name__} {boundary}"


@EVERY_PIPELINE
def test_f86_a_crash_at_any_boundary_loses_nothing_and_doubles_nothing(
    crashing: ShopWorld, boundaries: Boundaries, pipeline: Pipeline
) -> None:
    crash_everywhere(crashing, boundaries, pipeline, list(CRASHES.values()))


@pytest.mark.chaos
@pytest.mark.parametrize("crash", CRASHES.values(), ids=CRASHES.keys())
@EVERY_PIPELINE
def test_f86_a_crash_of_any_kind_at_any_boundary_loses_nothing_and_doubles_nothing(
    crashing: ShopWorld, boundaries: Boundaries, pipeline: Pipeline, crash: Crash
) -> None:
    crash_everywhere(crashing, boundaries, pipeline, [crash])


@pytest.mark.parametrize("share", [0.3, 0.7])
@EVERY_PIPELINE
def test_f86_a_killed_process_loses_nothing_and_doubles_nothing(
    crashing: ShopWorld, boundaries: Boundaries, pipeline: Pipeline, share: float
) -> None:
    """A real process and SIGKILL, at a sample of the boundaries."""
    found = trace(crashing, boundaries, pipeline)
    pipeline.prepare(crashing)
    db.session.remove()
    pid = os.fork()
    if pid == 0:
        _be_killed(crashing, boundaries, pipeline, int(len(found) * share))
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "The process was not killed."
    recover(crashing)
    assert at_rest(crashing, STOCKED) == []


def _be_killed(world: ShopWorld, boundaries: Boundaries, pipeline: Pipeline, at: int) -> None:
    """The child: connections of its own, then the work, and the end."""
    try:
        forget_connections(world.channel.db)
        world.channel.bell = None
        world.channel.rang_at = float("-inf")
        boundaries.begin(at, killed)
        pipeline.act(world)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)
