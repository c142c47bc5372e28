"""Makes a test fail that broke the contract, and prints at the end what was held against it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract import models, watching


def pytest_configure(config: pytest.Config) -> None:
    if models.AT_HAND:
        watching.begin()


@pytest.fixture(autouse=True)
def amazons_contract() -> Iterator[None]:
    """No simulator answers, and our client sends, nothing that Amazon's models do not allow."""
    known = len(watching.TALLY.problems)
    yield
    watching.collect()
    broken = list(dict.fromkeys(watching.TALLY.problems[known:]))
    assert not broken, "Amazon's contract was broken:\n" + "\n".join(broken[:20])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("Held against Amazon's contract")
    for line in watching.TALLY.sentences() if models.AT_HAND else ["Nothing: her models are not at hand."]:
        terminalreporter.line(line)
