"""Listings as a seller submits them."""

from typing import Any

from flask_amazon_channel.simulator.product_types.examples import example_attributes
from flask_amazon_channel.simulator.shelves.numbering import check_digit

from .conftest import DE, Client, price

IMAGE = "https://images.example/lamp.jpg"


def ean(number: int) -> str:
    digits = f"400{number:09d}"
    return digits + check_digit(digits)


def value(text: Any, marketplace: str = DE) -> list[dict[str, Any]]:
    return [{"value": text, "marketplace_id": marketplace}]


def identifier(digits: str, marketplace: str = DE) -> list[dict[str, Any]]:
    return [{"type": "ean", "value": digits, "marketplace_id": marketplace}]


def whole(digits: str, marketplace: str = DE, product_type: str = "LAMP", **changes: Any) -> dict[str, Any]:
    """All that a new listing needs; a change of None leaves an attribute out."""
    attributes = example_attributes(product_type, marketplace)
    attributes["externally_assigned_product_identifier"] = identifier(digits, marketplace)
    attributes["main_product_image_locator"] = [{"media_location": IMAGE, "marketplace_id": marketplace}]
    return {name: each for name, each in {**attributes, **changes}.items() if each is not None}


def offer_only(asin: str, amount: float = 30.0, quantity: int = 5, marketplace: str = DE) -> dict[str, Any]:
    return {
        "merchant_suggested_asin": value(asin, marketplace),
        "condition_type": value("new_new", marketplace),
        "purchasable_offer": [price(amount, marketplace)],
        "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}],
    }


def try_put(client: Client, sku: str, body: Any, marketplaces: str = DE, **query: str) -> Any:
    return client.call("PUT", client.item_path(sku), {"marketplaceIds": marketplaces, **query}, body)


def put(
    client: Client,
    sku: str,
    attributes: dict[str, Any],
    requirements: str = "LISTING",
    product_type: str = "LAMP",
    marketplaces: str = DE,
    **query: str,
) -> Any:
    body = {"productType": product_type, "requirements": requirements, "attributes": attributes}
    answer = try_put(client, sku, body, marketplaces, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def put_offer(client: Client, sku: str, asin: str, **facts: Any) -> Any:
    return put(client, sku, offer_only(asin, **facts), "LISTING_OFFER_ONLY")


def try_delete(client: Client, sku: str, marketplaces: str = DE) -> Any:
    return client.call("DELETE", client.item_path(sku), {"marketplaceIds": marketplaces})


def delete(client: Client, sku: str, marketplaces: str = DE) -> Any:
    answer = try_delete(client, sku, marketplaces)
    assert answer.status_code == 200, answer.text
    return answer.json()


def settle(client: Client) -> None:
    client.amazon.advance(client.amazon.settings()["submission_delay"])


def codes(answer: Any) -> list[str]:
    return [each["code"] for each in answer["issues"]]


def named(answer: Any) -> set[str]:
    """The attributes that issues of a submission name."""
    return {name for issue in answer["issues"] for name in issue.get("attributeNames", [])}


def is_missing(client: Client, sku: str, marketplace: str = DE) -> bool:
    return client.get(client.item_path(sku), marketplaceIds=marketplace).status_code == 404
