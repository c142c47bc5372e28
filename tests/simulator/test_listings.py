"""Reading listings: getListingsItem and searchListingsItems."""

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.clock import iso

from .conftest import DE, FR, JP, Client, set_price, set_quantity

ALL = "summaries,attributes,issues,offers,fulfillmentAvailability,procurement,relationships,productTypes"


def test_a_listing_shows_what_is_live_in_each_marketplace(client: Client) -> None:
    item = client.item("LAMP", ALL, f"{DE},{FR}")
    assert [each["status"] for each in item["summaries"]] == [["BUYABLE", "DISCOVERABLE"]] * 2
    assert item["offers"][0]["price"] == {"amount": "49.00", "currencyCode": "EUR"}
    assert item["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "DEFAULT", "quantity": 3}]
    assert item["attributes"]["externally_assigned_product_identifier"][0]["type"] == "upc"


def test_only_the_parts_asked_for_are_there(client: Client) -> None:
    assert set(client.item("LAMP", "offers")) == {"sku", "offers"}
    assert set(client.get(client.item_path("LAMP"), marketplaceIds=DE).json()) == {"sku", "summaries"}
    assert client.get(client.item_path("LAMP"), marketplaceIds=DE, includedData="everything").status_code == 400


def test_attributes_are_what_was_sent_and_fulfillment_availability_is_what_is_live(client: Client) -> None:
    client.amazon.place_order(client.seller, FR, [{"sku": "LAMP", "quantity": 2}])
    client.patch("LAMP", set_price(45.0))
    item = client.item("LAMP", ALL)
    assert item["attributes"]["fulfillment_availability"][0]["quantity"] == 3
    assert item["fulfillmentAvailability"][0]["quantity"] == 1
    assert item["attributes"]["purchasable_offer"][0]["our_price"][0]["schedule"][0]["value_with_tax"] == 45.0
    assert item["offers"][0]["price"]["amount"] == "49.00"


def test_a_listing_of_another_marketplace_is_not_found(client: Client) -> None:
    assert client.get(client.item_path("FBA-1"), marketplaceIds=DE).status_code == 200
    missing = client.get(client.item_path("FBA-1"), marketplaceIds=FR)
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (404, "NOT_FOUND")


def test_yen_have_no_decimals(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([JP], listings=[{"sku": "A", "price": 1980, "quantity": 1}]))
    item = client.item("A", "offers,attributes", JP)
    assert item["offers"][0]["price"] == {"amount": "1980", "currencyCode": "JPY"}
    client.http.close()


def test_an_issue_of_a_listing_is_shown_with_its_marketplace(client: Client) -> None:
    issue = {"code": "18742", "message": "Restricted", "severity": "ERROR", "categories": []}
    client.amazon.put_listing(client.seller, DE, "LAMP", issues=[issue], status=[])
    item = client.item("LAMP", "issues,summaries", f"{DE},{FR}")
    assert [(each["code"], each["marketplaceIds"]) for each in item["issues"]] == [("18742", [DE])]
    assert [each["status"] for each in item["summaries"]] == [[], ["BUYABLE", "DISCOVERABLE"]]
    assert [each["sku"] for each in client.search(withIssueSeverity="ERROR")["items"]] == ["LAMP"]


def test_a_suspended_marketplace_has_no_buyable_listing(client: Client) -> None:
    client.amazon.change_seller(client.seller, suspended=[DE])
    item = client.item("LAMP", "summaries", f"{DE},{FR}")
    assert [each["status"] for each in item["summaries"]] == [[], ["BUYABLE", "DISCOVERABLE"]]


def test_search_finds_by_sku_asin_and_gtin_of_any_length(client: Client) -> None:
    def found(kind: str, identifiers: str) -> list[str]:
        items = client.search(identifiersType=kind, identifiers=identifiers)["items"]
        return sorted(each["sku"] for each in items)

    assert found("SKU", "LAMP,MUG/1 ä%,NONE") == ["LAMP", "MUG/1 ä%"]
    assert found("ASIN", "B000000002") == ["LAMP"]
    assert found("EAN", "4006381333931") == ["MUG/1 ä%"]
    assert found("UPC", "036000291452") == found("EAN", "0036000291452") == ["LAMP"]


def test_search_finds_by_the_label_of_amazons_warehouses(client: Client) -> None:
    label = client.item("FBA-1", "summaries")["summaries"][0]["fnSku"]
    assert [each["sku"] for each in client.search(identifiersType="FNSKU", identifiers=label)["items"]] == ["FBA-1"]
    assert client.search(identifiersType="FNSKU", identifiers="Z000000000")["numberOfResults"] == 0
    assert client.search(identifiersType="ASIN", identifiers="4006381333931")["numberOfResults"] == 0


def test_search_by_creation_finds_what_was_made_in_a_span(client: Client) -> None:
    client.amazon.advance(100)
    start = iso(client.amazon.world.now())
    client.amazon.put_listing(client.seller, DE, "VASE", price="9.00", quantity=1)
    client.amazon.put_listing(client.seller, DE, "LAMP", price="9.00")
    assert [each["sku"] for each in client.search(createdAfter=start)["items"]] == ["VASE"]
    assert client.search(createdBefore=start, sortBy="createdDate")["numberOfResults"] == 3
    client.amazon.advance(1)
    assert client.search(createdAfter=iso(client.amazon.world.now()))["numberOfResults"] == 0


def test_search_refuses_more_than_twenty_identifiers_or_results_a_page(client: Client) -> None:
    path = f"/listings/2021-08-01/items/{client.seller}"
    many = ",".join(f"S{number}" for number in range(21))
    assert client.get(path, marketplaceIds=DE, identifiers=many, identifiersType="SKU").status_code == 400
    assert client.get(path, marketplaceIds=DE, identifiers="A").status_code == 400
    assert client.get(path, marketplaceIds=DE, pageSize=21).status_code == 400
    assert client.get(path).status_code == 400


def test_search_by_last_update_finds_what_changed_oldest_first(client: Client) -> None:
    amazon = client.amazon
    amazon.advance(100)
    start = iso(amazon.world.now())
    client.patch("LAMP", set_price(40.0))
    amazon.advance(5)
    client.patch("MUG/1 ä%", set_quantity(4))
    assert client.search(lastUpdatedAfter=start)["numberOfResults"] == 1
    amazon.advance(5)
    found = client.search(lastUpdatedAfter=start, sortBy="lastUpdatedDate", sortOrder="ASC")
    assert [each["sku"] for each in found["items"]] == ["LAMP", "MUG/1 ä%"]
    assert client.search(lastUpdatedAfter=iso(amazon.world.now() + 1))["numberOfResults"] == 0


def test_search_filters_by_status(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "LAMP", quantity=0)
    assert [each["sku"] for each in client.search(withoutStatus="BUYABLE")["items"]] == ["LAMP"]
    assert client.search(withStatus="BUYABLE")["numberOfResults"] == 2


def test_at_most_a_thousand_listings_can_be_paged_through(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([DE], catalogue=1005))
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = client.search(pageSize=20, sortBy="sku", sortOrder="ASC", **token)
        seen += [each["sku"] for each in page["items"]]
        if "nextToken" not in page["pagination"]:
            break
        token = {"pageToken": page["pagination"]["nextToken"]}
    assert page["numberOfResults"] == 1005
    assert len(seen) == len(set(seen)) == 1000
    assert seen == sorted(seen)
    path = f"/listings/2021-08-01/items/{client.seller}"
    assert client.get(path, marketplaceIds=DE, pageToken="forged.token").status_code == 400
    client.http.close()


def test_a_catalogue_is_believable_and_decided_by_the_seed(amazon: Amazon) -> None:
    def catalogue(amazon: Amazon) -> list[object]:
        client = Client(amazon, amazon.add_seller([DE], catalogue=40))
        items = client.search(pageSize=20, sortBy="sku", includedData="attributes,offers")["items"]
        client.http.close()
        return [(each["sku"], each["offers"], each["attributes"]["item_name"]) for each in items]

    first = catalogue(amazon)
    amazon.reset()
    amazon.settings(quotas="off")
    assert catalogue(amazon) == first
    amazon.reset(seed=8)
    amazon.settings(quotas="off")
    assert catalogue(amazon) != first
    for listing in amazon.world.listings(next(iter(amazon.world.state.sellers))):
        digits = [int(digit) for digit in listing.external_id]
        assert len(digits) == 13
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
        assert len(listing.asin) == 10
        assert listing.asin.startswith("B0")
