"""Which of eight words describes a listing?

The first that holds: a person ended it (Ended); Amazon has it and no product is known (New Third Party);
Amazon has it and something speaks against it (Ineligible: our doing); it can be bought (Active); Amazon has
it and it cannot be bought (Inactive: Amazon's doing, and always with a reason).  Not at Amazon: something
speaks against it (Not listed), something is missing (Incomplete), or it waits (Ready to List).

What is under way is a second word beside the state, never a state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_amazon_channel.rules.reasons import Reason, because, marked
from flask_amazon_channel.rules.values import FulfilledBy, ShopProduct

if TYPE_CHECKING:
    from flask_amazon_channel.rules.amazon import Issue
    from flask_amazon_channel.rules.listing import ListingFacts
    from flask_amazon_channel.rules.settings import StoreRules

SETTLES_WITHIN = timedelta(minutes=15)
"""After that a change that was accepted and is not visible is said to wait for Amazon."""


class ListingState(StrEnum):
    """The state of a listing, named as the tabs are."""

    ACTIVE = "active"
    READY_TO_LIST = "ready_to_list"
    INACTIVE = "inactive"
    INELIGIBLE = "ineligible"
    INCOMPLETE = "incomplete"
    ENDED = "ended"
    NEW_THIRD_PARTY = "new_third_party"
    NOT_LISTED = "not_listed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ListingState.ACTIVE: marked("Active"),
    ListingState.READY_TO_LIST: marked("Ready to List"),
    ListingState.INACTIVE: marked("Inactive"),
    ListingState.INELIGIBLE: marked("Ineligible"),
    ListingState.INCOMPLETE: marked("Incomplete"),
    ListingState.ENDED: marked("Ended"),
    ListingState.NEW_THIRD_PARTY: marked("New Third Party"),
    ListingState.NOT_LISTED: marked("Not listed"),
}


class Note(StrEnum):
    """What is under way."""

    LISTING = "listing"
    RELISTING = "relisting"
    ENDING = "ending"
    SENT = "sent"
    WAITING = "waiting for Amazon"
    NOT_APPLIED = "accepted, not applied"


@dataclass(frozen=True, slots=True)
class StateDecision:
    """The state, what is under way, and the reason where the state needs one."""

    state: ListingState
    note: Note | None = None
    reason: Reason | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state.value,
            "label": self.state.label,
            "note": self.note.value if self.note else None,
            "reason": self.reason.as_json() if self.reason else None,
        }


def state_of(
    facts: ListingFacts,
    reasons: Sequence[Reason],
    missing: Sequence[Reason],
    rules: StoreRules,
    now: datetime,
) -> StateDecision:
    """Return the first state that holds.  `reasons` speak against the product, `missing` is what it lacks."""
    state, reason = _state(facts, reasons, missing, rules)
    return StateDecision(state, _note(facts, now), reason)


def _state(
    facts: ListingFacts, reasons: Sequence[Reason], missing: Sequence[Reason], rules: StoreRules
) -> tuple[ListingState, Reason | None]:
    if facts.ended_at is not None:
        return ListingState.ENDED, because("ended", "Ended by hand at {at}.", "listing", at=facts.ended_at)
    if facts.on_amazon:
        if facts.product_id is None:
            return ListingState.NEW_THIRD_PARTY, no_product(facts)
        if reasons:
            return ListingState.INELIGIBLE, reasons[0]
        if facts.buyable:
            return ListingState.ACTIVE, None
        return ListingState.INACTIVE, why_inactive(facts)
    if reasons:
        return ListingState.NOT_LISTED, reasons[0]
    if missing:
        return ListingState.INCOMPLETE, missing[0]
    return ListingState.READY_TO_LIST, _ready(rules)


def no_product(facts: ListingFacts) -> Reason:
    """Return why Amazon's listing has no product of the shop."""
    if facts.match_problem == "multiple_matches":
        return because("multiple_matches", "Several products of the shop match it: choose one.", "matching")
    return because("no_match", "No product of the shop matches it.", "matching")


def what_is_missing(product: ShopProduct, facts: ListingFacts, rules: StoreRules) -> tuple[Reason, ...]:
    """Return everything that Amazon needs and the product lacks."""
    missing = []
    if rules.condition_of(product.condition) is None:
        text = "The condition {condition} is not mapped to one of Amazon's."
        missing.append(because("missing_condition", text, "conditions", condition=product.condition or "(none)"))
    if facts.match_problem == "multiple_matches":
        text = "Several Amazon listings match the product: choose one."
        missing.append(because("multiple_matches", text, "matching"))
    elif facts.match_problem == "has_variants":
        text = "The Amazon listing that matches has variants: choose one."
        missing.append(because("has_variants", text, "matching"))
    elif facts.asin is None:
        text = "No Amazon listing was found for the product: assign an ASIN."
        missing.append(because("no_asin", text, "matching"))
    return tuple(missing)


def _ready(rules: StoreRules) -> Reason:
    if not rules.is_active:
        return because("store_paused", "{store} is paused.", "store", store=rules.name)
    if rules.publish_automatically:
        return because("waits_for_cycle", "It will be listed with the next cycle.", "publishing")
    return because("waits_for_person", "It waits for a person to publish it.", "publishing")


def why_inactive(facts: ListingFacts) -> Reason:
    """Return Amazon's reason where it gives one, else what we found ourselves.  There always is one."""
    worst = min(facts.issues, key=_mildness, default=None)
    if worst is not None and worst.severity == "ERROR":
        return _says(worst)
    if facts.restriction:
        text = "Amazon restricts it: {restriction}"
        return because("restricted", text, "amazon", restriction=facts.restriction)
    if facts.observed_quantity == 0 and facts.fulfilled_by is not FulfilledBy.AMAZON:
        return because("no_quantity_at_amazon", "Amazon shows a quantity of 0.", "stock")
    if facts.observed_price is None:
        return because("no_price_at_amazon", "Amazon shows no price.", "price")
    if worst is not None:
        return _says(worst)
    if facts.fulfilled_by is FulfilledBy.AMAZON:
        text = "Amazon offers it not: most likely its warehouse has none left."
        return because("no_offer_at_amazon", text, "amazon")
    if facts.amazon_status:
        text = "Amazon's status is {status}: no offer that can be bought, and no reason given."
        return because("not_buyable", text, "amazon", status=", ".join(facts.amazon_status))
    text = "Amazon shows price and quantity, but offers it to nobody and gives no reason."
    return because("not_buyable", text, "amazon")


def _mildness(issue: Issue) -> int:
    return {"ERROR": 0, "WARNING": 1}.get(issue.severity, 2)


def _says(issue: Issue) -> Reason:
    return because(
        "amazon_issue",
        "Amazon says: {message} ({number})",
        "amazon",
        message=issue.message,
        number=issue.code,
    )


def _note(facts: ListingFacts, now: datetime) -> Note | None:
    if facts.ended_at is not None:
        return Note.ENDING if facts.on_amazon else None
    if facts.listing_since is not None:
        return Note.RELISTING if facts.ever_live else Note.LISTING
    if facts.not_applied:
        return Note.NOT_APPLIED
    if facts.sent_at is not None:
        return Note.SENT if now - facts.sent_at < SETTLES_WITHIN else Note.WAITING
    return None
