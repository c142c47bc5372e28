"""Connecting an account through Amazon's consent page: the simulator's, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa

from flask_amazon_channel.admin.connecting import CONSENT
from flask_amazon_channel.channel import current
from flask_amazon_channel.models import SellerAccount, Store
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.testing.local_amazon import configuration
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import make_app

RETURN = "http://127.0.0.1:5000/amazon/connect/return"
GERMANY, FRANCE = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    with Amazon(seed=1) as running:
        yield running


@pytest.fixture
def seller(amazon: Amazon) -> str:
    return str(amazon.add_seller([GERMANY, FRANCE])["seller_id"])


@pytest.fixture
def pages(database_uri: str, amazon: Amazon) -> Iterator[Pages]:
    facts = amazon.add_seller([GERMANY])
    app, db, person = make_app(database_uri, **{**configuration(amazon, facts), "AMAZON_CHANNEL_REDIRECT_URI": RETURN})
    with app.app_context():
        yield Pages(app, db, making.SmallShop(), person)
        db.session.remove()
        db.engine.dispose()


def link_to_amazon(pages: Pages) -> str:
    """Fill in the form and return the link to Amazon on the page that follows."""
    answer = pages.post("/connect", name="Potter", region="eu")
    assert (answer.status_code, answer.location) == (303, "/amazon/connect/continue")
    page = pages.get("/connect/continue").text
    return page.split('href="http')[1].split('"')[0].replace("&amp;", "&")


def consent(pages: Pages, seller: str) -> str:
    """Give the permission at Amazon; return the path that Amazon sends the browser back to."""
    query = parse_qs(urlsplit("http" + link_to_amazon(pages)).query)
    fields = {name: values[0] for name, values in query.items()}
    url = current().config.consent_endpoint + "/apps/authorize/consent"
    answer = requests.post(url, data={**fields, "seller": seller}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path.removeprefix('/amazon')}?{back.query}"


def accounts(pages: Pages) -> list[SellerAccount]:
    return list(pages.db.session.scalars(sa.select(SellerAccount)))


def test_an_account_is_connected_and_every_marketplace_waits_to_be_activated(pages: Pages, seller: str) -> None:
    answer = pages.get(consent(pages, seller))
    assert (answer.status_code, answer.location) == (303, "/amazon/accounts/1/onboarding/marketplaces")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    (account,) = accounts(pages)
    assert (account.seller_id, account.region, account.name) == (seller, "eu", "Potter")
    assert {store.country_code for store in account.stores} == {"DE", "FR"}
    assert not any(store.is_active for store in account.stores)
    page = pages.text("/accounts/1")
    assert "Potter is connected. Choose the stores" in page
    assert page.count("Activate") == 2
    pages.post("/stores/1/activate", "/accounts/1", back="account")
    assert pages.db.session.get_one(Store, 1).is_active


def test_the_random_state_has_256_bits_and_is_new_each_time(pages: Pages, seller: str) -> None:
    states = {parse_qs(urlsplit("http" + link_to_amazon(pages)).query)["state"][0] for _ in range(3)}
    assert len(states) == 3
    assert all(len(state) == 43 for state in states)


def test_a_return_cannot_be_used_twice(pages: Pages, seller: str) -> None:
    path = consent(pages, seller)
    assert pages.get(path).status_code == 303
    again = pages.get(path)
    assert again.status_code == 400
    assert "Start again" in said(again)
    assert len(accounts(pages)) == 1


def test_a_return_in_another_browser_connects_nothing(pages: Pages, seller: str) -> None:
    path = consent(pages, seller)
    answer = pages.app.test_client().get(f"/amazon{path}")
    assert answer.status_code == 400
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert accounts(pages) == []


@pytest.mark.parametrize("state", ["", "forged", "\udcff", "é"])
def test_a_forged_return_connects_nothing_and_leaves_the_true_one_usable(pages: Pages, seller: str, state: str) -> None:
    true = consent(pages, seller)
    forged = pages.get("/connect/return", query_string={
        "state": state.encode(errors="surrogateescape"), "selling_partner_id": seller, "spapi_oauth_code": "x",
    })  # fmt: skip
    assert forged.status_code == 400
    assert accounts(pages) == []
    assert pages.get(true).status_code == 303


def test_a_return_after_ten_minutes_connects_nothing(pages: Pages, seller: str) -> None:
    path = consent(pages, seller)
    current().clock = lambda: making.NOW + timedelta(minutes=10, seconds=1)
    answer = pages.get(path)
    assert answer.status_code == 400
    assert "ten minutes" in said(answer)
    assert accounts(pages) == []


def test_a_code_that_amazon_refuses_is_explained(pages: Pages, seller: str) -> None:
    path = consent(pages, seller).rpartition("spapi_oauth_code=")[0] + "spapi_oauth_code=Sforged"
    answer = pages.get(path)
    assert answer.status_code == 502
    assert "start again" in said(answer)
    assert "Sforged" not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert accounts(pages) == []


def test_a_return_without_permission_says_so(pages: Pages, seller: str) -> None:
    path = consent(pages, seller).partition("&spapi_oauth_code")[0]
    answer = pages.get(path)
    assert (answer.status_code, accounts(pages)) == (400, [])
    assert "without its permission" in said(answer)


def test_an_account_is_connected_again_only_as_the_same_seller(pages: Pages, amazon: Amazon, seller: str) -> None:
    pages.get(consent(pages, seller))
    (account,) = accounts(pages)
    account.state, account.problem = "disconnected", "The consent was revoked."
    pages.db.session.commit()
    assert "The consent was revoked." in pages.text("/accounts/1")

    pages.post("/accounts/1/reconnect", "/accounts/1")
    page = pages.get("/connect/continue")
    assert seller in said(page)
    with pages.browser.session_transaction() as session:
        state = session[CONSENT]["state"]
    other = str(amazon.add_seller([GERMANY])["seller_id"])
    answer = pages.get("/connect/return", query_string={
        "state": state, "selling_partner_id": other, "spapi_oauth_code": "x",
    })  # fmt: skip
    assert answer.status_code == 400
    assert "another seller" in said(answer)
    (account,) = accounts(pages)
    assert account.problem == "The consent was revoked."


def test_the_form_says_what_is_missing(pages: Pages) -> None:
    answer = pages.post("/connect", name=" ", region="moon")
    assert answer.status_code == 422
    assert "Give the account a name." in said(answer)


def test_an_installation_without_keys_says_which_to_set(database_uri: str) -> None:
    app, db, _ = make_app(database_uri, AMAZON_CHANNEL_APPLICATION_ID="", AMAZON_CHANNEL_LWA_CLIENT_SECRET="")
    page = said(app.test_client().get("/amazon/connect"))
    assert "AMAZON_CHANNEL_APPLICATION_ID" in page
    assert "AMAZON_CHANNEL_LWA_CLIENT_SECRET" in page
    assert "AMAZON_CHANNEL_LWA_CLIENT_ID" not in page
    with app.app_context():
        db.engine.dispose()


def test_nobody_comes_to_amazon_without_the_form(pages: Pages) -> None:
    assert pages.get("/connect/continue").location == "/amazon/connect"
