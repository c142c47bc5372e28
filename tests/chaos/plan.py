"""How much of what happens, and what is found."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Plan:
    """One run.  `minutes` bounds it: 30 % of it for what goes wrong, the rest to come to rest.

    `patience` is how many seconds it may take to come to rest instead of that: a slow machine proves nothing.
    """

    seed: int = 1
    minutes: float = 3.0
    database: str = "sqlite"
    orders: int = 3000
    changes: int = 5000
    workers: int = 2
    products: int = 200
    fault_rate: float = 0.10
    kill_every: float = 2.0
    patience: float | None = None

    @property
    def storm(self) -> float:
        """Seconds in which things go wrong."""
        return self.minutes * 60 * 0.3

    @property
    def rest(self) -> float:
        """Seconds in which all comes to rest, at most."""
        return self.minutes * 60 - self.storm if self.patience is None else self.patience


@dataclass
class Outcome:
    """What was done, and what was found.  Every figure of `found` must be 0."""

    plan: Plan
    done: dict[str, Any] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not any(self.found.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "plan": asdict(self.plan),
            "done": self.done,
            "found": self.found,
            "examples": {name: some for name, some in self.examples.items() if some},
            "ok": self.ok,
        }

    def sentences(self) -> list[str]:
        width = max(len(name) for name in (*self.done, *self.found))
        lines = [f"{name:<{width}}  {value}" for name, value in self.done.items()]
        lines += [f"{name:<{width}}  {count}{'' if count == 0 else '   <<<'}" for name, count in self.found.items()]
        lines += [f"  {name}: {one}" for name, some in self.examples.items() for one in some[:5]]
        return lines
