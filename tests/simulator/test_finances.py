"""Finances: transactions of what happened, exact to the last cent, and what is done with the money."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.world import LISTENERS

from .conftest import DE, FR, JP, US, Client

TRANSACTIONS = "/finances/2024-06-19/transactions"
BALANCES = "/finances/2024-06-19/balances"
SUMMARY = "/finances/2024-06-19/summary"
DAY = 86400
LONG_AGO = 170  # days, within the longest span


def read(client: Client, path: str, **query: Any) -> Any:
    """An answer whose numbers are exact."""
    client.sign_in()
    answer = client.get(path, **query)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content, parse_float=Decimal)


def start(client: Client, days: float = LONG_AGO) -> str:
    """A moment so many days ago."""
    now = datetime.fromisoformat(client.amazon.state()["clock"]["now"])
    return (now - timedelta(days=days)).isoformat().replace("+00:00", "Z")


def transactions(client: Client, **query: Any) -> list[Any]:
    """All of them, from all pages; those of the last two minutes count, too."""
    client.amazon.advance(121)
    if not {"postedAfter", "relatedIdentifierName"} & set(query):
        query["postedAfter"] = start(client)
    found: list[Any] = []
    token: Any = None
    while True:
        payload = read(client, TRANSACTIONS, **query, **({"nextToken": token} if token else {}))["payload"]
        found += payload["transactions"]
        token = payload.get("nextToken")
        if token is None:
            return found


def amount(currency: Any) -> Decimal:
    return Decimal(currency["currencyAmount"])


def check_sums(breakdowns: list[Any]) -> Decimal:
    """The sum of breakdowns, each of which must be the sum of its own."""
    for each in breakdowns:
        if each["breakdowns"]:
            assert check_sums(each["breakdowns"]) == amount(each["breakdownAmount"])
    return sum((amount(each["breakdownAmount"]) for each in breakdowns), Decimal(0))


def check_transaction(transaction: Any) -> None:
    total = amount(transaction["totalAmount"])
    assert check_sums(transaction["breakdowns"]) == total
    if transaction["items"]:
        assert sum(amount(item["totalAmount"]) for item in transaction["items"]) == total
    for item in transaction["items"]:
        assert check_sums(item["breakdowns"]) == amount(item["totalAmount"])


def leaf(breakdowns: list[Any], *path: str) -> Decimal:
    found = next(each for each in breakdowns if each["breakdownType"] == path[0])
    return leaf(found["breakdowns"], *path[1:]) if path[1:] else amount(found["breakdownAmount"])


def identifiers(transaction: Any) -> dict[str, str]:
    return {each["relatedIdentifierName"]: each["relatedIdentifierValue"] for each in transaction["relatedIdentifiers"]}


def sell(client: Client, *items: dict[str, Any], marketplace: str = DE, **facts: Any) -> str:
    return client.amazon.place_order(client.seller, marketplace, list(items), status="SHIPPED", **facts)


def refund(client: Client, order_id: str, **parts: str) -> None:
    """What a refund leaves behind, whoever asked for it."""
    world = client.amazon.world
    order = world.state.orders[order_id]
    line = {"order_item_id": order.items[0].id, "sku": order.items[0].sku, "asin": "", "parts": parts}
    with world.lock:
        order.refunds.append({"id": f"9{len(order.refunds)}", "items": [line]})
        world.occurred("order_refunded", order.seller_id, order=order_id, refund=len(order.refunds) - 1)


MUG = {"sku": "MUG/1 ä%", "quantity": 3, "price": "9.90", "shipping": "4.99", "tax": "6.55", "discount": "2.00"}


def test_a_shipped_order_is_a_deferred_payment_with_exact_sums(client: Client) -> None:
    order_id = sell(client, MUG, {"sku": "LAMP", "quantity": 1})
    [payment] = transactions(client)
    check_transaction(payment)
    assert (payment["transactionType"], payment["description"]) == ("Shipment", "Order Payment")
    assert payment["transactionStatus"] == "DEFERRED"
    assert identifiers(payment)["ORDER_ID"] == order_id
    mug = payment["items"][0]
    assert leaf(mug["breakdowns"], "ProductCharges", "OurPricePrincipal") == Decimal("29.70")
    assert leaf(mug["breakdowns"], "Shipping") == Decimal("4.99")
    assert leaf(mug["breakdowns"], "Tax") == Decimal("6.55")
    assert leaf(mug["breakdowns"], "PromoRebates") == Decimal("-2.00")
    assert leaf(mug["breakdowns"], "AmazonFees", "Commission") < 0
    assert mug["contexts"][0]["quantityShipped"] == 3
    assert mug["contexts"][0]["fulfillmentNetwork"] == "MFN"
    assert payment["contexts"][0]["deferralReason"] == "DD7"


def test_yen_have_no_fractions(amazon: Amazon) -> None:
    listing = {"sku": "TEA", "price": "1980", "quantity": 9}
    client = Client(amazon, amazon.add_seller([JP], listings=[listing]))
    sell(client, {"sku": "TEA", "quantity": 3, "shipping": "350", "tax": "199"}, marketplace=JP)
    [payment] = transactions(client)
    check_transaction(payment)
    numbers = list(_numbers(payment))
    assert numbers
    assert all(isinstance(each, int) for each in numbers)


def _numbers(document: Any) -> Any:
    if isinstance(document, dict):
        if "currencyAmount" in document:
            yield document["currencyAmount"]
        for each in document.values():
            yield from _numbers(each)
    elif isinstance(document, list):
        for each in document:
            yield from _numbers(each)


@pytest.mark.parametrize("quantity", [1, 2, 3, 7])
def test_units_that_are_shipped_one_by_one_bring_as_much_as_all_at_once(client: Client, quantity: int) -> None:
    line = {**MUG, "quantity": quantity, "shipping": "5.00", "tax": "1.01", "discount": "0.50"}
    order_id = client.amazon.place_order(client.seller, DE, [line])
    [item] = [each["orderItemId"] for each in client.order(order_id)["orderItems"]]
    for number in range(quantity):
        assert client.ship(order_id, {item: 1}, packageReferenceId=str(number + 1)).status_code == 204
    found = transactions(client)
    assert len(found) == quantity
    for each in found:
        check_transaction(each)
    items = [each["items"][0]["breakdowns"] for each in found]
    assert sum(leaf(each, "ProductCharges") for each in items) == Decimal("9.90") * quantity
    assert sum(leaf(each, "Shipping") for each in items) == Decimal("5.00")
    assert sum(_leaf_or_zero(each, "Tax") for each in items) == Decimal("1.01")
    assert sum(_leaf_or_zero(each, "PromoRebates") for each in items) == Decimal("-0.50")


def _leaf_or_zero(breakdowns: list[Any], kind: str) -> Decimal:
    return sum((amount(each["breakdownAmount"]) for each in breakdowns if each["breakdownType"] == kind), Decimal(0))


def test_an_edited_package_is_not_paid_twice(client: Client) -> None:
    order_id = client.amazon.place_order(client.seller, DE, [{"sku": "LAMP"}])
    [item] = [each["orderItemId"] for each in client.order(order_id)["orderItems"]]
    client.ship(order_id, {item: 1})
    client.ship(order_id, {item: 1}, trackingNumber="ANOTHER")
    client.amazon.change_order(order_id, packages="DELIVERED")
    assert len(transactions(client)) == 1


def test_amazon_takes_a_fee_for_what_it_ships(client: Client) -> None:
    sell(client, {"sku": "FBA-1", "quantity": 2})
    [payment] = transactions(client)
    check_transaction(payment)
    [item] = payment["items"]
    assert leaf(item["breakdowns"], "AmazonFees", "FBAPerUnitFulfillmentFee") < 0
    assert item["contexts"][0]["fulfillmentNetwork"] == "AFN"


def test_orders_that_are_not_shipped_bring_nothing(client: Client) -> None:
    client.amazon.place_order(client.seller, DE, [{"sku": "LAMP"}])
    cancelled = client.amazon.place_order(client.seller, DE, [{"sku": "LAMP"}])
    client.amazon.change_order(cancelled, status="CANCELLED")
    assert transactions(client) == []


def test_money_is_released_seven_days_after_the_delivery(client: Client) -> None:
    sell(client, {"sku": "LAMP"})
    client.amazon.advance(12.9 * DAY)
    [payment] = transactions(client)
    assert payment["transactionStatus"] == "DEFERRED"
    client.amazon.advance(0.2 * DAY)
    deferred, released = transactions(client)
    assert (deferred["transactionStatus"], released["transactionStatus"]) == ("DEFERRED_RELEASED", "RELEASED")
    assert identifiers(deferred)["RELEASE_TRANSACTION_ID"] == released["transactionId"]
    assert identifiers(released)["DEFERRED_TRANSACTION_ID"] == deferred["transactionId"]
    assert released["totalAmount"] == deferred["totalAmount"]
    assert released["postedDate"] == payment["contexts"][0]["maturityDate"]
    check_transaction(released)


def test_the_deferral_can_be_set(client: Client) -> None:
    client.amazon.settings(deferral_delay=0)
    sell(client, {"sku": "LAMP"}, deliver_within=0)
    [payment] = transactions(client)
    assert payment["transactionStatus"] == "RELEASED"
    assert "FINANCIAL_EVENT_GROUP_ID" in identifiers(payment)


def test_a_refund_is_a_transaction_with_exact_sums(client: Client) -> None:
    order_id = sell(client, MUG)
    refund(client, order_id, Principal="9.90", Tax="1.00", Shipping="2.50", Promotion="-0.67")
    back = next(each for each in transactions(client) if each["transactionType"] == "Refund")
    check_transaction(back)
    assert (back["description"], back["transactionStatus"]) == ("Refund Order", "RELEASED")
    assert identifiers(back)["ORDER_ID"] == order_id
    assert identifiers(back)["REFUND_ID"] == "90"
    [item] = back["items"]
    assert leaf(item["breakdowns"], "ProductCharges") == Decimal("-9.90")
    assert leaf(item["breakdowns"], "PromoRebates") == Decimal("0.67")
    assert leaf(item["breakdowns"], "AmazonFees", "Commission") > 0
    assert leaf(item["breakdowns"], "AmazonFees", "RefundCommission") < 0
    assert amount(back["totalAmount"]) < 0


def test_parts_of_a_refund_that_are_kept_back_are_shown_by_their_name(client: Client) -> None:
    refund(client, sell(client, MUG), Principal="9.90", RestockingFee="-2.00")
    back = next(each for each in transactions(client) if each["transactionType"] == "Refund")
    check_transaction(back)
    assert leaf(back["items"][0]["breakdowns"], "RestockingFee") == Decimal("2.00")


def test_every_transaction_is_told_once(client: Client) -> None:
    told: list[str] = []

    def hear(world: Any, seller_id: str, facts: dict[str, Any]) -> None:
        told.append(facts["transaction"])

    LISTENERS.setdefault("transaction_posted", []).append(hear)
    try:
        refund(client, sell(client, MUG), Principal="9.90")
        client.amazon.advance(30 * DAY)
        known = [each["transactionId"] for each in transactions(client)]
    finally:
        LISTENERS["transaction_posted"].remove(hear)
    assert sorted(told) == sorted(known)
    assert len(known) > 3


def test_released_money_is_transferred_every_fourteen_days(client: Client) -> None:
    sell(client, {"sku": "LAMP"})
    client.amazon.advance(15 * DAY)
    found = transactions(client)
    [transfer] = [each for each in found if each["transactionType"] == "Transfer"]
    check_transaction(transfer)
    [released] = [each for each in found if "DEFERRED_TRANSACTION_ID" in identifiers(each)]
    assert amount(transfer["totalAmount"]) == -amount(released["totalAmount"])
    assert identifiers(transfer)["SETTLEMENT_ID"] == identifiers(released)["SETTLEMENT_ID"]
    group = identifiers(transfer)["FINANCIAL_EVENT_GROUP_ID"]
    of_group = transactions(client, relatedIdentifierName="FINANCIAL_EVENT_GROUP_ID", relatedIdentifierValue=group)
    assert {each["transactionId"] for each in of_group} == {transfer["transactionId"], released["transactionId"]}
    assert sum(amount(each["totalAmount"]) for each in of_group) == 0


def test_a_long_jump_of_the_clock_settles_each_period_for_itself(client: Client) -> None:
    for quantity, days in ((1, 3), (2, 17), (3, 31)):
        client.amazon.settings(deferral_delay=days * DAY)
        sell(client, {**MUG, "quantity": quantity})
    client.amazon.advance(90 * DAY)
    found = transactions(client)
    released = [each for each in found if "DEFERRED_TRANSACTION_ID" in identifiers(each)]
    transfers = [each for each in found if each["transactionType"] == "Transfer"]
    assert [-amount(each["totalAmount"]) for each in transfers] == [amount(each["totalAmount"]) for each in released]
    for payment, transfer in zip(released, transfers, strict=True):
        assert identifiers(payment)["SETTLEMENT_ID"] == identifiers(transfer)["SETTLEMENT_ID"]
    dates = [datetime.fromisoformat(each["postedDate"]) for each in transfers]
    assert [(later - earlier).days for earlier, later in pairwise(dates)] == [14, 14]


def test_debts_are_carried_to_the_next_period(client: Client) -> None:
    order_id = sell(client, MUG)
    refund(client, order_id, Principal="29.70")
    client.amazon.settings(deferral_delay=20 * DAY)
    assert amount(balances(client, balanceType="AVAILABLE")[0]["amount"]) < 0
    sell(client, {"sku": "LAMP"})
    client.amazon.advance(100 * DAY)
    found = transactions(client)
    released = [each for each in found if each["transactionStatus"] == "RELEASED"]
    assert all(amount(each["totalAmount"]) < 0 for each in found if each["transactionType"] == "Transfer")
    assert sum(amount(each["totalAmount"]) for each in released) == 0
    assert amount(balances(client)[0]["amount"]) == 0


def test_a_start_is_required_unless_an_order_is_named(client: Client) -> None:
    order_id = sell(client, {"sku": "LAMP"})
    answer = client.get(TRANSACTIONS)
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["code"], error["message"]) == (400, "InvalidInput", "Start date cannot be null")
    found = transactions(client, relatedIdentifierName="ORDER_ID", relatedIdentifierValue=order_id)
    assert len(found) == 1
    assert transactions(client, relatedIdentifierName="ORDER_ID", relatedIdentifierValue="1-2-3") == []


@pytest.mark.parametrize(
    "query",
    [
        {"postedAfter": "yesterday"},
        {"postedAfter": "2126-01-01T00:00:00Z"},
        {"postedAfter": "2026-01-01", "postedBefore": "2025-01-01"},
        {"postedAfter": "2026-01-01", "postedBefore": "2126-01-01"},
        {"postedAfter": "2026-01-01", "transactionStatus": "LOST"},
        {"postedAfter": "2026-01-01", "marketplaceId": "NOWHERE"},
        {"postedAfter": "2026-01-01", "nextToken": "made-up"},
        {"postedAfter": "2026-01-01", "relatedIdentifierName": "ORDER_ID"},
        {"postedAfter": "2026-01-01", "relatedIdentifierValue": "1"},
        {"relatedIdentifierName": "SETTLEMENT_ID", "relatedIdentifierValue": "1"},
    ],
)
def test_a_bad_question_is_refused(client: Client, query: dict[str, str]) -> None:
    answer = client.get(TRANSACTIONS, **query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_the_last_two_minutes_cannot_be_asked_for(client: Client) -> None:
    assert client.get(TRANSACTIONS, postedAfter=start(client, 1 / 1440)).status_code == 400
    sell(client, {"sku": "LAMP"})
    assert read(client, TRANSACTIONS, postedAfter=start(client))["payload"]["transactions"] == []


def test_more_than_180_days_are_answered_with_nothing(client: Client) -> None:
    sell(client, {"sku": "LAMP"})
    assert len(transactions(client, postedAfter=start(client, 179))) == 1
    assert transactions(client, postedAfter=start(client, 181)) == []


def test_spans_statuses_and_marketplaces_narrow(client: Client) -> None:
    sell(client, {"sku": "LAMP"})
    client.amazon.advance(20 * DAY)
    sell(client, {"sku": "MUG/1 ä%"}, marketplace=FR)
    assert len(transactions(client, postedAfter=start(client, 3))) == 1
    assert len(transactions(client, postedAfter=start(client), postedBefore=start(client, 19))) == 1
    assert {each["transactionStatus"] for each in transactions(client, transactionStatus="DEFERRED")} == {"DEFERRED"}
    french = transactions(client, marketplaceId=FR)
    assert [each["marketplaceDetails"]["marketplaceName"] for each in french] == ["Amazon.fr"]
    assert client.get(TRANSACTIONS, postedAfter=start(client), marketplaceId=US).status_code == 403


def test_merchant_orders_of_the_united_states_are_hidden_behind_their_marketplace(amazon: Amazon) -> None:
    listings = [{"sku": "A", "price": "5", "quantity": 5}, {"sku": "F", "price": "5", "quantity": 5,
                                                           "fulfillment": "AMAZON"}]  # fmt: skip
    client = Client(amazon, amazon.add_seller([US], listings=listings))
    sell(client, {"sku": "A"}, marketplace=US)
    sell(client, {"sku": "F"}, marketplace=US)
    assert len(transactions(client)) == 2
    [shown] = transactions(client, marketplaceId=US)
    assert shown["items"][0]["contexts"][0]["fulfillmentNetwork"] == "AFN"


@pytest.fixture
def many(client: Client) -> Client:
    client.amazon.put_listing(client.seller, DE, "LAMP", quantity=1000)
    for _ in range(210):
        sell(client, {"sku": "LAMP"})
        client.amazon.advance(1)
    return client


def test_transactions_come_in_pages_that_want_the_same_arguments(many: Client) -> None:
    found = [each["transactionId"] for each in transactions(many)]
    assert len(found) == len(set(found)) == 210
    query = {"postedAfter": start(many)}
    token = read(many, TRANSACTIONS, **query)["payload"]["nextToken"]
    assert many.get(TRANSACTIONS, **query, nextToken=token, transactionStatus="DEFERRED").status_code == 400
    assert many.get(TRANSACTIONS, nextToken=token).status_code == 400


def test_what_is_posted_while_pages_are_turned_is_in_the_next_search(many: Client) -> None:
    many.amazon.advance(121)
    query = {"postedAfter": start(many)}
    token = read(many, TRANSACTIONS, **query)["payload"]["nextToken"]
    sell(many, {"sku": "LAMP"})
    many.amazon.advance(500)
    rest = 0
    while token:
        payload = read(many, TRANSACTIONS, **query, nextToken=token)["payload"]
        rest += len(payload["transactions"])
        token = payload.get("nextToken")
    assert rest == 110


def test_pages_may_be_empty(many: Client) -> None:
    many.amazon.settings(empty_pages=True)
    many.amazon.advance(121)
    first = read(many, TRANSACTIONS, postedAfter=start(many))["payload"]
    assert (first["transactions"], "nextToken" in first) == ([], True)
    assert len({each["transactionId"] for each in transactions(many)}) == 210


def test_the_last_48_hours_may_be_missing(client: Client) -> None:
    client.amazon.settings(transaction_delay=48 * 3600)
    sell(client, {"sku": "LAMP"})
    assert transactions(client) == []
    client.amazon.advance(48 * 3600)
    assert len(transactions(client)) == 1


def balances(client: Client, **query: Any) -> list[Any]:
    found: list[Any] = read(client, BALANCES, **{"marketplaceIds": DE, **query})["balances"]
    return found


def by_type(balance: Any) -> dict[str, Decimal]:
    found = {balance["balanceType"]: amount(balance["amount"])}
    for each in balance.get("balances", []):
        found |= by_type(each)
    return found


def test_balances_say_what_is_deferred_and_what_is_available(client: Client) -> None:
    sell(client, {"sku": "LAMP"})
    [payment] = transactions(client)
    value = amount(payment["totalAmount"])
    [balance] = balances(client)
    expected = {"TOTAL": value, "AVAILABLE": 0, "RESERVED": value, "DEFERRED": value, "ACCOUNT_LEVEL_RESERVE": 0}
    assert by_type(balance) == expected
    client.amazon.advance(13 * DAY)
    assert by_type(balances(client)[0]) == {**expected, "AVAILABLE": value, "RESERVED": 0, "DEFERRED": 0}
    client.amazon.advance(DAY)
    assert set(by_type(balances(client)[0]).values()) == {0}


def test_a_balance_of_a_past_date_is_what_it_was(client: Client) -> None:
    sell(client, {"sku": "LAMP"})
    value = amount(transactions(client)[0]["totalAmount"])
    day = start(client, 0)[:10]
    client.amazon.advance(40 * DAY)
    [balance] = balances(client, asOfDate=day)
    assert by_type(balance)["DEFERRED"] == by_type(balance)["TOTAL"] == value
    assert balance["asOfDate"].startswith(day)
    assert by_type(balances(client, asOfDate=start(client, 41)[:10])[0])["TOTAL"] == 0


def test_balances_are_of_the_type_the_account_and_the_marketplaces_asked_for(client: Client) -> None:
    assert [each["partnerMetadata"]["marketplaceId"] for each in balances(client, marketplaceIds="")] == [DE, FR]
    [reserved] = balances(client, balanceType="RESERVED")
    assert (reserved["balanceType"], len(reserved["balances"])) == ("RESERVED", 2)
    assert balances(client, accountType="Invoiced Orders") == []
    assert balances(client, marketplaceIds=FR)[0]["amount"]["currencyCode"] == "EUR"


@pytest.mark.parametrize(
    "query",
    [
        {"marketplaceIds": "INVALID_MARKETPLACE_ID"},
        {"balanceType": "SECRET"},
        {"asOfDate": "soon"},
        {"asOfDate": "2126-01-01"},
        {"nextToken": "made-up"},
    ],
)
def test_a_bad_question_for_balances_is_refused(client: Client, query: dict[str, str]) -> None:
    answer = client.get(BALANCES, **query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_a_summary_adds_up_what_was_released(client: Client) -> None:
    refund(client, sell(client, MUG), Principal="9.90")
    sell(client, {"sku": "LAMP"})
    client.amazon.advance(15 * DAY)
    found = transactions(client)
    [summary] = read(client, SUMMARY, marketplaceIds=DE)["summaries"]
    released = [each for each in found if each["transactionStatus"] == "RELEASED"]
    parts = [amount(each["totalAmount"]) for each in released if each["transactionType"] != "Transfer"]
    assert amount(summary["netProceeds"]) == check_sums(summary["breakdowns"]) == sum(parts)
    assert leaf(summary["breakdowns"], "Sales", "ProductCharges") == Decimal("68.80")  # 29.70 + 49.00 - 9.90
    settlement = identifiers(released[0])["SETTLEMENT_ID"]
    query = {"relatedIdentifierName": "SETTLEMENT_ID", "relatedIdentifierValue": settlement}
    [settled] = read(client, SUMMARY, **query)["summaries"]
    assert settled["netProceeds"] == summary["netProceeds"]
    assert read(client, SUMMARY, **{**query, "relatedIdentifierValue": "1"})["summaries"] == []


def test_a_summary_of_a_period_leaves_out_the_rest(client: Client) -> None:
    client.amazon.settings(deferral_delay=0)
    sell(client, {"sku": "LAMP"}, deliver_within=0)
    client.amazon.advance(10 * DAY)
    sell(client, {"sku": "MUG/1 ä%"}, deliver_within=0)
    whole = read(client, SUMMARY, marketplaceIds=DE)["summaries"][0]
    late = read(client, SUMMARY, marketplaceIds=DE, periodStart=start(client, 2)[:10])["summaries"][0]
    early = read(client, SUMMARY, marketplaceIds=DE, periodEnd=start(client, 2)[:10])["summaries"][0]
    assert amount(late["netProceeds"]) + amount(early["netProceeds"]) == amount(whole["netProceeds"])
    assert read(client, SUMMARY, marketplaceIds=FR)["summaries"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"marketplaceIds": "INVALID_MARKETPLACE_ID"},
        {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": "1"},
        {"relatedIdentifierName": "SETTLEMENT_ID"},
        {"periodStart": "2026-02-01", "periodEnd": "2026-01-01"},
        {"periodStart": "February"},
    ],
)
def test_a_bad_question_for_a_summary_is_refused(client: Client, query: dict[str, str]) -> None:
    answer = client.get(SUMMARY, **query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_one_seller_does_not_see_the_money_of_another(client: Client) -> None:
    order_id = sell(client, {"sku": "LAMP"})
    other = Client(client.amazon, client.amazon.add_seller([DE]))
    assert transactions(other) == []
    assert transactions(other, relatedIdentifierName="ORDER_ID", relatedIdentifierValue=order_id) == []
    assert by_type(balances(other)[0])["TOTAL"] == 0


def test_the_role_is_needed(client: Client) -> None:
    client.amazon.change_seller(client.seller, roles=["Product Listing"])
    assert client.get(BALANCES).status_code == 403


def test_money_is_saved_and_loaded_on_its_way(client: Client) -> None:
    sell(client, MUG)
    client.amazon.advance(5 * DAY)
    before = transactions(client)
    saved = client.amazon.save()
    client.amazon.reset()
    client.amazon.load(saved)
    assert transactions(client) == before
    client.amazon.advance(20 * DAY)
    kinds = [(each["transactionType"], each["transactionStatus"]) for each in transactions(client)]
    assert kinds == [("Shipment", "DEFERRED_RELEASED"), ("Shipment", "RELEASED"), ("Transfer", "RELEASED")]
