"""What goes wrong outside of the program: processes killed, the broker emptied and restarted, the database restarted,
and calls to Amazon that fail in every way.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.wire.faults import KINDS
from tests.chaos.ground import Ground

SECONDS = {"timeout_before": 1.0, "apply_then_timeout": 1.0, "slow_drip": 0.5, "reorder": 3.0}

NO_ACCIDENT = ("invalid", "revoke")
"""Amazon's decision and the seller's: what follows waits for a person, so it does not come to rest by itself."""


def let_amazon_fail(amazon: Amazon, rate: float) -> None:
    """Let a share of all calls fail, by every kind alike.

    An order that Amazon leaves out of a page, while saying that the page is complete, is found by another source only
    (the nightly audit): `skip_item` strikes everything but the search of orders.
    """
    kinds = [kind for kind in KINDS if kind not in NO_ACCIDENT]
    for kind in kinds:
        places = ["*"]
        if kind == "skip_item":
            places = ["searchListingsItems", "getListingsItem", "getOrder", "document"]
        for operation in places:
            amazon.fault(
                operation,
                kind,
                when={"probability": rate / len(kinds)},
                times=None,
                seconds=SECONDS.get(kind),
            )


class Nemesis:
    """Strikes until the storm is over.  `struck` counts by name."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.struck: Counter[str] = Counter()
        storm = ground.plan.storm
        self._planned = sorted(
            [(storm * part, self.flush_broker) for part in (0.1, 0.25, 0.4, 0.55, 0.7, 0.85)]
            + [(storm * 0.3, self.restart_broker), (storm * 0.5, self.restart_database)]
            + [(storm * 0.65, self.kill_timetable)],
            key=lambda each: each[0],
        )

    def rage(self) -> None:
        """Kill a worker every two seconds, and do what was planned, until the storm is over."""
        begun = time.monotonic()
        kill_at = begun + self.ground.plan.kill_every
        while (elapsed := time.monotonic() - begun) < self.ground.plan.storm:
            while self._planned and self._planned[0][0] <= elapsed:
                self._planned.pop(0)[1]()
            if time.monotonic() >= kill_at:
                self.kill_worker()
                kill_at += self.ground.plan.kill_every
            self.ground.revive()
            time.sleep(0.05)

    def kill_worker(self) -> None:
        """SIGKILL: the worker with its work-horse, the work-horse alone, or the worker alone, whose horse runs on."""
        names = [name for name in self.ground.processes if name.startswith("worker")]
        process = self.ground.processes[self.ground.chance.choice(sorted(names))]
        how = self.ground.chance.choice(("both", "horse", "horse", "parent"))
        with suppress(ProcessLookupError):
            if how == "horse":
                for child in _children(process.pid):
                    os.kill(child, signal.SIGKILL)
            elif how == "parent":
                self.ground.orphans += _children(process.pid)
                os.kill(process.pid, signal.SIGKILL)
            else:
                for child in _children(process.pid):
                    os.kill(child, signal.SIGKILL)
                os.killpg(process.pid, signal.SIGKILL)
        if how != "horse":
            process.wait(10)
        self.struck[f"kill -9: {how}"] += 1

    def kill_timetable(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.ground.processes["timetable"].pid, signal.SIGKILL)
        self.ground.processes["timetable"].wait(10)
        self.struck["kill -9: timetable"] += 1

    def flush_broker(self) -> None:
        self.ground.broker.flush()
        self.struck["FLUSHALL"] += 1

    def restart_broker(self) -> None:
        self.ground.broker.stop()
        time.sleep(1)
        self.ground.broker.start()
        self.struck["broker restarted"] += 1

    def restart_database(self) -> None:
        if self.ground.plan.database != "sqlite":
            self.ground.server.restart()
            self.struck["database restarted"] += 1


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
