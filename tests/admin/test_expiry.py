"""The page of an account says what runs out soon, and why it rests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flask_amazon_channel.models import AccountState, ClientSecret, SellerAccount
from flask_amazon_channel.models.secrets import fingerprint
from tests.admin.conftest import Pages
from tests.admin.making import NOW


@pytest.fixture
def account(pages: Pages) -> SellerAccount:
    account = SellerAccount(seller_id="A1", region="eu", name="Potter", connected_at=NOW)
    pages.db.session.add(account)
    pages.db.session.commit()
    return account


def test_an_authorisation_that_ends_soon_is_shown_on_the_accounts_page(pages: Pages, account: SellerAccount) -> None:
    assert "authorisation ends on" not in pages.text("/accounts/1")
    account.authorised_at = NOW - timedelta(days=345, hours=12)
    pages.db.session.commit()
    assert "authorisation ends on" in pages.text("/accounts/1")
    assert "in 20 days" in pages.text("/accounts/1")


def test_a_client_secret_that_ends_soon_is_shown_on_the_accounts_page(pages: Pages, account: SellerAccount) -> None:
    from flask_amazon_channel.channel import installed

    channel = installed(pages.app)
    assert channel is not None
    mine = channel.config.lwa_client_secret
    facts = {"client_id": channel.config.lwa_client_id, "fingerprint": fingerprint(mine), "received_at": NOW}
    pages.db.session.add(ClientSecret(**facts, expires_at=NOW + timedelta(days=3)))
    pages.db.session.commit()
    page = pages.text("/accounts/1")
    assert "client secret ends on" in page
    assert "rotate-secret" in page
    assert fingerprint(mine) not in page


def test_f22_an_account_that_waits_for_the_secret_says_so(pages: Pages, account: SellerAccount) -> None:
    account.state, account.problem = AccountState.NEEDS_SECRET, "Amazon does not accept the client secret."
    pages.db.session.commit()
    page = pages.text("/accounts/1")
    assert "Needs the client secret" in page
    assert "Amazon does not accept the client secret." in page
