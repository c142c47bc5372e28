"""Order feeds: cancelling, refunding and shipping, in flat files and in XML, and their processing reports."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon, world

from .conftest import DE, LISTINGS, Client
from .feeds import finish, result, send

FLAT = "text/tab-separated-values; charset=UTF-8"
CANCEL, REFUND, SHIP = (
    "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA",
    "POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA",
    "POST_FLAT_FILE_FULFILLMENT_DATA",
)
XML_CANCEL, XML_REFUND, XML_SHIP = (
    "POST_ORDER_ACKNOWLEDGEMENT_DATA",
    "POST_PAYMENT_ADJUSTMENT_DATA",
    "POST_ORDER_FULFILLMENT_DATA",
)
HEADS = {
    CANCEL: "order-id\tamazon-order-item-code\tcancellation-reason-code",
    REFUND: "order-id\torder-item-id\tadjustment-reason-code\tcurrency\titem-price-adj\titem-tax-adj"
    "\tshipping-price-adj\titem-promotion-adj\tquantity-cancelled",
    SHIP: "order-id\torder-item-id\tquantity\tship-date\tcarrier-code\tcarrier-name\ttracking-number\tship-method",
}

Occurrences = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def heard() -> Iterator[Occurrences]:
    """What occurs to orders."""
    found: Occurrences = []
    listeners = {}
    for name in ("order_changed", "order_refunded"):
        listeners[name] = lambda _, seller, facts, name=name: found.append((name, facts))
        world.LISTENERS.setdefault(name, []).append(listeners[name])
    yield found
    for name, listener in listeners.items():
        world.LISTENERS[name].remove(listener)


def place(client: Client, *lines: tuple[str, int], status: str = "UNSHIPPED", **facts: Any) -> tuple[str, list[str]]:
    """An order, and the ids of its items."""
    items = [{"sku": sku, "quantity": quantity, **facts} for sku, quantity in lines]
    order_id = client.amazon.place_order(client.seller, DE, items, status=status)
    shown = client.amazon.order(order_id)["order"]
    return order_id, [item["orderItemId"] for item in shown["orderItems"]]


def run(client: Client, kind: str, *rows: str) -> tuple[str, list[dict[str, str]]]:
    """Process a flat file; the summary of its report, and its errors."""
    feed = finish(client, send(client, kind, "\r\n".join([HEADS[kind], *rows]) + "\r\n", FLAT))
    assert feed["processingStatus"] == "DONE"
    return read(result(client, feed))


def read(body: bytes) -> tuple[str, list[dict[str, str]]]:
    lines = body.decode().splitlines()
    assert lines[0] == "Feed Processing Summary:"
    counts = "/".join(line.split()[-1] for line in lines[1:3])
    names = lines[4].split("\t") if len(lines) > 4 else []
    return counts, [dict(zip(names, line.split("\t"), strict=True)) for line in lines[5:]]


def envelope(kind: str, *messages: str) -> str:
    texts = [f"<Message><MessageID>{number}</MessageID>{each}</Message>" for number, each in enumerate(messages, 1)]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><AmazonEnvelope><Header><DocumentVersion>1.01</DocumentVersion>'
        f"<MerchantIdentifier>ANY</MerchantIdentifier></Header><MessageType>{kind}</MessageType>"
        f"{''.join(texts)}</AmazonEnvelope>"
    )


def run_xml(client: Client, kind: str, body: str | bytes, status: str = "DONE") -> tuple[str, list[dict[str, str]]]:
    """Process an XML feed; processed/successful/with error, and the results."""
    feed = finish(client, send(client, kind, body, "text/xml; charset=UTF-8"))
    assert feed["processingStatus"] == status
    root = ET.fromstring(result(client, feed))
    report = root.find("Message/ProcessingReport")
    assert report is not None
    assert root.findtext("Header/MerchantIdentifier") == client.seller
    assert report.findtext("StatusCode") == "Complete"
    names = ("MessagesProcessed", "MessagesSuccessful", "MessagesWithError")
    counts = "/".join(report.findtext(f"ProcessingSummary/{name}") or "" for name in names)
    return counts, [{part.tag: part.text or "" for part in each.iter()} for each in report.findall("Result")]


def status_of(client: Client, order_id: str) -> str:
    return str(client.amazon.order(order_id)["status"])


# Cancelling


def test_a_whole_order_is_cancelled_by_the_merchant(client: Client, heard: Occurrences) -> None:
    order_id, _ = place(client, ("LAMP", 2), ("MUG/1 ä%", 1))
    assert run(client, CANCEL, f"{order_id}\t\tNoInventory") == ("1/1", [])
    shown = client.amazon.order(order_id)
    assert shown["status"] == "CANCELLED"
    executions = [each["cancellation"]["cancellationExecution"] for each in shown["order"]["orderItems"]]
    assert executions == [{"cancelledBy": "MERCHANT", "cancelReason": "NO_INVENTORY"}] * 2
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 1
    assert heard[-1][1] == {"order": order_id, "change": "OrderStatusChange", "reason": "NO_INVENTORY"}


def test_cancelling_raises_the_quantity_where_the_setting_says_so(client: Client) -> None:
    client.amazon.settings(restock_on_cancel=True)
    order_id, _ = place(client, ("LAMP", 2))
    run(client, CANCEL, f"{order_id}\t\t")
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 3


def test_a_cancelled_line_leaves_the_others_to_be_shipped(client: Client) -> None:
    order_id, items = place(client, ("LAMP", 1), ("MUG/1 ä%", 2))
    run(client, CANCEL, f"{order_id}\t{items[0]}\tBuyerCanceled")
    assert status_of(client, order_id) == "UNSHIPPED"
    client.ship(order_id, {items[1]: 2})
    assert status_of(client, order_id) == "SHIPPED"
    counts, errors = run(client, CANCEL, f"{order_id}\t{items[1]}\tNoInventory")
    assert (counts, errors[0]["error-type"]) == ("1/0", "Error")


def test_the_open_lines_of_a_partly_shipped_order_can_be_cancelled_but_not_what_was_shipped(client: Client) -> None:
    order_id, items = place(client, ("LAMP", 2), ("MUG/1 ä%", 2))
    client.ship(order_id, {items[0]: 1})
    counts, errors = run(client, CANCEL, f"{order_id}\t\tNoInventory", f"{order_id}\t{items[1]}\tNoInventory")
    assert counts == "2/1"
    assert (errors[0]["original-record-number"], errors[0]["order-id"], errors[0]["order-item-id"]) == (
        "1",
        order_id,
        items[0],
    )
    assert status_of(client, order_id) == "PARTIALLY_SHIPPED"
    client.ship(order_id, {items[0]: 1}, packageReferenceId="2")
    assert status_of(client, order_id) == "SHIPPED"


def test_cancellations_that_cannot_be_are_refused_one_by_one(client: Client, amazon: Amazon) -> None:
    pending, _ = place(client, ("LAMP", 1), status="PENDING")
    fba, _ = place(client, ("FBA-1", 1))
    good, items = place(client, ("MUG/1 ä%", 1))
    other = amazon.add_seller([DE], listings=LISTINGS[:1])
    foreign = amazon.place_order(other["seller_id"], DE, [{"sku": "MUG/1 ä%", "quantity": 1}])
    rows = [
        f"{pending}\t\tNoInventory",
        f"{fba}\t\tNoInventory",
        "111-1111111-1111111\t\tNoInventory",
        f"{foreign}\t\tNoInventory",
        "\t\tNoInventory",
        f"{good}\t123\tNoInventory",
        f"{good}\t{items[0]}\tBoredom",
        f"{good}\t{items[0]}\t",
        f"{good}\t{items[0]}\tPricingError",
        f"{good}\t{items[0]}\tPricingError",
    ]
    counts, errors = run(client, CANCEL, *rows)
    assert counts == "10/1"
    assert [int(error["original-record-number"]) for error in errors] == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    assert {error["error-code"] for error in errors} == {"18028"}
    assert "Boredom" in errors[6]["error-message"]
    assert [status_of(client, each) for each in (pending, fba, foreign, good)] == [
        "PENDING",
        "UNSHIPPED",
        "UNSHIPPED",
        "CANCELLED",
    ]


def test_an_xml_acknowledgement_with_failure_cancels_and_with_success_does_not(client: Client) -> None:
    first, items = place(client, ("LAMP", 1), ("MUG/1 ä%", 1))
    second, _ = place(client, ("MUG/1 ä%", 1))
    third, _ = place(client, ("MUG/1 ä%", 1))
    texts = [
        f"<OrderAcknowledgement><AmazonOrderID>{first}</AmazonOrderID><StatusCode>Failure</StatusCode><Item>"
        f"<AmazonOrderItemCode>{items[0]}</AmazonOrderItemCode><CancelReason>CustomerExchange</CancelReason></Item>"
        "</OrderAcknowledgement>",
        f"<OrderAcknowledgement><AmazonOrderID>{second}</AmazonOrderID><StatusCode>Failure</StatusCode>"
        "</OrderAcknowledgement>",
        f"<OrderAcknowledgement><AmazonOrderID>{third}</AmazonOrderID><StatusCode>Success</StatusCode>"
        "</OrderAcknowledgement>",
        f"<OrderAcknowledgement><AmazonOrderID>{third}</AmazonOrderID></OrderAcknowledgement>",
    ]
    counts, results = run_xml(client, XML_CANCEL, envelope("OrderAcknowledgement", *texts))
    assert counts == "4/3/1"
    assert (results[0]["MessageID"], results[0]["ResultCode"], results[0]["AmazonOrderID"]) == ("4", "Error", third)
    assert [status_of(client, each) for each in (first, second, third)] == ["UNSHIPPED", "CANCELLED", "UNSHIPPED"]
    line = client.amazon.order(first)["order"]["orderItems"][0]
    assert line["cancellation"]["cancellationExecution"]["cancelReason"] == "CUSTOMER_EXCHANGE"


def test_one_wrong_item_of_a_message_leaves_the_whole_message_undone(client: Client) -> None:
    order_id, items = place(client, ("LAMP", 1), ("MUG/1 ä%", 1))
    lines = "".join(
        f"<Item><AmazonOrderItemCode>{code}</AmazonOrderItemCode><CancelReason>NoInventory</CancelReason></Item>"
        for code in (items[0], "123")
    )
    text = (
        f"<OrderAcknowledgement><AmazonOrderID>{order_id}</AmazonOrderID><StatusCode>Failure</StatusCode>{lines}"
        "</OrderAcknowledgement>"
    )
    counts, results = run_xml(client, XML_CANCEL, envelope("OrderAcknowledgement", text))
    assert (counts, results[0]["AmazonOrderItemCode"]) == ("1/0/1", "123")
    assert all("cancellation" not in item for item in client.amazon.order(order_id)["order"]["orderItems"])


# Refunding


def shipped(client: Client, *lines: tuple[str, int], **facts: Any) -> tuple[str, list[str]]:
    order_id, items = place(client, *lines, **facts)
    client.ship(order_id, {item: quantity for item, (_, quantity) in zip(items, lines, strict=True)})
    return order_id, items


def test_a_refund_is_kept_on_the_order_and_told(client: Client, heard: Occurrences) -> None:
    order_id, [item] = shipped(client, ("LAMP", 2), shipping="3.99", tax="7.00")
    before = client.amazon.order(order_id)["order"]["lastUpdatedTime"]
    assert run(client, REFUND, f"{order_id}\t{item}\tCustomerReturn\tEUR\t49.00\t3.50\t1.99\t\t") == ("1/1", [])
    shown = client.amazon.order(order_id)
    [refund] = shown["refunds"]
    assert (refund["total"], refund["currency"], refund["reason"]) == ("54.49", "EUR", "CustomerReturn")
    parts = {"Principal": "49.00", "Tax": "3.50", "Shipping": "1.99"}
    assert [(each["order_item_id"], each["parts"]) for each in refund["items"]] == [(item, parts)]
    assert (shown["status"], shown["order"]["lastUpdatedTime"]) == ("SHIPPED", before)
    assert heard[-1] == ("order_refunded", {"order": order_id, "refund": 0})


def test_no_more_than_was_paid_is_ever_refunded(client: Client) -> None:
    order_id, [item] = shipped(client, ("LAMP", 2), shipping="3.99", discount="8.00")
    start = f"{order_id}\t{item}\tGeneralAdjustment\tEUR"
    rows = [
        f"{start}\t98.01\t\t\t\t",  # more than the price
        f"{start}\t50.00\t\t\t\t",
        f"{start}\t48.01\t\t\t\t",  # more than is left of the price
        f"{start}\t\t\t4.00\t\t",  # more than the shipping
        f"{start}\t\t0.01\t\t\t",  # no tax was charged
        f"{start}\t48.00\t\t3.99\t\t",  # the discount was not paid
        f"{start}\t48.00\t\t3.99\t-8.00\t",
        f"{start}\t0.01\t\t\t\t",
    ]
    counts, errors = run(client, REFUND, *rows)
    assert counts == "8/2"
    assert [error["original-record-number"] for error in errors] == ["1", "3", "4", "5", "6", "8"]
    assert "not eligible" in errors[3]["error-message"]
    assert [refund["total"] for refund in client.amazon.order(order_id)["refunds"]] == ["50.00", "43.99"]


def test_refunds_that_cannot_be_are_refused_one_by_one(client: Client) -> None:
    unshipped, [item] = place(client, ("LAMP", 1), shipping="5.00")
    order_id, [sent] = shipped(client, ("MUG/1 ä%", 1))
    fba, [own] = place(client, ("FBA-1", 1))
    pending, [early] = place(client, ("MUG/1 ä%", 1), status="PENDING")
    rows = [
        f"{unshipped}\t{item}\tCustomerReturn\tEUR\t\t\t1.00\t\t",
        f"{fba}\t{own}\tCustomerReturn\tEUR\t1.00\t\t\t\t",
        f"{pending}\t{early}\tCustomerReturn\tEUR\t1.00\t\t\t\t",
        f"111-1111111-1111111\t{sent}\tCustomerReturn\tEUR\t1.00\t\t\t\t",
        f"{order_id}\t{item}\tCustomerReturn\tEUR\t1.00\t\t\t\t",
        f"{order_id}\t{sent}\tMood\tEUR\t1.00\t\t\t\t",
        f"{order_id}\t{sent}\tCustomerReturn\tUSD\t1.00\t\t\t\t",
        f"{order_id}\t{sent}\tCustomerReturn\tEUR\t1.005\t\t\t\t",
        f"{order_id}\t{sent}\tCustomerReturn\tEUR\t-1.00\t\t\t\t",
        f"{order_id}\t{sent}\tCustomerReturn\tEUR\tmuch\t\t\t\t",
        f"{order_id}\t{sent}\tCustomerReturn\tEUR\tNaN\t\t\t\t",
        f"{order_id}\t{sent}\tCustomerReturn\tEUR\t1e999\t\t\t\t",
        f"{order_id}\t{sent}\tCustomerReturn\tEUR\t\t\t\t\t",
        f"{order_id}\t{sent}\tCustomerReturn\tEUR\t0.00\t\t\t\t",
        f"{order_id}\t{sent}\tCustomerReturn\tEUR\t1.00\t\t\t\t1",
        f"{order_id}\t{sent}\tCustomerReturn\tEUR\t9.90\t\t\t\t",
    ]
    counts, errors = run(client, REFUND, *rows)
    assert counts == "16/1"
    assert [int(error["original-record-number"]) for error in errors] == list(range(1, 16))
    assert [refund["total"] for refund in client.amazon.order(order_id)["refunds"]] == ["9.90"]
    assert not any(client.amazon.order(each)["refunds"] for each in (unshipped, fba, pending))


def test_units_that_cannot_be_shipped_are_cancelled_by_an_adjustment(client: Client) -> None:
    client.amazon.settings(restock_on_cancel=True)
    order_id, items = place(client, ("LAMP", 3), ("MUG/1 ä%", 2))
    rows = [
        f"{order_id}\t{items[0]}\tNoInventory\tEUR\t\t\t\t\t1",
        f"{order_id}\t{items[1]}\tNoInventory\tEUR\t\t\t\t\t2",
    ]
    assert run(client, REFUND, *rows) == ("2/2", [])
    lamp, mug = client.amazon.order(order_id)["order"]["orderItems"]
    assert (lamp["quantityOrdered"], lamp["fulfillment"]["quantityUnfulfilled"]) == (2, 2)
    assert mug["cancellation"]["cancellationExecution"]["cancelledBy"] == "MERCHANT"
    assert status_of(client, order_id) == "UNSHIPPED"
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 1
    assert run(client, REFUND, f"{order_id}\t{items[0]}\tNoInventory\tEUR\t\t\t\t\t3")[0] == "1/0"


def adjustment(order_id: str, item: str, *components: tuple[str, str], reason: str = "CustomerReturn") -> str:
    parts = "".join(
        f'<Component><Type>{kind}</Type><Amount currency="EUR">{amount}</Amount></Component>'
        for kind, amount in components
    )
    return (
        f"<OrderAdjustment><AmazonOrderID>{order_id}</AmazonOrderID><ActionType>Refund</ActionType><AdjustedItem>"
        f"<AmazonOrderItemCode>{item}</AmazonOrderItemCode><AdjustmentReason>{reason}</AdjustmentReason>"
        f"<ItemPriceAdjustments>{parts}</ItemPriceAdjustments></AdjustedItem></OrderAdjustment>"
    )


def test_an_xml_adjustment_refunds_and_keeps_fees_back(client: Client) -> None:
    order_id, [item] = shipped(client, ("LAMP", 1), shipping="3.99")
    texts = [
        adjustment(order_id, item, ("Principal", "20.00"), ("Principal", "5.00"), ("RestockingFee", "-4.00")),
        adjustment(order_id, item, ("Principal", "4.00"), ("ReturnShipping", "-4.00")),
        adjustment(order_id, item, ("Principal", "24.00"), ("Shipping", "3.99")),
        adjustment(order_id, item, ("Principal", "many"), ("Principal", "1")),
    ]
    counts, results = run_xml(client, XML_REFUND, envelope("OrderAdjustment", *texts))
    assert (counts, [each["MessageID"] for each in results]) == ("4/2/2", ["2", "4"])
    refunds = client.amazon.order(order_id)["refunds"]
    assert [refund["total"] for refund in refunds] == ["21.00", "27.99"]
    assert refunds[0]["items"][0]["parts"] == {"Principal": "25.00", "RestockingFee": "-4.00"}


# Shipping


def shipment(order_id: str, item: str = "", quantity: str = "", **changes: str) -> str:
    cells = {"date": "2026-11-20", "carrier": "DHL", "name": "", "tracking": "0034", "method": "Paket", **changes}
    return "\t".join([order_id, item, quantity, *cells.values()])


def test_a_shipment_feed_makes_packages_as_confirmShipment_does(client: Client, heard: Occurrences) -> None:
    order_id, items = place(client, ("LAMP", 2), ("MUG/1 ä%", 3))
    rows = [
        shipment(order_id, items[0], "1"),
        shipment(order_id, items[1], "2"),
        shipment(order_id, items[1], "1", tracking="0035", carrier="Other", name="Bote"),
    ]
    assert run(client, SHIP, *rows) == ("3/3", [])
    shown = client.amazon.order(order_id)
    assert shown["status"] == "PARTIALLY_SHIPPED"
    first, second = shown["packages"]
    assert (first["packageReferenceId"], first["carrier"], first["trackingNumber"]) == ("1", "DHL", "0034")
    assert first["shippingService"] == "Paket"
    assert first["packageItems"] == [
        {"orderItemId": items[0], "quantity": 1},
        {"orderItemId": items[1], "quantity": 2},
    ]
    assert (second["packageReferenceId"], second["carrier"]) == ("2", "Bote")
    assert heard[-1] == ("order_changed", {"order": order_id, "change": "OrderStatusChange", "reason": None})
    run(client, SHIP, shipment(order_id, items[0], tracking="0036"))
    assert status_of(client, order_id) == "SHIPPED"


def test_the_same_shipment_again_changes_nothing_and_another_carrier_edits_the_package(client: Client) -> None:
    order_id, [item] = place(client, ("LAMP", 2))
    assert run(client, SHIP, shipment(order_id)) == ("1/1", [])
    assert run(client, SHIP, shipment(order_id, item, "2", carrier="UPS")) == ("1/1", [])
    [package] = client.amazon.order(order_id)["packages"]
    assert (package["carrier"], package["packageItems"][0]["quantity"]) == ("UPS", 2)


def test_shipments_that_cannot_be_are_refused_one_by_one(client: Client) -> None:
    order_id, items = place(client, ("LAMP", 1), ("MUG/1 ä%", 2))
    pending, _ = place(client, ("MUG/1 ä%", 1), status="PENDING")
    fba, _ = place(client, ("FBA-1", 1))
    rows = [
        shipment(pending),
        shipment(fba),
        shipment("111-1111111-1111111"),
        shipment(order_id, "123", "1"),
        shipment(order_id, items[0], "2"),
        shipment(order_id, items[0], "0"),
        shipment(order_id, items[0], "one"),
        shipment(order_id, items[0], date="20.11.2026"),
        shipment(order_id, items[0], tracking=""),
        shipment(order_id, items[0], carrier=""),
        shipment(order_id, items[0], carrier="Other"),
        shipment(order_id, items[0]),
        shipment(order_id, items[0]),
    ]
    counts, errors = run(client, SHIP, *rows)
    assert counts == "13/1"
    assert [int(error["original-record-number"]) for error in errors] == [*range(1, 12), 13]
    assert status_of(client, order_id) == "PARTIALLY_SHIPPED"


def test_an_xml_fulfillment_ships_all_that_is_left_or_the_items_it_names(client: Client) -> None:
    def fulfillment(order_id: str, items: str = "", date: str = "2026-11-20T10:00:00+01:00") -> str:
        return (
            f"<OrderFulfillment><AmazonOrderID>{order_id}</AmazonOrderID><FulfillmentDate>{date}</FulfillmentDate>"
            "<FulfillmentData><CarrierCode>DHL</CarrierCode><ShippingMethod>Paket</ShippingMethod>"
            f"<ShipperTrackingNumber>JJD{order_id}</ShipperTrackingNumber></FulfillmentData>{items}</OrderFulfillment>"
        )

    first, _ = place(client, ("LAMP", 2), ("MUG/1 ä%", 1))
    second, [item] = place(client, ("MUG/1 ä%", 4))
    named = f"<Item><AmazonOrderItemCode>{item}</AmazonOrderItemCode><Quantity>3</Quantity></Item>"
    body = envelope("OrderFulfillment", fulfillment(first), fulfillment(second, named), fulfillment(second, date=""))
    counts, results = run_xml(client, XML_SHIP, body)
    assert (counts, results[0]["MessageID"]) == ("3/2/1", "3")
    assert [status_of(client, each) for each in (first, second)] == ["SHIPPED", "PARTIALLY_SHIPPED"]


# Whole feeds


def test_the_line_of_the_template_and_a_byte_order_mark_are_skipped(client: Client) -> None:
    order_id, _ = place(client, ("LAMP", 1))
    template = "TemplateType=OrderCancellation\tVersion=1.0/1.0.3\tThis row for Amazon.com use only."
    body = f"\ufeff{template}\r\n{HEADS[CANCEL]}\r\n{order_id}\t\tNoInventory\r\n\r\n"
    feed = finish(client, send(client, CANCEL, body, FLAT))
    assert read(result(client, feed)) == ("1/1", [])


def test_an_unknown_heading_is_a_warning_and_a_missing_one_ends_the_feed(client: Client) -> None:
    order_id, _ = place(client, ("LAMP", 1))
    feed = finish(client, send(client, CANCEL, f"order-id\tmood\n{order_id}\tgrim\n", FLAT))
    counts, [warning] = read(result(client, feed))
    assert (feed["processingStatus"], counts, status_of(client, order_id)) == ("DONE", "1/1", "CANCELLED")
    assert (warning["error-code"], warning["error-type"]) == ("90061", "Warning")
    for body in ("", "<?xml version='1.0'?><AmazonEnvelope/>", "amazon-order-id\n1\n"):
        feed = finish(client, send(client, CANCEL, body, FLAT))
        counts, [error] = read(result(client, feed))
        assert (feed["processingStatus"], counts) == ("FATAL", "0/0")
        assert (error["original-record-number"], error["error-code"], error["error-type"]) == ("0", "90012", "Fatal")


def test_a_flat_file_in_another_encoding_is_read(client: Client) -> None:
    order_id, _ = place(client, ("LAMP", 1))
    body = f"{HEADS[SHIP]}\n{shipment(order_id, carrier='Other', name='Bücherbote')}\n".encode("cp1252")
    finish(client, send(client, SHIP, body, FLAT))
    assert client.amazon.order(order_id)["packages"][0]["carrier"] == "Bücherbote"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "5001"),
        ("<AmazonEnvelope>", "5001"),
        ("<Envelope/>", "5001"),
        ("\ufeff" + envelope("OrderFulfillment"), "5001"),
        (BOMB + envelope("OrderFulfillment").split("?>")[1], "5001"),
        (envelope("OrderFulfillment", "<OrderFulfillment>&lol;</OrderFulfillment>"), "5001"),
        ("<AmazonEnvelope>" + "<a>" * 5000 + "</a>" * 5000 + "</AmazonEnvelope>", "5001"),
        (envelope("OrderAdjustment"), "25"),
        (envelope("OrderFulfillment", "<OrderAdjustment/>"), "25"),
    ],
)
def test_xml_that_is_no_envelope_of_the_feed_ends_fatal_and_says_why(client: Client, body: str, code: str) -> None:
    counts, [outcome] = run_xml(client, XML_SHIP, body, "FATAL")
    assert (counts, outcome["ResultMessageCode"]) == ("0/0/1", code)
    if code == "5001":
        assert "at (or near) line 1, column" in outcome["ResultDescription"]


def test_a_share_of_the_records_can_be_refused_by_chance(client: Client) -> None:
    client.amazon.settings(feed_refused=0.5)
    orders = [place(client, ("MUG/1 ä%", 1))[0] for _ in range(10)]
    counts, errors = run(client, CANCEL, *[f"{each}\t\tNoInventory" for each in orders])
    assert counts == f"10/{10 - len(errors)}"
    assert 1 <= len(errors) <= 9
    refused = {error["order-id"] for error in errors}
    assert {each for each in orders if status_of(client, each) == "UNSHIPPED"} == refused


def test_an_order_feed_can_end_fatal_when_half_of_it_was_carried_out(client: Client) -> None:
    client.amazon.settings(feed_fate="fatal")
    orders = [place(client, ("MUG/1 ä%", 1))[0] for _ in range(4)]
    body = "\n".join([HEADS[CANCEL], *[f"{each}\t\tNoInventory" for each in orders]])
    feed = finish(client, send(client, CANCEL, body, FLAT))
    assert (feed["processingStatus"], "resultFeedDocumentId" in feed) == ("FATAL", False)
    assert [status_of(client, each) for each in orders] == ["CANCELLED"] * 2 + ["UNSHIPPED"] * 2
