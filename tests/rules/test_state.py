from typing import Any

import pytest

from flask_amazon_channel.rules.amazon import Issue
from flask_amazon_channel.rules.reasons import because
from flask_amazon_channel.rules.state import ListingState, Note, state_of, what_is_missing, why_inactive
from tests.rules.making import DAY, FBA, MINUTE, NOW, make_facts, make_product, make_rules, make_unlisted

AGAINST = (because("disabled", "The product is disabled in the shop.", "product"),)
MISSING = (because("no_asin", "No ASIN.", "matching"),)


@pytest.mark.parametrize(
    ("facts", "against", "missing", "expected"),
    [
        pytest.param(make_facts(), (), (), "Active", id="it can be bought"),
        pytest.param(make_facts(buyable=False), (), (), "Inactive", id="at Amazon, cannot be bought"),
        pytest.param(make_facts(), AGAINST, (), "Ineligible", id="our doing, though it can be bought"),
        pytest.param(make_facts(buyable=False), AGAINST, (), "Ineligible", id="our doing comes before Amazon's"),
        pytest.param(make_facts(), (), MISSING, "Active", id="something is missing, but Amazon sells it"),
        pytest.param(make_facts(product_id=None), (), (), "New Third Party", id="no product"),
        pytest.param(make_facts(product_id=None), AGAINST, (), "New Third Party", id="no product beats reasons"),
        pytest.param(make_facts(ended_at=NOW), AGAINST, (), "Ended", id="a person's end beats everything"),
        pytest.param(make_facts(ended_at=NOW, product_id=None), (), (), "Ended", id="ended without a product"),
        pytest.param(make_unlisted(ended_at=NOW), (), (), "Ended", id="ended and gone from Amazon"),
        pytest.param(make_unlisted(), (), (), "Ready to List", id="nothing is in its way"),
        pytest.param(make_unlisted(), (), MISSING, "Incomplete", id="something is missing"),
        pytest.param(make_unlisted(), AGAINST, MISSING, "Not listed", id="excluded and not at Amazon"),
    ],
)
def test_the_first_state_that_holds(facts: Any, against: Any, missing: Any, expected: str) -> None:
    assert state_of(facts, against, missing, make_rules(), NOW).state.label == expected


def test_every_state_has_a_label() -> None:
    assert len({state.label for state in ListingState}) == 8


ERROR = Issue("18742", "The brand is gated: ask {Amazon}.", "ERROR")
WARNING = Issue("18448", "The picture is small.", "WARNING")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param(
            {"issues": (WARNING, ERROR)},
            "Amazon says: The brand is gated: ask {Amazon}. (18742)",
            id="the gravest issue",
        ),
        pytest.param({"restriction": "Approval needed."}, "Amazon restricts it: Approval needed.", id="a restriction"),
        pytest.param({"observed_quantity": 0}, "Amazon shows a quantity of 0.", id="sold out at Amazon"),
        pytest.param({"observed_price": None}, "Amazon shows no price.", id="no price at Amazon"),
        pytest.param(
            {"issues": (WARNING,)},
            "Amazon says: The picture is small. (18448)",
            id="a warning is better than nothing",
        ),
        pytest.param(
            {"fulfilled_by": FBA, "observed_quantity": None},
            "Amazon offers it not: most likely its warehouse has none left.",
            id="none in Amazon's warehouse",
        ),
        pytest.param(
            {"amazon_status": ("DISCOVERABLE",)},
            "Amazon's status is DISCOVERABLE: no offer that can be bought, and no reason given.",
            id="a page only",
        ),
        pytest.param(
            {"amazon_status": ()},
            "Amazon shows price and quantity, but offers it to nobody and gives no reason.",
            id="no word from Amazon",
        ),
    ],
)
def test_inactive_always_has_a_reason(changes: dict[str, Any], sentence: str) -> None:
    facts = make_facts(buyable=False, **changes)
    assert why_inactive(facts).sentence == sentence
    assert state_of(facts, (), (), make_rules(), NOW).reason is not None


@pytest.mark.parametrize(
    ("facts", "rules", "code"),
    [
        pytest.param(make_unlisted(), {}, "waits_for_cycle", id="automatically"),
        pytest.param(make_unlisted(), {"publish_automatically": False}, "waits_for_person", id="by hand"),
        pytest.param(make_unlisted(), {"is_active": False}, "store_paused", id="paused"),
    ],
)
def test_ready_to_list_says_what_it_waits_for(facts: Any, rules: dict[str, Any], code: str) -> None:
    reason = state_of(facts, (), (), make_rules(**rules), NOW).reason
    assert reason is not None
    assert reason.code == code


@pytest.mark.parametrize(
    ("product", "facts", "rules", "codes"),
    [
        pytest.param({}, {}, {}, [], id="nothing"),
        pytest.param({}, {"asin": None}, {}, ["no_asin"], id="no ASIN"),
        pytest.param({}, {"asin": None, "match_problem": "multiple_matches"}, {}, ["multiple_matches"], id="several"),
        pytest.param({}, {"asin": None, "match_problem": "has_variants"}, {}, ["has_variants"], id="a family"),
        pytest.param(
            {"condition": "battered"},
            {"asin": None},
            {"condition_map": {"fine": "used_good"}},
            ["missing_condition", "no_asin"],
            id="all that is missing",
        ),
        pytest.param({"condition": "fine"}, {}, {"condition_map": {"fine": "used_good"}}, [], id="a mapped condition"),
        pytest.param({"condition": None}, {}, {"condition_map": {"fine": "used_good"}}, [], id="the default condition"),
        pytest.param({}, {}, {"default_condition": None}, ["missing_condition"], id="no default condition"),
    ],
)
def test_what_is_missing(product: Any, facts: Any, rules: Any, codes: list[str]) -> None:
    missing = what_is_missing(make_product(**product), make_unlisted(**facts), make_rules(**rules))
    assert [reason.code for reason in missing] == codes


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        pytest.param(make_facts(), None, id="at rest"),
        pytest.param(make_facts(sent_at=NOW - MINUTE), Note.SENT, id="just sent"),
        pytest.param(make_facts(sent_at=NOW - DAY), Note.WAITING, id="sent long ago"),
        pytest.param(make_unlisted(listing_since=NOW), Note.LISTING, id="being listed"),
        pytest.param(make_unlisted(listing_since=NOW, ever_live=True), Note.RELISTING, id="being listed again"),
        pytest.param(make_facts(ended_at=NOW), Note.ENDING, id="ended, still at Amazon"),
        pytest.param(make_unlisted(ended_at=NOW), None, id="ended and gone"),
    ],
)
def test_what_is_under_way_is_a_second_word(facts: Any, note: Note | None) -> None:
    assert state_of(facts, (), (), make_rules(), NOW).note is note
