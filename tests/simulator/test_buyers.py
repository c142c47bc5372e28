"""Buyers who order by themselves."""

import json
from collections import Counter
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.control.refused import Refused
from flask_amazon_channel.simulator.control.shopping import MOST_AT_ONCE
from flask_amazon_channel.simulator.state.orders import Order

from .conftest import DE, FR, UK, Client

HOUR, DAY = 3600, 86400


@pytest.fixture
def seller(amazon: Amazon) -> str:
    return str(amazon.add_seller([DE, FR], catalogue=200)["seller_id"])


def orders(amazon: Amazon) -> list[Order]:
    return list(amazon.world.state.orders.values())


def total_stock(amazon: Amazon, seller: str) -> int:
    return sum(listing.quantity for listing in amazon.world.listings(seller) if listing.channel == "DEFAULT")


def test_orders_come_at_the_rate_that_was_set(amazon: Amazon, seller: str) -> None:
    amazon.let_buyers_order(seller, orders_per_day=240)
    amazon.advance(DAY)
    assert 190 <= len(orders(amazon)) <= 290
    assert amazon.buyers()[0]["placed"] == len(orders(amazon))
    assert {order.marketplace for order in orders(amazon)} == {DE}


def test_buyers_take_from_the_live_quantity(amazon: Amazon, seller: str) -> None:
    before = total_stock(amazon, seller)
    amazon.let_buyers_order(seller, orders_per_hour=20, cancel_rate=0, failure_rate=0)
    amazon.advance(5 * HOUR)
    sold = sum(item.quantity for order in orders(amazon) if order.fulfilled_by == "MERCHANT" for item in order.items)
    assert sold > 50
    assert total_stock(amazon, seller) == before - sold


def test_an_order_is_pending_until_it_is_paid(amazon: Amazon, seller: str) -> None:
    client = Client(amazon, {**amazon.add_seller([DE], listings=[{"sku": "A", "price": 9, "quantity": 500}])})
    amazon.let_buyers_order(client.seller, orders_per_hour=12, pending_minutes=30, failure_rate=0, cancel_rate=0)
    amazon.advance(HOUR)
    young = [order for order in orders(amazon) if order.created > amazon.world.now() - 1800]
    old = [order for order in orders(amazon) if order.created <= amazon.world.now() - 1800]
    assert young
    assert old
    assert {order.status for order in young} == {"PENDING"}
    assert {order.status for order in old} == {"UNSHIPPED"}
    assert all(order.updated == pytest.approx(order.created + 1800) for order in old)
    shown = client.order(young[0].id, "PROCEEDS,RECIPIENT")
    assert not {"proceeds", "recipient"} & set(shown)
    client.http.close()


def test_a_search_that_goes_on_from_its_last_answer_misses_no_order(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([DE], listings=[{"sku": "A", "price": 9, "quantity": 900}]))
    amazon.let_buyers_order(client.seller, orders_per_hour=30, pending_minutes=10)
    seen: dict[str, Any] = {}
    start = "2020-01-01T00:00:00Z"
    for _ in range(6):
        amazon.advance(1800)
        client.sign_in()
        answer = client.orders(lastUpdatedAfter=start, includedData="FULFILLMENT")
        assert "pagination" not in answer
        seen |= {each["orderId"]: each["fulfillment"]["fulfillmentStatus"] for each in answer["orders"]}
        start = answer["lastUpdatedBefore"]
    settled = [order for order in orders(amazon) if order.updated < amazon.world.now() - 120]
    assert len(settled) > 50
    assert {order.id: order.status for order in settled}.items() <= seen.items()
    client.http.close()


def test_payments_fail_and_buyers_have_second_thoughts(amazon: Amazon, seller: str) -> None:
    amazon.let_buyers_order(seller, orders_per_hour=20, pending_minutes=5, failure_rate=0.5, cancel_rate=0.5)
    amazon.advance(10 * HOUR)
    statuses = Counter(order.status for order in orders(amazon))
    assert statuses["CANCELLED"] > 20 < statuses["UNSHIPPED"]
    failed = [order.items[0] for order in orders(amazon) if order.status == "CANCELLED"]
    assert {item.cancelled_by for item in failed} == {"AMAZON"}
    asked = [order for order in orders(amazon) if order.items[0].cancel_request]
    assert asked
    assert {order.status for order in asked} == {"UNSHIPPED"}


def test_some_orders_are_gifts_of_businesses_with_several_items(amazon: Amazon, seller: str) -> None:
    rates = {"several_rate": 1, "gift_rate": 1, "business_rate": 1}
    amazon.let_buyers_order(seller, orders_per_hour=10, **rates)
    amazon.advance(5 * HOUR)
    assert any(len(order.items) > 1 for order in orders(amazon))
    assert all(order.is_business for order in orders(amazon))
    assert all(item.gift_message for order in orders(amazon) for item in order.items)


def test_an_order_is_fulfilled_by_one_party(amazon: Amazon) -> None:
    half = [
        {"sku": f"{who}-{n}", "price": 9, "quantity": 99, "fulfillment": who}
        for who in ("MERCHANT", "AMAZON")
        for n in range(4)
    ]
    seller = amazon.add_seller([DE], listings=half)["seller_id"]
    amazon.let_buyers_order(seller, orders_per_hour=20, several_rate=1)
    amazon.advance(3 * HOUR)
    kinds = [{item.sku.split("-")[0] for item in order.items} for order in orders(amazon)]
    assert all(len(each) == 1 for each in kinds)
    assert {"AMAZON"} in kinds
    assert {"MERCHANT"} in kinds


def test_nothing_is_sold_that_is_not_there(amazon: Amazon) -> None:
    listings = [{"sku": "FEW", "price": 9, "quantity": 3}, {"sku": "BLOCKED", "price": 9, "quantity": 9, "status": []}]
    seller = amazon.add_seller([DE], listings=listings)["seller_id"]
    amazon.let_buyers_order(seller, orders_per_hour=60)
    amazon.advance(DAY)
    assert sum(item.quantity for order in orders(amazon) for item in order.items) == 3
    assert {item.sku for order in orders(amazon) for item in order.items} == {"FEW"}


def test_a_listing_that_is_featured_sells_better(amazon: Amazon) -> None:
    listings = [{"sku": name, "asin": f"B00000000{n}", "price": 20, "quantity": 999} for n, name in enumerate("AB")]
    seller = amazon.add_seller([DE], listings=listings)["seller_id"]
    amazon.put_offers("B000000001", DE, [{"price": "5.00", "shipping": "0"}])
    amazon.let_buyers_order(seller, orders_per_hour=60, several_rate=0, quantity=1)
    amazon.advance(5 * HOUR)
    sold = Counter(item.sku for order in orders(amazon) for item in order.items)
    assert sold["A"] > 1.8 * sold["B"] > 0


def test_the_same_seed_makes_the_same_orders() -> None:
    worlds = []
    for _ in range(2):
        amazon = Amazon(seed=5)
        amazon.speed(0)
        amazon.world.clock.set_to(1_800_000_000)
        seller = amazon.add_seller([DE], catalogue=50)["seller_id"]
        amazon.let_buyers_order(seller, orders_per_hour=10)
        amazon.advance(5 * HOUR)
        worlds.append([(order.id, order.created, order.status) for order in orders(amazon)])
    assert worlds[0] == worlds[1] != []


def test_a_year_at_once_ends_and_is_bounded(amazon: Amazon) -> None:
    seller = amazon.add_seller([DE], catalogue=1_000_000)["seller_id"]
    amazon.let_buyers_order(seller, orders_per_hour=600)
    amazon.advance(365 * DAY)
    assert 0 < len(orders(amazon)) <= MOST_AT_ONCE + 1
    before = len(orders(amazon))
    amazon.advance(HOUR)
    assert len(orders(amazon)) > before


def test_buyers_go_home_and_come_back_at_another_rate(amazon: Amazon, seller: str) -> None:
    amazon.let_buyers_order(seller, orders_per_hour=60)
    amazon.advance(HOUR)
    amazon.send_buyers_home()
    before = len(orders(amazon))
    amazon.advance(DAY)
    assert (len(orders(amazon)), amazon.buyers()) == (before, [])
    amazon.let_buyers_order(seller, orders_per_hour=1)
    amazon.let_buyers_order(seller, orders_per_hour=1)  # in place of the former, not besides
    amazon.advance(20 * HOUR)
    assert before < len(orders(amazon)) < before + 40


def test_buyers_survive_saving_and_loading(amazon: Amazon, seller: str) -> None:
    amazon.let_buyers_order(seller, orders_per_hour=60)
    amazon.load(json.loads(json.dumps(amazon.save())))
    amazon.advance(HOUR)
    assert len(orders(amazon)) > 20


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"orders_per_hour": -1},
        {"orders_per_hour": "many"},
        {"orders_per_hour": True},
        {"orders_per_hour": 1, "cancel_rate": 2},
        {"orders_per_hour": 1, "marketplace": UK},
        {"orders_per_hour": 1, "colour": "red"},
        {"orders_per_hour": 1, "quantity": 0},
    ],
)
def test_buyers_of_nonsense_are_refused(amazon: Amazon, seller: str, facts: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        amazon.let_buyers_order(seller, **facts)
    with pytest.raises(Refused):
        amazon.let_buyers_order("A0NOBODY", orders_per_hour=1)
    assert amazon.buyers() == []
