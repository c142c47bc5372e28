"""Only fields that are known to be harmless are kept of a call."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flask_amazon_channel.rules.redaction import FIELDS, LISTED, redacted, redacted_query

SECRET = "Ada Lovelace, 12 St James Square"


def test_known_fields_stay_and_unknown_ones_leave_their_name_and_kind() -> None:
    order = {"orderId": "028-1", "buyer": {"buyerName": SECRET, "age": 36}, "quantityOrdered": 2}
    assert redacted(order) == {
        "orderId": "028-1",
        "buyer": {"buyerName": f"(text, {len(SECRET)})", "age": "(hidden)"},
        "quantityOrdered": 2,
    }


def test_a_field_of_amazons_that_nobody_knows_is_hidden() -> None:
    assert SECRET not in json.dumps(redacted({"newFieldOf2027": [SECRET, {"deep": SECRET}]}))


def test_what_amazon_says_in_words_is_kept_only_where_no_buyer_appears() -> None:
    answer = {"issues": [{"code": "90220", "message": "A value is missing."}], "message": "elsewhere"}
    assert redacted(answer)["issues"] == [{"code": "90220", "message": "(text, 19)"}]
    kept = redacted(answer, with_messages=True)
    assert kept["issues"] == [{"code": "90220", "message": "A value is missing."}]
    assert kept["message"] == "(text, 9)"


def test_a_name_that_is_no_name_is_left_out() -> None:
    assert redacted({SECRET: 1, "sku": "MUG-7"}) == {"sku": "MUG-7"}


def test_a_long_text_is_hidden_even_where_short_ones_are_kept() -> None:
    assert redacted({"sku": "x" * 500}) == {"sku": "(text, 500)"}


def test_long_lists_are_cut() -> None:
    assert redacted({"sku": ["A"] * (LISTED + 5)})["sku"][-1] == "(and 5 more)"


def test_tokens_in_an_address_are_hidden() -> None:
    shown = redacted_query([("marketplaceIds", "ATVPDKIKX0DER"), ("paginationToken", "secret")])
    assert shown == [("marketplaceIds", "ATVPDKIKX0DER"), ("paginationToken", "(text, 6)")]


TREES = st.recursive(
    st.just(SECRET),
    lambda children: st.lists(children) | st.dictionaries(st.text().filter(lambda key: key not in FIELDS), children),
)


@given(TREES)
def test_nothing_gets_through_under_any_other_name(tree: Any) -> None:
    assert SECRET not in json.dumps(redacted(tree, with_messages=False))
