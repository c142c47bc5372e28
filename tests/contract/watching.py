"""Sees every call that a simulator of this process answers, and holds it against the contract."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask_amazon_channel.simulator import notifications
from flask_amazon_channel.simulator.operations import OPERATIONS
from flask_amazon_channel.simulator.wire import gateway
from flask_amazon_channel.simulator.wire.gateway import Exchange
from tests.contract import models, schemas

OUR_AGENT = "flask-amazon-channel/"
"""Only what our own client sends must be right: tests of the simulator and strangers may ask for anything."""


@dataclass
class Tally:
    """How much was held against the contract, by operation, and what broke it."""

    answers: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    notifications: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def add(self, other: dict[str, Any]) -> None:
        """Add what another process counted."""
        for name in ("answers", "requests", "notifications"):
            getattr(self, name).update(other.get(name, {}))
        self.problems += other.get("problems", [])

    def plain(self) -> dict[str, Any]:
        counts = {name: dict(getattr(self, name)) for name in ("answers", "requests", "notifications")}
        return {**counts, "problems": self.problems}

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(self.plain()))

    def sentences(self) -> list[str]:
        """What the suite prints at its end."""
        described = {models.description_of(name).key for name in self.answers}
        return [
            f"{self.answers.total():,} answers of the simulator, of {len(self.answers)} operations"
            f" ({len(described)} of the {len(models.described())} in Amazon's models)",
            f"{self.requests.total():,} requests of our client, to {len(self.requests)} operations",
            f"{self.notifications.total():,} notifications, of {len(self.notifications)} types",
        ]


TALLY = Tally()


def watch_calls(exchange: Exchange) -> None:
    if exchange.operation not in OPERATIONS:
        return
    request, response = exchange.request, exchange.response
    name = exchange.operation
    if request.headers.get("user-agent", "").startswith(OUR_AGENT):
        TALLY.requests[name] += 1
        found = models.problems_of_request(request.method, request.path, request.query, request.body)
        TALLY.problems += [f"Our client sent {request.method} {name}: {each}" for each in found]
    if exchange.fault is None:
        TALLY.answers[name] += 1
        found = models.problems_of_answer(name, response.status, response.body)
        TALLY.problems += [f"The simulator answered {name} with {response.status}: {each}" for each in found]


def watch_notifications(notification: dict[str, Any]) -> None:
    TALLY.notifications[schemas.kind_of(notification)] += 1
    TALLY.problems += [f"The simulator notified: {each}" for each in schemas.problems(notification)]


def begin() -> None:
    gateway.WATCHERS.append(watch_calls)
    notifications.WATCHERS.append(watch_notifications)


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="contract")


def environment() -> dict[str, str]:
    """What lets the simulator of another process be watched, too; `collect` reads what it counted."""
    return {"PYTHONPATH": str(Path(__file__).parent / "startup"), "AMAZON_CONTRACT_TALLIES": _folder().name}


def collect() -> None:
    """Add what other processes counted and left."""
    for file in Path(_folder().name).glob("*.json"):
        TALLY.add(json.loads(file.read_text()))
        file.unlink()
