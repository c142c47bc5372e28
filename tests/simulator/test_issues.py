"""Issues of live listings: what they do to a listing, who is exempt, and those that come with new rules."""

from typing import Any

import pytest

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.product_types import versions
from flask_amazon_channel.simulator.product_types.examples import example_attributes

from .conftest import DE, Client, set_price
from .submissions import ean, identifier, named, put, settle, whole


def _issue(action: str, **exemption: str) -> dict[str, Any]:
    enforcements = {"actions": [{"action": action}], "exemption": {"status": "NOT_EXEMPT", **exemption}}
    return {"code": "99300", "message": "Against the rules.", "severity": "ERROR", "categories": [],
            "enforcements": enforcements}  # fmt: skip


def _status(client: Client) -> Any:
    return client.item("LAMP", "summaries")["summaries"][0]["status"]


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("LISTING_SUPPRESSED", ["DISCOVERABLE"]),
        ("SEARCH_SUPPRESSED", ["BUYABLE"]),
        ("CATALOG_ITEM_REMOVED", []),
        ("ATTRIBUTE_SUPPRESSED", ["BUYABLE", "DISCOVERABLE"]),
    ],
)
def test_what_is_enforced_shows_in_the_status(client: Client, action: str, status: list[str]) -> None:
    client.amazon.put_listing(client.seller, DE, "LAMP", issues=[_issue(action)])
    assert _status(client) == status
    client.amazon.put_listing(client.seller, DE, "LAMP", issues=[_issue(action, status="EXEMPT")])
    assert _status(client) == ["BUYABLE", "DISCOVERABLE"]


def test_an_exemption_ends(client: Client) -> None:
    until = iso(client.amazon.world.now() + 100)
    issue = _issue("LISTING_SUPPRESSED", status="EXEMPT_UNTIL_EXPIRY_DATE", expiryDate=until)
    client.amazon.put_listing(client.seller, DE, "LAMP", issues=[issue])
    assert _status(client) == ["BUYABLE", "DISCOVERABLE"]
    client.amazon.advance(101)
    assert _status(client) == ["DISCOVERABLE"]


def test_a_listing_without_a_main_image_is_hidden_from_search(client: Client) -> None:
    bare = whole(ean(1), main_product_image_locator=None)
    put(client, "NEW", bare)
    settle(client)
    item = client.item("NEW", "summaries,issues")
    assert (item["summaries"][0]["status"], item["issues"][0]["categories"]) == (["BUYABLE"], ["MISSING_IMAGE"])
    assert "mainImage" not in item["summaries"][0]
    assert [each["sku"] for each in client.search(withIssueSeverity="ERROR")["items"]] == ["NEW"]
    put(client, "NEW", whole(ean(1)))
    settle(client)
    item = client.item("NEW", "summaries,issues")
    assert (item["summaries"][0]["status"], item["issues"]) == (["BUYABLE", "DISCOVERABLE"], [])


def test_a_product_that_others_list_has_its_picture(client: Client) -> None:
    put(client, "MUG-2", whole("4006381333931", main_product_image_locator=None))
    settle(client)
    assert client.item("MUG-2", "issues")["issues"] == []


def test_a_new_version_of_a_product_type_gives_issues_without_a_submission(client: Client) -> None:
    attributes = example_attributes("COFFEE_MAKER", DE)
    attributes["externally_assigned_product_identifier"] = identifier(ean(5))
    put(client, "BREW", attributes, product_type="COFFEE_MAKER")
    client.amazon.put_listing(client.seller, DE, "OLD", product_type="COFFEE_MAKER", price="20", quantity=1)
    settle(client)
    before = {sku: client.item(sku, "issues")["issues"] for sku in ("BREW", "OLD")}
    assert before["OLD"] == []
    versions.release(client.amazon.world, "COFFEE_MAKER")
    assert "brand" not in named({"issues": client.item("OLD", "issues")["issues"]})
    for sku in before:
        more = [each for each in client.item(sku, "issues")["issues"] if each not in before[sku]]
        assert more, sku
        assert all(each["marketplaceIds"] == [DE] for each in more)
    right = example_attributes(
        "COFFEE_MAKER", DE, version=versions.current_version(client.amazon.world, "COFFEE_MAKER")
    )
    right["externally_assigned_product_identifier"] = identifier(ean(5))
    assert put(client, "BREW", right, product_type="COFFEE_MAKER")["status"] == "ACCEPTED"
    settle(client)
    assert client.item("BREW", "issues")["issues"] == before["BREW"]


def test_a_patch_is_held_against_the_new_version_only_where_it_touches(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "OLD", product_type="COFFEE_MAKER", price="20", quantity=1)
    versions.release(client.amazon.world, "COFFEE_MAKER")
    issues = client.item("OLD", "issues")["issues"]
    assert client.patch("OLD", set_price(21.0))["status"] == "ACCEPTED"
    assert client.item("OLD", "issues")["issues"] == issues != []
