"""Variation families: parents, children, and what listings and the catalogue say of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.product_types.examples import example_attributes

from .conftest import DE, FR, LISTINGS, Client
from .submissions import delete, ean, put, settle, whole

TERMS = ("purchasable_offer", "fulfillment_availability", "condition_type")


def _parent(marketplace: str = DE) -> dict[str, Any]:
    return example_attributes("SHIRT", marketplace, level="PARENT")


def _child(number: int, marketplace: str = DE) -> dict[str, Any]:
    attributes = whole(ean(number), marketplace, "SHIRT")
    family = example_attributes("SHIRT", marketplace, level="CHILD")
    family["child_parent_sku_relationship"][0]["parent_sku"] = "SHIRT"
    family["color"][0]["value"] = f"Colour {number}"
    return {**family, **attributes}


@pytest.fixture
def family(amazon: Amazon) -> Iterator[Client]:
    client = Client(amazon, amazon.add_seller([DE, FR], listings=LISTINGS))
    assert put(client, "SHIRT-1", _child(1), product_type="SHIRT")["status"] == "ACCEPTED"
    answer = put(client, "SHIRT", _parent(), product_type="SHIRT")
    assert answer["status"] == "ACCEPTED", answer
    assert put(client, "SHIRT-2", _child(2), product_type="SHIRT")["status"] == "ACCEPTED"
    settle(client)
    yield client
    client.http.close()


def _relationships(client: Client, sku: str, marketplace: str = DE) -> Any:
    return client.item(sku, "relationships", marketplace)["relationships"]


def test_a_family_is_told_from_both_ends_whoever_came_first(family: Client) -> None:
    theme = {"attributes": ["color"], "theme": "COLOR"}
    [parent] = _relationships(family, "SHIRT")
    assert parent["marketplaceId"] == DE
    assert parent["relationships"] == [
        {"type": "VARIATION", "childSkus": ["SHIRT-1", "SHIRT-2"], "variationTheme": theme}
    ]
    for sku in ("SHIRT-1", "SHIRT-2"):
        [child] = _relationships(family, sku)
        assert child["relationships"] == [{"type": "VARIATION", "parentSkus": ["SHIRT"], "variationTheme": theme}]
    assert _relationships(family, "LAMP") == []


def test_a_parent_needs_no_identifier_and_cannot_be_bought(family: Client) -> None:
    parent = family.item("SHIRT", "summaries,offers,issues")
    assert parent["summaries"][0]["status"] == ["DISCOVERABLE"]
    assert (parent["offers"], parent["issues"]) == ([], [])
    assert family.item("SHIRT-1", "summaries")["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]


def test_the_children_of_a_parent_are_found(family: Client) -> None:
    found = family.search(variationParentSku="SHIRT", includedData="relationships", sortBy="sku", sortOrder="ASC")
    assert [each["sku"] for each in found["items"]] == ["SHIRT-1", "SHIRT-2"]
    assert found["items"][0]["relationships"][0]["relationships"][0]["parentSkus"] == ["SHIRT"]
    assert family.search(variationParentSku="SHIRT-1")["numberOfResults"] == 0
    assert family.search(variationParentSku="SHIRT", withStatus="BUYABLE")["numberOfResults"] == 2
    assert family.search(packageHierarchySku="SHIRT")["numberOfResults"] == 0
    path = f"/listings/2021-08-01/items/{family.seller}"
    both = {"variationParentSku": "SHIRT", "packageHierarchySku": "SHIRT"}
    assert family.get(path, marketplaceIds=DE, **both).status_code == 400


def test_relationships_are_of_one_marketplace(family: Client) -> None:
    put(family, "SHIRT-1", _child(1, marketplace=FR), product_type="SHIRT", marketplaces=FR)
    put(family, "SHIRT", _parent(FR), product_type="SHIRT", marketplaces=FR)
    settle(family)
    [french] = _relationships(family, "SHIRT", FR)
    assert french["relationships"][0]["childSkus"] == ["SHIRT-1"]
    [german] = _relationships(family, "SHIRT")
    assert german["relationships"][0]["childSkus"] == ["SHIRT-1", "SHIRT-2"]


def test_a_child_that_is_deleted_leaves_its_family(family: Client) -> None:
    delete(family, "SHIRT-1")
    settle(family)
    assert _relationships(family, "SHIRT")[0]["relationships"][0]["childSkus"] == ["SHIRT-2"]


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_sku_that_comes_back_without_a_family_has_none(family: Client, by_hand: bool) -> None:
    if by_hand:
        family.amazon.drop_listing(family.seller, DE, "SHIRT-1")
    else:
        delete(family, "SHIRT-1")
        settle(family)
    put(family, "SHIRT-1", whole(ean(1), DE, "SHIRT"), product_type="SHIRT")
    settle(family)
    assert _relationships(family, "SHIRT-1") == []
    assert _relationships(family, "SHIRT")[0]["relationships"][0]["childSkus"] == ["SHIRT-2"]


def test_a_parent_with_an_offer_cannot_be_bought_either(family: Client) -> None:
    terms = {name: each for name, each in whole(ean(5), DE, "SHIRT").items() if name in TERMS}
    assert put(family, "SHIRT", {**_parent(), **terms}, product_type="SHIRT")["status"] == "ACCEPTED"
    settle(family)
    item = family.item("SHIRT", "summaries,offers")
    assert (item["summaries"][0]["status"], len(item["offers"])) == (["DISCOVERABLE"], 1)


def test_what_is_no_parent_has_no_children(family: Client) -> None:
    child = _child(3)
    child["child_parent_sku_relationship"][0]["parent_sku"] = "LAMP"
    put(family, "SHIRT-3", child, product_type="SHIRT")
    settle(family)
    assert _relationships(family, "LAMP") == _relationships(family, "SHIRT-3") == []


def test_children_stand_alone_when_their_parent_is_deleted(family: Client) -> None:
    delete(family, "SHIRT")
    settle(family)
    assert _relationships(family, "SHIRT-1") == []
    assert family.item("SHIRT-1", "summaries")["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]


def test_a_child_moves_to_another_family_by_a_patch(family: Client) -> None:
    put(family, "OTHER", _parent(), product_type="SHIRT")
    relation = {"child_relationship_type": "variation", "parent_sku": "OTHER", "marketplace_id": DE}
    patch = {"op": "replace", "path": "/attributes/child_parent_sku_relationship", "value": [relation]}
    body = {"productType": "SHIRT", "patches": [patch]}
    assert family.call("PATCH", family.item_path("SHIRT-2"), {"marketplaceIds": DE}, body).json()["issues"] == []
    assert _relationships(family, "SHIRT")[0]["relationships"][0]["childSkus"] == ["SHIRT-1", "SHIRT-2"]
    settle(family)
    assert _relationships(family, "SHIRT")[0]["relationships"][0]["childSkus"] == ["SHIRT-1"]
    assert _relationships(family, "OTHER")[0]["relationships"][0]["childSkus"] == ["SHIRT-2"]


def test_the_catalogue_tells_a_family_of_asins(family: Client) -> None:
    asins = {sku: family.item(sku, "summaries")["summaries"][0]["asin"] for sku in ("SHIRT", "SHIRT-1", "SHIRT-2")}
    path = f"/catalog/2022-04-01/items/{asins['SHIRT']}"
    parent = family.get(path, marketplaceIds=DE, includedData="relationships,summaries").json()
    [relation] = parent["relationships"][0]["relationships"]
    assert relation["childAsins"] == [asins["SHIRT-1"], asins["SHIRT-2"]]
    assert parent["summaries"][0]["itemClassification"] == "VARIATION_PARENT"
    path = f"/catalog/2022-04-01/items/{asins['SHIRT-2']}"
    child = family.get(path, marketplaceIds=DE, includedData="relationships,summaries").json()
    assert child["relationships"][0]["relationships"][0]["parentAsins"] == [asins["SHIRT"]]
    assert child["summaries"][0]["color"] == "Colour 2"


def test_a_family_survives_save_and_load(family: Client) -> None:
    before = _relationships(family, "SHIRT")
    family.amazon.load(family.amazon.save())
    assert _relationships(family, "SHIRT") == before != []
