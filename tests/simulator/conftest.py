"""A simulator for each test, and a client that is no part of the package."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests

from flask_amazon_channel.simulator import Amazon

DE = "A1PA6795UKMFR9"
FR = "A13V1IB3VIYZZH"
UK = "A1F83G8C2ARO7P"
US = "ATVPDKIKX0DER"
JP = "A1VC38T7YXB528"

Params = dict[str, Any]


class Client:
    """Calls the simulator as a seller."""

    def __init__(self, amazon: Amazon, account: dict[str, Any]) -> None:
        self.amazon, self.account, self.seller = amazon, account, account["seller_id"]
        self.http = requests.Session()
        self.http.trust_env = False
        self.token = ""

    def sign_in(self, **changes: str) -> requests.Response:
        names = ("refresh_token", "client_id", "client_secret")
        form = {"grant_type": "refresh_token", **{name: self.account[name] for name in names}, **changes}
        answer = self.http.post(f"{self.amazon.url}/auth/o2/token", data=form, timeout=10)
        self.token = answer.json().get("access_token", self.token)
        return answer

    def call(self, method: str, path: str, query: Params | None = None, body: Any = None) -> requests.Response:
        if not self.token:
            self.sign_in()
        headers = {"x-amz-access-token": self.token}
        return self.http.request(
            method,
            self.amazon.url + path,
            params=query,
            json=body,
            headers=headers,
            timeout=10,
            allow_redirects=False,
        )

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, query)

    def item_path(self, sku: str) -> str:
        return f"/listings/2021-08-01/items/{self.seller}/{quote(sku, safe='')}"

    def item(self, sku: str, parts: str, marketplaces: str = DE) -> Any:
        answer = self.get(self.item_path(sku), marketplaceIds=marketplaces, includedData=parts)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def search(self, **query: Any) -> Any:
        answer = self.get(f"/listings/2021-08-01/items/{self.seller}", **{"marketplaceIds": DE, **query})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def patch(self, sku: str, *patches: Params, marketplaces: str = DE, **query: str) -> Any:
        body = {"productType": "PRODUCT", "patches": list(patches)}
        answer = self.call("PATCH", self.item_path(sku), {"marketplaceIds": marketplaces, **query}, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def orders(self, **query: Any) -> Any:
        if "createdAfter" not in query:
            query.setdefault("lastUpdatedAfter", "2020-01-01T00:00:00Z")
        answer = self.get("/orders/2026-01-01/orders", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def order(self, order_id: str, parts: str = "FULFILLMENT") -> Any:
        answer = self.get(f"/orders/2026-01-01/orders/{order_id}", includedData=parts)
        assert answer.status_code == 200, answer.text
        return answer.json()["order"]

    def ship(self, order_id: str, items: dict[str, int], **changes: Any) -> requests.Response:
        lines = [{"orderItemId": item, "quantity": quantity} for item, quantity in items.items()]
        detail: Params = {"packageReferenceId": "1", "carrierCode": "DHL", "trackingNumber": "00340434161094"}
        detail |= {"shipDate": "2026-11-20T10:00:00Z", "orderItems": lines, **changes}
        body = {
            "marketplaceId": DE,
            "packageDetail": {name: each for name, each in detail.items() if each != "gone"},
        }
        return self.call("POST", f"/orders/v0/orders/{order_id}/shipmentConfirmation", None, body)

    def report(self, kind: str = "GET_MERCHANT_LISTINGS_ALL_DATA", **body: Any) -> Any:
        """Ask for a report, let time pass, and answer what getReport says."""
        wanted = {"reportType": kind, "marketplaceIds": [DE], **body}
        answer = self.call("POST", "/reports/2021-06-30/reports", None, wanted)
        assert answer.status_code == 202, answer.text
        self.amazon.advance(self.amazon.settings()["report_delay"])
        return self.get(f"/reports/2021-06-30/reports/{answer.json()['reportId']}").json()

    def document(self, report: Any, **query: str) -> Any:
        return self.get(f"/reports/2021-06-30/documents/{report['reportDocumentId']}", **query).json()

    def download(self, url: str) -> requests.Response:
        return self.http.get(url, timeout=10)


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    with Amazon(seed=7) as running:
        running.speed(0)  # time passes only where a test says so
        running.settings(quotas="off")
        yield running


LISTINGS = [
    {
        "sku": "MUG/1 ä%",
        "asin": "B000000001",
        "title": "Mug",
        "ean": "4006381333931",
        "price": "9.90",
        "quantity": 10,
    },
    {
        "sku": "LAMP",
        "asin": "B000000002",
        "title": "Lamp",
        "ean": "036000291452",
        "price": "49.00",
        "quantity": 3,
    },
    {
        "sku": "FBA-1",
        "title": "Tea",
        "price": "5.00",
        "quantity": 7,
        "fulfillment": "AMAZON",
        "marketplace": DE,
    },
]


@pytest.fixture
def client(amazon: Amazon) -> Iterator[Client]:
    seller = amazon.add_seller([DE, FR], listings=LISTINGS)
    client = Client(amazon, seller)
    yield client
    client.http.close()


def price(amount: float | None, marketplace: str = DE, currency: str = "EUR", **more: Any) -> Params:
    """A value of purchasable_offer."""
    value: Params = {"marketplace_id": marketplace, "currency": currency, "audience": "ALL", **more}
    if amount is not None:
        value["our_price"] = [{"schedule": [{"value_with_tax": amount}]}]
    return value


def set_price(amount: float | None, op: str = "replace", **facts: Any) -> Params:
    return {"op": op, "path": "/attributes/purchasable_offer", "value": [price(amount, **facts)]}


def set_quantity(quantity: Any, op: str = "merge") -> Params:
    value = {"fulfillment_channel_code": "DEFAULT", "quantity": quantity}
    return {"op": op, "path": "/attributes/fulfillment_availability", "value": [value]}
