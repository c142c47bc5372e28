"""Orders: what buyers do, and what searchOrders and getOrder tell of it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.control.refused import Refused
from flask_amazon_channel.simulator.world import LISTENERS

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


def shipped(client: Client, order_id: str) -> list[int]:
    items = client.order(order_id)["orderItems"]
    return [item["fulfillment"]["quantityFulfilled"] for item in items]


@pytest.mark.parametrize("sku", ["FBA-1", "LAMP"])
def test_an_order_that_is_partially_shipped_again_ships_nothing_more(client: Client, sku: str) -> None:
    order_id = buy(client, sku, 3)
    for _ in range(3):
        client.amazon.change_order(order_id, status="PARTIALLY_SHIPPED")
    assert shipped(client, order_id) == [1]
    client.amazon.change_order(order_id, status="SHIPPED")
    client.amazon.change_order(order_id, status="PARTIALLY_SHIPPED")
    assert shipped(client, order_id) == [3]


def test_what_was_cancelled_is_never_shipped(client: Client) -> None:
    order_id = client.amazon.place_order(client.seller, DE, [{"sku": "LAMP"}, {"sku": "MUG/1 ä%"}])
    client.amazon.change_order(order_id, items=[{"sku": "LAMP", "quantity": 0}], status="PARTIALLY_SHIPPED")
    assert shipped(client, order_id) == [0, 1]


def test_no_order_is_of_the_merchant_and_of_amazon(client: Client) -> None:
    items = [{"sku": "LAMP"}, {"sku": "FBA-1"}]
    for by in (None, "MERCHANT", "AMAZON"):
        with pytest.raises(Refused, match="place two orders"):
            client.amazon.place_order(client.seller, DE, items, fulfillment=by)
    with pytest.raises(Refused, match="one of MERCHANT, AMAZON"):
        client.amazon.place_order(client.seller, DE, items[:1], fulfillment="SOMEBODY")
    assert client.amazon.state()["counts"]["orders"] == 0
    assert client.amazon.fba(client.seller, "FBA-1")["orders"] == 0


def test_an_unknown_order_is_not_found(client: Client) -> None:
    answer = client.get("/orders/2026-01-01/orders/123-1234567-1234567")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "NotFound")


def get(client: Client, order_id: str) -> Any:
    return client.order(order_id, EVERYTHING)


def test_a_preorder_waits_for_its_availability(client: Client) -> None:
    order_id = buy(client, status="PENDING_AVAILABILITY")
    order = get(client, order_id)
    assert order["programs"] == ["PREORDER"]
    assert order["fulfillment"]["fulfillmentStatus"] == "PENDING_AVAILABILITY"
    assert not {"buyer", "recipient", "proceeds", "payment"} & set(order)
    client.amazon.change_order(order_id, status="PENDING")
    client.amazon.change_order(order_id, status="UNSHIPPED")
    assert "payment" in get(client, order_id)
    with pytest.raises(Refused, match="does not become PENDING again"):
        client.amazon.change_order(order_id, status="PENDING")


def test_only_orders_that_amazon_fulfils_are_unfulfillable(client: Client) -> None:
    with pytest.raises(Refused, match="Only an order that Amazon fulfils"):
        client.amazon.change_order(buy(client), status="UNFULFILLABLE")
    order_id = buy(client, "FBA-1", channel="NON_AMAZON")
    client.amazon.change_order(order_id, status="UNFULFILLABLE")
    order = get(client, order_id)
    assert order["salesChannel"]["channelName"] == "NON_AMAZON"
    assert order["fulfillment"]["fulfillmentStatus"] == "UNFULFILLABLE"


def test_replacements_name_the_order_that_they_replace(client: Client) -> None:
    first = buy(client)
    order = get(client, buy(client, replaces=first, seller_order_id="W-17"))
    assert order["associatedOrders"] == [{"orderId": first, "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    assert order["orderAliases"] == [{"aliasId": "W-17", "aliasType": "SELLER_ORDER_ID"}]
    exchange = get(client, buy(client, exchanges=first))
    assert exchange["associatedOrders"][0]["associationType"] == "EXCHANGE_ORIGINAL_ID"


def test_proceeds_have_every_kind_and_add_up(client: Client) -> None:
    line = {"sku": "LAMP", "quantity": 2, "shipping": "3.99", "gift_wrap": "2.50", "cod_fee": "1", "discount": "5"}
    order_id = client.amazon.place_order(client.seller, DE, [{**line, "tax": "7.44"}], tip="2")
    order = get(client, order_id)
    sums = {each["type"]: Decimal(each["subtotal"]["amount"]) for each in order["proceeds"]["breakdowns"]}
    assert sums == {
        "ITEM": 98, "SHIPPING": Decimal("3.99"), "GIFT_WRAP": Decimal("2.50"), "COD_FEE": 1,
        "TAX": Decimal("7.44"), "DISCOUNT": -5, "DELIVERY_TIP": 2,
    }  # fmt: skip
    total = Decimal(order["proceeds"]["grandTotal"]["amount"])
    assert total == sum(sums.values())
    assert Decimal(order["payment"]["paymentExecutions"][0]["paymentAmount"]["amount"]) == total
    item = order["orderItems"][0]["proceeds"]
    assert Decimal(item["proceedsTotal"]["amount"]) == total - 2


def test_promotions_points_and_programs_belong_to_their_item(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([JP], listings=[{"sku": "A", "price": 1980, "quantity": 9}]))
    line = {"sku": "A", "quantity": 1, "points": 19, "promotions": ["WINTER"], "programs": ["TRANSPARENCY"]}
    order_id = amazon.place_order(client.seller, JP, [{**line, "discount": 80}], payment_method="ConvenienceStore")
    order = get(client, order_id)
    item = order["orderItems"][0]
    granted = {"pointsNumber": 19, "pointsMonetaryValue": {"amount": "19", "currencyCode": "JPY"}}
    assert item["expense"] == {"pointsCost": {"pointsGranted": granted}}
    assert item["promotion"] == {"breakdowns": [{"promotionId": "WINTER"}]}
    assert item["programs"] == ["TRANSPARENCY"]
    assert order["payment"]["paymentExecutions"][0]["paymentMethod"] == "ConvenienceStore"
    assert not {"expense", "promotion"} & set(client.order(order_id, "PROCEEDS")["orderItems"][0])
    client.http.close()


def test_a_business_order_has_a_company_and_may_have_a_price_of_its_own(client: Client) -> None:
    listing = client.amazon.world.listing(client.seller, "LAMP")
    assert listing is not None
    listing.offers[DE].business_price = "45.00"
    order = get(client, buy(client, "LAMP", programs=["AMAZON_BUSINESS"]))
    assert order["buyer"]["buyerCompanyName"]
    assert order["buyer"]["buyerPurchaseOrderNumber"].startswith("PO-")
    price = order["orderItems"][0]["product"]["price"]
    assert price["unitPrice"]["amount"] == "45.00"
    assert price["priceDesignation"] == "BUSINESS_PRICE"
    assert "priceDesignation" not in get(client, buy(client, "LAMP"))["orderItems"][0]["product"]["price"]


TAXES = [{"entityType": "BUYER", "taxRegistrationType": "VAT", "taxRegistrationNumber": "DE123456789"}]


def test_tax_registrations_are_personal_data(client: Client) -> None:
    items = [{"sku": "LAMP", "quantity": 1, "reporting_scheme": "UOSS"}]
    order_id = client.amazon.place_order(client.seller, DE, items, tax_registrations=TAXES)
    order = get(client, order_id)
    assert order["tax"]["taxRegistrations"] == TAXES
    assert order["orderItems"][0]["tax"]["taxCalculationBreakdowns"] == [{"reportingScheme": "UOSS"}]
    client.amazon.change_seller(client.seller, personal_data=False)
    assert "tax" not in get(client, order_id)


def test_amazon_collects_the_tax_in_the_united_states(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([US], listings=[{"sku": "A", "price": "10.00", "quantity": 9}]))
    taxed = get(client, amazon.place_order(client.seller, US, [{"sku": "A", "quantity": 1, "tax": "0.83"}]))
    assert taxed["orderItems"][0]["tax"]["taxCollections"][0]["model"] == "MARKETPLACE_FACILITATOR"
    assert "tax" not in get(client, amazon.place_order(client.seller, US, [{"sku": "A"}]))["orderItems"][0]
    client.http.close()


BR, TR = "A2Q3Y263D00KWC", "A33AVAJ2PDY3EV"


def test_brazil_shows_parts_of_the_street_and_who_acquired_the_payment(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([BR], listings=[{"sku": "A", "price": "10.00", "quantity": 9}]))
    order = get(client, amazon.place_order(client.seller, BR, [{"sku": "A"}], payment_method="Pix"))
    street = order["recipient"]["deliveryAddress"]["extendedFields"]
    assert f"{street['streetName']} {street['streetNumber']}" == order["recipient"]["deliveryAddress"]["addressLine1"]
    paid = order["payment"]["paymentExecutions"][0]
    assert paid["acquirerId"]
    assert "cardBrand" not in paid
    client.http.close()


def test_turkey_says_which_invoice_the_buyer_prefers(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([TR], listings=[{"sku": "A", "price": "10.00", "quantity": 9}]))
    order = get(client, amazon.place_order(client.seller, TR, [{"sku": "A"}], programs=["AMAZON_BUSINESS"]))
    assert order["tax"]["taxInvoicing"] == {"buyerInvoicePreference": "BUSINESS"}
    client.http.close()


def test_fulfillment_orders_are_those_of_easy_ship(client: Client) -> None:
    order = get(client, buy(client, programs=["AMAZON_EASY_SHIP"]))
    assert len(order["fulfillmentOrders"]) == 1
    assert "fulfillmentOrders" not in get(client, buy(client))


def test_the_phone_number_disappears_after_the_latest_delivery_date_of_a_shipped_order(client: Client) -> None:
    shipped, open_ = buy(client), buy(client)
    client.amazon.change_order(shipped, status="SHIPPED")
    client.amazon.advance(6 * 86400 - 1)
    assert "phone" in get(client, shipped)["recipient"]["deliveryAddress"]
    client.amazon.advance(2)
    client.sign_in()
    assert "phone" not in get(client, shipped)["recipient"]["deliveryAddress"]
    assert "phone" in get(client, open_)["recipient"]["deliveryAddress"]
    assert "phone" not in get(client, buy(client, "FBA-1"))["recipient"]["deliveryAddress"]


def test_delivery_preferences_go_with_the_recipient(client: Client) -> None:
    order = get(client, buy(client, delivery_preference={"dropOffLocation": "Garage"}))
    assert order["recipient"]["deliveryPreference"] == {"dropOffLocation": "Garage"}


def test_windows_of_shipping_and_delivery_begin_and_end_in_order(client: Client) -> None:
    order = client.order(buy(client, ship_within=86400, deliver_within=3 * 86400))
    ship, deliver = order["fulfillment"]["shipByWindow"], order["fulfillment"]["deliverByWindow"]
    assert order["createdTime"] == ship["earliestDateTime"] < ship["latestDateTime"]
    assert ship["latestDateTime"] <= deliver["earliestDateTime"] < deliver["latestDateTime"]
    assert "shipByWindow" not in client.order(buy(client, status="PENDING"))["fulfillment"]


@pytest.mark.parametrize("condition", ["used_like_new", "collectible_good", "refurbished_refurbished", "new_open_box"])
def test_conditions_have_a_type_and_a_subtype(client: Client, condition: str) -> None:
    client.amazon.put_listing(client.seller, DE, "LAMP", condition=condition)
    shown = get(client, buy(client, "LAMP"))["orderItems"][0]["product"]["condition"]
    kind, _, subtype = condition.partition("_")
    assert shown["conditionType"] == kind.upper()
    assert shown["conditionSubtype"] == {"like_new": "MINT"}.get(subtype, subtype.upper())


def test_orders_of_more_than_two_years_ago_are_gone(client: Client) -> None:
    year = 365 * 86400
    kept, gone = buy(client, ago=2 * year - 60), buy(client, ago=2 * year + 60)
    client.amazon.advance(130)
    gone_too = kept
    kept = buy(client, ago=year)
    client.amazon.advance(130)
    assert ids(client.orders(createdAfter="2000-01-01T00:00:00Z")) == [kept]
    for each in (gone, gone_too):
        assert client.get(f"/orders/2026-01-01/orders/{each}").status_code == 404


def test_japan_keeps_orders_since_2016(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([JP], listings=[{"sku": "A", "price": 1980, "quantity": 9}]))
    old = amazon.place_order(client.seller, JP, [{"sku": "A"}], ago=5 * 365 * 86400)
    assert client.order(old)["orderId"] == old
    client.http.close()


@pytest.mark.parametrize(
    "query",
    [
        {"includedData": "EVERYTHING"},
        {"marketplaceIds": "NONSENSE"},
        {"fulfilledBy": "SELLER"},
        {"maxResultsPerPage": 0},
        {"maxResultsPerPage": "ten"},
        {"createdBefore": "never"},
        {"marketplaceIds": ",".join(f"A{number}" for number in range(51))},
    ],
)
def test_every_parameter_of_a_search_is_checked(client: Client, query: dict[str, Any]) -> None:
    answer = client.get("/orders/2026-01-01/orders", createdAfter="2026-01-01T00:00:00Z", **query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_an_order_id_is_checked_before_the_order_is_looked_for(client: Client) -> None:
    assert client.get("/orders/2026-01-01/orders/TEST_CASE_400").status_code == 400
    assert client.get(f"/orders/2026-01-01/orders/{buy(client)}", includedData="NONSENSE").status_code == 400


@pytest.mark.parametrize(
    "facts",
    [
        {"items": []},
        {"items": [{"sku": "LAMP", "quantity": 0}]},
        {"items": [{"sku": "NONE"}]},
        {"items": [{"sku": "LAMP", "colour": "red"}]},
        {"status": "LOST"},
        {"channel": "EBAY"},
        {"colour": "red"},
    ],
)
def test_an_order_of_nonsense_is_refused(client: Client, facts: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        client.amazon.place_order(client.seller, DE, **{"items": [{"sku": "LAMP"}], **facts})
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 3


@pytest.mark.parametrize("changes", [{"colour": "red"}, {"packages": "EATEN"}, {"cancelled_by": "NOBODY"}])
def test_a_change_of_nonsense_is_refused(client: Client, changes: dict[str, Any]) -> None:
    order_id = buy(client)
    with pytest.raises(Refused):
        client.amazon.change_order(order_id, **changes)


def test_every_change_of_an_order_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []

    def hear(world: Any, seller_id: str, facts: dict[str, Any]) -> None:
        told.append((facts["order"], facts["change"]))

    monkeypatch.setitem(LISTENERS, "order_changed", [*LISTENERS.get("order_changed", []), hear])
    order_id = buy(client, status="PENDING")
    client.amazon.change_order(order_id, status="UNSHIPPED")
    client.amazon.change_order(order_id, buyer_requests_cancel=True)
    client.ship(order_id, {client.order(order_id)["orderItems"][0]["orderItemId"]: 1})
    changes = ["OrderStatusChange", "OrderStatusChange", "BuyerRequestedChange", "OrderStatusChange"]
    assert told == [(order_id, change) for change in changes]


def test_orders_survive_saving_and_loading(client: Client) -> None:
    items = [{"sku": "LAMP", "quantity": 2, "gift_message": "Hi", "promotions": ["P"]}]
    order_id = client.amazon.place_order(client.seller, DE, items, regulated=True, tax_registrations=TAXES, tip="1")
    client.amazon.change_order(order_id, status="PARTIALLY_SHIPPED")
    before = client.amazon.order(order_id)
    client.amazon.load(json.loads(json.dumps(client.amazon.save())))
    assert client.amazon.order(order_id) == before
