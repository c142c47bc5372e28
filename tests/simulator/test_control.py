"""The control calls over HTTP, and the life of the server."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, FR, Client, set_quantity


def control(client: Client, method: str, path: str, body: Any = None) -> Any:
    answer = client.http.request(method, f"{client.amazon.url}/_control/{path}", json=body, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_seller_is_made_with_the_listings_of_a_shop(client: Client) -> None:
    listings = [{"sku": "A/B", "asin": "B0SHOP0001", "ean": "4006381333931", "price": "12.50", "quantity": 4}]
    uris = ["http://127.0.0.1:5000/amazon/callback"]
    body = {"marketplaces": [DE, FR], "catalogue": 3, "listings": listings, "redirect_uris": uris}
    seller = control(client, "POST", "sellers", body)
    names = {
        "seller_id",
        "client_id",
        "client_secret",
        "application_id",
        "refresh_token",
        "region",
        "marketplaces",
    }
    assert set(seller) == names
    assert seller["region"] == "eu"
    listing = control(client, "GET", f"listings/{seller['seller_id']}/{FR}/A%2FB")
    assert (listing["asin"], listing["quantity"]) == ("B0SHOP0001", 4)
    assert listing["price"] == {"amount": "12.50", "currencyCode": "EUR"}
    state = control(client, "GET", "state")
    assert [each["listings"] for each in state["sellers"]] == [3, 4]
    assert state["application"]["redirect_uris"] == uris
    assert state["seed"] == 7


def test_a_listing_can_be_changed_as_in_seller_central(client: Client) -> None:
    path = f"listings/{client.seller}/{DE}/LAMP"
    changed = control(client, "PUT", path, {"price": {"amount": "59.90", "currency": "EUR"}, "quantity": 20})
    assert (changed["price"]["amount"], changed["quantity"]) == ("59.90", 20)
    assert control(client, "PUT", path, {"status": []})["status"] == []
    assert control(client, "PUT", path, {"status": ["BUYABLE"]})["status"] == ["BUYABLE", "DISCOVERABLE"]
    assert client.search(identifiersType="ASIN", identifiers="B000000002")["numberOfResults"] == 1
    control(client, "PUT", path, {"asin": "B0NEW00001"})
    assert client.search(identifiersType="ASIN", identifiers="B0NEW00001")["numberOfResults"] == 1
    assert client.search(identifiersType="ASIN", identifiers="B000000002")["numberOfResults"] == 0
    control(client, "PUT", path, {"ean": "4006381333948"})
    assert client.search(identifiersType="UPC", identifiers="036000291452")["numberOfResults"] == 0
    control(client, "DELETE", path)
    assert client.get(client.item_path("LAMP"), marketplaceIds=DE).status_code == 404


def test_orders_are_placed_changed_and_read(client: Client) -> None:
    body = {
        "seller": client.seller,
        "marketplace": DE,
        "items": [{"sku": "LAMP", "quantity": 1}],
        "status": "PENDING",
    }
    order_id = control(client, "POST", "orders", body)["order_id"]
    assert control(client, "GET", f"orders/{order_id}")["status"] == "PENDING"
    changed = control(client, "PATCH", f"orders/{order_id}", {"status": "SHIPPED"})
    assert changed["status"] == "SHIPPED"
    assert len(changed["packages"]) == 1
    assert changed["refunds"] == []


def test_the_clock_advances_and_runs(client: Client) -> None:
    before = control(client, "POST", "clock", {})["now"]
    after = control(client, "POST", "clock", {"advance": 3600, "speed": 100})
    assert after["now"] > before
    assert after["speed"] == 100
    client.patch("LAMP", set_quantity(9))
    control(client, "POST", "clock", {"advance": 2})
    assert control(client, "GET", f"listings/{client.seller}/{DE}/LAMP")["quantity"] == 9


def test_requests_are_recorded_without_tokens_and_secrets(client: Client) -> None:
    client.patch("LAMP", set_quantity(9))
    text = json.dumps(control(client, "GET", "requests"))
    for secret in ("client_secret", "refresh_token"):
        assert client.account[secret] not in text
        assert f"{secret}=***" in text
    assert client.token not in text
    found = client.amazon.requests("patchListingsItem")
    assert [(each["seller"], each["status"]) for each in found] == [(client.seller, 200)]
    assert json.loads(found[0]["body"])["patches"] == [set_quantity(9)]
    control(client, "DELETE", "requests")
    assert control(client, "GET", "requests") == {"requests": []}


def test_settings_that_do_not_exist_are_refused(client: Client) -> None:
    assert control(client, "PUT", "settings", {"submission_delay": 5})["submission_delay"] == 5
    for bad in ({"speed": 1}, {"quotas": "on"}, {"report_charset": "ebcdic"}, {"report_delay": -1}):
        answer = client.http.put(f"{client.amazon.url}/_control/settings", json=bad, timeout=10)
        assert answer.status_code == 400
        assert answer.json()["error"]


def test_what_cannot_be_done_is_said(client: Client) -> None:
    base = f"{client.amazon.url}/_control"
    body = {"seller": client.seller, "marketplace": DE, "items": [{"sku": "NONE", "quantity": 1}]}
    answer = client.http.post(f"{base}/orders", json=body, timeout=10)
    assert answer.status_code == 400
    assert "no listing NONE" in answer.json()["error"]
    assert client.http.get(f"{base}/weather", timeout=10).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "sellers", {"marketplaces": [DE], "colour": "red"}),
        ("PATCH", "sellers/{seller}", {"colour": "red"}),
        ("PATCH", "sellers/{seller}", {"world": {}}),
        ("PATCH", "sellers/nobody", {"revoked": True}),
        ("PUT", "listings/{seller}/{de}/LAMP", {"colour": "red"}),
        ("PUT", "listings/{seller}/nowhere/LAMP", {"price": 1}),
        ("PUT", "fba/{seller}/FBA-1", {"colour": "red"}),
        ("PATCH", "orders/none", {"status": "SHIPPED"}),
        ("POST", "buyers", {"orders_per_hour": 1}),
        ("POST", "clock", {"seconds": 1}),
        ("POST", "clock", {"advance": -1}),
        ("POST", "reset", {"seed": "x"}),
        ("PUT", "world", {"now": 1}),
        ("DELETE", "requests", {"colour": "red"}),
        ("POST", "orders", ["red"]),
    ],
)
def test_what_a_control_call_does_not_know_is_refused_and_changes_nothing(
    client: Client, method: str, path: str, body: Any
) -> None:
    before = control(client, "GET", "state")
    place = path.format(seller=client.seller, de=DE)
    answer = client.http.request(method, f"{client.amazon.url}/_control/{place}", json=body, timeout=10)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert control(client, "GET", "state") == before


def test_a_reset_leads_back_to_the_seed(client: Client) -> None:
    first = dict(client.account)
    control(client, "POST", "reset", {})
    assert control(client, "GET", "state")["sellers"] == []
    assert client.amazon.add_seller([DE, FR])["seller_id"] == first["seller_id"]


def test_a_world_can_be_saved_and_loaded(client: Client) -> None:
    order_id = client.amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}])
    url = client.document(client.report())["url"]
    client.patch("LAMP", set_quantity(9))
    before = client.item("LAMP", "summaries,attributes,offers")
    saved = json.loads(json.dumps(control(client, "GET", "world")))
    control(client, "POST", "reset", {"seed": 99})
    control(client, "PUT", "world", saved)
    assert client.item("LAMP", "summaries,attributes,offers") == before
    assert client.order(order_id)["orderId"] == order_id
    assert client.download(url).status_code == 200
    client.amazon.advance(2)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 9


def test_stopping_ends_open_connections_and_starting_again_keeps_the_world() -> None:
    amazon = Amazon().start()
    seller = amazon.add_seller([DE])
    with requests.Session() as http:
        http.trust_env = False
        assert http.get(f"{amazon.url}/_control/state", timeout=10).status_code == 200
        url = amazon.url
        amazon.stop()
        with pytest.raises(requests.ConnectionError):
            http.get(f"{url}/_control/state", timeout=10)
        amazon.start()
        assert amazon.url == url
        sellers = http.get(f"{url}/_control/state", timeout=10).json()["sellers"]
        assert [each["seller_id"] for each in sellers] == [seller["seller_id"]]
        amazon.stop()


def test_the_command_prints_a_ready_seller_and_its_configuration() -> None:
    command = [
        sys.executable,
        "-u",
        "-m",
        "flask_amazon_channel.simulator",
        "--port",
        "0",
        "--catalogue",
        "2",
    ]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=root) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or "Ctrl-C" not in lines[-1]:
            lines.append(process.stdout.readline())
        values = dict(re.findall(r"AMAZON_CHANNEL_(\w+) = (.*)", "".join(lines)))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    names = {
        "LWA_CLIENT_ID",
        "LWA_CLIENT_SECRET",
        "APPLICATION_ID",
        "ENDPOINTS",
        "LWA_ENDPOINT",
        "CONSENT_ENDPOINT",
    }
    assert set(values) == names
    assert set(json.loads(values["ENDPOINTS"])) == {"na", "eu", "fe"}


def test_the_simulator_imports_nothing_of_the_package_and_only_the_standard_library() -> None:
    program = (
        "import sys, importlib.util as u\n"
        "spec = u.spec_from_file_location('flask_amazon_channel.simulator', sys.argv[1],"
        " submodule_search_locations=[sys.argv[1].rsplit('/', 1)[0]])\n"
        "import types; sys.modules['flask_amazon_channel'] = types.ModuleType('flask_amazon_channel')\n"
        "module = u.module_from_spec(spec); sys.modules[spec.name] = module; spec.loader.exec_module(module)\n"
        "print('\\n'.join(sys.modules))\n"
    )
    path = Path(__file__).parents[2] / "flask_amazon_channel" / "simulator" / "__init__.py"
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    roots = {name.split(".")[0] for name in loaded.stdout.split()}
    assert not roots & {"flask", "requests", "sqlalchemy", "redis"}
    ours = [name for name in loaded.stdout.split() if name.startswith("flask_amazon_channel.")]
    assert ours
    assert all(name.startswith("flask_amazon_channel.simulator") for name in ours)
