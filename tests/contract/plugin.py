"""Makes a test fail that broke the contract, and prints at the end what was held against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract import models, watching


def pytest_configure(config: pytest.Config) -> None:
    if models.AT_HAND:
        watching.begin()
        config.pluginmanager.register(BesideOthers())


@pytest.fixture(autouse=True)
def amazons_contract() -> Iterator[None]:
    """No simulator answers, and our client sends, nothing that Amazon's models do not allow."""
    known = len(watching.TALLY.problems)
    yield
    watching.collect()
    broken = list(dict.fromkeys(watching.TALLY.problems[known:]))
    assert not broken, "Amazon's contract was broken:\n" + "\n".join(broken[:20])


class BesideOthers:
    """Where several processes share the tests (pytest-xdist), each counts for itself, and the first adds it up."""

    @pytest.hookimpl
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["contract"] = watching.TALLY.plain()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        watching.TALLY.add(getattr(node, "workeroutput", {}).get("contract", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("Held against Amazon's contract")
    for line in watching.TALLY.sentences() if models.AT_HAND else ["Nothing: her models are not at hand."]:
        terminalreporter.line(line)
