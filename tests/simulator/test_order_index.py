"""Orders are found by time, however many there are: the index agrees with a look at every order."""

import json
from random import Random
from typing import Any

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.order_index import By
from flask_amazon_channel.simulator.state.orders import Order

from .conftest import DE, FR, Client

NOWHERE = "no marketplace: whoever looks at such an order fails"


def by_looking(amazon: Amazon, seller: str, by: By, start: float, end: float) -> list[str]:
    mine = [order for order in amazon.world.state.orders.values() if order.seller_id == seller]
    mine.sort(key=lambda order: (getattr(order, by), order.id))
    return [order.id for order in mine if start <= getattr(order, by) <= end]


def agrees(amazon: Amazon, seller: str, chance: Random) -> bool:
    now, index = amazon.world.now(), amazon.world.orders(seller)
    moments = [getattr(order, by) for order in amazon.world.state.orders.values() for by in ("created", "updated")]
    for _ in range(20):
        start, end = sorted(chance.choice([*moments, now - 1e6, now]) for _ in range(2))
        spans: tuple[By, By] = ("created", "updated")
        for by in spans:
            found = [order.id for order in index.since(by, start, end)]
            assert found == by_looking(amazon, seller, by, start, end)
    return len(index) == len(by_looking(amazon, seller, "created", 0, now))


def test_the_index_agrees_with_all_orders_whatever_happens_to_them(client: Client) -> None:
    amazon, chance = client.amazon, Random(3)
    other = amazon.add_seller([DE, FR], listings=[{"sku": "CUP", "price": 5, "quantity": 900}])["seller_id"]
    placed: list[str] = []
    for _ in range(60):
        seller, sku = chance.choice([(client.seller, "LAMP"), (client.seller, "FBA-1"), (other, "CUP")])
        ago = chance.choice([0, 0, 60, 86400 * 30])
        placed.append(amazon.place_order(seller, DE, [{"sku": sku}], force=True, ago=ago))
        status = chance.choice(["SHIPPED", "PARTIALLY_SHIPPED", "CANCELLED"])
        amazon.change_order(chance.choice(placed), status=status)
        amazon.advance(chance.choice([0, 0, 1, 600]))
    assert agrees(amazon, client.seller, chance)
    assert agrees(amazon, other, chance)
    assert amazon.state()["sellers"][1]["orders"] == len(amazon.world.orders(other))
    amazon.load(json.loads(json.dumps(amazon.save())))
    amazon.change_order(placed[0], buyer_requests_cancel=True)
    amazon.place_order(client.seller, FR, [{"sku": "LAMP"}], force=True)
    assert agrees(amazon, client.seller, chance)
    amazon.reset()
    assert len(amazon.world.orders(client.seller)) == 0


def placed_an_hour_apart(client: Client, count: int) -> list[Order]:
    hours = range(count, 0, -1)
    ids = [client.amazon.place_order(client.seller, DE, [{"sku": "MUG/1 ä%"}], force=True, ago=h * 3600) for h in hours]
    return [client.amazon.world.state.orders[each] for each in ids]


def hide_all_but(orders: list[Order], first: int, last: int) -> None:
    for number, order in enumerate(orders):
        order.marketplace = DE if first <= number <= last else NOWHERE


def test_a_page_of_a_search_looks_at_its_own_orders_and_the_next_one_only(client: Client) -> None:
    orders = placed_an_hour_apart(client, 12)
    query: dict[str, Any] = {"createdAfter": iso(orders[3].created), "maxResultsPerPage": 3}
    hide_all_but(orders, 3, 6)
    page = client.orders(**query)
    assert [each["orderId"] for each in page["orders"]] == [order.id for order in orders[3:6]]
    hide_all_but(orders, 6, 9)
    page = client.orders(**query, paginationToken=page["pagination"]["nextToken"])
    assert [each["orderId"] for each in page["orders"]] == [order.id for order in orders[6:9]]


def test_a_page_of_orders_v0_does_so_too(client: Client) -> None:
    orders = placed_an_hour_apart(client, 12)
    query = {"MarketplaceIds": DE, "CreatedAfter": iso(orders[3].created), "MaxResultsPerPage": "3"}
    hide_all_but(orders, 3, 6)
    page = client.get("/orders/v0/orders", **query).json()["payload"]
    assert [each["AmazonOrderId"] for each in page["Orders"]] == [order.id for order in orders[3:6]]
    hide_all_but(orders, 6, 9)
    page = client.get("/orders/v0/orders", **query, NextToken=page["NextToken"]).json()["payload"]
    assert [each["AmazonOrderId"] for each in page["Orders"]] == [order.id for order in orders[6:9]]
