"""The catalogue: getCatalogItem and searchCatalogItems."""

from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.api.catalog import browsing
from flask_amazon_channel.simulator.control.refused import Refused

from .conftest import DE, FR, JP, UK, US, Client
from .submissions import IMAGE, ean, put, put_offer, settle, whole

ALL = (
    "attributes,classifications,dimensions,identifiers,images,productTypes,relationships,salesRanks,summaries,"
    "vendorDetails"
)
ITEMS = "/catalog/2022-04-01/items"
LAMP = "B000000002"


def _get(client: Client, asin: str = LAMP, **query: str) -> Any:
    return client.get(f"{ITEMS}/{asin}", **{"marketplaceIds": DE, **query})


def _search(client: Client, **query: str) -> Any:
    answer = client.get(ITEMS, **{"marketplaceIds": DE, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _asins(client: Client, **query: str) -> list[str]:
    return sorted(each["asin"] for each in _search(client, **query)["items"])


def test_an_item_has_every_set_of_data_and_is_always_the_same(client: Client) -> None:
    item = _get(client, marketplaceIds=f"{DE},{FR}", includedData=ALL).json()
    assert set(item) == {"asin", *ALL.split(",")}
    assert [each["marketplaceId"] for each in item["dimensions"]] == [DE, FR]
    assert item["summaries"][0]["itemName"] == "Lamp"
    assert item["vendorDetails"] == []
    assert item["dimensions"][0]["item"]["weight"]["unit"] == "kilograms"
    assert _get(client, marketplaceIds=f"{DE},{FR}", includedData=ALL).json() == item
    assert set(_get(client).json()) == {"asin", "summaries"}


def test_measures_are_in_inches_in_north_america(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([US], listings=[{"sku": "A", "asin": LAMP, "price": 3, "quantity": 1}]))
    item = _get(client, marketplaceIds=US, includedData="dimensions").json()
    assert item["dimensions"][0]["package"]["height"]["unit"] == "inches"
    client.http.close()


def test_what_nobody_lists_there_is_not_found(client: Client) -> None:
    answer = _get(client, "B0NOTHING1")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "NOT_FOUND")
    asin = client.item("FBA-1", "summaries")["summaries"][0]["asin"]
    assert _get(client, asin).status_code == 200
    assert _get(client, asin, marketplaceIds=FR).status_code == 404
    assert _get(client, marketplaceIds=UK).status_code == 403
    assert _get(client, marketplaceIds="").status_code == 400
    assert _get(client, includedData="everything").json()["errors"][0]["code"] == "400"


def test_a_product_without_any_offer_can_be_listed_on(client: Client) -> None:
    facts = {"brand": "Okami", "ean": ean(9), "product_type": "TEAPOT"}
    product = client.amazon.add_product("Okami tea pot", [DE], **facts)
    item = _get(client, product["asin"], includedData="summaries,productTypes,attributes,images").json()
    assert (item["summaries"][0]["brand"], item["productTypes"][0]["productType"]) == ("Okami", "TEAPOT")
    assert item["attributes"]["item_name"][0]["value"] == "Okami tea pot"
    assert item["images"][0]["images"][0]["variant"] == "MAIN"
    assert _asins(client, identifiers=ean(9), identifiersType="EAN") == [product["asin"]]
    put_offer(client, "POT", product["asin"])
    settle(client)
    assert client.item("POT", "summaries")["summaries"][0]["asin"] == product["asin"]
    assert _get(client, product["asin"]).json()["summaries"][0]["itemName"] == "Okami tea pot"
    client.amazon.load(client.amazon.save())
    assert _get(client, product["asin"]).status_code == 200


def test_what_the_seller_sent_of_a_product_is_shown_and_his_offer_is_not(client: Client) -> None:
    put(client, "NEW", whole(ean(1)))
    assert _asins(client, identifiers=ean(1), identifiersType="EAN") == []
    settle(client)
    [asin] = _asins(client, identifiers=ean(1), identifiersType="EAN")
    item = _get(client, asin, includedData="attributes,images,summaries").json()
    assert "bullet_point" in item["attributes"]
    assert not {"purchasable_offer", "fulfillment_availability", "condition_type"} & set(item["attributes"])
    assert {each["link"] for each in item["images"][0]["images"]} == {IMAGE}
    assert item["summaries"][0]["brand"] == item["attributes"]["brand"][0]["value"]


def test_identifiers_of_every_length_are_told_and_found(client: Client) -> None:
    item = _get(client, includedData="identifiers").json()
    found = {each["identifierType"]: each["identifier"] for each in item["identifiers"][0]["identifiers"]}
    assert found == {"EAN": "0036000291452", "GTIN": "00036000291452", "UPC": "036000291452"}
    for kind, digits in found.items():
        assert _asins(client, identifiers=digits, identifiersType=kind) == [LAMP]
    assert _asins(client, identifiers="4006381333931", identifiersType="UPC") == []
    assert _asins(client, identifiers=f"{LAMP},B000000001,B0NOTHING1", identifiersType="ASIN") == ["B000000001", LAMP]


def test_books_have_isbns_and_japan_has_jans(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([JP], listings=[{"sku": "A", "price": 100, "quantity": 1}]))
    book = amazon.add_product("A novel", [JP], ean="9783161484100")
    toy = amazon.add_product("A toy", [JP], ean="4901234567894")
    assert _asins(client, marketplaceIds=JP, identifiers="9783161484100", identifiersType="ISBN") == [book["asin"]]
    assert _asins(client, marketplaceIds=JP, identifiers="4901234567894", identifiersType="JAN") == [toy["asin"]]
    client.http.close()


def test_one_ean_may_have_several_asins(client: Client) -> None:
    client.amazon.add_product("Mug, again", [DE], asin="B0SECOND01", ean=["4006381333931", ean(4)])
    found = _search(client, identifiers="4006381333931", identifiersType="EAN", includedData="identifiers")
    assert found["numberOfResults"] == 2
    assert [each["asin"] for each in found["items"]] == ["B000000001", "B0SECOND01"]
    assert "refinements" not in found


def test_a_sku_is_found_for_its_seller(client: Client) -> None:
    query = {"identifiers": "LAMP,NONE", "identifiersType": "SKU"}
    assert _asins(client, **query, sellerId=client.seller) == [LAMP]
    assert client.get(ITEMS, marketplaceIds=DE, **query).status_code == 400
    assert client.get(ITEMS, marketplaceIds=DE, **query, sellerId="A1OTHER").status_code == 403


def test_words_find_titles_brands_and_product_types_and_are_refined(client: Client) -> None:
    add = client.amazon.add_product
    pot, mug = (add(f"Okami {each}", [DE], brand="Okami", product_type="TEAPOT")["asin"] for each in ("pot", "mug"))
    other = add("Pallas pot", [DE], brand="Pallas")["asin"]
    add("Okami pot of France", [FR], brand="Okami")
    assert _asins(client, keywords="okami,pot") == [pot]
    assert _asins(client, keywords="eapot") == []
    assert _asins(client, keywords="teapot") == sorted([pot, mug])
    found = _search(client, keywords="POT")
    assert sorted(each["asin"] for each in found["items"]) == sorted([pot, other])
    assert {each["brandName"]: each["numberOfResults"] for each in found["refinements"]["brands"]} == {
        "Okami": 1,
        "Pallas": 1,
    }
    assert _asins(client, keywords="pot", brandNames="Pallas") == [other]
    node = next(each for each in found["refinements"]["classifications"] if each["displayName"] == "Teapot")
    assert _asins(client, keywords="pot", classificationIds=node["classificationId"]) == [pot]


def test_pages_of_a_search_hold_every_item_once(client: Client) -> None:
    made = sorted(client.amazon.add_product(f"Vase {number}", [DE])["asin"] for number in range(25))
    seen: list[str] = []
    query: dict[str, str] = {}
    while True:
        page = _search(client, keywords="vase", pageSize="10", **query)
        seen += [each["asin"] for each in page["items"]]
        assert page["numberOfResults"] == 25
        if "nextToken" not in page["pagination"]:
            break
        query = {"pageToken": page["pagination"]["nextToken"]}
    assert sorted(seen) == made
    back = _search(client, keywords="vase", pageSize="10", pageToken=page["pagination"]["previousToken"])
    assert [each["asin"] for each in back["items"]] == seen[10:20]


def test_a_large_shelf_is_looked_at_in_part_and_the_number_is_estimated(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "LOOKED_AT", 50)
    large = Client(client.amazon, client.amazon.add_seller([DE], catalogue=1000))
    found = _search(large, keywords="lamp")
    listed = len(found["items"])
    assert found["numberOfResults"] > listed
    whole_shelf = sum("Lamp" in each.title for each in client.amazon.world.listings(large.seller))
    assert whole_shelf / 4 < found["numberOfResults"] < whole_shelf * 4
    large.http.close()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"identifiers": LAMP},
        {"identifiersType": "ASIN"},
        {"identifiers": LAMP, "identifiersType": "ASIN", "keywords": "lamp"},
        {"identifiers": LAMP, "identifiersType": "ASIN", "brandNames": "Okami"},
        {"identifiers": LAMP, "identifiersType": "NAME"},
        {"keywords": "lamp", "marketplaceIds": f"{DE},{FR}"},
        {"keywords": "lamp", "pageSize": "21"},
        {"keywords": "lamp", "pageToken": "forged.token"},
        {"keywords": ",".join(f"word{number}" for number in range(21))},
    ],
)
def test_a_search_that_makes_no_sense_is_a_bad_request(client: Client, query: dict[str, str]) -> None:
    answer = client.get(ITEMS, **{"marketplaceIds": DE, **query})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "400")


@pytest.mark.parametrize(
    "facts",
    [
        {"title": ""},
        {"marketplaces": []},
        {"marketplaces": ["NOWHERE"]},
        {"asin": "b0lowercas"},
        {"asin": "SHORT"},
        {"product_type": "NO_SUCH_TYPE"},
    ],
)
def test_a_product_that_makes_no_sense_is_refused(amazon: Amazon, facts: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        amazon.add_product(**{"title": "Vase", "marketplaces": [DE], **facts})
