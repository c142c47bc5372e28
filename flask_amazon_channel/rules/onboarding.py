"""Which step of getting started comes next?  It follows from what is stored, never from a stored number of a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The steps, in their order."""

    PREPARE = "prepare"
    CONNECT = "connect"
    MARKETPLACES = "marketplaces"
    STOREFRONTS = "storefronts"
    IDENTIFIERS = "identifiers"
    RULE = "rule"
    REVIEW = "review"
    START = "start"


OPTIONAL = frozenset({Step.PREPARE, Step.RULE})
"""Steps that a person may skip.  Who went on without one, and did a later step, has skipped it."""


class Standing(StrEnum):
    """How a step stands.  OPEN: it can be done now.  LATER: another has to come first."""

    DONE = "done"
    SKIPPED = "skipped"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stored of one account's beginning.  `has_account` False: nobody has connected one."""

    is_prepared: bool = False
    has_account: bool = False
    chosen: int = 0
    is_bound: bool = False
    identifiers_confirmed: bool = False
    are_ruled: bool = False
    is_reviewed: bool = False
    is_started: bool = False
    skipped: frozenset[Step] = frozenset()


def is_done(step: Step, facts: Facts) -> bool:
    """Say whether what is stored shows that the step was done."""
    return {
        Step.PREPARE: facts.is_prepared,
        Step.CONNECT: facts.has_account,
        Step.MARKETPLACES: facts.chosen > 0,
        Step.STOREFRONTS: facts.chosen > 0 and facts.is_bound,
        Step.IDENTIFIERS: facts.identifiers_confirmed,
        Step.RULE: facts.chosen > 0 and facts.are_ruled,
        Step.REVIEW: facts.is_reviewed,
        Step.START: facts.is_started,
    }[step]


def standings(facts: Facts) -> dict[Step, Standing]:
    """Return how every step stands.  From connecting to choosing marketplaces each needs the one before."""
    found: dict[Step, Standing] = {}
    done = [is_done(step, facts) for step in Step]
    can = True
    for number, step in enumerate(Step):
        if done[number]:
            found[step] = Standing.DONE
        elif step in facts.skipped or (step in OPTIONAL and any(done[number:])):
            found[step] = Standing.SKIPPED
        else:
            found[step] = Standing.OPEN if can else Standing.LATER
        needed = step in (Step.CONNECT, Step.MARKETPLACES)
        can = can and not (needed and found[step] is not Standing.DONE)
    return found


def next_step(facts: Facts) -> Step | None:
    """Return the first step that is neither done nor skipped; None: it has begun, nothing is left to be done."""
    if facts.is_started:
        return None
    return next((step for step, how in standings(facts).items() if how in (Standing.OPEN, Standing.LATER)), None)


def finished(how: Sequence[Standing]) -> int:
    return sum(1 for one in how if one in (Standing.DONE, Standing.SKIPPED))
