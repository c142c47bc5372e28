"""Restricted data tokens: how they are made, and what they open."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.login.restricted import needs_restricted_token
from flask_amazon_channel.simulator.state.documents import Document, Report

from .conftest import DE, LISTINGS, Client

PATH = "/tokens/2021-03-01/restrictedDataToken"
ORDERS = "/orders/v0/orders"


class Restricted(Client):
    def rdt(self, *resources: Any, **more: Any) -> requests.Response:
        self.sign_in()
        return self.call("POST", PATH, None, {"restrictedResources": list(resources), **more})

    def use(self, *resources: Any) -> None:
        answer = self.rdt(*resources)
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["restrictedDataToken"]


@pytest.fixture
def client(amazon: Amazon) -> Iterator[Restricted]:
    client = Restricted(amazon, amazon.add_seller([DE], listings=LISTINGS))
    yield client
    client.http.close()


@pytest.fixture
def order(client: Restricted) -> str:
    return client.amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}])


def resource(path: str, *elements: str, method: str = "GET") -> dict[str, Any]:
    return {"method": method, "path": path, **({"dataElements": list(elements)} if elements else {})}


def test_a_restricted_token_lives_for_an_hour(client: Restricted, order: str) -> None:
    answer = client.rdt(resource(f"{ORDERS}/{order}/address")).json()
    assert answer["restrictedDataToken"].startswith("Atz.sprdt|")
    assert answer["expiresIn"] == 3600
    client.token = answer["restrictedDataToken"]
    assert client.get(f"{ORDERS}/{order}/address").status_code == 200
    client.amazon.advance(3601)
    assert client.get(f"{ORDERS}/{order}/address").status_code == 403


@pytest.mark.parametrize("part", ["address", "buyerInfo", "orderItems/buyerInfo", "regulatedInfo"])
def test_personal_data_of_an_order_need_a_restricted_token(client: Restricted, part: str) -> None:
    items = [{"sku": "LAMP", "quantity": 1}]
    path = f"{ORDERS}/{client.amazon.place_order(client.seller, DE, items, regulated=True)}/{part}"
    assert client.get(path).status_code == 403
    client.use(resource(path))
    assert client.get(path).status_code == 200


def test_a_token_for_one_order_opens_no_other_and_no_other_operation(client: Restricted, order: str) -> None:
    other = client.amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}])
    client.use(resource(f"{ORDERS}/{order}/address"))
    assert client.get(f"{ORDERS}/{other}/address").status_code == 403
    assert client.get(f"{ORDERS}/{order}/buyerInfo").status_code == 403
    assert client.get(f"/orders/2026-01-01/orders/{order}").status_code == 403
    assert client.call("POST", PATH, None, {}).status_code == 403


def test_a_token_opens_the_method_that_it_names(client: Restricted) -> None:
    order_id = client.amazon.place_order(client.seller, DE, [{"sku": "LAMP"}], regulated=True)
    path = f"{ORDERS}/{order_id}/regulatedInfo"
    client.use(resource(path))
    body = {"regulatedOrderVerificationStatus": {"status": "Approved", "externalReviewerId": "r"}}
    assert client.call("PATCH", path, None, body).status_code == 403
    client.sign_in()
    assert client.call("PATCH", path, None, body).status_code == 204


def test_a_generic_path_opens_every_order(client: Restricted, order: str) -> None:
    client.use(resource(f"{ORDERS}/{{orderId}}/address"), resource(f"{ORDERS}/{{orderId}}/buyerInfo"))
    assert client.get(f"{ORDERS}/{order}/address").json()["payload"]["ShippingAddress"]["Name"]
    assert client.get(f"{ORDERS}/{order}/buyerInfo").json()["payload"]["BuyerName"]
    assert client.get(f"{ORDERS}/123-1234567-1234567/address").status_code == 404


def test_data_elements_open_what_they_name(client: Restricted, order: str) -> None:
    client.use(resource(f"{ORDERS}/{order}", "shippingAddress"))
    shown = client.get(f"{ORDERS}/{order}").json()["payload"]
    assert "AddressLine1" in shown["ShippingAddress"]
    assert set(shown["BuyerInfo"]) == {"BuyerEmail"}
    client.use(resource(f"{ORDERS}/{order}", "buyerInfo"))
    shown = client.get(f"{ORDERS}/{order}").json()["payload"]
    assert set(shown["ShippingAddress"]) <= {"City", "StateOrRegion", "PostalCode", "CountryCode"}
    assert "BuyerName" in shown["BuyerInfo"]


@pytest.mark.parametrize(
    ("resources", "code"),
    [
        ([], "InvalidRequest"),
        ([resource(ORDERS, "buyerInfo")] * 51, "InvalidRequest"),
        ([resource(ORDERS, "buyerInfo", method="")], "InvalidRequest"),
        ([{"method": "GET"}], "InvalidRequest"),
        (["GET /orders/v0/orders"], "InvalidRequest"),
        ([resource(ORDERS, "creditCard")], "InvalidRequest"),
        ([resource(ORDERS)], "InvalidInput"),
        ([resource("/orders/2026-01-01/orders", "buyerInfo")], "InvalidInput"),
        ([resource("/nowhere")], "InvalidInput"),
        ([resource(f"{ORDERS}/1-2-3/address", method="DELETE")], "InvalidInput"),
    ],
)
def test_a_request_that_amazon_refuses_is_a_bad_request(client: Restricted, resources: list[Any], code: str) -> None:
    answer = client.rdt(*resources)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


def test_fifty_resources_are_allowed_and_another_application_may_be_named(client: Restricted) -> None:
    wanted = [resource(ORDERS, "buyerInfo")] * 50
    assert client.rdt(*wanted, targetApplication="amzn1.sellerapps.app.other").status_code == 200
    assert client.rdt(*wanted, targetApplication=7).status_code == 400
    assert client.rdt(resource("/mfn/v0/shipments/{shipmentId}")).status_code == 200


def test_the_role_for_personal_data_is_needed(client: Restricted, order: str) -> None:
    client.amazon.change_seller(client.seller, personal_data=False)
    answer = client.rdt(resource(ORDERS, "buyerInfo", "shippingAddress"))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].endswith("data elements: [buyerInfo, shippingAddress]")
    assert client.rdt(resource(f"{ORDERS}/{order}/address")).status_code == 400


def test_a_revoked_seller_can_use_no_restricted_token(client: Restricted, order: str) -> None:
    client.use(resource(f"{ORDERS}/{order}/address"))
    client.amazon.change_seller(client.seller, revoked=True)
    assert client.get(f"{ORDERS}/{order}/address").status_code == 403


def test_documents_of_reports_with_personal_data_need_a_restricted_token(client: Restricted) -> None:
    state, path = client.amazon.world.state, "/reports/2021-06-30/documents/doc-1"
    kind = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
    state.reports["1"] = Report("1", client.seller, kind, [DE], 0.0, None, None, status="DONE", document_id="doc-1")
    state.documents["doc-1"] = Document("doc-1", client.seller, b"", "text/plain")
    assert client.get(path).status_code == 403
    client.use(resource("/reports/2021-06-30/documents/{reportDocumentId}"))
    assert client.get(path).status_code == 200
    assert client.get("/reports/2021-06-30/reports/1").status_code == 403


def test_reports_of_listings_need_no_restricted_token(client: Restricted) -> None:
    assert not needs_restricted_token("GET_MERCHANT_LISTINGS_ALL_DATA")
    assert needs_restricted_token("GET_AMAZON_FULFILLED_SHIPMENTS_DATA_INVOICING")
    assert client.document(client.report())["url"]


def test_restricted_tokens_survive_saving_and_loading(client: Restricted, order: str) -> None:
    client.use(resource(f"{ORDERS}/{order}/address"))
    client.amazon.load(client.amazon.save())
    assert client.get(f"{ORDERS}/{order}/address").status_code == 200
    assert client.get(f"{ORDERS}/{order}/buyerInfo").status_code == 403
