from typing import Any

import pytest

from flask_amazon_channel.rules.matching import Found, match, queries
from tests.rules.making import make_row


def kinds(**row: Any) -> list[str]:
    return [query.kind for query in queries(make_row(**row))]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param({}, ["sku", "asin"], id="no product id"),
        pytest.param({"asin": None}, ["sku"], id="not even an ASIN"),
        pytest.param(
            {"product_id": "4006381333931", "product_id_type": "ean"},
            ["sku", "asin", "ean", "upc"],
            id="an EAN",
        ),
        pytest.param(
            {"product_id": "036000291452", "product_id_type": "upc"},
            ["sku", "asin", "ean", "upc"],
            id="a UPC",
        ),
        pytest.param(
            {"product_id": "0306406152", "product_id_type": "isbn"},
            ["sku", "asin", "ean", "upc", "isbn"],
            id="a book",
        ),
        pytest.param(
            {"asin": None, "product_id": "B000MUG001", "product_id_type": "asin"},
            ["sku", "asin"],
            id="the product id is the ASIN",
        ),
        pytest.param(
            {"asin": "0306406152", "product_id": "0306406152", "product_id_type": "asin"},
            ["sku", "asin", "ean", "upc", "isbn"],
            id="the ASIN of a book is its ISBN",
        ),
        pytest.param({"product_id": "4006381333931"}, ["sku", "asin", "ean", "upc"], id="nobody says what it is"),
        pytest.param(
            {"product_id": "4006381333931", "product_id_type": "9"},
            ["sku", "asin", "ean", "upc"],
            id="a type nobody knows",
        ),
    ],
)
def test_the_strongest_identifier_is_asked_for_first(row: dict[str, Any], expected: list[str]) -> None:
    assert kinds(**row) == expected


def test_a_upc_is_asked_for_as_the_ean_that_it_is() -> None:
    asked = dict(queries(make_row(product_id="036000291452", product_id_type="upc")))
    assert "0036000291452" in asked["ean"]
    assert "036000291452" in asked["upc"]


def test_the_first_identifier_that_finds_anything_decides() -> None:
    found = match([Found("asin", []), Found("ean", ["7"]), Found("sku", [])])
    assert (found.product_id, found.matched_by, found.problem) == ("7", "ean", None)


def test_the_order_of_the_answers_means_nothing() -> None:
    assert match([Found("ean", ["9"]), Found("sku", ["7"])]).product_id == "7"


def test_several_products_are_for_a_person_to_choose_from_even_if_a_weaker_identifier_knows_one() -> None:
    found = match([Found("asin", ["7", "9", "7"]), Found("ean", ["9"])])
    assert found.product_id is None
    assert found.problem == "multiple_matches"
    assert found.candidates == ("7", "9")


def test_nothing_found_is_no_match() -> None:
    assert match([Found("sku", []), Found("asin", [])]).problem == "no_match"
    assert match([]).problem == "no_match"


def test_a_weaker_identifier_that_contradicts_is_a_warning() -> None:
    found = match([Found("sku", ["7"]), Found("ean", ["9"]), Found("upc", ["7", "8"])])
    assert found.product_id == "7"
    assert [warning.sentence for warning in found.warnings] == [
        "Matched to product 7 by SKU, but its EAN belongs to 9."
    ]


def test_words_only_suggest() -> None:
    found = match([Found("keyword", ["7"])])
    assert (found.product_id, found.problem, found.candidates) == (None, "no_match", ("7",))


def test_what_a_person_chose_stays() -> None:
    found = match([Found("sku", ["9"]), Found("asin", ["8", "9"])], chosen_by_person="7")
    assert (found.product_id, found.matched_by, found.problem) == ("7", "person", None)
    assert len(found.warnings) == 2
