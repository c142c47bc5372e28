from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.databases import Databases
from tests.stateful.machine import Journeys


def test_whatever_happens_in_whatever_order_every_promise_holds(database_server: Databases) -> None:
    """Changes, sales, cancellations, shipments, faults, crashes and revoked consents, in orders nobody thought of."""
    run_state_machine_as_test(
        lambda: Journeys(database_server),
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
