"""Orders of other channels, for tests."""

from typing import Any

from .conftest import DE, Client

ORDERS = "/fba/outbound/2020-07-01/fulfillmentOrders"
OUTBOUND = "/fba/outbound/2020-07-01"
ADDRESS = {
    "name": "Jörg Weiß",
    "addressLine1": "Am Bächle 5",
    "city": "Freiburg",
    "postalCode": "79098",
    "countryCode": "DE",
}
STEP = 10.0


def line(quantity: Any = 2, sku: str = "FBA-1", item_id: str = "1", **more: Any) -> dict[str, Any]:
    return {"sellerSku": sku, "sellerFulfillmentOrderItemId": item_id, "quantity": quantity, **more}


def body(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of an order; a change to None takes the field away."""
    whole = {
        "marketplaceId": DE,
        "sellerFulfillmentOrderId": "SHOP-1",
        "displayableOrderId": "Bestellung 1",
        "displayableOrderDate": "2026-11-20T10:00:00Z",
        "displayableOrderComment": "Danke!",
        "shippingSpeedCategory": "Standard",
        "destinationAddress": ADDRESS,
        "items": list(lines) or [line()],
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def create(client: Client, *lines: dict[str, Any], **changes: Any) -> str:
    sent = body(*lines, **changes)
    answer = client.call("POST", ORDERS, None, sent)
    assert (answer.status_code, answer.json()) == (200, {}), answer.text
    return str(sent["sellerFulfillmentOrderId"])


def order(client: Client, order_id: str = "SHOP-1") -> Any:
    answer = client.get(f"{ORDERS}/{order_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()["payload"]


def status(client: Client, order_id: str = "SHOP-1") -> str:
    return str(order(client, order_id)["fulfillmentOrder"]["fulfillmentOrderStatus"])


def put(client: Client, what: str, sent: Any = None, order_id: str = "SHOP-1") -> int:
    """A change of an order: "", /cancel, /status or /return; answers the HTTP status."""
    return client.call("PUT", f"{ORDERS}/{order_id}{what}", None, sent).status_code


def steps(client: Client, count: int) -> None:
    for _ in range(count):
        client.amazon.advance(STEP)


def stock(client: Client, sku: str = "FBA-1") -> tuple[int, int, int]:
    """Fulfillable, reserved for orders, at customers'."""
    facts = client.amazon.fba(client.seller, sku)
    return facts["fulfillable"], facts["orders"], facts["left"]
