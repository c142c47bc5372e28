"""Which step comes next follows from what is stored."""

from __future__ import annotations

from typing import Any

import pytest

from flask_amazon_channel.rules.onboarding import Facts, Standing, Step, next_step, standings

CHOSEN: dict[str, Any] = {"has_account": True, "chosen": 2, "is_bound": True}


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        pytest.param(Facts(), Step.PREPARE, id="nothing"),
        pytest.param(Facts(is_prepared=True), Step.CONNECT, id="prepared"),
        pytest.param(Facts(skipped=frozenset({Step.PREPARE})), Step.CONNECT, id="not prepared, and said so"),
        pytest.param(Facts(has_account=True), Step.MARKETPLACES, id="connected without preparing"),
        pytest.param(Facts(has_account=True, chosen=1), Step.STOREFRONTS, id="chosen"),
        pytest.param(Facts(**CHOSEN), Step.IDENTIFIERS, id="bound"),
        pytest.param(Facts(**CHOSEN, identifiers_confirmed=True), Step.RULE, id="mapped"),
        pytest.param(Facts(**CHOSEN, identifiers_confirmed=True, are_ruled=True), Step.REVIEW, id="with a rule"),
        pytest.param(
            Facts(**CHOSEN, identifiers_confirmed=True, skipped=frozenset({Step.RULE})), Step.REVIEW, id="no rule"
        ),
        pytest.param(Facts(**CHOSEN, identifiers_confirmed=True, is_reviewed=True), Step.START, id="reviewed"),
        pytest.param(Facts(has_account=True, is_started=True), None, id="begun before there were steps"),
    ],
)
def test_the_next_step_is_the_first_that_is_neither_done_nor_skipped(facts: Facts, step: Step | None) -> None:
    assert next_step(facts) is step


def test_what_needs_an_account_or_marketplaces_comes_later() -> None:
    found = standings(Facts())
    assert [found[step] for step in Step] == [Standing.OPEN, Standing.OPEN] + [Standing.LATER] * 6
    found = standings(Facts(has_account=True))
    assert found[Step.MARKETPLACES] is Standing.OPEN
    assert found[Step.START] is Standing.LATER


def test_a_step_that_is_undone_comes_back() -> None:
    facts = Facts(has_account=True, chosen=0, is_bound=True, identifiers_confirmed=True, is_reviewed=True)
    assert next_step(facts) is Step.MARKETPLACES
