"""patchListingsItem: receipts, delays, selectors and issues."""

from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.clock import iso

from .conftest import DE, FR, JP, Client, price, set_price, set_quantity


def test_accepted_is_a_receipt_and_the_effect_comes_later(client: Client) -> None:
    answer = client.patch("LAMP", set_quantity(8))
    assert answer["status"] == "ACCEPTED"
    assert answer["sku"] == "LAMP"
    assert answer["issues"] == []
    client.amazon.advance(1.9)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 3
    client.amazon.advance(0.1)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 8


def test_a_quantity_is_shared_by_all_marketplaces_a_price_is_not(client: Client) -> None:
    client.patch("LAMP", set_quantity(8), set_price(39.5))
    client.amazon.advance(2)
    french = client.amazon.listing(client.seller, FR, "LAMP")
    assert (french["quantity"], french["price"]["amount"]) == (8, "49.00")
    assert client.amazon.listing(client.seller, DE, "LAMP")["price"] == {
        "amount": "39.50",
        "currencyCode": "EUR",
    }


def test_merge_keeps_the_siblings_of_a_quantity_and_replace_drops_them(client: Client) -> None:
    lead = {"fulfillment_channel_code": "DEFAULT", "lead_time_to_ship_max_days": 5}
    client.patch("LAMP", {"op": "merge", "path": "/attributes/fulfillment_availability", "value": [lead]})
    client.patch("LAMP", set_quantity(6))
    sent = client.item("LAMP", "attributes")["attributes"]["fulfillment_availability"]
    assert sent == [{"fulfillment_channel_code": "DEFAULT", "quantity": 6, "lead_time_to_ship_max_days": 5}]
    client.patch("LAMP", set_quantity(7, op="replace"))
    sent = client.item("LAMP", "attributes")["attributes"]["fulfillment_availability"]
    assert sent == [{"fulfillment_channel_code": "DEFAULT", "quantity": 7}]


def test_replacing_a_price_drops_what_is_not_carried_in_this_marketplace_only(client: Client) -> None:
    business = [price(48.0, audience="B2B")]
    client.patch("LAMP", {"op": "add", "path": "/attributes/purchasable_offer", "value": business})
    client.amazon.advance(2)
    offers = client.item("LAMP", "offers", f"{DE},{FR}")["offers"]
    assert [(each["marketplaceId"], each["offerType"]) for each in offers] == [
        (DE, "B2C"),
        (DE, "B2B"),
        (FR, "B2C"),
    ]
    client.patch("LAMP", set_price(47.0))
    client.amazon.advance(2)
    offers = client.item("LAMP", "offers", f"{DE},{FR}")["offers"]
    assert [(each["marketplaceId"], each["offerType"]) for each in offers] == [(DE, "B2C"), (FR, "B2C")]


def test_deleting_the_offer_of_one_marketplace_withdraws_it_there(client: Client) -> None:
    selector = [{"marketplace_id": DE, "audience": "ALL"}]
    client.patch("LAMP", {"op": "delete", "path": "/attributes/purchasable_offer", "value": selector})
    client.amazon.advance(2)
    german = client.amazon.listing(client.seller, DE, "LAMP")
    assert (german["price"], german["status"]) == (None, ["DISCOVERABLE"])
    assert client.amazon.listing(client.seller, FR, "LAMP")["status"] == ["BUYABLE", "DISCOVERABLE"]


def test_a_sale_price_is_live_between_its_ends(client: Client) -> None:
    now = client.amazon.state()["clock"]["now"]
    schedule = {"start_at": now, "end_at": "2999-01-01T00:00:00Z", "value_with_tax": 30}
    sale = [price(49.0, discounted_price=[{"schedule": [schedule]}])]
    client.patch("LAMP", {"op": "replace", "path": "/attributes/purchasable_offer", "value": sale})
    client.amazon.advance(2)
    assert client.amazon.listing(client.seller, DE, "LAMP")["price"]["amount"] == "30.00"


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        (set_quantity(-1), "90000900"),
        (set_quantity("5"), "90000900"),
        (set_price(None), "90220"),
        (set_price(0), "90000900"),
        (set_price(-3.5), "90000900"),
        (set_price(9.999), "90000900"),
        (set_price(9.99, currency="USD"), "90000900"),
    ],
)
def test_a_bad_value_is_invalid_and_nothing_is_stored(client: Client, patch: dict[str, Any], code: str) -> None:
    before = client.item("LAMP", "attributes")
    answer = client.patch("LAMP", patch)
    assert (answer["status"], [each["code"] for each in answer["issues"]]) == ("INVALID", [code])
    client.amazon.advance(10)
    assert client.item("LAMP", "attributes") == before
    assert client.amazon.listing(client.seller, DE, "LAMP")["price"]["amount"] == "49.00"


def test_a_price_in_yen_with_decimals_is_invalid(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([JP], listings=[{"sku": "A", "price": 1980, "quantity": 1}]))
    bad = set_price(1980.5, marketplace=JP, currency="JPY")
    good = set_price(1980, marketplace=JP, currency="JPY")
    assert client.patch("A", bad, marketplaces=JP)["status"] == "INVALID"
    assert client.patch("A", good, marketplaces=JP)["status"] == "ACCEPTED"
    client.http.close()


def test_a_preview_stores_nothing(client: Client) -> None:
    query = {"mode": "VALIDATION_PREVIEW", "includedData": "issues,identifiers"}
    answer = client.patch("LAMP", set_quantity(8), **query)
    assert answer["status"] == "VALID"
    assert answer["identifiers"][0]["asin"] == "B000000002"
    assert client.patch("LAMP", set_quantity(-8), **query)["status"] == "INVALID"
    client.amazon.advance(10)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 3


@pytest.mark.parametrize(
    "body",
    [
        None,
        {"patches": [set_quantity(1)]},
        {"productType": "PRODUCT", "patches": []},
        {"productType": "PRODUCT", "patches": [{**set_quantity(1), "op": "move"}]},
        {
            "productType": "PRODUCT",
            "patches": [{**set_quantity(1), "path": "/attributes/fulfillment_availability/0"}],
        },
        {"productType": "PRODUCT", "patches": [{"op": "delete", "path": "/attributes/purchasable_offer"}]},
    ],
)
def test_a_malformed_patch_is_a_bad_request(client: Client, body: Any) -> None:
    answer = client.call("PATCH", client.item_path("LAMP"), {"marketplaceIds": DE}, body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "BAD_REQUEST")


def test_a_patch_of_an_unknown_sku_is_a_bad_request(client: Client) -> None:
    body = {"productType": "PRODUCT", "patches": [set_quantity(1)]}
    assert client.call("PATCH", client.item_path("NONE"), {"marketplaceIds": DE}, body).status_code == 400


def test_a_quantity_for_a_listing_fulfilled_by_amazon_is_accepted_and_does_nothing(client: Client) -> None:
    assert client.patch("FBA-1", set_quantity(99))["status"] == "ACCEPTED"
    client.amazon.advance(10)
    assert client.amazon.listing(client.seller, DE, "FBA-1")["quantity"] == 7


def test_submissions_may_come_late_or_never(client: Client) -> None:
    client.amazon.settings(apply="never")
    client.patch("LAMP", set_quantity(8))
    client.amazon.settings(apply="late")
    client.patch("LAMP", set_price(41.0))
    client.amazon.advance(800)
    assert client.amazon.listing(client.seller, DE, "LAMP")["price"]["amount"] == "49.00"
    client.amazon.advance(200)
    live = client.amazon.listing(client.seller, DE, "LAMP")
    assert (live["price"]["amount"], live["quantity"]) == ("41.00", 3)
    assert client.item("LAMP", "attributes")["attributes"]["fulfillment_availability"][0]["quantity"] == 8


def test_submissions_may_come_in_another_order(client: Client) -> None:
    client.amazon.settings(apply="reordered")
    last = []
    for _ in range(12):
        client.patch("LAMP", set_quantity(1))
        client.patch("LAMP", set_quantity(2))
        client.amazon.advance(60)
        last.append(client.amazon.listing(client.seller, DE, "LAMP")["quantity"])
    assert set(last) == {1, 2}


def test_a_sale_between_acceptance_and_effect_is_overwritten_as_at_amazon(client: Client) -> None:
    client.patch("LAMP", set_quantity(3))
    client.amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 2}])
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 1
    client.amazon.advance(2)
    assert client.amazon.listing(client.seller, DE, "LAMP")["quantity"] == 3


def test_issues_can_be_set_for_every_submission(client: Client) -> None:
    warning = {"code": "18448", "message": "Add a size.", "severity": "WARNING", "categories": []}
    client.amazon.settings(issues=[warning])
    answer = client.patch("LAMP", set_quantity(4))
    assert (answer["status"], answer["issues"]) == ("ACCEPTED", [warning])
    client.amazon.settings(issues=[{**warning, "severity": "ERROR"}])
    assert client.patch("LAMP", set_quantity(5))["status"] == "INVALID"


def _patch(op: str, name: str, *values: dict[str, Any]) -> dict[str, Any]:
    return {"op": op, "path": f"/attributes/{name}", "value": list(values)}


def _sent(client: Client, name: str, marketplaces: str = DE) -> Any:
    return client.item("LAMP", "attributes", marketplaces)["attributes"].get(name)


SALE = {"start_at": "2020-01-01T00:00:00Z", "end_at": "2999-01-01T00:00:00Z", "value_with_tax": 30.0}
PLAN = {"discount_type": "fixed", "levels": [{"lower_bound": 5, "value": 40.0}, {"lower_bound": 10, "value": 38.0}]}


def test_a_part_of_an_offer_is_deleted_by_nested_selectors(client: Client) -> None:
    client.patch("LAMP", _patch("replace", "purchasable_offer", price(49.0, discounted_price=[{"schedule": [SALE]}])))
    client.amazon.advance(2)
    assert client.amazon.listing(client.seller, DE, "LAMP")["price"]["amount"] == "30.00"
    selectors = {"marketplace_id": DE, "currency": "EUR", "audience": "ALL"}
    other = {**selectors, "discounted_price": [{"schedule": [{**SALE, "value_with_tax": 29.0}]}]}
    client.patch("LAMP", _patch("delete", "purchasable_offer", other))
    assert "discounted_price" in _sent(client, "purchasable_offer")[0]
    named = {**selectors, "discounted_price": [{"schedule": [{"start_at": SALE["start_at"]}]}]}
    client.patch("LAMP", _patch("delete", "purchasable_offer", named))
    assert _sent(client, "purchasable_offer") == [price(49.0)]
    client.amazon.advance(2)
    assert client.amazon.listing(client.seller, DE, "LAMP")["price"]["amount"] == "49.00"


def test_one_level_of_a_quantity_discount_is_deleted_and_its_siblings_stay(client: Client) -> None:
    business = price(48.0, audience="B2B", quantity_discount_plan=[{"schedule": [PLAN]}])
    client.patch("LAMP", _patch("add", "purchasable_offer", business))
    level = {"schedule": [{"discount_type": "fixed", "levels": [{"lower_bound": 5}]}]}
    selectors = {"marketplace_id": DE, "audience": "B2B"}
    client.patch("LAMP", _patch("delete", "purchasable_offer", {**selectors, "quantity_discount_plan": [level]}))
    everybody, left = _sent(client, "purchasable_offer")
    assert everybody["audience"] == "ALL"
    assert left["quantity_discount_plan"] == [{"schedule": [{**PLAN, "levels": PLAN["levels"][1:]}]}]
    whole = {**selectors, "quantity_discount_plan": [{}]}
    client.patch("LAMP", _patch("delete", "purchasable_offer", whole))
    assert _sent(client, "purchasable_offer")[1] == price(48.0, audience="B2B")


def test_a_merge_drops_what_it_names_as_empty(client: Client) -> None:
    business = price(48.0, audience="B2B", quantity_discount_plan=[{"schedule": [PLAN]}])
    client.patch("LAMP", _patch("add", "purchasable_offer", business))
    empty = {"marketplace_id": DE, "currency": "EUR", "audience": "B2B", "quantity_discount_plan": []}
    client.patch("LAMP", _patch("merge", "purchasable_offer", empty))
    assert _sent(client, "purchasable_offer")[1] == price(48.0, audience="B2B")


def test_nothing_is_deleted_by_a_name_alone(client: Client) -> None:
    sale = price(49.0, discounted_price=[{"schedule": [SALE]}])
    client.patch("LAMP", _patch("replace", "purchasable_offer", sale))
    client.patch("LAMP", _patch("delete", "purchasable_offer", {"discounted_price": [{}]}))
    assert _sent(client, "purchasable_offer") == [sale]


def test_one_patch_reaches_several_marketplaces(client: Client) -> None:
    offers = [price(40.0), price(41.0, FR)]
    answer = client.patch("LAMP", _patch("replace", "purchasable_offer", *offers), marketplaces=f"{DE},{FR}")
    assert answer["status"] == "ACCEPTED"
    client.amazon.advance(2)
    amounts = [client.amazon.listing(client.seller, each, "LAMP")["price"]["amount"] for each in (DE, FR)]
    assert amounts == ["40.00", "41.00"]


def test_a_patch_where_the_listing_is_not_is_a_bad_request(client: Client) -> None:
    body = {"productType": "PRODUCT", "patches": [set_price(5.0, marketplace=FR)]}
    assert client.call("PATCH", client.item_path("FBA-1"), {"marketplaceIds": FR}, body).status_code == 400


def test_a_title_and_a_picture_are_live_after_the_delay(client: Client) -> None:
    title = {"value": "Floor lamp", "language_tag": "de_DE", "marketplace_id": DE}
    picture = {"media_location": "https://images.example/floor.jpg", "marketplace_id": DE}
    client.patch("LAMP", _patch("replace", "item_name", title), _patch("add", "main_product_image_locator", picture))
    assert client.item("LAMP", "summaries")["summaries"][0]["itemName"] == "Lamp"
    client.amazon.advance(2)
    summary = client.item("LAMP", "summaries")["summaries"][0]
    assert (summary["itemName"], summary["mainImage"]["link"]) == ("Floor lamp", picture["media_location"])


def test_the_condition_is_live_after_the_delay(client: Client) -> None:
    client.patch("LAMP", _patch("replace", "condition_type", {"value": "used_good", "marketplace_id": DE}))
    client.amazon.advance(2)
    assert client.item("LAMP", "summaries")["summaries"][0]["conditionType"] == "used_good"


def test_a_price_holds_only_between_its_ends(client: Client) -> None:
    now = client.amazon.world.now()
    span: dict[str, Any] = {"start_at": {"value": iso(now + 100)}, "end_at": {"value": iso(now + 200)}}
    client.patch("LAMP", _patch("replace", "purchasable_offer", price(40.0, **span)))
    seen = []
    for seconds in (50, 100, 100):
        client.amazon.advance(seconds)
        seen.append(client.amazon.listing(client.seller, DE, "LAMP")["status"])
    assert seen == [["DISCOVERABLE"], ["BUYABLE", "DISCOVERABLE"], ["DISCOVERABLE"]]


@pytest.mark.parametrize(
    ("bound", "amount", "code"),
    [("minimum_seller_allowed_price", 50, "18155"), ("maximum_seller_allowed_price", 9, "18156")],
)
def test_a_price_outside_its_bounds_is_accepted_and_takes_the_listing_down(
    client: Client, bound: str, amount: float, code: str
) -> None:
    bounds: dict[str, Any] = {bound: [{"schedule": [{"value_with_tax": amount}]}]}
    answer = client.patch("LAMP", set_price(40.0, **bounds))
    assert (answer["status"], answer["issues"]) == ("ACCEPTED", [])
    client.amazon.advance(2)
    item = client.item("LAMP", "issues,summaries", f"{DE},{FR}")
    [issue] = item["issues"]
    assert (issue["code"], issue["marketplaceIds"]) == (code, [DE])
    assert issue["enforcements"]["actions"] == [{"action": "LISTING_SUPPRESSED"}]
    assert [each["status"] for each in item["summaries"]] == [["DISCOVERABLE"], ["BUYABLE", "DISCOVERABLE"]]
    client.patch("LAMP", set_price(40.0))
    client.amazon.advance(2)
    item = client.item("LAMP", "issues,summaries")
    assert (item["issues"], item["summaries"][0]["status"]) == ([], ["BUYABLE", "DISCOVERABLE"])


def test_a_price_set_in_seller_central_lifts_the_suppression(client: Client) -> None:
    client.patch("LAMP", set_price(40.0, minimum_seller_allowed_price=[{"schedule": [{"value_with_tax": 50}]}]))
    client.amazon.advance(2)
    client.amazon.put_listing(client.seller, DE, "LAMP", price="55.00")
    item = client.item("LAMP", "issues,summaries")
    assert (item["issues"], item["summaries"][0]["status"]) == ([], ["BUYABLE", "DISCOVERABLE"])


def test_what_the_schema_refuses_is_invalid(client: Client) -> None:
    answer = client.patch("LAMP", _patch("replace", "condition_type", {"value": "shiny", "marketplace_id": DE}))
    assert (answer["status"], answer["issues"][0]["code"]) == ("INVALID", "90000900")
    assert _sent(client, "condition_type") == [{"value": "new_new", "marketplace_id": DE}]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("purchasable_offer", {"marketplace_id": [], "currency": "EUR", "our_price": []}),
        ("purchasable_offer", {"marketplace_id": DE, "currency": {}, "our_price": "9.99"}),
        ("purchasable_offer", {"marketplace_id": DE, "currency": "EUR", "our_price": [{"schedule": [None]}]}),
        ("purchasable_offer", {**price(9.0), "discounted_price": [{"schedule": ["now"]}]}),
        ("fulfillment_availability", {"fulfillment_channel_code": ["DEFAULT"], "quantity": 1}),
        ("fulfillment_availability", {"fulfillment_channel_code": "DEFAULT", "quantity": {}}),
        ("item_name", {"value": 5, "language_tag": "de_DE", "marketplace_id": DE}),
        ("condition_type", {"value": None, "marketplace_id": "NOWHERE"}),
        ("main_product_image_locator", {"media_location": [], "marketplace_id": DE}),
    ],
)
def test_values_of_the_wrong_shape_are_invalid(client: Client, name: str, wrong: dict[str, Any]) -> None:
    before = client.item("LAMP", "attributes")
    answer = client.patch("LAMP", _patch("replace", name, wrong))
    assert (answer["status"], answer["issues"][0]["attributeNames"]) == ("INVALID", [name])
    assert client.item("LAMP", "attributes") == before


def test_values_of_marketplaces_that_are_not_called_are_ignored(client: Client) -> None:
    client.patch("LAMP", _patch("replace", "purchasable_offer", price(40.0), price(41.0, FR)))
    client.amazon.advance(2)
    amounts = [client.amazon.listing(client.seller, each, "LAMP")["price"]["amount"] for each in (DE, FR)]
    assert amounts == ["40.00", "49.00"]
    assert len(_sent(client, "purchasable_offer", f"{DE},{FR}")) == 2


def test_an_attribute_that_the_product_type_does_not_have_is_ignored_with_a_warning(client: Client) -> None:
    answer = client.patch("LAMP", _patch("replace", "shoe_smell", {"value": "mild", "marketplace_id": DE}))
    assert (answer["status"], [each["severity"] for each in answer["issues"]]) == ("ACCEPTED", ["WARNING"])
    assert _sent(client, "shoe_smell") is None
