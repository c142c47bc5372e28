"""Every step of the tour in its order: what it shows, what it needs, and how it is broken to see what a failure is."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import requests

from example_store.demo.control import Control
from example_store.demo.processes import Failed
from example_store.tour import connecting, orders, products
from example_store.tour.scene import PATIENCE, Facts, NotSo, Scene

PATIENCE_WITH_A_FAULT = 8.0


@dataclass(frozen=True)
class Step:
    """`work` returns the facts, or raises NotSo.  `fault` lets the simulated Amazon fail, so that the step must.

    `prepare` waits for what must be over before the step (and its fault) can begin.
    """

    name: str
    shows: str
    work: Callable[[Scene], Facts]
    needs: tuple[str, ...] = ()
    fault: Callable[[Control], object] | None = None
    prepare: Callable[[Scene], object] | None = None


@dataclass(frozen=True)
class Outcome:
    """How a step went.  Where it is not ok, the facts say why."""

    name: str
    shows: str
    ok: bool
    seconds: float
    facts: Facts = field(default_factory=dict)

    def as_json(self) -> Facts:
        return {"name": self.name, "ok": self.ok, "seconds": self.seconds, "facts": self.facts}


STEPS = (
    Step(
        "connect",
        "The owner connects the seller account on Amazon's consent page and activates its stores.",
        connecting.connect,
        fault=lambda amazon: amazon.settings(draft=True),
    ),
    Step(
        "import",
        "The listings are read from Amazon.",
        connecting.import_listings,
        needs=("connect",),
        fault=lambda amazon: [amazon.fail(name) for name in ("createReport", "searchListingsItems")],
    ),
    Step(
        "match",
        "Each listing is matched with its product of the shop.",
        connecting.match,
        needs=("import",),
    ),
    Step(
        "product_saved",
        "A clerk changes a price and lowers the stock; buyers see it.",
        products.product_saved,
        needs=("match",),
        fault=lambda amazon: amazon.settings(apply="never"),
        prepare=products.come_to_rest,
    ),
    Step(
        "order_imported",
        "A buyer orders at Amazon; the order is in the shop, and its stock is lowered once.",
        orders.order_imported,
        needs=("match",),
        fault=lambda amazon: amazon.fail("searchOrders"),
    ),
    Step(
        "order_shipped",
        "The clerk ships the order; the buyer sees the package at Amazon.",
        orders.order_shipped,
        needs=("order_imported",),
        fault=lambda amazon: amazon.fail("confirmShipment"),
    ),
    Step(
        "order_cancelled",
        "Another order is cancelled at Amazon; the shop cancels it and takes the stock back.",
        orders.order_cancelled,
        needs=("order_imported",),
        fault=lambda amazon: amazon.fail("searchOrders"),
    ),
    Step(
        "explained",
        "The command line and the page explain a listing with the same sentences.",
        products.explained,
        needs=("product_saved",),
    ),
)
BREAKABLE = [step.name for step in STEPS if step.fault]


def take(scene: Scene, broken: str | None = None) -> Iterator[Outcome]:
    """Do one step after the other, and give how it went."""
    failed: set[str] = set()
    for step in STEPS:
        missing = [name for name in step.needs if name in failed]
        if missing:
            outcome = Outcome(step.name, step.shows, False, 0.0, {"why": f"It needs {', '.join(missing)}."})
        else:
            outcome = _try(step, scene, is_broken=step.name == broken)
        if not outcome.ok:
            failed.add(step.name)
        yield outcome


def none_taken(why: str) -> list[Outcome]:
    """The outcomes where the tour could not even begin."""
    return [Outcome(step.name, step.shows, False, 0.0, {"why": why}) for step in STEPS]


def _try(step: Step, scene: Scene, *, is_broken: bool) -> Outcome:
    """Do one step.  No failure ends the tour: the other steps are to be seen too."""
    scene.patience = PATIENCE
    begun = time.monotonic()
    try:
        if step.prepare:
            step.prepare(scene)
        if is_broken and step.fault:
            step.fault(scene.amazon)
            scene.patience = PATIENCE_WITH_A_FAULT
        facts, ok = step.work(scene), True
    except (NotSo, LookupError, Failed, requests.RequestException) as problem:
        facts, ok = {"why": str(problem)}, False
    except Exception:
        facts, ok = {"why": traceback.format_exc()}, False
    finally:
        scene.amazon.heal()
    return Outcome(step.name, step.shows, ok, round(time.monotonic() - begun, 2), facts)
