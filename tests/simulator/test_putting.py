"""putListingsItem and deleteListingsItem: new listings, whole listings, and listings that go."""

from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.world import LISTENERS

from .conftest import DE, FR, JP, UK, Client, price, set_price, set_quantity
from .submissions import (
    IMAGE,
    codes,
    delete,
    ean,
    is_missing,
    named,
    offer_only,
    put,
    put_offer,
    settle,
    try_delete,
    try_put,
    value,
    whole,
)

ALL = "summaries,attributes,issues,offers,fulfillmentAvailability,procurement,relationships,productTypes"


def test_a_new_sku_has_attributes_at_once_and_an_asin_after_the_delay(client: Client) -> None:
    answer = put(client, "NEW", whole(ean(1)))
    assert (answer["status"], codes(answer)) == ("ACCEPTED", [])
    item = client.item("NEW", ALL)
    assert (item["summaries"], item["offers"], item["fulfillmentAvailability"]) == ([], [], [])
    assert item["attributes"]["externally_assigned_product_identifier"][0]["value"] == ean(1)
    settle(client)
    item = client.item("NEW", ALL)
    summary = item["summaries"][0]
    assert (summary["status"], summary["productType"]) == (["BUYABLE", "DISCOVERABLE"], "LAMP")
    assert (len(summary["asin"]), summary["mainImage"]["link"]) == (10, IMAGE)
    assert summary["itemName"] == item["attributes"]["item_name"][0]["value"]
    assert item["fulfillmentAvailability"][0]["quantity"] == 10
    assert item["offers"][0]["price"]["amount"] == "19.99"
    assert client.search(identifiers=ean(1), identifiersType="EAN")["numberOfResults"] == 1


def test_a_new_listing_is_only_where_it_was_put(client: Client) -> None:
    put(client, "NEW", whole(ean(1)))
    settle(client)
    assert is_missing(client, "NEW", FR)
    put(client, "NEW", whole(ean(1), FR), marketplaces=FR)
    assert client.item("NEW", "summaries", FR)["summaries"] == []
    settle(client)
    both = client.item("NEW", "summaries,offers", f"{DE},{FR}")
    assert len({each["asin"] for each in both["summaries"]}) == 1
    assert [each["marketplaceId"] for each in both["offers"]] == [DE, FR]


def test_a_known_ean_joins_its_asin(client: Client) -> None:
    put(client, "MUG-2", whole("4006381333931"))
    settle(client)
    assert client.item("MUG-2", "summaries")["summaries"][0]["asin"] == "B000000001"


def test_a_listing_of_another_seller_makes_an_ean_known(client: Client) -> None:
    other = Client(client.amazon, client.amazon.add_seller([DE]))
    put(client, "MINE", whole(ean(7)))
    put(other, "THEIRS", whole(ean(7)))
    settle(client)
    asins = {each.item(sku, "summaries")["summaries"][0]["asin"] for each, sku in ((client, "MINE"), (other, "THEIRS"))}
    assert len(asins) == 1
    other.http.close()


def test_an_ean_of_several_asins_asks_which_one_is_meant(client: Client) -> None:
    client.amazon.add_product("Mug, again", [DE], asin="B0SECOND01", ean="4006381333931")
    answer = put(client, "MUG-2", whole("4006381333931"))
    assert (answer["status"], named(answer)) == ("INVALID", {"merchant_suggested_asin"})
    assert "B0SECOND01" in answer["issues"][0]["message"]
    assert is_missing(client, "MUG-2")
    suggested = whole("4006381333931", merchant_suggested_asin=value("B0SECOND01"))
    assert put(client, "MUG-2", suggested)["status"] == "ACCEPTED"
    settle(client)
    assert client.item("MUG-2", "summaries")["summaries"][0]["asin"] == "B0SECOND01"


def test_an_offer_alone_needs_a_known_asin(client: Client) -> None:
    without = {name: each for name, each in offer_only("").items() if name != "merchant_suggested_asin"}
    answer = put(client, "OFFER", without, "LISTING_OFFER_ONLY")
    assert (answer["status"], named(answer)) == ("INVALID", {"merchant_suggested_asin"})
    answer = put_offer(client, "OFFER", "B0UNKNOWN1")
    assert (answer["status"], codes(answer)) == ("INVALID", ["8560"])
    assert is_missing(client, "OFFER")
    client.amazon.add_product("Vase", [DE], asin="B0KNOWN001")
    assert put_offer(client, "OFFER", "B0KNOWN001")["status"] == "ACCEPTED"
    settle(client)
    item = client.item("OFFER", "summaries,issues")
    assert (item["summaries"][0]["asin"], item["issues"]) == ("B0KNOWN001", [])
    assert item["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]


def test_facts_of_a_product_alone_make_no_offer(client: Client) -> None:
    terms = ("purchasable_offer", "fulfillment_availability", "condition_type")
    attributes = {name: each for name, each in whole(ean(3)).items() if name not in terms}
    assert put(client, "FACTS", attributes, "LISTING_PRODUCT_ONLY")["status"] == "ACCEPTED"
    settle(client)
    item = client.item("FACTS", "summaries,offers")
    assert (item["summaries"][0]["status"], item["offers"]) == (["DISCOVERABLE"], [])


def test_a_product_without_an_identifier_needs_a_declared_exemption(client: Client) -> None:
    bare = whole(ean(1), externally_assigned_product_identifier=None)
    answer = put(client, "BARE", bare)
    assert (answer["status"], named(answer)) == ("INVALID", {"externally_assigned_product_identifier"})
    exempt = {**bare, "supplier_declared_has_product_identifier_exemption": value(True)}
    answer = put(client, "BARE", exempt)
    assert answer["status"] == "ACCEPTED", answer
    settle(client)
    assert client.item("BARE", "summaries")["summaries"][0]["asin"].startswith("B0")


def test_an_ean_with_a_wrong_check_digit_is_invalid(client: Client) -> None:
    wrong = ean(1)[:-1] + str((int(ean(1)[-1]) + 1) % 10)
    answer = put(client, "NEW", whole(wrong))
    assert (answer["status"], named(answer)) == ("INVALID", {"externally_assigned_product_identifier"})


def test_a_full_submission_drops_what_it_leaves_out_in_its_marketplace_alone(client: Client) -> None:
    for marketplace in (DE, FR):
        both = whole(ean(1), marketplace)
        note = [{"value": "Boxed.", "language_tag": "de_DE", "marketplace_id": marketplace}]
        assert put(client, "NEW", {**both, "condition_note": note}, marketplaces=marketplace)["status"] == "ACCEPTED"
        settle(client)
    put(client, "NEW", whole(ean(1), main_product_image_locator=None))
    item = client.item("NEW", "attributes,summaries", f"{DE},{FR}")
    assert [each["marketplace_id"] for each in item["attributes"]["condition_note"]] == [FR]
    assert [each["marketplace_id"] for each in item["attributes"]["main_product_image_locator"]] == [FR]
    assert item["summaries"][0]["mainImage"]["link"] == IMAGE
    settle(client)
    german, french = client.item("NEW", "summaries", f"{DE},{FR}")["summaries"]
    assert "mainImage" not in german
    assert french["mainImage"]["link"] == IMAGE


def test_dropped_availability_is_no_stock(client: Client) -> None:
    attributes = offer_only("B000000002", 44.0)
    put(client, "LAMP", attributes, "LISTING_OFFER_ONLY")
    settle(client)
    live = client.amazon.listing(client.seller, DE, "LAMP")
    assert (live["price"]["amount"], live["quantity"]) == ("44.00", 5)
    facts = {name: each for name, each in whole(ean(1)).items() if name in ("item_name", "brand", "bullet_point")}
    body = {"productType": "LAMP", "requirements": "LISTING_PRODUCT_ONLY", "attributes": facts}
    assert try_put(client, "LAMP", body).json()["status"] == "INVALID"
    settle(client)
    assert client.amazon.listing(client.seller, DE, "LAMP") == live


def test_an_invalid_put_leaves_everything_as_it_was(client: Client) -> None:
    before, world = client.item("LAMP", ALL), client.amazon.save()["state"]
    answer = put(client, "LAMP", {**offer_only("B000000002"), "purchasable_offer": [price(-1.0)]}, "LISTING_OFFER_ONLY")
    assert answer["status"] == "INVALID"
    assert put(client, "NEW", {"brand": value("Nordhaus")})["status"] == "INVALID"
    settle(client)
    assert client.item("LAMP", ALL) == before
    assert is_missing(client, "NEW")
    after = client.amazon.save()["state"]
    assert {**after, "counters": 0} == {**world, "counters": 0}


def test_what_a_product_type_requires_is_named(client: Client) -> None:
    answer = put(client, "NEW", {})
    assert {"brand", "item_name", "purchasable_offer", "light_source"} <= named(answer)
    assert set(codes(answer)) == {"90220"}


def test_a_preview_of_a_put_stores_nothing(client: Client) -> None:
    query = {"mode": "VALIDATION_PREVIEW", "includedData": "identifiers,issues"}
    answer = put(client, "NEW", whole("4006381333931"), **query)
    assert (answer["status"], answer["identifiers"]) == ("VALID", [{"marketplaceId": DE, "asin": "B000000001"}])
    assert put(client, "NEW", whole(ean(1)), **query)["identifiers"] == []
    assert put(client, "NEW", {}, **query)["status"] == "INVALID"
    settle(client)
    assert is_missing(client, "NEW")


def test_the_asin_of_a_listing_cannot_be_changed(client: Client) -> None:
    answer = put_offer(client, "LAMP", "B000000001")
    assert (answer["status"], codes(answer)) == ("INVALID", ["8005"])


@pytest.mark.parametrize(
    "body",
    [
        None,
        {"attributes": {}},
        {"productType": "LAMP"},
        {"productType": "LAMP", "attributes": []},
        {"productType": "LAMP", "attributes": {"brand": "Nordhaus"}},
        {"productType": "LAMP", "attributes": {}, "requirements": "EVERYTHING"},
        {"productType": "NO_SUCH_TYPE", "attributes": {}},
    ],
)
def test_a_malformed_put_is_a_bad_request(client: Client, body: Any) -> None:
    answer = try_put(client, "NEW", body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "BAD_REQUEST")


def test_a_put_takes_one_marketplace_and_a_sku_of_forty_characters(client: Client) -> None:
    body = {"productType": "LAMP", "requirements": "LISTING", "attributes": whole(ean(1))}
    assert try_put(client, "NEW", body, f"{DE},{FR}").status_code == 400
    assert try_put(client, "NEW", body, UK).status_code == 403
    assert try_put(client, "S" * 41, body).status_code == 400
    assert try_put(client, "S" * 40, body).json()["status"] == "ACCEPTED"


def test_a_listing_that_is_deleted_is_live_until_the_delay_is_over(client: Client) -> None:
    assert delete(client, "LAMP")["status"] == "ACCEPTED"
    assert client.amazon.listing(client.seller, DE, "LAMP")["status"] == ["BUYABLE", "DISCOVERABLE"]
    settle(client)
    assert is_missing(client, "LAMP")
    french = client.item("LAMP", "attributes,summaries", f"{DE},{FR}")
    prices = french["attributes"]["purchasable_offer"]
    assert [each["marketplace_id"] for each in prices] == [FR]
    assert french["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]
    delete(client, "LAMP", FR)
    settle(client)
    assert is_missing(client, "LAMP", FR)
    assert client.search(identifiers="LAMP", identifiersType="SKU")["numberOfResults"] == 0
    assert client.amazon.world.listing(client.seller, "LAMP") is None


def test_attributes_of_a_deleted_marketplace_are_gone(client: Client) -> None:
    client.patch("LAMP", set_price(45.0))
    settle(client)
    delete(client, "LAMP")
    settle(client)
    left = client.item("LAMP", "attributes", f"{DE},{FR}")["attributes"]["purchasable_offer"]
    assert [each["marketplace_id"] for each in left] == [FR]
    put_offer(client, "LAMP", "B000000002", amount=31.0)
    settle(client)
    offers = client.item("LAMP", "attributes")["attributes"]["purchasable_offer"]
    assert [each["our_price"][0]["schedule"][0]["value_with_tax"] for each in offers] == [31.0]


def test_a_listing_that_is_put_again_while_it_is_being_deleted_comes_back(client: Client) -> None:
    delete(client, "LAMP")
    delete(client, "LAMP", FR)
    put_offer(client, "LAMP", "B000000002", amount=31.0)
    settle(client)
    item = client.item("LAMP", "offers,attributes")
    assert item["offers"][0]["price"]["amount"] == "31.00"
    assert item["attributes"]["merchant_suggested_asin"] == value("B000000002")
    assert is_missing(client, "LAMP", FR)


def test_a_marketplace_that_is_put_again_while_it_is_being_deleted_keeps_its_attributes(client: Client) -> None:
    delete(client, "LAMP")
    put_offer(client, "LAMP", "B000000002", amount=31.0)
    settle(client)
    item = client.item("LAMP", "attributes,offers", f"{DE},{FR}")
    assert sorted(each["price"]["amount"] for each in item["offers"]) == ["31.00", "49.00"]
    assert sorted(each["marketplace_id"] for each in item["attributes"]["purchasable_offer"]) == sorted([DE, FR])


def test_what_was_never_made_live_can_be_deleted(client: Client) -> None:
    client.amazon.settings(apply="never")
    put(client, "NEW", whole(ean(1)))
    client.amazon.settings(apply="normal")
    delete(client, "NEW")
    assert not is_missing(client, "NEW")
    settle(client)
    assert client.amazon.world.listing(client.seller, "NEW") is None


def test_what_does_not_exist_cannot_be_deleted(client: Client) -> None:
    assert try_delete(client, "NONE").status_code == 400
    assert try_delete(client, "FBA-1", FR).status_code == 400
    assert try_delete(client, "LAMP", f"{DE},{FR}").status_code == 400


def test_a_listing_switches_to_amazons_fulfilment_and_back(client: Client) -> None:
    path = "/attributes/fulfillment_availability"
    own = {"op": "delete", "path": path, "value": [{"fulfillment_channel_code": "DEFAULT"}]}
    theirs = {"op": "add", "path": path, "value": [{"fulfillment_channel_code": "AMAZON_EU"}]}
    client.patch("LAMP", own, theirs)
    settle(client)
    item = client.item("LAMP", "summaries,fulfillmentAvailability")
    assert item["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "AMAZON_EU", "quantity": 0}]
    assert item["summaries"][0]["fnSku"].startswith("X00")
    gone = {"op": "delete", "path": path, "value": [{"fulfillment_channel_code": "AMAZON_EU"}]}
    client.patch("LAMP", gone, set_quantity(4))
    settle(client)
    available = client.item("LAMP", "fulfillmentAvailability")["fulfillmentAvailability"]
    assert available == [{"fulfillmentChannelCode": "DEFAULT", "quantity": 4}]


def test_an_offer_in_japan_gives_points(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([JP], listings=[{"sku": "A", "price": 1980, "quantity": 1}]))
    assert client.item("A", "offers", JP)["offers"][0]["points"] == {"pointsNumber": 19}
    client.http.close()


def test_messages_of_issues_follow_the_language_that_is_asked_for(client: Client) -> None:
    bare = whole(ean(1), brand=None)
    german = put(client, "NEW", bare)["issues"][0]["message"]
    english = put(client, "NEW", bare, issueLocale="en_US")["issues"][0]["message"]
    assert german.endswith("nicht angegeben.")
    assert english.endswith("is required but not supplied.")


def test_a_new_listing_survives_save_and_load_before_and_after_it_is_live(client: Client) -> None:
    put(client, "NEW", whole(ean(1)))
    client.amazon.load(client.amazon.save())
    settle(client)
    summary = client.item("NEW", "summaries")["summaries"][0]
    client.amazon.load(client.amazon.save())
    assert client.item("NEW", "summaries")["summaries"][0] == summary


def test_a_upc_joins_its_asin_too(client: Client) -> None:
    upc = [{"type": "upc", "value": "036000291452", "marketplace_id": DE}]
    put(client, "NEW", whole(ean(1), externally_assigned_product_identifier=upc))
    settle(client)
    assert client.item("NEW", "summaries")["summaries"][0]["asin"] == "B000000002"


def test_everything_that_becomes_live_is_an_occurrence(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    listener = [lambda world, seller, facts: heard.append((facts["sku"], facts["marketplaces"]))]
    monkeypatch.setitem(LISTENERS, "listing_changed", listener)
    put(client, "NEW", whole(ean(1)))
    put_offer(client, "LAMP", "B000000002", amount=31.0)
    assert heard == []
    settle(client)
    assert heard == [("NEW", [DE]), ("LAMP", [DE, FR])]
    for marketplace in (DE, FR):
        delete(client, "LAMP", marketplace)
        settle(client)
    assert heard[2:] == [("LAMP", [DE]), ("LAMP", [])]


def test_a_submission_of_another_marketplace_that_waits_is_not_made_live_with_this_one(client: Client) -> None:
    client.amazon.settings(apply="never")
    picture = {"media_location": "https://images.example/de.jpg", "marketplace_id": DE}
    client.patch("LAMP", {"op": "add", "path": "/attributes/main_product_image_locator", "value": [picture]})
    client.amazon.settings(apply="normal")
    french = {"media_location": "https://images.example/fr.jpg", "marketplace_id": FR}
    patch = {"op": "add", "path": "/attributes/main_product_image_locator", "value": [french]}
    client.patch("LAMP", patch, marketplaces=FR)
    settle(client)
    links = [each["mainImage"]["link"] for each in client.item("LAMP", "summaries", f"{DE},{FR}")["summaries"]]
    assert links[0] != picture["media_location"]
    assert links[1] == french["media_location"]


def test_a_listing_that_was_never_live_can_be_deleted(client: Client) -> None:
    put(client, "NEW", whole(ean(1)))
    delete(client, "NEW")
    settle(client)
    assert is_missing(client, "NEW")
    assert client.amazon.world.listing(client.seller, "NEW") is None


def test_a_listing_that_seller_central_removes_leaves_nothing_behind(client: Client) -> None:
    put(client, "NEW", whole(ean(1)))
    settle(client)
    client.amazon.drop_listing(client.seller, DE, "NEW")
    assert is_missing(client, "NEW")
    put(client, "NEW", whole(ean(1)))
    assert client.item("NEW", "summaries")["summaries"] == []
