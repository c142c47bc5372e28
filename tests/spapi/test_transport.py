"""The single way out fails closed: what is not clearly an answer is an error."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from flask_amazon_channel.errors import (
    AmazonUnavailable,
    ConfigurationError,
    OutcomeUnknown,
)
from flask_amazon_channel.spapi import transport, wire
from flask_amazon_channel.spapi.client import AmazonClient

PATCH = [{"op": "merge", "path": "/attributes/fulfillment_availability", "value": [{"quantity": 1}]}]


def patch(client):
    return client.patch_listings_item("A", ["A1PA6795UKMFR9"], "PRODUCT", PATCH)


NO_SUCCESS = {
    "a 503 page in HTML": ("<html>busy</html>", 503),
    "a 200 page in HTML": ("<html>sign in</html>", 200),
    "an empty body": ("", 200),
    "a 204": ("", 204),
    "truncated JSON": ('{"orders": [', 200),
    "a bare list": ("[]", 200),
    "null": ("null", 200),
    "a name twice": ('{"orders": [], "orders": []}', 200),
    "NaN": ('{"orders": [], "n": NaN}', 200),
    "text that is not UTF-8": (b'{"orders": [], "n": "\xff"}', 200),
    "deep nesting": ('{"orders": ' + "[" * 100_000 + "]" * 100_000 + "}", 200),
    "success and errors": ('{"orders": [], "errors": [{"code": "X", "message": "y"}]}', 200),
    "orders missing": ('{"pagination": {}}', 200),
    "orders null": ('{"orders": null}', 200),
    "a 404 page in HTML": ("<html>not found</html>", 404),
    "a 500 in JSON": ('{"errors": [{"code": "InternalFailure", "message": "sorry"}]}', 500),
    "a status of no meaning": ("{}", 304),
}


@pytest.mark.parametrize(("body", "status"), NO_SUCCESS.values(), ids=NO_SUCCESS)
def test_an_answer_that_is_not_what_was_due_is_no_empty_page(body, status, server, client, answer, instant):
    server.then(answer(body, status))
    with pytest.raises(AmazonUnavailable) as caught:
        client.search_orders(updated_after=instant)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert caught.value.operation == "searchOrders"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<html>busy</html>", 503),
        ('{"errors": [{"code": "InternalFailure", "message": "sorry"}]}', 500),
        ("<html>sign in</html>", 200),
        ("", 200),
        ('{"sku": "A", "status"', 200),
        ('{"sku": "A", "status": "ACCEPTED"}', 200),
        ('{"sku": "B", "status": "ACCEPTED", "submissionId": "1"}', 200),
        ('{"sku": "A", "status": "PERHAPS", "submissionId": "1"}', 200),
        ("", 302),
    ],
)
def test_a_write_without_a_receipt_has_an_unknown_outcome(body, status, server, client, answer):
    server.then(answer(body, status))
    with pytest.raises(OutcomeUnknown):
        patch(client)


def test_a_write_that_is_answered_by_silence_has_an_unknown_outcome(server, hasty_client, answer):
    server.then(server.drip(answer("{}"), pause=0.2))
    with pytest.raises(OutcomeUnknown):
        patch(hasty_client)


def test_a_write_whose_connection_breaks_has_an_unknown_outcome(server, client, break_connection):
    server.then(break_connection)
    with pytest.raises(OutcomeUnknown):
        patch(client)


def test_a_write_that_could_not_connect_was_certainly_not_sent(tokens):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    client = AmazonClient(f"http://127.0.0.1:{port}", tokens, seller_id="A1", timeout=10)
    with pytest.raises(AmazonUnavailable) as caught:
        patch(client)
    assert not isinstance(caught.value, OutcomeUnknown)


def test_a_preview_that_fails_left_nothing_behind(server, client, answer):
    server.then(answer("", 503))
    with pytest.raises(AmazonUnavailable) as caught:
        client.patch_listings_item("A", ["A1PA6795UKMFR9"], "PRODUCT", PATCH, preview=True)
    assert not isinstance(caught.value, OutcomeUnknown)


COMPLETE = '{"orders": []}'


def test_headers_that_drip_are_cut_at_the_total_time_limit(server, hasty_client, answer, instant):
    # Each byte comes well within a read time-out; only the whole takes too long.
    server.then(server.drip(answer(COMPLETE), pause=0.03))
    with pytest.raises(AmazonUnavailable):
        hasty_client.search_orders(updated_after=instant)


def test_a_body_that_drips_is_cut_at_the_total_time_limit(server, hasty_client, answer, instant):
    whole = answer(COMPLETE + " " * 100)
    server.then(server.drip(whole, pause=0.03, at_once=whole.index(b"{")))
    with pytest.raises(AmazonUnavailable):
        hasty_client.search_orders(updated_after=instant)


def test_the_limit_of_one_call_does_not_cut_the_next(server, client, hasty_client, answer, instant):
    server.then(server.drip(answer(COMPLETE), pause=0.03), answer(COMPLETE))
    with pytest.raises(AmazonUnavailable):
        hasty_client.search_orders(updated_after=instant)
    assert client.search_orders(updated_after=instant).orders == ()


def test_a_body_that_ends_early_is_no_answer_even_if_it_parses(server, client, instant):
    server.then(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + COMPLETE.encode())
    with pytest.raises(AmazonUnavailable):
        client.search_orders(updated_after=instant)


def test_a_chunked_body_that_ends_early_is_no_answer(server, client, instant):
    server.then(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n{"orders": []}\r\n')
    with pytest.raises(AmazonUnavailable):
        client.search_orders(updated_after=instant)


def test_a_chunked_body_that_is_whole_is_read(server, client, instant):
    server.then(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b'5\r\n{"ord\r\n9\r\ners": []}\r\n0\r\n\r\n'
    )
    assert client.search_orders(updated_after=instant).orders == ()


def test_an_answer_larger_than_allowed_is_not_kept(server, answer):
    server.then(answer(b"x" * 5000))
    with pytest.raises(transport.NoAnswer):
        transport.send("GET", server.url, headers={}, timeout=10, limit=4999)


def test_an_answer_that_hides_its_size_is_cut_at_the_limit(server):
    chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
    server.then(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 5 + b"0\r\n\r\n")
    with pytest.raises(transport.NoAnswer):
        transport.send("GET", server.url, headers={}, timeout=10, limit=4999)


def test_an_answer_of_exactly_the_allowed_size_is_kept(server, answer):
    server.then(answer(b"x" * 4999))
    assert len(transport.send("GET", server.url, headers={}, timeout=10, limit=4999).body) == 4999


def test_a_redirect_is_not_followed_so_the_token_stays_here(server, client, answer, instant, other_server):
    other_server.then(answer(COMPLETE))
    server.then(answer("", 307, Location=f"{other_server.url}/elsewhere"))
    with pytest.raises(AmazonUnavailable):
        client.search_orders(updated_after=instant)
    assert other_server.requests == []


def test_proxies_and_netrc_of_the_environment_are_ignored(
    server, client, answer, instant, other_server, monkeypatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", other_server.url)
    monkeypatch.setenv("http_proxy", other_server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.then(answer(COMPLETE))
    client.search_orders(updated_after=instant)
    assert other_server.requests == []
    assert not any(line.lower().startswith("authorization") for line in server.heads()[0])


def test_cookies_do_not_travel_from_one_account_to_another(server, client, answer, instant):
    server.then(answer(COMPLETE, Set_Cookie="session=of-somebody; Path=/"), answer(COMPLETE))
    client.search_orders(updated_after=instant)
    client.search_orders(updated_after=instant)
    assert not any(line.lower().startswith("cookie") for line in server.heads()[1])


def test_a_certificate_nobody_vouches_for_is_refused(tokens, instant, self_signed):
    client = AmazonClient(self_signed, tokens, seller_id="A1", timeout=10)
    with pytest.raises(AmazonUnavailable, match="certificate"):
        client.search_orders(updated_after=instant)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://sellingpartnerapi-eu.amazon.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "https://",
        "sellingpartnerapi-eu.amazon.com",
        "https://me:secret@sellingpartnerapi-eu.amazon.com",
        "https://sellingpartnerapi-eu.amazon.com/?x=1",
    ],
)
def test_an_endpoint_without_encryption_is_refused(endpoint, tokens):
    with pytest.raises(ConfigurationError) as caught:
        AmazonClient(endpoint, tokens, seller_id="A1")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:8000", "http://localhost:1/", "http://[::1]:9", "https://api.amazon.com"]
)
def test_loopback_may_do_without_encryption(endpoint):
    assert transport.checked_endpoint(endpoint) == endpoint.rstrip("/")


def test_the_user_agent_has_amazons_form():
    form = transport.format_user_agent(
        "my (odd)/app", "1.0", {"Language": "Python/3.11.7", "Platform": "A;B=(C)\r\nX: y ä"}
    )
    assert form == r"my \(odd)\/app/1.0 (Language=Python/3.11.7; Platform=A\;B\=\(C\)X: y )"


def test_the_user_agent_never_exceeds_500_characters():
    attributes = {f"Key{n}": "v" * 60 for n in range(20)}
    form = transport.format_user_agent("n" * 400, "1", attributes)
    assert len(form) <= 500
    assert form.endswith(")")


def test_our_own_user_agent_names_the_project_and_python(server, client, answer, instant):
    server.then(answer(COMPLETE))
    client.search_orders(updated_after=instant)
    agent = next(line for line in server.heads()[0] if line.startswith("User-Agent: "))
    assert agent.startswith("User-Agent: flask-amazon-channel/")
    assert "(Language=Python/3." in agent
    assert "; Platform=" in agent


def test_each_thread_has_a_session_of_its_own():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(wire.session).result() is not wire.session()
    assert wire.session() is wire.session()


def test_a_forked_worker_does_not_share_its_parents_connections():
    parents = wire.session()
    child = os.fork()
    if child == 0:
        os._exit(0 if wire.session() is not parents else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert wire.session() is parents
