"""Login with Amazon: what it gives, and what each of its refusals means."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from flask_amazon_channel.errors import AccountDisconnected, AmazonUnavailable, ConfigurationError, SecretRefused
from flask_amazon_channel.spapi.tokens import LoginWithAmazon, consent_url

TOKENS = {
    "access_token": "Atza|access",
    "refresh_token": "Atzr|refresh",
    "token_type": "bearer",
    "expires_in": 3600,
}


@pytest.fixture
def login(server):
    return LoginWithAmazon(server.url, "client-1", "s3cret&=", timeout=10)


def test_a_code_buys_a_refresh_token(server, login):
    server.then_json(TOKENS)
    grant = login.exchange_code("ANcode", "https://shop.example/amazon/callback")
    assert (grant.refresh_token, grant.access_token, grant.expires_in) == (
        "Atzr|refresh",
        "Atza|access",
        3600,
    )
    assert server.heads()[0][0] == "POST /auth/o2/token HTTP/1.1"
    assert parse_qs(server.bodies()[0].decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["ANcode"],
        "redirect_uri": ["https://shop.example/amazon/callback"],
        "client_id": ["client-1"],
        "client_secret": ["s3cret&="],
    }


def test_a_refresh_token_buys_an_access_token(server, login):
    server.then_json(TOKENS)
    access = login.refresh("Atzr|refresh")
    assert (access.token, access.expires_in) == ("Atza|access", 3600)


def test_a_full_token_address_is_accepted_too(server):
    server.then_json(TOKENS)
    LoginWithAmazon(f"{server.url}/auth/o2/token", "c", "s").refresh("Atzr|r")
    assert server.targets() == ["/auth/o2/token"]


@pytest.mark.parametrize("status", [400, 401])
def test_a_revoked_consent_disconnects_the_account(status, server, login):
    server.then_json({"error": "invalid_grant", "error_description": "The request has Atzr|refresh"}, status)
    with pytest.raises(AccountDisconnected, match="connect the account again") as caught:
        login.refresh("Atzr|refresh")
    assert "Atzr" not in str(caught.value)


def test_a_code_that_is_used_up_says_to_start_again(server, login):
    server.then_json({"error": "invalid_grant"}, 400)
    with pytest.raises(AccountDisconnected, match="start again"):
        login.exchange_code("ANcode")


@pytest.mark.parametrize("code", ["invalid_client", "unauthorized_client"])
def test_a_wrong_secret_names_the_setting(code, server, login):
    server.then_json({"error": code, "error_description": "Client authentication failed"}, 401)
    with pytest.raises(SecretRefused, match="AMAZON_CHANNEL_LWA_CLIENT_SECRET") as caught:
        login.refresh("Atzr|refresh")
    assert caught.value.code == code


NO_TOKEN = {
    "a 503 page": ("<html>busy</html>", 503),
    "a 200 page": ("<html>sign in</html>", 200),
    "nothing": ("", 200),
    "temporarily unavailable": ('{"error": "temporarily_unavailable"}', 503),
    "server error": ('{"error": "server_error"}', 500),
    "an error with a 200": ('{"error": "server_error", "access_token": "Atza|x", "expires_in": 3600}', 200),
    "a list": ("[]", 200),
    "no token": ('{"expires_in": 3600}', 200),
    "an empty token": ('{"access_token": "", "expires_in": 3600}', 200),
    "a token that would forge a header": ('{"access_token": "a\\r\\nHost: b", "expires_in": 3600}', 200),
    "a token with a space": ('{"access_token": "a b", "expires_in": 3600}', 200),
    "no lifetime": ('{"access_token": "Atza|x"}', 200),
    "a lifetime of nothing": ('{"access_token": "Atza|x", "expires_in": 0}', 200),
    "a lifetime in words": ('{"access_token": "Atza|x", "expires_in": "3600"}', 200),
    "a redirect": ("", 302),
}


@pytest.mark.parametrize(("body", "status"), NO_TOKEN.values(), ids=NO_TOKEN)
def test_anything_else_is_no_disconnection_and_no_token(body, status, server, login, answer):
    server.then(answer(body, status))
    with pytest.raises(AmazonUnavailable):
        login.refresh("Atzr|refresh")


def test_a_grant_without_a_refresh_token_is_refused(server, login):
    server.then_json({"access_token": "Atza|x", "expires_in": 3600})
    with pytest.raises(AmazonUnavailable, match="refresh_token"):
        login.exchange_code("ANcode")


def test_a_broken_connection_is_no_disconnection(server, login, break_connection):
    server.then(break_connection)
    with pytest.raises(AmazonUnavailable):
        login.refresh("Atzr|refresh")


def test_the_secret_does_not_travel_in_the_open():
    with pytest.raises(ConfigurationError):
        LoginWithAmazon("http://api.amazon.com", "c", "s")


def test_the_consent_page_gets_application_state_and_the_way_back():
    url = consent_url(
        "https://sellercentral-europe.amazon.com",
        application_id="amzn1.sellerapps.app.1",
        state="a&b",
        redirect_uri="https://shop.example/cb?x=1",
        beta=True,
    )
    parts = urlsplit(url)
    assert (parts.netloc, parts.path) == ("sellercentral-europe.amazon.com", "/apps/authorize/consent")
    assert parse_qs(parts.query) == {
        "application_id": ["amzn1.sellerapps.app.1"],
        "state": ["a&b"],
        "redirect_uri": ["https://shop.example/cb?x=1"],
        "version": ["beta"],
    }


def test_a_published_application_asks_without_version():
    url = consent_url("https://sellercentral.amazon.com", application_id="a", state="s")
    assert parse_qs(urlsplit(url).query) == {"application_id": ["a"], "state": ["s"]}
