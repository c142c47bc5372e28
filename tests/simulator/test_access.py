"""Access, quotas, headers and envelopes: what all operations have in common."""

import socket

import pytest

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, FR, UK, US, Client


def test_participations_are_those_of_the_seller(client: Client) -> None:
    client.amazon.change_seller(client.seller, suspended=[FR], store_name="Buch & Bohne")
    payload = client.get("/sellers/v1/marketplaceParticipations").json()["payload"]
    assert [each["marketplace"]["id"] for each in payload] == [DE, FR]
    assert [each["participation"]["hasSuspendedListings"] for each in payload] == [False, True]
    assert payload[0]["storeName"] == "Buch & Bohne"


@pytest.mark.parametrize(("token", "details"), [("", "missing"), ("Atza|guessed", "malformed or invalid")])
def test_a_bad_access_token_is_forbidden_in_amazons_words(client: Client, token: str, details: str) -> None:
    client.sign_in()
    url = f"{client.amazon.url}/sellers/v1/marketplaceParticipations"
    answer = client.http.get(url, headers={"x-amz-access-token": token}, timeout=10)
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["code"]) == (403, "Unauthorized")
    assert details in error["details"]
    assert "x-amzn-RateLimit-Limit" not in answer.headers


def test_unknown_paths_and_methods_are_forbidden_not_missing(client: Client) -> None:
    assert client.get("/orders/v1/orders").status_code == 403
    assert client.call("DELETE", "/orders/2026-01-01/orders").status_code == 403


def test_a_missing_role_is_forbidden(client: Client) -> None:
    client.amazon.change_seller(client.seller, roles=["Product Listing"])
    assert client.get("/orders/2026-01-01/orders", createdAfter="2026-01-01T00:00:00Z").status_code == 403
    assert client.search()["numberOfResults"] == 3


def test_a_seller_sees_nothing_of_another(client: Client, amazon: Amazon) -> None:
    other = amazon.add_seller([DE], listings=[{"sku": "SECRET", "price": "1.00", "quantity": 1}])
    order = amazon.place_order(other["seller_id"], DE, [{"sku": "SECRET", "quantity": 1}])
    path = f"/listings/2021-08-01/items/{other['seller_id']}"
    assert client.get(path, marketplaceIds=DE).status_code == 403
    assert client.get(f"{path}/SECRET", marketplaceIds=DE).status_code == 403
    assert client.get(f"/orders/2026-01-01/orders/{order}").status_code == 404


@pytest.mark.parametrize(("marketplace", "status"), [("NONSENSE", 400), (UK, 403), (US, 403)])
def test_marketplaces_of_others_are_refused(client: Client, marketplace: str, status: int) -> None:
    assert client.get(client.item_path("LAMP"), marketplaceIds=marketplace).status_code == status


def test_the_quota_is_a_token_bucket_on_the_virtual_clock(client: Client) -> None:
    client.amazon.settings(quotas={"scale": 1})
    query = {"createdAfter": "2026-01-01T00:00:00Z"}
    statuses = [client.get("/orders/2026-01-01/orders", **query).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    client.amazon.advance(178)
    refused = client.get("/orders/2026-01-01/orders", **query)
    assert refused.json()["errors"][0]["code"] == "QuotaExceeded"
    assert "Retry-After" not in refused.headers
    assert "x-amzn-RateLimit-Limit" not in refused.headers
    client.amazon.advance(2)
    assert client.get("/orders/2026-01-01/orders", **query).status_code == 200


def test_quotas_of_two_sellers_are_two_buckets(client: Client, amazon: Amazon) -> None:
    amazon.settings(quotas={"scale": 1})
    other = Client(amazon, amazon.add_seller([DE]))
    for each in (client, other):
        statuses = [each.get("/sellers/v1/marketplaceParticipations").status_code for _ in range(16)]
        assert statuses == [200] * 15 + [429]
    other.http.close()


def test_the_rate_header_tells_the_rate_and_can_be_switched_off(client: Client) -> None:
    client.amazon.settings(quotas={"scale": 2})
    assert client.get(client.item_path("LAMP"), marketplaceIds=DE).headers["x-amzn-RateLimit-Limit"] == "10"
    missing = client.get(client.item_path("NONE"), marketplaceIds=DE)
    assert missing.status_code == 404
    assert missing.headers["x-amzn-RateLimit-Limit"] == "10"
    client.amazon.settings(rate_header=False)
    answer = client.get(client.item_path("LAMP"), marketplaceIds=DE)
    assert "x-amzn-RateLimit-Limit" not in answer.headers
    assert len(answer.headers["x-amzn-RequestId"]) == 32


def test_a_user_agent_over_500_characters_is_a_bad_request(client: Client) -> None:
    client.http.headers["User-Agent"] = "x" * 500
    assert client.get(client.item_path("LAMP"), marketplaceIds=DE).status_code == 200
    client.http.headers["User-Agent"] = "x" * 501
    assert client.get(client.item_path("LAMP"), marketplaceIds=DE).status_code == 400


def test_a_sku_with_slash_and_percent_is_found_by_its_encoded_path(client: Client) -> None:
    assert client.item_path("MUG/1 ä%").endswith("MUG%2F1%20%C3%A4%25")
    assert client.item("MUG/1 ä%", "summaries")["sku"] == "MUG/1 ä%"


@pytest.mark.parametrize(
    "query", [f"{DE}%2C{FR}", f"{DE},{FR}", f"{DE}&marketplaceIds={FR}", f"{FR}&marketplaceIds={DE}&x=1"]
)
def test_arrays_may_be_comma_separated_encoded_or_repeated(client: Client, query: str) -> None:
    answer = client.get(f"{client.item_path('LAMP')}?marketplaceIds={query}")
    assert {each["marketplaceId"] for each in answer.json()["summaries"]} == {DE, FR}


@pytest.mark.parametrize(
    "head",
    [
        b"GET /x HTTP/1.1\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: ten\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nUser-Agent : spaced\r\n",
        b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n",
        b"GET /a space HTTP/1.1\r\nHost: a\r\n",
    ],
)
def test_bad_grammar_is_answered_with_a_page(amazon: Amazon, head: bytes) -> None:
    with socket.create_connection((amazon.host, amazon.port), timeout=5) as connection:
        connection.sendall(head + b"\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"text/html" in answer.lower()


def test_a_body_may_come_in_chunks(client: Client) -> None:
    names = ("refresh_token", "client_id", "client_secret")
    form = "&".join(f"{name}={client.account[name]}" for name in names) + "&grant_type=refresh_token"
    pieces = (form[place : place + 50].encode() for place in range(0, len(form), 50))
    assert client.http.post(f"{client.amazon.url}/auth/o2/token", data=pieces, timeout=10).status_code == 200


@pytest.mark.parametrize("body", [b"Content-Length: 9\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf"])
def test_a_request_whose_sender_goes_away_in_the_middle_never_came(amazon: Amazon, body: bytes) -> None:
    with socket.create_connection((amazon.host, amazon.port), timeout=5) as connection:
        connection.sendall(b"PATCH /listings/2021-08-01/items/A/LAMP HTTP/1.1\r\nHost: a\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400")
    assert amazon.requests() == []


@pytest.mark.parametrize(
    "quantity",
    [b'"\\ud800"', b'{"\\uDFFF": 1}', b'"\xed\xa0\x80"', b"[" * 100_000 + b"]" * 100_000, b"{", b"7}"],
)
def test_a_body_that_is_no_json_of_text_is_a_bad_request(client: Client, quantity: bytes) -> None:
    value = b'{"fulfillment_channel_code": "DEFAULT", "quantity": ' + quantity + b"}"
    patch = b'{"op": "merge", "path": "/attributes/fulfillment_availability", "value": [' + value + b"]}"
    body = b'{"productType": "PRODUCT", "patches": [' + patch + b"]}"
    client.get(client.item_path("LAMP"), marketplaceIds=DE)
    headers = {"x-amz-access-token": client.token}
    url = f"{client.amazon.url}{client.item_path('LAMP')}?marketplaceIds={DE}"
    answer = client.http.patch(url, data=body, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "BAD_REQUEST")
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 3


def test_whole_surrogate_pairs_are_text(client: Client) -> None:
    value = {"value": "Lamp \U0001f4a1", "marketplace_id": DE, "language_tag": "de_DE"}
    name = {"op": "replace", "path": "/attributes/item_name", "value": [value]}
    assert client.patch("LAMP", name)["status"] == "ACCEPTED"
