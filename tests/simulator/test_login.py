"""Login with Amazon and the consent page."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, JP, US, Client

BACK = "http://127.0.0.1:5000/amazon/callback"


def test_a_refresh_token_gives_an_access_token_for_one_hour(client: Client) -> None:
    answer = client.sign_in().json()
    assert answer["access_token"].startswith("Atza|")
    assert answer["expires_in"] == 3600
    assert answer["refresh_token"] == client.account["refresh_token"]
    assert client.get("/sellers/v1/marketplaceParticipations").status_code == 200
    client.amazon.advance(3601)
    refused = client.get("/sellers/v1/marketplaceParticipations")
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["details"] == "The access token you provided has expired."


def test_a_wrong_secret_is_an_invalid_client_and_a_wrong_token_an_invalid_grant(client: Client) -> None:
    answer = client.sign_in(client_secret="guessed")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    answer = client.sign_in(refresh_token="Atzr|guessed")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    answer = client.sign_in(grant_type="password")
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_a_revoked_seller_can_neither_sign_in_nor_use_a_token_that_it_has(client: Client) -> None:
    client.sign_in()
    client.amazon.change_seller(client.seller, revoked=True)
    assert client.get("/sellers/v1/marketplaceParticipations").status_code == 403
    assert client.sign_in().json()["error"] == "invalid_grant"


def test_a_rotated_secret_lives_for_seven_more_days(client: Client) -> None:
    fresh = client.amazon.change_seller(client.seller, rotate_secret=True)["client_secret"]
    assert client.sign_in().status_code == 200
    client.amazon.advance(7 * 86400 + 1)
    assert client.sign_in().json()["error"] == "invalid_client"
    assert client.sign_in(client_secret=fresh).status_code == 200


def test_a_second_rotation_does_not_lengthen_the_life_of_the_first_secret(client: Client) -> None:
    client.amazon.change_application(rotate_secret=True)
    client.amazon.advance(6 * 86400)
    client.amazon.change_application(rotate_secret=True)
    assert client.sign_in().status_code == 200
    client.amazon.advance(86400 + 1)
    assert client.sign_in().json()["error"] == "invalid_client"


def test_a_secret_can_end_at_once(client: Client) -> None:
    client.amazon.change_seller(client.seller, rotate_secret="at_once")
    assert client.sign_in().json()["error"] == "invalid_client"


def visit(client: Client, **changes: Any) -> requests.Response:
    query = {
        "application_id": client.account["application_id"],
        "state": "s&1",
        "redirect_uri": BACK,
        **changes,
    }
    return client.http.get(f"{client.amazon.url}/apps/authorize/consent", params=query, timeout=10)


def confirm(client: Client) -> dict[str, str]:
    """Press the Confirm button of the page, and answer what the browser carries back."""
    page = visit(client).text
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    form["state"] = form["state"].replace("&amp;", "&")
    form["seller"] = client.seller
    url = f"{client.amazon.url}/apps/authorize/consent"
    answer = client.http.post(url, data=form, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(BACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def test_consent_leads_back_with_a_code_that_serves_once(client: Client) -> None:
    back = confirm(client)
    assert back["state"] == "s&1"
    assert back["selling_partner_id"] == client.seller
    answer = client.sign_in(grant_type="authorization_code", code=back["spapi_oauth_code"])
    assert answer.status_code == 200
    fresh = answer.json()["refresh_token"]
    assert fresh != client.account["refresh_token"]
    assert client.sign_in(refresh_token=fresh).status_code == 200
    assert client.sign_in().status_code == 200  # the earlier refresh token lives on
    again = client.sign_in(grant_type="authorization_code", code=back["spapi_oauth_code"])
    assert again.json()["error"] == "invalid_grant"


def test_a_code_lives_for_five_minutes(client: Client) -> None:
    back = confirm(client)
    client.amazon.advance(301)
    answer = client.sign_in(grant_type="authorization_code", code=back["spapi_oauth_code"])
    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"application_id": "amzn1.sellerapps.app.other"}, "MD1000"),
        ({"redirect_uri": None}, "MD9100"),
        ({"redirect_uri": BACK + "#top"}, "MD5110"),
        ({"redirect_uri": "https://evil.example/"}, "MD5101"),
        ({"state": None}, "MD5100"),
    ],
)
def test_the_consent_page_refuses_what_amazon_refuses(client: Client, changes: dict[str, Any], error: str) -> None:
    answer = visit(client, **changes)
    assert answer.status_code == 400
    assert f"Error {error}" in answer.text


def test_a_redirect_uri_must_be_one_of_the_registered_ones(client: Client) -> None:
    client.amazon.change_seller(client.seller, redirect_uris=["http://127.0.0.1:5000/other"])
    assert "Error MD5101" in visit(client).text
    assert visit(client, redirect_uri=None).status_code == 200


def test_a_draft_application_needs_version_beta(client: Client) -> None:
    client.amazon.settings(draft=True)
    assert "Error MD1000" in visit(client).text
    assert visit(client, version="beta").status_code == 200


def test_the_consent_page_escapes_what_comes_from_outside(client: Client) -> None:
    client.amazon.change_seller(client.seller, store_name="<script>alert(1)</script>")
    page = visit(client, state='"><script>alert(2)</script>').text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_seller_belongs_to_one_region(amazon: Amazon) -> None:
    assert amazon.add_seller([JP])["region"] == "fe"
    with pytest.raises(Exception, match="one region"):
        amazon.add_seller([DE, US])


GRANTS = {
    "refresh_token": ("refresh_token",),
    "authorization_code": ("code",),
    "client_credentials": ("scope",),
}


@pytest.mark.parametrize(
    ("grant", "missing"),
    [(grant, name) for grant, own in GRANTS.items() for name in (*own, "client_id", "client_secret")],
)
def test_a_missing_parameter_is_an_invalid_request_that_names_it(client: Client, grant: str, missing: str) -> None:
    more = {"scope": "sellingpartnerapi::notifications", "code": "S0", "refresh_token": "Atzr|0"}
    answer = client.sign_in(**{"grant_type": grant, **more, missing: ""})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert answer.json()["error_description"].endswith(missing)


def test_a_missing_grant_type_is_an_invalid_request(client: Client) -> None:
    assert client.sign_in(grant_type="").json()["error"] == "invalid_request"


@pytest.mark.parametrize("scope", ["sellingpartnerapi::migration", "profile"])
def test_a_scope_that_there_is_not_is_an_invalid_scope(client: Client, scope: str) -> None:
    answer = client.sign_in(grant_type="client_credentials", scope=scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_a_grant_that_the_application_may_not_use_is_unauthorised(client: Client) -> None:
    client.amazon.change_application(grants=["refresh_token"])
    answer = client.sign_in(grant_type="client_credentials", scope="sellingpartnerapi::notifications")
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    assert client.sign_in().status_code == 200


def test_a_secret_can_end_after_180_days(client: Client) -> None:
    client.amazon.advance(181 * 86400)
    assert client.sign_in().status_code == 200
    client.amazon.settings(secret_expiry=True)
    assert client.sign_in().json()["error"] == "invalid_client"
    fresh = client.amazon.change_application(rotate_secret="at_once")["client_secret"]
    assert client.sign_in(client_secret=fresh).status_code == 200


def test_tokens_can_be_as_long_as_amazon_allows(client: Client) -> None:
    client.amazon.settings(token_length=2048)
    assert len(client.sign_in().json()["access_token"]) == 2048
    assert client.get("/sellers/v1/marketplaceParticipations").status_code == 200
    with pytest.raises(ValueError, match="32 to 2048"):
        client.amazon.settings(token_length=2049)


def test_answers_of_the_token_endpoint_are_not_to_be_stored(client: Client) -> None:
    assert client.sign_in().headers["Cache-Control"] == "no-store"
    assert client.sign_in(client_secret="wrong").headers["Cache-Control"] == "no-store"


def test_a_secret_is_rotated_by_a_grantless_call_and_comes_by_notification(client: Client) -> None:
    path = "/applications/2023-11-30/clientSecret"
    client.amazon.settings(application_queue="arn:aws:sqs:eu-west-1:123456789012:secrets")
    client.sign_in()
    assert client.call("POST", path).status_code == 403  # a seller's token does not open it
    client.sign_in(grant_type="client_credentials", scope="sellingpartnerapi::notifications")
    assert client.call("POST", path).status_code == 403  # nor does another scope
    client.sign_in(grant_type="client_credentials", scope="sellingpartnerapi::client_credential:rotation")
    assert client.call("POST", path).status_code == 204
    secrets = client.amazon.save()["state"]["application"]["secrets"]
    assert len(secrets) == 2
    assert client.sign_in(client_secret=secrets[1]["value"]).status_code == 200
    client.amazon.advance(7 * 86400 + 1)
    assert client.sign_in().json()["error"] == "invalid_client"


def test_a_secret_is_not_rotated_without_a_queue_for_it(client: Client) -> None:
    client.sign_in(grant_type="client_credentials", scope="sellingpartnerapi::client_credential:rotation")
    answer = client.call("POST", "/applications/2023-11-30/clientSecret")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")
