import json
from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.rules.decision import Decision, decide
from flask_amazon_channel.rules.listing import Override
from flask_amazon_channel.rules.settings import PriceGuards, QuantityRules
from flask_amazon_channel.rules.state import ListingState
from tests.rules.making import DAY, FBA, MINUTE, NOW, make_facts, make_product, make_rules, make_unlisted

D = Decimal


def decided(
    product: Any = None, facts: Any = None, held: int = 0, orders_read_until: Any = NOW - MINUTE, **rules: Any
) -> Decision:
    return decide(product or make_product(), held, facts or make_facts(), make_rules(**rules), orders_read_until, NOW)


def test_an_ordinary_product_is_active_and_its_price_and_quantity_may_leave() -> None:
    decision = decided()
    assert decision.state is ListingState.ACTIVE
    assert (decision.quantity.to_send, decision.price.to_send) == (8, D("19.99"))
    assert (decision.reasons, decision.missing, decision.warnings) == ((), (), ())


def test_a_live_listing_that_may_not_be_sold_is_ineligible_and_shows_none() -> None:
    decision = decided(make_product(enabled=False))
    assert decision.state is ListingState.INELIGIBLE
    assert decision.quantity.to_send == 0


def test_a_product_gone_from_the_shop_is_ineligible_and_has_no_price() -> None:
    decision = decide(None, 0, make_facts(), make_rules(), None, NOW)
    assert decision.state is ListingState.INELIGIBLE
    assert (decision.quantity.to_send, decision.price.to_send) == (0, None)
    assert [reason.code for reason in decision.reasons] == ["product_gone"]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        pytest.param(make_facts(product_id=None), ListingState.NEW_THIRD_PARTY, id="no product"),
        pytest.param(make_facts(ended_at=NOW), ListingState.ENDED, id="ended by hand"),
        pytest.param(make_unlisted(product_id=None), ListingState.NOT_LISTED, id="neither product nor listing"),
    ],
)
def test_nothing_is_sent_for_what_the_channel_leaves_alone(facts: Any, state: ListingState) -> None:
    decision = decided(None, facts)
    assert decision.state is state
    assert (decision.quantity.to_send, decision.price.to_send) == (None, None)


def test_what_amazon_ships_has_a_price_and_no_quantity() -> None:
    decision = decided(make_product(quantity=0), make_facts(fulfilled_by=FBA, observed_quantity=None))
    assert decision.state is ListingState.ACTIVE
    assert (decision.quantity.to_send, decision.price.to_send) == (None, D("19.99"))


def test_more_than_amazon_shows_waits_for_the_orders() -> None:
    decision = decided(make_product(quantity=9), orders_read_until=NOW - 6 * MINUTE)
    assert (decision.quantity.value, decision.quantity.to_send) == (9, None)


@pytest.mark.parametrize(
    ("rules", "quantity", "price"),
    [
        pytest.param({"is_active": False}, None, None, id="the store is paused"),
        pytest.param({"publishes_price": False}, 8, None, id="prices are not published"),
        pytest.param({"publishes_quantity": False}, None, D("19.99"), id="quantities are not published"),
    ],
)
def test_what_the_store_does_not_publish_is_decided_and_held_back(
    rules: dict[str, Any], quantity: Any, price: Any
) -> None:
    decision = decided(**rules)
    assert (decision.quantity.value, decision.price.value) == (8, D("19.99"))
    assert (decision.quantity.to_send, decision.price.to_send) == (quantity, price)


def test_a_product_without_an_exchange_rate_is_incomplete_until_it_is_listed() -> None:
    assert decided(facts=make_unlisted(), currency="GBP").state is ListingState.INCOMPLETE
    live = decided(currency="GBP")
    assert live.state is ListingState.ACTIVE
    assert [reason.code for reason in live.missing] == ["no_exchange_rate"]


def test_nothing_is_listed_at_a_refused_price() -> None:
    decision = decided(facts=make_unlisted(), guards=PriceGuards(minimum=D(50)))
    assert decision.state is ListingState.INCOMPLETE
    assert decision.reason is not None
    assert decision.reason.code == "price_below_minimum"


def test_more_sold_than_there_is_warns() -> None:
    decision = decided(make_product(quantity=2), held=5)
    assert [warning.sentence for warning in decision.warnings] == ["3 more were sold than there are."]
    assert decision.quantity.to_send == 0


@pytest.mark.parametrize(
    ("product", "facts", "expected"),
    [
        pytest.param({}, {}, None, id="nothing has a date"),
        pytest.param({"sell_from": NOW + DAY}, {}, NOW + DAY, id="it begins"),
        pytest.param({"sell_until": NOW + DAY}, {}, NOW + DAY, id="it ends"),
        pytest.param({"sale_from": NOW + DAY, "sale_until": NOW + 2 * DAY}, {}, NOW + DAY, id="the sale begins"),
        pytest.param({"sale_from": NOW - DAY, "sale_until": NOW + 2 * DAY}, {}, NOW + 2 * DAY, id="the sale ends"),
        pytest.param({"sell_from": NOW - DAY}, {}, None, id="what is past changes nothing"),
        pytest.param({"sell_from": NOW}, {}, None, id="this moment is past"),
        pytest.param({}, {"price_override": Override(D(5), NOW + DAY)}, NOW + DAY, id="the price by hand ends"),
        pytest.param({}, {"quantity_override": Override(5, NOW + DAY)}, NOW + DAY, id="the quantity by hand ends"),
        pytest.param(
            {"sell_until": NOW + 3 * DAY},
            {"price_override": Override(D(5), NOW + DAY)},
            NOW + DAY,
            id="the earliest",
        ),
    ],
)
def test_it_says_when_the_calendar_will_change_it(product: Any, facts: Any, expected: Any) -> None:
    assert decided(make_product(**product), make_facts(**facts)).changes_at == expected


def test_deciding_again_at_that_moment_gives_the_other_answer() -> None:
    product = make_product(sell_from=NOW + DAY)
    before = decided(product)
    assert before.changes_at is not None
    after = decide(product, 0, make_facts(), make_rules(), NOW, before.changes_at)
    assert (before.state, after.state) == (ListingState.INELIGIBLE, ListingState.ACTIVE)


def test_the_explanation_reads_from_top_to_bottom() -> None:
    product = make_product(quantity=12, sell_until=NOW + DAY, price=D("5"))
    rules: dict[str, Any] = {
        "threshold": 20,
        "guards": PriceGuards(minimum=D(10)),
        "quantity": QuantityRules(buffer=2),
    }
    assert decided(product, make_facts(sent_at=NOW), **rules).sentences() == [
        "State: Ineligible (sent)",
        "  12 can be sold, 20 needed (threshold 20, buffer 2).",
        "Quantity: 0",
        "  Something speaks against selling it. -> 0",
        "Price: none is sent",
        "  Price of the product in USD. -> 5",
        "  5.00 USD is below the store's minimum of 10.",
        "The calendar changes this at 2026-11-21 12:00 UTC.",
    ]


def test_the_explanation_as_json_says_the_same_and_can_be_written() -> None:
    decision = decided(make_product(quantity=9), orders_read_until=None)
    answer = json.loads(json.dumps(decision.as_json()))
    assert (answer["state"], answer["label"], answer["note"]) == ("active", "Active", None)
    assert answer["quantity"]["value"] == 9
    assert answer["quantity"]["waits"]["code"] == "orders_never_read"
    assert answer["price"]["value"] == "19.99"
    assert answer["changes_at"] is None


def test_sentences_of_reasons_stand_only_once() -> None:
    lines = decided(facts=make_facts(buyable=False, observed_quantity=0)).sentences()
    assert lines.count("  Amazon shows a quantity of 0.") == 1
