"""The consent page, its errors, and the way from the Appstore."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.control.refused import Refused

from .conftest import DE, Client

BACK = "http://127.0.0.1:5000/amazon/callback"
LOGIN = "http://127.0.0.1:5000/amazon/login"


def press(client: Client, button: str, seller: str = "", **query: str) -> requests.Response:
    """Open the consent page and press one of its buttons."""
    query = {"application_id": client.account["application_id"], "state": "s", "redirect_uri": BACK, **query}
    url = f"{client.amazon.url}/apps/authorize/consent"
    page = client.http.get(url, params=query, timeout=10)
    assert page.status_code == 200, page.text
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
    found = re.search(rf'<button type="submit"(?: formaction="([^"]*)" formnovalidate)?>{button}</button>', page.text)
    assert found
    url = client.amazon.url + (found[1] or "/apps/authorize/consent")
    return client.http.post(url, data={**form, "seller": seller or client.seller}, allow_redirects=False, timeout=10)


def carried(answer: requests.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def test_confirming_leads_back_with_a_code_and_no_referrer(client: Client) -> None:
    answer = press(client, "Confirm")
    assert set(carried(answer)) == {"state", "selling_partner_id", "spapi_oauth_code"}
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_cancelling_leads_back_with_an_error_and_without_a_code(client: Client) -> None:
    back = carried(press(client, "Cancel"))
    assert (back["error"], back["state"]) == ("access_denied", "s")
    assert "spapi_oauth_code" not in back


def redeem(client: Client, code: str, **more: str) -> requests.Response:
    return client.sign_in(grant_type="authorization_code", code=code, **more)


@pytest.mark.parametrize(("uri", "status"), [(BACK, 200), ("", 200), ("http://127.0.0.1:5000/other", 400)])
def test_a_redirect_uri_that_comes_with_a_code_is_that_of_the_consent(client: Client, uri: str, status: int) -> None:
    code = carried(press(client, "Confirm"))["spapi_oauth_code"]
    answer = redeem(client, code, redirect_uri=uri)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"] == "invalid_grant"
        assert redeem(client, code).json()["error"] == "invalid_grant"  # the code has served


def test_no_more_sellers_than_the_limit_may_authorise_the_application(client: Client, amazon: Amazon) -> None:
    other = amazon.add_seller([DE])["seller_id"]
    amazon.change_seller(other, revoked=True)
    amazon.settings(consent_limit=1)
    refused = press(client, "Confirm", seller=other)
    assert (refused.status_code, "CONSENT_LIMIT_REACHED" in refused.text) == (400, True)
    assert press(client, "Confirm").status_code == 302  # who authorised it before may do so again
    amazon.settings(consent_limit=None)
    assert press(client, "Confirm", seller=other).status_code == 302


def test_a_consent_for_a_seller_that_does_not_exist_is_refused(client: Client) -> None:
    assert press(client, "Confirm", seller="A0NOBODY").status_code == 400


def test_an_authorisation_can_end_after_a_year_and_is_renewed_by_consent(client: Client, amazon: Amazon) -> None:
    amazon.advance(366 * 86400)
    assert client.sign_in().status_code == 200
    amazon.settings(authorisation_expiry=True)
    assert client.get("/sellers/v1/marketplaceParticipations").status_code == 403
    assert client.sign_in().json()["error"] == "invalid_grant"
    assert redeem(client, carried(press(client, "Confirm"))["spapi_oauth_code"]).status_code == 200
    assert client.sign_in().status_code == 200


def start(client: Client) -> dict[str, str]:
    """Authorize Now in the Appstore: what the application's login page gets."""
    url = f"{client.amazon.url}/selling-partner-appstore/dp/{client.account['application_id']}"
    assert "Authorize Now" in client.http.get(url, timeout=10).text
    answer = client.http.post(url, data={"seller": client.seller}, allow_redirects=False, timeout=10)
    assert answer.headers["Location"].startswith(f"{LOGIN}?")
    return carried(answer)


def go_on(client: Client, start: dict[str, str], **query: Any) -> requests.Response:
    query = {"amazon_state": start["amazon_state"], "state": "mine", "redirect_uri": BACK, **query}
    uri = start["amazon_callback_uri"]
    return client.http.get(uri, params=query, allow_redirects=False, timeout=10)


def test_the_way_from_the_appstore_leads_through_the_login_page_and_back(client: Client, amazon: Amazon) -> None:
    amazon.change_application(login_uri=LOGIN)
    begun = start(client)
    assert set(begun) == {"amazon_callback_uri", "amazon_state", "selling_partner_id"}
    back = carried(go_on(client, begun))
    assert (back["state"], back["selling_partner_id"]) == ("mine", client.seller)
    assert redeem(client, back["spapi_oauth_code"], redirect_uri=BACK).status_code == 200


def test_the_appstore_says_that_the_application_is_a_draft(client: Client, amazon: Amazon) -> None:
    amazon.change_application(login_uri=LOGIN)
    amazon.settings(draft=True)
    begun = start(client)
    assert begun["version"] == "beta"
    assert "Error MD1000" in go_on(client, begun).text
    assert go_on(client, begun, version="beta").status_code == 302


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amazon_state": "forged"}, "MD1000"),
        ({"state": ""}, "MD5100"),
        ({"redirect_uri": "https://evil.example/"}, "MD5101"),
        ({"redirect_uri": ""}, "MD9100"),
    ],
)
def test_a_wrong_way_from_the_appstore_ends_on_an_error_page(
    client: Client, amazon: Amazon, changes: dict[str, str], error: str
) -> None:
    amazon.change_application(login_uri=LOGIN)
    answer = go_on(client, start(client), **changes)
    assert (answer.status_code, f"Error {error}" in answer.text) == (400, True)


def test_the_way_from_the_appstore_ends_after_ten_minutes(client: Client, amazon: Amazon) -> None:
    amazon.change_application(login_uri=LOGIN)
    begun = start(client)
    amazon.advance(601)
    assert "Error MD1000" in go_on(client, begun).text


def test_the_appstore_needs_a_login_uri_on_this_machine(client: Client, amazon: Amazon) -> None:
    url = f"{amazon.url}/selling-partner-appstore/dp/{client.account['application_id']}"
    assert "Error MD9100" in client.http.get(url, timeout=10).text
    amazon.change_application(login_uri="https://evil.example/")
    assert "Error MD5101" in client.http.get(url, timeout=10).text
    assert "Error MD1000" in client.http.get(url + "x", timeout=10).text


@pytest.mark.parametrize(
    "changes", [{"colour": "red"}, {"grants": ["password"]}, {"redirect_uris": "http://127.0.0.1"}]
)
def test_the_application_is_not_changed_to_nonsense(amazon: Amazon, changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        amazon.change_application(**changes)
