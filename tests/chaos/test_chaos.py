"""3,000 orders and 5,000 product changes while everything fails: nothing is lost, nothing comes twice."""

from __future__ import annotations

import pytest

from tests.chaos.plan import Plan
from tests.chaos.running import run

PATIENCE = 900.0
"""Seconds.  It ends when all is in step; the bound is only there so that what never comes to rest ends."""


@pytest.mark.chaos
@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_kills_flushes_restarts_and_failing_calls_lose_nothing_and_double_nothing(database: str) -> None:
    """F-84, F-85, F-86, F-87 and F-97, together and again and again; the seed is in the plan."""
    outcome = run(Plan(seed=1, minutes=4, database=database, patience=PATIENCE))
    print("\n".join(outcome.sentences()))
    assert outcome.found == dict.fromkeys(outcome.found, 0), "\n".join(outcome.sentences())
