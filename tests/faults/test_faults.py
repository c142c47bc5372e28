"""The list of tested faults is true: what it names exists, and what tests name is in the catalogue."""

from __future__ import annotations

import re

from tests.faults.catalogue import FAULTS
from tests.faults.counting import all_tests
from tests.faults.covered import COVERED


def test_every_test_that_is_said_to_cover_a_fault_exists() -> None:
    known = {address for address, _ in all_tests()}
    assert [one for tests in COVERED.values() for one in tests if one not in known] == []


def test_every_number_that_a_test_names_is_in_the_catalogue() -> None:
    named = {int(number) for address, _ in all_tests() for number in re.findall(r"::test_f(\d+)_", address)}
    assert named <= set(FAULTS)
