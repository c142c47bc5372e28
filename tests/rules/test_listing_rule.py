"""The listing rule: what it says about products, how it is read aloud, and what is refused."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.rules.decision import decide
from flask_amazon_channel.rules.eligibility import reasons_against
from flask_amazon_channel.rules.listing_rule import (
    OPERATORS,
    FieldType,
    ListingRule,
    aloud,
    fields_of,
    read,
)
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.rules.values import ShopAttribute, ShopProduct
from tests.rules.making import MINUTE, NOW, make_facts, make_product, make_rules, make_unlisted

TREE = {"Tents": "Camping", "Family tents": "Tents", "Stoves": "Camping"}
FIELDS = fields_of(
    [
        ShopAttribute("category", "Category", "choice", ("Books", "Camping", "Tents", "Family tents", "Stoves"), TREE),
        ShopAttribute("season", "Season", "choice", ("summer", "winter")),
        ShopAttribute("weight", "Weight", "number"),
        ShopAttribute("fragile", "Fragile", "yes_no"),
        ShopAttribute("colour", "Colour"),
    ]
)


def condition(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def group(*parts: Any, match: str = "all", holds: bool = True) -> dict[str, Any]:
    return {"match": match, "holds": holds, "parts": list(parts)}


def rule(*parts: Any, **how: Any) -> ListingRule:
    found = read(group(*parts, **how), FIELDS)
    assert found.problems == ()
    assert found.rule is not None
    return found.rule


def refused(*parts: Any) -> dict[str, str]:
    found = read(group(*parts), FIELDS)
    assert found.rule is None
    return {problem.part: problem.reason.sentence for problem in found.problems}


def offers(product: ShopProduct, *parts: Any, **how: Any) -> bool | None:
    return rule(*parts, **how).holds(product)


def with_(**attributes: Any) -> ShopProduct:
    return make_product(attributes=attributes)


@pytest.mark.parametrize(
    ("operator", "value", "holds"),
    [
        ("is_at_least", "19.99", True),
        ("is_at_least", "20", False),
        ("is_more_than", "19.98", True),
        ("is_more_than", "19.99", False),
        ("is_at_most", "19.99", True),
        ("is_less_than", "19.99", False),
        ("is", "19.990", True),
        ("is_not", "19.99", False),
        ("is_empty", None, False),
        ("is_not_empty", None, True),
    ],
)
def test_numbers_are_compared_as_numbers(operator: str, value: Any, holds: bool) -> None:
    assert offers(make_product(), condition("price", operator, value)) is holds


@pytest.mark.parametrize(
    ("operator", "value", "holds"),
    [
        ("is", "fjellstad ", True),
        ("is", "Fjell", False),
        ("is_not", "Other", True),
        ("is_one_of", ["Other", "FJELLSTAD"], True),
        ("is_none_of", ["Other", "FJELLSTAD"], False),
        ("contains", "jell", True),
        ("does_not_contain", "jell", False),
        ("begins_with", "fjell", True),
        ("begins_with", "stad", False),
    ],
)
def test_text_is_compared_without_regard_to_case(operator: str, value: Any, holds: bool) -> None:
    assert offers(make_product(brand=" Fjellstad"), condition("brand", operator, value)) is holds


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_a_missing_text_is_nothing_and_so_is_not_anything(nothing: Any) -> None:
    product = make_product(brand=nothing)
    assert offers(product, condition("brand", "is_empty"))
    assert offers(product, condition("brand", "is_not", "x"))
    assert not offers(product, condition("brand", "contains", "x"))
    assert not offers(product, condition("brand", "is_not_empty"))


def test_a_missing_number_is_neither_more_nor_less_than_anything() -> None:
    for operator in ("is_more_than", "is_less_than", "is_at_least", "is_at_most"):
        assert offers(with_(), condition("attributes.weight", operator, "0")) is False


def test_what_lies_beneath_a_choice_lies_within_it() -> None:
    tent = with_(category="Family tents")
    assert offers(tent, condition("attributes.category", "is_within", ["Camping"]))
    assert offers(tent, condition("attributes.category", "is_within", ["Tents"]))
    assert not offers(tent, condition("attributes.category", "is_one_of", ["Camping", "Tents"]))
    assert not offers(tent, condition("attributes.category", "is_not_within", ["Tents"]))
    assert offers(tent, condition("attributes.category", "is_not_within", ["Stoves", "Books"]))


def test_of_several_values_one_is_enough() -> None:
    product = with_(category=["Books", "Stoves"])
    assert offers(product, condition("attributes.category", "is_one_of", ["Stoves"]))
    assert not offers(product, condition("attributes.category", "is_none_of", ["Stoves"]))


def test_yes_and_no() -> None:
    yes = condition("attributes.fragile", "is", True)
    assert [offers(with_(fragile=value), yes) for value in (True, False, None)] == [True, False, False]
    assert offers(with_(), condition("attributes.fragile", "is", "no"))


def test_identifiers_and_kind_can_be_asked_for() -> None:
    product = make_product(identifiers={"ean": "4006381333931"})
    assert offers(product, condition("identifiers.ean", "is_not_empty"))
    assert not offers(product, condition("identifiers.asin", "is_not_empty"))
    assert offers(product, condition("kind", "is_one_of", ["simple", "variant"]))


CHEAP, BRANDED = condition("price", "is_less_than", "15"), condition("brand", "is", "A")


@pytest.mark.parametrize(
    ("match", "holds", "expected"),
    [
        # both hold, one holds, none holds
        ("all", True, (True, False, False)),
        ("any", True, (True, True, False)),
        ("all", False, (False, False, True)),
        ("any", False, (False, True, True)),
    ],
)
def test_all_or_any_of_the_parts_hold_or_do_not(match: str, holds: bool, expected: tuple[bool, ...]) -> None:
    products = [
        make_product(price=Decimal(10), brand="A"),
        make_product(price=Decimal(10), brand="B"),
        make_product(price=Decimal(20), brand="B"),
    ]
    assert tuple(offers(one, CHEAP, BRANDED, match=match, holds=holds) for one in products) == expected


def test_a_group_is_one_part() -> None:
    either = group(condition("brand", "is", "A"), condition("brand", "is", "B"), match="any")
    parts = (condition("price", "is_at_least", "15"), either)
    assert offers(make_product(brand="B"), *parts)
    assert not offers(make_product(brand="C"), *parts)
    assert not offers(make_product(brand="B", price=Decimal(9)), *parts)


def test_no_conditions_offer_everything() -> None:
    assert read(None, FIELDS) == (None, ())
    assert read(group(), FIELDS) == (None, ())


def test_an_empty_group_asks_nothing_even_where_one_part_is_enough() -> None:
    product = make_product(brand="B")
    assert offers(product, condition("brand", "is", "A"), group(), match="any") is False
    assert read(group(group(), match="any"), FIELDS) == (None, ())


def test_every_operator_says_its_numbers_when_it_excludes_and_can_be_read_aloud() -> None:
    """Every operator of every type, wanted and not: the sentence names attribute and values, nothing is left open."""
    names = {FieldType.TEXT: "attributes.colour", FieldType.NUMBER: "attributes.weight"}
    names |= {FieldType.CHOICE: "attributes.category", FieldType.YES_NO: "attributes.fragile"}
    values = {FieldType.TEXT: "red", FieldType.NUMBER: "5", FieldType.CHOICE: "Tents", FieldType.YES_NO: True}
    found = {
        FieldType.TEXT: ["red", "blue", None],
        FieldType.NUMBER: [Decimal(4), 5, 6, None],
        FieldType.CHOICE: ["Tents", "Books", None],
        FieldType.YES_NO: [True, False],
    }
    seen = set()
    for kind, name in names.items():
        for operator, is_wanted in itertools.product(OPERATORS[kind], (True, False)):
            one = rule(condition(name, operator, values[kind]), holds=is_wanted)
            products = [with_(**{name.removeprefix("attributes."): value}) for value in found[kind]]
            excluded = [reason for product in products for reason in one.judge(product).reasons]
            assert excluded, (operator, is_wanted)
            assert any(one.judge(product).reasons == () for product in products), (operator, is_wanted)
            for reason in excluded:
                assert (reason.code, reason.see) == ("listing_rule", "listing-rule")
                assert FIELDS[name].label in reason.sentence
                assert "{" not in reason.sentence
            seen |= {reason.text for reason in excluded}
            assert all("{" not in line.said.sentence for line in aloud(one))
    assert len(seen) == 30


def test_an_exclusion_says_the_numbers() -> None:
    [reason] = rule(condition("price", "is_at_least", "25.00")).judge(make_product()).reasons
    assert reason.sentence == "Price is 19.99; the listing rule wants at least 25.00."


def test_every_failing_condition_is_told() -> None:
    verdict = rule(condition("price", "is_at_least", "25"), condition("brand", "is", "A")).judge(make_product())
    assert [reason.sentence for reason in verdict.reasons] == [
        "Price is 19.99; the listing rule wants at least 25.",
        "Brand is (none); the listing rule wants A.",
    ]


def test_where_one_condition_would_be_enough_that_is_told_first() -> None:
    verdict = rule(condition("price", "is_at_least", "25"), condition("brand", "is", "A"), match="any").judge(
        make_product()
    )
    assert [reason.sentence for reason in verdict.reasons] == [
        "Of 2 conditions of the listing rule at least one has to hold, and none does.",
        "Price is 19.99; the listing rule wants at least 25.",
        "Brand is (none); the listing rule wants A.",
    ]


def test_the_rule_is_read_aloud() -> None:
    either = group(condition("attributes.category", "is_within", ["Camping", "Books"]), BRANDED, match="any")
    lines = aloud(rule(condition("price", "is_at_least", "15.00"), either))
    assert [(line.depth, line.said.sentence) for line in lines] == [
        (0, "Offered is what fulfils all of these:"),
        (1, "Price is at least 15.00"),
        (1, "at least one of these:"),
        (2, "Category lies within Camping, Books"),
        (2, "Brand is A"),
    ]
    assert [line.said.sentence for line in aloud(None)] == ["Offered is every product of a kind that Amazon takes."]


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (condition("attributes.size", "is", "L"), "The shop has no attribute size (any more)."),
        (condition("sizes", "is", "L"), "The shop has no attribute sizes (any more)."),
        (condition("price", "contains", "1"), "Price cannot be compared that way."),
        (condition("attributes.season", "is_within", ["summer"]), "Season cannot be compared that way."),
        (condition("price", "is", "cheap"), "Price is compared with a number"),
        (condition("price", "is", "1e999999"), "Price is compared with a number"),
        (condition("price", "is", "NaN"), "Price is compared with a number"),
        (condition("price", "is", True), "Price is compared with a number"),
        (condition("attributes.fragile", "is", "perhaps"), "Fragile is compared with yes or no"),
        (condition("attributes.fragile", "is", 1), "Fragile is compared with yes or no"),
        (condition("brand", "is", " "), "Say with what Brand is compared"),
        (condition("brand", "is", 7), "Say with what Brand is compared"),
        (condition("brand", "is", ["A", "B"]), "Brand is compared with one value here."),
        (condition("brand", "contains", "x" * 201), "Say with what Brand is compared"),
        (
            condition("attributes.season", "is_one_of", ["spring"]),
            "spring is not (any more) one of the values of Season",
        ),
        ("nonsense", "This is not a condition that can be read."),
        (group(group()), "Groups lie one level deep"),
        ({"match": "some", "holds": True, "parts": []}, "This is not a listing rule that can be read."),
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence_at_its_place(part: Any, sentence: str) -> None:
    found = refused(CHEAP, part)
    [(place, said)] = found.items()
    assert place.startswith("1")
    assert said.startswith(sentence)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert set(refused(condition("x", "is", "1"), CHEAP, group(condition("y", "is", "1")))) == {"0", "2.0"}


def test_a_rule_that_is_too_long_is_refused() -> None:
    assert list(refused(*[CHEAP] * 51)) == [""]


def test_a_value_of_another_type_than_declared_never_excludes_by_itself() -> None:
    odd = with_(weight="heavy", colour="red")
    heavy = condition("attributes.weight", "is_at_most", "5")
    verdict = rule(heavy).judge(odd)
    assert verdict.reasons == ()
    assert verdict.unknown is not None
    assert "Weight of this product is heavy" in verdict.unknown.sentence
    # What the other parts decide is decided.
    assert rule(heavy, condition("attributes.colour", "is", "blue")).judge(odd).reasons != ()
    assert rule(heavy, condition("attributes.colour", "is", "red"), match="any").judge(odd).unknown is None
    assert rule(condition("attributes.fragile", "is", "yes")).judge(with_(fragile="ja")).unknown is not None


EXPENSIVE = rule(condition("price", "is_at_least", "25"))


def test_an_excluded_product_is_ineligible_and_its_quantity_nothing() -> None:
    rules = make_rules(listing_rule=EXPENSIVE)
    assert [one.code for one in reasons_against(make_product(), make_facts(), rules, 8, NOW)] == ["listing_rule"]
    decision = decide(make_product(), 0, make_facts(), rules, NOW - MINUTE, NOW)
    assert (decision.state, decision.quantity.value) == (ListingState.INELIGIBLE, 0)
    assert decision.reason is not None
    assert decision.reason.sentence == "Price is 19.99; the listing rule wants at least 25."
    assert decide(make_product(), 0, make_unlisted(), rules, NOW, NOW).state is ListingState.NOT_LISTED


def test_a_rule_that_cannot_be_read_excludes_nothing_and_lets_nothing_grow() -> None:
    problem = read(group(condition("attributes.gone", "is", "1")), FIELDS).problems[0].reason
    rules = make_rules(listing_rule_problem=problem)
    live = decide(make_product(), 0, make_facts(), rules, NOW - MINUTE, NOW)
    assert (live.state, live.quantity.value, live.quantity.waits) == (ListingState.ACTIVE, 8, None)
    assert live.warnings == (problem,)
    fewer = decide(make_product(quantity=3), 0, make_facts(), rules, NOW - MINUTE, NOW)
    assert (fewer.quantity.value, fewer.quantity.waits) == (3, None)
    more = decide(make_product(quantity=30), 0, make_facts(), rules, NOW - MINUTE, NOW)
    assert more.quantity.waits == problem
    new = decide(make_product(), 0, make_unlisted(), rules, NOW - MINUTE, NOW)
    assert (new.state, new.reason) == (ListingState.INCOMPLETE, problem)
