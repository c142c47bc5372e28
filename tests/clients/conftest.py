"""A local Amazon with a seller, and three published clients that were told where it is.

The official client is lenient and knows everything.  The strict one refuses an answer that lacks a required field or
has an unknown value.  The third one sends every marketplace parameter that there is, and a Host of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon

DE = "A1PA6795UKMFR9"
NOTIFICATIONS = "sellingpartnerapi::notifications"


@dataclass
class Shelf:
    """The seller and where he sells."""

    amazon: Amazon
    account: dict[str, Any]

    @property
    def seller_id(self) -> str:
        return str(self.account["seller_id"])

    @property
    def skus(self) -> list[str]:
        return [str(each["sku"]) for each in LISTINGS]


LISTINGS = [
    {"sku": "MUG/1 ä%", "asin": "B000000001", "title": "Mug", "ean": "4006381333931", "price": "9.90", "quantity": 10},
    {"sku": "LAMP", "asin": "B000000002", "title": "Lamp", "ean": "036000291452", "price": "49.00", "quantity": 3},
    {"sku": "TEA-FBA", "title": "Tea", "price": "5.00", "quantity": 7, "fulfillment": "AMAZON"},
]


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with Amazon(seed=7) as amazon:
        amazon.settings(quotas="off", submission_delay=0, report_delay=0, order_delay=0)
        yield Shelf(amazon, amazon.add_seller([DE], listings=LISTINGS))


@dataclass
class Official:
    """amzn-sp-api: `official.api("orders_v2026_01_01", "SearchOrdersApi")` gives one of its classes, ready to call."""

    shelf: Shelf
    closing: ExitStack

    def api(self, name: str, *, scope: str | None = None) -> Any:
        """One of the classes that the package exports, with a token of the seller or of the scope."""
        import spapi

        account, url = self.shelf.account, self.shelf.amazon.url
        token = None if scope else account["refresh_token"]
        config = spapi.SPAPIConfig(account["client_id"], account["client_secret"], token, "EU", scope=scope)
        client = spapi.SPAPIClient(config, oauth_endpoint=f"{url}/auth/o2/token", endpoint=url)
        self.closing.callback(client.api_client.rest_client.pool_manager.clear)
        return getattr(spapi, name)(client.api_client)


@pytest.fixture
def official(shelf: Shelf) -> Iterator[Official]:
    """It silences the logger of urllib3 for the whole process, which is undone."""
    urllib3 = logging.getLogger("urllib3")
    before = urllib3.level
    with ExitStack() as closing:
        yield Official(shelf, closing)
    urllib3.setLevel(before)


@pytest.fixture
def strict(shelf: Shelf) -> Iterator[Any]:
    """amzn-selling-partner, without its own throttling and retries."""
    from amzn_selling_partner.plugins._amazon.auth import LWAAuth, LWACredentials
    from amzn_selling_partner.sdk.client import Client

    account, url = shelf.account, shelf.amazon.url
    credentials = LWACredentials(
        client_id=account["client_id"], client_secret=account["client_secret"], refresh_token=account["refresh_token"]
    )
    auth = LWAAuth(credentials, token_url=f"{url}/auth/o2/token", base_url=url)
    with Client(base_url=url, auth=auth, throttle=False, max_retries=0) as client:
        yield client
    auth.close()


@dataclass
class Lenient:
    """python-amazon-sp-api: `lenient.api("OrdersV20260101")` gives one of its classes, ready to call."""

    shelf: Shelf
    closing: ExitStack

    def api(self, name: str, **more: Any) -> Any:
        from sp_api import api
        from sp_api.auth import AccessTokenClient
        from sp_api.base import Marketplaces

        shelf = self.shelf

        class LocalLogin(AccessTokenClient):  # type: ignore[misc]
            scheme, host = "http://", shelf.amazon.url.removeprefix("http://")

        account = shelf.account
        credentials = {
            "refresh_token": account["refresh_token"],
            "lwa_app_id": account["client_id"],
            "lwa_client_secret": account["client_secret"],
        }
        client = getattr(api, name)(
            marketplace=Marketplaces.DE, credentials=credentials, auth_token_client_class=LocalLogin, **more
        )
        client.endpoint = shelf.amazon.url
        self.closing.callback(client._transport.close)
        self.closing.callback(client._auth._transport.close)
        return client


@pytest.fixture
def lenient(shelf: Shelf) -> Iterator[Lenient]:
    """Its tokens are cached for the whole process by refresh token, so each local Amazon needs others."""
    from sp_api.auth import access_token_client

    access_token_client.cache.clear()
    access_token_client.grantless_cache.clear()
    with ExitStack() as closing:
        yield Lenient(shelf, closing)
