"""What tests of the market ask the simulator for."""

from typing import Any
from urllib.parse import quote

from .conftest import DE, Client

LAMP = "B000000002"  # 49.00 EUR, and nobody else sells it
PRICES = "/products/pricing/v0"
BATCHES = "/batches/products/pricing"

Shape = dict[str, Any]


def rival(price: str | None, seller: str = "ARIVAL", **facts: Any) -> Shape:
    return {"seller": seller, "price": price, **facts}


def set_rivals(client: Client, *offers: Shape, **facts: Any) -> Shape:
    return client.amazon.put_offers(LAMP, DE, list(offers), **facts)


def rival_price(client: Client, seller: str = "ARIVAL") -> str | None:
    """What a competitor asks for the lamp now, or "gone"."""
    offers = client.amazon.offers(LAMP, DE)["offers"]
    return next((each["price"] for each in offers if each["seller"] == seller), "gone")


def winner(client: Client) -> str | None:
    """Who has the Buy Box of the lamp."""
    found: dict[str, str] = client.amazon.offers(LAMP, DE)["featured"]
    return found.get("New")


def ask(client: Client, price: str) -> None:
    """Our price of the lamp is live at once."""
    client.amazon.put_listing(client.seller, DE, "LAMP", price=price)


def answered(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(path, **{"MarketplaceId": DE, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()["payload"]


def item_offers(client: Client, asin: str = LAMP, **query: Any) -> Any:
    return answered(client, f"{PRICES}/items/{asin}/offers", **{"ItemCondition": "New", **query})


def listing_offers(client: Client, sku: str = "LAMP", **query: Any) -> Any:
    return answered(client, f"{PRICES}/listings/{quote(sku, safe='')}/offers", **{"ItemCondition": "New", **query})


def refusal(client: Client, path: str, **query: Any) -> str:
    """The sentence of a bad request."""
    answer = client.get(path, **query)
    assert answer.status_code == 400, answer.text
    return str(answer.json()["errors"][0]["message"])


def post(client: Client, path: str, requests: list[Shape] | Any) -> Any:
    return client.call("POST", path, None, {"requests": requests})
