"""The shelf of a seller: a catalogue of any size that is made on demand, and what somebody changed of it."""

import json
import random
import tracemalloc
from collections.abc import Iterator

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.shelves.numbering import EANS, Scramble, asin_text, asin_value, ean_text, ean_value
from flask_amazon_channel.simulator.state.listings import Listing

from .conftest import DE, FR, UK, Client, set_price, set_quantity

MILLION = 1_000_000


@pytest.fixture
def big(amazon: Amazon) -> Iterator[Client]:
    """A seller with a million listings."""
    client = Client(amazon, amazon.add_seller([DE, FR], catalogue=MILLION))
    yield client
    client.http.close()


@pytest.fixture
def small(amazon: Amazon) -> Iterator[Client]:
    client = Client(amazon, amazon.add_seller([DE, FR], catalogue=50))
    yield client
    client.http.close()


def listings(client: Client) -> list[Listing]:
    return list(client.amazon.world.listings(client.seller))


def made(client: Client, number: int) -> Listing:
    """The listing of the catalogue as it was made, untouched."""
    return client.amazon.world.stock(client.seller).maker.listing(number)


def count(client: Client) -> int:
    [seller] = client.amazon.state()["sellers"]
    return int(seller["listings"])


def kept(client: Client) -> set[str]:
    return set(client.amazon.save()["state"]["shelves"][client.seller]["kept"])


def in_order(client: Client, order: str = "DESC", **query: str) -> list[str]:
    """The SKUs of all pages of a search."""
    found: list[str] = []
    query = {"sortBy": "lastUpdatedDate", "sortOrder": order, "pageSize": "7", **query}
    page = client.search(**query)
    total = page["numberOfResults"]
    found += [each["sku"] for each in page["items"]]
    while "nextToken" in page.get("pagination", {}):
        page = client.search(**query, pageToken=page["pagination"]["nextToken"])
        found += [each["sku"] for each in page["items"]]
    assert len(found) == total
    return found


def test_a_catalogue_of_a_million_costs_next_to_no_memory(amazon: Amazon) -> None:
    tracemalloc.start()
    try:
        amazon.add_seller([DE], catalogue=MILLION)
        state = amazon.state()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert state["sellers"][0]["listings"] == MILLION
    assert peak < 1_000_000


def test_every_listing_is_found_by_its_sku_its_asin_and_its_ean(big: Client) -> None:
    for number in (0, 1, 499_999, MILLION - 1):
        listing = made(big, number)
        assert big.item(listing.sku, "summaries")["summaries"][0]["asin"] == listing.asin
        for kind, identifier in (("ASIN", listing.asin), ("EAN", listing.external_id), ("SKU", listing.sku)):
            found = big.search(identifiersType=kind, identifiers=identifier)["items"]
            assert [each["sku"] for each in found] == [listing.sku]
        assert big.search(identifiersType="GTIN", identifiers=f"0{listing.external_id}")["numberOfResults"] == 1


@pytest.mark.parametrize("sku", ["BOTT-1000001", "BOTT-000000", "BOTT-1", "bott-000001", "BOTT-²", "-", "000001"])
def test_a_sku_that_only_looks_like_one_of_the_catalogue_is_none(big: Client, sku: str) -> None:
    assert big.get(big.item_path(sku), marketplaceIds=DE).status_code == 404


def test_only_the_number_with_its_own_beginning_is_a_sku(small: Client) -> None:
    number = made(small, 3).sku[5:]
    others = {"BOTT", "LAMP", "NOTE", "BACK", "COFF", "CUTT", "UMBR", "PHON", "BLAN", "TEAP", "CLOC"}
    found = [each for each in others if small.amazon.world.listing(small.seller, f"{each}-{number}")]
    assert found == [made(small, 3).sku[:4]]


def test_a_catalogue_looks_like_a_real_one(small: Client, amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([UK], catalogue=4000))
    found, now = listings(client), amazon.world.now()
    offers = [each.offers[UK] for each in found]
    shares = {
        "sold out": sum(each.quantity == 0 for each in found),
        "by Amazon": sum(each.channel == "AMAZON_EU" for each in found),
        "used": sum(each.condition == "used_good" for each in found),
        "suppressed": sum(each.suppressed for each in offers),
        "incomplete": sum(each.incomplete for each in offers),
    }
    expected = {"sold out": 320, "by Amazon": 200, "used": 120, "suppressed": 80, "incomplete": 40}
    assert {what for what in shares if not expected[what] * 0.6 < shares[what] < expected[what] * 1.5} == set()
    assert all(each.created < each.updated < now for each in offers)
    assert len({each.asin for each in found}) == len({each.external_id for each in found}) == 4000
    assert len({each.title for each in found}) > 2500
    client.http.close()


def test_two_sellers_have_different_catalogues(small: Client, amazon: Amazon) -> None:
    other = Client(amazon, amazon.add_seller([DE, FR], catalogue=50))
    assert not {each.asin for each in listings(small)} & {each.asin for each in listings(other)}


def test_what_was_only_read_is_not_kept_and_what_was_changed_is(big: Client) -> None:
    world = big.amazon.world
    for number in range(0, 3000, 2):
        assert world.listing(big.seller, made(big, number).sku) == made(big, number)
    changed = world.listing(big.seller, made(big, 1).sku)
    assert changed is not None
    changed.title = "Mine"
    big.item(made(big, 5).sku, "summaries")  # a request: what was lent goes back
    assert len(world.state.shelves[big.seller].kept) < 1000
    assert kept(big) == {made(big, 1).sku}
    assert big.item(made(big, 1).sku, "summaries")["summaries"][0]["itemName"] == "Mine"


def test_a_patched_listing_stays_patched_and_its_neighbours_as_they_were(big: Client) -> None:
    sku, before = made(big, 77).sku, made(big, 78)
    big.patch(sku, set_price(12.34), set_quantity(5))
    big.amazon.advance(10)
    assert big.amazon.listing(big.seller, DE, sku)["price"]["amount"] == "12.34"
    assert big.amazon.world.listing(big.seller, before.sku) == before
    assert big.search(pageSize=2)["items"][0]["sku"] == sku
    assert big.search(lastUpdatedAfter=iso(big.amazon.world.now() - 60))["numberOfResults"] == 1


def test_updates_are_in_order_and_pages_hold_each_listing_once(small: Client) -> None:
    expected = [each.sku for each in sorted(listings(small), key=lambda each: each.offers[DE].updated)]
    assert in_order(small) == expected[::-1]
    assert in_order(small, "ASC") == expected


def test_a_span_of_time_is_counted_and_paged_exactly(small: Client) -> None:
    moments = sorted(each.offers[DE].updated for each in listings(small))
    after, before = moments[10] - 0.5, moments[30] + 0.5
    span = {"lastUpdatedAfter": iso(after), "lastUpdatedBefore": iso(before)}
    assert len(in_order(small, **span)) == 21
    index = small.amazon.world.index(small.seller)
    assert len(index.span(DE, moments[10], moments[30])) == 21  # both ends belong to it
    assert len(index.span(DE, moments[30], moments[10])) == 0
    assert len(index.span(UK, None, None)) == 0


def test_changed_dropped_and_added_listings_are_counted_and_found_once(small: Client) -> None:
    amazon, chance = small.amazon, random.Random(3)
    skus = [each.sku for each in listings(small)]
    for turn in range(60):
        amazon.advance(1)
        sku = chance.choice([*skus, "OWN-1", "OWN-2"])
        if chance.random() < 0.4 and amazon.world.listing(small.seller, sku):
            amazon.drop_listing(small.seller, DE, sku)
        else:
            amazon.put_listing(small.seller, DE, sku, quantity=turn, asin=f"B0TURN{turn:04d}")
    found = [each.sku for each in sorted(listings(small), key=lambda each: (each.offers[DE].updated, each.sku))]
    assert len(found) == len(set(found)) == count(small)
    assert in_order(small, "ASC") == found
    assert 30 < len(found) < 52


def test_a_listing_that_was_dropped_is_gone_and_can_be_made_again(small: Client) -> None:
    old = made(small, 9)
    small.amazon.drop_listing(small.seller, DE, old.sku)
    assert small.get(small.item_path(old.sku), marketplaceIds=DE).status_code == 404
    assert small.search(identifiersType="ASIN", identifiers=old.asin)["numberOfResults"] == 0
    assert count(small) == 49
    with pytest.raises(Exception, match="has no listing"):
        small.amazon.drop_listing(small.seller, DE, old.sku)
    small.amazon.put_listing(small.seller, DE, old.sku, asin="B0AGAIN001", price="1.00", quantity=1)
    assert small.search(identifiersType="ASIN", identifiers="B0AGAIN001")["numberOfResults"] == 1
    assert small.search(identifiersType="ASIN", identifiers=old.asin)["numberOfResults"] == 0
    assert count(small) == 50
    assert len(listings(small)) == 50


def test_a_listing_with_other_ids_is_found_by_these_alone(small: Client) -> None:
    old = made(small, 9)
    index = small.amazon.world.index(small.seller)
    assert index.skus_by_id(old.asin) == index.skus_by_id(f"0{old.external_id}") == {old.sku}
    small.amazon.put_listing(small.seller, DE, old.sku, asin="B0OTHER001", ean="4006381333931")
    assert index.skus_by_id(old.asin) == index.skus_by_id(old.external_id) == set()
    for kind, identifier, number in (
        ("ASIN", old.asin, 0), ("EAN", old.external_id, 0), ("ASIN", "B0OTHER001", 1), ("EAN", "4006381333931", 1),
    ):  # fmt: skip
        assert small.search(identifiersType=kind, identifiers=identifier)["numberOfResults"] == number


def test_saving_and_loading_keeps_the_shelf_and_stays_small(big: Client) -> None:
    amazon = big.amazon
    amazon.drop_listing(big.seller, DE, made(big, 1).sku)
    amazon.put_listing(big.seller, DE, made(big, 2).sku, price="3.33")
    amazon.put_listing(big.seller, DE, "OWN", price="4.44", quantity=2)
    big.item(made(big, 3).sku, "summaries")
    before = [big.search(pageSize=20), count(big)]
    saved = json.dumps(amazon.save())
    assert len(saved) < 30_000
    assert kept(big) == {made(big, 2).sku, "OWN"}
    amazon.reset(seed=99)
    amazon.load(json.loads(saved))
    amazon.settings(quotas="off")
    assert [big.search(pageSize=20), count(big)] == before
    assert amazon.listing(big.seller, DE, "OWN")["price"]["amount"] == "4.44"


@pytest.mark.parametrize("size", [-1, 1.5, "many", True, None, 10**9])
def test_a_catalogue_has_a_size_that_can_be(amazon: Amazon, size: object) -> None:
    with pytest.raises(Exception, match="size of a catalogue"):
        amazon.add_seller([DE], catalogue=size)  # type: ignore[arg-type]
    assert amazon.state()["sellers"] == []


def test_numbers_are_mapped_one_to_one() -> None:
    for size in (1, 2, 50, 997):
        scramble = Scramble("seed", size)
        assert sorted(map(scramble.there, range(size))) == list(range(size))
        assert [scramble.back(scramble.there(number)) for number in range(size)] == list(range(size))
    for value in (0, 1, 34**8 - 1):
        assert asin_value(asin_text(value)) == value
    for value in (0, 1, EANS - 1):
        assert ean_value(ean_text(value)) == value


@pytest.mark.parametrize("text", ["", "B0", "B00000000I", "X000000000", "B0000000000"])
def test_what_is_no_asin_has_no_number(text: str) -> None:
    assert asin_value(text) is None


@pytest.mark.parametrize("text", ["", "4006381333930", "5006381333937", "400638133393", "40063813339³1"])
def test_what_is_no_ean_has_no_number(text: str) -> None:
    assert ean_value(text) is None


def test_what_amazon_fulfils_is_found_without_making_the_rest(small: Client, amazon: Amazon) -> None:
    world = amazon.world

    def by_amazon() -> set[str]:
        found = [each.sku for each in world.listings_of_amazon(small.seller)]
        assert len(found) == len(set(found))
        assert set(found) == {each.sku for each in listings(small) if each.channel != "DEFAULT"}
        return set(found)

    first, second = sorted(by_amazon())
    other = next(each.sku for each in listings(small) if each.channel == "DEFAULT")
    amazon.put_listing(small.seller, DE, first, fulfillment="MERCHANT")
    amazon.put_listing(small.seller, DE, other, fulfillment="AMAZON")
    amazon.put_listing(small.seller, DE, "OWN", fulfillment="AMAZON")
    assert by_amazon() == {second, other, "OWN"}
    amazon.drop_listing(small.seller, DE, second)
    assert by_amazon() == {other, "OWN"}


def test_a_search_of_several_marketplaces_goes_by_the_newest_update(small: Client) -> None:
    amazon, both = small.amazon, f"{DE},{FR}"
    for number, marketplace in ((3, FR), (8, DE), (3, DE), (20, FR)):
        amazon.advance(1)
        amazon.put_listing(small.seller, marketplace, made(small, number).sku, price="7.00")
    amazon.put_listing(small.seller, FR, "OWN", quantity=1)
    found = sorted(listings(small), key=lambda each: (max(o.updated for o in each.offers.values()), each.sku))
    assert in_order(small, "ASC", marketplaceIds=both) == [each.sku for each in found]
    recent = {"lastUpdatedAfter": iso(amazon.world.now() - 60)}
    assert set(in_order(small, marketplaceIds=both, **recent)) == {made(small, n).sku for n in (3, 8, 20)} | {"OWN"}
    assert set(in_order(small, **recent)) == {made(small, n).sku for n in (3, 8)}


def test_filters_hold_for_touched_listings_and_others(small: Client) -> None:
    def without_stock(**query: str) -> set[str]:
        return set(in_order(small, withoutStatus="BUYABLE", **query))

    amazon, now = small.amazon, small.amazon.world.now
    expected = {each.sku for each in listings(small) if "BUYABLE" not in each.status(DE, now())}
    assert without_stock() == expected != set()
    other = next(each.sku for each in listings(small) if each.sku not in expected)
    amazon.put_listing(small.seller, DE, other, quantity=0)
    assert without_stock() == {*expected, other}
    assert without_stock(lastUpdatedAfter=iso(now() - 1)) == {other}


def test_a_whole_shelf_is_sorted_by_sku(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([DE], catalogue=7000))
    found = client.search(sortBy="sku", sortOrder="DESC", pageSize=20)
    assert [each["sku"] for each in found["items"]] == sorted((each.sku for each in listings(client)), reverse=True)[
        :20
    ]
    assert found["numberOfResults"] == 7000
    client.http.close()
