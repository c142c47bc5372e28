"""Faults on demand: which call they strike, and that the same seed strikes the same calls."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.wire.faults import KINDS

from .conftest import DE, Client, set_quantity

NAMED = {
    "refuse", "reset_before", "reset_after_apply", "timeout_before", "apply_then_timeout", "429", "5xx_json",
    "5xx_html", "200_html", "truncate", "garble", "wrong_charset", "bomb", "dup_page", "skip_item", "expire_token",
    "revoke", "stale_read", "reorder", "slow_drip",
}  # fmt: skip


def read(client: Client, sku: str = "LAMP", **query: str) -> requests.Response:
    return client.get(client.item_path(sku), marketplaceIds=DE, **query)


def patch(
    client: Client, quantity: int = 8, sku: str = "LAMP", more: dict[str, str] | None = None
) -> requests.Response:
    """One patch without any check of the answer."""
    body = {"productType": "PRODUCT", "patches": [set_quantity(quantity)]}
    headers = {"x-amz-access-token": client.token, **(more or {})}
    url = client.amazon.url + client.item_path(sku)
    query = {"marketplaceIds": DE}
    return client.http.patch(url, json=body, params=query, headers=headers, timeout=10, allow_redirects=False)


def test_there_is_every_kind_that_was_asked_for() -> None:
    assert set(KINDS) >= NAMED


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


Call = Callable[[Client], requests.Response]


@pytest.mark.parametrize(
    ("when", "struck", "spared"),
    [
        ({"sku": "MUG/1 ä%"}, lambda client: read(client, "MUG/1 ä%"), read),
        ({"query_contains": "summaries,offers"}, lambda client: read(client, includedData="summaries,offers"), read),
        ({"query_contains": "%2Coffers"}, lambda client: read(client, includedData="summaries,offers"), read),
        ({"path_contains": "MUG/1"}, lambda client: read(client, "MUG/1 ä%"), read),
        ({"header": {"User-Agent": "shop/2"}}, lambda client: patch(client, more={"user-agent": "my shop/2.0"}), patch),
        ({"body_contains": "77", "header": {"accept": "x"}}, lambda client: patch(client, 77, more={"accept": "x"}),
         lambda client: patch(client, 77)),
        ({"seller": "A123"}, None, read),
    ],
)  # fmt: skip
def test_a_fault_strikes_only_where_all_its_conditions_hold(
    client: Client, when: dict[str, Any], struck: Call | None, spared: Call
) -> None:
    client.sign_in()
    client.amazon.fault("*", "429", when=when, times=None)
    assert spared(client).status_code == 200
    if struck is not None:
        assert struck(client).status_code == 429


def test_nth_counts_matching_calls_only_and_goes_with_probability(client: Client) -> None:
    client.amazon.fault("getListingsItem", "429", when={"sku": "LAMP", "nth": 2, "probability": 1.0}, times=1)
    assert [read(client, sku).status_code for sku in ("LAMP", "MUG/1 ä%", "LAMP", "LAMP")] == [200, 200, 429, 200]
    client.amazon.fault("getListingsItem", "429", when={"probability": 0}, times=None)
    assert {read(client).status_code for _ in range(20)} == {200}


def test_chance_is_decided_by_the_seed_and_every_strike_is_listed(client: Client, amazon: Amazon) -> None:
    amazon.fault("getListingsItem", "5xx_html", when={"probability": 0.3}, times=None)
    statuses = [read(client).status_code for _ in range(40)]
    struck = amazon.faults()["struck"]
    assert [each["call"] for each in struck] == [n for n, status in enumerate(statuses, 1) if status == 503]
    assert {(each["seed"], each["method"], each["path"]) for each in struck} == {(7, "GET", client.item_path("LAMP"))}
    assert 3 < statuses.count(503) < 25


def test_the_same_seed_faults_and_calls_meet_again() -> None:
    def run(seed: int, faults: list[dict[str, Any]]) -> tuple[list[int], dict[str, Any]]:
        with Amazon(seed=seed, now=1.79e9, speed=0) as amazon:
            amazon.settings(quotas="off")
            client = Client(amazon, amazon.add_seller([DE], catalogue=20))
            client.sign_in()
            for facts in faults:
                amazon.fault(**facts)
            skus = [each.sku for each in amazon.world.listings(client.seller)]
            statuses = [read(client, skus[turn % 20]).status_code for turn in range(60)]
            client.http.close()
            return statuses, amazon.faults()

    faults: list[dict[str, Any]] = [
        {"operation": "getListingsItem", "kind": "429", "when": {"probability": 0.2}, "times": None},
        {"operation": "*", "kind": "5xx_json", "when": {"probability": 0.5, "query_contains": DE}, "times": 9},
    ]
    statuses, listed = run(5, faults)
    assert {429, 500} < set(statuses)
    assert run(listed["seed"], listed["added"]) == (statuses, listed)
    assert run(6, faults)[0] != statuses


def test_login_and_downloads_can_fail_too(client: Client) -> None:
    client.amazon.fault("token", "5xx_html", when={"seller": client.seller})
    assert client.http.post(f"{client.amazon.url}/auth/o2/token", data={}, timeout=10).status_code == 400
    form = {"grant_type": "refresh_token", "refresh_token": client.account["refresh_token"]}
    assert client.http.post(f"{client.amazon.url}/auth/o2/token", data=form, timeout=10).status_code == 503
    url = client.document(client.report())["url"]
    client.amazon.fault("document", "truncate")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.download(url)
    assert client.download(url).status_code == 200


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"kind": "earthquake"}, "Unknown kind"),
        ({"kind": "503_html"}, "Unknown kind"),
        ({"kind": "429", "operation": "getWeather"}, "Unknown operation"),
        ({"kind": "429", "when": {"moon": "full"}}, "Unknown conditions"),
        ({"kind": "429", "when": {"nth": 0}}, "nth is"),
        ({"kind": "429", "when": {"nth": "second"}}, "nth is"),
        ({"kind": "429", "when": {"probability": 1.5}}, "probability is"),
        ({"kind": "429", "when": {"probability": True}}, "probability is"),
        ({"kind": "429", "when": {"header": "accept"}}, "header names"),
        ({"kind": "429", "times": 0}, "times is"),
        ({"kind": "429", "times": 1.5}, "times is"),
        ({"kind": "slow_drip", "seconds": -1}, "seconds is"),
        ({"kind": "5xx_json", "status": 404}, "status is"),
        ({"kind": "429", "status": 503}, "status is"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(client: Client, facts: dict[str, Any], words: str) -> None:
    body = {"operation": "getListingsItem", **facts}
    answer = client.http.post(f"{client.amazon.url}/_control/faults", json=body, timeout=10)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert client.amazon.faults()["waiting"] == client.amazon.faults()["added"] == []
