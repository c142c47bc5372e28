"""Faults on demand."""

from typing import Any

import pytest
import requests

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, Client, set_quantity


def read(client: Client) -> requests.Response:
    return client.get(client.item_path("LAMP"), marketplaceIds=DE)


def patch(client: Client, quantity: int = 8, timeout: float = 10) -> requests.Response:
    """One patch without any check of the answer."""
    body = {"productType": "PRODUCT", "patches": [set_quantity(quantity)]}
    headers, query = {"x-amz-access-token": client.token}, {"marketplaceIds": DE}
    url = client.amazon.url + client.item_path("LAMP")
    return client.http.patch(url, json=body, params=query, headers=headers, timeout=timeout)


def live_quantity(client: Client) -> int:
    client.amazon.advance(10)
    return int(client.amazon.listing(client.seller, DE, "LAMP")["quantity"])


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        ("5xx_html", 503, "text/html"),
        ("5xx_json", 500, "application/json"),
        ("200_html", 200, "text/html"),
        ("empty", 200, "application/json"),
        ("redirect", 302, "application/json"),
        ("429", 429, "application/json"),
        ("403", 403, "application/json"),
    ],
)
def test_an_answer_can_be_another_one_and_nothing_is_applied(
    client: Client, kind: str, status: int, content_type: str
) -> None:
    client.sign_in()
    client.amazon.fault("patchListingsItem", kind)
    url, query = client.amazon.url + client.item_path("LAMP"), {"marketplaceIds": DE}
    body = {"productType": "PRODUCT", "patches": [set_quantity(8)]}
    headers = {"x-amz-access-token": client.token}
    answer = client.http.patch(url, json=body, params=query, headers=headers, timeout=10, allow_redirects=False)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(content_type)
    assert live_quantity(client) == 3
    assert patch(client).json()["status"] == "ACCEPTED"  # once, unless told otherwise


@pytest.mark.parametrize("kind", ["reset_before", "timeout_before"])
def test_a_connection_can_break_before_anything_is_applied(client: Client, kind: str) -> None:
    client.sign_in()
    client.amazon.fault("patchListingsItem", kind, seconds=20)
    with pytest.raises((requests.ConnectionError, requests.Timeout)):
        patch(client, timeout=0.2)
    assert live_quantity(client) == 3


@pytest.mark.parametrize("kind", ["reset_after_apply", "apply_then_timeout", "truncate"])
def test_a_connection_can_break_after_everything_was_applied(client: Client, kind: str) -> None:
    client.sign_in()
    client.amazon.fault("patchListingsItem", kind, seconds=20)
    with pytest.raises((requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)):
        patch(client, timeout=0.2)
    assert live_quantity(client) == 8


def test_a_server_error_can_hide_that_everything_was_applied(client: Client) -> None:
    client.sign_in()
    client.amazon.fault("patchListingsItem", "503_after_apply")
    assert patch(client).status_code == 503
    assert live_quantity(client) == 8


def test_an_answer_can_drip(client: Client) -> None:
    client.sign_in()
    client.amazon.fault("getListingsItem", "slow_drip", seconds=0.2)
    assert read(client).json()["sku"] == "LAMP"


def test_a_body_can_be_garbled(client: Client) -> None:
    client.sign_in()
    client.amazon.fault("getListingsItem", "garble")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        read(client).json()


def test_a_submission_can_be_refused_with_an_issue(client: Client) -> None:
    client.amazon.fault("patchListingsItem", "invalid", when={"sku": "LAMP"}, issue={"code": "99300"})
    assert client.patch("MUG/1 ä%", set_quantity(1))["status"] == "ACCEPTED"
    answer = client.patch("LAMP", set_quantity(8))
    assert (answer["status"], answer["issues"][0]["code"]) == ("INVALID", "99300")
    assert live_quantity(client) == 3


def test_a_page_can_come_twice(client: Client) -> None:
    for _ in range(4):
        client.amazon.place_order(client.seller, DE, [{"sku": "MUG/1 ä%", "quantity": 1}])
    client.amazon.advance(200)
    first = client.orders(maxResultsPerPage=2)
    client.amazon.fault("searchOrders", "dup_page")
    token = first["pagination"]["nextToken"]
    assert client.orders(maxResultsPerPage=2, paginationToken=token) == first
    assert client.orders(maxResultsPerPage=2, paginationToken=token) != first


def test_a_fault_strikes_from_the_nth_call_and_so_many_times(client: Client) -> None:
    client.amazon.fault("getListingsItem", "5xx_json", when={"nth": 3}, times=2)
    assert [read(client).status_code for _ in range(6)] == [200, 200, 500, 500, 200, 200]


def test_a_fault_may_choose_by_body_seller_and_operation(client: Client) -> None:
    client.sign_in()
    client.amazon.fault("*", "429", when={"body_contains": '"quantity": 66', "seller": client.seller}, times=None)
    assert read(client).status_code == 200
    assert [patch(client, quantity).status_code for quantity in (5, 66, 66, 7)] == [200, 429, 429, 200]
    client.amazon.heal()
    assert patch(client, 66).status_code == 200


def test_chance_is_decided_by_the_seed_and_every_strike_is_listed(client: Client, amazon: Amazon) -> None:
    def run() -> list[int]:
        amazon.fault("getListingsItem", "5xx_html", when={"probability": 0.3}, times=None)
        statuses = [read(client).status_code for _ in range(40)]
        listed = amazon.faults()["struck"]
        assert [each["call"] for each in listed] == [n for n, status in enumerate(statuses, 1) if status == 503]
        assert {each["seed"] for each in listed} == {7}
        return statuses

    first = run()
    assert 3 < first.count(503) < 25
    amazon.gateway.faults.reset(7)
    assert run() == first


def test_login_and_downloads_can_fail_too(client: Client) -> None:
    client.amazon.fault("token", "5xx_html")
    headers = {"grant_type": "refresh_token"}
    answer = client.http.post(f"{client.amazon.url}/auth/o2/token", data=headers, timeout=10)
    assert answer.status_code == 503
    url = client.document(client.report())["url"]
    client.amazon.fault("document", "truncate")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.download(url)
    assert client.download(url).status_code == 200


@pytest.mark.parametrize("facts", [{"kind": "earthquake"}, {"kind": "429", "when": {"moon": "full"}}])
def test_a_fault_that_does_not_exist_is_refused(amazon: Amazon, facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Unknown"):
        amazon.fault("getListingsItem", **facts)
