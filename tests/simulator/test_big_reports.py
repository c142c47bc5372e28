"""Reports of listings: made while they are downloaded, true of the moment at which they were made."""

import gzip
import http.client
import json
import tracemalloc
from collections.abc import Iterator

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.documents.recipes import contents

from .conftest import DE, FR, Client
from .test_reports import rows

BIG = 30_000  # so many that their compressed report does not fit into what is made ahead


@pytest.fixture
def big(amazon: Amazon) -> Iterator[Client]:
    client = Client(amazon, amazon.add_seller([DE, FR], catalogue=BIG))
    yield client
    client.http.close()


@pytest.fixture
def small(amazon: Amazon) -> Iterator[Client]:
    client = Client(amazon, amazon.add_seller([DE, FR], catalogue=1200))
    yield client
    client.http.close()


def skus(client: Client) -> list[str]:
    return [each.sku for each in client.amazon.world.listings(client.seller)]


def test_a_report_holds_every_listing_once(small: Client) -> None:
    for number, sku in enumerate(skus(small)[:300:7]):
        small.amazon.put_listing(small.seller, DE, sku, quantity=number)
    small.amazon.drop_listing(small.seller, DE, skus(small)[400])
    small.amazon.put_listing(small.seller, DE, "OWN", price="1.00", quantity=1)
    found = [row["seller-sku"] for row in rows(small, small.report())]
    assert len(found) == 1200
    assert set(found) == set(skus(small))


def test_a_report_stays_as_it_was_made(small: Client) -> None:
    first, second, third = skus(small)[:3]
    small.amazon.put_listing(small.seller, DE, first, title="Before", price="1.00", quantity=1)
    report = small.report()
    before = rows(small, report)
    small.amazon.put_listing(small.seller, DE, first, title="After")
    small.amazon.put_listing(small.seller, DE, second, title="After")
    small.amazon.drop_listing(small.seller, DE, third)
    small.amazon.put_listing(small.seller, DE, "LATER", price="1.00", quantity=1)
    small.amazon.change_seller(small.seller, suspended=[DE])
    small.amazon.settings(report_headers="de", report_bom=True, report_charset="cp1252")
    assert rows(small, report) == before
    assert {row["item-name"] for row in before if row["seller-sku"] == first} == {"Before"}


def test_a_report_shows_the_price_of_its_moment(small: Client) -> None:
    world, sku = small.amazon.world, skus(small)[0]
    listing = world.listing(small.seller, sku)
    assert listing is not None
    listing.offers[DE].sale = [world.now() - 60, world.now() + 60, "1.23"]
    reports = []
    for _ in range(2):
        reports.append(small.report())
        small.amazon.advance(120)
    prices = [{row["price"] for row in rows(small, each) if row["seller-sku"] == sku} for each in reports]
    assert prices == [{"1.23"}, {listing.offers[DE].price}]


def test_the_statuses_of_three_reports_add_up(small: Client) -> None:
    every = {row["seller-sku"]: row["status"] for row in rows(small, small.report())}
    active = rows(small, small.report("GET_MERCHANT_LISTINGS_DATA"))
    inactive = rows(small, small.report("GET_MERCHANT_LISTINGS_INACTIVE_DATA"))
    assert {row["seller-sku"] for row in active} == {sku for sku, status in every.items() if status == "Active"}
    assert {row["seller-sku"] for row in inactive} == {sku for sku, status in every.items() if status == "Inactive"}
    assert "Incomplete" in every.values()


def test_open_listings_are_the_active_ones(small: Client) -> None:
    active = {row["seller-sku"]: row["price"] for row in rows(small, small.report("GET_MERCHANT_LISTINGS_DATA"))}
    assert {row["sku"]: row["price"] for row in rows(small, small.report("GET_FLAT_FILE_OPEN_LISTINGS_DATA"))} == active


def test_a_shelf_without_any_row_makes_no_report(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([DE, FR], catalogue=2))
    for sku in skus(client):
        amazon.drop_listing(client.seller, DE, sku)
    assert client.report()["processingStatus"] == "CANCELLED"
    client.http.close()


def test_a_small_report_tells_its_length_and_a_big_one_comes_in_chunks(small: Client, big: Client) -> None:
    short = small.download(small.document(small.report())["url"])
    assert int(short.headers["Content-Length"]) == len(short.content)
    long = big.download(big.document(big.report())["url"])
    assert "Content-Length" not in long.headers
    assert gzip.decompress(long.content).count(b"\r\n") == BIG + 1


def test_other_calls_are_answered_while_a_big_report_is_downloaded(big: Client) -> None:
    url = big.document(big.report())["url"]
    with big.http.get(url, stream=True, timeout=10) as download:
        first = download.raw.read(1000)
        assert big.item(skus(big)[5], "summaries")["summaries"]
        rest = download.raw.read()
    assert gzip.decompress(first + rest).count(b"\r\n") == BIG + 1


def test_a_report_is_never_held(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([DE, FR], catalogue=8000))
    recipe = amazon.world.state.documents[client.report()["reportDocumentId"]].recipe
    assert recipe is not None
    written = 0
    tracemalloc.start()
    try:
        for piece in contents(recipe):
            written += len(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 600_000 < 1_200_000 < written
    client.http.close()


def test_a_saved_world_is_small_and_makes_the_same_reports(small: Client) -> None:
    small.amazon.put_listing(small.seller, DE, "OWN", price="1.00", quantity=1)
    reports = [small.report(), small.report("GET_FLAT_FILE_OPEN_LISTINGS_DATA")]
    before = [small.download(small.document(each)["url"]).content for each in reports]
    saved = json.dumps(small.amazon.save())
    assert len(saved) < 30_000
    small.amazon.reset(seed=99)
    small.amazon.load(json.loads(saved))
    assert [small.download(small.document(each)["url"]).content for each in reports] == before


def test_an_old_protocol_gets_a_big_report_without_chunks(big: Client) -> None:
    path = big.document(big.report())["url"].removeprefix(big.amazon.url)
    connection = http.client.HTTPConnection(big.amazon.host, big.amazon.port, timeout=10)
    connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"  # type: ignore[attr-defined]
    connection.request("GET", path, headers={"Host": big.amazon.host})
    answer = connection.getresponse()
    assert answer.getheader("Transfer-Encoding") is None
    assert gzip.decompress(answer.read()).count(b"\r\n") == BIG + 1
    connection.close()
