"""Orders: what buyers do, and what searchOrders and getOrder tell of it."""

from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.control.sales import Refused

from .conftest import DE, FR, JP, US, Client

EVERYTHING = (
    "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS"
)


def buy(client: Client, sku: str = "MUG/1 ä%", quantity: int = 1, **facts: Any) -> str:
    return client.amazon.place_order(client.seller, DE, [{"sku": sku, "quantity": quantity}], **facts)


def ids(answer: Any) -> list[str]:
    return [order["orderId"] for order in answer["orders"]]


def test_an_order_lowers_the_live_quantity_in_all_marketplaces(client: Client) -> None:
    buy(client, "LAMP", 2)
    assert client.amazon.listing(client.seller, FR, "LAMP")["quantity"] == 1
    with pytest.raises(Refused, match="only 1 in stock"):
        buy(client, "LAMP", 2)


def test_an_unshipped_order_shows_all_that_was_asked_for(client: Client) -> None:
    items = [
        {"sku": "LAMP", "quantity": 2, "shipping": "3.99", "discount": "5"},
        {"sku": "MUG/1 ä%", "quantity": 1},
    ]
    order = client.order(client.amazon.place_order(client.seller, DE, items, programs=["PRIME"]), EVERYTHING)
    assert order["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    assert order["salesChannel"] == {
        "channelName": "AMAZON",
        "marketplaceId": DE,
        "marketplaceName": "Amazon.de",
    }
    assert order["buyer"]["buyerEmail"].endswith("@marketplace.amazon.de")
    assert order["recipient"]["deliveryAddress"]["countryCode"] == "DE"
    assert order["programs"] == ["PRIME"]
    lamp = order["orderItems"][0]
    assert lamp["product"]["price"]["unitPrice"] == {"amount": "49.00", "currencyCode": "EUR"}
    assert (lamp["fulfillment"]["quantityFulfilled"], lamp["fulfillment"]["quantityUnfulfilled"]) == (0, 2)
    assert lamp["proceeds"]["proceedsTotal"]["amount"] == "96.99"
    total = sum(Decimal(each["subtotal"]["amount"]) for each in order["proceeds"]["breakdowns"])
    assert Decimal(order["proceeds"]["grandTotal"]["amount"]) == total == Decimal("106.89")


def test_only_the_parts_asked_for_are_there(client: Client) -> None:
    order = client.order(buy(client), "")
    assert set(order) == {"orderId", "createdTime", "lastUpdatedTime", "salesChannel", "orderItems"}
    assert set(order["orderItems"][0]) == {"orderItemId", "quantityOrdered", "product"}


def test_a_pending_order_has_neither_price_nor_buyer_nor_address(client: Client) -> None:
    order_id = buy(client, status="PENDING")
    order = client.order(order_id, EVERYTHING)
    assert not {"buyer", "recipient", "proceeds"} & set(order)
    assert "price" not in order["orderItems"][0]["product"]
    assert order["orderItems"][0]["quantityOrdered"] == 1
    assert client.amazon.listing(client.seller, DE, "MUG/1 ä%")["quantity"] == 9
    client.amazon.change_order(order_id, status="UNSHIPPED")
    assert {"buyer", "recipient", "proceeds"} <= set(client.order(order_id, EVERYTHING))


def test_without_the_role_for_personal_data_there_is_none(client: Client) -> None:
    order_id = buy(client)
    client.amazon.change_seller(client.seller, personal_data=False)
    assert not {"buyer", "recipient"} & set(client.order(order_id, EVERYTHING))
    assert "proceeds" in client.order(order_id, EVERYTHING)


def test_yen_have_no_decimals_and_japanese_addresses_are_japanese(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([JP], listings=[{"sku": "A", "price": 1980, "quantity": 9}]))
    order = client.order(amazon.place_order(client.seller, JP, [{"sku": "A", "quantity": 2}]), EVERYTHING)
    assert order["proceeds"]["grandTotal"] == {"amount": "3960", "currencyCode": "JPY"}
    assert order["recipient"]["deliveryAddress"]["stateOrRegion"] in ("東京都", "大阪府")
    client.http.close()


def test_american_orders_carry_tax_beside_the_price(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([US], listings=[{"sku": "A", "price": "10.00", "quantity": 9}]))
    order_id = amazon.place_order(client.seller, US, [{"sku": "A", "quantity": 1, "tax": "0.83"}])
    proceeds = client.order(order_id, "PROCEEDS")["proceeds"]
    assert proceeds["grandTotal"]["amount"] == "10.83"
    assert [each["type"] for each in proceeds["breakdowns"]] == ["ITEM", "TAX"]
    client.http.close()


def test_search_finds_an_order_two_minutes_after_its_update(client: Client) -> None:
    order_id = buy(client)
    client.amazon.advance(119)
    assert ids(client.orders()) == []
    client.amazon.advance(1)
    answer = client.orders()
    assert ids(answer) == [order_id]
    assert answer["lastUpdatedBefore"] == iso(client.amazon.world.now() - 120)


def test_the_answers_own_end_is_the_next_start_and_nothing_is_missed(client: Client) -> None:
    placed, found, start = [], [], "2020-01-01T00:00:00Z"
    for _ in range(5):
        placed.append(buy(client))
        client.amazon.advance(70)
        answer = client.orders(lastUpdatedAfter=start)
        found += ids(answer)
        start = answer["lastUpdatedBefore"]
    client.amazon.advance(120)
    found += ids(client.orders(lastUpdatedAfter=start))
    assert sorted(set(found)) == sorted(placed)


def test_an_order_may_be_indexed_later_than_the_watermark_claims(client: Client) -> None:
    client.amazon.settings(order_lag=300)
    order_id = buy(client)
    client.amazon.advance(150)
    answer = client.orders()
    assert ids(answer) == []
    assert answer["lastUpdatedBefore"] > client.order(order_id)["lastUpdatedTime"]
    client.amazon.advance(300)
    assert ids(client.orders()) == [order_id]


def test_pages_hold_every_order_once_even_while_orders_change(client: Client) -> None:
    placed = [buy(client) for _ in range(7)]
    client.amazon.advance(200)
    first = client.orders(maxResultsPerPage=3)
    client.amazon.change_order(ids(first)[0], status="CANCELLED")
    buy(client)
    client.amazon.advance(200)
    second = client.orders(maxResultsPerPage=3, paginationToken=first["pagination"]["nextToken"])
    third = client.orders(maxResultsPerPage=3, paginationToken=second["pagination"]["nextToken"])
    assert sorted(ids(first) + ids(second) + ids(third)) == sorted(placed)
    assert "pagination" not in third
    assert third["lastUpdatedBefore"] == first["lastUpdatedBefore"]


def test_a_page_token_lives_for_a_day_and_for_the_same_parameters(client: Client) -> None:
    for _ in range(3):
        buy(client)
    client.amazon.advance(200)
    token = client.orders(maxResultsPerPage=2)["pagination"]["nextToken"]
    path, query = (
        "/orders/2026-01-01/orders",
        {"lastUpdatedAfter": "2020-01-01T00:00:00Z", "paginationToken": token},
    )
    assert client.get(path, maxResultsPerPage=1, **query).status_code == 400
    assert client.get(path, maxResultsPerPage=2, **query).status_code == 200
    client.sign_in()
    client.amazon.advance(86401)
    client.sign_in()
    assert client.get(path, maxResultsPerPage=2, **query).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"createdAfter": "2026-01-01T00:00:00Z", "lastUpdatedAfter": "2026-01-01T00:00:00Z"},
        {"createdAfter": "2026-01-01T00:00:00Z", "lastUpdatedBefore": "2026-02-01T00:00:00Z"},
        {"lastUpdatedAfter": "2026-01-01T00:00:00Z", "lastUpdatedBefore": "2025-01-01T00:00:00Z"},
        {"lastUpdatedAfter": "2026-01-01T00:00:00Z", "lastUpdatedBefore": "2999-01-01T00:00:00Z"},
        {"lastUpdatedAfter": "yesterday"},
        {"createdAfter": "2026-01-01T00:00:00Z", "maxResultsPerPage": 101},
        {"createdAfter": "2026-01-01T00:00:00Z", "fulfillmentStatuses": "Unshipped"},
        {"createdAfter": "2026-01-01T00:00:00Z", "paginationToken": "forged"},
    ],
)
def test_a_search_that_amazon_refuses_is_a_bad_request(client: Client, query: dict[str, Any]) -> None:
    answer = client.get("/orders/2026-01-01/orders", **query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_search_filters_by_status_marketplace_and_fulfilment(client: Client) -> None:
    merchant, french, fba = buy(client), "", buy(client, "FBA-1", status="PENDING")
    french = client.amazon.place_order(client.seller, FR, [{"sku": "LAMP", "quantity": 1}])
    client.amazon.advance(200)
    assert ids(client.orders(marketplaceIds=FR)) == [french]
    assert ids(client.orders(fulfilledBy="AMAZON")) == [fba]
    assert ids(client.orders(fulfillmentStatuses="PENDING,SHIPPED")) == [fba]
    assert sorted(ids(client.orders(createdAfter="2020-01-01T00:00:00Z"))) == sorted([merchant, french, fba])
    assert "createdBefore" in client.orders(createdAfter="2020-01-01T00:00:00Z")


def test_cancelling_does_not_raise_the_quantity_unless_told(client: Client) -> None:
    first, second = buy(client, "LAMP"), buy(client, "LAMP")
    client.amazon.change_order(first, status="CANCELLED", cancelled_by="AMAZON", reason="PAYMENT")
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 1
    item = client.order(first, "CANCELLATION,FULFILLMENT,PROCEEDS")["orderItems"][0]
    assert item["cancellation"]["cancellationExecution"] == {
        "cancelledBy": "AMAZON",
        "cancelReason": "PAYMENT",
    }
    assert item["fulfillment"]["quantityUnfulfilled"] == 0
    client.amazon.settings(restock_on_cancel=True)
    client.amazon.change_order(second, status="CANCELLED")
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 2


def test_a_buyer_may_ask_to_cancel(client: Client) -> None:
    order_id = buy(client)
    client.amazon.change_order(order_id, buyer_requests_cancel=True)
    item = client.order(order_id, "CANCELLATION")["orderItems"][0]
    assert item["cancellation"]["cancellationRequest"]["requester"] == "BUYER"
    assert client.order(order_id)["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"


def test_lines_can_be_lowered_and_cancelled(client: Client) -> None:
    items = [{"sku": "LAMP", "quantity": 2}, {"sku": "MUG/1 ä%", "quantity": 1}]
    order_id = client.amazon.place_order(client.seller, DE, items)
    client.amazon.change_order(order_id, items=[{"sku": "LAMP", "quantity": 1}, {"sku": "MUG/1 ä%", "quantity": 0}])
    lamp, mug = client.order(order_id, "CANCELLATION,FULFILLMENT")["orderItems"]
    assert (lamp["quantityOrdered"], lamp["fulfillment"]["quantityUnfulfilled"]) == (1, 1)
    assert mug["fulfillment"]["quantityUnfulfilled"] == 0
    assert "cancellationExecution" in mug["cancellation"]


def test_every_change_moves_the_time_of_the_last_update(client: Client) -> None:
    order_id = buy(client, ago=1000)
    client.amazon.change_order(order_id, address={"city": "Ulm"})
    order = client.order(order_id, "RECIPIENT")
    assert order["recipient"]["deliveryAddress"]["city"] == "Ulm"
    assert order["lastUpdatedTime"] == iso(client.amazon.world.now()) > order["createdTime"]


def test_an_order_of_amazons_fulfilment_hides_the_buyers_mail_and_ships_by_itself(client: Client) -> None:
    order_id = buy(client, "FBA-1")
    order = client.order(order_id, EVERYTHING)
    assert order["fulfillment"]["fulfilledBy"] == "AMAZON"
    assert "buyerEmail" not in order["buyer"]
    client.amazon.change_order(order_id, status="SHIPPED")
    order = client.order(order_id, EVERYTHING)
    assert order["orderItems"][0]["fulfillment"]["quantityFulfilled"] == 1
    assert "packages" not in order


def test_an_unknown_order_is_not_found(client: Client) -> None:
    answer = client.get("/orders/2026-01-01/orders/123-1234567-1234567")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "NotFound")
