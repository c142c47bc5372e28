"""getListingsRestrictions, and what a restriction does to submissions."""

from typing import Any

import pytest

from flask_amazon_channel.simulator.control.refused import Refused

from .conftest import DE, FR, UK, Client, set_price
from .submissions import codes, ean, is_missing, put, put_offer, settle, whole

LAMP = "B000000002"


def _ask(client: Client, asin: str = LAMP, **query: str) -> Any:
    query = {"asin": asin, "sellerId": client.seller, "marketplaceIds": DE, **query}
    return client.get("/listings/2021-08-01/restrictions", **query)


def _reasons(client: Client, asin: str = LAMP, **query: str) -> list[tuple[str, str]]:
    answer = _ask(client, asin, **query)
    assert answer.status_code == 200, answer.text
    return [(each["marketplaceId"], each["reasons"][0]["reasonCode"]) for each in answer.json()["restrictions"]]


def test_nothing_is_restricted_at_first(client: Client) -> None:
    assert _reasons(client, marketplaceIds=f"{DE},{FR}") == []


def test_a_restriction_holds_in_its_marketplace_with_a_link_to_the_approval(client: Client) -> None:
    client.amazon.restrict(client.seller, DE, asin=LAMP)
    assert _reasons(client, marketplaceIds=f"{DE},{FR}") == [(DE, "APPROVAL_REQUIRED")]
    [link] = _ask(client).json()["restrictions"][0]["reasons"][0]["links"]
    assert link["verb"] == "GET"
    assert link["resource"].endswith(f"asin={LAMP}")
    assert _reasons(client, "B000000001") == []


def test_a_restriction_may_be_of_one_condition(client: Client) -> None:
    client.amazon.restrict(client.seller, DE, asin=LAMP, condition="used_good", reason="NOT_ELIGIBLE")
    assert _reasons(client, conditionType="new_new") == []
    assert _reasons(client, conditionType="used_good") == [(DE, "NOT_ELIGIBLE")]
    [restriction] = _ask(client).json()["restrictions"]
    assert (restriction["conditionType"], restriction["reasons"][0]["links"]) == ("used_good", [])


def test_a_restriction_may_be_of_a_brand(client: Client) -> None:
    client.amazon.add_product("Teapot", [DE], brand="Okami", asin="B0TEAPOT01")
    client.amazon.restrict(client.seller, DE, brand="okami")
    assert _reasons(client, "B0TEAPOT01") == [(DE, "APPROVAL_REQUIRED")]
    assert _reasons(client) == []


def test_an_asin_that_does_not_exist_is_told(client: Client) -> None:
    assert _reasons(client, "B0NOTHING1", marketplaceIds=f"{DE},{FR}") == [
        (DE, "ASIN_NOT_FOUND"),
        (FR, "ASIN_NOT_FOUND"),
    ]


def test_errors_are_a_bare_list(client: Client) -> None:
    answer = _ask(client, "BAD_ASIN")
    assert (answer.status_code, answer.json()[0]["code"]) == (400, "BAD_REQUEST")
    assert answer.json()[0]["message"] == "Invalid 'asin' provided."
    assert _ask(client, conditionType="shiny").status_code == 400
    assert _ask(client, marketplaceIds="").status_code == 400
    assert _ask(client, sellerId="").status_code == 400
    for answer in (_ask(client, sellerId="A1OTHER"), _ask(client, marketplaceIds=UK)):
        assert (answer.status_code, answer.json()[0]["code"]) == (403, "Unauthorized")


def test_a_new_offer_that_is_restricted_is_invalid_and_an_old_one_goes_on(client: Client) -> None:
    client.amazon.restrict(client.seller, DE, asin=LAMP)
    answer = put_offer(client, "LAMP-2", LAMP)
    assert (answer["status"], codes(answer)) == ("INVALID", ["18742"])
    assert answer["issues"][0]["categories"] == ["QUALIFICATION_REQUIRED"]
    assert is_missing(client, "LAMP-2")
    assert client.patch("LAMP", set_price(42.0))["status"] == "ACCEPTED"
    client.amazon.lift_restrictions(asin=LAMP)
    assert put_offer(client, "LAMP-2", LAMP)["status"] == "ACCEPTED"


def test_a_patch_that_makes_an_offer_is_restricted_too(client: Client) -> None:
    selector = [{"marketplace_id": DE, "audience": "ALL"}]
    client.patch("LAMP", {"op": "delete", "path": "/attributes/purchasable_offer", "value": selector})
    settle(client)
    client.amazon.restrict(client.seller, DE, asin=LAMP)
    assert codes(client.patch("LAMP", set_price(42.0))) == ["18742"]


def test_a_brand_that_is_restricted_cannot_be_listed_under_a_new_product(client: Client) -> None:
    attributes = whole(ean(8))
    brand = attributes["brand"][0]["value"]
    client.amazon.restrict(client.seller, DE, brand=brand)
    assert "18742" in codes(put(client, "NEW", attributes))


def test_restrictions_are_lifted_by_their_facts(client: Client) -> None:
    client.amazon.restrict(client.seller, DE, asin=LAMP)
    client.amazon.restrict(client.seller, FR, asin=LAMP)
    client.amazon.lift_restrictions(marketplace=DE)
    assert _reasons(client, marketplaceIds=f"{DE},{FR}") == [(FR, "APPROVAL_REQUIRED")]
    client.amazon.load(client.amazon.save())
    assert _reasons(client, marketplaceIds=FR) == [(FR, "APPROVAL_REQUIRED")]
    client.amazon.lift_restrictions()
    assert _reasons(client, marketplaceIds=f"{DE},{FR}") == []


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"asin": LAMP, "brand": "Okami"},
        {"asin": LAMP, "reason": "BAD_LUCK"},
        {"asin": LAMP, "condition": "shiny"},
        {"asin": LAMP, "marketplace": UK},
        {"asin": LAMP, "seller": "A1OTHER"},
    ],
)
def test_a_restriction_that_makes_no_sense_is_refused(client: Client, facts: dict[str, str]) -> None:
    facts = {"seller": client.seller, "marketplace": DE, **facts}
    with pytest.raises(Refused):
        client.amazon.restrict(**facts)
    with pytest.raises(Refused, match="Unknown facts"):
        client.amazon.lift_restrictions(country="DE")
