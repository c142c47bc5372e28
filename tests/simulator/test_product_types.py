"""The definitions of product types as the API serves them."""

import base64
import hashlib
from typing import Any

import jsonschema_rs
import pytest
import requests

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.product_types.catalogue import TYPES
from flask_amazon_channel.simulator.product_types.examples import example_attributes
from flask_amazon_channel.simulator.product_types.keywords import KEYWORDS
from flask_amazon_channel.simulator.world import LISTENERS

from .conftest import DE, FR, JP, UK, US, Client

PATH = "/definitions/2020-09-01/productTypes"


@pytest.fixture
def european(amazon: Amazon) -> Client:
    return Client(amazon, amazon.add_seller([DE, FR, UK]))


def definition(client: Client, product_type: str = "BOTTLE", **query: Any) -> Any:
    answer = client.get(f"{PATH}/{product_type}", **{"marketplaceIds": DE, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


def schema(client: Client, product_type: str = "BOTTLE", **query: Any) -> Any:
    answer = client.download(definition(client, product_type, **query)["schema"]["link"]["resource"])
    assert answer.status_code == 200, answer.text
    return answer.json()


def validator(schema: Any) -> jsonschema_rs.Validator:
    without = {name: each for name, each in schema.items() if name != "$schema"}
    return jsonschema_rs.Draft201909Validator(without, keywords=KEYWORDS, validate_formats=True)


def refused(answer: requests.Response, status: int = 400, code: str = "BAD_REQUEST") -> str:
    assert answer.status_code == status, answer.text
    [error] = answer.json()["errors"]
    assert error["code"] == code
    return str(error["message"])


def names(client: Client, **query: Any) -> list[str]:
    answer = client.get(PATH, **{"marketplaceIds": DE, **query})
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["productTypes"]]


def test_every_product_type_can_be_fetched_and_its_schema_keeps_to_the_meta_schema(european: Client) -> None:
    meta = jsonschema_rs.Draft201909Validator(
        european.download(definition(european)["metaSchema"]["link"]["resource"]).json()
    )
    for name in TYPES:
        found = schema(european, name)
        assert meta.is_valid(found)
        assert found["$id"].endswith(f"/{name}")
        assert validator(found).is_valid(example_attributes(name, DE))
        assert not validator(found).is_valid({})


@pytest.mark.parametrize(
    ("keyword", "wrong"),
    [
        ("editable", "yes"),
        ("hidden", 1),
        ("selectors", "marketplace_id"),
        ("selectors", ["value", "value"]),
        ("minUniqueItems", -1),
        ("maxUniqueItems", 1.5),
        ("minUtf8ByteLength", "3"),
        ("maxUtf8ByteLength", None),
        ("enumNames", "A"),
        ("$lifecycle", {"since": 2020}),
        ("type", "letters"),
    ],
)
def test_the_meta_schema_refuses_a_keyword_with_a_wrong_value_however_deep(
    european: Client, keyword: str, wrong: Any
) -> None:
    found = definition(european)
    meta = jsonschema_rs.Draft201909Validator(european.download(found["metaSchema"]["link"]["resource"]).json())
    document = schema(european)
    document["properties"]["item_name"]["items"]["properties"]["value"][keyword] = wrong
    assert not meta.is_valid(document)


def test_the_checksums_are_those_of_the_documents(european: Client) -> None:
    found = definition(european, "COFFEE_MAKER")
    for each in (found["schema"], found["metaSchema"]):
        assert each["link"]["verb"] == "GET"
        body = european.download(each["link"]["resource"]).content
        assert each["checksum"] == base64.b64encode(hashlib.md5(body).digest()).decode()
    assert definition(european, "COFFEE_MAKER")["schema"]["checksum"] == found["schema"]["checksum"]
    assert definition(european, "SHIRT")["schema"]["checksum"] != found["schema"]["checksum"]


def test_the_links_expire_and_cannot_be_changed(amazon: Amazon, european: Client) -> None:
    url = definition(european)["schema"]["link"]["resource"]
    identifier = url.split("/documents/")[1].split("?")[0]
    other = definition(european, "SHIRT")["schema"]["link"]["resource"].split("/documents/")[1].split("?")[0]
    assert european.download(url.replace(identifier, other)).status_code == 403
    assert european.download(url.replace(identifier, "product-type-nonsense")).status_code == 403
    amazon.advance(301)
    assert european.download(url).status_code == 403


def test_definitions_leave_nothing_in_the_state(amazon: Amazon, european: Client) -> None:
    before = len(amazon.save()["state"]["documents"])
    schema(european)
    assert len(amazon.save()["state"]["documents"]) == before


def test_every_property_belongs_to_one_group(european: Client) -> None:
    for query in ({}, {"requirements": "LISTING_OFFER_ONLY"}, {"parentageLevel": "PARENT"}):
        for name in ("COFFEE_MAKER", "SHIRT", "PRODUCT"):
            groups = definition(european, name, **query)["propertyGroups"]
            listed = [each for group in groups.values() for each in group["propertyNames"]]
            assert sorted(listed) == sorted(schema(european, name, **query)["properties"])
            assert all(group["title"] and group["description"] for group in groups.values())


def test_what_is_asked_for_is_said_in_the_answer(european: Client) -> None:
    found = definition(european, "SHIRT", requirements="LISTING_PRODUCT_ONLY", requirementsEnforced="NOT_ENFORCED")
    assert (found["requirements"], found["requirementsEnforced"]) == ("LISTING_PRODUCT_ONLY", "NOT_ENFORCED")
    assert (found["productType"], found["displayName"], found["locale"]) == ("SHIRT", "Hemd", "de_DE")
    assert found["marketplaceIds"] == [DE]
    assert found["productTypeVersion"]["latest"] is True
    assert found["productTypeVersion"]["releaseCandidate"] is False
    usual = definition(european, "SHIRT")
    assert (usual["requirements"], usual["requirementsEnforced"]) == ("LISTING", "ENFORCED")


def test_requirements_choose_the_properties(european: Client) -> None:
    whole = schema(european)["properties"].keys()
    product = schema(european, requirements="LISTING_PRODUCT_ONLY")["properties"].keys()
    offer = schema(european, requirements="LISTING_OFFER_ONLY")
    assert product | offer["properties"].keys() == whole
    assert "purchasable_offer" not in product
    assert "item_name" not in offer["properties"]
    assert offer["required"] == [
        "condition_type", "fulfillment_availability", "merchant_suggested_asin", "purchasable_offer",
    ]  # fmt: skip


def test_requirements_that_are_not_enforced_leave_what_values_must_look_like(european: Client) -> None:
    found = schema(european, "COFFEE_MAKER", requirementsEnforced="NOT_ENFORCED")
    check = validator(found)
    assert "required" not in found
    assert check.is_valid({})
    assert check.is_valid({"coffee_maker_type": [{"value": "espresso_machine"}]})
    assert not check.is_valid({"coffee_maker_type": [{"value": "kettle"}]})
    assert not check.is_valid({"coffee_maker_type": [{}]})
    unfit = {"is_electric": [{"value": False}], "power_source": [{"value": "corded_electric"}]}
    assert not check.is_valid(unfit)


@pytest.mark.parametrize("product_type", ["SHIRT", "COFFEE_MAKER"])
def test_a_parentage_level_gives_a_smaller_schema_that_takes_such_listings(european: Client, product_type: str) -> None:
    whole = schema(european, product_type)
    for level in ("NONE", "CHILD", "PARENT"):
        smaller = schema(european, product_type, parentageLevel=level)
        assert len(smaller["allOf"]) < len(whole["allOf"])
        assert validator(smaller).is_valid(example_attributes(product_type, DE, level=level))
        conditions = str([rule["if"] for rule in smaller["allOf"]])
        assert "parentage_level" not in conditions
    none = schema(european, product_type, parentageLevel="NONE")
    assert not {"parentage_level", "variation_theme"} & none["properties"].keys()
    child = schema(european, product_type, parentageLevel="CHILD")
    assert {"parentage_level", "child_parent_sku_relationship", "variation_theme"} <= set(child["required"])
    assert not validator(child).is_valid(example_attributes(product_type, DE))
    parent = schema(european, product_type, parentageLevel="PARENT")
    assert "purchasable_offer" not in parent["properties"]
    assert "variation_theme" in parent["required"]


def test_a_level_fits_only_listings_of_this_level(european: Client) -> None:
    child = schema(european, "SHIRT", parentageLevel="CHILD")
    wrong = {**example_attributes("SHIRT", DE, level="CHILD"), "parentage_level": [{"value": "parent"}]}
    assert not validator(child).is_valid(wrong)


def test_words_are_in_the_language_that_is_asked_for(european: Client) -> None:
    german, english = schema(european), schema(european, locale="en_GB")
    assert german["properties"]["item_name"]["title"] == "Artikelname"
    assert english["properties"]["item_name"]["title"] == "Item Name"
    for document, first in ((german, "Neu"), (english, "New")):
        condition = document["properties"]["condition_type"]["items"]["properties"]["value"]
        assert (condition["enum"][0], condition["enumNames"][0]) == ("new_new", first)
        assert len(condition["enum"]) == len(condition["enumNames"])
    assert definition(european, locale="de")["locale"] == "de"
    assert definition(european, marketplaceIds=FR)["locale"] == "fr_FR"
    assert schema(european, marketplaceIds=FR)["properties"]["item_name"]["title"] == "Item Name"


def test_money_units_and_requirements_are_those_of_the_marketplace(amazon: Amazon) -> None:
    world = {each: Client(amazon, amazon.add_seller([each])) for each in (US, JP)}
    american = schema(world[US], "COFFEE_MAKER", marketplaceIds=US)
    japanese = schema(world[JP], "COFFEE_MAKER", marketplaceIds=JP)
    units = [
        document["properties"]["item_weight"]["items"]["properties"]["unit"]["enum"]
        for document in (american, japanese)
    ]
    assert units == [["pounds", "ounces", "kilograms", "grams", "milligrams"], ["kilograms", "grams", "milligrams"]]
    currency = american["properties"]["list_price"]["items"]["properties"]["currency"]["enum"]
    assert currency == ["USD"]
    assert "noise_level" in set(japanese["required"]) - set(american["required"])
    assert american["$defs"]["marketplace_id"]["default"] == US


def test_a_schema_has_the_facts_of_amazons_vocabulary(european: Client) -> None:
    properties = schema(european, "COFFEE_MAKER")["properties"]
    bullet = properties["bullet_point"]
    assert (bullet["selectors"], bullet["maxUniqueItems"]) == (["marketplace_id", "language_tag"], 5)
    assert properties["model_number"]["items"]["properties"]["value"]["maxLength"] == 40
    assert properties["brand"]["items"]["properties"]["value"]["editable"] is False
    assert properties["purchasable_offer"]["items"]["properties"]["currency"]["hidden"] is True
    assert properties["ships_globally"]["$lifecycle"] == {"replacedBy": ["shipping_countries"]}
    kind = properties["coffee_maker_type"]["items"]["properties"]["value"]
    assert kind["$lifecycle"] == {"enumDeprecated": ["percolator"]}
    sale = properties["purchasable_offer"]["items"]["properties"]["discounted_price"]["items"]
    schedule = sale["properties"]["schedule"]["items"]
    assert schedule["required"] == ["end_at", "start_at", "value_with_tax"]
    plan = properties["purchasable_offer"]["items"]["properties"]["quantity_discount_plan"]["items"]
    assert plan["properties"]["schedule"]["items"]["properties"]["levels"]["selectors"] == ["lower_bound"]
    for name, attribute in properties.items():
        assert {"title", "description", "selectors", "minUniqueItems", "maxUniqueItems", "items"} <= attribute.keys()
        assert set(attribute["selectors"]) <= attribute["items"]["properties"].keys(), name


def test_a_seller_finds_its_brand_and_shipping_templates(european: Client) -> None:
    mine = schema(european, sellerId=european.seller)["properties"]
    anybody = schema(european)["properties"]
    template = mine["merchant_shipping_group"]["items"]["properties"]["value"]
    assert template["enum"][0] == "legacy-template-id"
    assert template["enumNames"] == ["Standardversand", "Expressversand"]
    assert "enum" not in anybody["merchant_shipping_group"]["items"]["properties"]["value"]
    assert "anyOf" in mine["brand"]["items"]["properties"]["value"]
    assert "anyOf" not in anybody["brand"]["items"]["properties"]["value"]


def test_another_sellers_id_is_refused(amazon: Amazon, european: Client) -> None:
    other = amazon.add_seller([DE])["seller_id"]
    answer = european.get(f"{PATH}/BOTTLE", marketplaceIds=DE, sellerId=other)
    assert refused(answer, 403, "Unauthorized")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/SUBMARINE", {}),
        ("/bottle", {}),
        ("/BOTTLE", {"marketplaceIds": ""}),
        ("/BOTTLE", {"marketplaceIds": f"{DE},{FR}"}),
        ("/BOTTLE", {"marketplaceIds": "MARS"}),
        ("/BOTTLE", {"requirements": "LISTING_ONLY"}),
        ("/BOTTLE", {"requirementsEnforced": "SOMEWHAT"}),
        ("/BOTTLE", {"parentageLevel": "GRANDPARENT"}),
        ("/BOTTLE", {"locale": "tlh"}),
        ("/BOTTLE", {"productTypeVersion": "AAAAAAAAAAA="}),
        ("", {"marketplaceIds": ""}),
        ("", {"keywords": "lamp", "itemName": "Lamp"}),
        ("", {"locale": "tlh"}),
        ("", {"searchLocale": "tlh"}),
    ],
)
def test_a_bad_call_is_refused(european: Client, path: str, query: dict[str, str]) -> None:
    assert refused(european.get(f"{PATH}{path}", **{"marketplaceIds": DE, **query}))


def test_a_marketplace_where_the_seller_does_not_sell_is_refused(european: Client) -> None:
    assert refused(european.get(f"{PATH}/BOTTLE", marketplaceIds=US), 403, "Unauthorized")


def test_a_search_without_words_finds_every_product_type(european: Client) -> None:
    answer = european.get(PATH, marketplaceIds=f"{DE},{FR}").json()
    assert [each["name"] for each in answer["productTypes"]] == list(TYPES)
    assert answer["productTypes"][0]["marketplaceIds"] == [DE, FR]
    assert answer["productTypes"][0]["displayName"] == "Kaffeemaschine"
    assert len(answer["productTypeVersion"]) == 12


def test_keywords_find_product_types(european: Client) -> None:
    assert names(european, keywords="LAMP") == ["LAMP"]
    assert names(european, keywords="coffee") == ["COFFEE_MAKER", "COFFEE_GRINDER"]
    assert names(european, keywords="lamp,teapot") == ["LAMP", "TEAPOT"]
    assert names(european, keywords="coffee grinder") == ["COFFEE_GRINDER"]
    assert names(european, keywords="submarine") == []
    assert names(european, keywords="Kaffeema") == ["COFFEE_MAKER"]
    assert names(european, keywords="Kaffeema", searchLocale="en_GB") == []


def test_a_title_finds_the_product_type_that_fits_best(european: Client) -> None:
    assert names(european, itemName="Kestrel Insulated Water Bottle, Black") == ["BOTTLE"]
    assert names(european, itemName="Nordhaus Walnut Wall Clock") == ["CLOCK"]
    assert names(european, itemName="Zeppelin") == []


def test_display_names_are_in_the_language_that_is_asked_for(european: Client) -> None:
    answer = european.get(PATH, marketplaceIds=DE, keywords="lamp", locale="en_US").json()
    assert answer["productTypes"] == [{"name": "LAMP", "displayName": "Lamp", "marketplaceIds": [DE]}]


def version(client: Client, wanted: str) -> Any:
    return definition(client, "COFFEE_MAKER", productTypeVersion=wanted)["productTypeVersion"]


def test_a_release_candidate_can_be_read_before_it_becomes_the_latest(amazon: Amazon, european: Client) -> None:
    latest, candidate = version(european, "LATEST"), version(european, "RELEASE_CANDIDATE")
    assert (latest["latest"], latest["releaseCandidate"]) == (True, False)
    assert (candidate["latest"], candidate["releaseCandidate"]) == (False, True)
    assert version(european, candidate["version"]) == candidate
    listed = european.get(PATH, marketplaceIds=DE).json()["productTypeVersion"]
    amazon.release_product_type("COFFEE_MAKER")
    assert version(european, "LATEST") == {**candidate, "latest": True, "releaseCandidate": False}
    assert version(european, "RELEASE_CANDIDATE") == version(european, "LATEST")
    assert version(european, latest["version"]) == {**latest, "latest": False}
    assert european.get(PATH, marketplaceIds=DE).json()["productTypeVersion"] != listed


def test_the_next_version_asks_for_more_and_allows_less(european: Client) -> None:
    before = schema(european, "COFFEE_MAKER")
    after = schema(european, "COFFEE_MAKER", productTypeVersion="RELEASE_CANDIDATE")
    assert set(after["required"]) - set(before["required"]) == {"spare_part_availability_duration"}

    def value(document: Any, name: str) -> Any:
        return document["properties"][name]["items"]["properties"]["value"]

    kinds = [set(value(each, "coffee_maker_type")["enum"]) for each in (before, after)]
    assert kinds[0] - kinds[1] == {"percolator"}
    assert [value(each, "item_name")["maxUtf8ByteLength"] for each in (before, after)] == [500, 200]


def test_a_product_type_without_candidate_answers_its_latest_version(european: Client) -> None:
    found = definition(european, productTypeVersion="RELEASE_CANDIDATE")["productTypeVersion"]
    assert (found["latest"], found["releaseCandidate"]) == (True, False)


def test_every_seller_is_told_of_a_new_version(amazon: Amazon, monkeypatch: pytest.MonkeyPatch) -> None:
    sellers = [amazon.add_seller([DE, FR])["seller_id"], amazon.add_seller([US])["seller_id"]]
    heard: list[Any] = []
    listeners = [lambda world, seller, facts: heard.append((seller, facts))]
    monkeypatch.setitem(LISTENERS, "product_types_changed", listeners)
    amazon.release_product_type("COFFEE_MAKER")
    told = [{"product_type": "COFFEE_MAKER", "marketplaces": each} for each in ([DE, FR], [US])]
    assert heard == list(zip(sellers, told, strict=True))


def test_a_released_version_survives_saving_and_loading(amazon: Amazon, european: Client) -> None:
    amazon.release_product_type("COFFEE_MAKER")
    saved, released = amazon.save(), version(european, "LATEST")
    amazon.reset()
    assert amazon.product_types()["product_types"][0]["release_candidate"] is not None
    amazon.load(saved)
    assert amazon.product_types()["product_types"][0]["latest"] == released["version"]


def test_the_control_call_lists_and_releases(amazon: Amazon, european: Client) -> None:
    url = f"{amazon.url}/_control/product_types"
    first = european.http.get(url, timeout=10).json()["product_types"][0]
    assert first["product_type"] == "COFFEE_MAKER"
    assert first["attributes"] > 150
    answer = european.http.post(url, json={"product_type": "COFFEE_MAKER", "release": True}, timeout=10)
    assert answer.json()["latest"] == first["release_candidate"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"product_type": "COFFEE_MAKER"},
        {"product_type": "COFFEE_MAKER", "release": False},
        {"product_type": "COFFEE_MAKER", "release": True, "soon": True},
        {"product_type": "SUBMARINE", "release": True},
        {"product_type": ["COFFEE_MAKER"], "release": True},
        {"product_type": "BOTTLE", "release": True},
    ],
)
def test_a_bad_control_call_is_refused(amazon: Amazon, european: Client, body: dict[str, Any]) -> None:
    answer = european.http.post(f"{amazon.url}/_control/product_types", json=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert amazon.product_types()["product_types"][0]["release_candidate"] is not None


def test_a_version_cannot_be_released_twice(amazon: Amazon) -> None:
    amazon.release_product_type("COFFEE_MAKER")
    with pytest.raises(ValueError, match="COFFEE_MAKER"):
        amazon.release_product_type("COFFEE_MAKER")
