"""What the schemas of product types find wrong with a listing."""

import json
from copy import deepcopy
from datetime import date
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import jsonschema_rs
import pytest

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.product_types.catalogue import CANDIDATES, TYPES, version_id
from flask_amazon_channel.simulator.product_types.examples import example_attributes
from flask_amazon_channel.simulator.product_types.keywords import KEYWORDS
from flask_amazon_channel.simulator.product_types.schema import Making, document
from flask_amazon_channel.simulator.product_types.validation import find_issues, selectors_of

from .conftest import DE, FR, JP, UK, US

Listing = dict[str, list[dict[str, Any]]]
REQUIREMENTS = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")


def one(value: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"value": value, "marketplace_id": DE, **more}]


def text(value: str) -> list[dict[str, Any]]:
    return one(value, language_tag="de_DE")


def found(product_type: str, listing: Listing, **more: Any) -> list[tuple[str, str]]:
    issues = find_issues(product_type, listing, **{"marketplace": DE, **more})
    return [(issue["code"], issue["attributeNames"][0]) for issue in issues]


FORMATS = jsonschema.FormatChecker(formats=())
FORMATS.checks("date", raises=ValueError)(lambda value: date.fromisoformat(value) is not None)
FORMATS.checks("date-time")(lambda value: "T" in value)


def draft_2019_09_finds_nothing(product_type: str, listing: Listing) -> bool:
    """What another library says of the whole document that the API serves, without Amazon's own keywords."""
    schema = document(TYPES[product_type], Making(DE, "de_DE"), "LISTING")
    return bool(jsonschema.Draft201909Validator(schema, format_checker=FORMATS).is_valid(listing))


@pytest.mark.parametrize("product_type", TYPES)
def test_the_example_of_every_product_type_is_valid_everywhere(product_type: str) -> None:
    for marketplace in MARKETPLACES:
        for requirements in REQUIREMENTS:
            listing = example_attributes(product_type, marketplace, requirements)
            assert find_issues(product_type, listing, marketplace=marketplace, requirements=requirements) == []


@pytest.mark.parametrize("product_type", TYPES)
def test_an_example_with_every_attribute_is_valid(product_type: str) -> None:
    listing = example_attributes(product_type, DE, level="CHILD", every=True)
    assert len(listing) == len(list(TYPES[product_type].attributes()))
    assert find_issues(product_type, listing, marketplace=DE) == []
    assert draft_2019_09_finds_nothing(product_type, listing)


@pytest.mark.parametrize("product_type", TYPES)
def test_without_any_of_what_an_example_holds_it_is_not_valid(product_type: str) -> None:
    listing = example_attributes(product_type, DE)
    for name in listing:
        less = {each: values for each, values in listing.items() if each != name}
        assert ("90220", name) in found(product_type, less)
        assert not draft_2019_09_finds_nothing(product_type, less)


def test_a_coffee_maker_has_more_than_150_attributes() -> None:
    assert len(list(TYPES["COFFEE_MAKER"].attributes())) > 150


def test_no_attribute_is_in_two_groups() -> None:
    for kind in [*TYPES.values(), *CANDIDATES.values()]:
        names = [each.name for each in kind.attributes()]
        assert len(names) == len(set(names)), kind.name


def test_a_missing_attribute_is_named_by_its_title() -> None:
    listing = example_attributes("BOTTLE", DE)
    del listing["item_name"]
    assert find_issues("BOTTLE", listing, marketplace=DE) == [
        {
            "code": "90220",
            "message": "'Item Name' is required but not supplied.",
            "severity": "ERROR",
            "attributeNames": ["item_name"],
            "categories": ["MISSING_ATTRIBUTE"],
        }
    ]


WRONG = {
    "a text of too many bytes": ("color", text("é" * 51), "90000900"),
    "a text of too few bytes": ("warranty_description", text("2"), "90000900"),
    "an empty text": ("color", text(""), "90000900"),
    "a text without language": ("color", one("Red"), "90220"),
    "a text that is too long": ("model_number", one("x" * 41), "90000900"),
    "a number instead of a text": ("model_number", one(5), "90000900"),
    "a value that is not in the list": ("closure", one("rubber_band"), "90000900"),
    "a text instead of yes or no": ("is_insulated", one("true"), "90000900"),
    "too small a number": ("number_of_items", one(0), "90000900"),
    "too great a number": ("number_of_items", one(10_001), "90000900"),
    "a fraction of an item": ("number_of_items", one(1.5), "90000900"),
    "a text of the wrong form": ("gpsr_manufacturer_reference", one("nobody"), "90000900"),
    "a picture on no server": ("main_product_image_locator", [{"media_location": "C:/cat.jpg"}], "90000900"),
    "a field that does not exist": ("color", [{**text("Red")[0], "shade": "dark"}], "90000900"),
    "a measure without unit": ("capacity", one(0.5), "90220"),
    "inches in Germany": ("item_package_weight", one(2, unit="pounds"), "90000900"),
    "six bullet points": ("bullet_point", [text(str(number))[0] for number in range(6)], "99022"),
    "two names": ("item_name", text("One") + text("Two"), "99022"),
    "an offer twice": ("purchasable_offer", [{"marketplace_id": DE, "currency": "EUR"}] * 2, "99022"),
    "a price that is no number": (
        "purchasable_offer",
        [{"marketplace_id": DE, "our_price": [{"schedule": [{"value_with_tax": "9.99"}]}]}],
        "90000900",
    ),
    "a price without schedule": ("purchasable_offer", [{"marketplace_id": DE, "our_price": [{}]}], "90220"),
    "a schedule without entries": (
        "purchasable_offer", [{"marketplace_id": DE, "our_price": [{"schedule": []}]}], "99022",
    ),
    "two prices at once": (
        "purchasable_offer",
        [{"marketplace_id": DE, "our_price": [{"schedule": [{"value_with_tax": 1}, {"value_with_tax": 2}]}]}],
        "99022",
    ),
    "a sale without end": (
        "purchasable_offer",
        [{"discounted_price": [{"schedule": [{"start_at": "2026-12-01", "value_with_tax": 1}]}]}],
        "90220",
    ),
    "a sale that begins some time": (
        "purchasable_offer",
        [{"discounted_price": [{"schedule": [{"start_at": "soon", "end_at": "2026-12-01", "value_with_tax": 1}]}]}],
        "90000900",
    ),
    "two discounts for one quantity": (
        "purchasable_offer",
        [{"quantity_discount_plan": [{"schedule": [
            {"discount_type": "fixed", "levels": [{"lower_bound": 5, "value": 9}, {"lower_bound": 5, "value": 8}]}
        ]}]}],
        "99022",
    ),
    "another marketplace's money": ("list_price", one(9.99, currency="USD"), "90000900"),
    "a negative quantity": (
        "fulfillment_availability", [{"fulfillment_channel_code": "DEFAULT", "quantity": -1}], "90000900",
    ),
    "another continent's warehouse": (
        "fulfillment_availability", [{"fulfillment_channel_code": "AMAZON_NA"}], "90000900",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("keyword", "limit", "valid", "invalid"),
    [
        ("maxUtf8ByteLength", 4, ["éé", 99999], ["ééa", "\U0001f600a"]),
        ("minUtf8ByteLength", 4, ["éé", 1], ["aé", ""]),
        ("maxUniqueItems", 1, [[], [{"a": 1}, {"a": 2}], "xx", [{"a": 1}, {}]], [[{"a": 1, "b": 1}, {"a": 1, "b": 2}]]),
        ("minUniqueItems", 2, [[{"a": 1}, {"a": 1}], "x"], [[], [{"a": 1}], [{"a": 1}, {"a": 2}]]),
        ("maxUniqueItems", 2, [[5, 5], [{}, {}]], [[5, 5, 5], [{}, {}, {}], [{"a": [1]}] * 3]),
    ],
)
def test_a_keyword_of_amazons_vocabulary(keyword: str, limit: int, valid: list[Any], invalid: list[Any]) -> None:
    check = jsonschema_rs.Draft201909Validator({"selectors": ["a"], keyword: limit}, keywords=KEYWORDS)
    assert [check.is_valid(each) for each in valid] == [True] * len(valid)
    assert [check.is_valid(each) for each in invalid] == [False] * len(invalid)


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_value_is_an_error_in_a_whole_listing_and_in_a_change(case: str) -> None:
    name, values, code = WRONG[case]
    listing = {**example_attributes("BOTTLE", DE), name: values}
    assert found("BOTTLE", listing) == [(code, name)]
    assert found("BOTTLE", listing, touched={name}) == [(code, name)]


def test_an_empty_attribute_is_none() -> None:
    listing = example_attributes("BOTTLE", DE)
    assert found("BOTTLE", {**listing, "size": []}) == []
    assert found("BOTTLE", {**listing, "item_name": []}) == [("90220", "item_name")]


def test_values_with_other_selectors_are_counted_apart() -> None:
    listing = example_attributes("BOTTLE", DE)
    names = [{"value": "Flasche", "language_tag": each, "marketplace_id": DE} for each in ("de_DE", "en_GB")]
    assert found("BOTTLE", {**listing, "item_name": names}) == []
    bullets = [{"value": str(n), "language_tag": t, "marketplace_id": DE} for n in range(5) for t in ("de_DE", "en_GB")]
    assert found("BOTTLE", {**listing, "bullet_point": bullets}) == []
    consumers = {"marketplace_id": DE, "currency": "EUR", "audience": "ALL"}
    offers = [consumers, {**consumers, "audience": "B2B"}]
    assert found("BOTTLE", {**listing, "purchasable_offer": offers}) == []


def test_values_of_other_marketplaces_are_not_held_against_this_one() -> None:
    listing = example_attributes("BOTTLE", DE)
    french = {"value": "x" * 600, "language_tag": "fr_FR", "marketplace_id": FR}
    assert found("BOTTLE", {**listing, "item_name": [*listing["item_name"], french]}) == []
    assert found("BOTTLE", {**listing, "item_name": [french]}) == [("90220", "item_name")]


def test_an_attribute_that_the_product_type_does_not_have_is_only_a_warning() -> None:
    [issue] = find_issues("BOTTLE", {"sleeve": one("long")}, marketplace=DE, touched={"sleeve"})
    assert (issue["severity"], issue["code"], issue["attributeNames"]) == ("WARNING", "90000901", ["sleeve"])


def test_an_offer_alone_does_not_take_product_facts() -> None:
    listing = example_attributes("BOTTLE", DE, "LISTING_OFFER_ONLY")
    assert sorted(listing) == [
        "condition_type",
        "fulfillment_availability",
        "merchant_suggested_asin",
        "purchasable_offer",
    ]
    assert found("BOTTLE", {**listing, "capacity": one(1)}, requirements="LISTING_OFFER_ONLY") == [
        ("90000901", "capacity")
    ]


def test_a_change_is_not_asked_for_what_it_does_not_touch() -> None:
    listing = {"item_name": text("Bottle"), "color": text("é" * 51)}
    assert found("BOTTLE", listing, touched={"item_name"}) == []
    assert found("BOTTLE", listing, touched=set()) == []


def test_an_attribute_that_is_required_cannot_be_deleted_but_an_offer_can() -> None:
    touched = {"item_name", "purchasable_offer", "color"}
    assert found("BOTTLE", {}, touched=touched) == [("90220", "item_name")]
    assert found("BOTTLE", {}, touched=touched, requirements="LISTING_OFFER_ONLY") == []


@pytest.mark.parametrize(
    ("marketplace", "needed"),
    [(US, "country_of_origin"), (US, "warranty_description"), (DE, "gpsr_manufacturer_reference"), (JP, "noise_level")],
)
def test_some_attributes_are_required_in_one_marketplace_only(marketplace: str, needed: str) -> None:
    listing = example_attributes("COFFEE_MAKER", marketplace)
    del listing[needed]
    assert found("COFFEE_MAKER", listing, marketplace=marketplace) == [("90220", needed)]
    british = example_attributes("COFFEE_MAKER", UK)
    assert needed not in british


# What is added to a valid coffee maker, and which attributes it then lacks.
CONDITIONS: dict[str, tuple[Listing, list[str]]] = {
    "espresso": ({"coffee_maker_type": one("espresso_machine")}, ["maximum_pressure"]),
    "capsules": ({"coffee_maker_type": one("capsule")}, ["capsule_system"]),
    "beans": ({"coffee_input_type": one("whole_bean")}, ["bean_capacity", "grinder_type"]),
    "electric": ({"is_electric": one(True)}, ["voltage", "wattage"]),
    "battery powered": (
        {"power_source": one("battery_powered"), "batteries_required": []}, ["batteries_required"],
    ),
    "batteries required": ({"batteries_required": one(True)}, ["batteries_included"]),
    "batteries included": ({"batteries_included": one(True)}, ["battery", "num_batteries"]),
    "battery installed": ({"battery_installation_device_type": one("timer")}, ["contains_battery_or_cell"]),
    "lithium": (
        {"lithium_battery_packaging": one("batteries_only")},
        ["lithium_battery_energy_content", "lithium_battery_weight"],
    ),
    "hazard class": ({"supplier_declared_dg_hz_regulation": one("ghs")}, ["ghs"]),
    "transport": (
        {"supplier_declared_dg_hz_regulation": one("storage") + one("transportation")},
        ["hazmat", "safety_data_sheet_url"],
    ),
    "liquid": ({"contains_liquid_contents": one(True)}, ["is_liquid_double_sealed", "liquid_volume"]),
    "expires": ({"is_expiration_dated_product": one(True)}, ["fc_shelf_life", "product_expiration_type"]),
    "warranty": ({"warranty_type": one("limited")}, ["warranty_duration"]),
    "no identifier": ({"externally_assigned_product_identifier": []}, ["externally_assigned_product_identifier"]),
    "child": ({"parentage_level": one("child")}, ["child_parent_sku_relationship", "variation_theme"]),
    "parent": ({"parentage_level": one("parent")}, ["variation_theme"]),
    "parent named": (
        {"child_parent_sku_relationship": [{"child_relationship_type": "variation", "parent_sku": "P"}]},
        ["parentage_level"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONDITIONS)
def test_what_a_value_entails_is_required_with_it(case: str) -> None:
    change, lacking = CONDITIONS[case]
    listing = {name: values for name, values in {**example_attributes("COFFEE_MAKER", DE), **change}.items() if values}
    assert sorted(found("COFFEE_MAKER", listing)) == [("90220", each) for each in lacking]
    assert not draft_2019_09_finds_nothing("COFFEE_MAKER", listing)
    every = example_attributes("COFFEE_MAKER", DE, level="CHILD", every=True)
    completed = {**listing, **{name: every[name] for name in lacking}}
    assert not {name for _, name in found("COFFEE_MAKER", completed)} & set(lacking)


# Values that do not go together: what is added to a valid listing, and which attribute is wrong.
TOGETHER = [
    ("COFFEE_MAKER", {"coffee_maker_type": one("capsule"), "capsule_system": one("original"),
                      "coffee_input_type": one("ground_coffee")}, "coffee_input_type"),
    ("COFFEE_MAKER", {"is_electric": one(False), "power_source": one("corded_electric")}, "power_source"),
    ("COFFEE_MAKER", {"is_expiration_dated_product": one(False), "product_expiration_type": one("shelf_life")},
     "product_expiration_type"),
    ("SHIRT", {"department": one("mens"), "target_gender": one("female")}, "target_gender"),
    ("SHIRT", {"department": one("womens"), "target_gender": one("male")}, "target_gender"),
]  # fmt: skip


@pytest.mark.parametrize(("product_type", "change", "wrong"), TOGETHER)
def test_values_that_do_not_go_together_are_invalid(product_type: str, change: Listing, wrong: str) -> None:
    listing = {**example_attributes(product_type, DE), **change}
    assert found(product_type, listing) == [("90000900", wrong)]
    assert not draft_2019_09_finds_nothing(product_type, listing)
    assert found(product_type, {name: each for name, each in listing.items() if name != wrong}) == []


def test_an_exemption_or_an_asin_stands_for_the_product_number() -> None:
    listing = example_attributes("BOTTLE", DE)
    del listing["externally_assigned_product_identifier"]
    exempt = {"supplier_declared_has_product_identifier_exemption": one(True)}
    assert found("BOTTLE", {**listing, **exempt}) == []
    assert found("BOTTLE", {**listing, "merchant_suggested_asin": one("B000000001")}) == []
    refused = {"supplier_declared_has_product_identifier_exemption": one(False)}
    assert found("BOTTLE", {**listing, **refused}) == [("90220", "externally_assigned_product_identifier")]


def test_a_listing_that_skips_its_offer_needs_none() -> None:
    listing = example_attributes("BOTTLE", DE)
    offer = ("condition_type", "fulfillment_availability", "purchasable_offer")
    without = {name: values for name, values in listing.items() if name not in offer}
    assert sorted(found("BOTTLE", without)) == [("90220", name) for name in offer]
    assert found("BOTTLE", {**without, "skip_offer": one(True)}) == []
    assert len(found("BOTTLE", {**without, "skip_offer": one(False)})) == 3


@pytest.mark.parametrize(
    ("theme", "needed"),
    [("COLOR", ["color"]), ("SIZE", ["size"]), ("COLOR/SIZE", ["color", "size"]), ("STYLE", ["style"])],
)
def test_a_child_has_the_attributes_of_its_theme(theme: str, needed: list[str]) -> None:
    listing = example_attributes("SHIRT", DE)
    child = {
        "parentage_level": one("child"),
        "child_parent_sku_relationship": [{"child_relationship_type": "variation", "parent_sku": "P"}],
        "variation_theme": [{"name": theme, "marketplace_id": DE}],
    }
    assert sorted(found("SHIRT", {**listing, **child})) == [("90220", name) for name in needed]
    assert found("SHIRT", {**listing, **child, **{name: text("Some") for name in needed}}) == []


def test_a_parent_needs_no_offer_and_no_product_number() -> None:
    parent = example_attributes("SHIRT", DE, level="PARENT")
    assert not {"purchasable_offer", "condition_type", "externally_assigned_product_identifier"} & parent.keys()
    assert found("SHIRT", parent) == []
    standalone = {name: values for name, values in parent.items() if name not in ("parentage_level", "variation_theme")}
    assert len(found("SHIRT", standalone)) == 4


def test_the_next_version_breaks_what_was_valid() -> None:
    version = version_id(CANDIDATES["COFFEE_MAKER"])
    listing = {
        **example_attributes("COFFEE_MAKER", DE),
        "item_name": text("é" * 101),
        "coffee_maker_type": one("percolator"),
    }
    assert found("COFFEE_MAKER", listing) == []
    assert found("COFFEE_MAKER", listing, version=version) == [
        ("90220", "spare_part_availability_duration"),
        ("90000900", "coffee_maker_type"),
        ("90000900", "item_name"),
    ]
    assert found("COFFEE_MAKER", listing, version="RELEASE_CANDIDATE", touched={"item_name"}) == [
        ("90000900", "item_name")
    ]
    fixed = example_attributes("COFFEE_MAKER", DE, version=version)
    assert found("COFFEE_MAKER", fixed, version=version) == []


@pytest.mark.parametrize("arguments", [("SUBMARINE", "LATEST"), ("BOTTLE", "AAAAAAAAAAA=")])
def test_what_does_not_exist_is_a_key_error(arguments: tuple[str, str]) -> None:
    with pytest.raises(KeyError):
        find_issues(arguments[0], {}, marketplace=DE, version=arguments[1])
    with pytest.raises(KeyError):
        example_attributes(arguments[0], DE, version=arguments[1])


def test_selectors_tell_the_values_of_an_attribute_apart() -> None:
    assert selectors_of("BOTTLE", "item_name") == ["marketplace_id", "language_tag"]
    assert selectors_of("PRODUCT", "purchasable_offer") == ["marketplace_id", "currency", "audience"]
    assert selectors_of("PRODUCT", "fulfillment_availability") == ["fulfillment_channel_code"]
    assert "marketplace_id" in selectors_of("PRODUCT", "sleeve")
    with pytest.raises(KeyError):
        selectors_of("SUBMARINE", "item_name")


@pytest.mark.parametrize("values", [None, "text", [None], [5], [[]], {"value": 1}, [{"value": {"value": 1}}]])
def test_nonsense_is_an_issue_and_no_failure(values: Any) -> None:
    listing: Any = {**example_attributes("BOTTLE", DE), "color": values, "purchasable_offer": values}
    before = deepcopy(listing)
    codes = {code for code, _ in found("BOTTLE", listing)}
    assert codes <= {"90000900", "90220", "99022"}
    assert codes
    assert json.dumps(listing) == json.dumps(before)


@pytest.mark.parametrize("document", ['"\\ud800"', '{"\\ud800": 1}', "[" * 500 + "]" * 500])
def test_what_is_no_text_and_what_is_nested_too_deep_is_an_issue(document: str) -> None:
    listing = {**example_attributes("BOTTLE", DE), "item_name": one(json.loads(document), language_tag="de_DE")}
    assert found("BOTTLE", listing) == [("90000902", "item_name")]
    assert found("BOTTLE", listing, touched={"item_name"}) == [("90000902", "item_name")]
    del listing["brand"]
    assert found("BOTTLE", listing) == [("90220", "brand"), ("90000902", "item_name")]
    number = {"model_number": one(json.loads(document))}
    assert found("BOTTLE", number, touched={"model_number"}) == [("90000902", "model_number")]


@pytest.mark.parametrize("strange", [{"shoe_size": one("\ud800")}, {"\ud800": one(1)}])
def test_an_unknown_attribute_that_cannot_be_told_is_an_error(strange: Listing) -> None:
    [issue] = find_issues("BOTTLE", {**example_attributes("BOTTLE", DE), **strange}, marketplace=DE)
    assert issue["severity"] == "ERROR"
    assert json.dumps(issue, ensure_ascii=False).encode()


def test_an_example_price_is_a_whole_number_where_money_has_no_smaller_unit() -> None:
    [offer] = example_attributes("BOTTLE", JP)["purchasable_offer"]
    assert offer["our_price"] == [{"schedule": [{"value_with_tax": 20}]}]
