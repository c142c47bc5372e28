"""P10: what the channel adds to the start of an app that has Flask and SQLAlchemy already.

Whole processes are measured, turn by turn: `host.py` without and with the channel.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.figures import Figure
from tests.databases import Databases

RUNS = 15
MARK = 0.150
HOST = Path(__file__).with_name("host.py")
ROOT = Path(__file__).parents[2]


def measure(databases: Databases) -> list[Figure]:
    for argument in ("without", "with"):
        _start(argument)
    runs = [(_start("without"), _start("with")) for _ in range(RUNS)]
    floor, ours = (median(run[turn][0] for run in runs) for turn in (0, 1))
    cpu_floor, cpu_ours = (median(run[turn][1] for run in runs) for turn in (0, 1))
    note = f"added: {(ours - floor) * 1e3:.0f} ms; of the processor's time {(cpu_ours - cpu_floor) * 1e3:.0f} ms"
    figure = Figure(
        "P10",
        "start of an app: import and init_app",
        "ms a start, median",
        ours * 1e3,
        "<= 150 ms more",
        ours - floor <= MARK,
        floor * 1e3,
        (note,),
    )
    return [figure]


def _start(argument: str) -> tuple[float, float]:
    """Return the seconds on the clock and of the processor that the process took."""
    begun = perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = os.posix_spawn(sys.executable, [sys.executable, str(HOST), argument], environment)
    _, status, used = os.wait4(process, 0)
    seconds = perf_counter() - begun
    if status:
        raise RuntimeError(f"{HOST.name} {argument} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, used.ru_utime + used.ru_stime
