"""Orders 2026-01-01 as values."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.spapi.answers import read_json
from flask_amazon_channel.spapi.parse import Unreadable
from flask_amazon_channel.spapi.parse_orders import parse_order, parse_orders_page


def test_an_order_is_read_whole(order):
    read = parse_order(order)
    assert read.amazon_order_id == "302-1234567-1234567"
    assert (read.marketplace_id, read.status, read.fulfilled_by) == (
        "A1PA6795UKMFR9",
        "UNSHIPPED",
        FulfilledBy.MERCHANT,
    )
    assert read.created_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert read.last_updated_at == datetime(2026, 11, 20, 10, 5, 0, 250_000, tzinfo=UTC)
    assert read.ship_by == datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC)
    assert (read.currency, read.grand_total) == ("EUR", Decimal("23.90"))
    assert read.breakdown == {
        "ITEM": Decimal("20.00"),
        "SHIPPING": Decimal("4.90"),
        "DISCOUNT": Decimal("-1.00"),
    }
    assert read.programs == ("PRIME", "SOMETHING_NEW")
    assert read.buyer is not None
    assert read.buyer.name == "Grete Beispiel"
    assert read.address is not None
    assert read.address.lines == ("Musterweg 1",)
    (item,) = read.items
    assert (item.order_item_id, item.sku, item.quantity_ordered) == ("11", "L/1 ä", 2)
    assert (item.fulfilled, item.unfulfilled) == (0, 2)
    assert (item.unit_price, item.tax, item.discount) == (Decimal("10.00"), Decimal("3.19"), Decimal("1.00"))
    assert item.item_total == Decimal("23.90")
    assert item.condition == "NEW"
    assert not read.is_replacement


def test_a_pending_order_has_no_prices_and_nobody(order):
    order["fulfillment"]["fulfillmentStatus"] = "PENDING"
    for name in ("proceeds", "buyer", "recipient"):
        del order[name]
    del order["orderItems"][0]["proceeds"], order["orderItems"][0]["product"]["price"]
    read = parse_order(order)
    assert (read.currency, read.grand_total, read.buyer, read.address) == (None, None, None, None)
    assert (read.items[0].unit_price, read.items[0].tax) == (None, Decimal(0))


def test_a_town_without_a_name_and_street_is_a_withheld_address(order):
    order["recipient"]["deliveryAddress"] = {"city": "Ulm", "postalCode": "89073", "countryCode": "DE"}
    assert parse_order(order).address is None


def test_a_status_of_next_year_is_kept_as_it_is(order):
    order["fulfillment"]["fulfillmentStatus"] = "INVOICE_UNCONFIRMED"
    assert parse_order(order).status == "INVOICE_UNCONFIRMED"


@pytest.mark.parametrize("nonsense", ["1995-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "soon", "", None, 17])
def test_a_date_to_ship_by_that_makes_no_sense_is_ignored(nonsense, order):
    order["fulfillment"]["shipByWindow"] = {"latestDateTime": nonsense}
    assert parse_order(order).ship_by is None


def test_times_are_read_with_and_without_fractions_and_in_any_zone(order):
    order["createdTime"] = "2026-11-20T11:00:00.123+01:00"
    assert parse_order(order).created_at == datetime(2026, 11, 20, 10, 0, 0, 123_000, tzinfo=UTC)


def test_packages_say_what_is_in_them(order):
    order["packages"] = [
        {
            "packageReferenceId": "7",
            "carrier": "DHL",
            "trackingNumber": "0034",
            "shipTime": "2026-11-21T08:00:00Z",
            "packageStatus": {"status": "SHIPPED"},
            "packageItems": [{"orderItemId": "11", "quantity": 1}, {"orderItemId": "11", "quantity": 1}],
        }
    ]
    (package,) = parse_order(order).packages
    assert (package.reference, package.carrier, package.tracking_number) == ("7", "DHL", "0034")
    assert (package.items, package.status) == ({"11": 2}, "SHIPPED")


def test_who_wants_to_cancel_and_who_did_are_told_apart(order):
    order["orderItems"][0]["cancellation"] = {
        "cancellationRequest": {"requester": "BUYER", "cancelReason": "Too late"},
    }
    item = parse_order(order).items[0]
    assert (item.cancellation_requested, item.cancelled_by) == ("Too late", None)
    order["orderItems"][0]["cancellation"] = {
        "cancellationRequest": {},
        "cancellationExecution": {"cancelledBy": "AMAZON"},
    }
    item = parse_order(order).items[0]
    assert (item.cancellation_requested, item.cancelled_by) == ("BUYER", "AMAZON")


def test_a_replacement_and_a_gift_are_seen(order):
    order["associatedOrders"] = [{"orderId": "1", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    order["orderItems"][0]["fulfillment"]["packing"] = {"giftOption": {"giftMessage": "Alles Gute"}}
    read = parse_order(order)
    assert read.is_replacement
    assert read.items[0].gift_message == "Alles Gute"


def test_an_order_from_outside_amazons_shops_has_no_marketplace(order):
    order["salesChannel"] = {"channelName": "NON_AMAZON"}
    assert parse_order(order).marketplace_id == ""


def without(*path):
    def change(order):
        for name in path[:-1]:
            order = order[name]
        del order[path[-1]]

    return change


def put(value, *path):
    def change(order):
        for name in path[:-1]:
            order = order[name]
        order[path[-1]] = value

    return change


UNREADABLE = {
    "no id": without("orderId"),
    "no creation": without("createdTime"),
    "no update": without("lastUpdatedTime"),
    "nonsense update": put("9999-12-31T00:00:00Z", "lastUpdatedTime"),
    "no fulfilment": without("fulfillment"),
    "no status": without("fulfillment", "fulfillmentStatus"),
    "no fulfiller": without("fulfillment", "fulfilledBy"),
    "a third fulfiller": put("ROBOTS", "fulfillment", "fulfilledBy"),
    "no items": put([], "orderItems"),
    "items that are none": put([1], "orderItems"),
    "no item id": without("orderItems", 0, "orderItemId"),
    "no quantity": without("orderItems", 0, "quantityOrdered"),
    "a negative quantity": put(-1, "orderItems", 0, "quantityOrdered"),
    "half a piece": put(Decimal("1.5"), "orderItems", 0, "quantityOrdered"),
    "true pieces": put(True, "orderItems", 0, "quantityOrdered"),
    "an endless quantity": put(10**12, "orderItems", 0, "quantityOrdered"),
    "no product": without("orderItems", 0, "product"),
    "an amount in words": put({"amount": "ten", "currencyCode": "EUR"}, "proceeds", "grandTotal"),
    "an infinite amount": put({"amount": "Infinity", "currencyCode": "EUR"}, "proceeds", "grandTotal"),
    "no currency": put({"amount": "10"}, "proceeds", "grandTotal"),
    "two currencies": put({"amount": "10", "currencyCode": "USD"}, "proceeds", "grandTotal"),
    "a SKU that lost a character": put("A\ufffd", "orderItems", 0, "product", "sellerSku"),
}


@pytest.mark.parametrize("change", UNREADABLE.values(), ids=UNREADABLE)
def test_an_order_that_cannot_be_understood_does_not_stop_its_page(change, order):
    odd = deepcopy(order)
    change(odd)
    odd["orderId"] = "302-9999999-9999999" if "orderId" in odd else None
    page = parse_orders_page({"orders": [odd, order], "pagination": {"nextToken": "n"}})
    assert [read.amazon_order_id for read in page.orders] == ["302-1234567-1234567"]
    ((order_id, why),) = page.unreadable
    assert order_id == (odd["orderId"] or "")
    assert why.endswith(".")
    assert page.next_token == "n"


def test_an_item_id_that_occurs_twice_makes_the_order_unreadable(order):
    order["orderItems"].append(deepcopy(order["orderItems"][0]))
    with pytest.raises(Unreadable, match="twice"):
        parse_order(order)


def test_a_page_of_nonsense_is_all_unreadable():
    page = parse_orders_page({"orders": [None, 1, "x", [], {}]})
    assert page.orders == ()
    assert len(page.unreadable) == 5


def test_amounts_stay_decimal_from_the_wire_on(order):
    order["proceeds"] = {"grandTotal": {"amount": 23.9, "currencyCode": "EUR"}}
    del order["orderItems"][0]["proceeds"]
    read = parse_order(read_json(json.dumps(order).encode()))
    assert str(read.grand_total) == "23.9"


def test_half_a_character_and_nul_do_not_reach_a_database(order):
    order["orderItems"][0]["product"]["title"] = "Lampe \ud83d\x00 \U0001f600"
    read = parse_order(read_json(json.dumps(order).encode()))
    assert read.items[0].title == "Lampe \ufffd\ufffd \U0001f600"


PATHS = st.lists(st.one_of(st.sampled_from([0, 1]), st.text(max_size=3)), max_size=2)
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.decimals()),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


def places(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, below in inner:
        yield from places(below, (*path, name))


@settings(derandomize=True, max_examples=300)
@given(st.data(), JUNK)
def test_junk_anywhere_in_an_order_raises_nothing_but_unreadable(data, junk):
    order = deepcopy(SAMPLE)
    path = data.draw(st.sampled_from([place for place in places(order) if place]))
    put(junk, *path)(order)
    page = parse_orders_page({"orders": [order]})
    assert len(page.orders) + len(page.unreadable) == 1


SAMPLE = {
    "orderId": "302-1",
    "createdTime": "2026-11-20T10:00:00Z",
    "lastUpdatedTime": "2026-11-20T10:00:00Z",
    "programs": ["PRIME"],
    "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1"},
    "associatedOrders": [{"associationType": "REPLACEMENT_ORIGINAL_ID"}],
    "buyer": {"buyerName": "n"},
    "recipient": {"deliveryAddress": {"name": "n", "addressLine1": "s"}},
    "proceeds": {"grandTotal": {"amount": "1", "currencyCode": "EUR"}, "breakdowns": []},
    "fulfillment": {
        "fulfillmentStatus": "SHIPPED",
        "fulfilledBy": "MERCHANT",
        "shipByWindow": {"latestDateTime": "2026-11-20T10:00:00Z"},
    },
    "orderItems": [
        {
            "orderItemId": "1",
            "quantityOrdered": 1,
            "product": {"sellerSku": "a", "price": {"unitPrice": {"amount": "1", "currencyCode": "EUR"}}},
            "proceeds": {"breakdowns": [{"type": "TAX", "subtotal": {"amount": "1", "currencyCode": "EUR"}}]},
            "cancellation": {"cancellationRequest": {"requester": "BUYER"}},
            "fulfillment": {"quantityFulfilled": 1, "packing": {"giftOption": {"giftMessage": "g"}}},
        }
    ],
    "packages": [{"packageReferenceId": "1", "packageItems": [{"orderItemId": "1", "quantity": 1}]}],
}
