"""FBA Inventory: what Amazon's warehouses hold, and that no unit is lost or made there."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.control.refused import Refused

from .conftest import DE, FR, US, Client

SUMMARIES = "/fba/inventory/v1/summaries"
ITEMS = "/fba/inventory/v1/items"


def query(**changes: Any) -> dict[str, Any]:
    wanted = {"granularityType": "Marketplace", "granularityId": DE, "marketplaceIds": DE, **changes}
    return {name: value for name, value in wanted.items() if value is not None}


def summaries(client: Client, **changes: Any) -> list[Any]:
    answer = client.get(SUMMARIES, **query(**changes))
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["payload"]["inventorySummaries"]
    return found


def details(client: Client, sku: str = "FBA-1") -> Any:
    [summary] = summaries(client, details="true", sellerSkus=sku)
    return summary["inventoryDetails"]


def units(amazon: Amazon, seller: str, sku: str = "FBA-1") -> int:
    """Every unit there ever was of a SKU: on the way, in a warehouse, or at a customer's."""
    facts = amazon.fba(seller, sku)
    numbers = [value for value in facts.values() if isinstance(value, int)]
    return sum(numbers) + sum(sum(value.values()) for value in facts.values() if isinstance(value, dict))


def add_inventory(client: Client, token: str | None, *items: dict[str, Any]) -> requests.Response:
    client.sign_in()
    headers = {"x-amz-access-token": client.token}
    if token is not None:
        headers["x-amzn-idempotency-token"] = token
    body = {"inventoryItems": list(items)}
    return client.http.post(f"{client.amazon.url}{ITEMS}/inventory", json=body, headers=headers, timeout=10)


def some(quantity: Any = 3, sku: str = "FBA-1", marketplace: str = DE) -> dict[str, Any]:
    return {"sellerSku": sku, "marketplaceId": marketplace, "quantity": quantity}


def test_a_summary_shows_the_quantity_of_the_listing(client: Client) -> None:
    [summary] = summaries(client)
    assert (summary["sellerSku"], summary["productName"], summary["totalQuantity"]) == ("FBA-1", "Tea", 7)
    assert "inventoryDetails" not in summary
    assert details(client)["fulfillableQuantity"] == client.amazon.listing(client.seller, DE, "FBA-1")["quantity"]
    shown = client.item("FBA-1", "summaries")["summaries"][0]
    assert summary["fnSku"] == shown["fnSku"]


@pytest.mark.parametrize(
    "changes",
    [
        {"granularityType": None},
        {"granularityType": "Seller"},
        {"granularityId": None},
        {"granularityId": FR},
        {"marketplaceIds": None},
        {"marketplaceIds": f"{DE},{FR}"},
        {"marketplaceIds": "NOWHERE", "granularityId": "NOWHERE"},
        {"startDateTime": "yesterday"},
        {"startDateTime": "2020-01-01T00:00:00Z"},
        {"details": "perhaps"},
        {"sellerSkus": ",".join(f"S{number}" for number in range(51))},
        {"nextToken": "made-up"},
    ],
)
def test_a_bad_call_is_refused(client: Client, changes: dict[str, Any]) -> None:
    answer = client.get(SUMMARIES, **query(**changes))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "InvalidInput"


def test_a_foreign_marketplace_is_forbidden(client: Client) -> None:
    assert client.get(SUMMARIES, **query(marketplaceIds=US, granularityId=US)).status_code == 403


def test_skus_are_asked_for_by_name_and_others_fall_out(client: Client) -> None:
    assert [each["sellerSku"] for each in summaries(client, sellerSkus="LAMP,FBA-1,NONE")] == ["FBA-1"]
    assert [each["sellerSku"] for each in summaries(client, sellerSku="FBA-1")] == ["FBA-1"]
    assert summaries(client, sellerSkus="NONE", sellerSku="FBA-1") == []


def test_a_start_leaves_out_what_has_not_changed_since(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "FBA-2", quantity=1, fulfillment="AMAZON")
    client.amazon.advance(3600)
    start = client.amazon.state()["clock"]["now"]
    client.amazon.advance(60)
    assert summaries(client, startDateTime=start) == []
    client.amazon.place_order(client.seller, DE, [{"sku": "FBA-1"}])
    assert [each["sellerSku"] for each in summaries(client, startDateTime=start, sellerSkus="FBA-2")] == ["FBA-1"]


def test_a_change_of_the_price_is_no_change_of_the_stock(client: Client) -> None:
    before = summaries(client)[0]["lastUpdatedTime"]
    client.amazon.advance(600)
    client.amazon.put_listing(client.seller, DE, "FBA-1", price="6.00")
    assert summaries(client)[0]["lastUpdatedTime"] == before
    client.amazon.put_listing(client.seller, DE, "FBA-1", quantity=9)
    assert summaries(client)[0]["lastUpdatedTime"] > before


@pytest.fixture
def big(amazon: Amazon) -> Client:
    return Client(amazon, amazon.add_seller([DE], catalogue=5000))


def turn_pages(client: Client, **changes: Any) -> list[str]:
    """The SKUs of all pages, in their order."""
    found: list[str] = []
    token = None
    for _ in range(100):
        answer = client.get(SUMMARIES, **query(nextToken=token, **changes)).json()
        page = answer["payload"]["inventorySummaries"]
        assert len(page) <= 50
        found += [each["sellerSku"] for each in page]
        token = answer.get("pagination", {}).get("nextToken")
        if token is None:
            break
    return found


def test_pages_show_every_sku_once(big: Client) -> None:
    world = big.amazon.world
    expected = {each.sku for each in world.listings(big.seller) if each.channel != "DEFAULT"}
    found = turn_pages(big)
    assert len(expected) > 150
    assert sorted(found) == sorted(expected)


def test_a_page_looks_at_a_bounded_number_of_listings(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([DE], catalogue=300_000))
    assert len(summaries(client)) > 20
    long_ago = datetime.fromisoformat(amazon.state()["clock"]["now"]) - timedelta(days=30)
    answer = client.get(SUMMARIES, **query(startDateTime=long_ago.isoformat().replace("+00:00", "Z"))).json()
    assert answer["payload"]["inventorySummaries"] == []
    assert "nextToken" in answer["pagination"]
    assert len(amazon.world.stock(client.seller).shelf.kept) < 3000


def test_pages_hold_listings_of_the_same_moment(client: Client) -> None:
    for number in range(120):
        client.amazon.put_listing(client.seller, DE, f"T-{number:03d}", quantity=1, fulfillment="AMAZON")
    found = turn_pages(client)
    assert len(found) == len(set(found)) == 121


def test_what_changes_between_pages_is_not_missed(big: Client) -> None:
    first = big.get(SUMMARIES, **query()).json()
    skus = [each["sellerSku"] for each in first["payload"]["inventorySummaries"]]
    big.amazon.advance(1)
    big.amazon.put_fba(big.seller, skus[0], fulfillable=1000)
    token: Any = first["pagination"]["nextToken"]
    rest: list[str] = []
    while token:
        answer = big.get(SUMMARIES, **query(nextToken=token)).json()
        rest += [each["sellerSku"] for each in answer["payload"]["inventorySummaries"]]
        token = answer.get("pagination", {}).get("nextToken")
    world = big.amazon.world
    expected = {each.sku for each in world.listings(big.seller) if each.channel != "DEFAULT"}
    assert set(skus) | set(rest) == expected
    assert rest[-1] == skus[0]


def test_a_token_lives_for_thirty_seconds_and_for_its_own_arguments(big: Client) -> None:
    token = big.get(SUMMARIES, **query(details="true")).json()["pagination"]["nextToken"]
    assert big.get(SUMMARIES, **query(nextToken=token)).status_code == 400
    big.amazon.advance(29)
    assert big.get(SUMMARIES, **query(details="true", nextToken=token)).status_code == 200
    big.amazon.advance(2)
    late = big.get(SUMMARIES, **query(details="true", nextToken=token))
    assert (late.status_code, late.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_an_order_reserves_units_and_shipping_takes_them_away(client: Client) -> None:
    order = client.amazon.place_order(client.seller, DE, [{"sku": "FBA-1", "quantity": 2}], status="PENDING")
    assert details(client)["fulfillableQuantity"] == 5
    assert details(client)["reservedQuantity"]["pendingCustomerOrderQuantity"] == 2
    assert summaries(client)[0]["totalQuantity"] == 7
    client.amazon.change_order(order, status="SHIPPED")
    assert details(client)["reservedQuantity"]["totalReservedQuantity"] == 0
    assert summaries(client)[0]["totalQuantity"] == 5
    assert client.amazon.fba(client.seller, "FBA-1")["left"] == 2
    assert units(client.amazon, client.seller) == 7


def test_a_cancelled_order_gives_its_units_back_once(client: Client) -> None:
    order = client.amazon.place_order(client.seller, DE, [{"sku": "FBA-1", "quantity": 3}])
    client.amazon.change_order(order, status="CANCELLED")
    client.amazon.change_order(order, reason="NO_INVENTORY", buyer_requests_cancel=True)
    assert details(client)["fulfillableQuantity"] == 7
    assert units(client.amazon, client.seller) == 7


def test_an_order_for_more_than_there_is_makes_no_units(client: Client) -> None:
    items = [{"sku": "FBA-1", "quantity": 10}]
    order = client.amazon.place_order(client.seller, DE, items, force=True)
    assert details(client)["fulfillableQuantity"] == 0
    client.amazon.change_order(order, status="CANCELLED")
    assert details(client)["fulfillableQuantity"] == 7
    second = client.amazon.place_order(client.seller, DE, items, force=True)
    client.amazon.change_order(second, status="SHIPPED")
    assert units(client.amazon, client.seller) == 7


def test_units_are_kept_through_a_mixed_history(client: Client) -> None:
    amazon, seller = client.amazon, client.seller
    chance = amazon.world.chance("test")
    orders = []
    for _ in range(60):
        what = chance.randrange(4)
        if what == 0:
            line = {"sku": "FBA-1", "quantity": chance.randrange(1, 4)}
            orders.append(amazon.place_order(seller, DE, [line], force=True))
        elif orders and what < 3:
            status = ("PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED")[chance.randrange(3)]
            amazon.change_order(orders[chance.randrange(len(orders))], status=status)
        assert units(amazon, seller) == 7
        facts = amazon.fba(seller, "FBA-1")
        assert min(facts["fulfillable"], facts["orders"], facts["left"]) >= 0


def test_merchant_orders_do_not_touch_the_warehouses(client: Client) -> None:
    client.amazon.place_order(client.seller, DE, [{"sku": "LAMP"}])
    assert client.amazon.world.state.warehouses.stock.get(client.seller, {}).keys() <= {"FBA-1"}


def test_what_is_inbound_is_opened_and_received_later(client: Client) -> None:
    amazon, seller = client.amazon, client.seller
    amazon.put_fba(seller, "FBA-1", inbound={"working": 2, "shipped": 4}, received_in=1000)
    assert (details(client)["inboundWorkingQuantity"], details(client)["inboundShippedQuantity"]) == (2, 4)
    assert summaries(client)[0]["totalQuantity"] == 13
    amazon.advance(600)
    assert details(client)["inboundReceivingQuantity"] == 6
    assert details(client)["fulfillableQuantity"] == 7
    amazon.advance(400)
    assert details(client)["fulfillableQuantity"] == 13
    assert units(amazon, seller) == 13


def test_every_place_of_a_unit_is_shown(client: Client) -> None:
    facts = {"transshipment": 1, "processing": 2, "researching": {"mid": 3}, "unfulfillable": {"customer_damaged": 4}}
    client.amazon.put_fba(client.seller, "FBA-1", fulfillable=5, **facts)
    shown = details(client)
    assert shown["reservedQuantity"]["totalReservedQuantity"] == 3
    breakdown = shown["researchingQuantity"]["researchingQuantityBreakdown"]
    assert {each["name"]: each["quantity"] for each in breakdown}["researchingQuantityInMidTerm"] == 3
    assert shown["unfulfillableQuantity"]["customerDamagedQuantity"] == 4
    assert summaries(client)[0]["totalQuantity"] == 15


@pytest.mark.parametrize(
    "facts",
    [
        {"fulfillable": -1},
        {"fulfillable": "5"},
        {"fulfillable": True},
        {"inbound": {"flying": 1}},
        {"inbound": [1]},
        {"researching": {"short": 1.5}},
        {"received_in": -1},
        {"reserved": 3},
    ],
)
def test_bad_facts_are_refused_and_change_nothing(client: Client, facts: dict[str, Any]) -> None:
    before = client.amazon.fba(client.seller, "FBA-1")
    with pytest.raises(Refused):
        client.amazon.put_fba(client.seller, "FBA-1", **{"transshipment": 3, **facts})
    assert client.amazon.fba(client.seller, "FBA-1") == before


def test_only_what_amazon_fulfils_is_in_its_warehouses(client: Client) -> None:
    with pytest.raises(Refused):
        client.amazon.put_fba(client.seller, "LAMP", fulfillable=1)
    url = f"{client.amazon.url}/_control/fba/{client.seller}/NONE"
    assert client.http.get(url, timeout=10).status_code == 400


def test_items_are_created_filled_and_deleted_as_in_the_sandbox(client: Client) -> None:
    item = {"sellerSku": "NEW", "marketplaceId": DE, "productName": "New tea"}
    assert client.call("POST", ITEMS, None, item).status_code == 200
    assert summaries(client, sellerSku="NEW")[0]["totalQuantity"] == 0
    assert client.call("POST", ITEMS, None, item).status_code == 400
    assert add_inventory(client, "t-1", some(4, "NEW")).status_code == 200
    assert details(client, "NEW")["fulfillableQuantity"] == 4
    assert client.call("DELETE", f"{ITEMS}/NEW", {"marketplaceId": DE}).status_code == 200
    assert summaries(client, sellerSku="NEW") == []
    assert client.call("DELETE", f"{ITEMS}/NEW", {"marketplaceId": DE}).status_code == 404


@pytest.mark.parametrize("gone", ["sellerSku", "marketplaceId", "productName"])
def test_an_item_needs_all_its_fields(client: Client, gone: str) -> None:
    item = {"sellerSku": "NEW", "marketplaceId": DE, "productName": "New tea"}
    del item[gone]
    assert client.call("POST", ITEMS, None, item).status_code == 400


def test_a_merchants_sku_is_no_item_of_the_warehouses(client: Client) -> None:
    item = {"sellerSku": "LAMP", "marketplaceId": DE, "productName": "Lamp"}
    assert client.call("POST", ITEMS, None, item).status_code == 400
    assert client.call("DELETE", f"{ITEMS}/LAMP", {"marketplaceId": DE}).status_code == 404


def test_an_item_of_another_marketplace_gets_one_more(client: Client) -> None:
    item = {"sellerSku": "FBA-1", "marketplaceId": FR, "productName": "Thé"}
    assert client.call("POST", ITEMS, None, item).status_code == 200
    assert len(summaries(client, marketplaceIds=FR, granularityId=FR)) == 1
    assert client.call("DELETE", f"{ITEMS}/FBA-1", {"marketplaceId": FR}).status_code == 200
    assert summaries(client)[0]["totalQuantity"] == 7


def test_an_item_with_reserved_units_is_not_deleted(client: Client) -> None:
    client.amazon.place_order(client.seller, DE, [{"sku": "FBA-1"}])
    assert client.call("DELETE", f"{ITEMS}/FBA-1", {"marketplaceId": DE}).status_code == 400
    assert client.call("DELETE", f"{ITEMS}/FBA-1").status_code == 400


def test_the_same_idempotency_token_adds_once(client: Client) -> None:
    assert add_inventory(client, "t-1", some(3)).status_code == 200
    assert add_inventory(client, "t-1", some(3)).status_code == 200
    assert details(client)["fulfillableQuantity"] == 10
    assert add_inventory(client, "t-2", some(3)).status_code == 200
    assert details(client)["fulfillableQuantity"] == 13


@pytest.mark.parametrize("item", [some(0), some(-1), some("3"), some(True), some(marketplace=""), some(sku="")])
def test_a_bad_item_adds_nothing_at_all(client: Client, item: dict[str, Any]) -> None:
    assert add_inventory(client, "t-1", some(3), item).status_code == 400
    assert details(client)["fulfillableQuantity"] == 7
    assert add_inventory(client, "t-1", some(3)).status_code == 200
    assert details(client)["fulfillableQuantity"] == 10


def test_adding_needs_a_token_items_and_a_known_sku(client: Client) -> None:
    assert add_inventory(client, None, some()).status_code == 400
    assert add_inventory(client, "t-1").status_code == 400
    assert add_inventory(client, "t-1", some(sku="LAMP")).status_code == 404


def test_the_role_is_needed(client: Client) -> None:
    client.amazon.change_seller(client.seller, roles=["Product Listing"])
    assert client.get(SUMMARIES, **query()).status_code == 403


def test_the_warehouses_are_saved_and_loaded(client: Client) -> None:
    amazon = client.amazon
    amazon.put_fba(client.seller, "FBA-1", inbound={"shipped": 4}, received_in=100)
    order = amazon.place_order(client.seller, DE, [{"sku": "FBA-1", "quantity": 2}])
    before = amazon.fba(client.seller, "FBA-1")
    saved = amazon.save()
    amazon.reset()
    amazon.load(saved)
    assert amazon.fba(client.seller, "FBA-1") == before
    amazon.change_order(order, status="SHIPPED")
    amazon.advance(100)
    after = amazon.fba(client.seller, "FBA-1")
    assert (after["fulfillable"], after["orders"], after["left"]) == (9, 0, 2)
